package seal

import (
	"cmp"
	"context"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
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
	Same       State = "same"        // every recorded digest that can be computed is that of the file
	Differs    State = "differs"     // one is not
	NoFile     State = "no file"     // none of its name is there
	NoDigest   State = "no digest"   // the bill records none that can be computed
	NotAFile   State = "not a file"  // a requirement, a system, or what is held to files by its parts
	Unreadable State = "unreadable"  // the file could not be read
	Unrecorded State = "not in bill" // a file that no component is
)

// States gives all states.
func States() []State {
	return []State{Same, Differs, Unreadable, NoFile, NoDigest, NotAFile, Unrecorded}
}

// Result is one component, or one file.
type Result struct {
	State   State  `json:"state"`
	Ref     string `json:"ref,omitempty"`
	Name    string `json:"name,omitempty"` // and version
	Pointer string `json:"pointer,omitempty"`
	File    string `json:"file,omitempty"` // slash path
	// Algorithm is that of the first digest that differs, or the first of those
	// that are the same: MD5 or SHA-1 only where nothing else was compared.
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
	"SHA3-256": sha3of(sha3.New256), "SHA3-384": sha3of(sha3.New384), "SHA3-512": sha3of(sha3.New512),
}

func sha3of(make func() *sha3.SHA3) func() hash.Hash { return func() hash.Hash { return make() } }

// Files holds every component of a bill to the files of a folder. A file is found
// by the path that the bill states for it (the name of a component of type file,
// distpath of a package URL, an occurrence that is the archive itself), or else by
// the name of its archive, wherever it lies; of several files of that name each
// must be it. With all, files that no component is are results too. Results are in
// the order of the bill, and then of the files. A file is read once for each
// algorithm at most, however many components it is.
func Files(ctx context.Context, b *bom.Bill, fsys fs.FS, all bool) ([]Result, error) {
	v := &verifier{ctx: ctx, fsys: fsys, byName: map[string][]string{}, used: map[string]bool{}, sums: map[string]sums{}}
	if err := v.list(); err != nil {
		return nil, err
	}
	if b.Root != nil {
		if err := v.component(b.Root, whole); err != nil {
			return nil, err
		}
	}
	for _, c := range b.Components {
		if err := v.component(c, ""); err != nil {
			return nil, err
		}
	}
	for _, f := range v.files {
		if all && !v.used[f] {
			v.results = append(v.results, Result{State: Unrecorded, File: f})
		}
	}
	return v.results, nil
}

type verifier struct {
	ctx     context.Context
	fsys    fs.FS
	files   []string
	byName  map[string][]string // by the last element of the path
	used    map[string]bool
	sums    map[string]sums // by path
	results []Result
}

// sums are the digests of a file by their algorithm, or why it cannot be read.
type sums struct {
	of     map[string]string
	failed error
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

// Why a component is no file.
const (
	whole       = "it is the whole, of which its components are parts"
	requirement = "it is a requirement, and names no release"
)

// component holds a component and its parts to files. A reason why it is no file
// counts where no digest of it is recorded.
func (v *verifier) component(c *bom.Component, notAFile string) error {
	r, err := v.one(c, notAFile)
	if err != nil {
		return err
	}
	v.results = append(v.results, r)
	inherited := ""
	if r.Detail == requirement { // as what perl ships, of a perl that is not named exactly
		inherited = requirement
	}
	for _, part := range c.Parts {
		if err := v.component(part, inherited); err != nil {
			return err
		}
	}
	return nil
}

func (v *verifier) one(c *bom.Component, notAFile string) (Result, error) {
	r := Result{Ref: c.Ref, Name: strings.TrimSpace(c.Name + " " + c.Version), Pointer: c.Pointer}
	byParts := len(c.Hashes) == 0 && slices.ContainsFunc(c.Parts, func(p *bom.Component) bool { return p.Type == "file" })
	switch {
	case byParts:
		notAFile = "its files are held to their own digests"
	case c.Version == "" && cmp.Or(c.Range, c.Property("cpan:prereq:range")) != "":
		notAFile = requirement
	case c.Type == "operating-system":
		notAFile = "it is a system"
	}
	recorded := slices.DeleteFunc(digests(c), func(h bom.Hash) bool { return computable[h.Algorithm] == nil })
	names := v.find(c)
	switch {
	case notAFile != "" && (len(recorded) == 0 || byParts && len(names) == 0):
		r.State, r.Detail = NotAFile, notAFile
		return r, nil
	case len(recorded) == 0:
		r.State = NoDigest
		return r, nil
	case len(names) == 0:
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
	for _, o := range c.Evidence.Occurrences {
		// Else it is where the component is spoken of, as in a lock file.
		if c.Type == "file" || base != "" && path.Base(o.Location) == base {
			stated = append(stated, o.Location)
		}
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

// compare compares all recorded digests with those of a file.
func (v *verifier) compare(r Result, name string, recorded []bom.Hash) (Result, error) {
	r.File, r.State, r.Algorithm = name, Same, recorded[0].Algorithm
	found := v.digest(name, recorded)
	if err := v.ctx.Err(); err != nil {
		return r, err
	}
	if found.failed != nil {
		r.State, r.Algorithm, r.Detail = Unreadable, "", found.failed.Error()
		return r, nil
	}
	for _, h := range recorded {
		if sum := found.of[h.Algorithm]; !strings.EqualFold(sum, h.Value) {
			r.State, r.Algorithm, r.Recorded, r.Found = Differs, h.Algorithm, h.Value, sum
			break
		}
	}
	return r, nil
}

// digest computes those of the recorded digests that are not known yet, in one
// pass.
func (v *verifier) digest(name string, recorded []bom.Hash) sums {
	known, ok := v.sums[name]
	if !ok {
		known.of = map[string]string{}
	}
	hashes := map[string]hash.Hash{}
	var all []io.Writer
	for _, h := range recorded {
		if known.of[h.Algorithm] == "" && hashes[h.Algorithm] == nil {
			hashes[h.Algorithm] = computable[h.Algorithm]()
			all = append(all, hashes[h.Algorithm])
		}
	}
	if known.failed != nil || len(all) == 0 {
		return known
	}
	if known.failed = v.read(name, io.MultiWriter(all...)); known.failed == nil {
		for algorithm, h := range hashes {
			known.of[algorithm] = hex.EncodeToString(h.Sum(nil))
		}
	}
	v.sums[name] = known
	return known
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
