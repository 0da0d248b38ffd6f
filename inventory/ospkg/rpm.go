package ospkg

import (
	"bytes"
	"io"
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/rpmdb"
	"nacre/inventory"
	"nacre/limit"
)

// maxCopied is how large a database may be in a file system whose files cannot
// be read from the middle.
const maxCopied = 256 << 20

// Where the database is, and in which format.
var (
	rpmFolders = []string{"usr/lib/sysimage/rpm/", "var/lib/rpm/", "usr/share/rpm/"}
	rpmNames   = []string{"rpmdb.sqlite", "Packages.db", "Packages"}
)

// rpm reads the database of RPM. Where a folder has several formats, the newest
// counts, as it does to RPM itself.
func (s *system) rpm() error {
	var failed error
	var at string
	for _, folder := range rpmFolders {
		for _, name := range rpmNames {
			f, found, err := inventory.Open(s.fsys, folder+name)
			switch {
			case err != nil:
				failed, at = err, folder+name // one folder may be a link to another
			case found:
				s.found = true
				defer f.Close()
				if info, err := fs.Stat(s.fsys, folder+name+"-wal"); err == nil && info.Size() > 0 {
					s.notice(true, inventory.Evidence{File: folder + name + "-wal"}, "the newest changes of RPM's database are in its log, which is not read: what packages carry may be old")
				}
				if err := s.rpmFile(f, folder+name); err != nil {
					return s.unread(err, folder+name)
				}
				return nil
			}
		}
	}
	if failed != nil {
		return s.unread(failed, at)
	}
	return nil
}

func (s *system) rpmFile(f fs.File, file string) error {
	r, size, err := readerAt(f)
	if err != nil {
		return err
	}
	damaged := 0
	for blob, err := range rpmdb.Headers(s.ctx, r, size) {
		if err != nil {
			return err
		}
		h, err := rpmdb.Parse(blob)
		if err != nil {
			damaged++
			continue
		}
		p, err := rpmPackage(h, file)
		if err != nil {
			damaged++
			continue
		}
		if !s.count(p) {
			return errTooMany
		}
		if err := s.add(p); err != nil {
			return err
		}
	}
	if damaged > 0 {
		s.notice(true, inventory.Evidence{File: file}, "%d headers of RPM's database cannot be read and are left out", damaged)
	}
	return nil
}

func readerAt(f fs.File) (io.ReaderAt, int64, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, 0, err
	}
	if r, ok := f.(io.ReaderAt); ok {
		return r, info.Size(), nil
	}
	b, err := limit.ReadAll(f, maxCopied, "rpm database size")
	return bytes.NewReader(b), int64(len(b)), err
}

// rpmPackage is the package of a header. A package without Perl in it gets no
// more than a look.
func rpmPackage(h rpmdb.Header, file string) (*pkg, error) {
	p := &pkg{}
	for f, err := range h.Files(".pm", ".packlist") {
		if err != nil {
			return nil, err
		}
		p.files = append(p.files, f)
	}
	if p.Name = h.Text(rpmdb.Name); p.Name == "" {
		return nil, fault.New(fault.Invalid, "rpm header: has no name")
	}
	if len(p.files) == 0 {
		return p, nil
	}
	p.Manager, p.Version = "rpm", h.EVR()
	p.Source, p.SourceVersion = rpmSource(h)
	p.at = inventory.Evidence{File: file, How: "rpm " + p.Name + " " + p.Version}
	p.Homepage = h.Text(rpmdb.URL)
	p.Dist = distOf([]byte(p.Homepage))
	p.Arch, p.Maintainer, p.Summary, p.License = h.Text(rpmdb.Arch), h.Text(rpmdb.Vendor), h.Text(rpmdb.Summary), h.Text(rpmdb.License)
	for name := range h.Texts(rpmdb.RequireName) {
		if !strings.HasPrefix(name, "rpmlib(") && !strings.HasPrefix(name, "/") {
			p.Depends = append(p.Depends, name)
		}
	}
	p.Depends = sorted(p.Depends)
	p.provides = map[cpan.Module]string{}
	for name, version := range h.Provides() {
		module, ok := strings.CutPrefix(name, "perl(")
		if !ok || version == "" {
			continue
		}
		if _, rest, ok := strings.Cut(version, ":"); ok {
			version = rest
		}
		p.provides[cpan.Module(strings.TrimSuffix(module, ")"))] = version
	}
	var ids []string
	for text := range h.Texts(rpmdb.ChangelogText) {
		ids = cves(ids, []byte(text))
	}
	p.changes = func() []string { return ids }
	return p, nil
}

// rpmSource gives the source package from the name of its file,
// perl-5.32.1-480.el9.src.rpm. It has no epoch there; where it has the version
// that the package has, it has its epoch.
func rpmSource(h rpmdb.Header) (name, version string) {
	s := strings.TrimSuffix(strings.TrimSuffix(h.Text(rpmdb.SourceRPM), ".rpm"), ".src")
	s = strings.TrimSuffix(s, ".nosrc")
	release := strings.LastIndexByte(s, '-')
	if release < 0 {
		return h.Text(rpmdb.Name), h.EVR()
	}
	cut := strings.LastIndexByte(s[:release], '-')
	if cut < 0 {
		return h.Text(rpmdb.Name), h.EVR()
	}
	name, version = s[:cut], s[cut+1:]
	if evr := h.EVR(); strings.HasSuffix(evr, ":"+version) {
		version = evr
	}
	return name, version
}
