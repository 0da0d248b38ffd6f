// Package bundled finds what a release ships that is not its own: libraries in
// C and JavaScript, fonts, modules of other distributions; and what it links
// with that is not on CPAN.
//
//	found, err := bundled.Find(ctx, fsys, bundled.Options{Dist: "Foo-Bar"})
//	found.Libraries[0] == bundled.Library{
//		Name: "zlib", Version: "1.2.11", Kind: bundled.C, Dir: "zlib-src",
//		PURL: "pkg:generic/zlib@1.2.11",
//		Evidence: []bundled.Evidence{{File: "zlib-src/zlib.h", Line: 40, How: "ZLIB_VERSION", Confidence: 0.8}},
//		...
//	}
//	found.Needs[0] == bundled.Need{Name: "ssl", Kind: bundled.Linked, ...}
//
// A library is told by what its own files say: the macro that holds its
// version, the banner at the top of a script, a package.json beside it. Which
// marks are known is in c.txt and js.txt. A folder of sources in C that has no
// known mark is a Library without a name: embedded, and unidentified. The name
// of a file (jquery-3.5.1.min.js) is weak evidence, and says so. What nothing
// identifies, and what nothing here can read, stands in Unidentified.
//
// Promised: nothing is run; each library comes with the file and line that it
// was told from and how sure that is; a version is what the files state, and
// "" where they do not; the same files give the same answer. A limit that was
// hit is an error or stands in Notes.
//
// Not promised: that a library is as its authors released it. Whoever embeds
// one may have patched it, and its version says nothing about that. Nor that a
// file is used at all.
//
// Sources: the public headers and release files of the libraries named in the
// tables; App::FatPacker 0.010 for what it writes; Module::Install for inc/.
package bundled

import (
	"nacre/cpan"
)

// Kind is what a library is made of.
type Kind string

// The kinds.
const (
	C          Kind = "c" // and C++
	JavaScript Kind = "javascript"
	CSS        Kind = "css"
	Perl       Kind = "perl"
	Font       Kind = "font"
)

// Library is one library that a release ships.
type Library struct {
	// Name is the library's own: "zlib", "jquery"; of Perl the distribution, or
	// the module where nobody says which distribution it is of. "" is a folder
	// of sources in C that nothing identifies.
	Name string
	// Version is what its files state, as written; "" unknown.
	Version string
	Kind    Kind
	// Dir is the folder that holds its files, as a slash path from the root.
	Dir string
	// Files are its files as far as they can be told from others, sorted. Those
	// of a program that modules were packed into are that program.
	Files []string
	// Modules are the modules of Perl that it consists of, sorted.
	Modules []cpan.Module
	// PURL is its package URL where name and version leave no doubt; "" else.
	PURL string
	// License is the SPDX expression of the licence that its own files hold or
	// name; "" where they do not, or name several.
	License string
	// Evidence is what it was told from, the surest first.
	Evidence []Evidence
}

// Evidence is a place that tells a library, or a need for one.
type Evidence struct {
	File string // slash path from the root
	Line int    // from 1; 0 is the whole file
	// How is a macro's name ("ZLIB_VERSION"), "banner", "package.json",
	// "bower.json", "file name", "folder", "fatpacked", "index", "mark" (a line
	// that only this library has), or of needs "LIBS", "pkg-config", "Alien",
	// "check-lib", "FFI".
	How string
	// Confidence is from 0 to 1.
	Confidence float64
}

// NeedKind is in which words a need is stated.
type NeedKind string

// The kinds of needs.
const (
	Linked    NeedKind = "library"    // -lssl: Name is "ssl"
	PkgConfig NeedKind = "pkg-config" // Name is a module of pkg-config: "libxml-2.0"
	Alien     NeedKind = "alien"      // Name is a module of CPAN that finds or builds a library: "Alien::Libxml2"
)

// Need is something outside of CPAN that a release is built with or loads when
// it runs. Its version is never known from here.
type Need struct {
	Name     string
	Kind     NeedKind
	Evidence []Evidence
}

// Found is what a release ships and needs.
type Found struct {
	Libraries []Library // by Dir, Name and first evidence
	Needs     []Need    // by Kind and Name
	// XS is the first file that is compiled for perl (.xs, or what loads
	// Inline::C or its like), apart from tests and examples; "" for none. With XS,
	// and without Needs, nothing says which libraries of the system the compiled
	// half is linked with.
	XS string
	// OwnC counts the sources in C that are taken for the release's own: they
	// include perl's headers, lie beside what does, or in a folder of examples and
	// tests. Another's may be among them.
	OwnC int
	// Unidentified are files that may be another's, and of which nothing is
	// known: scripts and style sheets that no mark tells, compiled code, sources
	// in other languages, archives that nobody looked into.
	Unidentified []string
	// Untold counts the modules in lib that may be another distribution's: without
	// an index, those that are not named after this one.
	Untold int
	// Notes are doubts that a reader must know: files too large to be read
	// whole, and the like.
	Notes []string
}

// Options are what Find knows beforehand; all may be zero.
type Options struct {
	// Dist is the distribution that is looked at.
	Dist cpan.Dist
	// Owner knows the distributions of modules: an index. Without it a module
	// of another distribution that lies in lib is not told from the release's
	// own.
	Owner cpan.Owner
	// Limits bound the reading; zero fields have their defaults.
	Limits Limits
}

// Limits bound what Find costs.
type Limits struct {
	Files int   // files and folders of the tree; 200,000
	Bytes int64 // of all that is read; 512 MiB
}

const (
	maxFiles = 200_000
	maxBytes = 512 << 20
	// maxFile is how much of one file is read: amalgamated sources have several
	// megabytes, and state their version in the first part of them.
	maxFile = 1 << 20
	// maxLibraries bounds what one release can ship.
	maxLibraries = 5_000
)
