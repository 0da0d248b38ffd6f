// Package inventory is what a piece of software is made of: components, who
// requires them, and the evidence for each. The packages below it read one
// source each (inventory/lockfile, inventory/metafile, ...); inventory/all
// tries them all on a folder.
//
// A component is a distribution of CPAN, a copy of one inside perl, or perl
// itself. Its version is exact, or it is known only as a requirement; a minimum
// is never taken for a version. What no source says is empty, and why is in
// Notes.
//
//	Plack 1.0047 from cpanfile.snapshot line 812, required at run time by
//	petshop itself (cpanfile line 3) and by Dancer2 0.400001
package inventory

import (
	"cmp"
	"context"
	"io/fs"
	"strconv"

	"nacre/cpan"
	"nacre/perlver"
)

// Kind says how a component is known.
type Kind uint8

// The kinds.
const (
	Exact       Kind = iota // one release, at one version
	Required                // a requirement only: Requirement says what is allowed
	Core                    // a module's copy inside perl
	Interpreter             // perl
)

// Component is one part.
type Component struct {
	Kind Kind
	// Dist is the distribution; for a module that no source maps to one it
	// is empty, and Modules names the module.
	Dist cpan.Dist
	// Version is the exact version as its source spells it; "" where only
	// Requirement is known, or nothing.
	Version     string
	Requirement *perlver.Requirement
	// Shipped are the versions that a Core component can have where perl
	// itself is known only as a minimum, lowest perl first; nil otherwise.
	Shipped []string
	// MayLack is set where some of those perls ship no copy at all.
	MayLack bool

	Author cpan.Author // "" where the source does not tell
	Path   string      // canonical path below authors/id, "" unknown

	// Place is the folder of @INC that the component is installed in, as a
	// slash path from the root that was looked at; "" where none is known.
	Place string
	// Elsewhere is the address that it is taken from instead of CPAN: it has
	// no package URL then, and may be anything of that name. "" for none.
	Elsewhere string
	// ByName is set where no record says which distribution the modules are
	// of, and Dist was told from their names.
	ByName bool
	// Guessed is set where Dist is nothing but the name of a module with
	// hyphens, which is often right and sometimes wrong.
	Guessed bool
	// Package is the package of the operating system that carries the
	// component; nil for none.
	Package *Package

	// Ships are the modules of its core that an Interpreter was found with,
	// sorted; nil where nobody looked. A system may package some apart.
	Ships []cpan.Module

	// Modules are the component's modules that the source names, sorted.
	Modules []cpan.Module
	// Direct is set where the project itself requires the component.
	Direct bool
	// InBill are its references in the bill of materials that lists it.
	InBill []string
	// Itself is set for the release that is looked at itself.
	Itself bool
	// Scope is the strongest of the scopes in which it is needed.
	Scope    Scope
	Evidence []Evidence
	// Notes are doubts and facts a reader must know: "dynamic_config is set",
	// "same distribution twice".
	Notes []string
}

// Ref is the component's name in text and in streams; two components have the
// same where a source names a release twice: "Plack@1.0047", or
// "Plack" where no exact version is known; for a module without a known
// distribution "module LWP::UserAgent".
func (c *Component) Ref() string {
	switch {
	case c.Dist == "" && len(c.Modules) > 0:
		return "module " + string(c.Modules[0])
	case c.Version == "":
		return string(c.Dist)
	case c.Kind == Core:
		return string(c.Dist) + "@" + c.Version + " (in perl)"
	}
	return string(c.Dist) + "@" + c.Version
}

// Scope is a phase and a relation of CPAN::Meta::Spec, or what a source says
// instead.
type Scope uint8

// The scopes, strongest first.
const (
	Runtime  Scope = iota
	Merged         // a lock's requirements: configure, build and run time in one
	Optional       // recommended or suggested at run time, or a feature
	Configure
	Build
	Test
	Develop
	Shipped // part of perl, required by nobody that is known
)

// Evidence is where a component was seen.
type Evidence struct {
	File string `json:"file"`           // slash path from the root that was looked at
	Line int    `json:"line,omitempty"` // from 1; 0 is the whole file
	How  string `json:"how"`            // "cpanfile.snapshot", "META.json provides", ...
}

// String gives "file:line (how)", as far as it is known.
func (e Evidence) String() string {
	s := e.File
	if e.Line > 0 {
		s += ":" + strconv.Itoa(e.Line)
	}
	switch {
	case s == "":
		return e.How
	case e.How != "" && e.How != e.File:
		s += " (" + e.How + ")"
	}
	return s
}

// Edge says that one component requires a module of another. Sources leave To
// at -1; inventory/all links it, and what nothing provides becomes a component
// of its own.
type Edge struct {
	From, To int // indexes into Components; From is -1 for the project itself
	Module   cpan.Module
	Range    string // the requirement as written; "" and "0" are any version
	Scope    Scope
	Evidence Evidence
	// Phase, Relation and Feature are the requirement's own words, as in
	// meta.Prereq; "" where its source does not state them.
	Phase, Relation, Feature string
	// Elsewhere is the address that the requirement says to take the module
	// from instead of CPAN, of a repository or an archive; "" for none.
	Elsewhere string
	// Ignores are the advisories that a comment beside the requirement says to
	// ignore, as written.
	Ignores []string
}

// Notice is something that a reader of the inventory must know and that no
// component carries.
type Notice struct {
	// Partial is set where the inventory is not the whole truth because of it.
	Partial bool     `json:"partial,omitempty"`
	Text    string   `json:"text"`
	At      Evidence `json:"at,omitzero"`
}

// Perl is what is known of the perl that runs the project.
type Perl struct {
	// Version is exact, or the declared minimum where AtLeast is set; the
	// zero Version is unknown.
	Version perlver.Version
	AtLeast bool
	// From says who says so: "--perl", "cpanfile:2", "META.json:9".
	From string
	// InTable is false where the table of core modules does not hold it.
	InTable bool
}

// Package is a package of an operating system. Its maker may have mended what
// the upstream version lets one expect to be vulnerable.
type Package struct {
	Manager string `json:"manager"` // "dpkg", "apk" or "rpm", whose order of versions holds
	Name    string `json:"name"`
	Version string `json:"version"` // with epoch and revision, as the database has it
	// Source is the source package that it is built from, and SourceVersion
	// that one's version, where they differ from Name and Version or not.
	Source        string `json:"source"`
	SourceVersion string `json:"source_version"`
	// Dist is the distribution that the package's own papers name (Debian's
	// copyright file, the URL of an RPM or of Alpine's package), "" where they
	// name none, or several; Upstream is the part of Version that says which
	// release of it, "" where that cannot be told.
	Dist     cpan.Dist `json:"dist,omitempty"`
	Upstream string    `json:"upstream,omitempty"`
	// Distro is ID and VERSION_ID of os-release, "debian:12", "alpine:3.19",
	// "rhel:9.4"; VERSION_ID is left out where it is not stated. "" unknown.
	Distro string `json:"distro,omitempty"`
	// Codename is VERSION_CODENAME of os-release, "bookworm"; "" not stated.
	Codename string `json:"codename,omitempty"`
	// Changelog holds the ids of CVEs that the package's changelog names,
	// sorted: weak evidence that they are mended.
	Changelog []string `json:"changelog,omitempty"`

	// What the package's own papers state, for bills of materials; "" where they
	// do not.
	Arch       string `json:"-"` // "amd64"
	Maintainer string `json:"-"` // "NAME <MAIL>", or a name alone
	Summary    string `json:"-"` // one line
	Homepage   string `json:"-"`
	License    string `json:"-"` // in the words of the system: "Artistic or GPL-1+"
	// Depends are the names that it needs to be there: packages, of alternatives
	// all, and of RPM also what packages provide, "perl(Foo::Bar)". Sorted.
	Depends []string `json:"-"`
}

// Found is a module in a tree, without a record of the distribution that it
// came with. inventory/all makes components of them.
type Found struct {
	Module cpan.Module
	// Version is the text that perl would make of the module's $VERSION, ""
	// where it has none; Dynamic is set where only running it would tell.
	Version string
	Dynamic bool
	// From says who says the version where it is not the module's own file:
	// "rpm provides", "package version" (upstream's part of it), "perllocal.pod".
	From string
	// Unread is set where the file was not read, because a module above this
	// one by name, in the same package, states a version: see ospkg.Read.
	Unread  bool
	File    string   // slash path from the root that was looked at
	Place   string   // the folder of @INC, as in Component
	Package *Package // nil for none
}

// Bill is the bill of materials that components were read from.
type Bill struct {
	Format   string `json:"format"`           // "CycloneDX 1.6"
	Serial   string `json:"serial,omitempty"` // "urn:uuid:...", the document's namespace; "" none
	Revision int    `json:"revision,omitempty"`
}

// Inventory is what was found.
type Inventory struct {
	Name       string        // the project's own name, "" unknown
	Version    string        // the project's own version, as written; "" unknown
	Own        []cpan.Module // modules that the project provides itself
	Components []Component
	Edges      []Edge
	Conflicts  []Edge // what the project states that it does not go with; no component is known by them
	OfPerl     []Edge // what the project states of perl itself, which Perl is the sum of
	Perl       Perl
	Bill       *Bill // nil for none
	Notices    []Notice

	// Found are modules that inventory/all has yet to make components of.
	Found []Found
	// claimed are files that a source has accounted for.
	claimed map[string]bool
}

// Claim marks a file, a slash path from the root that is looked at, as accounted
// for: sources that are asked later leave it alone.
func (inv *Inventory) Claim(file string) {
	if inv.claimed == nil {
		inv.claimed = map[string]bool{}
	}
	inv.claimed[file] = true
}

// Claimed reports whether a source has accounted for a file.
func (inv *Inventory) Claimed(file string) bool { return inv.claimed[file] }

// Source finds components. Find looks for its files in fsys and adds what they
// say to inv; a folder without its files is no error and reports found =
// false. It never runs anything, and the same bytes give the same result.
type Source interface {
	// Name is the source's name: "cpanfile.snapshot".
	Name() string
	Find(ctx context.Context, fsys fs.FS, inv *Inventory) (found bool, err error)
}

// Compare orders components by distribution, kind, version text, and first
// module.
func Compare(a, b Component) int {
	first := func(c Component) cpan.Module {
		if len(c.Modules) == 0 {
			return ""
		}
		return c.Modules[0]
	}
	return cmp.Or(
		cmp.Compare(a.Dist, b.Dist),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Version, b.Version),
		cmp.Compare(first(a), first(b)),
	)
}

// String gives the scope's word, as in "runtime".
func (s Scope) String() string {
	if int(s) < len(scopeNames) {
		return scopeNames[s]
	}
	return "unknown"
}

var scopeNames = [...]string{
	Runtime:   "runtime",
	Merged:    "locked",
	Optional:  "optional",
	Configure: "configure",
	Build:     "build",
	Test:      "test",
	Develop:   "develop",
	Shipped:   "shipped",
}

// String gives the kind's word, as in "exact".
func (k Kind) String() string {
	if int(k) < len(kindNames) {
		return kindNames[k]
	}
	return "unknown"
}

var kindNames = [...]string{Exact: "exact", Required: "required", Core: "core", Interpreter: "interpreter"}
