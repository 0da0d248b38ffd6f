// Package cli is the command line of nacre: one file per command, and this
// file, which lists them. What they share with other programs is package command.
package cli

import (
	"github.com/spf13/cobra"

	"nacre/internal/command"
)

// Env is what a command may know of the world around it.
type Env = command.Env

// Program is nacre.
func Program() command.Program {
	return command.Program{
		Name:  "nacre",
		Short: "Supply-chain security for Perl projects and CPAN",
		Long: `Nacre tells which of the Perl modules a project uses are known to be
vulnerable, how they got there, and the smallest change that fixes each.

Nothing of Perl is executed, and only commands that say so use the network.
Every flag can also be set in the environment: --db as NACRE_DB.`,
		Example:  "  nacre version",
		Commands: commands,
	}
}

// commands are all commands, in no order: the help sorts them. A new command
// is one more line.
func commands(env *Env) []*cobra.Command {
	return []*cobra.Command{
		newAudit(env),
		newDB(env),
		newDoctor(env),
		newFacts(env),
		newInventory(env),
		newLookup(env),
		newMeta(env),
		newPerlver(env),
		newPurl(env),
		newPolicy(env),
		newSBOM(env),
		newScan(env),
	}
}
