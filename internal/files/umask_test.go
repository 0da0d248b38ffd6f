//go:build unix

package files

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A new file is as private as the user asked for.
func TestReplaceFollowsTheUmask(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new")
	defer syscall.Umask(syscall.Umask(0o077))
	if err := Replace(name, put("one")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode is %v, %v, want 0600", info.Mode().Perm(), err)
	}
}
