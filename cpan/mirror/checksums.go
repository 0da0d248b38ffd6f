package mirror

import (
	"errors"
	"io/fs"
	"path"

	"nacre/cpan"
	"nacre/fault"
)

// maxFolders bounds how many folders' CHECKSUMS are kept.
const maxFolders = 256

// ErrNotNamed is what Checksums' error wraps where the folder's CHECKSUMS is
// there and does not name the file: CPAN has it no more, or not yet.
var ErrNotNamed = errors.New("is not named")

// folderSums is what one CHECKSUMS says, or why it cannot be read.
type folderSums struct {
	files map[string]cpan.FileSums
	order []string
	err   error
}

// Checksums gives what CHECKSUMS says of a file below authors/id:
// "A/AU/AUTHOR/Foo-Bar-1.23.tar.gz". It is fault.NotFound where the mirror does
// not hold that folder's CHECKSUMS, which says nothing of the file; and where
// CHECKSUMS does not name it, which is ErrNotNamed, too. It is
// fault.Conflict where the entry says that it is of another folder.
func (m *Mirror) Checksums(file string) (cpan.FileSums, error) {
	if err := checkPath(file); err != nil {
		return cpan.FileSums{}, err
	}
	dir, name := path.Split(file)
	dir = path.Clean(dir)
	s := m.folder(dir)
	if s.err != nil {
		return cpan.FileSums{}, s.err
	}
	sums, ok := s.files[name]
	if !ok {
		return cpan.FileSums{}, fault.Wrap(fault.NotFound, ErrNotNamed, "%s in CHECKSUMS of %s", fault.Quote(name), fault.Quote(dir)).
			WithHint("the file was deleted from CPAN, or is newer than the mirror")
	}
	if sums.CPANPath != "" && sums.CPANPath != dir {
		return cpan.FileSums{}, fault.New(fault.Conflict, "CHECKSUMS of %s: says that %s is of %s", fault.Quote(dir), fault.Quote(name), fault.Quote(sums.CPANPath)).
			WithHint("the file was put into another author's folder; do not trust it")
	}
	return sums, nil
}

// ReleasesOf gives the archives that CHECKSUMS of an author's own folder names,
// in its order. It is fault.NotFound where the mirror does not hold that file.
func (m *Mirror) ReleasesOf(a cpan.Author) ([]cpan.Release, error) {
	if _, err := cpan.ParseAuthor(string(a)); err != nil {
		return nil, err
	}
	dir := folder(a)
	s := m.folder(dir)
	if s.err != nil {
		return nil, s.err
	}
	var releases []cpan.Release
	for _, name := range s.order {
		if r := cpan.ParsePath(dir + "/" + name); r.Dist != "" && !s.files[name].Dir {
			releases = append(releases, r)
		}
	}
	return releases, nil
}

// folder reads the CHECKSUMS of one folder below authors/id, or remembers it.
func (m *Mirror) folder(dir string) *folderSums {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.sums[dir]; s != nil {
		return s
	}
	if len(m.sums) >= maxFolders {
		clear(m.sums)
	}
	s := m.readFolder(dir)
	m.sums[dir] = s
	return s
}

func (m *Mirror) readFolder(dir string) *folderSums {
	f, err := m.fsys.Open(area + dir + "/CHECKSUMS")
	if err != nil {
		wrapped := fault.Wrap(fault.KindOf(err), err, "read CHECKSUMS of %s", fault.Quote(dir))
		if errors.Is(err, fs.ErrNotExist) {
			wrapped = fault.New(fault.NotFound, "CHECKSUMS of %s: is not in the mirror", fault.Quote(dir)).
				WithHint("a mirror that holds a part of CPAN does not say what the rest has")
		}
		return &folderSums{err: wrapped}
	}
	defer f.Close()
	c, err := cpan.ReadChecksums(f)
	if err != nil {
		return &folderSums{err: fault.Wrap(fault.KindOf(err), err, "folder %s", fault.Quote(dir))}
	}
	s := &folderSums{files: make(map[string]cpan.FileSums, len(c.Files))}
	for _, sums := range c.Files {
		if _, ok := s.files[sums.File]; !ok {
			s.order = append(s.order, sums.File)
		}
		s.files[sums.File] = sums
	}
	return s
}
