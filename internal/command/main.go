package command

import (
	"context"
	"io"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// Main translates the process into what a program asks for, and gives the exit
// status.
func (p Program) Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return p.Run(ctx, os.Args[1:], &Env{
		Stdin:      os.Stdin,
		Stdout:     os.Stdout,
		Stderr:     os.Stderr,
		Getenv:     os.Getenv,
		Environ:    os.Environ,
		Now:        clock(os.Getenv("SOURCE_DATE_EPOCH")),
		IsTerminal: isTerminal,
		Width:      width(os.Stdout, os.Getenv("COLUMNS")),
	})
}

// clock stands still at epoch, in seconds since 1970, so that the same input
// gives the same bytes (reproducible-builds.org/specs/source-date-epoch); the
// time of the machine goes on where epoch is not a number, which every command
// refuses.
func clock(epoch string) func() time.Time {
	sec, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Now
	}
	at := time.Unix(sec, 0).UTC()
	return func() time.Time { return at }
}

// isTerminal takes every character device for a terminal: colour sent to
// /dev/null harms nobody.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

// width is the number of columns for text: what COLUMNS says, else what the
// terminal says of itself. Only a terminal has one, so that what goes to a file
// does not depend on who looks.
func width(out *os.File, told string) int {
	if !isTerminal(out) {
		return 80
	}
	n, err := strconv.Atoi(told)
	if err != nil {
		n = columns(out)
	}
	if n < 40 {
		return 80
	}
	return n
}
