//go:build unix

package indexbuild

import (
	"context"
	"math/rand/v2"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"nacre/index/manifest"
)

// The variables that make a builder of this test's own program.
const (
	childSource = "INDEXBUILD_TEST_SOURCE"
	childOut    = "INDEXBUILD_TEST_OUT"
	childLimit  = "INDEXBUILD_TEST_LIMIT" // of a file, in bytes
)

func TestMain(m *testing.M) {
	if os.Getenv(childOut) == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(childLimit) != "" {
		limit := unix.Rlimit{Cur: 64, Max: 64}
		if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &limit); err != nil {
			panic(err)
		}
	}
	b := childBuilder(os.Getenv(childSource), os.Getenv(childOut))
	if _, err := b.Build(context.Background()); err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(3)
	}
	os.Exit(0)
}

// childBuilder builds an index that is another one each time: it is always of
// today.
func childBuilder(source, out string) *Builder {
	w := world{source: source, out: out}
	w.b = &Builder{
		Site: siteOfTests, Generator: "nacred test", Now: time.Now, Formats: forms(), Health: health,
		Sources: []string{source}, Out: out, Work: out + ".work", Program: []byte("this program"), MaxLoss: 1,
	}
	return w.b
}

// child runs a build in a process of its own.
func child(t *testing.T, w *world, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self)
	c.Env = append(os.Environ(), append(env, childSource+"="+w.source, childOut+"="+w.out)...)
	return c
}

// TestKilled kills a build at random moments: each time there is a whole index,
// and in the end one that is built as if nothing had been.
func TestKilled(t *testing.T) {
	w := newWorld(t)
	if err := os.MkdirAll(w.out+".work", 0o755); err != nil {
		t.Fatal(err)
	}
	if out, err := child(t, w).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	start := time.Now()
	if out, err := child(t, w).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	whole := time.Since(start)
	times := 200
	if testing.Short() {
		times = 30
	}
	killed := 0
	for i := range times {
		// A change every time, so that there is something to write.
		w.report("Foo", "<1."+string(rune('0'+i%10)), "2099-01-02")
		c := child(t, w)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(rand.Int64N(int64(whole) + 1)))
		c.Process.Signal(syscall.SIGKILL) //nolint:errcheck // it may have ended
		c.Wait()                          //nolint:errcheck // or else it was killed
		if status, ok := c.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			killed++
		}
		wholeIndex(t, w.out)
	}
	t.Logf("killed %d of %d builds before they had ended", killed, times)
	if killed == 0 {
		t.Error("no build was killed")
	}
	w.b = childBuilder(w.source, w.out)
	w.build()
}

// TestFull lets no file grow beyond a few bytes, as a full disk does.
func TestFull(t *testing.T) {
	w := newWorld(t)
	w.b.Work = ""
	w.build()
	want := tree(t, w.out)
	w.report("Foo", "<1.9", "2099-01-02")
	if out, err := child(t, w, childLimit+"=1").CombinedOutput(); err == nil {
		t.Fatalf("no error: %s", out)
	}
	w.whole()
	if after := tree(t, w.out); len(after) != len(want) || after[manifest.SealName] != want[manifest.SealName] {
		t.Error("the index is another one")
	}
}
