// Package policy reads, checks and makes the SECURITY file of a distribution:
// the page that tells somebody who has found a vulnerability whom to write to,
// and what happens then.
//
//	# Security policy of Acme-Demo
//
//	Report a vulnerability by mail to <security@acme-demo.example>, not in public.
//	The latest release on CPAN is supported.
//
// is a document with one contact, and without a date, which is finding S07:
//
//	doc, _ := policy.Read("SECURITY.md", text)
//	for _, f := range policy.Check(doc, policy.Facts{Dist: "Acme-Demo", Now: now}) {
//		fmt.Println(f.ID, f.Title) // S07 it has no date
//	}
//	text, _ := policy.New(policy.Minimal, policy.Terms{Dist: "Acme-Demo", Contact: "security@acme-demo.example", Date: now})
//
// The file is prose for people and is read as such: headings and words tell what
// a paragraph is about. Rules lists what is checked.
//
// Promised: reading costs time in proportion to the text, which may have 64
// KiB; what New writes passes Check with the same facts, and is the same for the
// same terms; no contact is guessed from anywhere.
//
// Not promised: that somebody reads the address, or that a text in another
// language than English is understood: what it says is then told as missing.
// Whether somebody whom META names is a present maintainer is not known here.
//
// Sources: the CPAN Security Group's Guidelines for Adding a Security Policy to
// Perl Distributions, version 1.5.0; RFC 9116 for security.txt; RFC 9110, 5.6.7
// for HTTP-date. The texts of the forms are this project's own, under 0BSD, so
// that who uses them owes nobody a note.
package policy

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
	"nacre/meta"
	"nacre/perlver"
)

// GuideVersion is the version of the guide whose rules are checked, and Guide
// its address.
const (
	GuideVersion = "1.5.0"
	Guide        = "https://security.metacpan.org/docs/guides/security-policy-for-authors.html"
)

// lazy gives a regular expression that is compiled when it is first used: all of
// them together would cost every start of the program four milliseconds.
func lazy(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// maxSize bounds a SECURITY file; the longest known has 20 KB.
const maxSize = 64 << 10

// Facts are what a release says elsewhere. What a zero field would tell is not
// checked.
type Facts struct {
	Dist        cpan.Dist
	Version     string          // of the release, as written
	Mails       []string        // addresses of META's author and resources.bugtracker.mailto
	Released    time.Time       // when the release was made
	MinimumPerl perlver.Version // that META requires
	Embedded    []string        // names of the libraries that the release carries
	Now         time.Time
}

// Document is one SECURITY file.
type Document struct {
	File string

	paragraphs []paragraph
	html       int // the line of the first HTML tag, 0 for none
}

// paragraph is a run of text: a paragraph, an item of a list, a row of a table
// or a heading.
type paragraph struct {
	text    string // on one line, without emphasis
	line    int    // of its first line
	lines   []string
	heading bool
	section string // the heading above
}

// lineOf is the line in which a part of the text stands.
func (p *paragraph) lineOf(part string) int {
	for i, l := range p.lines {
		if strings.Contains(l, part) {
			return p.line + i
		}
	}
	return p.line
}

// Read reads a SECURITY file. The name tells its markup: .pod is POD, and all
// else is read as Markdown, of which plain text is a part.
func Read(name string, text []byte) (*Document, error) {
	if _, err := limit.ReadAll(bytes.NewReader(text), maxSize, "policy size"); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read %s", fault.Quote(name))
	}
	d := &Document{File: name}
	lines := strings.Split(strings.ToValidUTF8(strings.TrimPrefix(string(text), "\ufeff"), "\ufffd"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " \t\r")
	}
	if strings.HasSuffix(strings.ToLower(name), ".pod") {
		d.pod(lines)
	} else {
		d.markdown(lines)
	}
	section := ""
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		if p.heading {
			section = p.text
		}
		p.section = section
	}
	return d, nil
}

// FactsOf takes from META what a policy is compared with.
func FactsOf(f meta.Fields) Facts {
	known := Facts{Version: f.Version, Mails: Addresses(strings.Join(append(slices.Clone(f.Authors), f.Resources.BugtrackerTo), "\n"))}
	if d, err := cpan.ParseDist(f.Name); err == nil {
		known.Dist = d
	}
	for _, p := range f.Prereqs {
		if p.Module == "perl" && p.Phase == "runtime" && p.Relation == "requires" && p.Feature == "" && p.Err == nil {
			known.MinimumPerl, _ = p.Requirement.Minimum()
		}
	}
	return known
}
