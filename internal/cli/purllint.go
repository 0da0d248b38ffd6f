package cli

import (
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/internal/command"
	"nacre/purl"
	"nacre/terminal"
)

// lintedPurl is the answer of nacre purl lint.
type lintedPurl struct {
	Input    string        `json:"input"`
	Findings []purlFinding `json:"findings"`
}

type purlFinding struct {
	ID      string       `json:"id"`
	Level   advice.Level `json:"level"`
	Message string       `json:"message"`
	Hint    string       `json:"hint,omitempty"` // not in a batch
}

func newPurlLint(env *Env) *cobra.Command {
	var o purl.LintOptions
	var dir, failOn string
	var least advice.Level
	var inBatch bool
	c := &cobra.Command{
		Use:   "lint",
		Short: "Say what is wrong with a package URL",
		Long: `Check package URLs, also such as nacre purl parse refuses: modules in place of
distributions, versions and extensions in the name, authors in lower case,
contradictions between the parts, and more. docs/formats/purl.md lists all
checks by their ids. Each finding says how to mend it.

With --mirror names and versions are looked up in the index of a CPAN mirror,
and in a list of BackPAN beside it.

The status is 1 where a finding reaches the level of --fail-on. With --batch a
line is a package URL, and its answer
{"input":"...","findings":[{"id":"P01","level":"error","message":"..."}]}.`,
		Example: `  nacre purl lint 'pkg:cpan/Foo::Bar@1.20'
  nacre purl lint --mirror cpan pkg:cpan/foo-bar@1.20
  echo pkg:cpan/AUTHOR/Foo-Bar@1.20 | nacre purl lint --batch`,
	}
	purlVerb{
		arg:     "PURL...",
		several: true,
		open: func(isBatch bool) (done func(), err error) {
			inBatch = isBatch
			if least, err = advice.ParseLevel(failOn); err != nil {
				return nil, err
			}
			m, done, err := openMirror(dir)
			if err != nil || m == nil {
				return done, err
			}
			x, err := m.Index()
			if err != nil {
				done()
				return nil, err
			}
			o.Index = x
			return done, nil
		},
		solve: func(input string) (any, func(printer), error) {
			found := purl.Lint(input, o)
			answer := lintedPurl{input, []purlFinding{}}
			var status error
			for _, f := range found {
				hint := f.Hint
				if inBatch {
					hint = ""
				}
				answer.Findings = append(answer.Findings, purlFinding{f.ID, f.Level, f.Message, hint})
				if f.Level.Reaches(least) {
					status = command.Status(1)
				}
			}
			return answer, func(p printer) { printFindings(p, input, found) }, status
		},
		failed: func(input string, err error) any {
			return lintedPurl{input, []purlFinding{{ID: "P25", Level: advice.Error, Message: oneLine(err.Error())}}}
		},
	}.attach(env, c)
	c.Flags().BoolVar(&o.Private, "private", false, "the component is not from CPAN")
	c.Flags().BoolVar(&o.Modified, "modified", false, "it is a copy that somebody changed")
	c.Flags().BoolVar(&o.Core, "core", false, "it came with perl")
	c.Flags().StringVar(&o.MetaVersion, "meta-version", "", "the version that its META states")
	c.Flags().StringVar(&failOn, "fail-on", "warning", "error, warning, note or never: the level that makes the status 1")
	mirrorFlag(c.Flags(), &dir)
	return c
}

// levelStyles are the styles of findings by their level.
var levelStyles = map[advice.Level]terminal.Style{
	advice.Error: terminal.Red, advice.Warning: terminal.Yellow, advice.Note: terminal.Plain,
}

// printFindings writes what was found about one text.
func printFindings(p printer, input string, found []purl.Finding) {
	if len(found) == 0 {
		p.title(input, ": nothing found")
		return
	}
	p.title(input, "")
	for _, f := range found {
		p.Item(terminal.Span{Style: levelStyles[f.Level], Text: string(f.Level)}, terminal.Span{Text: strings.TrimSpace(f.ID + " " + f.Message)})
		p.field("", f.Hint)
	}
}
