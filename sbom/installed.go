package sbom

import (
	"io"
	"io/fs"
	"path"
	"slices"

	"nacre/bom"
	"nacre/fault"
	"nacre/inventory"
	"nacre/release"
)

// asInstalled makes of what is known of a release what holds for its installed
// files: what is embedded in the archive may not have been installed, and where
// the archive is not here, what the installer left speaks for it.
func (m *maker) asInstalled(c *inventory.Component, known *Release) error {
	known.Bundled = nil
	if known.Facts != nil {
		return nil
	}
	own, err := m.ownMeta(c)
	known.Facts = own
	return err
}

// unpacked takes from what is installed what was told of its release's archive:
// these are files, and no archive. The digests stay those of the download.
func (n *node) unpacked() {
	n.Hashes = nil
	n.Origins = slices.DeleteFunc(n.Origins, func(o bom.Origin) bool { return o.Field == "hashes" })
	n.Evidence.Identity = slices.DeleteFunc(n.Evidence.Identity, func(i bom.Identity) bool { return i.Field == "hash" })
	n.File = bom.File{Executable: n.File.Executable}
}

// ownMeta gives what the MYMETA.json says that an installer left beside its
// record of a release: whose it is, under which licence, and what it is for. It
// is nil where there is none that can be read.
func (m *maker) ownMeta(c *inventory.Component) (*release.Facts, error) {
	for _, e := range c.Evidence {
		if e.How != ".meta install.json" || m.in.FS == nil {
			continue
		}
		file := path.Join(path.Dir(e.File), "MYMETA.json")
		if _, err := fs.Stat(m.in.FS, file); err != nil {
			return nil, nil
		}
		f, err := release.Read(m.ctx, alone{m.in.FS, file}, release.Options{})
		switch {
		case fault.KindOf(err) == fault.Canceled && err != nil:
			return nil, err
		case err != nil || f.Meta == nil:
			return nil, nil
		}
		// It is the same document as the release's META, but for requirements.
		f.MetaFile, f.Meta = file, nil
		texts := []*release.Text{
			&f.Name, &f.Version, &f.Abstract, &f.Description, &f.Homepage, &f.Repository, &f.RepositoryWeb, &f.RepositoryVCS,
			&f.Bugtracker, &f.BugtrackerTo, &f.GeneratedBy, &f.ReleaseStatus, &f.License.From,
		}
		for _, list := range [][]release.Text{f.LicenseURLs, f.Chats, f.MailingLists, f.Security.Contacts} {
			for i := range list {
				texts = append(texts, &list[i])
			}
		}
		for _, t := range texts {
			if t.File != "" {
				t.File = file
			}
		}
		return f, nil
	}
	return nil, nil
}

// alone is a folder that holds nothing but one file, as META.json.
type alone struct {
	fsys fs.FS
	file string
}

// Open opens the file by the name that it has here, or the folder.
func (a alone) Open(name string) (fs.File, error) {
	switch name {
	case "META.json":
		return a.fsys.Open(a.file)
	case ".":
		return &folder{alone: a}, nil
	}
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

// folder is the folder of alone, open.
type folder struct {
	alone
	read bool
}

// Stat describes the folder.
func (f *folder) Stat() (fs.FileInfo, error) { return fs.Stat(f.fsys, path.Dir(f.file)) }

// Read refuses: it is a folder.
func (f *folder) Read([]byte) (int, error) {
	return 0, &fs.PathError{Op: "read", Path: ".", Err: fs.ErrInvalid}
}

// Close does nothing.
func (f *folder) Close() error { return nil }

// ReadDir lists the one file, once.
func (f *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if f.read {
		if n > 0 {
			return nil, io.EOF
		}
		return nil, nil
	}
	f.read = true
	info, err := fs.Stat(f.fsys, f.file)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{renamed{fs.FileInfoToDirEntry(info)}}, nil
}

// renamed is an entry that is called META.json.
type renamed struct{ fs.DirEntry }

// Name is "META.json".
func (renamed) Name() string { return "META.json" }
