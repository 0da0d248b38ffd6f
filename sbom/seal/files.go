package seal

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/limit"
	"nacre/purl"
)

// State is what holding one component to files came to.
type State string

// The states.
const (
	Same       State = "same"        // every recorded digest is that of the file
	Differs    State = "differs"     // one is not
	NoFile     State = "no file"     // none of its name is there
	NoDigest   State = "no digest"   // the bill records none that can be computed
	Unreadable State = "unreadable"  // the file could not be read
	Unrecorded State = "not in bill" // a file that no component is
)

// Result is one component, or one file.
type Result struct {
	State   State  `json:"state"`
	Ref     string `json:"ref,omitempty"`
	Name    string `json:"name,omitempty"` // and version
	Pointer string `json:"pointer,omitempty"`
	File    string `json:"file,omitempty"` // slash path
	// Algorithm is that of the first digest that differs, or the strongest of
	// those that are the same.
	Algorithm string `json:"algorithm,omitempty"`
	Recorded  string `json:"recorded,omitempty"`
	Found     string `json:"found,omitempty"`
	Detail    string `json:"detail,omitempty"`
}

// Bounds of what is looked through.
const (
	maxFiles = 2_000_000
	maxFile  = 8 << 30 // bytes of one
)

// computable are the algorithms that are computed, by CycloneDX's names.
var computable = map[string]func() hash.Hash{
	"MD5": md5.New, "SHA-1": sha1.New, "SHA-256": sha256.New, "SHA-384": sha512.New384, "SHA-512": sha512.New,
}

// Files holds every component of a bill that records digests to the files of a
// folder. A file is found by the path that the bill states for it (its
// occurrences, the name of a component of type file, distpath of a package URL),
// or else by the name of its archive, wherever it lies. With all, files that no
// component is are results too. Results are in the order of the bill, and then of
// the files.
func Files(ctx context.Context, b *bom.Bill, fsys fs.FS, all bool) ([]Result, error) {
	v := &verifier{ctx: ctx, fsys: fsys, byName: map[string][]string{}, used: map[string]bool{}}
	if err := v.list(); err != nil {
		return nil, err
	}
	var results []Result
	for c := range b.All() {
		r, err := v.component(c)
		if err != nil {
			return nil, err
		}
		if r.State != "" {
			results = append(results, r)
		}
	}
	for _, f := range v.files {
		if all && !v.used[f] {
			results = append(results, Result{State: Unrecorded, File: f})
		}
	}
	return results, nil
}

type verifier struct {
	ctx    context.Context
	fsys   fs.FS
	files  []string
	byName map[string][]string // by the last element of the path
	used   map[string]bool
}

func (v *verifier) list() error {
	defer func() { slices.Sort(v.files) }()
	return fs.WalkDir(v.fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err := v.ctx.Err(); err != nil {
			return err
		}
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if len(v.files) == maxFiles {
			return fault.New(fault.Invalid, "more than %d files (limit: files to verify)", maxFiles).WithHint("name a folder further down")
		}
		v.files = append(v.files, name)
		v.byName[path.Base(name)] = append(v.byName[path.Base(name)], name)
		return nil
	})
}

// component gives the zero Result for what is no file by its kind.
func (v *verifier) component(c *bom.Component) (Result, error) {
	r := Result{Ref: c.Ref, Name: strings.TrimSpace(c.Name + " " + c.Version), Pointer: c.Pointer}
	recorded := slices.DeleteFunc(digests(c), func(h bom.Hash) bool { return computable[h.Algorithm] == nil })
	if len(recorded) == 0 {
		if c.Range != "" || c.Type == "operating-system" || c.Version == "" {
			return Result{}, nil
		}
		r.State = NoDigest
		return r, nil
	}
	names := v.find(c)
	if len(names) == 0 {
		r.State = NoFile
		return r, nil
	}
	for _, name := range names {
		v.used[name] = true
		one, err := v.compare(r, name, recorded)
		if err != nil {
			return Result{}, err
		}
		if r.State == "" || one.State != Same {
			r = one
		}
		if r.State != Same {
			break
		}
	}
	return r, nil
}

// digests are those of a component and of the file that it is distributed as.
func digests(c *bom.Component) []bom.Hash {
	all := slices.Clone(c.Hashes)
	for _, ref := range c.References {
		if ref.Type == "distribution" {
			all = append(all, ref.Hashes...)
		}
	}
	slices.SortFunc(all, bom.CompareHashes)
	return slices.Compact(all)
}

// find gives the files that a component may be.
func (v *verifier) find(c *bom.Component) []string {
	var stated []string
	for _, o := range c.Evidence.Occurrences {
		stated = append(stated, o.Location)
	}
	if c.Type == "file" {
		stated = append(stated, c.Name)
	}
	base := c.File.Name
	if p, err := purl.Parse(c.PURL); err == nil && p.IsCPAN() {
		if at := p.Qualifier("distpath"); at != "" {
			stated = append(stated, at, strings.TrimPrefix(at, "authors/id/"))
			base = cmp.Or(base, path.Base(at))
		}
		base = cmp.Or(base, p.Name()+"-"+p.Version()+"."+cmp.Or(p.Qualifier("ext"), "tar.gz"))
	}
	for _, s := range stated {
		s = path.Clean(strings.TrimPrefix(s, "/"))
		if _, found := slices.BinarySearch(v.files, s); found {
			return []string{s}
		}
	}
	if c.Type == "file" {
		return nil // another file of this name is another file
	}
	return v.byName[base]
}

// compare computes all recorded digests of a file in one pass.
func (v *verifier) compare(r Result, name string, recorded []bom.Hash) (Result, error) {
	r.File, r.State, r.Algorithm = name, Same, recorded[0].Algorithm // the strongest stands first
	hashes := map[string]hash.Hash{}
	var all []io.Writer
	for _, h := range recorded {
		if hashes[h.Algorithm] == nil {
			hashes[h.Algorithm] = computable[h.Algorithm]()
			all = append(all, hashes[h.Algorithm])
		}
	}
	if err := v.read(name, io.MultiWriter(all...)); err != nil {
		if v.ctx.Err() != nil {
			return r, v.ctx.Err()
		}
		r.State, r.Detail = Unreadable, err.Error()
		return r, nil
	}
	for _, h := range recorded {
		if found := hex.EncodeToString(hashes[h.Algorithm].Sum(nil)); !strings.EqualFold(found, h.Value) {
			r.State, r.Algorithm, r.Recorded, r.Found = Differs, h.Algorithm, h.Value, found
			break
		}
	}
	return r, nil
}

func (v *verifier) read(name string, w io.Writer) error {
	f, err := v.fsys.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, &stopping{v.ctx, limit.Reader(f, maxFile, "file size")})
	return err
}

// stopping ends reading when the context does.
type stopping struct {
	ctx context.Context
	r   io.Reader
}

func (s *stopping) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p)
}
