package pattern

import (
	"bufio"
	"encoding/hex"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// TestGrowsAsPerl counts what perl's engine does on the worst texts of two
// lengths: the lines of its own debugging, so that no clock is asked.
func TestGrowsAsPerl(t *testing.T) {
	perl := testkit.NeedPerl(t)
	given := []struct {
		text string
		slow bool
	}{
		{`^(\w+\s?)*$`, true},
		{`^(a+)+$`, true},
		{`^(?:[a-z]+|[a-z0-9]+,?)+$`, true},
		{`^(?:\s*[\w.]+\s*)+<[^>]+>$`, true},
		{`^\s*(?:[\w-]+\s*:\s*[\w\s#%.-]+\s*;?\s*)*$`, true},
		{`^(?:[a-z0-9]+-*)+(?:\.(?:[a-z0-9]+-*)+)*$`, true},
		{`^"((?:\\.|[^"\\]+)*)"$`, true},
		{`\A(?:[A-Za-z]+[-']?){1,20}\z`, true},
		{`^\s*\d+\.?\d*\s*$`, true},
		{`^(\d\d?)-(\w+)-(\d+)\s*(?:(\d\d?):(\d\d))?\s*\(?\w*\)?\s*$`, true},
		{`\s*,*\s*;`, true},
		{`^(?:a|aa)*x`, false},
		{`^"((?:\\.|[^"])*)"$`, false},
		{`\A(?:[A-Za-z]{1,20}[-']?){1,}\z`, false},
		{`^(?:\b\w+\b\s*)*$`, false},
		{`^(?:\w++\s?)*+$`, false},
		{`^(?>\w+\s?)*\.$`, false},
		{`^(?:\w+(?!\w)\s?)*\.$`, false},
	}
	patterns := slices.Clone(given)
	// What patterns are made of, each way.
	parts := []string{`\w+`, `\s*`, `(?:a|ab)*`, `(?:\d+,?)+`, `[a-f]*`, `\b`}
	for _, one := range parts {
		for _, two := range parts {
			patterns = append(patterns, struct {
				text string
				slow bool
			}{`^` + one + two + `;`, false})
		}
	}
	const limit = 30_000
	for i, c := range patterns {
		tree, ok := parse(c.text, modifiers{}, nil)
		if !ok {
			t.Errorf("%s is not read", c.text)
			continue
		}
		g := grow(tree)
		if i < len(given) && g.slow() != c.slow {
			t.Errorf("%s: power %.2f, slow is %v", c.text, g.power, c.slow)
		}
		if !g.slow() {
			continue
		}
		short, long := perlSteps(t, perl, c.text, g.witness.text(40), limit), perlSteps(t, perl, c.text, g.witness.text(160), limit)
		// Four times as long: 4 times the steps are linear, 16 times a square.
		if long < limit && float64(long) < 7*float64(short) {
			t.Errorf("%s: power %.2f, and perl takes %d steps for %d of %q, %d for four times as many", c.text, g.power, short, 40, g.witness, long)
		}
	}
}

// perlSteps counts the lines that perl writes of a match, and the turns of each
// class, up to a limit.
func perlSteps(t *testing.T, perl, pattern string, text []byte, limit int) int {
	t.Helper()
	cmd := exec.Command(perl, "-e", `my ($p, $s) = map { pack 'H*', $_ } @ARGV; use re Debug => 'EXECUTE'; my $m = $s =~ /$p/`,
		hex.EncodeToString([]byte(pattern)), hex.EncodeToString(text))
	pipe, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(fmt.Errorf("start perl: %w", err))
	}
	lines, out := 0, bufio.NewScanner(pipe)
	for lines < limit && out.Scan() {
		if !strings.HasPrefix(out.Text(), "Guessing") {
			lines++
		}
		// What a class takes at once is one line.
		var turns int
		if _, after, found := strings.Cut(out.Text(), " can match "); found {
			if _, err := fmt.Sscanf(after, "%d times", &turns); err == nil {
				lines += turns
			}
		}
	}
	if lines >= limit {
		_ = cmd.Process.Kill()
	}
	_ = cmd.Wait()
	return lines
}
