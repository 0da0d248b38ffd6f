//go:build unix

package app

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"nacre/index/manifest"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
)

// childConfig makes nacred serve of this test's own program, with that file of
// settings.
const childConfig = "APP_TEST_SERVE"

func TestMain(m *testing.M) {
	if config := os.Getenv(childConfig); config != "" {
		os.Args = []string{"nacred", "serve", "--config", config}
		os.Exit(Program().Main())
	}
	os.Exit(m.Run())
}

// TestServeKilled kills a server at random moments while it builds, writes and loads
// its index again and again. Each time the folder is a whole index, never an older one,
// and a new server serves it.
func TestServeKilled(t *testing.T) {
	moments := 200
	if testing.Short() {
		moments = 10
	}
	w := newKilled(t)
	begin := time.Now()
	w.run(t, func() { w.log.wait(t, "loaded", sequence(1)) })
	span := time.Since(begin) // a first build and the first loading: a random moment of twice that is in one of those that follow, too
	last, newer, running := w.whole(t), 0, 0
	for range moments {
		w.run(t, func() { time.Sleep(time.Duration(rand.Int64N(int64(2*span) + 1))) })
		if w.log.has("loaded") {
			running++
		}
		now := w.whole(t)
		if now < last {
			t.Fatalf("the index is of sequence %d, and it was of %d", now, last)
		}
		if now > last {
			newer++
		}
		last = now
	}
	t.Logf("of %d servers %d were killed after they had loaded an index, %d left a newer one", moments, running, newer)
	if running == 0 || newer == 0 {
		t.Error("no server got as far as to exchange its index")
	}
}

// killed is a server that is going to be.
type killed struct {
	out, from, report, next string // folders, a report in from and what replaces it
	config, read            string // settings of the server, and of one that only reads
	text                    []byte // of the report
	log                     *logged
}

func newKilled(t *testing.T) *killed {
	t.Helper()
	dir := t.TempDir()
	w := &killed{out: filepath.Join(dir, "site"), from: sample.Sources(t), next: filepath.Join(dir, "next")}
	w.report = filepath.Join(w.from, "advisories", "cpansa", "CPANSA-Foo-Bar.yml")
	var err error
	if w.text, err = os.ReadFile(w.report); err != nil {
		t.Fatal(err)
	}
	w.config, w.read = filepath.Join(dir, "nacred.yaml"), filepath.Join(dir, "read.yaml")
	sample.Write(t, w.read, fmt.Appendf(nil, "index: %q\nlisten: 127.0.0.1:0\nevery: 0s\n", w.out))
	sample.Write(t, w.config, fmt.Appendf(nil, "index: %q\nlisten: 127.0.0.1:0\nevery: 0s\nsources: [%q]\n", w.out, w.from))
	return w
}

// run runs a server for as long as until takes, in which its source changes and it is
// told to build again all the time, and kills it.
func (w *killed) run(t *testing.T, until func()) {
	t.Helper()
	w.log = &logged{}
	c := exec.Command(os.Args[0])
	c.Env, c.Stderr = append(os.Environ(), childConfig+"="+w.config), w.log
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	var changes sync.WaitGroup
	changes.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-ended:
				return
			case <-time.After(5 * time.Millisecond):
			}
			w.change(t, n)
			if w.log.has("listening") { // before, the signal would end it
				c.Process.Signal(syscall.SIGHUP) //nolint:errcheck // it may be killed already
			}
		}
	})
	until()
	c.Process.Kill() //nolint:errcheck // it serves until it is killed
	close(ended)
	changes.Wait()
	c.Wait() //nolint:errcheck // it was killed
	if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); !ok || status.Signal() != syscall.SIGKILL {
		t.Fatalf("the server ended by itself, %s:\n%s", c.ProcessState, &w.log.b)
	}
}

// change replaces the report by another one, in one step.
func (w *killed) change(t *testing.T, n int) {
	severity := [...]string{"low", "medium", "high"}[n%3]
	if err := os.WriteFile(w.next, bytes.Replace(w.text, []byte("severity: low"), []byte("severity: "+severity), 1), 0o600); err != nil {
		t.Error(err)
	}
	if err := os.Rename(w.next, w.report); err != nil {
		t.Error(err)
	}
}

// whole checks that the folder is a whole index, and that a server which only reads
// serves it; it gives the sequence.
func (w *killed) whole(t *testing.T) uint64 {
	t.Helper()
	env := &Env{Stderr: &logged{}, Getenv: func(string) string { return "" }, Now: time.Now}
	s, err := openSettings(w.read, env)
	if err != nil {
		t.Fatal(err)
	}
	// Loading holds every file to the list.
	of, err := folder{s, env, nil}.Rebuild(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/dist/Foo-Bar/", "/health/", "/" + manifest.SealName} {
		if f, _ := of.Static(path); f == nil {
			t.Fatalf("the index has no %s", path)
		}
	}
	checkNoRests(t, w.out, of)
	return of.Manifest.Sequence
}

// checkNoRests checks that the folder has no file that is not the index's.
func checkNoRests(t *testing.T, out string, of *snapshot.Snapshot) {
	t.Helper()
	err := filepath.WalkDir(out, func(name string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		path := strings.TrimPrefix(filepath.ToSlash(strings.TrimPrefix(name, out)), "/")
		if of.File(path) == nil {
			t.Errorf("%s is no file of the index", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
