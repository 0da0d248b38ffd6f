// Package snapshot is one built index, held in memory as it is served.
//
//	s, err := snapshot.Load(ctx, os.DirFS("site"), nil)
//	s.File("dist/Foo-Bar.json").ServeHTTP(w, r)
//	s.Dist("Foo-Bar")
//
// A snapshot is read whole and checked against the index's own list of files before
// anybody sees it, and never changed after: a request that began with one ends
// with it. A [Keeper] has the one that is current and exchanges it for a newer one;
// what cannot be loaded changes nothing but the Keeper's status.
//
// # Files
//
// Each is answered from memory, with a strong entity tag (the first half of its
// SHA-256), the same packed by gzip for whoever takes that, and headers that are
// made once. The packed form is what the index has beside the file, or is made when
// it is first asked for. A path is looked up in a table and never becomes the name of
// a file on a disk.
//
// # Promises
//
// What is served is byte for byte what the index lists. Loading anew reads only
// what the list says is different. Not promised: an index of more than MaxBytes.
package snapshot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/cpan"
	"nacre/fault"
	"nacre/index"
	"nacre/index/manifest"
	"nacre/limit"
)

// MaxBytes is how large an index may be, all files together.
const MaxBytes = 4 << 30

// Snapshot is one built index.
type Snapshot struct {
	// Manifest says what it was made of.
	Manifest manifest.Manifest
	// Built is when, and Expires until when its signatures hold.
	Built, Expires time.Time
	// Model is what was concluded, made anew of the database in the index.
	Model *index.Model
	// State has the history of changes.
	State *index.State
	// Refused says why the index stayed as it was in the last build, "" where that
	// went into it.
	Refused string
	// DB answers what scans ask.
	DB *db.DB

	files map[string]*File
	dists map[string]*Dist
	found []found // what Search looks through, in the order of Model.Advisories
}

// Load reads an index. Files that are as they were in before, which may be nil,
// are taken over from it.
func Load(ctx context.Context, fsys fs.FS, before *Snapshot) (*Snapshot, error) {
	s, err := load(ctx, fsys, before)
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "load the index").
			WithHint("nacre db verify says what is wrong with it; nacred index build makes it anew")
	}
	return s, nil
}

func load(ctx context.Context, fsys fs.FS, before *Snapshot) (*Snapshot, error) {
	open := func(_ context.Context, name string) (io.ReadCloser, error) { return fsys.Open(name) }
	of, err := manifest.Load(ctx, open, nil)
	if err != nil {
		return nil, err
	}
	s := &Snapshot{
		Manifest: of.Manifest, Built: of.Seal.Built, Expires: of.Seal.Expires,
		files: make(map[string]*File, len(of.Manifest.Files)+3),
	}
	if err := s.read(ctx, fsys, before); err != nil {
		return nil, err
	}
	for name, text := range map[string][]byte{manifest.ListName: of.Text, manifest.SealName: of.Note, manifest.HeadName: of.HeadNote} {
		if text != nil {
			s.files[name] = newFile(name, text, "")
		}
	}
	s.pair()
	if s.Refused, err = s.refused(); err != nil {
		return nil, err
	}
	if before != nil && s.same(before) {
		s.Model, s.State, s.DB, s.dists, s.found = before.Model, before.State, before.DB, before.dists, before.found
		return s, nil
	}
	return s, s.conclude(ctx)
}

// read reads the listed files.
func (s *Snapshot) read(ctx context.Context, fsys fs.FS, before *Snapshot) error {
	var total int64
	for _, f := range s.Manifest.Files {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(fault.Canceled, err, "read the files")
		}
		if total += f.Size; total > MaxBytes {
			return fault.New(fault.Invalid, "the files have more than %d bytes (limit: index size)", int64(MaxBytes))
		}
		if before != nil {
			if was := before.files[f.Path]; was != nil && was.digest == f.SHA256 {
				s.files[f.Path] = was
				continue
			}
		}
		data, err := limit.ReadFile(fsys, f.Path, f.Size, "size in the list of files")
		if err != nil {
			return err
		}
		file := newFile(f.Path, data, f.SHA256)
		if file.digest != digestOf(data) {
			return fault.New(fault.Denied, "%s is not the file that the list names", f.Path)
		}
		s.files[f.Path] = file
	}
	return nil
}

// pair gives each file the packed form that the index has beside it.
func (s *Snapshot) pair() {
	for name, f := range s.files {
		if packed := s.files[name+".gz"]; packed != nil {
			f.pack(packed.data)
		}
	}
}

// The files that conclusions are read from.
const (
	stateName  = "state.json"
	vulnsName  = "vulndb/index/vulns.json"
	healthName = "health.json"
)

// same says whether both have the same conclusions.
func (s *Snapshot) same(before *Snapshot) bool {
	for _, name := range [...]string{stateName, vulnsName, manifest.DatabaseName} {
		a, b := s.files[name], before.files[name]
		if a == nil || b == nil || a.digest != b.digest {
			return false
		}
	}
	return s.Manifest.Day == before.Manifest.Day
}

// conclude makes the model anew. The site is not of interest: nothing is written.
func (s *Snapshot) conclude(ctx context.Context) error {
	state, database := s.files[stateName], s.files[manifest.DatabaseName]
	if state == nil || database == nil {
		return fault.New(fault.Invalid, "the index has no %s or no %s", stateName, manifest.DatabaseName)
	}
	var err error
	if s.State, err = index.ParseState(state.data); err != nil {
		return err
	}
	if s.DB, err = db.Open(bytes.NewReader(database.data), int64(len(database.data))); err != nil {
		return err
	}
	set, err := s.DB.Set(ctx)
	if err != nil {
		return err
	}
	day, err := time.Parse(time.DateOnly, s.Manifest.Day)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "read the day of the build")
	}
	s.Model, err = index.New(index.Input{Site: index.DefaultSite(), Generator: s.Manifest.Generator, Now: day, Set: set})
	if err != nil {
		return err
	}
	modified, err := s.modified()
	if err != nil {
		return err
	}
	s.prepare(modified)
	return nil
}

// refused is what the index says of a build that was not let in.
func (s *Snapshot) refused() (string, error) {
	f := s.files[healthName]
	if f == nil { // a form that an index need not have
		return "", nil
	}
	var health struct {
		Kept string `json:"kept"`
	}
	if err := json.Unmarshal(f.data, &health); err != nil {
		return "", fault.Wrap(fault.Invalid, err, "read %s", healthName)
	}
	return health.Kept, nil
}

// modified is when each record changed, as the documents of the index say it.
func (s *Snapshot) modified() (map[string]string, error) {
	all := map[string]string{}
	f := s.files[vulnsName]
	if f == nil {
		return all, nil
	}
	var list []struct{ ID, Modified string }
	if err := json.Unmarshal(f.data, &list); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read %s", vulnsName)
	}
	for _, v := range list {
		all[advisory.ID(v.ID).Key()] = v.Modified
	}
	return all, nil
}

// File gives a file by its path in the index, nil where there is none.
func (s *Snapshot) File(path string) *File { return s.files[path] }

// Len is how many files there are, and how many bytes they have.
func (s *Snapshot) Len() (files int, size int64) {
	for _, f := range s.files {
		size += int64(len(f.data))
	}
	return len(s.files), size
}

// Problems are the sources that could not be used when the index was built.
func (s *Snapshot) Problems() []index.Health {
	var all []index.Health
	for _, h := range s.State.Sources {
		if h.Problem != "" {
			all = append(all, h)
		}
	}
	return all
}

// Advisory finds an advisory by any of its ids, in any case.
func (s *Snapshot) Advisory(name string) (*index.Advisory, error) {
	if a := s.Model.ByID(advisory.ID(name)); a != nil { // what is none is not known either
		return a, nil
	}
	id, err := advisory.ParseID(name)
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read the id").WithHint("an id is like CVE-2099-0001 or CPANSA-Foo-Bar-2099-01")
	}
	a := s.Model.ByID(id)
	if a == nil {
		return nil, fault.New(fault.NotFound, "no advisory of this index is called %s", fault.Quote(string(id))).
			WithHint("/api/v1/search?q= finds advisories by words; the index is of %s", s.Manifest.Day)
	}
	return a, nil
}

// OwnerOf gives the distribution that holds a module, "" where that is not known.
func (s *Snapshot) OwnerOf(m cpan.Module) cpan.Dist { return s.Model.Set.Owners[m] }

// errNoFile is what a record without its file is: the index lacks a form.
var errNoFile = errors.New("the index has no such document")

// Document gives a file that the index must have for a record that it has.
func (s *Snapshot) Document(path string) (*File, error) {
	f := s.files[path]
	if f == nil {
		return nil, fault.Wrap(fault.Unavailable, errNoFile, "%s", path)
	}
	return f, nil
}

// Static gives the file that a path of the site names: of a folder its page. slash
// is set where the path names a folder and lacks the slash at its end.
func (s *Snapshot) Static(path string) (f *File, slash bool) {
	path = strings.TrimPrefix(path, "/")
	if path == "" || path[len(path)-1] == '/' {
		return s.files[path+"index.html"], false
	}
	if f := s.files[path]; f != nil {
		return f, false
	}
	return nil, s.files[path+"/index.html"] != nil
}
