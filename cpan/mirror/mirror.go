// Package mirror looks things up in a CPAN mirror, or in a part of one, that
// lies in a folder:
//
//	modules/02packages.details.txt.gz         which release holds a module's latest version
//	authors/01mailrc.txt.gz                   who an author is; without it authors/00whois.xml
//	authors/id/A/AU/AUTHOR/CHECKSUMS          size, date and digests of one folder's files
//	authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz
//	indices/find-ls.gz                        what is on CPAN now
//	backpan-index.txt.gz                      what ever was there, as BackPAN lists it
//
// All that are packed here also unpacked; the list of BackPAN also as
// backpan-full-index.txt or backpan-releases-index.txt, in that place or in
// indices/.
//
//	m, err := mirror.Open(os.DirFS("/srv/cpan"))
//	x, err := m.Index()
//	x.OwnerOf("Foo::Bar")               == "Foo-Bar", true
//	x.Standing("Foo-Bar", "1.23")       == cpan.Indexed
//	m.Checksums("A/AU/AUTHOR/Foo-Bar-1.23.tar.gz")
//
// Promised: a file is read when it is first asked about, within the limits of
// package cpan, and an index once. What the mirror does not hold is not known,
// never absent: only where a list of BackPAN is there can an Index say
// cpan.Nowhere. All methods may be called from several goroutines.
//
// Not promised: that a CHECKSUMS file is what the archive signed (nobody looks
// at its signature here), or that an archive is what CHECKSUMS says: who opens
// one compares the digest.
//
// Sources: the layout of www.cpan.org; CPAN::Checksums; BackPAN::Index::Create.
package mirror

import (
	"errors"
	"io/fs"
	"path"
	"sync"

	"nacre/cpan"
	"nacre/fault"
)

// area is the folder that all authors' folders are in.
const area = "authors/id/"

// The names under which the files of a mirror are found, best first.
var (
	packagesFiles = []string{"modules/02packages.details.txt.gz", "modules/02packages.details.txt"}
	authorFiles   = []string{"authors/01mailrc.txt.gz", "authors/01mailrc.txt", whoisFile}
	findLsFiles   = []string{"indices/find-ls.gz", "indices/find-ls"}
	backpanFiles  = []string{
		"backpan-index.txt.gz", "backpan-index.txt", "backpan-full-index.txt.gz", "backpan-full-index.txt",
		"backpan-releases-index.txt.gz", "backpan-releases-index.txt",
		"indices/backpan-index.txt.gz", "indices/backpan-index.txt", "indices/backpan-full-index.txt.gz", "indices/backpan-full-index.txt",
		"indices/backpan-releases-index.txt.gz", "indices/backpan-releases-index.txt",
	}
)

const whoisFile = "authors/00whois.xml"

// Mirror is a mirror, or a part of one.
type Mirror struct {
	fsys    fs.FS
	index   func() (*Index, error)
	authors func() (map[cpan.Author]cpan.MailAlias, error)

	mu   sync.Mutex             // guards sums
	sums map[string]*folderSums // by folder below authors/id
}

// Open looks whether fsys is a mirror: whether one of the files above, or the
// folder authors/id, is there. It reads none of them.
func Open(fsys fs.FS) (*Mirror, error) {
	m := &Mirror{fsys: fsys, sums: map[string]*folderSums{}}
	m.index = sync.OnceValues(m.readIndex)
	m.authors = sync.OnceValues(m.readAuthors)
	for _, names := range [][]string{packagesFiles, {"authors/id"}, authorFiles, backpanFiles, findLsFiles} {
		for _, name := range names {
			_, err := fs.Stat(fsys, name)
			if err == nil {
				return m, nil
			}
			if !errors.Is(err, fs.ErrNotExist) {
				return nil, fault.Wrap(fault.KindOf(err), err, "open the mirror").WithHint("make it readable")
			}
		}
	}
	return nil, fault.New(fault.NotFound, "open the mirror: no part of a CPAN mirror is here").
		WithHint("name the folder that holds modules/02packages.details.txt.gz or authors/id")
}

// open opens the first of the named files that is there; the error of none is
// fs.ErrNotExist.
func (m *Mirror) open(names []string) (fs.File, string, error) {
	for _, name := range names {
		f, err := m.fsys.Open(name)
		if err == nil {
			return f, name, nil
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return nil, "", err
		}
	}
	return nil, "", fs.ErrNotExist
}

// Index gives the index of modules, with the lists of releases that are there.
// It takes time and memory in proportion to them, once. Without an index of
// modules it is made of the lists; where there is none of all these, the error
// is fault.NotFound.
func (m *Mirror) Index() (*Index, error) { return m.index() }

// Author gives the entry about an author. It is fault.NotFound where no list of
// authors is there, or where it has no such author. What is said of
// personal data in cpan.MailAlias holds here.
func (m *Mirror) Author(id cpan.Author) (cpan.MailAlias, error) {
	authors, err := m.authors()
	if err != nil {
		return cpan.MailAlias{}, err
	}
	alias, ok := authors[id]
	if !ok {
		return cpan.MailAlias{}, fault.New(fault.NotFound, "author %s: is not in the list of authors", fault.Quote(string(id)))
	}
	return alias, nil
}

func (m *Mirror) readAuthors() (map[cpan.Author]cpan.MailAlias, error) {
	f, name, err := m.open(authorFiles)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read authors/01mailrc.txt").WithHint("the mirror may hold no list of authors")
	}
	defer f.Close()
	read := cpan.MailAliases
	if name == whoisFile {
		read = cpan.Whois
	}
	authors := map[cpan.Author]cpan.MailAlias{}
	for alias, err := range read(f) {
		if _, ok := errors.AsType[*cpan.LineError](err); ok {
			continue // an alias of something else: a list's, or an old id's
		}
		if err != nil {
			return nil, err
		}
		authors[alias.Author] = alias
	}
	return authors, nil
}

// OpenArchive opens a file below authors/id: "A/AU/AUTHOR/Foo-Bar-1.23.tar.gz".
func (m *Mirror) OpenArchive(file string) (fs.File, error) {
	if err := checkPath(file); err != nil {
		return nil, err
	}
	f, err := m.fsys.Open(area + file)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "open %s in the mirror", fault.Quote(file))
	}
	return f, nil
}

// checkPath refuses what is no path of a file in an author's folder.
func checkPath(file string) error {
	if !fs.ValidPath(file) || cpan.ParsePath(file).Path != file {
		return fault.New(fault.Invalid, "path %s: is not one below authors/id", fault.Quote(file)).
			WithHint("as in A/AU/AUTHOR/Foo-Bar-1.23.tar.gz")
	}
	return nil
}

// folder is the author's top folder.
func folder(a cpan.Author) string { return path.Join(string(a[:1]), string(a[:2]), string(a)) }
