package command

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"nacre/fault"
)

// try is a command for these tests: it takes up to one argument and a level,
// and does what the argument says.
func try(env *Env) []*cobra.Command {
	var level int
	c := &cobra.Command{
		Use:  "try [WHAT]",
		Args: cobra.MaximumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			switch strings.Join(args, "") {
			case "find":
				fmt.Fprintln(env.Stdout, "one finding")
				return Status(1)
			case "fail":
				return fmt.Errorf("try: %w", fault.New(fault.NotFound, "no shell here").WithHint("look at the beach"))
			case "stop":
				<-c.Context().Done()
				fmt.Fprintln(env.Stdout, "half of it")
				return Status(1)
			case "end": // as if nothing had happened
				<-c.Context().Done()
			case "give up":
				<-c.Context().Done()
				return fault.Wrap(fault.Canceled, c.Context().Err(), "try: open Foo-Bar-1.2.tar.gz")
			case "hang":
				<-make(chan int)
			}
			fmt.Fprintln(env.Stdout, "level", level)
			return nil
		},
	}
	c.Flags().IntVar(&level, "min-level", 4, "a number")
	group := &cobra.Command{Use: "group", Short: "Commands of a kind"}
	group.AddCommand(&cobra.Command{Use: "member", Run: func(*cobra.Command, []string) {}})
	return []*cobra.Command{c, group}
}

// program is what these tests run.
var program = Program{Name: "nacre", Commands: try}

func TestRun(t *testing.T) {
	for _, tt := range []struct {
		args   string
		env    string // NACRE_MIN_LEVEL
		status int
		stdout string
		stderr string
	}{
		{args: "try", status: 0, stdout: "level 4\n"},
		{args: "try", env: "5", status: 0, stdout: "level 5\n"},
		{args: "try --min-level 6", env: "5", status: 0, stdout: "level 6\n"},
		{
			args: "try", env: "high", status: 2,
			stderr: "nacre: environment NACRE_MIN_LEVEL: invalid argument \"high\" for \"--min-level\" flag: strconv.ParseInt: parsing \"high\": invalid syntax\n" +
				"hint: nacre try --help says what --min-level takes\n",
		},
		{args: "try find", status: 1, stdout: "one finding\n"},
		{args: "try fail", status: 3, stderr: "nacre: try: no shell here\nhint: look at the beach\n"},
		{
			args: "try a b", status: 2,
			stderr: "nacre: try: accepts at most 1 arg(s), received 2\nhint: nacre try --help shows how\n",
		},
		{args: "try --loud", status: 2, stderr: "nacre: try: unknown flag: --loud\nhint: nacre try --help shows how\n"},
		{args: "tri", status: 2, stderr: "nacre: no such command: tri\nhint: did you mean try? nacre --help lists all\n"},
		{args: "pearl", status: 2, stderr: "nacre: no such command: pearl\nhint: nacre --help lists all\n"},
		{
			args: "group membre", status: 2,
			stderr: "nacre: no such command: group membre\nhint: did you mean member? nacre group --help lists all\n",
		},
		{args: "help pearl", status: 2, stderr: "nacre: no such command: pearl\nhint: nacre --help lists all\n"},
	} {
		t.Run(tt.args+" "+tt.env, func(t *testing.T) {
			var stdout, stderr bytes.Buffer
			status := program.Run(t.Context(), strings.Fields(tt.args), &Env{
				Stdout: &stdout,
				Stderr: &stderr,
				Getenv: func(name string) string {
					if name == "NACRE_MIN_LEVEL" {
						return tt.env
					}
					return ""
				},
			})
			if status != tt.status || stdout.String() != tt.stdout || stderr.String() != tt.stderr {
				t.Errorf("status %d\nstdout: %s\nstderr: %s\nwant status %d\nstdout: %s\nstderr: %s",
					status, &stdout, &stderr, tt.status, tt.stdout, tt.stderr)
			}
		})
	}
}

// An interrupted command prints what is done, and its status is 3 even where
// it found something; one that does not stop is left behind.
func TestInterrupt(t *testing.T) {
	for _, tt := range []struct{ what, stdout, stderr string }{
		{"stop", "half of it\n", ""},
		{"end", "level 4\n", "nacre: interrupted\n"},
		{"give up", "", "nacre: interrupted\n"},
		{"hang", "", "nacre: interrupted\n"},
	} {
		t.Run(tt.what, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			var stdout, stderr bytes.Buffer
			env := &Env{Stdout: &stdout, Stderr: &stderr, Getenv: func(string) string { return "" }}
			status := program.Run(ctx, []string{"try", tt.what}, env)
			if status != 3 || stdout.String() != tt.stdout || stderr.String() != tt.stderr {
				t.Errorf("status %d, stdout %q, stderr %q; want 3, %q, %q",
					status, &stdout, &stderr, tt.stdout, tt.stderr)
			}
		})
	}
	if grace >= time.Second {
		t.Errorf("an interrupt takes %v, want less than a second", grace)
	}
}

// failing is standard output that cannot be written.
type failing struct{ error }

func (f failing) Write([]byte) (int, error) { return 0, f.error }

// A reader that goes away is no error message, a full disk is one, and neither
// is a success.
func TestFailedOutput(t *testing.T) {
	for _, tt := range []struct {
		err    error
		stderr string
	}{
		{syscall.EPIPE, ""},
		{io.ErrClosedPipe, ""},
		{errors.New("disk full"), "nacre: write standard output: disk full\n"},
	} {
		t.Run(tt.err.Error(), func(t *testing.T) {
			var stderr bytes.Buffer
			env := &Env{Stdout: failing{tt.err}, Stderr: &stderr, Getenv: func(string) string { return "" }}
			if status := program.Run(t.Context(), []string{"try"}, env); status != 3 || stderr.String() != tt.stderr {
				t.Errorf("status %d, stderr %q; want 3, %q", status, &stderr, tt.stderr)
			}
		})
	}
}
