package releases

import (
	"io/fs"

	"nacre/cpan"
	"nacre/cpan/mirror"
	"nacre/fault"
)

// area is the folder of a mirror that all authors' folders are in.
const area = "authors/id"

// maxFiles bounds the files of a mirror; BackPAN has some 400,000 archives.
const maxFiles = 5_000_000

// ReadMirror reads what a CPAN mirror in a folder knows of releases: its index
// of modules and its lists of files, and where it has no list of files, the
// archives themselves, whose names are read and nothing else.
func ReadMirror(fsys fs.FS, keep Keep) (List, error) {
	m, err := mirror.Open(fsys)
	if err != nil {
		return List{}, err
	}
	l := newList("CPAN", "", keep)
	listed := false
	err = m.Lists(
		func(f fs.File, _ string) error { return l.packages(f) },
		func(f fs.File, name string) error {
			listed = true
			return l.listing(f, name)
		})
	if err == nil && !listed {
		err = l.walk(fsys)
	}
	if err != nil {
		return List{}, err
	}
	if l.Read == 0 {
		return List{}, fault.New(fault.NotFound, "no release is in this mirror").
			WithHint("fetch modules/02packages.details.txt.gz of a CPAN mirror into the folder")
	}
	return *l, nil
}

// walk takes the archives below authors/id. A mirror keeps the time at which a
// file reached the archive.
func (l *List) walk(fsys fs.FS) error {
	if _, err := fs.Stat(fsys, area); err != nil {
		return nil // a mirror of lists alone
	}
	files := 0
	return fs.WalkDir(fsys, area, func(file string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if !e.Type().IsRegular() {
			return nil
		}
		if files++; files > maxFiles {
			return fault.New(fault.Invalid, "more than %d files in the mirror (limit: files)", maxFiles)
		}
		r := cpan.ParsePath(file)
		if r.Ext == "" || r.Dist == "" {
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		l.archive(r, seconds(info.ModTime().Unix()))
		return nil
	})
}
