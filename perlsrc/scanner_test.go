package perlsrc

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/fault"
)

// tokenCases are the sources of testdata/tokens with the tokens expected.
type tokenCase struct{ name, source, tokens string }

func tokenCases(t testing.TB) []tokenCase {
	t.Helper()
	files, err := filepath.Glob("testdata/tokens/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	var cases []tokenCase
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			name, isSource := strings.CutSuffix(f.Name, ".pl")
			if isSource {
				cases = append(cases, tokenCase{name: filepath.Base(file) + "/" + name, source: string(f.Data)})
				continue
			}
			if len(cases) == 0 || f.Name != "tokens" {
				t.Fatalf("%s: %s is neither a source nor tokens", file, f.Name)
			}
			cases[len(cases)-1].tokens = string(f.Data)
		}
	}
	return cases
}

// TestTokens reads the sources of testdata/tokens. A line of "tokens" holds
// those that begin on one line of the source, blanks left out.
func TestTokens(t *testing.T) {
	for _, c := range tokenCases(t) {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.tokens, show([]byte(c.source))); diff != "" {
				t.Errorf("-want +got:\n%s", diff)
			}
		})
	}
}

// show writes tokens as the cases do.
func show(src []byte) string {
	tokens, err := Tokenize(src)
	var b strings.Builder
	line := 0
	for _, t := range tokens {
		if t.Kind == Space {
			continue
		}
		if line != 0 {
			b.WriteString(map[bool]string{true: " ", false: "\n"}[t.Line == line])
		}
		line = t.Line
		text := string(t.Text(src))
		if strings.ContainsAny(text, " \n\t\r\"\x04\x06") {
			text = fmt.Sprintf("%q", text)
		}
		fmt.Fprintf(&b, "%v:%s", t.Kind, text)
	}
	b.WriteString("\n")
	if err != nil {
		fmt.Fprintf(&b, "error: %v\n", err)
	}
	return b.String()
}

func TestBrokenIsInvalid(t *testing.T) {
	_, err := Tokenize([]byte("f();\n$x = 'abc\n;\n"))
	var broken *Broken
	if !errors.As(err, &broken) || broken.Line != 2 {
		t.Errorf("a string that never ends: %v", err)
	}
	if fault.KindOf(err) != fault.Invalid {
		t.Errorf("kind is %v", fault.KindOf(err))
	}
}
