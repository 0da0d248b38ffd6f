package curation

import (
	"fmt"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
)

// Kind is what an overlay does; it is the overlay's first key.
type Kind string

// The kinds.
const (
	Correct       Kind = "correct"
	Link          Kind = "link"
	FalsePositive Kind = "false-positive"
	Complete      Kind = "complete"
	Describe      Kind = "describe"
	Allow         Kind = "allow"
)

// Kinds lists all kinds.
func Kinds() []Kind {
	return []Kind{Correct, Link, FalsePositive, Complete, Describe, Allow}
}

// Roles lists the roles in which an overlay is written. They are few and fixed, so
// that nobody has to put a name there.
func Roles() []string { return []string{"triage", "cna", "author", "packager", "operator"} }

// Overlay is one correction. What does not belong to its kind is zero.
type Overlay struct {
	Kind Kind
	// IDs are what it is about: two or more of a Link, one or more of an Allow, and
	// else one.
	IDs  []advisory.ID
	Dist cpan.Dist

	File string // slash path below the folder
	Line int    // of its first key, from 1

	Reason   string
	Role     string
	Date     advisory.Date
	Upstream string // an http address; "" where the sources have not been told

	InsteadOf       string   // the only source that is corrected; "" is all
	Affected, Fixed []string // elements in CPANSA's grammar
	Modules         []cpan.Module
	Files           []string
	Routines        []string
	Title           string
	Severity        advisory.Severity
	CWEs            []string
}

// Where is file and line, "Foo-Bar.yaml:12".
func (o *Overlay) Where() string { return fmt.Sprintf("%s:%d", o.File, o.Line) }

// Target is what the overlay is about, in words: "CVE-2099-0001 of Foo-Bar".
func (o *Overlay) Target() string {
	ids := make([]string, len(o.IDs))
	for i, id := range o.IDs {
		ids[i] = string(id)
	}
	s := strings.Join(ids, ", ")
	if o.Dist != "" {
		s += " of " + string(o.Dist)
	}
	return s
}

// describes names the fields of a record that a Describe fills in.
func (o *Overlay) describes() []string {
	var fields []string
	if o.Title != "" {
		fields = append(fields, "title")
	}
	if o.Severity != advisory.SeverityUnknown {
		fields = append(fields, "severity")
	}
	if len(o.CWEs) > 0 {
		fields = append(fields, "cwes")
	}
	return fields
}

// Set is a folder of overlays, in order of file and line.
type Set struct {
	Overlays []Overlay
}

// Allowed gives the CVE ids whose records are about CPAN although nothing in them
// says so, each with the reason: what a reader of the CVE List has to be asked for.
func (s *Set) Allowed() map[advisory.ID]string {
	reasons := map[advisory.ID]string{}
	for i := range s.Overlays {
		if o := &s.Overlays[i]; o.Kind == Allow {
			for _, id := range o.IDs {
				reasons[id] = o.Reason
			}
		}
	}
	return reasons
}
