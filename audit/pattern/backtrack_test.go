package pattern

import (
	"fmt"
	"testing"
)

func TestGrow(t *testing.T) {
	for _, c := range []struct{ pattern, want string }{
		{`^(a+)+$`, "exponential"},
		{`^(\w+\s?)*$`, "exponential"},
		{`^(?:a|a)*$`, "exponential"},
		{`^(?:a|aa)*x`, "exponential"},
		{`"(?:\\.|[^"])*"`, "exponential"},
		{`^(?:[a-z]{1,3}-?)+$`, "exponential"},
		{`^(?i:A+a*)+$`, "exponential"},
		{`^(?:\s*\w+\s*)*;`, "exponential"},
		{`^(a+)+`, "1"},             // nothing behind it can fail
		{`^(?:\w+\s)*$`, "1"},       // the blank tells where each ends
		{`^(?:foo|fob|bar)+$`, "1"}, // alternatives that differ
		{`^[a-z]{1,8}(?:-[a-z]{1,8})*$`, "1"},
		{`^(?>a+)+$`, "1"},
		{`^(?:\w++\s?)*+$`, "1"},
		{`"(?:\\.|[^"\\])*"`, "1"},
		{`^\s*$`, "1"},
		{`^\d+\.?\d*$`, "2 classes"},
		{`^\s*,?\s*,?\s*$`, "3 classes"},
		{`^(.*)x(.*)y$`, "2 anything"},
		{`^(.*?)\s*$`, "2 anything"},
		{`^[a-c]*[b-d]*[e-f]*$`, "2 classes"},
		{`^[a-c]*[x-z]*$`, "1"},
		{`\s*$`, "2 start"},
		{`(?:^|\s+)x`, "2 start"},
		{`\s+$`, "1"}, // perl does not begin again within the run
		{`.*x`, "1"},  // perl takes it for ^.*x
		{`^\p{L}+[[:alpha:]]*1$`, "2 classes"},
		{`^$unknown+$unknown*$`, "1"},
	} {
		tree, ok := parse(c.pattern, modifiers{}, nil)
		if !ok {
			t.Errorf("%s is not read", c.pattern)
			continue
		}
		g := grow(tree)
		got := fmt.Sprint(g.degree)
		switch {
		case g.exponential:
			got = "exponential"
		case g.start:
			got += " start"
		case g.degree > 1 && g.tight:
			got += " classes"
		case g.degree > 1:
			got += " anything"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.pattern, got, c.want)
		}
	}
}

func FuzzPattern(f *testing.F) {
	for _, s := range []string{`^(a+)+$`, `[^\]a-z[:digit:]]{2,}`, `(?<n>\d)\k<n>(?i)x|(?:y)`, `\x{263a}\p{L}\N{U+1}\Qa.b\E$x@y`, `a{,3}b{2}c{1,`, "# x\n(?#y) a"} {
		f.Add(s, "x")
	}
	f.Fuzz(func(t *testing.T, text, flags string) {
		tree, ok := parse(text, modifiersOf(flags), func(string) (string, modifiers, bool) { return "a*", modifiers{}, len(text) < 100 })
		if !ok {
			return
		}
		if a := build(tree); len(a.at) > maxPositions {
			t.Fatalf("%d positions", len(a.at))
		}
		grow(tree)
	})
}
