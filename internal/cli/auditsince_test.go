package cli

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/internal/testkit"
)

// repository makes a repository of git with a folder "sub", and gives a way to
// write files and to run git.
func repository(t *testing.T) (dir string, write func(name, text string), git func(args ...string)) {
	exe := testkit.Need(t, "git")
	dir = t.TempDir()
	t.Setenv("GIT_CONFIG_GLOBAL", os.DevNull)
	t.Setenv("GIT_CONFIG_NOSYSTEM", "1")
	git = func(args ...string) {
		t.Helper()
		c := exec.Command(exe, append([]string{"-C", dir, "-c", "user.name=author", "-c", "user.email=author@example.org"}, args...)...)
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	write = func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	git("init", "-q")
	return dir, write, git
}

func TestChangedLines(t *testing.T) {
	dir, write, git := repository(t)
	write("sub/lib/A.pm", "one\ntwo\nthree\nfour\n")
	write("sub/lib/Ü b.pm", "one\n")
	write("sub/gone.pm", "one\n")
	write("other.pm", "one\n")
	git("add", ".")
	git("commit", "-qm", "first")
	git("tag", "v1")
	write("sub/lib/A.pm", "one\nTWO\nthree\n+++ b/lib/None.pm\nfour\nfive\n")
	write("sub/lib/Ü b.pm", "one\ntwo\n")
	write("other.pm", "two\n")
	git("add", ".")
	git("commit", "-qm", "second")
	write("sub/lib/A.pm", "one\nTWO\nthree\n+++ b/lib/None.pm\nfour\nfive\nsix\n") // not committed
	write("sub/lib/New.pm", "one\n")                                               // not known
	if err := os.Remove(filepath.Join(dir, "sub", "gone.pm")); err != nil {
		t.Fatal(err)
	}
	since, err := newSince(context.Background(), filepath.Join(dir, "sub"), "v1", os.DirFS(filepath.Join(dir, "sub")))
	if err != nil {
		t.Fatal(err)
	}
	isNew := since.IsNew
	for line, want := range map[int]bool{1: false, 2: true, 3: false, 4: true, 5: false, 6: true, 7: true, 8: false} {
		if isNew("lib/A.pm", line) != want {
			t.Errorf("lib/A.pm:%d: not %v", line, want)
		}
	}
	for _, c := range []struct {
		file string
		line int
		want bool
	}{{"lib/Ü b.pm", 1, false}, {"lib/Ü b.pm", 2, true}, {"lib/New.pm", 1, true}} {
		if isNew(c.file, c.line) != c.want {
			t.Errorf("%s:%d: not %v", c.file, c.line, c.want)
		}
	}
	if since.err != nil {
		t.Error(since.err)
	}
	if !isNew("gone.pm", 1) || since.err == nil {
		t.Error("a file that cannot be read: no error")
	}
	for _, revision := range []string{"v2", "--output=x", "v1:sub"} {
		if _, err := newSince(context.Background(), dir, revision, os.DirFS(dir)); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%s: %v", revision, err)
		}
	}
	if _, err := newSince(context.Background(), t.TempDir(), "v1", os.DirFS(dir)); err == nil {
		t.Error("a folder that is no repository: no error")
	}
}

// TestGitRunsNothing holds that git does not run what a hostile repository
// names in its settings.
func TestGitRunsNothing(t *testing.T) {
	dir, write, git := repository(t)
	write("A.pm", "one\n")
	git("add", ".")
	git("commit", "-qm", "first")
	mark := filepath.Join(t.TempDir(), "ran")
	script := filepath.Join(dir, "run")
	if err := os.WriteFile(script, []byte("#!/bin/sh\ntouch "+mark+"\ncat \"$1\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{"core.fsmonitor", "core.pager", "diff.external", "diff.x.textconv", "diff.x.command", "core.sshCommand", "filter.x.clean", "filter.x.process"} {
		git("config", key, script)
	}
	write(".gitattributes", "*.pm diff=x filter=x\n")
	write("A.pm", "one\ntwo\n")
	since, err := newSince(context.Background(), dir, "HEAD", os.DirFS(dir))
	if err != nil {
		t.Fatal(err)
	}
	if since.IsNew("A.pm", 1) || !since.IsNew("A.pm", 2) || since.err != nil {
		t.Errorf("not the second line alone is new: %v", since.err)
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("git ran what the repository named")
	}
}

func FuzzNewLines(f *testing.F) {
	f.Add([]byte("one\ntwo\n"), []byte("one\n@@ -1 +1 @@\ntwo\n"))
	f.Add([]byte("one"), []byte("one\n"))
	f.Fuzz(func(t *testing.T, before, now []byte) {
		fresh := newLines(before, now)
		old := map[string]bool{}
		for line := range strings.Lines(string(before)) {
			old[strings.TrimSuffix(line, "\n")] = true
		}
		n := 0
		for line := range strings.Lines(string(now)) {
			if n++; !old[strings.TrimSuffix(line, "\n")] && !fresh[n] {
				t.Errorf("line %d is in no earlier text, and not new: %q", n, line)
			}
		}
		for line := range fresh {
			if line < 1 || line > n {
				t.Errorf("line %d of %d is new", line, n)
			}
		}
	})
}
