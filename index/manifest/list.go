package manifest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/fault"
)

// Schema is the value of "schema" in manifest.json.
const Schema = "nacre.manifest/1"

// Manifest is what manifest.json says: what the index was made of, and every
// file of it.
type Manifest struct {
	Schema    string `json:"schema"`
	Generator string `json:"generator"` // the program that made it, "nacred v0.1.0"
	Day       string `json:"day"`       // of the build that the conclusions are of, "2099-01-02"
	Sequence  uint64 `json:"sequence"`  // grows with every index that is published, from 1
	Counts    Counts `json:"counts"`
	// Sources are those of the advisories, in the order of their authority.
	Sources []Source `json:"sources,omitempty"`
	// Skipped is how many entries of the sources were not used, by reason;
	// skipped.json lists them.
	Skipped map[string]int `json:"skipped,omitempty"`
	// Curation is how many corrections there were, by what became of them.
	Curation map[string]int `json:"curation,omitempty"`
	// Files are all files but those that the package comment names, by path.
	Files []File `json:"files"`
}

// Counts is how much there is.
type Counts struct {
	Advisories    int   `json:"advisories"` // withdrawn ones too
	Withdrawn     int   `json:"withdrawn"`
	Distributions int   `json:"distributions"`
	Releases      int   `json:"releases"`
	Files         int   `json:"files"`
	Bytes         int64 `json:"bytes"` // of all files
}

// Source is one source of advisories, as far as it says so itself.
type Source struct {
	Name        string    `json:"name"`
	Commit      string    `json:"commit,omitempty"`
	Time        time.Time `json:"time,omitzero"` // the newest that its data knows of
	Licence     string    `json:"licence,omitempty"`
	Attribution string    `json:"attribution,omitempty"` // the line that the licence asks for
	Entries     int       `json:"entries"`
	Refused     int       `json:"refused"`
}

// File is one file of an index.
type File struct {
	Path   string `json:"path"` // from the root, as CheckPath accepts it
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"` // 64 lower-case hex digits
}

// Make completes a manifest with its files, in any order, and their counts, and
// checks it as Parse does.
func Make(m Manifest, files []File) (Manifest, error) {
	m.Schema = Schema
	m.Files = slices.SortedFunc(slices.Values(files), func(a, b File) int { return cmp.Compare(a.Path, b.Path) })
	m.Counts.Files, m.Counts.Bytes = len(files), 0
	for _, f := range files {
		m.Counts.Bytes += f.Size
	}
	m.Sources = slices.Clone(m.Sources)
	if err := m.check(); err != nil {
		return Manifest{}, fault.Wrap(fault.Invalid, err, "make manifest")
	}
	return m, nil
}

// Parse reads manifest.json. Fields that are not known are passed over.
func Parse(text []byte) (Manifest, error) {
	if len(text) > MaxList {
		return Manifest{}, fault.New(fault.Invalid, "read manifest: larger than %d bytes (limit: manifest size)", MaxList)
	}
	var m Manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return Manifest{}, fault.Wrap(fault.Invalid, err, "read manifest")
	}
	if m.Schema != Schema {
		err := fault.New(fault.Invalid, "read manifest: schema is %.60q, not %s", m.Schema, Schema)
		if strings.HasPrefix(m.Schema, "nacre.manifest/") {
			err = err.WithHint("a newer nacre reads it")
		}
		return Manifest{}, err
	}
	if err := m.check(); err != nil {
		return Manifest{}, fault.Wrap(fault.Invalid, err, "read manifest")
	}
	return m, nil
}

// check holds a manifest to what is promised of it, and brings the times of its
// sources to UTC.
func (m *Manifest) check() error {
	if m.Sequence < 1 || m.Sequence > MaxSequence {
		return fault.New(fault.Invalid, "sequence %d is not from 1 to %d", m.Sequence, MaxSequence)
	}
	if d, err := time.Parse(time.DateOnly, m.Day); err != nil || d.Format(time.DateOnly) != m.Day {
		return fault.New(fault.Invalid, "day %.40q is not a day like 2099-01-02", m.Day)
	}
	for _, n := range []int{len(m.Sources), len(m.Skipped), len(m.Curation)} {
		if n > maxGroups {
			return fault.New(fault.Invalid, "%d sources or reasons are more than %d (limit: groups of a manifest)", n, maxGroups)
		}
	}
	counts := []int{m.Counts.Advisories, m.Counts.Withdrawn, m.Counts.Distributions, m.Counts.Releases}
	counts = slices.AppendSeq(slices.AppendSeq(counts, maps.Values(m.Skipped)), maps.Values(m.Curation))
	for _, s := range m.Sources {
		counts = append(counts, s.Entries, s.Refused)
	}
	if n := slices.Min(counts); n < 0 {
		return fault.New(fault.Invalid, "a count is %d", n)
	}
	for i := range m.Sources {
		t := &m.Sources[i].Time
		*t = t.UTC()
		if y := t.Year(); y < 1 || y > 9999 {
			return fault.New(fault.Invalid, "source %.60q is of year %d", m.Sources[i].Name, y)
		}
	}
	return m.checkFiles()
}

func (m *Manifest) checkFiles() error {
	if len(m.Files) > MaxFiles {
		return fault.New(fault.Invalid, "%d files are more than %d (limit: files of a manifest)", len(m.Files), MaxFiles)
	}
	if m.Counts.Files != len(m.Files) {
		return fault.New(fault.Invalid, "%d files are counted, and %d listed", m.Counts.Files, len(m.Files))
	}
	var bytes int64
	files := make(map[string]bool, len(m.Files))
	for i, f := range m.Files {
		switch {
		case f.Path == ListName || f.Path == SealName || f.Path == HeadName:
			return fault.New(fault.Invalid, "%s is listed", f.Path)
		case i > 0 && m.Files[i-1].Path >= f.Path:
			return fault.New(fault.Invalid, "file %.200q is listed twice, or not in order", f.Path)
		case f.Size < 0 || f.Size > MaxFile:
			return fault.New(fault.Invalid, "file %.200q has %d bytes, more than %d (limit: file of an index)", f.Path, f.Size, int64(MaxFile))
		}
		if err := CheckPath(f.Path); err != nil {
			return err
		}
		if err := checkDigest(f.SHA256); err != nil {
			return fault.Wrap(fault.Invalid, err, "digest of %s", f.Path)
		}
		bytes += f.Size
		files[f.Path] = true
	}
	for _, f := range m.Files {
		for i, c := range f.Path {
			if c == '/' && files[f.Path[:i]] {
				return fault.New(fault.Invalid, "%.200q is a file and a folder", f.Path[:i])
			}
		}
	}
	if m.Counts.Bytes != bytes {
		return fault.New(fault.Invalid, "%d bytes are counted, and %d listed", m.Counts.Bytes, bytes)
	}
	return nil
}

// File gives the file at a path.
func (m *Manifest) File(path string) (File, bool) {
	i, ok := slices.BinarySearchFunc(m.Files, path, func(f File, path string) int { return cmp.Compare(f.Path, path) })
	if !ok {
		return File{}, false
	}
	return m.Files[i], true
}

// Bytes is what Parse reads, for a Manifest of Make or of Parse: a line for each
// file, so that two manifests can be compared as texts.
func (m *Manifest) Bytes() ([]byte, error) {
	start := *m
	start.Files = []File{}
	head, err := json.MarshalIndent(&start, "", "  ")
	if err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "write manifest")
	}
	var b bytes.Buffer
	b.Grow(len(head) + 180*len(m.Files))
	b.Write(bytes.TrimSuffix(head, []byte("]\n}")))
	for i, f := range m.Files {
		line, err := json.Marshal(f)
		if err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "write manifest")
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		b.Write(line)
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}
