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

// TestBytes has the sources that a text file cannot show.
func TestBytes(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"byte order mark", "\xef\xbb\xbf=pod\n\n=cut\nf();\n", "Pod:\"=pod\\n\\n=cut\\n\"\nWord:f Structure:( Structure:) Structure:;\n"},
		{"UTF-16", "\xff\xfef\x00(\x00)\x00", "Unknown:\xff\xfef\x00(\x00)\x00\nerror: line 1: source is UTF-16, which is not read: convert it to UTF-8\n"},
		{"CR LF", "f(<<A); # c\r\nx\r\nA\r\n=pod\r\n\r\n=cut\r\ng();\r\n", "Word:f Structure:( HereDoc:<<A Structure:) Structure:; Comment:\"# c\"\nHereBody:\"x\\r\\nA\\r\\n\"\nPod:\"=pod\\r\\n\\r\\n=cut\\r\\n\"\nWord:g Structure:( Structure:) Structure:;\n"},
		{"CR LF format", "format =\r\n@<\r\n.\r\n1\r\n", "Word:format Operator:=\nFormat:\"@<\\r\\n.\\r\\n\"\nNumber:1\n"},
		{"Latin-1", "$x = 'caf\xe9'; # \xe9\n\xe9;\n", "Variable:$x Operator:= Quote:'caf\xe9' Structure:; Comment:\"# \\xe9\"\nUnknown:\xe9 Structure:;\n"},
		{"no-break space", "f\u00a0;", "Word:f Unknown:\u00a0 Structure:;\n"},
		{"NUL", "use A;\x00use B;", "Word:use Word:A Structure:; Word:use Word:B Structure:;\n"},
		{"^Z", "f();\x1a'", "Word:f Structure:( Structure:) Structure:; Data:\x1a'\n"},
		{"form feed", "f;\fg;\v", "Word:f Structure:; Word:g Structure:;\n"},
		{"empty", "", "\n"},
	} {
		if diff := cmp.Diff(c.want, show([]byte(c.src))); diff != "" {
			t.Errorf("%s: -want +got:\n%s", c.name, diff)
		}
	}
}

// TestHere: a here-document and its lines have one number, also where one of
// them is inside another token.
func TestHere(t *testing.T) {
	src := []byte("f(<<A, \"${\\ <<B}\", <<C);\na\nA\nb\nB\nc\nC\ng(<<D . 'x\nd\nD\n');\n")
	tokens, err := Tokenize(src)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, k := range tokens {
		if k.Here != 0 {
			got = append(got, fmt.Sprintf("%v %d", k.Kind, k.Here))
		}
	}
	want := []string{"HereDoc 1", "HereDoc 3", "HereBody 1", "HereBody 2", "HereBody 3", "HereDoc 4"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestPart reads code inside a string where it stands.
func TestPart(t *testing.T) {
	src := []byte("f();\n\"a ${\\ g(\n1) } b\"")
	s := NewScannerAt(src, Span{10, 18}, 2)
	var got []string
	for k, ok := s.Next(); ok; k, ok = s.Next() {
		if k.Kind != Space {
			got = append(got, fmt.Sprintf("%d %s", k.Line, k.Text(src)))
		}
	}
	if diff := cmp.Diff([]string{"2 \\", "2 g", "2 (", "3 1", "3 )"}, got); diff != "" {
		t.Error(diff)
	}
}
