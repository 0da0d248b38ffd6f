//go:build !windows

package files_test

import (
	"errors"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"nacre/fault"
	"nacre/internal/files"
)

// Of many who want one lock at once, again and again, no two have it, and in the end
// there is nothing left of it.
func TestLock(t *testing.T) {
	name := filepath.Join(t.TempDir(), "site.lock")
	var held, times atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 500 {
				unlock, err := files.Lock(name)
				if err != nil {
					if fault.KindOf(err) != fault.Conflict || fault.HintOf(err) == "" {
						t.Error(err)
					}
					continue
				}
				times.Add(1)
				if held.Add(1) != 1 {
					t.Error("two have the lock")
				}
				held.Add(-1)
				if err := unlock(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if times.Load() == 0 {
		t.Error("nobody had the lock")
	}
	if _, err := os.Stat(name); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the lock is still there: %v", err)
	}
}

// Whoever was killed leaves the file, which keeps nobody away.
func TestLockLeftBehind(t *testing.T) {
	name := filepath.Join(t.TempDir(), "site.lock")
	if err := os.WriteFile(name, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	unlock, err := files.Lock(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := unlock(); err != nil {
		t.Error(err)
	}
}
