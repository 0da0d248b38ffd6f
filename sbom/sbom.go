// Package sbom makes bills of materials from what is really there: of a
// release or a checkout, of what a lock file pins, and of what is installed.
//
//	b, err := sbom.Make(ctx, sbom.Input{Inventory: &inv, FS: fsys, Name: "petshop"}, sbom.Options{Created: now})
//	b.Type == bom.Build
//	b.Components[0].PURL == "pkg:cpan/Plack@1.0051?author=AUTHOR&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FPlack-1.0051.tar.gz"
//
// Three kinds are kept apart. A source bill lists what a release or a checkout
// requires, as ranges, because an installer has not chosen yet. A build bill
// lists the releases that a lock file pins. A deployed bill lists what lies in
// a tree, with the packages of the system that carry it, and perl. Which kind
// is made follows from what was found, unless the caller says.
//
// # What is stated, and what is not
//
// Each attribute that is set has an Origin. Each attribute of the standard set
// (version, purl, supplier, manufacturer, licenses, copyright, hashes,
// description, security-contact, distribution, source, and the four on files of
// BSI TR-03183-2) that nobody states stands in Unknown. Nothing is guessed:
//
//   - A minimum is never a version.
//   - A distribution that is only guessed from a module's name gives no package
//     URL; the guess stands in the evidence, with a low confidence.
//   - A digest is of bytes that were here: of a release's archive, or of single
//     files of an installed tree, never of an archive that nobody saw.
//   - The supplier is the uploader, by the PAUSE id in the path of the release
//     and the folder of that id on CPAN, and by name and address where an index
//     of authors is at hand.
//   - What is taken from elsewhere than CPAN, or lies in no author's folder, has
//     no package URL of CPAN.
//
// Every component stands in exactly one statement on how complete its parts are
// known, and in one on its dependencies.
//
// # Promised
//
// The same input and options give the same bill. Nothing is run, fetched or
// written.
//
// Not promised: that software which was not looked for (other languages, the
// system's own libraries) is listed; the completeness says so.
//
// Sources: CycloneDX 1.6 and 1.7 and SPDX 2.3 and 3.0.1 for the words; the
// PackageURL type cpan; CPAN::Meta::Spec 2, "dynamic_config"; BSI TR-03183-2.
// The names of properties that begin with cpan: are Nacre's own.
package sbom

import (
	"context"
	"io"
	"io/fs"
	"slices"
	"time"

	"nacre/bom"
	"nacre/bundled"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/release"
)

// Input is what a bill is made from.
type Input struct {
	// Inventory is what inventory/all found; it is not changed.
	Inventory *inventory.Inventory
	// FS is what was looked at; nil for a list.
	FS fs.FS
	// Name is what it is called where nothing in it says: the name of a folder
	// or file, without the folders above.
	Name string
	// Archive is the archive of a release that FS was unpacked from; nil for
	// none.
	Archive *Archive
	// Image is set where FS is the image of a container.
	Image bool
	// Mirror knows the releases of CPAN; nil for none.
	Mirror Mirror
}

// Archive is what is known of the bytes of a release's archive.
type Archive struct {
	File   string // its name: "Foo-Bar-1.20.tar.gz"; "" not known
	Folder string // the one that all of it lies in, "Foo-Bar-1.20"; "" for none
	Path   string // canonical, below authors/id; "" not known
	SHA256 string // lower-case hex
	SHA512 string
}

// Release is what a mirror holds of a release. All of it may be nil.
type Release struct {
	Archive  *Archive
	Facts    *release.Facts  // what the files in the archive say
	Bundled  *bundled.Found  // what is shipped in it
	Sums     *cpan.FileSums  // its entry in CHECKSUMS
	Uploader *cpan.MailAlias // who the author in its path is
}

// Mirror knows what is on CPAN. It is asked from one goroutine.
type Mirror interface {
	// OwnerOf gives the distribution that the index has for a module, false
	// where it has none.
	OwnerOf(m cpan.Module) (cpan.Dist, bool)
	// Releases gives the archives of a distribution that an index names.
	Releases(d cpan.Dist) []cpan.Release
	// Sums gives what CHECKSUMS says of a path below authors/id.
	Sums(path string) (cpan.FileSums, bool)
	// Release gives what is known of the release at a path below authors/id;
	// what is not known is nil in it. An error means that an archive is there
	// and cannot be read.
	Release(ctx context.Context, path string) (Release, error)
}

// Options are what a bill does not get from its input.
type Options struct {
	Type   bom.Type // "" is what was found
	Phases []Phase  // nil is Runtime only
	// Authors and Manufacturer are who makes the bill and who answers for it.
	Authors      []bom.Party
	Manufacturer *bom.Party
	// Created is the time that the bill bears; the zero time is that of the
	// newest file of a release's archive.
	Created time.Time
	// Reproducible makes the serial number a digest of what the bill is made
	// of; else it is drawn from Random.
	Reproducible bool
	Random       io.Reader
	// LicenseOperator joins several licences that META states, "and" or "or",
	// as the operator's own conclusion; "" leaves them apart.
	LicenseOperator string
	// Repository is the address of the repository that releases are from which
	// lie in no author's folder, or in that of a local one; "" is not known.
	Repository string
	NoPerl     bool // leave perl out, with what it ships
	Files      bool // list the files of what is installed, with digests
	ForRelease bool // the bill is to be shipped in the release itself
	// Location is where the bill will be found, for its own reference; "" none.
	Location string
	Format   string // that it will be written in: part of a reproducible serial
	Version  string // of Nacre
	// Notice is told what whoever makes the bill must know; nil is nobody.
	Notice func(string)
}

// Phase is a phase of CPAN::Meta::Spec.
type Phase string

// The phases.
const (
	Runtime   Phase = "runtime"
	Configure Phase = "configure"
	Build     Phase = "build"
	Test      Phase = "test"
	Develop   Phase = "develop"
)

// Phases are all phases.
func Phases() []Phase { return []Phase{Runtime, Configure, Build, Test, Develop} }

// Make makes a bill.
func Make(ctx context.Context, in Input, opt Options) (*bom.Bill, error) {
	m := newMaker(ctx, in, opt)
	switch m.opt.Type {
	case bom.Design, bom.Source, bom.Build, bom.Analyzed, bom.Deployed:
	default:
		return nil, fault.New(fault.Invalid, "make a bill: no such type: %s", m.opt.Type).
			WithHint("use one of design, source, build, analyzed and deployed; a runtime bill needs a list of what ran")
	}
	return m.make()
}

// typeOf is the type of the bill that what was found is enough for.
func typeOf(inv *inventory.Inventory, fsys fs.FS) bom.Type {
	deployed := false
	for i := range inv.Components {
		c := &inv.Components[i]
		switch {
		case c.Kind == inventory.Exact && !c.Itself && c.Place == "" && c.Package == nil && !named(inv, c):
			return bom.Build
		case c.Kind == inventory.Exact && (c.Place != "" || c.Package != nil),
			c.Kind == inventory.Interpreter && (c.Place != "" || c.Package != nil):
			deployed = true
		}
	}
	if fsys == nil {
		return bom.Build
	}
	if _, err := fs.Stat(fsys, "cpanfile.snapshot"); err == nil {
		return bom.Build
	}
	if deployed {
		return bom.Deployed
	}
	return bom.Source
}

// named reports whether a component is a release that a requirement names, and
// no lock has pinned.
func named(inv *inventory.Inventory, c *inventory.Component) bool {
	return slices.ContainsFunc(c.Evidence, func(e inventory.Evidence) bool { return e.How == "cpanfile" })
}
