package inventory

import (
	"nacre/cpan"
)

// Check is one piece of advice on what a project says that it requires,
// compared with what its sources load. inventory/check makes them.
type Check struct {
	Kind   CheckKind   `json:"kind"`
	Module cpan.Module `json:"module"`
	Dist   cpan.Dist   `json:"dist,omitempty"` // "" where nothing tells it
	// At is where it is loaded, or declared; the first place is the one to
	// look at.
	At []Evidence `json:"at,omitempty"`
	// Why is one sentence, without a full stop.
	Why string `json:"why"`
	// Unless is what would make the advice wrong, to be read behind "unless";
	// "" where nothing is known that would.
	Unless string `json:"unless,omitempty"`
	// Advisories are those that a minimum admits.
	Advisories []string `json:"advisories,omitempty"`
	Change     *Change  `json:"change,omitempty"`
}

// Change is the change that a piece of advice asks for, as lines of the
// project's cpanfile. Where the requirement is stated in another file, File and
// Line are that one's, and After says in a cpanfile's words what to state there.
//
//	Before  After
//	        text   add the line
//	text    text   put one in the other's place
//	text           take the line away
//	               take the requirement away, which shares its line with others
type Change struct {
	File   string `json:"file"`
	Line   int    `json:"line,omitempty"` // from 1; 0 adds a line
	Before string `json:"before,omitempty"`
	After  string `json:"after,omitempty"`
}

// CheckKind is what a piece of advice is about.
type CheckKind string

// The kinds, in the order in which they are told.
const (
	Phantom     CheckKind = "phantom"      // loaded at run time, and declared by nobody
	TestPhantom CheckKind = "test-phantom" // the same in tests
	Zombie      CheckKind = "zombie"       // declared, and nothing loads it
	TestOnly    CheckKind = "test-only"    // required at run time, and only tests load it
	Minimum     CheckKind = "minimum"      // the range admits versions with known flaws
	InCore      CheckKind = "core"         // perl ships it, at a version that is enough
)

// CheckKinds are all kinds, in their order.
func CheckKinds() []CheckKind {
	return []CheckKind{Phantom, TestPhantom, Zombie, TestOnly, Minimum, InCore}
}
