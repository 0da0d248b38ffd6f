package ospkg

import (
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlsrc/facts"
	"nacre/perlver"
	"nacre/pkgver"
)

// Who says a version, in Found.From, where it is not the module's file.
const (
	fromProvides = "rpm provides"
	fromPackage  = "package version"
)

const (
	firstRead  = 16 << 10 // most modules state their version before that
	maxSource  = 4 << 20
	maxVersion = 200 // bytes
)

// errSources is the limit of what is read for versions.
var errSources = fault.New(fault.Invalid, "modules of more than %d bytes (limit: module sources size)", int64(maxSources))

// Read reads the version of a module that [System.Find] left Unread. fsys is
// the root that was looked at.
func Read(fsys fs.FS, f *inventory.Found) {
	if !f.Unread {
		return
	}
	f.Unread = false
	s := system{fsys: fsys}
	s.read(f)
}

// read fills in a module's version, from its file or else from the package.
func (s *system) read(f *inventory.Found) {
	v, err := s.version(f)
	p := f.Package
	switch {
	case err != nil:
		s.absent++
		f.Version, f.From = p.Upstream, fromPackage
	case v.Text == "" && p.Upstream != "" && isMain(p, f.Module):
		f.Version, f.From = p.Upstream, fromPackage
	default:
		f.Version, f.Dynamic = v.Text, v.Dynamic
	}
}

// isMain reports whether a module is the main one of what a package carries:
// of the distribution that its papers name, or else of the one that it is called
// by, as libacme-demo-perl, perl-Acme-Demo and perl-acme-demo are by Acme::Demo.
func isMain(p *inventory.Package, m cpan.Module) bool {
	d := cpan.DistFromModule(m)
	if p.Dist != "" {
		return d == p.Dist
	}
	bare, ok := strings.CutPrefix(p.Name, "perl-")
	if rest, lib := strings.CutPrefix(p.Name, "lib"); lib {
		bare, ok = strings.CutSuffix(rest, "-perl")
	}
	if !ok {
		return false // the package git is not the module Git
	}
	return strings.EqualFold(bare, strings.ReplaceAll(string(d), "_", "-"))
}

// version reads what a module's file states: its beginning, and the whole of
// it where that does not tell.
func (s *system) version(f *inventory.Found) (facts.Version, error) {
	if s.sources > maxSources {
		return facts.Version{}, errSources
	}
	file, found, err := inventory.Open(s.fsys, f.File)
	if err == nil && !found {
		err = fs.ErrNotExist
	}
	if err != nil {
		return facts.Version{}, err
	}
	defer file.Close()
	for have, size := 0, firstRead; ; have, size = size, maxSource {
		more, err := s.fill(file, have, size)
		if err != nil {
			return facts.Version{}, err
		}
		s.sources += int64(len(s.buf) - have)
		p := facts.ReadVersion(s.buf, string(f.Module))
		switch {
		case !more || p.Version.Stated() && p.Name == string(f.Module):
			if len(p.Version.Text) > maxVersion {
				return facts.Version{Dynamic: true}, nil
			}
			return p.Version, nil
		case size == maxSource:
			return facts.Version{}, fault.New(fault.Invalid, "read %s: larger than %d bytes (limit: module file size)", f.File, maxSource)
		}
	}
}

// upstream gives the version of what was packaged, out of a package's version
// or a source package's. ok is false where it cannot be told: a pre-release, or
// what is no version to perl.
func upstream(manager, version string) (v string, ok bool) {
	v = pkgver.Upstream(manager, version)
	if _, err := perlver.ParseExact(v); err != nil || len(v) > maxVersion {
		return "", false
	}
	return v, true
}
