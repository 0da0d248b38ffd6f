// Package command is what the command lines of nacre and nacred have in common.
//
// Streams, time and environment come in through Env, so that a test runs a
// command as the program does. Every setting has the same three places, the
// first that speaks wins:
//
//	--db FILE            the flag
//	NACRE_DB=FILE        the environment: the program's name and the flag's long name
//	db: FILE             a file of settings, where the command reads one
//
// The exit status is 0 for done and nothing found, 1 for findings, 2 for wrong
// usage and 3 for a task that could not be completed. Errors go to standard
// error in two lines, the second one where there is something to be done:
//
//	nacre: no cpanfile.snapshot here
//	hint: run carton install, or name a directory
//
// An interrupt ends the command's context; a command that does not return
// within the grace period is left behind. A reader of standard output that
// goes away (head) ends the program without a message.
package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"nacre/fault"
)

// Env is what a command may know of the world around it.
type Env struct {
	Stdin      io.Reader
	Stdout     io.Writer
	Stderr     io.Writer
	Getenv     func(string) string
	Environ    func() []string  // all of the environment, "NAME=value"; nil knows none
	Now        func() time.Time // SOURCE_DATE_EPOCH where it is set, else the clock
	IsTerminal func(io.Writer) bool
	Width      int // columns for text; 80 where there is no terminal
	// Hold is called by a command that runs until it is interrupted: it then has so
	// long to end in order, and that is a success. Run sets it.
	Hold func(time.Duration)
}

// Color says whether standard output is written in colour: on a terminal that
// can, unless somebody objects (no-color.org).
func (e *Env) Color() bool {
	return e.IsTerminal(e.Stdout) && e.Getenv("NO_COLOR") == "" && e.Getenv("TERM") != "dumb"
}

// Status is the error of a command that has said everything itself and
// only wants the program to end with this status: 1 for findings, 3 for an
// answer that is partial.
type Status int

func (s Status) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// grace is how long a command may take to print what is done after an
// interrupt. With the time to notice it this stays below a second.
const grace = 800 * time.Millisecond

// Program is a program with its commands.
type Program struct {
	Name    string // "nacre", which is also what its variables begin with
	Short   string
	Long    string
	Example string
	// Commands makes the commands, in any order: the help sorts them. Those that
	// every program has are added: version, man, completion and help.
	Commands func(*Env) []*cobra.Command
}

// Root makes the tree of the program's commands.
func (p Program) Root(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:               p.Name,
		Short:             p.Short,
		Long:              p.Long,
		Example:           p.Example,
		SilenceErrors:     true,
		SilenceUsage:      true,
		PersistentPreRunE: settings(env),
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	c.AddCommand(p.Commands(env)...)
	c.AddCommand(p.version(env), p.man(env), p.completion(env))
	c.SetIn(env.Stdin)
	c.SetOut(env.Stdout)
	c.SetErr(env.Stderr)
	c.SetFlagErrorFunc(Usage)
	c.SetHelpCommand(p.help())
	c.SetUsageFunc(showUsage)
	strict(c)
	return c
}

// Run runs the command line args (without the program's name) and gives the
// exit status.
func (p Program) Run(ctx context.Context, args []string, env *Env) int {
	world := *env
	out := &output{w: env.Stdout}
	world.Stdout = out
	world.IsTerminal = func(w io.Writer) bool {
		if w == io.Writer(out) {
			w = env.Stdout
		}
		return env.IsTerminal(w)
	}
	var held atomic.Int64
	world.Hold = func(d time.Duration) { held.Store(int64(d)) }
	c := p.Root(&world)
	c.SetArgs(args)

	done := make(chan error, 1)
	go func() { done <- c.ExecuteContext(ctx) }()
	select {
	case err := <-done:
		return p.Report(out.failed(err), env.Stderr)
	case <-ctx.Done():
	}
	select {
	case err := <-done:
		// Status 0 or 1 would claim an answer that the interrupt cut short; one
		// that does not look at its context says nothing of it either.
		err = out.failed(err)
		if err == nil && held.Load() > 0 {
			return 0
		}
		if err == nil || errors.Is(err, context.Canceled) {
			err = fault.New(fault.Canceled, "interrupted")
		}
		p.Report(err, env.Stderr)
	case <-time.After(grace + time.Duration(held.Load())):
		p.Report(fault.New(fault.Canceled, "interrupted"), env.Stderr)
	}
	return fault.Canceled.ExitCode()
}

// Report says err to a person and gives the exit status it stands for.
func (p Program) Report(err error, stderr io.Writer) int {
	var status Status
	switch {
	case err == nil:
		return 0
	case errors.Is(err, errClosedPipe):
		return fault.Unavailable.ExitCode()
	case errors.As(err, &status):
		return int(status)
	}
	fmt.Fprintln(stderr, p.Name+":", err)
	if hint := fault.HintOf(err); hint != "" {
		fmt.Fprintln(stderr, "hint:", hint)
	}
	return fault.KindOf(err).ExitCode()
}

// output remembers the first failed write, so that a full disk is an error
// even where a command does not look at what Fprintf returns.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	if err != nil {
		o.err = fmt.Errorf("write standard output: %w", err)
	}
	return n, o.err
}

// errClosedPipe stands for a reader of standard output that went away.
var errClosedPipe = errors.New("standard output was closed")

// failed gives the error of a command that itself ended with err: a reader
// that went away outweighs everything, and a failed write outweighs success.
// The numbers are Windows' ERROR_BROKEN_PIPE and ERROR_NO_DATA; elsewhere a
// write never fails with them.
func (o *output) failed(err error) error {
	switch {
	case errors.Is(o.err, syscall.EPIPE), errors.Is(o.err, io.ErrClosedPipe),
		errors.Is(o.err, syscall.Errno(109)), errors.Is(o.err, syscall.Errno(232)):
		return errClosedPipe
	case err == nil:
		return o.err
	}
	return err
}

// Usage is the error of a call that was written wrongly.
func Usage(c *cobra.Command, err error) error {
	return fault.Wrap(fault.Invalid, err, "%s", cmp.Or(operation(c), "arguments")).
		WithHint("%s --help shows how", c.CommandPath())
}

// operation names c in an error, which starts with the program's name anyway:
// "db show", and nothing for the program itself.
func operation(c *cobra.Command) string {
	return strings.TrimSpace(strings.TrimPrefix(c.CommandPath(), c.Root().Name()))
}

// strict makes every wrong call of c and of the commands below it a usage
// error, also where cobra would print the help and succeed.
func strict(c *cobra.Command) {
	for _, sub := range c.Commands() {
		strict(sub)
	}
	if !c.Runnable() && c.HasSubCommands() {
		c.Args = cobra.ArbitraryArgs
		c.RunE = group
	}
	if check := c.Args; check != nil {
		c.Args = func(c *cobra.Command, args []string) error {
			if err := check(c, args); err != nil {
				return Usage(c, err)
			}
			return nil
		}
	}
}

// group runs a command that only has commands below it: alone it shows its
// help, and a name that is not below it is an error that offers the nearest.
func group(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	err := fault.New(fault.Invalid, "no such command: %s", strings.TrimSpace(operation(c)+" "+args[0]))
	if c.SuggestionsMinimumDistance <= 0 {
		c.SuggestionsMinimumDistance = 2
	}
	if near := c.SuggestionsFor(args[0]); len(near) > 0 {
		return err.WithHint("did you mean %s? %s --help lists all", strings.Join(near, " or "), c.CommandPath())
	}
	return err.WithHint("%s --help lists all", c.CommandPath())
}

// help is cobra's help command, but a topic that is not there is an error.
func (p Program) help() *cobra.Command {
	return &cobra.Command{
		Use:     "help [COMMAND]",
		Short:   "Show the help of a command",
		Example: "  " + p.Name + " help version",
		RunE: func(c *cobra.Command, args []string) error {
			sub, rest, err := c.Root().Find(args)
			if err != nil {
				return Usage(c.Root(), err)
			}
			if len(rest) > 0 {
				return group(sub, rest)
			}
			sub.InitDefaultHelpFlag()
			return sub.Help()
		},
	}
}

// settings fills every flag that was not given from the environment, and
// checks then what cobra would check without a hint.
func settings(env *Env) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, _ []string) error {
		if err := checkEpoch(env.Getenv("SOURCE_DATE_EPOCH")); err != nil {
			return err
		}
		var wrong error
		c.Flags().VisitAll(func(f *pflag.Flag) {
			value := env.Getenv(Variable(c, f.Name))
			if f.Changed || f.Name == "help" || value == "" || wrong != nil {
				return
			}
			if err := c.Flags().Set(f.Name, value); err != nil {
				wrong = fault.Wrap(fault.Invalid, err, "environment %s", Variable(c, f.Name)).
					WithHint("%s --help says what --%s takes", c.CommandPath(), f.Name)
			}
		})
		if wrong != nil {
			return wrong
		}
		if err := errors.Join(c.ValidateRequiredFlags(), c.ValidateFlagGroups()); err != nil {
			return Usage(c, err)
		}
		return nil
	}
}

// checkEpoch refuses a SOURCE_DATE_EPOCH that is no number of seconds, as
// reproducible-builds.org/specs/source-date-epoch asks for: what was to be the
// same each time would bear the time of the machine.
func checkEpoch(epoch string) error {
	if epoch == "" {
		return nil
	}
	if sec, err := strconv.ParseInt(epoch, 10, 64); err != nil || sec < 0 || sec > lastSecond {
		return fault.New(fault.Invalid, "environment SOURCE_DATE_EPOCH: %q is no time in seconds since 1970", epoch).
			WithHint("set it to a number, as in SOURCE_DATE_EPOCH=$(git log -1 --format=%%ct), or unset it")
	}
	return nil
}

// lastSecond is the end of the year 9999: documents write years in four digits.
const lastSecond = 253402300799

// Variable is the name of the environment variable that sets a flag of a command:
// "max-db-age" of nacre is NACRE_MAX_DB_AGE.
func Variable(c *cobra.Command, flag string) string {
	return strings.ToUpper(c.Root().Name()) + "_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
