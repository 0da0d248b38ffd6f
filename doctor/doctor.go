// Package doctor is the check-up of a distribution for its author: what in a
// checkout or a release would make somebody stumble, why it matters, and how to
// mend it, with a patch where a program can propose one.
//
//	report, err := doctor.Examine(ctx, fsys, doctor.Options{Archive: "Acme-Demo-1.02.tar.gz", Now: now})
//	report.Findings[0].ID    == "L05"
//	report.Findings[0].Title == "code.google.com is closed since 2016"
//	report.Patch             // for git apply, or patch -p1
//
// It looks at eight areas, in this order: metadata, links, contacts, security
// policy, requirements, licence, changelog, advisories, and the CPAN-META/
// folder where there is one. Rules lists what is looked for.
//
// Promised: nothing is run, changed or asked of the network: links and addresses
// are judged by their form alone. The same files, database and time give the same
// findings. A proposal is made only where the right text follows from what is
// there, and Patch holds all of them that go together. The number of findings is
// no grade: a note asks for nothing.
//
// Not promised: that an address is read, or that a link leads somewhere. What
// could not be looked at is in Notices, and a notice that is partial says that
// silence is no answer there.
//
// Sources: CPAN::Meta::Spec 2; the CPAN Security Group's guide for authors and
// its glossary (phantom, zombie); announcements of the forges that are named.
package doctor

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"nacre/advice"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/limit"
	"nacre/meta"
	"nacre/meta/directory"
	"nacre/release"
	"nacre/scan"
)

// Database is what a check-up asks the advisory data. Implementations answer from
// one state of the data.
type Database interface {
	scan.Advisories
	all.ModuleTable
}

// Options are what a check-up is told.
type Options struct {
	// Archive is the file name of the release whose files these are, "" for a
	// checkout.
	Archive string
	// Data is the advisory data; nil leaves out what rests on it, and a notice
	// says so.
	Data Database
	// Perl is the perl that the project is for, "" where its own files say.
	Perl string
	Now  time.Time
}

// Report is the result of a check-up.
type Report struct {
	Name     string // of the distribution, "" unknown
	Version  string
	Findings []advice.Finding // by area, then level, id and place
	Notices  []inventory.Notice
	Patch    string // all proposals that go together, "" for none
	Left     int    // proposals that Patch leaves out: others touch the same lines, or there are too many
}

// IsPartial reports whether something could not be looked at.
func (r *Report) IsPartial() bool {
	return slices.ContainsFunc(r.Notices, func(n inventory.Notice) bool { return n.Partial })
}

// Areas are the areas in their order.
func Areas() []string {
	return []string{"metadata", "links", "contacts", "security policy", "requirements", "licence", "changelog", "advisories", "CPAN-META"}
}

// lazy gives a regular expression that is compiled when it is first used: other
// commands start without waiting for what only a check-up needs.
func lazy(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}

// examination is the state of one check-up.
type examination struct {
	fsys fs.FS
	opt  Options

	facts *release.Facts
	tool  *tool
	docs  []document // META.json and META.yml, as far as they can be read
	inv   *inventory.Inventory

	version string // of the release
	dist    cpan.Dist

	out     []found
	notices []inventory.Notice
	texts   map[string]string // files that were read, for proposals
	open    *bool             // see isOpen; nil before anybody asked
}

// document is one META file.
type document struct {
	name string
	*meta.Document
}

// found is a finding with its proposal.
type found struct {
	advice.Finding
	edits []edit
}

// Examine looks through the root of a checkout or a release.
func Examine(ctx context.Context, fsys fs.FS, opt Options) (Report, error) {
	e := &examination{fsys: fsys, opt: opt, texts: map[string]string{}}
	if err := e.read(ctx); err != nil {
		return Report{}, fmt.Errorf("examine: %w", err)
	}
	e.tool = e.madeBy()
	e.metadata()
	e.links()
	e.contacts()
	e.documentation()
	e.licence()
	e.changelog()
	for _, step := range []func(context.Context) error{e.policy, e.requirements, e.advisories, e.directory} {
		if err := step(ctx); err != nil {
			return Report{}, fmt.Errorf("examine: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return Report{}, fault.Wrap(fault.Canceled, err, "examine")
		}
	}
	e.cpanfileAgainstMeta()
	e.lowestPerl() // behind the requirements, which may have told
	return e.report(), nil
}

// read reads what all areas need.
func (e *examination) read(ctx context.Context) error {
	var err error
	if e.facts, err = release.Read(ctx, e.fsys, release.Options{File: e.opt.Archive}); err != nil {
		return err
	}
	for _, n := range e.facts.Notes {
		e.notices = append(e.notices, inventory.Notice{Text: n, Partial: true})
	}
	names := []string{"META.json", "META.yml"}
	if _, err := fs.Stat(e.fsys, names[0]); err != nil && e.opt.Archive == "" {
		if _, err := fs.Stat(e.fsys, names[1]); err != nil {
			names = []string{"MYMETA.json"} // a checkout that was configured has this one
		}
	}
	for _, name := range names {
		text, ok := e.text(name)
		if !ok {
			continue
		}
		doc, err := meta.ParseDocument(name, []byte(text))
		if err != nil {
			e.add("M02", name, 0, name+" cannot be read: "+err.Error(), "let the build tool write it again, or mend it there")
			continue
		}
		e.docs = append(e.docs, document{name, doc})
	}
	opt := all.Options{Perl: e.opt.Perl, Release: e.opt.Archive}
	if e.opt.Data != nil {
		opt.Modules = e.opt.Data
	} else {
		e.notices = append(e.notices, inventory.Notice{Text: "no advisory data: advisories, and distributions of modules, were not looked up", Partial: true})
	}
	inv, err := all.Read(ctx, e.fsys, opt)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		e.notices = append(e.notices, inventory.Notice{Text: "no file says what is required: requirements were not looked at", Partial: true})
	case fault.KindOf(err) == fault.Invalid:
		e.notices = append(e.notices, inventory.Notice{Text: "requirements were not looked at: " + err.Error(), Partial: true})
	case err != nil:
		return err
	default:
		e.inv = &inv
		e.notices = append(e.notices, inv.Notices...)
	}
	name := e.facts.Name.Value
	if name == "" && e.inv != nil {
		name = e.inv.Name
	}
	if d, err := cpan.ParseDist(name); err == nil {
		e.dist = d
	}
	e.version = e.facts.Version.Value
	return nil
}

// text gives a file of the root, "" and false where it is not there or cannot be
// read.
func (e *examination) text(name string) (string, bool) {
	if s, ok := e.texts[name]; ok {
		return s, true
	}
	b, err := limit.ReadFile(e.fsys, name, limit.Metadata, "text file size")
	if err != nil {
		return "", false
	}
	e.texts[name] = string(b)
	return string(b), true
}

// add adds a finding of a rule, with what is proposed.
func (e *examination) add(id, file string, line int, title, how string, edits ...edit) {
	e.out = append(e.out, found{Rules().Find(id, file, line, title, how), edits})
}

// take takes findings of another check into an area.
func (e *examination) take(area string, all []advice.Finding) {
	for _, f := range all {
		f.Area = area
		e.out = append(e.out, found{Finding: f})
	}
}

// unread says that one area was not looked at, which is no reason to leave out
// the others; only the end of the whole check-up is an error.
func (e *examination) unread(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return err
	}
	e.notices = append(e.notices, inventory.Notice{Text: what + " was not looked at: " + err.Error(), Partial: true})
	return nil
}

// directory looks at CPAN-META/.
func (e *examination) directory(ctx context.Context) error {
	r, err := directory.Check(ctx, e.fsys, directory.Facts{Dist: e.dist})
	if err != nil {
		return e.unread(ctx, "CPAN-META/", err)
	}
	e.take("CPAN-META", r.Findings)
	return nil
}

func (e *examination) report() Report {
	areas := Areas()
	rank := map[advice.Level]int{advice.Error: 0, advice.Warning: 1, advice.Note: 2}
	slices.SortStableFunc(e.out, func(a, b found) int {
		return cmp.Or(
			cmp.Compare(slices.Index(areas, a.Area), slices.Index(areas, b.Area)),
			cmp.Compare(rank[a.Level], rank[b.Level]),
			cmp.Compare(a.ID, b.ID),
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Title, b.Title),
		)
	})
	r := Report{Name: string(e.dist), Version: e.version, Notices: e.notices}
	if r.Name == "" {
		r.Name = strings.TrimSpace(e.facts.Name.Value)
	}
	r.Patch, r.Left = e.patches()
	if slices.ContainsFunc(e.out, func(f found) bool { return strings.HasPrefix(f.File, "META.") && f.ID != "M02" }) {
		r.Notices = append(r.Notices, inventory.Notice{Text: e.tool.made()})
	}
	for i := range e.out {
		r.Findings = append(r.Findings, e.out[i].Finding)
	}
	return r
}
