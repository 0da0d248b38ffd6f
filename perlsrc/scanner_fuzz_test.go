package perlsrc

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

// FuzzScanner: the tokens joined are the file, none is empty, the lines are
// right, the work is linear, and what takes tokens apart panics on none.
func FuzzScanner(f *testing.F) {
	for _, c := range tokenCases(f) {
		f.Add([]byte(c.source))
	}
	for _, h := range hostileTokens {
		f.Add([]byte(h.repeat(3)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tokens, err := Tokenize(src)
		at, line := 0, 1
		docs := map[int32]Token{}
		for i, k := range tokens {
			if k.Start != at || k.End <= k.Start {
				t.Fatalf("token %d %v is [%d,%d) and the one before ends at %d", i, k.Kind, k.Start, k.End, at)
			}
			if k.Line != line {
				t.Fatalf("token %d %v is on line %d, not %d", i, k.Kind, line, k.Line)
			}
			at = k.End
			line += bytes.Count(src[k.Start:k.End], newline)
			takeApart(t, src, k)
			switch k.Kind {
			case HereDoc:
				docs[k.Here] = k
			case HereBody:
				if doc, ok := docs[k.Here]; ok {
					UnquoteHere(src, doc, k)
				}
			}
		}
		if at != len(src) {
			t.Fatalf("the tokens end at %d of %d", at, len(src))
		}
		if err != nil && tokens[len(tokens)-1].Kind != Unknown {
			t.Fatalf("broken, and the last token is %v: %v", tokens[len(tokens)-1].Kind, err)
		}
		if again, _ := Tokenize(src); !slices.Equal(tokens, again) {
			t.Fatal("another run gives other tokens")
		}
		if steps := work(src); steps > most(len(src)) {
			t.Fatalf("%d bytes took %d steps", len(src), steps)
		}
		if len(src) > 2 { // from anywhere
			s := NewScannerAt(src, Span{len(src) / 3, len(src) - len(src)/4}, 1)
			for end := len(src) / 3; ; {
				k, ok := s.Next()
				if !ok {
					break
				}
				if k.Start != end || k.End > len(src)-len(src)/4 {
					t.Fatalf("a part's token is [%d,%d)", k.Start, k.End)
				}
				end = k.End
			}
		}
	})
}

// takeApart checks the parts of a token.
func takeApart(t *testing.T, src []byte, k Token) {
	q := k.Quoted(src)
	for _, part := range []Span{q.Body, q.Second} {
		if part.Start > part.End || part.End > len(src) || part != (Span{}) && (part.Start < k.Start || part.End > k.End) {
			t.Fatalf("%q: a part is %v of [%d,%d)", k.Text(src), part, k.Start, k.End)
		}
		for _, pattern := range []bool{false, true} {
			at := part.Start
			for piece := range Interpolated(src, part, pattern) {
				if piece.Start != at || piece.End <= piece.Start || piece.Block.Start > piece.Block.End {
					t.Fatalf("%q: a piece is %v behind %d", part.Text(src), piece, at)
				}
				at = piece.End
			}
			if at != part.End {
				t.Fatalf("%q: the pieces end at %d of %d", part.Text(src), at, part.End)
			}
		}
	}
	Unquote(src, k)
	if k.Kind == Words {
		SplitWords(src, k)
	}
}

// work counts the bytes that reading src looks at more than once.
func work(src []byte) int {
	s := NewScanner(src)
	for {
		if _, ok := s.Next(); !ok {
			return s.steps
		}
	}
}

// most is what is allowed: a guess looks no further than longest, or
// longestTag, and strings in strings are read a few times more.
func most(n int) int { return 2*longestTag*n + 1000 }

// hostileTokens are inputs, by what they repeat.
type hostileInput struct{ name, before, unit, after string }

func (h hostileInput) repeat(n int) string { return h.before + strings.Repeat(h.unit, n) + h.after }

var hostileTokens = []hostileInput{
	{"here-documents that never end", "", "print <<A;\n", ""},
	{"here-documents on a line", "f(", "<<A,", ");\n"},
	{"here-documents that end", "", "f(<<A);\nA\n", ""},
	{"here-document look-alikes", "$x = ", "<<\"", ""},
	{"less", "", "<", ""},
	{"less in terms", "", "(<a ", ""},
	{"open braces", "", "{", ""},
	{"open brackets", "", "([{", ""},
	{"closing brackets", "", ")]}", ""},
	{"crossed brackets", strings.Repeat("(", 1000), "{[}", ""},
	{"blocks in strings", `"`, "${", `"`},
	{"subscripts in strings", `"`, "$x[", `"`},
	{"strings in strings", "", "qq{${\\ ", ""},
	{"strings in strings, closed", "", "qq{a<<b${\\ 1}};", ""},
	{"nested strings", strings.Repeat("qq{@{[ <<A, ", 50), "x", strings.Repeat(" ]}}", 50)},
	{"here-documents in strings", "", "\"${\\ <<A}\";\nA\n", ""},
	{"code in replacements", "", "s{}{<<", "}e"},
	{"questions", "", "?\\", ""},
	{"words and slashes", "", "a /\\", ""},
	{"words and blanks", "", "a \n", ""},
	{"words and comments", "", "a #\n", ""},
	{"comments before =>", "a", " #\n", "=> 1"},
	{"subs", "", "sub ($", ""},
	{"braces and blanks", "", "{     ", ""},
	{"formats", "", "format  a  ", ""},
	{"formats that never end", "", "format A =\n", ""},
	{"names", "", "a::", ""},
	{"names with quotes", "", "a'", ""},
	{"dollars", "", "$", ""},
	{"quotes", "", "q", ""},
	{"quote words", "", "s\n", ""},
	{"minus", "", "-e", ""},
	{"digits and dots", "", "1.", ""},
	{"repetitions", "", "0x", ""},
	{"repetitions of words", "", "a x0", ""},
	{"documentation", "", "=a\n\n=cut\n", ""},
	{"handles", "", "print $x ", ""},
	{"labels", "", "a : ", ""},
	{"wide delimiters", "", "q\u00ab", ""},
	{"high bytes", "", "\xff", ""},
}

// TestHostileScanner counts the work on hostile inputs: ten times the input
// is ten times the work.
func TestHostileScanner(t *testing.T) {
	const n = 10_000
	for _, h := range hostileTokens {
		t.Run(h.name, func(t *testing.T) {
			once, tenfold := work([]byte(h.repeat(n))), work([]byte(h.repeat(10*n)))
			if tenfold > 12*once+100_000 {
				t.Errorf("%d steps become %d", once, tenfold)
			}
			if size := len(h.repeat(n)); once > 400*size+1000 {
				t.Errorf("%d bytes took %d steps", size, once)
			}
		})
	}
}

// TestHostileStrings does the same for what a string puts in place.
func TestHostileStrings(t *testing.T) {
	for _, unit := range []string{"$x[", "$x{", "@{[", "${", "$x->[", "$$", "$x[$x{", "@x", "$ ", "$x[0]", "$x[\"", "$x{'a'}"} {
		steps := func(n int) int {
			body := []byte(strings.Repeat(unit, n))
			in := interpolation{src: body}
			in.parts(Span{0, len(body)}, func(Part) bool { return true })
			return in.steps
		}
		if once, tenfold := steps(5_000), steps(50_000); tenfold > 12*once+100_000 {
			t.Errorf("%s: %d steps become %d", unit, once, tenfold)
		}
	}
}
