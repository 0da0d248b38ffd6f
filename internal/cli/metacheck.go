package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"nacre/advice"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/jsondoc"
	"nacre/meta"
	"nacre/terminal"
)

// checkedMeta is what nacre meta check says of one file.
type checkedMeta struct {
	File        string          `json:"file"`
	Valid       bool            `json:"valid"`
	Errors      []meta.Problem  `json:"errors"`
	Convertible bool            `json:"convertible"`
	V2          json.RawMessage `json:"v2"`
	Strict      *[]meta.Remark  `json:"strict,omitempty"` // with --strict

	spec     meta.Spec
	why      error    // it is not convertible
	losses   []string // what the upgrade left out
	warnings []string // what was read with a doubt
	unopened error
}

// isFine says that the file has nothing that the check was asked for.
func (m *checkedMeta) isFine() bool {
	return m.Valid && (m.Strict == nil || advice.Level(worst(*m.Strict)) != advice.Error)
}

// worst is the gravest level of remarks.
func worst(remarks []meta.Remark) advice.Level {
	level := advice.Note
	for _, r := range remarks {
		if r.Level.Reaches(level) {
			level = r.Level
		}
	}
	return level
}

func newMetaCheck(env *Env) *cobra.Command {
	var format string
	var strict, compat bool
	c := &cobra.Command{
		Use:   "check FILE...",
		Short: "Say what is wrong in META and MYMETA files",
		Long: `Say whether META and MYMETA files are valid, what is wrong in those that are
not, and whether they can be upgraded to version 2 of the specification.

Valid is what CPAN::Meta takes in its plain constructor; its validator passes
over several things that the text of the specification forbids, and --strict
names those, too. CPAN::Meta's loaders of files ask for less: they take what can
be upgraded.

With --format json each file is one line; - is standard input. The status is 1
where a file is not valid (with --strict also where the text of the
specification is broken), and 3 where one could not be opened.`,
		Example: `  nacre meta check Foo-Bar/META.json
  nacre meta check --strict --format json Foo-Bar/META.json`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			var failed, unopened bool
			out := json.NewEncoder(terminal.Inert(env.Stdout))
			out.SetEscapeHTML(false)
			for _, name := range args {
				if err := c.Context().Err(); err != nil {
					return err
				}
				m := checkMeta(env, name, strict, metaTool(compat))
				failed = failed || !m.isFine()
				unopened = unopened || m.unopened != nil
				if asJSON {
					err = out.Encode(m)
				} else {
					err = printMeta(env, m)
				}
				if err != nil {
					return err
				}
			}
			switch {
			case unopened:
				return command.Status(3)
			case failed:
				return command.Status(1)
			}
			return nil
		},
	}
	c.Flags().StringVar(&format, "format", "text", "text or json (one object a line, one line a file)")
	c.Flags().BoolVar(&strict, "strict", false, "also name what the text of the specification forbids and CPAN::Meta passes over")
	c.Flags().BoolVar(&compat, "compat", false, "sign v2 with the same generated_by as CPAN::Meta::Converter 2.150010")
	return c
}

// checkMeta checks one file.
func checkMeta(env *Env, name string, strict bool, tool string) *checkedMeta {
	m := &checkedMeta{File: name, Errors: []meta.Problem{}}
	if strict {
		m.Strict = &[]meta.Remark{}
	}
	unread := func(err error) *checkedMeta {
		m.Errors = append(m.Errors, meta.Problem{Path: []string{}, Message: err.Error(), Hint: fault.HintOf(err)})
		m.why = errors.New("it cannot be read")
		return m
	}
	r, err := openMeta(env, name)
	if err != nil {
		m.unopened = err
		return unread(err)
	}
	defer r.Close()
	d, err := meta.ReadDocument(name, r)
	if err != nil {
		return unread(err)
	}
	m.spec, m.warnings = d.Spec(), d.Warnings
	m.Errors = append(m.Errors, d.Check()...)
	m.Valid = len(m.Errors) == 0
	if strict {
		*m.Strict = append(*m.Strict, d.Strict(parentOf(name))...)
	}
	if d.Refused != nil {
		m.why = errors.New("CPAN's own tools do not read it; nacre meta upgrade may")
		return m
	}
	made, losses, err := d.Convert(meta.ConvertOptions{Tool: tool})
	for _, l := range losses {
		m.losses = append(m.losses, loss(l))
	}
	if err != nil {
		m.why = err
		return m
	}
	m.Convertible = true
	m.V2 = oneLineJSON(made.Tree)
	return m
}

// parentOf is the name of the folder that a file lies in, "" of standard input.
func parentOf(name string) string {
	full, err := filepath.Abs(name)
	if err != nil || name == "-" {
		return ""
	}
	return filepath.Base(filepath.Dir(full))
}

// oneLineJSON gives a tree for an encoder, which writes it on one line.
func oneLineJSON(n *jsondoc.Node) json.RawMessage {
	return json.RawMessage(n.Append(nil))
}

// printMeta writes what was found for people.
func printMeta(env *Env, m *checkedMeta) error {
	p := newPrinter(env)
	verdict := "valid"
	if !m.Valid {
		verdict = counted(len(m.Errors), "problem")
	}
	if m.spec != "" {
		verdict = "spec " + string(m.spec) + ", " + verdict
	}
	p.title(m.File, ": "+verdict)
	for _, e := range m.Errors {
		printProblem(p, "error", e)
	}
	if m.Strict != nil {
		for _, r := range *m.Strict {
			printProblem(p, string(r.Level), r.Problem)
		}
	}
	switch {
	case m.Convertible && m.spec == meta.Spec2:
	case m.Convertible:
		p.field("upgrade", "to spec 2: yes")
	case m.why != nil && m.spec != "":
		p.field("upgrade", "to spec 2: no: "+m.why.Error())
	}
	for _, w := range m.warnings {
		p.field("warning", w)
	}
	for _, l := range m.losses {
		p.field("loss", l)
	}
	p.Blank()
	return p.flush(env)
}

// printProblem writes the place, what is wrong there, and what to do.
func printProblem(p printer, level string, e meta.Problem) {
	style := terminal.Red
	switch advice.Level(level) {
	case advice.Warning:
		style = terminal.Yellow
	case advice.Note:
		style = terminal.Dim
	}
	place := e.At()
	if e.Line > 0 {
		place = strings.TrimSuffix(fmt.Sprintf("line %d: %s", e.Line, place), ": ")
	}
	text := e.Message
	if place != "" {
		text = place + ": " + text
	}
	p.Item(terminal.Span{Style: style, Text: level}, terminal.Span{Text: text})
	if e.Hint != "" {
		p.Item(terminal.Span{Style: terminal.Dim, Text: "hint"}, terminal.Span{Style: terminal.Dim, Text: e.Hint})
	}
}
