package bom

import (
	"slices"

	"nacre/jsondoc"
)

// Component is one part of the software.
type Component struct {
	Ref string // unique in the bill, and not empty
	// Unnamed is set where the document that was read states no ref, and Ref is
	// its reader's.
	Unnamed bool
	// Type is CycloneDX's word: "library", "application", "framework",
	// "platform", "operating-system", "file", "container", "data", ...
	Type    string
	Group   string // a namespace; CPAN has none
	Name    string
	Version string // exact, as spelled; "" not known, or Range says what is allowed
	Range   string // "vers:cpan/>=1.2|<2"; never beside Version
	// External is set where the component is not part of the product but has
	// to be there when it runs.
	External bool
	Scope    Scope

	PURL        string // canonical; "" none
	CPE         string
	IDs         []ID // further identifiers
	Description string

	Authors      []Party
	Supplier     *Party // who distributes it: for CPAN the uploader
	Manufacturer *Party // who made it
	Publisher    string

	Licenses  []License
	Copyright string
	Hashes    []Hash // of the archive as it was downloaded, or of the file
	File      File
	Released  string // RFC 3339; "" not known

	References []Reference
	Properties []Property
	Evidence   Evidence
	Pedigree   *Pedigree
	Parts      []*Component // what is shipped inside it

	Origins  []Origin // where attributes come from, in the order of Field
	Unknown  []string // attributes that were looked for and are not known, sorted
	Redacted []string // attributes that were taken out, sorted

	// Pointer is where it stands in the document that was read, a JSON pointer;
	// "" for one that was made. Line is that line, from 1; 0 not known.
	Pointer string
	Line    int
	Raw     *jsondoc.Node
}

// Scope is whether the product needs a component when it runs.
type Scope string

// The scopes. "" is not stated.
const (
	Required    Scope = "required"
	OptionalUse Scope = "optional"
	Excluded    Scope = "excluded" // for configuring, building, testing or developing only
)

// Stronger is the scope of what is needed in two ways: what one needs to run is
// needed to run.
func (s Scope) Stronger(other Scope) Scope {
	rank := []Scope{"", Excluded, OptionalUse, Required}
	if slices.Index(rank, other) > slices.Index(rank, s) {
		return other
	}
	return s
}

// ID is an identifier other than a package URL or CPE: "swid", "swhid",
// "omniborId", "gitoid".
type ID struct{ Type, Value string }

// File is what BSI TR-03183-2 asks about the file that a component comes as.
// The three answers are "" where nobody looked.
type File struct {
	Name       string // "Foo-Bar-1.20.tar.gz"
	Executable string // "executable", "non-executable"
	Archive    string // "archive", "no archive"
	Structured string // "structured", "unstructured"
}

// LicenseClaim is who says that a licence holds.
type LicenseClaim string

// The claims. "" is not stated.
const (
	Declared  LicenseClaim = "declared"  // by the author
	Concluded LicenseClaim = "concluded" // by who made the bill
)

// License is one licence. Exactly one of Expression, ID and Name is set.
type License struct {
	Expression string // SPDX expression of more than one id, or with a LicenseRef
	ID         string // one id of the SPDX list
	Name       string // in nobody's list
	Text       string
	URL        string
	Claim      LicenseClaim
	Raw        *jsondoc.Node
}

// String gives the expression, id or name.
func (l License) String() string {
	switch {
	case l.Expression != "":
		return l.Expression
	case l.ID != "":
		return l.ID
	}
	return l.Name
}

// Evidence is what a component was told from.
type Evidence struct {
	Identity    []Identity
	Occurrences []Occurrence
	Licenses    []License
	Copyrights  []string
	Raw         *jsondoc.Node
}

// Empty reports whether there is none.
func (e *Evidence) Empty() bool {
	return len(e.Identity) == 0 && len(e.Occurrences) == 0 && len(e.Licenses) == 0 && len(e.Copyrights) == 0 && e.Raw == nil
}

// Identity says how sure one identifying attribute is.
type Identity struct {
	Field      string // "purl", "name", "version", "hash"
	Confidence float64
	Value      string // that was concluded; "" for the component's own
	Methods    []Method
	Raw        *jsondoc.Node
}

// Method is one way of telling. Technique is CycloneDX's word:
// "manifest-analysis", "hash-comparison", "source-code-analysis", "filename",
// "attestation", "other".
type Method struct {
	Technique  string
	Confidence float64
	Value      string
}

// Occurrence is a place where a component was found.
type Occurrence struct {
	Location string // slash path from what was looked at
	Line     int    // from 1; 0 the whole file
	Raw      *jsondoc.Node
}

// Pedigree is what a component was made of, where it is not as its author
// released it.
type Pedigree struct {
	Ancestors []*Component
	Patches   []Patch
	Commits   []Commit
	Notes     string
	Raw       *jsondoc.Node
}

// Patch is a change to a component. Type is "unofficial", "monkey", "backport"
// or "cherry-pick".
type Patch struct {
	Type     string
	URL      string
	Text     string
	Resolves []Issue
	Raw      *jsondoc.Node
}

// Issue is what a patch is about. Type is "security", "defect" or "enhancement".
type Issue struct{ Type, ID, Source, URL string }

// Commit is a revision of a version control system.
type Commit struct{ UID, URL string }

// From is where an attribute comes from.
type From string

// The sources of attributes.
const (
	Stated     From = "author-stated" // META, files that the author wrote
	Index      From = "index"         // CPAN's indexes and CHECKSUMS
	Archive    From = "archive"       // the archive's name and bytes
	Computed   From = "computed"      // by Nacre, of the bytes
	ThirdParty From = "third-party"   // core list, advisory data, a package of the system
	Operator   From = "operator"      // a flag or setting of who made the bill
)

// Origin says where an attribute comes from. Field is the attribute's name in
// CycloneDX: "version", "licenses", "supplier", "hashes", ...
type Origin struct {
	Field  string
	From   From
	Detail string // "META.json license"
}
