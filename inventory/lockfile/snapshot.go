// Package lockfile reads lists of exact versions: carton's cpanfile.snapshot,
// which cpm reads and carmel writes too, and plain lists of "Dist==Version"
// lines.
//
// A snapshot, format version 1.0:
//
//	# carton snapshot format: version 1.0
//	DISTRIBUTIONS
//	  Foo-Bar-1.23
//	    pathname: A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
//	    provides:
//	      Foo::Bar 1.23
//	      Foo::Bar::Util undef
//	    requirements:
//	      Other::Module >= 1.0, < 2
//	      perl 5.010
//
// The indents are 2, 4 and 6 blanks exactly. Lines may end in CR LF. What a
// distribution is called comes from its pathname, as CPAN::DistnameInfo reads
// it, and not from its heading; a heading that says otherwise is noted.
//
// The requirements of a snapshot merge those of configure, build and run time
// and leave tests out, so an edge says [inventory.Merged], and a distribution
// that nothing requires has no known path.
//
// Promised: versions are exact and never taken for a minimum, each fact has its
// line, and a line that is not of the format is an error, not skipped. Where
// carton itself would silently cut a value ("1.2a" to "1.2") the whole text is
// kept and noted. A pathname in no author's folder (a git checkout, a private
// mirror's file) is kept and noted: what is on record about a distribution of
// that name may not be about this one. Not promised: that the file fits the
// project's cpanfile, or that the release is on CPAN at all.
//
// Source: Carton::Snapshot::Parser and Carton::Snapshot::Emitter of carton 1.0.
package lockfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// Bounds of a snapshot. The largest ones in use hold under 2,000 distributions
// of some 40 lines each.
const (
	maxSnapshot   = 16 << 20 // bytes
	maxLine       = 64 << 10 // bytes
	maxDists      = 20_000
	maxProperties = 200_000 // modules provided and required
)

const hintLarge = "the file is far larger than its kind ever is; check that it is the right one"

// Snapshot is one cpanfile.snapshot, in the order of the file.
type Snapshot struct {
	Dists []Dist
}

// Dist is one entry of a snapshot.
type Dist struct {
	Heading  string // "Foo-Bar-1.23", as written
	Line     int    // of the heading
	Pathname string // as written
	// Release is what the pathname says; its Dist is empty where that is no
	// archive's name.
	Release  cpan.Release
	Provides []Provide
	Requires []Require
}

// Provide is a module that a distribution provides.
type Provide struct {
	Module  cpan.Module
	Version string // as written; "undef" for none
	Line    int
	Cut     bool // carton would read less than Version
}

// Require is a module that a distribution requires.
type Require struct {
	Module cpan.Module
	Range  string // as written
	Line   int
	Cut    bool // carton would read less than Range
}

// firstLine begins every snapshot of the format that is read here.
const firstLine = "# carton snapshot format: version 1.0"

// ParseSnapshot reads a snapshot. An error names the line.
func ParseSnapshot(r io.Reader) (Snapshot, error) {
	p := parser{}
	lines := bufio.NewScanner(limit.Reader(r, maxSnapshot, "snapshot size"))
	lines.Buffer(make([]byte, 0, 4096), maxLine)
	for lines.Scan() {
		p.line++
		if err := p.read(strings.TrimSuffix(lines.Text(), "\r")); err != nil {
			return Snapshot{}, err
		}
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		p.line++
		return Snapshot{}, p.fail("longer than %d bytes (limit: snapshot line)", maxLine)
	} else if err != nil {
		return Snapshot{}, err
	}
	return p.end()
}

// section is the part of an entry that property lines belong to.
type section uint8

const (
	noSection section = iota
	provides
	requirements
)

type parser struct {
	line  int
	blank int // first of the blank lines just read, 0 if none
	props int // property lines so far
	in    section
	out   Snapshot
}

// fail is an error at the current line.
func (p *parser) fail(format string, args ...any) *fault.Error {
	return fault.New(fault.Invalid, "line %d: %s", p.line, fmt.Sprintf(format, args...)).
		WithHint("the file is not what carton writes; run carton install to write it anew")
}

func (p *parser) read(line string) error {
	switch p.line {
	case 1:
		if line != firstLine {
			return p.fail("%.60q is not the first line of a carton snapshot", line).
				WithHint("the first line must be %q", firstLine)
		}
		return nil
	case 2:
		if line != "DISTRIBUTIONS" {
			return p.fail("%.60q stands where DISTRIBUTIONS belongs", line)
		}
		return nil
	}
	if strings.TrimSpace(line) == "" { // allowed at the end, as in carton
		if p.blank == 0 {
			p.blank = p.line
		}
		return nil
	}
	if p.blank != 0 {
		p.line = p.blank
		return p.fail("blank line inside the list")
	}
	text := strings.TrimLeft(line, " ")
	switch indent := len(line) - len(text); {
	case indent == 2:
		return p.heading(text)
	case len(p.out.Dists) == 0:
		return p.fail("%.60q stands before the first distribution", line)
	case indent == 4:
		return p.key(text)
	case indent == 6 && p.in != noSection:
		return p.property(text)
	}
	return p.fail("%.60q is indented as no line of a snapshot is", line)
}

func (p *parser) heading(text string) error {
	if err := p.closed(); err != nil {
		return err
	}
	if strings.ContainsAny(text, " \t") {
		return p.fail("%.60q is no distribution", text)
	}
	if len(p.out.Dists) == maxDists {
		return p.fail("more than %d distributions (limit: snapshot distributions)", maxDists).WithHint(hintLarge)
	}
	p.in = noSection
	p.out.Dists = append(p.out.Dists, Dist{Heading: text, Line: p.line})
	return nil
}

// closed reports an entry that ended without a pathname: nothing else says
// what was locked.
func (p *parser) closed() error {
	if n := len(p.out.Dists); n > 0 && p.out.Dists[n-1].Pathname == "" {
		d := p.out.Dists[n-1]
		p.line = d.Line
		return p.fail("%.60q has no pathname", d.Heading)
	}
	return nil
}

func (p *parser) key(text string) error {
	d := &p.out.Dists[len(p.out.Dists)-1]
	switch {
	case text == "provides:":
		p.in = provides
		return nil
	case text == "requirements:":
		p.in = requirements
		return nil
	}
	path, ok := strings.CutPrefix(text, "pathname: ")
	if !ok {
		return p.fail("%.60q is not pathname, provides or requirements", text)
	}
	if d.Pathname != "" {
		return p.fail("%.60q has a second pathname", d.Heading)
	}
	if path == "" {
		return p.fail("%.60q has an empty pathname", d.Heading)
	}
	p.in = noSection
	d.Pathname, d.Release = path, cpan.ParsePath(path)
	return nil
}

func (p *parser) property(text string) error {
	name, value, ok := strings.Cut(text, " ")
	if !ok || value == "" {
		return p.fail("%.60q is not a module and a version", text)
	}
	m, err := cpan.ParseModule(name)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "line %d", p.line)
	}
	if p.props++; p.props > maxProperties {
		return p.fail("more than %d modules (limit: snapshot modules)", maxProperties).WithHint(hintLarge)
	}
	d := &p.out.Dists[len(p.out.Dists)-1]
	if p.in == provides {
		d.Provides = append(d.Provides, Provide{m, value, p.line, isCut(value)})
	} else {
		d.Requires = append(d.Requires, Require{m, value, p.line, isCut(value)})
	}
	return nil
}

// isCut reports whether carton's pattern, which is not anchored at the end,
// would read only a part of a value.
func isCut(value string) bool {
	return value != "undef" && strings.Trim(value, "v0123456789._,=!<> ") != ""
}

func (p *parser) end() (Snapshot, error) {
	if p.line < 2 {
		p.line++
		return Snapshot{}, p.fail("the file ends before DISTRIBUTIONS")
	}
	if err := p.closed(); err != nil {
		return Snapshot{}, err
	}
	return p.out, nil
}
