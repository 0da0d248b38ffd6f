// Package ospkg is the source of components that packages of the operating
// system carry: it reads the databases of dpkg (Debian, Ubuntu), apk (Alpine)
// and RPM (Fedora, Red Hat, SUSE) in the root of a system, which may be an
// image or a folder.
//
// What dpkg says of one package, and in which files, is
//
//	Package: libacme-demo-perl           /usr/share/perl5/Acme/Demo.pm
//	Status: install ok installed         /usr/share/perl5/Acme/Demo/Part.pm
//	Source: acme-demo (1:1.20-3)
//	Version: 1:1.20-3+b1
//
// and makes the modules Acme::Demo and Acme::Demo::Part in usr/share/perl5,
// which dpkg's package libacme-demo-perl carries. Names of packages are lower
// case, and may stand for several distributions; so which distribution a module
// is of is for inventory/all to say, from the advisory data, from what the
// package's papers name (Package.Dist), and last from the module's name.
//
// # What is read
//
//	dpkg  var/lib/dpkg/status, the stanzas of packages whose files are there (also
//	      those on hold), with info/NAME.list or info/NAME:ARCH.list; and
//	      var/lib/dpkg/status.d/NAME with NAME.md5sums, which images without dpkg
//	      have
//	apk   lib/apk/db/installed or usr/lib/apk/db/installed
//	rpm   rpmdb.sqlite, Packages.db or Packages in usr/lib/sysimage/rpm,
//	      var/lib/rpm or usr/share/rpm
//	      etc/os-release or usr/lib/os-release: which release of which system
//
// A file that ends in .pm below a folder of @INC (perlsrc/inc) is a module, and
// claimed, so that other sources leave it alone.
//
// # Versions
//
// A module's version is what its RPM says that it provides, perl(Acme::Demo) =
// 1.20; else what its file states. Where the file is not there, or cannot be
// read, it is the upstream part of the package's version, and From says so; the
// same where a package's main module states none, or only running it would
// tell. Of 1:1.20+dfsg-3 that is 1.20; a pre-release (1.20~rc1) has none that
// could be told.
//
// A file is read only if it is the main module's, or no module above it by name
// in the same package states a version: of Acme::Demo and Acme::Demo::Part the
// first. The others are Unread, and [Read] reads one that turns out to matter.
//
// # Distributions
//
// The papers that name a distribution are usr/share/doc/NAME/copyright of
// Debian's packages (its Source, for 19 of 20 of those with modules, is
// https://metacpan.org/release/Acme-Demo), and the URL of the others. Where they
// name several, none is told.
//
// # perl itself
//
// The packages built from the source package perl together are one component,
// the interpreter, at the version of that source; its modules are not told one
// by one: which versions a perl ships is known (corelist), and Ships says which
// of them are there, because systems leave parts out. A module of perl's core
// that has a source package of its own, such as Fedora's perl-Digest-SHA, is
// found like any other.
//
// # Changelogs
//
// The CVEs that a changelog names (usr/share/doc/NAME/changelog.Debian.gz, or
// the one in an RPM's header) are told with the package, as weak evidence: an
// entry may say that a flaw is mended, that it is not, or that it is not there.
//
// Not promised: that files are as the package brought them; diversions of dpkg;
// the modules of packages whose lists of files somebody has taken away (a notice
// says how many there are), but for perl itself.
//
// Sources: deb-control(5), deb-version(7), dpkg(1), Debian's Policy §12.5 and
// §12.7, and its machine-readable copyright format 1.0; apk's
// format as "apk-tools database" of Alpine's wiki has it; RPM's documentation
// (see internal/rpmdb); os-release(5).
package ospkg

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/klauspost/compress/gzip"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlsrc/inc"
)

// The limits of a system.
const (
	maxPackages = 200_000
	maxModules  = 500_000
	maxNames    = 256 << 20 // bytes of a list of packages, which is read line by line
	maxList     = 32 << 20  // bytes of a package's list of files
	maxSources  = 2 << 30   // bytes of modules that are read: links make many of one
)

// System is the source.
type System struct{}

// Name gives "operating system packages".
func (System) Name() string { return "operating system packages" }

// Find adds the modules that packages carry, and perl, to inv; found tells
// whether there is a database. One that cannot be read is a notice, and the
// inventory is partial then.
func (System) Find(ctx context.Context, fsys fs.FS, inv *inventory.Inventory) (found bool, err error) {
	s := &system{ctx: ctx, fsys: fsys, inv: inv}
	s.distro, s.codename = release(fsys)
	for _, read := range []func() error{s.dpkg, s.dpkgParts, s.apk, s.rpm} {
		if err := read(); err != nil {
			return false, err
		}
	}
	s.addPerls()
	if s.unlisted > 0 {
		s.notice(true, inventory.Evidence{File: dpkgStatus}, "%d packages have no list of their files that could be read: what modules they carry is not known", s.unlisted)
	}
	if s.sources > maxSources {
		s.notice(true, inventory.Evidence{}, "%v: the versions of the others are those of their packages", errSources)
	}
	if s.absent > 0 {
		s.notice(false, inventory.Evidence{}, "%d modules of packages are not there as files, or cannot be read: their versions are those of the packages", s.absent)
	}
	return s.found, nil
}

// Wants reports whether [System.Find] may read a file, by its name: an archive
// need not keep any other for it.
func Wants(name string) bool {
	if _, _, ok := inc.Split(name); ok {
		return true
	}
	switch folder, base := path.Split(name); {
	case folder == dpkgInfo:
		return strings.HasSuffix(base, ".list")
	case folder == dpkgParts+"/", name == dpkgStatus:
		return true
	case base == changelogs[0], base == changelogs[1], base == "copyright":
		return strings.HasPrefix(folder, docs)
	case slices.Contains(rpmFolders, folder):
		return slices.Contains(rpmNames, strings.TrimSuffix(base, "-wal"))
	}
	return slices.Contains(apkFiles, name) || slices.Contains(releaseFiles, name)
}

// system is a root that is being read.
type system struct {
	ctx  context.Context
	fsys fs.FS
	inv  *inventory.Inventory

	distro, codename string

	found             bool // a database
	packages, modules int
	absent            int   // modules whose file cannot be read
	unlisted          int   // packages without a list of files
	sources, unpacked int64 // bytes of modules and of changelogs that were read
	perls             []*perl
	changes           map[string][]string // CVEs by source package and its version
	buf               []byte              // for one file at a time
	gzip              *gzip.Reader
}

// pkg is a package as its database has it.
type pkg struct {
	inventory.Package
	at       inventory.Evidence
	files    []string // those that matter: modules, .packlist
	unlisted bool     // its database says nothing of files
	provides map[cpan.Module]string
	changes  func() []string // CVEs of the changelog
}

// module is one that a package carries.
type module struct {
	name        cpan.Module
	place, file string
}

// add takes a package in. An error ends everything: ctx's, or a limit.
func (s *system) add(p *pkg) error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	var modules []module
	for _, file := range p.files {
		if !fs.ValidPath(file) || s.inv.Claimed(file) {
			continue // packages for two architectures share files
		}
		if place, name, ok := inc.Split(file); ok {
			modules = append(modules, module{cpan.Module(name), place, file})
		} else if strings.HasSuffix(file, ".pm") {
			continue
		}
		s.inv.Claim(file)
	}
	if len(modules) == 0 && !(p.unlisted && p.Source == "perl") {
		return nil
	}
	p.Distro, p.Codename = s.distro, s.codename
	p.Upstream, _ = upstream(p.Manager, p.Version)
	p.Changelog = s.changesOf(p)
	if p.Manager == "dpkg" {
		p.Dist, p.License = s.debianPapers(p.Name)
	}
	if p.Source == "perl" {
		p.Dist = "" // perl, whatever its papers name beside it
		s.partOfPerl(p, modules)
		return nil
	}
	// A module comes before those that its name begins.
	slices.SortFunc(modules, func(a, b module) int {
		return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.file, b.file))
	})
	carrier := p.Package
	stated := map[cpan.Module]bool{}
	for _, m := range modules {
		f := inventory.Found{Module: m.name, File: m.file, Place: m.place, Package: &carrier}
		if v, ok := p.provides[m.name]; ok {
			f.Version, f.From = v, fromProvides
		} else if above(stated, m.name) && !isMain(&carrier, m.name) {
			f.Unread = true
		} else {
			s.read(&f)
		}
		if f.Version != "" {
			stated[m.name] = true
		}
		s.inv.Found = append(s.inv.Found, f)
	}
	return nil
}

// above reports whether a module that the name begins with is in the set.
func above(set map[cpan.Module]bool, name cpan.Module) bool {
	for len(set) > 0 {
		i := strings.LastIndex(string(name), "::")
		if i < 0 {
			return false
		}
		if name = name[:i]; set[name] {
			return true
		}
	}
	return false
}

// count keeps the limits.
func (s *system) count(p *pkg) bool {
	s.packages++
	s.modules += len(p.files)
	return s.packages <= maxPackages && s.modules <= maxModules
}

func (s *system) notice(partial bool, at inventory.Evidence, format string, args ...any) {
	s.inv.Notices = append(s.inv.Notices, inventory.Notice{Partial: partial, Text: fmt.Sprintf(format, args...), At: at})
}

// unread tells that a database is not, or not wholly, known; what ends
// everything is handed back.
func (s *system) unread(err error, file string) error {
	s.found = true
	if ctxErr := s.ctx.Err(); ctxErr != nil {
		return ctxErr
	}
	if errors.Is(err, errTooMany) {
		s.notice(true, inventory.Evidence{File: file}, "%v: the rest is left out", err)
		return nil
	}
	s.notice(true, inventory.Evidence{File: file}, "what packages carry is not wholly known: %v", err)
	return nil
}
