package cli

import (
	"archive/zip"
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/advisory/osv"
	"nacre/advisory/vendor"
	"nacre/fault"
	"nacre/limit"
)

// acceptedSources is the hint of a source that is none of these.
const acceptedSources = "a source is a checkout of cpan-security-advisory, its built JSON (also .gz), a CVE record or a folder of them, an OSV record, folder or zip, a vendor's security data (Debian's tracker, Alpine's secdb, OSV of Debian, Alpine or Red Hat), a folder of such folders, or a database of Nacre"

// sources are what was read from the paths of --from.
type sources struct {
	env     *Env
	batches []advisory.Batch
	skipped []string // folders and files among the sources that are none
	// base is a database that was named: its advisories are taken as they
	// are, and no others are merged into them.
	base *advisory.Set
	age  time.Time // of base

	folders int // that were looked into

	// later are what vendors say. It is read when it is known which flaws are
	// of interest; until then the files stay open.
	later []func(vendor.Keep) (vendor.Batch, error)
	files []io.Closer
}

// Close closes the files that are still open.
func (s *sources) Close() {
	for _, f := range s.files {
		f.Close()
	}
}

// merge joins what was read into a set.
func (s *sources) merge() (advisory.Set, merge.Ledger) {
	if s.base != nil {
		return *s.base, merge.Ledger{}
	}
	return merge.Merge(s.batches)
}

// database takes a database as a source.
func (s *sources) database(name string) error {
	d, err := openFile(name)
	if err != nil {
		return err
	}
	defer d.Close()
	if s.base != nil {
		return fault.New(fault.Invalid, "is a second database").WithHint("name one database, or the sources that they were built from")
	}
	set, err := d.Set(context.Background())
	s.base, s.age = &set, d.Info().Built
	return err
}

// vendors reads what vendors say about packages of Perl, and about flaws that
// the set has, into the set. Of a feed that the set has already, what is read
// now stands instead.
func (s *sources) vendors(set *advisory.Set) (vendor.Batch, error) {
	known := map[string]bool{}
	for i := range set.Records {
		known[set.Records[i].ID.Key()] = true
		for _, alias := range set.Records[i].Aliases {
			known[alias.Key()] = true
		}
	}
	var batches []vendor.Batch
	for _, read := range s.later {
		b, err := read(func(source string, flaw advisory.ID) bool { return vendor.OfPerl(source) || known[flaw.Key()] })
		if err != nil {
			return vendor.Batch{}, err
		}
		batches = append(batches, b)
	}
	all := vendor.Join(batches)
	kept := vendor.Batch{}
	renewed := func(feed string) bool {
		return slices.ContainsFunc(all.Feeds, func(f advisory.VendorFeed) bool { return f.Name == feed })
	}
	for _, f := range set.Feeds {
		if !renewed(f.Name) {
			kept.Feeds = append(kept.Feeds, f)
		}
	}
	for _, said := range set.Vendor {
		if !renewed(said.Feed) {
			kept.Statements = append(kept.Statements, said)
		}
	}
	all = vendor.Join([]vendor.Batch{kept, all})
	set.Vendor, set.Feeds = all.Statements, all.Feeds
	return all, nil
}

// vendor puts a vendor's data off until it is read.
func (s *sources) vendor(fsys fs.FS, name, path string, form form) {
	s.later = append(s.later, func(keep vendor.Keep) (vendor.Batch, error) {
		s.progress(path)
		b, err := readVendor(fsys, name, form, keep)
		if err != nil {
			err = unread(path, err)
		}
		return b, err
	})
}

// readVendor reads a vendor's data: the file of a name, or of OSV the folder.
func readVendor(fsys fs.FS, name string, form form, keep vendor.Keep) (vendor.Batch, error) {
	if form == formVendorOSV {
		return vendor.ReadOSV(fsys, keep)
	}
	in, err := open(fsys, name)
	if err != nil {
		return vendor.Batch{}, err
	}
	defer in.Close()
	if form == formAlpine {
		return vendor.ReadAlpine(in, keep)
	}
	return vendor.ReadDebian(in, keep)
}

// form is what a file or a folder turns out to be.
type form int

const (
	formUnknown form = iota
	formIndex        // the built JSON of CPANSA
	formCVE
	formOSV
	formVendorOSV // OSV of a vendor
	formDebian    // Debian's security tracker
	formAlpine    // Alpine's secdb
)

// recordNames are the forms that folders hold, one record a file.
var recordNames = map[form]string{formCVE: "CVE", formOSV: "OSV", formVendorOSV: "vendors' OSV"}

// readSources reads every path of --from. What a path is, its content says.
func readSources(env *Env, paths []string) (*sources, error) {
	s := &sources{env: env}
	for _, p := range paths {
		if err := s.path(p); err != nil {
			s.Close()
			return nil, unread(p, err)
		}
	}
	if s.base != nil && len(s.batches) > 0 {
		s.Close()
		return nil, fault.New(fault.Invalid, "a database and sources of advisories are named, which are not merged").
			WithHint("name the sources that the database was built from, or only security data of vendors beside it")
	}
	for _, skipped := range s.skipped {
		fmt.Fprintf(env.Stderr, "note: skipped %s, it holds no advisories\n", skipped)
	}
	return s, nil
}

// unread is the error of a path that cannot be read.
func unread(name string, err error) error {
	kind, hint := fault.KindOf(err), fault.HintOf(err)
	if p, ok := errors.AsType[*fs.PathError](err); ok && err == error(p) && (p.Path == name || p.Path == ".") {
		err, hint = p.Err, "name a file or folder that is there and that you can read"
	}
	return fault.Wrap(kind, err, "read %s", name).WithHint("%s", hint)
}

// add takes what a reader gave.
func (s *sources) add(b advisory.Batch, err error) error {
	if err != nil {
		return err
	}
	s.batches = append(s.batches, b)
	return nil
}

// progress says what is being read, to somebody who is watching.
func (s *sources) progress(what string) {
	if s.env.IsTerminal(s.env.Stderr) {
		fmt.Fprintln(s.env.Stderr, "reading", what)
	}
}

func unknownSource() error {
	return fault.New(fault.Invalid, "not a source of advisories").WithHint("%s", acceptedSources)
}

func (s *sources) path(name string) error {
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		s.progress(name)
		return s.file(name, info)
	}
	found, err := s.folder(plainFS{os.DirFS(name)}, name, 0)
	if err == nil && !found {
		err = unknownSource()
	}
	return err
}

func (s *sources) file(name string, info fs.FileInfo) error {
	if !info.Mode().IsRegular() {
		return unknownSource()
	}
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	start := make([]byte, 8)
	n, err := f.ReadAt(start, 0)
	if strings.HasPrefix(string(start[:n]), "PK\x03\x04") {
		s.files = append(s.files, f)
		return s.zip(f, info.Size(), name)
	}
	f.Close()
	if err != nil && err != io.EOF {
		return err
	}
	if string(start[:n]) == "nacredb\n" {
		return s.database(name)
	}
	fsys, base := os.DirFS(filepath.Dir(name)), filepath.Base(name)
	switch form, err := formOf(fsys, base); {
	case err != nil:
		return err
	case form == formIndex:
		return s.index(fsys, base)
	case form == formCVE:
		return s.add(cve.ReadFS(oneFile{fsys, base}))
	case form == formOSV:
		return s.add(osv.ReadFS(oneFile{fsys, base}))
	case form == formVendorOSV:
		s.vendor(oneFile{fsys, base}, base, name, form)
		return nil
	case form != formUnknown:
		s.vendor(fsys, base, name, form)
		return nil
	}
	return unknownSource()
}

// Bounds of a zip, which is read as a folder.
const (
	maxZipFiles = 500_000
	maxZipSize  = limit.Feed
)

const hintZip = "if you trust it, unpack it and name the folder"

func (s *sources) zip(f io.ReaderAt, size int64, name string) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return fault.Wrap(fault.Invalid, err, "open zip")
	}
	if len(z.File) > maxZipFiles {
		return fault.New(fault.Invalid, "has %d files, more than %d (limit: files in a zip)", len(z.File), maxZipFiles).WithHint(hintZip)
	}
	var total uint64
	for _, file := range z.File {
		if total += min(file.UncompressedSize64, maxZipSize+1); total > maxZipSize {
			return fault.New(fault.Invalid, "unpacks to more than %d bytes (limit: zip size)", maxZipSize).WithHint(hintZip)
		}
	}
	found, err := s.folder(z, name, 0)
	if err == nil && !found {
		err = unknownSource()
	}
	return err
}

// maxDepth is how deep folders of folders are looked into, and maxFolders how
// many: links that lead back could make any number of them.
const (
	maxDepth   = 8
	maxFolders = 10_000
)

// sampled is how many files of a folder say what it holds.
const sampled = 16

// folder reads a folder and says whether it is a source, or holds any.
func (s *sources) folder(fsys fs.FS, name string, depth int) (found bool, err error) {
	if s.folders++; s.folders > maxFolders {
		return false, fault.New(fault.Invalid, "%s has more than %d folders, with links to folders (limit: folders)", name, maxFolders).
			WithHint("name the folders that hold the advisories themselves")
	}
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return false, err
	}
	checkout, err := isCheckout(fsys, entries)
	if err != nil {
		return false, err
	}
	if checkout {
		s.progress(name)
		if err := s.add(cpansa.ReadDir(fsys)); err != nil {
			return false, err
		}
		found = true
	}
	var indexes, whole, records []string
	forms := map[form]bool{}
	for _, e := range entries {
		if e.IsDir() || !isJSON(e.Name()) {
			continue
		}
		if len(records) >= sampled {
			break
		}
		switch form, err := formOf(fsys, e.Name()); {
		case err != nil:
			return false, err
		case form == formIndex:
			indexes = append(indexes, e.Name())
		case form == formDebian, form == formAlpine:
			s.vendor(fsys, e.Name(), path.Join(name, e.Name()), form)
			whole = append(whole, e.Name())
		case form != formUnknown:
			records = append(records, e.Name())
			forms[form] = true
		}
	}
	for _, index := range indexes {
		s.progress(path.Join(name, index))
		if err := s.index(fsys, index); err != nil {
			return false, err
		}
		found = true
	}
	whole = append(whole, indexes...)
	switch {
	case len(forms) > 1:
		var names []string
		for _, form := range slices.Sorted(maps.Keys(forms)) {
			names = append(names, recordNames[form])
		}
		return false, fault.New(fault.Invalid, "%s holds %s records", name, strings.Join(names, " and ")).
			WithHint("keep them in folders of their own, and name each")
	case len(records) > 0 && len(whole) > 0:
		return false, fault.New(fault.Invalid, "%s holds %s and %s, two kinds of source", name, whole[0], records[0]).
			WithHint("keep them in two folders, and name both")
	case forms[formCVE]:
		s.progress(name)
		return true, s.add(cve.ReadFS(fsys))
	case forms[formOSV]:
		s.progress(name)
		return true, s.add(osv.ReadFS(fsys))
	case forms[formVendorOSV]:
		s.vendor(fsys, ".", name, formVendorOSV)
		return true, nil
	case found:
		return true, nil
	}
	found = len(whole) > 0 // files of vendors, beside which there may be folders
	var none []string
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") || !isFolder(fsys, e) {
			continue
		}
		below := path.Join(name, e.Name())
		if depth == maxDepth {
			return false, fault.New(fault.Invalid, "%s is more than %d folders deep (limit: folder depth)", below, maxDepth).
				WithHint("name the folders that hold the advisories themselves")
		}
		sub, err := fs.Sub(fsys, e.Name())
		if err != nil {
			return false, err
		}
		is, err := s.folder(sub, below, depth+1)
		if err != nil {
			return false, err
		}
		if found = found || is; !is {
			none = append(none, below)
		}
	}
	if found {
		s.skipped = append(s.skipped, none...)
	}
	return found, nil
}

// plainFS opens folders and plain files only: a pipe among the files would be
// waited for without end.
type plainFS struct{ fs.FS }

// Open looks before it opens.
func (p plainFS) Open(name string) (fs.File, error) {
	info, err := fs.Stat(p.FS, name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() && !info.Mode().IsRegular() {
		return nil, fault.New(fault.Invalid, "%s is no plain file", name).WithHint("move it away, or name another folder")
	}
	return p.FS.Open(name)
}

// isFolder says whether an entry is a folder, or a link to one. A link that
// leads back ends at the greatest depth.
func isFolder(fsys fs.FS, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	info, err := fs.Stat(fsys, e.Name())
	return err == nil && info.IsDir()
}

func isJSON(name string) bool {
	return strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".json.gz")
}

// isCheckout says whether a folder holds reports of CPANSA, directly or in one
// of the three folders of a checkout: the first report says so by its
// cpansa_version.
func isCheckout(fsys fs.FS, entries []fs.DirEntry) (bool, error) {
	folders := []string{"."}
	for _, e := range entries {
		if e.IsDir() && slices.Contains([]string{"cpansa", "generated_reports", "external_reports"}, e.Name()) {
			folders = append(folders, e.Name())
		}
	}
	for _, folder := range folders {
		reports, err := fs.Glob(fsys, path.Join(folder, "*.yml"))
		if err != nil || len(reports) == 0 {
			continue
		}
		text, err := limit.ReadFile(fsys, reports[0], limit.Metadata, "report size")
		if err != nil {
			return false, err
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "cpansa_version:") {
				return true, nil
			}
		}
	}
	return false, nil
}

// open opens a file, unpacked where it is a gzip.
func open(fsys fs.FS, name string) (io.ReadCloser, error) {
	f, err := fsys.Open(name)
	if err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	if start, err := in.Peek(2); err != nil || string(start) != "\x1f\x8b" {
		return reader{in, f}, nil
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		f.Close()
		return nil, fault.Wrap(fault.Invalid, err, "open %s", name)
	}
	return reader{z, f}, nil
}

type reader struct {
	io.Reader
	io.Closer
}

func (s *sources) index(fsys fs.FS, name string) error {
	in, err := open(fsys, name)
	if err != nil {
		return err
	}
	defer in.Close()
	return s.add(cpansa.ReadJSON(in))
}

// maxSniff bounds what is read of a file to find out what it is: whole records,
// and the built JSON as far as its first telling key.
const maxSniff = 16 << 20

// formOf finds out what a JSON file holds by the keys of its outermost object.
// What is no JSON, or has none of these keys, is unknown and no error.
func formOf(fsys fs.FS, name string) (form, error) {
	in, err := open(fsys, name)
	if err != nil {
		return formUnknown, err
	}
	defer in.Close()
	d := json.NewDecoder(limit.Reader(in, maxSniff, "file size"))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return formUnknown, nil
	}
	keys := map[string]bool{}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return formUnknown, nil
		}
		key, _ := t.(string)
		keys[key] = true
		switch {
		case key == "module2dist" || key == "dists":
			return formIndex, nil
		case key == "cveMetadata":
			return formCVE, nil
		case key == "distroversion":
			return formAlpine, nil
		case keys["id"] && keys["modified"]:
			return osvForm(fsys, name)
		}
		tracker, err := skipValue(d, len(keys) == 1)
		switch {
		case err != nil:
			return formUnknown, nil
		case tracker:
			return formDebian, nil
		}
	}
	return formUnknown, nil
}

// osvForm finds out whether an OSV record is a vendor's.
func osvForm(fsys fs.FS, name string) (form, error) {
	in, err := open(fsys, name)
	if err != nil {
		return formUnknown, err
	}
	defer in.Close()
	var doc struct {
		ID       string `json:"id"`
		Affected []struct {
			Package struct {
				Ecosystem string `json:"ecosystem"`
				PURL      string `json:"purl"`
			} `json:"package"`
		} `json:"affected"`
	}
	if err := json.NewDecoder(limit.Reader(in, maxSniff, "file size")).Decode(&doc); err != nil {
		return formOSV, nil // whose reader says what is wrong
	}
	is := vendor.IsOSV(doc.ID, "")
	for _, a := range doc.Affected {
		if a.Package.Ecosystem == "CPAN" || strings.HasPrefix(a.Package.PURL, "pkg:cpan/") {
			return formOSV, nil
		}
		is = is || vendor.IsOSV("", a.Package.Ecosystem)
	}
	if is {
		return formVendorOSV, nil
	}
	return formOSV, nil
}

// skipValue reads over one value without keeping it. Of the first value it says
// whether it begins as what Debian's tracker has for a source package, an object
// of objects by the ids of flaws, and then reads no further.
func skipValue(d *json.Decoder, first bool) (tracker bool, err error) {
	depth, flaw := 0, false
	for n := 0; ; n++ {
		t, err := d.Token()
		if err != nil {
			return false, err
		}
		switch key, _ := t.(string); {
		case n == 0:
			first = first && t == json.Delim('{')
		case n == 1 && first:
			flaw = strings.HasPrefix(key, "CVE-") || strings.HasPrefix(key, "TEMP-")
		case n == 2 && flaw && t == json.Delim('{'):
			return true, nil
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > 1000 {
				return false, errors.New("nested too deeply")
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return false, nil
		}
	}
}

// oneFile is a folder of which only one file is seen, under a name that
// readers of folders take for a record.
type oneFile struct {
	fsys fs.FS
	name string
}

// Open opens the file by its name, and the folder by ".".
func (o oneFile) Open(name string) (fs.File, error) {
	if name != "." && name != o.shown() {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	if name == "." {
		return o.fsys.Open(".")
	}
	in, err := open(o.fsys, o.name)
	if err != nil {
		return nil, err
	}
	info, err := fs.Stat(o.fsys, o.name)
	if err != nil {
		in.Close()
		return nil, err
	}
	return file{in, info}, nil
}

// ReadDir lists the one file.
func (o oneFile) ReadDir(string) ([]fs.DirEntry, error) {
	info, err := fs.Stat(o.fsys, o.name)
	if err != nil {
		return nil, err
	}
	return []fs.DirEntry{fs.FileInfoToDirEntry(renamed{info, o.shown()})}, nil
}

// shown is the file's name with the ending of a record: whoever names one file
// need not have called it .json.
func (o oneFile) shown() string {
	if strings.HasSuffix(o.name, ".json") {
		return o.name
	}
	return o.name + ".json"
}

type renamed struct {
	fs.FileInfo
	name string
}

func (r renamed) Name() string { return r.name }

type file struct {
	io.ReadCloser
	info fs.FileInfo
}

func (f file) Stat() (fs.FileInfo, error) { return f.info, nil }
