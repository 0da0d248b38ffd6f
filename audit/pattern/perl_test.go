package pattern

import (
	"os/exec"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// TestAcceptsAsPerl compares what patterns accept with what perl says.
func TestAcceptsAsPerl(t *testing.T) {
	perl := testkit.NeedPerl(t)
	patterns := []string{
		`\d{1,3}(?:\.\d{1,3}){3}`, `(?:25[0-5]|2[0-4]\d|[01]?\d\d?)(?:\.(?:25[0-5]|2[0-4]\d|[01]?\d\d?)){3}`,
		`(?:(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])\.){3}(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])`,
		`[0-9a-f:]+`, `[^\W\d_]+`, `a{2}b?c*`, `(?i)ABC`, `[a\-z]+`, `x[]y]+`, `\w+@[\w.]+`, `\x61\t?b`, `[[:alpha:]]+\d`, `a|bc|`, `(?:a|b){0,2}c`,
	}
	texts := []string{
		"127.0.0.1", "127.0.0.01", "010.1.1.1", "256.1.1.1", "1.2.3", "::1", "fe80", "abc", "ABC", "aabc", "aacc", "aab", "a-z", "x]y", "me@example.org",
		"a\tb", "ab", "x1", "a", "bc", "c", "abc1", "bac", "aac", "_", "9",
	}
	var in strings.Builder
	for _, p := range patterns {
		for _, s := range texts {
			in.WriteString(p + "\x00" + s + "\n")
		}
	}
	cmd := exec.Command(perl, "-ne", `chomp; my ($p, $s) = split /\0/, $_, 2; print $s =~ /\A(?:$p)\z/ ? 1 : 0`)
	cmd.Stdin = strings.NewReader(in.String())
	out, err := cmd.Output()
	if err != nil || len(out) != len(patterns)*len(texts) {
		t.Fatalf("perl: %v, %d answers", err, len(out))
	}
	for i, p := range patterns {
		tree, ok := parse(p, modifiers{}, nil)
		if !ok {
			t.Errorf("%s is not read", p)
			continue
		}
		a := build(tree)
		for j, s := range texts {
			if got, want := a.accepts(s), out[i*len(texts)+j] == '1'; got != want {
				t.Errorf("%s on %q: %v, perl says %v", p, s, got, want)
			}
		}
	}
}
