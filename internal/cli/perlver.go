package cli

import (
	"bufio"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/fault"
	"nacre/internal/command"
	"nacre/perlver"
)

// What version.pm calls things is what these commands call them: dotted,
// alpha, normal form. A text is echoed byte for byte, whatever its bytes are.

func newPerlver(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:     "perlver",
		Short:   "Read, order and look up Perl version numbers",
		Long:    "Read version numbers as perl's version.pm does, compare them, and look them up\nin ranges. Each command answers one question, or with --batch one a line.",
		Example: "  nacre perlver compare 1.2 1.10",
	}
	c.AddCommand(newPerlverCompare(env), newPerlverParse(env), newPerlverIn(env))
	return c
}

// question is a command that answers one question from its arguments, or with
// --batch one a line of standard input, whose fields are between tabs.
type question struct {
	fields  []string                     // the names of the arguments
	rest    bool                         // a tab in the last one belongs to it: version.pm and JSON take it for a blank
	print   func(args []string) error    // answers in words
	columns func(args []string) []string // answers in the columns behind the question
	check   func() error                 // looks at the flags; may be nil
}

// attach makes c ask q.
func (q question) attach(env *Env, c *cobra.Command) *cobra.Command {
	var isBatch bool
	c.Use += " " + strings.Join(q.fields, " ")
	c.Args = cobra.MaximumNArgs(len(q.fields))
	c.Flags().BoolVar(&isBatch, "batch", false, "answer one question a line of standard input, fields between tabs")
	c.RunE = func(c *cobra.Command, args []string) error {
		if q.check != nil {
			if err := q.check(); err != nil {
				return err
			}
		}
		switch {
		case isBatch && len(args) > 0:
			return command.Usage(c, errors.New("--batch reads standard input and takes no arguments"))
		case isBatch:
			return batch(c.Context(), env, q.answer)
		case len(args) != len(q.fields):
			return command.Usage(c, fmt.Errorf("%s expected", strings.Join(q.fields, " and ")))
		}
		return q.print(args)
	}
	return c
}

// answer answers one line of a batch.
func (q question) answer(w *bufio.Writer, line string, tooLong error) {
	args := strings.Split(line, "\t")
	if q.rest {
		args = strings.SplitN(line, "\t", len(q.fields))
	}
	var columns []string
	switch {
	case tooLong != nil:
		columns = failed(tooLong)
	case len(args) > len(q.fields):
		columns = failed(fmt.Errorf("a tab too many, only %s expected", strings.Join(q.fields, " and ")))
	case len(args) < len(q.fields):
		columns = failed(fmt.Errorf("%s expected, with a tab between", strings.Join(q.fields, " and ")))
	default:
		columns = q.columns(args)
	}
	w.WriteString(line)
	for range len(q.fields) - len(args) {
		w.WriteByte('\t')
	}
	for _, c := range columns {
		w.WriteByte('\t')
		w.WriteString(c)
	}
	w.WriteByte('\n')
}

// failed gives the columns of an error.
func failed(err error) []string { return []string{"error", oneLine(err.Error())} }

// oneLine makes a message safe in a column.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, s)
}

// invalid is the error of a question that cannot be answered.
func invalid(err error, hint string) error {
	return fault.Wrap(fault.Invalid, err, "perlver").WithHint("%s", hint)
}

const versionHint = "write a version as perl has them: 1.23, 1.002_003 or v1.2.3"

func newPerlverCompare(env *Env) *cobra.Command {
	compare := func(args []string) (int, error) {
		v, err := perlver.Parse(args[0])
		if err != nil {
			return 0, err
		}
		w, err := perlver.Parse(args[1])
		return v.Compare(w), err
	}
	return question{
		fields: []string{"A", "B"},
		print: func(args []string) error {
			order, err := compare(args)
			if err != nil {
				return invalid(err, versionHint)
			}
			fmt.Fprintln(env.Stdout, order)
			return nil
		},
		columns: func(args []string) []string {
			order, err := compare(args)
			if err != nil {
				return failed(err)
			}
			return []string{fmt.Sprint(order)}
		},
	}.attach(env, &cobra.Command{
		Use:   "compare",
		Short: "Say which of two versions comes first",
		Long: `Print -1 where version A comes before version B, 0 where they are equal, and 1
where A comes after B, in the order of version.pm.

With --batch a line is A, tab, B, and its answer A, tab, B, tab, -1, 0 or 1, or
error, tab, reason.`,
		Example: `  nacre perlver compare 1.2 1.10
  printf '1.2\t1.10\n5.36\t5.36.0\n' | nacre perlver compare --batch`,
	})
}

func newPerlverParse(env *Env) *cobra.Command {
	return question{
		fields: []string{"V"}, rest: true,
		print: func(args []string) error {
			v, err := perlver.Parse(args[0])
			if err != nil {
				return invalid(err, versionHint)
			}
			fmt.Fprintf(env.Stdout, "normal   %s\nnumeric  %s\n", v.Normal(), v.Numify())
			fmt.Fprintf(env.Stdout, "dotted   %s\nalpha    %s\n", yesNo(v.IsDotted()), yesNo(v.IsAlpha()))
			for _, w := range v.Warnings() {
				fmt.Fprintf(env.Stdout, "warning  %s\n", w)
			}
			return nil
		},
		columns: func(args []string) []string {
			v, err := perlver.Parse(args[0])
			if err != nil {
				return failed(err)
			}
			return []string{"ok", v.Normal(), bit(v.IsDotted()), bit(v.IsAlpha())}
		},
	}.attach(env, &cobra.Command{
		Use:   "parse",
		Short: "Say how perl reads a version",
		Long: `Print the normal and the numeric form of a version, whether it is dotted and
whether it has an underscore, as version.pm reads it.

With --batch a line is V, and its answer V, tab, ok, tab, normal form, tab, 1
for dotted or 0, tab, 1 for an underscore or 0; or V, tab, error, tab, reason.
What perl accepts with a warning is ok.`,
		Example: `  nacre perlver parse 1.002_003
  printf '1.2\n1.2a\n' | nacre perlver parse --batch`,
	})
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func bit(b bool) string {
	if b {
		return "1"
	}
	return "0"
}

func newPerlverIn(env *Env) *cobra.Command {
	var grammar string
	names := make([]string, 0, len(perlver.Grammars()))
	for _, g := range perlver.Grammars() {
		names = append(names, string(g))
	}
	oneOf := strings.Join(names, ", ")
	c := question{
		fields: []string{"V", "RANGE"}, rest: true,
		check: func() error {
			if slices.Contains(names, grammar) {
				return nil
			}
			return fault.New(fault.Invalid, "perlver in: no such grammar: %q", grammar).
				WithHint("use --grammar with one of %s", oneOf)
		},
		print: func(args []string) error {
			in, remarks, err := lookUp(perlver.Grammar(grammar), args[0], args[1])
			if err != nil {
				hint := "nacre perlver in --help shows the grammars"
				if _, bad := perlver.Parse(args[0]); bad != nil {
					hint = versionHint
				}
				return invalid(err, hint)
			}
			fmt.Fprintln(env.Stdout, in)
			for _, r := range remarks {
				fmt.Fprintf(env.Stdout, "  %s\n", r)
			}
			return nil
		},
		columns: func(args []string) []string {
			in, remarks, err := lookUp(perlver.Grammar(grammar), args[0], args[1])
			switch {
			case err != nil:
				return failed(err)
			case len(remarks) == 0:
				return []string{in.String()}
			}
			return []string{in.String(), oneLine(strings.Join(remarks, "; "))}
		},
	}.attach(env, &cobra.Command{
		Use:   "in",
		Short: "Say whether a version is in a range",
		Long: `Print true, false or unknown, and then what was read with a doubt. RANGE is

  cpansa  affected_versions of a CPANSA record: a JSON array of strings, or one
  cna     affected of a CNA's YAML: a JSON array of strings, or one
  cve     versions[] of a CVE record, in JSON; no entry that fits is false
  osv     ranges[] of an OSV record, in JSON
  meta    the requirement of a module in CPAN metadata, as it is

A clause that cannot be read is unknown; one of cna or meta is an error.

With --batch a line is V, tab, RANGE, and its answer V, tab, RANGE, tab, true,
false, unknown or error, and where there is one, tab, reason.`,
		Example: `  nacre perlver in --grammar cpansa 1.2 '[">=1.0,<1.10", "1.3"]'
  nacre perlver in --grammar cna 1.9 '"1.5 < 1.10"'
  nacre perlver in --grammar cve 1.2 '[{"version":"1.0","lessThan":"2","status":"affected"}]'
  nacre perlver in --grammar osv 1.2 '[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.4"}]}]'
  printf '1.2\t>= 1.1, != 1.5\n' | nacre perlver in --grammar meta --batch`,
	})
	c.Flags().StringVar(&grammar, "grammar", "", "the language of RANGE: "+oneOf)
	// The error is for a flag that does not exist.
	_ = c.RegisterFlagCompletionFunc("grammar", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
	return c
}

// lookUp looks for a version in a range, and gives what both were read with.
func lookUp(g perlver.Grammar, version, text string) (in perlver.Truth, remarks []string, err error) {
	v, err := perlver.Parse(version)
	if err != nil {
		return 0, nil, err
	}
	r, err := perlver.ReadRange(g, text)
	if err != nil {
		return 0, nil, err
	}
	in, why := r.Contains(v)
	if why != "" {
		remarks = append(remarks, why)
	}
	const most = 8 // of the clauses of hostile input
	for i, u := range r.Unreadable() {
		if i == most {
			remarks = append(remarks, "more clauses that cannot be read")
			break
		}
		if u != why {
			remarks = append(remarks, u)
		}
	}
	remarks = append(remarks, v.Warnings()...)
	return in, append(remarks, r.Warnings()...), nil
}
