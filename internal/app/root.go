// Package app is the command line of nacred: one file per command, and this file,
// which lists them. What they share with other programs is package command.
package app

import (
	"github.com/spf13/cobra"

	"nacre/internal/command"
)

// Env is what a command may know of the world around it.
type Env = command.Env

// Program is nacred.
func Program() command.Program {
	return command.Program{
		Name:  "nacred",
		Short: "The advisory index of CPAN: build it, publish it, serve it",
		Long: `Nacred makes the advisory index out of its sources: pages, feeds and documents
of every form that a reader expects, as static files that any page host can
publish, with a signed list of them all. It can serve them too, with an API.

Nothing of Perl is executed. The network is asked only where a source or a
target is an address. Every flag can also be set in the environment: --work as
NACRED_WORK.`,
		Example:  "  nacred index build --from advisories --unsigned -o www",
		Commands: commands,
	}
}

// commands are the commands, in no order. A new one is one more line.
func commands(env *Env) []*cobra.Command {
	return []*cobra.Command{
		newIndex(env),
		newServe(env),
	}
}
