//go:build unix

package publish

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"nacre/internal/files"
)

// The environment that makes this test's program a publisher: a folder, and how
// many bytes a file may have, 0 for any.
const (
	childFolder = "NACRE_TEST_PUBLISH"
	childLimit  = "NACRE_TEST_LIMIT"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childFolder); dir != "" {
		os.Exit(child(dir))
	}
	os.Exit(m.Run())
}

// child publishes one index after another, until somebody stops it, or one fails.
func child(dir string) int {
	var most uint64
	if _, err := fmt.Sscan(os.Getenv(childLimit), &most); err == nil && most > 0 {
		signal.Ignore(syscall.SIGXFSZ) // a write that is too much is an error then
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &syscall.Rlimit{Cur: most, Max: most}); err != nil {
			fmt.Println(err)
			return 9
		}
	}
	target := &Folder{Dir: filepath.Join(dir, "www")}
	fmt.Println("ready")
	for {
		all, err := target.Releases(context.Background())
		if err != nil {
			fmt.Println(err)
			return 1
		}
		next := uint64(2)
		if len(all) > 0 {
			next = all[0].Sequence + 1
		}
		b, err := Open(context.Background(), filepath.Join(dir, "sites", fmt.Sprint(next)), nil)
		if err != nil {
			fmt.Println(err)
			return 2
		}
		_, err = Publish(context.Background(), target, b, Options{Keep: 3})
		b.Close()
		if err != nil {
			fmt.Println(err)
			return 3
		}
	}
}

// sites writes indexes of so many files with sequences from 1 on.
func sites(t *testing.T, dir string, from, to uint64, large string) {
	t.Helper()
	for n := from; n <= to; n++ {
		s := pages(n)
		for i := range 20 {
			s[fmt.Sprintf("list/%d/index.html", i)] = fmt.Sprint("list ", i, " ", n%2)
		}
		if large != "" {
			s["large.bin"] = large
		}
		s.writeTo(t, filepath.Join(dir, "sites", fmt.Sprint(n)), n, terms(n))
	}
}

// folders makes the folders of a publisher, in memory where the system has a place
// for that: there a publication takes milliseconds, whatever else is written.
func folders(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("/dev/shm", "nacre-publish-")
	if err != nil {
		dir = t.TempDir()
	} else {
		t.Cleanup(func() { os.RemoveAll(dir) })
	}
	for _, name := range []string{"www", "sites"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// noRests checks that nothing but releases is there, and that no more are kept
// than were asked for.
func noRests(t *testing.T, target *Folder, most int) {
	t.Helper()
	var names []string
	for _, dir := range []string{target.Dir, target.releases()} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
	}
	releases := 0
	for _, name := range names {
		_, ok := parseName(name)
		switch {
		case ok:
			releases++
		case name != releasesName && name != currentName:
			t.Errorf("%s was left behind", name)
		}
	}
	if releases > most {
		t.Errorf("%d releases are kept, not %d", releases, most)
	}
}

// TestKilled stops a publisher at random moments, so that nothing of it runs any
// more. What is current is whole each time, never an older one, and the next
// publisher goes on.
func TestKilled(t *testing.T) {
	dir := folders(t)
	moments := 200
	if testing.Short() {
		moments = 30
	}
	sites(t, dir, 1, 4*uint64(moments), "")
	target := &Folder{Dir: filepath.Join(dir, "www")}
	begin := time.Now()
	publish(t, target, filepath.Join(dir, "sites", "1"), Options{Keep: 3})
	publish(t, target, filepath.Join(dir, "sites", "2"), Options{Keep: 3})
	span := time.Since(begin) // of two publications: a random moment is in the first or the second
	last, switched := uint64(2), 0
	for moment := range moments {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childFolder+"="+dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(out)
		if !lines.Scan() || lines.Text() != "ready" {
			t.Fatalf("the publisher says %q", lines.Text())
		}
		time.Sleep(time.Duration(rand.Int64N(int64(span))))
		c.Process.Kill() //nolint:errcheck // it runs for as long as it has something to publish
		for lines.Scan() {
			if !strings.Contains(lines.Text(), "open the index") { // more than there are
				t.Errorf("moment %d: %s", moment, lines.Text())
			}
		}
		c.Wait() //nolint:errcheck // it was killed
		whole(t, target, 0)
		all, err := target.Releases(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		now := all[current(all)].Sequence
		if now < last {
			t.Fatalf("moment %d: %d is current, and it was %d", moment, now, last)
		}
		if now > last {
			switched++
		}
		last = now
	}
	if switched == 0 {
		t.Error("nothing was published in all that time")
	}
	all, err := target.Releases(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	publish(t, target, filepath.Join(dir, "sites", fmt.Sprint(all[0].Sequence+1)), Options{Keep: 3})
	noRests(t, target, 4) // the current one, two before it, and what was never switched to
	t.Logf("%d of %d moments were after a switch; %s", switched, moments, list(t, target))
}

// TestDiskFull publishes where a file cannot be written to its end.
func TestDiskFull(t *testing.T) {
	dir := folders(t)
	target := &Folder{Dir: filepath.Join(dir, "www")}
	sites(t, dir, 1, 1, "")
	sites(t, dir, 2, 2, strings.Repeat("x", 300_000))
	publish(t, target, filepath.Join(dir, "sites", "1"), Options{Keep: 3})
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childFolder+"="+dir, childLimit+"=100000")
	out, err := c.Output()
	if err == nil || !strings.Contains(string(out), "publish 2-") || !strings.Contains(string(out), "file too large") {
		t.Errorf("the publisher ends with %v and says\n%s", err, out)
	}
	whole(t, target, 1)
	noRests(t, target, 1)
	// With more room, it works.
	publish(t, target, filepath.Join(dir, "sites", "2"), Options{Keep: 3})
	whole(t, target, 2)
}

// Two publishers of one folder do not meet.
func TestLocked(t *testing.T) {
	target := &Folder{Dir: t.TempDir()}
	unlock, err := files.Lock(filepath.Join(target.Dir, lockName))
	if err != nil {
		t.Fatal(err)
	}
	dir := pages(1).write(t, 1, terms(1))
	if _, err := Publish(context.Background(), target, open(t, dir), Options{}); err == nil {
		t.Error("two at once")
	}
	if err := unlock(); err != nil {
		t.Fatal(err)
	}
	publish(t, target, dir, Options{})
}
