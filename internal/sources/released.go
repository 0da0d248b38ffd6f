package sources

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"io/fs"
	"strings"
	"time"

	"nacre/advisory/releases"
	"nacre/cpan"
	"nacre/cpan/mirror"
)

// releaseList is a list of releases, which is read when it is known which
// distributions advisories are about.
type releaseList struct {
	path string
	read func(context.Context, releases.Keep) (releases.List, error)
}

// isReleases says whether a file is a list of releases.
func (f form) isReleases() bool {
	return f == formPackages || f == formListing || f == formMetaCPAN
}

// releases puts a list of releases off until it is read.
func (s *reading) releases(fsys fs.FS, name, where string, form form) {
	s.known = append(s.known, releaseList{where, func(ctx context.Context, keep releases.Keep) (releases.List, error) {
		s.progress(where)
		file, err := open(fsys, name)
		if err != nil {
			return releases.List{}, err
		}
		defer file.Close()
		in := stoppable{ctx, file}
		switch form {
		case formPackages:
			return releases.ReadPackages(in, keep)
		case formListing:
			return releases.ReadListing(in, where, keep)
		}
		return releases.ReadMetaCPAN(in, keep)
	}})
}

// releaseFiles are the lists of releases that go by their name, also packed.
var releaseFiles = map[string]form{
	"02packages.details.txt": formPackages, "find-ls": formListing,
	"backpan-index.txt": formListing, "backpan-full-index.txt": formListing, "backpan-releases-index.txt": formListing,
}

// releaseFile gives the form of a list of releases by its name.
func releaseFile(name string) (form, bool) {
	form, ok := releaseFiles[strings.TrimSuffix(name, ".gz")]
	return form, ok
}

// mirrorFolders are those of a mirror, in which there is nothing else to find.
var mirrorFolders = []string{"authors", "modules", "indices"}

// releaseFolder takes the lists of releases of a folder, and says whether it
// has any; mirror says that its folders are those of a mirror.
func (s *reading) releaseFolder(fsys fs.FS, entries []fs.DirEntry, name string) (found, isMirror bool) {
	if _, err := mirror.Open(fsys); err == nil {
		s.known = append(s.known, releaseList{name, func(ctx context.Context, keep releases.Keep) (releases.List, error) {
			s.progress(name)
			return releases.ReadMirror(stoppableFS{ctx, fsys}, keep)
		}})
		return true, true
	}
	for _, e := range entries {
		form, ok := releaseFile(e.Name())
		if ok && !e.IsDir() {
			s.releases(fsys, e.Name(), name+"/"+e.Name(), form)
			found = true
		}
	}
	return found, false
}

// textForm tells a list of releases that is no JSON by its first lines.
func textForm(in *bufio.Reader) form {
	start, _ := in.Peek(4 << 10)
	switch {
	case bytes.HasPrefix(start, []byte("File:")) && bytes.Contains(start, []byte("02packages.details.txt")):
		return formPackages
	case bytes.HasPrefix(start, []byte("#FORMAT")), bytes.Contains(start, []byte("authors/id/")) && !bytes.ContainsAny(bytes.TrimSpace(start)[:1], "{["):
		return formListing
	}
	return formUnknown
}

// stoppable is a reader that ends with its context.
type stoppable struct {
	ctx context.Context
	io.Reader
}

func (s stoppable) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.Reader.Read(p)
}

// stoppableFS is a folder that opens nothing when its context has ended.
type stoppableFS struct {
	ctx context.Context
	fs.FS
}

// Open opens a file or a folder.
func (s stoppableFS) Open(name string) (fs.File, error) {
	if err := s.ctx.Err(); err != nil {
		return nil, err
	}
	return s.FS.Open(name)
}

// namedBy are the distributions that advisories are about, or that the caller
// names.
func (r *Reader) namedBy(all []*reading) map[cpan.Dist]bool {
	named := map[cpan.Dist]bool{}
	for _, d := range r.About {
		named[d] = true
	}
	for _, one := range all {
		for i := range one.batches {
			for j := range one.batches[i].Items {
				rec := one.batches[i].Items[j].Record
				for k := 0; rec != nil && k < len(rec.Affected); k++ {
					named[rec.Affected[k].Dist] = true
				}
			}
		}
	}
	return named
}

// readReleases reads the lists of releases of a source, as far as they are about
// distributions that an advisory names. A list's time is not the advisories', so
// it is told in Health alone.
func (s *reading) readReleases(ctx context.Context, named map[cpan.Dist]bool) error {
	for _, l := range s.known {
		list, err := l.read(ctx, func(d cpan.Dist) bool { return named[d] })
		if err != nil {
			return unread(l.path, err)
		}
		when := list.Batch.Source.Time
		list.Batch.Source.Time = time.Time{}
		s.add(KindReleases, l.path, list.Batch)
		p := &s.parts[len(s.parts)-1]
		p.Time, p.Entries, p.Refused = when, list.Read+list.Skipped, list.Skipped
	}
	return nil
}
