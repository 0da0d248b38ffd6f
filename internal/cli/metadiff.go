package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"nacre/internal/command"
	"nacre/jsondoc"
	"nacre/meta"
	"nacre/terminal"
)

// metaDifference is one line of nacre meta diff --format json.
type metaDifference struct {
	Path     []string        `json:"path"`
	A        json.RawMessage `json:"a"`
	B        json.RawMessage `json:"b"`
	Spelling bool            `json:"spelling"`
}

// unreadMeta is a place that could not be compared.
type unreadMeta struct {
	In      string   `json:"in"` // "a" or "b"
	Path    []string `json:"path"`
	Message string   `json:"message"`
}

func newMetaDiff(env *Env) *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Say where two META or MYMETA files mean different things",
		Long: `Compare what two META or MYMETA files mean, whatever version of the
specification each follows: both are brought to version 2, and where only one
has that version, it is first brought to what 1.4 can say. Versions that are
equal in other digits (1.10 and 1.1), and lists in another order, are named as
another spelling. Which program wrote the files is not compared.

What one file has and cannot be read is named, and not compared. The status is 1
where they mean different things, 3 where they may because of that, and 0 else.`,
		Example: `  nacre meta diff Foo-Bar/META.json Foo-Bar/META.yml
  nacre meta diff --format json Foo-Bar/META.json Foo-Bar/MYMETA.json`,
		Args: cobra.ExactArgs(2),
		RunE: func(c *cobra.Command, args []string) error {
			asJSON, err := isJSONFormat(c, format)
			if err != nil {
				return err
			}
			a, err := readMeta(env, args[0])
			if err != nil {
				return err
			}
			b, err := readMeta(env, args[1])
			if err != nil {
				return err
			}
			d := meta.Diff(a, b)
			if asJSON {
				err = writeMetaDiff(env, d)
			} else {
				err = printMetaDiff(env, args[0], args[1], d)
			}
			switch {
			case err != nil:
				return err
			case !d.Equal():
				return command.Status(1)
			case len(d.Unread) > 0:
				return command.Status(3)
			}
			return nil
		},
	}
	formatFlag(c, &format)
	return c
}

func writeMetaDiff(env *Env, d meta.Comparison) error {
	out, err := jsonLines(env, "nacre.meta-diff/1")
	if err != nil {
		return err
	}
	for _, x := range d.Differences {
		line := struct {
			Difference metaDifference `json:"difference"`
		}{metaDifference{x.Path, oneLineJSON(x.A), oneLineJSON(x.B), x.IsSpelling}}
		if err := out.Encode(line); err != nil {
			return err
		}
	}
	unread := []unreadMeta{}
	for _, u := range d.Unread {
		in := "a"
		if u.InB {
			in = "b"
		}
		unread = append(unread, unreadMeta{in, u.Path, u.Message})
	}
	return out.Encode(struct {
		Summary any `json:"summary"`
	}{struct {
		As     meta.Spec    `json:"as"`
		Equal  bool         `json:"equal"`
		Unread []unreadMeta `json:"unread"`
	}{d.As, d.Equal() && len(unread) == 0, unread}})
}

func printMetaDiff(env *Env, a, b string, d meta.Comparison) error {
	p := newPrinter(env)
	if len(d.Differences) > 0 {
		p.Item(terminal.Span{Style: terminal.Red, Text: "-"}, terminal.Span{Text: a})
		p.Item(terminal.Span{Style: terminal.Green, Text: "+"}, terminal.Span{Text: b})
		p.Blank()
	}
	for _, x := range d.Differences {
		title := x.At()
		if x.IsSpelling {
			title += ": the same in another spelling"
		}
		p.title(title, "")
		p.Item(terminal.Span{Style: terminal.Red, Text: "-"}, terminal.Span{Text: valueText(x.A)})
		p.Item(terminal.Span{Style: terminal.Green, Text: "+"}, terminal.Span{Text: valueText(x.B)})
		p.Blank()
	}
	for _, u := range d.Unread {
		name := a
		if u.InB {
			name = b
		}
		p.field("unread", strings.TrimSpace(name+": "+u.At()+": "+u.Message))
	}
	if len(d.Unread) > 0 {
		p.Blank()
	}
	inTerms := ""
	if d.As != meta.Spec2 {
		inTerms = ", in what spec " + string(d.As) + " can say"
	}
	spellings := 0
	for _, x := range d.Differences {
		if x.IsSpelling {
			spellings++
		}
	}
	switch {
	case d.Equal() && len(d.Unread) > 0:
		p.text(0, "What could be read means the same"+inTerms+"; "+counted(len(d.Unread), "place")+" could not be compared.")
	case d.Equal():
		p.text(0, "Both mean the same"+inTerms+".")
	case spellings > 0:
		p.text(0, counted(len(d.Differences)-spellings, "difference")+inTerms+", and "+fmt.Sprint(spellings)+" of spelling.")
	default:
		p.text(0, counted(len(d.Differences), "difference")+inTerms+".")
	}
	return p.flush(env)
}

// valueText is a value on one line.
func valueText(n *jsondoc.Node) string {
	if n.Is(jsondoc.KindNull) {
		return "not stated"
	}
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(oneLineJSON(n)); err != nil {
		return err.Error()
	}
	return strings.TrimSpace(b.String())
}
