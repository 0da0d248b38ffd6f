// Package output prints a scan's stream: as text for people, and as documents
// for machines and for pull requests.
//
//	h, err := output.New("text", w, output.Options{Color: true, Width: 80})
//	...
//	sum, err := scan.Run(ctx, inv, adv, opt, h)
//	...
//	err = h.Close()
//
// Each format is a [Handler] and knows nothing but the messages, so that a
// recorded stream prints like a live one. A format other than json needs the
// whole stream and writes when it is closed; a stream that ends early is
// printed as far as it goes, and says so.
//
//	text             for people, at most 80 columns
//	json             the stream itself, JSON Lines (nacre.scan/1)
//	sarif            SARIF 2.1.0, for code scanning services
//	openvex          OpenVEX 0.2.0
//	cyclonedx        CycloneDX 1.6, as VEX
//	csaf             CSAF 2.0, as VEX
//	junit            JUnit's XML, a test case for each component
//	csv              RFC 4180, a row for each finding
//	html             one file for a browser
//	markdown         for pull requests, GitHub Flavored Markdown
//	github           workflow commands of GitHub Actions
//	gitlab           a Code Quality report of GitLab
//	cpan-audit       what the program cpan-audit prints
//	cpan-audit-json  what cpan-audit --json prints
//
// Promised: the same stream gives the same bytes; a stream of any strings
// whatever gives a valid document, and no control character, escape sequence
// or text direction mark of it gets to a terminal. Not promised: the wording
// and layout of text and Markdown.
package output

import (
	"bufio"
	"io"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/scan"
)

// Handler takes a stream. Close writes what is still to be written; it does not
// close the writer. The one who calls New calls Close once, after the last
// message, whether the scan failed or not.
type Handler interface {
	scan.Handler
	Close() error
}

// Options are about the place that is written to.
type Options struct {
	// Color allows the formats text and cpan-audit to use colour: set it
	// where the writer is a terminal and nobody objects.
	Color bool
	// Width is the width of the terminal in columns, 0 if unknown. Text is
	// never wider than 80, nor narrower than 40.
	Width int
}

// formats are the formats that are written at the end, in the order in which
// they are listed to people; json is the other one.
var formats = []struct {
	name  string
	print func(io.Writer, *stream, Options) error
}{
	{"text", printText},
	{"sarif", printSARIF},
	{"openvex", printOpenVEX},
	{"cyclonedx", printCycloneDX},
	{"csaf", printCSAF},
	{"junit", printJUnit},
	{"csv", printCSV},
	{"html", printHTML},
	{"markdown", printMarkdown},
	{"github", printGitHub},
	{"gitlab", printGitLab},
	{"cpan-audit", printCPANAudit},
	{"cpan-audit-json", printCPANAuditJSON},
}

// Names lists the formats.
func Names() []string {
	names := []string{}
	for _, f := range formats {
		names = append(names, f.name)
	}
	return slices.Insert(names, 1, "json")
}

// New gives the handler that prints a format to w. An unknown name is an
// Invalid error.
func New(name string, w io.Writer, o Options) (Handler, error) {
	if name == "json" {
		return scan.NewEncoder(w), nil
	}
	for _, f := range formats {
		if f.name == name {
			return &collector{w: w, o: o, print: f.print}, nil
		}
	}
	return nil, fault.New(fault.Invalid, "no output format is called %q", name).
		WithHint("the formats are %s", list(Names()))
}

// stream is a whole stream.
type stream struct {
	config   scan.Config
	findings []scan.Finding
	fixes    []scan.Fix
	notices  []scan.Notice
	summary  *scan.Summary // nil where the stream ended early
	byDist   map[cpan.Dist]*remedyPlan
	anchored *inventory.Evidence // nil until somebody asks for the anchor
}

// remedyPlan is a fix, with what it mends at hand.
type remedyPlan struct {
	*scan.Fix
	clears, remains map[string]bool // by the keys of ids
}

func idSet(ids []advisory.ID) map[string]bool {
	all := make(map[string]bool, len(ids))
	for _, id := range ids {
		all[id.Key()] = true
	}
	return all
}

// partial reports whether the answer is not the whole truth.
func (s *stream) partial() bool { return s.summary == nil || s.summary.Partial }

// fixOf gives the plan that deals with a finding, nil if there is none.
func (s *stream) fixOf(f *scan.Finding) *remedyPlan {
	if f.Component.Package != nil {
		return nil // plans are for what is installed from CPAN
	}
	if s.byDist == nil {
		s.byDist = make(map[cpan.Dist]*remedyPlan, len(s.fixes))
		for i := range s.fixes {
			f := &s.fixes[i]
			s.byDist[f.Dist] = &remedyPlan{Fix: f, clears: idSet(f.Clears), remains: idSet(f.Remaining)}
		}
	}
	return s.byDist[f.Component.Dist]
}

// collector keeps a stream and prints it at the end.
type collector struct {
	stream stream
	w      io.Writer
	o      Options
	print  func(io.Writer, *stream, Options) error
}

// Handle keeps a message.
func (c *collector) Handle(m scan.Message) error {
	switch s := &c.stream; {
	case m.Config != nil:
		s.config = *m.Config
	case m.Finding != nil:
		s.findings = append(s.findings, *m.Finding)
	case m.Fix != nil:
		s.fixes = append(s.fixes, *m.Fix)
	case m.Notice != nil:
		s.notices = append(s.notices, *m.Notice)
	case m.Summary != nil:
		s.summary = m.Summary
	default:
		return fault.New(fault.Invalid, "print scan: message is empty")
	}
	return nil
}

// Close prints the stream.
func (c *collector) Close() error {
	w := bufio.NewWriter(c.w)
	if err := c.print(w, &c.stream, c.o); err != nil {
		return err
	}
	return w.Flush()
}
