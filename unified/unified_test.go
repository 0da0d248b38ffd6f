package unified

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

const ten = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n"

func TestDiff(t *testing.T) {
	for _, c := range []struct{ name, from, to, want string }{
		{"the same", ten, ten, ""},
		{"one line", ten, strings.Replace(ten, "5\n", "five\n", 1), "@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n"},
		{"two places", ten, strings.Replace(strings.Replace(ten, "1\n", "one\n", 1), "9\n", "", 1), "@@ -1,4 +1,4 @@\n-1\n+one\n 2\n 3\n 4\n@@ -6,5 +6,4 @@\n 6\n 7\n 8\n-9\n 10\n"},
		{"near each other", ten, strings.Replace(strings.Replace(ten, "2\n", "", 1), "9\n", "", 1), "@@ -1,10 +1,8 @@\n 1\n-2\n 3\n 4\n 5\n 6\n 7\n 8\n-9\n 10\n"},
		{"a file that was empty", "", "1\n2\n", "--- a/f\n+++ b/f\n@@ -0,0 +1,2 @@\n+1\n+2\n"},
		{"no last line end", "1\n2", "1\n2\n", "-2\n\\ No newline at end of file\n+2\n"},
	} {
		got := New("f", Lines([]byte(c.from)), Lines([]byte(c.to))).String()
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got\n%swant\n%s", c.name, got, c.want)
		}
	}
}

func TestFiles(t *testing.T) {
	if got, want := New("f", nil, []string{"1\n"}).String(), "--- /dev/null\n+++ b/f\n@@ -0,0 +1,1 @@\n+1\n"; got != want {
		t.Errorf("new: %q", got)
	}
	if got, want := New("f", []string{"1\n"}, nil).String(), "--- a/f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-1\n"; got != want {
		t.Errorf("gone: %q", got)
	}
}

// TestApplies holds that git takes what is written, and makes the second text of
// the first.
func TestApplies(t *testing.T) {
	git := testkit.Need(t, "git")
	for _, c := range []struct{ name, from, to string }{
		{"in the middle", "a\nb\nc\nd\ne\nf\ng\nh\ni\n", "a\nb\nc\nd\nE\nf\ng\nh\ni\n"},
		{"the first line", "a\nb\n", "A\nb\n"},
		{"the last line", "a\nb\n", "a\nB\n"},
		{"without a line end", "a\nb", "a\nb\nc\n"},
		{"still without", "a\nb", "a\nB"},
		{"with CRLF", "a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"},
		{"appended", "a\nb\nc\nd\n", "a\nb\nc\nd\ne\n"},
		{"the same line twice", "a\na\na\n", "a\na\na\na\n"},
		{"two places", "a\nb\nc\nd\ne\n", "A\nb\nc\nd\nE\n"},
		{"far from each other", ten, strings.Replace(strings.Replace(ten, "1\n", "one\n", 1), "9\n", "", 1)},
		{"much", strings.Repeat("a\nb\n", 30), strings.Repeat("b\na\nb\n", 20)},
		{"a new file", "", ten},
	} {
		t.Run(c.name, func(t *testing.T) { apply(t, git, c.from, c.to) })
	}
}

func apply(t *testing.T, git, from, to string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "f")
	var old []string
	if from != "" {
		old = Lines([]byte(from))
		if err := os.WriteFile(file, []byte(from), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	patch := New("f", old, Lines([]byte(to))).String()
	cmd := exec.Command(git, "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-")
	cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+dir, "GIT_DIR="+filepath.Join(dir, "none"))
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, patch)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != to {
		t.Fatalf("applied: %q, want %q\n%s", got, to, patch)
	}
}

// FuzzDiff holds that applying a diff by hand gives the second text.
func FuzzDiff(f *testing.F) {
	f.Add([]byte(ten), []byte("2\n3\n"))
	f.Add([]byte("a\nb"), []byte("b\na\n"))
	f.Fuzz(func(t *testing.T, from, to []byte) {
		d := New("f", Lines(from), Lines(to))
		var b strings.Builder
		at := 0
		for _, c := range d.changes {
			b.WriteString(strings.Join(d.old[at:c.old], ""))
			b.WriteString(strings.Join(d.new[c.new:c.newEnd], ""))
			at = c.oldEnd
		}
		b.WriteString(strings.Join(d.old[at:], ""))
		if b.String() != string(to) {
			t.Errorf("%q, want %q", b.String(), to)
		}
	})
}
