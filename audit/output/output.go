// Package output prints an audit's stream: as text for people, and as documents
// for machines.
//
//	h, err := output.New("text", w, output.Options{Color: true, Width: 80})
//	...
//	sum, err := sift.Tell(config, h, run)
//	...
//	err = h.Close()
//
//	text    for people, at most 80 columns
//	json    the stream itself, JSON Lines (nacre.audit/1)
//	sarif   SARIF 2.1.0
//	html    one file for a browser, without scripts
//
// Every form but json is written when the handler is closed. All of them tell
// the reader to report privately what is new, since a true finding in something
// that others use is a vulnerability that nobody has published.
//
// Promised: the same stream gives the same bytes; a stream of any strings
// whatever gives a valid document, and nothing of it that a terminal or a
// browser obeys. Not promised: the wording and layout of text and HTML.
package output

import (
	"io"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/fault"
)

// Handler takes a stream. Close writes what is still to be written; it does not
// close the writer.
type Handler interface {
	audit.Handler
	Close() error
}

// Options are about the place that is written to, and what is known of rules.
type Options struct {
	Color bool // text may use colour
	Width int  // of the terminal in columns, 0 if unknown
	// Doc gives a rule's file; nil, or false, where it is not known, as in a
	// recorded stream of another version.
	Doc func(id string) (*audit.Doc, bool)
}

var formats = []struct {
	name  string
	print func(io.Writer, *stream, Options) error
}{
	{"text", printText},
	{"sarif", printSARIF},
	{"html", printHTML},
}

// Names lists the formats.
func Names() []string {
	var names []string
	for _, f := range formats {
		names = append(names, f.name)
	}
	return slices.Insert(names, 1, "json")
}

// New gives the handler that prints a format to w. An unknown name is an
// Invalid error.
func New(name string, w io.Writer, o Options) (Handler, error) {
	if name == "json" {
		return audit.NewEncoder(w), nil
	}
	for _, f := range formats {
		if f.name == name {
			return &collector{w: w, o: o, print: f.print}, nil
		}
	}
	return nil, fault.New(fault.Invalid, "no output format is called %q", name).
		WithHint("the formats are %s", strings.Join(Names(), ", "))
}

// stream is a whole stream.
type stream struct {
	config   audit.Config
	findings []audit.Finding
	notes    []audit.Note
	summary  *audit.Summary // nil where the stream ended early
}

// collector keeps a stream until it is closed.
type collector struct {
	w     io.Writer
	o     Options
	print func(io.Writer, *stream, Options) error
	s     stream
}

func (c *collector) Handle(m audit.Message) error {
	switch {
	case m.Config != nil:
		c.s.config = *m.Config
	case m.Finding != nil:
		c.s.findings = append(c.s.findings, *m.Finding)
	case m.Note != nil:
		c.s.notes = append(c.s.notes, *m.Note)
	case m.Summary != nil:
		c.s.summary = m.Summary
	}
	return nil
}

func (c *collector) Close() error { return c.print(c.w, &c.s, c.o) }

// doc gives the file of a rule.
func (o Options) doc(id string) *audit.Doc {
	if o.Doc != nil {
		if d, ok := o.Doc(id); ok {
			return d
		}
	}
	return &audit.Doc{ID: id}
}
