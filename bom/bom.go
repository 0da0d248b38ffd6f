// Package bom is one bill of materials, in no format's words: what a piece of
// software is made of, who says so, and what nobody knows.
//
//	b := bom.Bill{Type: bom.Source, Root: &bom.Component{
//		Ref: "pkg:cpan/Foo-Bar@1.20", Name: "Foo-Bar", Version: "1.20", PURL: "pkg:cpan/Foo-Bar@1.20",
//		Licenses: []bom.License{{Expression: "MIT", Claim: bom.Declared}},
//		Origins:  []bom.Origin{{Field: "licenses", From: bom.Stated, Detail: "META.json license"}},
//		Unknown:  []string{"copyright"},
//	}}
//
// bom/cyclonedx and bom/spdx read and write it. What a format has and the model
// has not stays in Raw, the piece of the document that a value was read from: a
// writer of the same format begins with it, so that an edit loses nothing; a
// writer of another format lists it as a [Loss].
//
// Promised: an attribute is stated, or its name stands in Unknown or Redacted,
// or nobody looked. Nothing is guessed. [Bill.Sort] gives one order to whatever
// order things were found in.
//
// Not promised: that a Bill is consistent; package sbom/profile checks that.
//
// Sources: CycloneDX 1.2 to 1.7 (ECMA-424), SPDX 2.2, 2.3 (ISO/IEC 5962) and
// 3.0.1; NTIA's and CISA's minimum elements for the words.
package bom

import (
	"nacre/jsondoc"
)

// Bounds on a document that is read.
const (
	MaxSize       = 64 << 20 // bytes
	MaxComponents = 200_000  // components of components included
	MaxDepth      = 64       // components in components
	MaxEdges      = 2_000_000
)

// Format names a format and its version, as in {"CycloneDX", "1.6", "json"}.
type Format struct {
	Name     string // "CycloneDX", "SPDX"
	Version  string // "1.6", "2.3", "3.0.1"
	Encoding string // "json", "xml", "tag-value"
}

// String gives "CycloneDX 1.6 (xml)"; JSON goes without saying.
func (f Format) String() string {
	s := f.Name + " " + f.Version
	if f.Encoding != "json" && f.Encoding != "" {
		s += " (" + f.Encoding + ")"
	}
	return s
}

// Type is when and from what a bill was made, in CISA's words.
type Type string

// The types.
const (
	Design   Type = "design"   // of what is planned
	Source   Type = "source"   // of a release or a checkout; requirements are ranges
	Build    Type = "build"    // of a lock file or a build: exact versions
	Analyzed Type = "analyzed" // of a foreign artefact, examined afterwards
	Deployed Type = "deployed" // of an installed tree or image
	Runtime  Type = "runtime"  // of what a running program loaded
)

// Bill is a whole bill.
type Bill struct {
	Format   Format // that it was read from; zero for one that was made
	Serial   string // "urn:uuid:..." or another URI; "" none
	Revision int    // of the bill with this serial, from 1; 0 not stated
	Created  string // RFC 3339; "" not stated
	Type     Type   // "" not stated

	Authors      []Party // who made the bill
	Manufacturer *Party  // who answers for it, as BSI TR-03183-2 asks
	Supplier     *Party
	Tools        []Tool
	Licenses     []License // of the bill itself
	Sharing      string    // TLP: "CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"; "" not stated
	Comment      string

	Root         *Component   // what the bill is of; nil not stated
	Components   []*Component // without the root; parts of a component are in it
	Edges        []Edge
	Compositions []Composition
	References   []Reference
	Properties   []Property
	// Vulnerabilities is how many the document lists itself.
	Vulnerabilities int
	// Signed is set where the document carries a signature inside, which any
	// change makes void.
	Signed bool

	// Raw is the document that it was read from; nil for one that was made.
	Raw *jsondoc.Node
}

// Tool is a program that made the bill.
type Tool struct {
	Vendor, Name, Version string
	PURL                  string
	Hashes                []Hash
	Raw                   *jsondoc.Node
}

// Party is a person or an organization.
type Party struct {
	Person   bool // false for an organization, and where it is not stated
	Name     string
	Email    string
	URLs     []string
	Contacts []Party // people of an organization
	Raw      *jsondoc.Node
}

// Property is a name and a value beyond the standard; a name may come twice.
type Property struct{ Name, Value string }

// Hash is a digest of bytes. Algorithm is upper case with a hyphen, "SHA-256";
// Value is lower-case hex.
type Hash struct{ Algorithm, Value string }

// Reference is a link to something outside. Type is CycloneDX's word: "vcs",
// "issue-tracker", "website", "distribution", "source-distribution",
// "security-contact", "rfc-9116", "license", "release-notes", "chat",
// "mailing-list", "bom", "advisories", "other", ...
type Reference struct {
	Type, URL, Comment string
	Hashes             []Hash
	Raw                *jsondoc.Node
}

// Relation is how one component needs another.
type Relation uint8

// The relations. CycloneDX knows only DependsOn, and the scope of a component.
const (
	DependsOn Relation = iota // at run time, or not stated
	Optional
	Configure
	BuildTime
	Test
	Develop
	Provided // by the host: perl, a library of the system
)

// String gives the relation's word, as in "optional".
func (r Relation) String() string {
	return [...]string{"depends on", "optional", "configure", "build", "test", "develop", "provided"}[r]
}

// Edge says that the component From needs To; both are refs.
type Edge struct {
	From, To string
	Relation Relation
	Line     int           // where it is stated in the document that was read, from 1; 0 not known
	Raw      *jsondoc.Node // SPDX: the relationship
}

// Composition says how complete the parts of some components, and what they
// depend on, are known.
type Composition struct {
	// Aggregate is "complete", "incomplete", "incomplete_first_party_only",
	// "incomplete_third_party_only", "unknown", "not_specified" and so on.
	Aggregate    string
	Assemblies   []string // refs whose parts it is about
	Dependencies []string // refs whose dependencies it is about
	Line         int      // as in Edge
	Raw          *jsondoc.Node
}

// Loss is something that a format could not take over.
type Loss struct {
	Pointer string // JSON pointer into the document that was read, or into the model's names
	What    string // "citations have no place in CycloneDX 1.6"
}
