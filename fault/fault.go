// Package fault is the one vocabulary of errors in Nacre: six kinds, each
// mapped once to an exit status and to an HTTP status, and a hint that tells a
// person what to do next.
//
// An error keeps its kind however often it is wrapped:
//
//	err := fault.New(fault.NotFound, "no cpanfile.snapshot in .").
//		WithHint("run carton install, or name a directory")
//	err2 := fmt.Errorf("scan: %w", err)
//	fault.KindOf(err2) == fault.NotFound
//	fault.HintOf(err2) == "run carton install, or name a directory"
//
// An error that carries no kind is Unavailable: something went wrong that the
// caller could not have prevented, and a retry may help.
package fault

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strconv"
)

// Kind says what sort of failure an error is.
type Kind uint8

// The six kinds. The zero Kind is none of them.
const (
	Invalid     Kind = iota + 1 // the input, the arguments or the settings are wrong
	NotFound                    // what was named does not exist
	Conflict                    // it exists already, or changed meanwhile
	Denied                      // not allowed: permission, signature, trust, rollback
	Unavailable                 // it could not be done now: I/O, network, a limit of the machine
	Canceled                    // somebody asked to stop
)

// kinds holds, per kind, its name and the two codes it is mapped to.
var kinds = [...]struct {
	name string
	exit int
	http int
}{
	Invalid:     {"invalid", 2, 400},
	NotFound:    {"not found", 3, 404},
	Conflict:    {"conflict", 3, 409},
	Denied:      {"denied", 3, 403},
	Unavailable: {"unavailable", 3, 503},
	Canceled:    {"canceled", 3, 499},
}

// String gives the kind's name, as in "not found".
func (k Kind) String() string {
	if int(k) < len(kinds) && kinds[k].name != "" {
		return kinds[k].name
	}
	return fmt.Sprintf("kind %d", uint8(k))
}

// ExitCode is the exit status of a command that ends with an error of kind k:
// 2 for what the user can mend in the call or in the input, 3 for a task that
// could not be completed.
func (k Kind) ExitCode() int {
	if int(k) < len(kinds) && kinds[k].exit != 0 {
		return kinds[k].exit
	}
	return 3
}

// HTTPStatus is the status of a response that reports an error of kind k.
func (k Kind) HTTPStatus() int {
	if int(k) < len(kinds) && kinds[k].http != 0 {
		return kinds[k].http
	}
	return 500
}

// Error is an error with a kind and, for people, a hint.
type Error struct {
	Kind Kind
	Msg  string // operation and value, lower case: "read META.json of Foo-Bar-1.2"
	Hint string // what to do next, lower case, no full stop; may be empty
	Err  error  // the cause; may be nil
}

// New makes an error of kind k with the given message.
func New(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...)}
}

// Wrap makes an error of kind k whose cause is err.
func Wrap(k Kind, err error, format string, args ...any) *Error {
	return &Error{Kind: k, Msg: fmt.Sprintf(format, args...), Err: err}
}

// WithHint returns e with its hint set.
func (e *Error) WithHint(format string, args ...any) *Error {
	c := *e
	c.Hint = fmt.Sprintf(format, args...)
	return &c
}

// Error gives "message: cause".
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Msg
	}
	return e.Msg + ": " + e.Err.Error()
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf gives the kind of the outermost Error in err's chain. Errors of the
// standard library that have a plain meaning keep it: fs.ErrNotExist is
// NotFound, fs.ErrExist is Conflict, fs.ErrPermission is Denied, and a context
// that ended is Canceled. Anything else is Unavailable; nil is 0.
func KindOf(err error) Kind {
	var e *Error
	switch {
	case err == nil:
		return 0
	case errors.As(err, &e):
		return e.Kind
	case errors.Is(err, fs.ErrNotExist):
		return NotFound
	case errors.Is(err, fs.ErrExist):
		return Conflict
	case errors.Is(err, fs.ErrPermission):
		return Denied
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return Canceled
	}
	return Unavailable
}

// HintOf gives the first hint in err's chain, from the outside in, and of
// errors that were joined from the first on.
func HintOf(err error) string {
	if e, ok := err.(*Error); ok && e.Hint != "" {
		return e.Hint
	}
	switch e := err.(type) {
	case interface{ Unwrap() error }:
		return HintOf(e.Unwrap())
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			if hint := HintOf(one); hint != "" {
				return hint
			}
		}
	}
	return ""
}

// quoteMax bounds what Quote repeats, in bytes.
const quoteMax = 80

// Quote writes what came from outside for an error's message: in quotes, so
// that nothing in it reaches a terminal raw, and cut where it is long.
func Quote(s string) string {
	if len(s) > quoteMax {
		return strconv.Quote(s[:quoteMax]) + "..."
	}
	return strconv.Quote(s)
}
