package lazyregexp

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

var literal = regexp.MustCompile("\\blazyregexp\\.New\\((`[^`]*`\\))?")

// TestAll compiles every expression of the project, so that a wrong one fails
// here and not where somebody uses it. All are raw literals.
func TestAll(t *testing.T) {
	root := os.DirFS(testkit.Root(t))
	n := 0
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasPrefix(name, "lazyregexp/") {
			return err
		}
		src, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		for _, m := range literal.FindAllStringSubmatch(string(src), -1) {
			n++
			if m[1] == "" {
				t.Errorf("%s: an expression is not one raw literal, and cannot be looked at here", name)
			} else if _, err := regexp.Compile(strings.TrimSuffix(m[1][1:], "`)")); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n == 0 {
		t.Error("no expression was found")
	}
}

func TestNew(t *testing.T) {
	r := New(`b+`)
	if !r.MatchString("abbc") || r.Match([]byte("ac")) || r.FindString("abbc") != "bb" || r.ReplaceAllString("abbc", "-") != "a-c" {
		t.Error("it does not answer as the expression does")
	}
	defer func() {
		if recover() == nil {
			t.Error("a wrong expression does not panic")
		}
	}()
	New(`(`).MatchString("")
}
