// Package release reads what one release of a distribution says of itself, and
// keeps with every value where it stands:
//
//	facts, err := release.Read(ctx, fsys, release.Options{File: "Foo-Bar-1.20.tar.gz"})
//	facts.Version == release.Text{Value: "1.20", Origin: release.Archive}
//	facts.Abstract == release.Text{Value: "bars for foos", Origin: release.Meta, File: "META.json"}
//	facts.License.Expression.String() == "Artistic-1.0-Perl OR GPL-1.0-or-later"
//	facts.Changes.Entries[0] == release.Entry{Version: "1.20", Date: "2024-05-16", Line: 3}
//
// Read are META.json or META.yml, the files for licences, copyright, changes
// and security at the top, the POD of the main module, the packages of every
// module, and the revision that a checkout is at.
//
// Promised: nothing is run, and nothing is guessed: a value that nobody states
// is the zero Text. Where the name of the archive and META disagree, both are
// kept, and Disagreements says so. What a text tells (Evidence, Copyright) is
// told beside what the author declares, never in its place. The same files give
// the same answer.
//
// Not promised: that what is stated is true. A licence's text in a folder of
// examples may be another's; an address may be dead.
//
// Sources: CPAN::Meta::Spec 2; CPAN::Changes::Spec 0.4 and what changelogs look
// like without it; SPDX 2.3 annex E and the REUSE specification 3; RFC 9116;
// gitrepository-layout(5).
package release

import (
	"nacre/cpan"
	"nacre/license"
	"nacre/meta"
)

// Origin is where a value comes from.
type Origin string

// The origins. The zero Origin is that of a value nobody states.
const (
	Meta     Origin = "meta"     // the author, in META.json or META.yml
	Written  Origin = "file"     // the author, in another file of the release
	Archive  Origin = "archive"  // the name of the archive
	Computed Origin = "computed" // read out of the sources, or counted
)

// Text is a value with where it comes from.
type Text struct {
	Value  string
	Origin Origin // "" where Value is
	File   string // slash path from the root; "" for the archive's name
	Line   int    // from 1; 0 is the whole file, or not known
}

// Facts are what a release says of itself.
type Facts struct {
	// Meta is what MetaFile states; nil where there is none that can be read.
	Meta     *meta.Fields
	MetaFile string // "META.json", "META.yml", "" none

	// Name and Version are the distribution's: Name as META has it, else the
	// archive's name; Version as the archive's name has it, else META.
	Name, Version Text
	Abstract      Text
	Description   Text
	Authors       []Author // as META has them
	License       License
	// Evidence are the licences that files of the release hold or name, the
	// files for licences first; at most 200.
	Evidence []LicenseEvidence
	// LicenseFiles are the files that hold nothing but a licence, by their
	// names: LICENSE, COPYING, LICENSES/MIT.txt.
	LicenseFiles []string
	// Copyright are the lines that claim it, each once; at most 100.
	Copyright []Text

	Homepage      Text
	Repository    Text // the address for the version control program, else that for people
	RepositoryWeb Text
	RepositoryVCS Text // "git"
	Bugtracker    Text // a page
	BugtrackerTo  Text // a mail address
	LicenseURLs   []Text
	Chats         []Text // resources.x_IRC
	MailingLists  []Text // resources.x_MailingList

	Security Security
	Changes  *Changes // nil where there is no changelog
	Commit   Text     // the revision in the repository, in hex

	// Type is "application" for programs without a module, else "library"; ""
	// where there is neither.
	Type       string
	MainModule cpan.Module // that the distribution is named after, or the only one; "" not known
	Modules    []Module    // sorted by name
	Programs   []string    // slash paths, sorted
	// XS lists what is compiled when the release is built: .xs files, typemaps,
	// modules that load Inline.
	XS []string

	GeneratedBy   Text
	ReleaseStatus Text
	// Dynamic is META's dynamic_config; true where META does not state it, and
	// where there is no META.
	Dynamic bool
	// Static is META's x_static_install.
	Static bool

	// Disagreements are sentences on statements that contradict one another.
	Disagreements []string
	// Notes say what could not be read, and which limit was hit.
	Notes []string
}

// Author is one of META's authors: "A. U. Thor <author@example.org>".
type Author struct {
	Name, Mail string // Mail "" where none is stated
	Text       string // as written
}

// License is what the author declares.
type License struct {
	// Expression is x_spdx_expression where it can be read, else the licence of
	// META's one name. It is zero where several names are stated, which META
	// has no word to join, and where none is.
	Expression license.Expression
	From       Text            // x_spdx_expression as written, or the one of Names
	Named      []license.Named // of each of Names, in order
	Names      []string        // META's names, in the words of spec 2
	Confidence float64         // of Expression, from 0 to 1
}

// LicenseEvidence is a licence that a file holds or names.
type LicenseEvidence struct {
	license.Evidence        // its Line is that of the file
	File             string // slash path from the root
}

// Module is a package that the release provides.
type Module struct {
	Name    cpan.Module
	Version Text // "" where none is stated, or where only running it would tell
	Dynamic bool // only running it would tell the version
	File    string
}

// Security is what a release says on whom to tell of a vulnerability.
type Security struct {
	// Policy is the SECURITY file, at the top or in .github or docs; "" none.
	Policy string
	// Text is the security.txt of RFC 9116; "" none.
	Text string
	// Contacts are addresses as they are stated: URLs, with mailto: before mail
	// addresses. The first is the one that is named first in the policy; those
	// of security.txt and of META's x_ keys follow.
	Contacts []Text
}

// Options are what Read is told.
type Options struct {
	// File is the name of the archive, with or without folders; "" for a
	// checkout.
	File string
	// Folder is the one folder that all of the archive lies in, "Foo-Bar-1.20";
	// "" for none. It speaks where File does not: packagers call an archive by
	// a name of their own, and leave what is in it.
	Folder string
	// Dist is what the distribution is called by what builds it; "" not known.
	// It counts where neither META nor the archive tell.
	Dist string
	// Brief leaves the texts for people alone: licences, copyright, changes.
	Brief bool
}
