package cli

import (
	"bytes"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"nacre/terminal"
)

// TestHelpFitsATerminal holds that no line of a help is wider than 80 columns, but
// for examples, which are there to be copied.
func TestHelpFitsATerminal(t *testing.T) {
	env := &Env{Getenv: func(string) string { return "" }}
	var check func(c *cobra.Command)
	checked := 0
	check = func(c *cobra.Command) {
		var b bytes.Buffer
		c.SetOut(&b)
		c.InitDefaultHelpFlag()
		if err := c.Help(); err != nil {
			t.Fatal(err)
		}
		for line := range bytes.Lines(b.Bytes()) {
			if line := string(bytes.TrimRight(line, "\n")); terminal.Cut(line, 80) != line && !strings.Contains(c.Example, line) {
				t.Errorf("%s --help is too wide:\n%s", c.CommandPath(), line)
			}
			checked++
		}
		for _, sub := range c.Commands() {
			check(sub)
		}
	}
	check(Program().Root(env))
	if checked < 100 {
		t.Errorf("only %d lines", checked)
	}
}
