package cli

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"nacre/bom"
	"nacre/bom/formats"
	"nacre/fault"
	"nacre/internal/command"
	"nacre/purl"
	"nacre/terminal"
)

// billEdit is what the commands that change bills share: where the result goes,
// and how it is told what they did.
type billEdit struct {
	env         *Env
	to, out     string
	reportLines bool // JSON on standard error, not text
	format      string
}

// flags adds the flags of a result.
func (e *billEdit) flags(c *cobra.Command) {
	c.Flags().StringVar(&e.to, "to", "", "the format to write (default that of the first file)")
	c.Flags().StringVarP(&e.out, "output", "o", "", "write to this file")
	c.Flags().StringVar(&e.format, "format", "text", "how to tell what was done, on standard error: text or json")
}

// ready checks the flags.
func (e *billEdit) ready(c *cobra.Command) (err error) {
	e.reportLines, err = isJSONFormat(c, e.format)
	if err == nil && e.to != "" {
		_, err = formats.Parse(e.to)
	}
	return err
}

// read reads a bill, and gives the SHA-256 of its bytes.
func (e *billEdit) read(name string) (*bom.Bill, bom.Hash, error) {
	b, err := billBytes(e.env, name)
	if err != nil {
		return nil, bom.Hash{}, err
	}
	bill, err := formats.Read(b)
	if err != nil {
		return nil, bom.Hash{}, inFolder(nameOf(name), err)
	}
	sum := sha256.Sum256(b)
	return bill, bom.Hash{Algorithm: "SHA-256", Value: hex.EncodeToString(sum[:])}, nil
}

// stamp says in a bill when, and by what, it was changed.
func (e *billEdit) stamp(b *bom.Bill) {
	b.Created = e.env.Now().UTC().Format("2006-01-02T15:04:05Z")
	own := bom.Tool{Vendor: "Nacre", Name: "nacre", Version: command.ThisBuild().Version}
	if !slices.ContainsFunc(b.Tools, func(t bom.Tool) bool { return t.Name == own.Name && t.Version == own.Version }) {
		b.Tools = append(slices.Clip(b.Tools), own)
	}
}

// serial is a new serial number: drawn, or with SOURCE_DATE_EPOCH a digest.
func (e *billEdit) serial(parts ...string) (string, error) {
	if e.env.Getenv("SOURCE_DATE_EPOCH") != "" {
		return bom.DigestSerial(append(parts, command.ThisBuild().Version)...), nil
	}
	return bom.RandomSerial(rand.Reader)
}

// write writes the result in the format that was asked for, else in like, and
// tells what was lost.
func (e *billEdit) write(b *bom.Bill, like bom.Format) error {
	if e.to != "" {
		f, err := formats.Parse(e.to)
		if err != nil {
			return err
		}
		like = f
	}
	doc, losses, err := formats.Write(b, like)
	if err != nil {
		return fault.Wrap(fault.KindOf(err), err, "write the bill").WithHint("name another format: --to cyclonedx-1.6")
	}
	if err := writeOut(e.env, e.out, func(w io.Writer) error { _, err := w.Write(doc); return err }); err != nil {
		return err
	}
	return reportLosses(e.env.Stderr, losses, e.format)
}

// tell tells a person or a program one thing that was done or found.
func (e *billEdit) tell(kind, text string, value any) error {
	return e.say(kind, kind, text, value)
}

// say tells it with another word in front for people than for programs: theirs
// has nine columns.
func (e *billEdit) say(word, kind, text string, value any) error {
	if !e.reportLines {
		p := terminal.NewPage(e.env.Width, false)
		p.Item(terminal.Span{Text: word}, terminal.Span{Text: text})
		_, err := io.WriteString(e.env.Stderr, p.String())
		return err
	}
	line, err := json.Marshal(map[string]any{kind: value})
	if err == nil {
		_, err = fmt.Fprintf(terminal.Inert(e.env.Stderr), "%s\n", line)
	}
	return err
}

// thing reads NAME@VERSION, NAME, or a package URL as a component.
func thing(s string) (*bom.Component, error) {
	c := &bom.Component{Type: "application", Ref: s, Name: s}
	if strings.HasPrefix(s, "pkg:") {
		p, err := purl.Parse(s)
		if err != nil {
			return nil, err
		}
		c.Ref, c.PURL, c.Name, c.Version = p.String(), p.String(), p.Name(), p.Version()
		return c, nil
	}
	if i := strings.LastIndexByte(s, '@'); i > 0 {
		c.Name, c.Version = s[:i], s[i+1:]
	}
	if c.Name == "" {
		return nil, fault.New(fault.Invalid, "--root: a name is needed").WithHint("NAME@VERSION, or a package URL")
	}
	return c, nil
}
