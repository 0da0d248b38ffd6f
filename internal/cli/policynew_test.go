package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// keyboard is a terminal that a person types at: it can be read and written to.
type keyboard struct {
	io.Reader
	io.Writer
}

// TestPolicyNewAsks holds that on a terminal what no flag says is asked for, line
// by line, and that a wrong answer is asked for again.
func TestPolicyNewAsks(t *testing.T) {
	for _, c := range []struct {
		name, typed string
		args        []string
		status      int
		text        []string // on standard output, or, for a status that is not 0, on standard error
	}{
		{
			name:  "all",
			typed: strings.Join([]string{"short", "minimal", "Acme::Demo", "Acme-Demo", "author@cpan.org", "security@acme-demo.example", "soon", "a week", ""}, "\n"),
			text:  []string{"# Security policy of Acme-Demo\n", "<security@acme-demo.example>", "within a week"},
		},
		{
			name:  "what flags leave open",
			typed: "zlib\n",
			args:  []string{"--form", "embedded", "--dist", "Acme-Demo", "--contact", "security@acme-demo.example", "--response", "best effort"},
			text:  []string{"for this copy of zlib"},
		},
		{
			name:  "the last line needs no end",
			typed: "a week",
			args:  []string{"--form", "minimal", "--dist", "Acme-Demo", "--contact", "security@acme-demo.example"},
			text:  []string{"within a week"},
		},
		{name: "nobody answers", typed: "minimal\n", status: 3, text: []string{"nacre: policy new: no answer", "hint: flags say it, too"}},
		{name: "never right", typed: strings.Repeat("short\n", maxAsked+1), status: 3, text: []string{"no answer"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			env := &Env{
				Stdin: keyboard{strings.NewReader(c.typed), io.Discard}, Stdout: &stdout, Stderr: &stderr,
				Getenv: func(string) string { return "" },
				Now:    func() time.Time { return time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC) },
				IsTerminal: func(w io.Writer) bool {
					_, typed := w.(keyboard)
					return typed || w == io.Writer(&stderr)
				},
			}
			dir := t.TempDir()
			if status := Program().Run(context.Background(), append([]string{"policy", "new", dir}, c.args...), env); status != c.status {
				t.Fatalf("status %d, want %d: %s", status, c.status, &stderr)
			}
			out := stdout.String()
			if c.status != 0 {
				if out != "" {
					t.Errorf("printed %q", out)
				}
				out = stderr.String()
			}
			for _, part := range c.text {
				if !strings.Contains(out, part) {
					t.Errorf("no %q in\n%s", part, out)
				}
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("%s: %v %v", filepath.Base(dir), left, err)
			}
		})
	}
}
