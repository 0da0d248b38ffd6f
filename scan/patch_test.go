package scan

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nacre/internal/testkit"
)

// TestDiff: the patch of a change is what git apply makes the change with.
func TestDiff(t *testing.T) {
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
	} {
		t.Run(c.name, func(t *testing.T) {
			apply(t, git, c.from, c.to)
		})
	}
}

func apply(t *testing.T, git, from, to string) {
	t.Helper()
	dir := t.TempDir()
	file := filepath.Join(dir, "cpanfile")
	if err := os.WriteFile(file, []byte(from), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(git, "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CEILING_DIRECTORIES="+dir, "GIT_DIR="+filepath.Join(dir, "none"))
	patch := diff("cpanfile", lines([]byte(from)), lines([]byte(to))).text()
	cmd.Stdin = strings.NewReader(patch)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, out, patch)
	}
	got, err := os.ReadFile(file)
	if err != nil || string(got) != to {
		t.Fatalf("applied: %q, want %q\n%s", got, to, patch)
	}
}

// TestDiffCoversAllLines: what a change calls equal, old and new adds up to
// both files.
func TestDiffCoversAllLines(t *testing.T) {
	text := rapid.StringMatching(`([ab]?\n){0,6}[ab]?`)
	rapid.Check(t, func(t *rapid.T) {
		from, to := text.Draw(t, "from"), text.Draw(t, "to")
		c := diff("f", lines([]byte(from)), lines([]byte(to)))
		head := strings.Join(c.old[:c.from], "")
		tail := strings.Join(c.old[len(c.old)-c.tail:], "")
		if got := head + strings.Join(c.new[c.from:len(c.new)-c.tail], "") + tail; got != to {
			t.Fatalf("%q to %q: %q", from, to, got)
		}
	})
}

// TestAppended: a floor is added only where it means what it says.
func TestAppended(t *testing.T) {
	const line = "requires 'Foo::Bar', '>= 1.3';"
	for _, c := range []struct {
		name, file, want string // want "" is refused
	}{
		{"empty", "", line + "\n"},
		{"plain", "requires 'Qux';\n", "requires 'Qux';\n" + line + "\n"},
		{"without a line end", "requires 'Qux';", "requires 'Qux';\n" + line + "\n"},
		{"with CRLF", "requires 'Qux';\r\n", "requires 'Qux';\r\n" + line + "\r\n"},
		{"behind the end", "requires 'Qux';\n__END__\n", ""},
		{"in a POD", "requires 'Qux';\n\n=pod\n\ntext\n", ""},
		{"a statement without its end", "requires 'Qux'", ""},
	} {
		got, open := appended([]byte(c.file), line), isOpen([]byte(c.file))
		if open != (c.want != "") || open && !bytes.Equal(got, []byte(c.want)) {
			t.Errorf("%s: %q %v", c.name, got, open)
		}
	}
}
