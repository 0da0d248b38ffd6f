package cli

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/purl"
	"nacre/terminal"
)

// purlSchema is what the first line of --format json names.
const purlSchema = "nacre.purl/1"

func newPurl(env *Env) *cobra.Command {
	c := &cobra.Command{
		Use:   "purl",
		Short: "Read, write, check and resolve package URLs",
		Long: `Package URLs name what a bill of materials or an advisory is about:
pkg:cpan/libwww-perl@6.76?author=AUTHOR. These commands read and write them,
check them, and look up what they name. nacre purl guide says which to use when.

With --batch most of them answer one question a line of standard input with one
JSON object a line.`,
		Example: "  nacre purl lint 'pkg:cpan/Foo::Bar@1.20'",
	}
	c.AddCommand(newPurlParse(env), newPurlMake(env), newPurlLint(env), newPurlNormalise(env), newPurlConvert(env),
		newPurlResolve(env), newPurlExplain(env), newPurlFromModule(env), newPurlFromOSPackage(env), newPurlGuide(env))
	return c
}

// purlVerb is a command that answers a question about one text: an argument, or
// with --batch a line of standard input.
type purlVerb struct {
	arg string // what the argument is called
	// solve gives the answer as a JSON object and as text. An error that is an
	// command.Status comes with an answer.
	solve func(input string) (answer any, write func(printer), err error)
	// failed is the JSON object of a text without an answer; nil is failure.
	failed func(input string, err error) any
	// open makes ready what the flags ask for; nil is nothing.
	open func(isBatch bool) (done func(), err error)
	// several is set where the command takes several arguments.
	several bool
}

// ofPurl reads what solve is to answer about.
func ofPurl(solve func(input string, p purl.PURL) (any, func(printer), error)) func(string) (any, func(printer), error) {
	return func(input string) (any, func(printer), error) {
		p, err := purl.Parse(input)
		if err != nil {
			return nil, nil, err
		}
		return solve(input, p)
	}
}

// failure is the answer to a text that has none.
type failure struct {
	Input string `json:"input"`
	Error string `json:"error"`
}

// attach makes c ask v.
func (v purlVerb) attach(env *Env, c *cobra.Command) *cobra.Command {
	var isBatch bool
	var format string
	c.Use += " " + v.arg
	c.Args = cobra.ArbitraryArgs
	c.Flags().BoolVar(&isBatch, "batch", false, "answer each line of standard input with a JSON object")
	formatFlag(c, &format)
	if v.failed == nil {
		v.failed = func(input string, err error) any { return failure{input, oneLine(err.Error())} }
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		asJSON, err := isJSONFormat(c, format)
		switch {
		case err != nil:
			return err
		case isBatch && len(args) > 0:
			return command.Usage(c, errors.New("--batch reads standard input and takes no arguments"))
		case !isBatch && (len(args) == 0 || len(args) > 1 && !v.several):
			return command.Usage(c, fmt.Errorf("%s expected", v.arg))
		}
		if v.open != nil {
			done, err := v.open(isBatch)
			if err != nil {
				return err
			}
			defer done()
		}
		if isBatch {
			return batch(c.Context(), env, v.line)
		}
		return v.each(env, args, asJSON)
	}
	return c
}

// line answers one line of a batch.
func (v purlVerb) line(w *bufio.Writer, line string, tooLong error) {
	if tooLong != nil {
		encodeLine(w, v.failed("", tooLong))
		return
	}
	answer, _, err := v.solve(line)
	if status := command.Status(0); err != nil && !errors.As(err, &status) {
		answer = v.failed(line, err)
	}
	encodeLine(w, answer)
}

// encodeLine writes a value as one line of JSON. What cannot be written shows
// at the next flush.
func encodeLine(w io.Writer, value any) {
	e := json.NewEncoder(terminal.Inert(w))
	e.SetEscapeHTML(false)
	_ = e.Encode(value)
}

// each answers the arguments, and ends with the gravest of their statuses.
func (v purlVerb) each(env *Env, args []string, asJSON bool) error {
	var out *json.Encoder
	if asJSON {
		var err error
		if out, err = jsonLines(env, purlSchema); err != nil {
			return err
		}
	}
	var status command.Status
	for i, arg := range args {
		answer, write, err := v.solve(arg)
		var s command.Status
		if err != nil && !errors.As(err, &s) {
			if asJSON {
				err = errors.Join(err, out.Encode(v.failed(arg, err)))
			}
			return err
		}
		status = max(status, s)
		if asJSON {
			if err := out.Encode(answer); err != nil {
				return err
			}
			continue
		}
		p := newPrinter(env)
		if i > 0 {
			p.linef("")
		}
		write(p)
		if err := p.flush(env); err != nil {
			return err
		}
	}
	if status != 0 {
		return status
	}
	return nil
}
