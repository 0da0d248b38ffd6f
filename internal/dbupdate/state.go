package dbupdate

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"slices"
	"time"

	"nacre/fault"
	"nacre/internal/files"
	"nacre/limit"
)

const (
	stateSchema = "nacre.update/1"
	maxState    = 1 << 20
)

// state is what an update remembers, in a JSON file beside the database. What
// is lost with it is the protection against rollbacks and the keys that were
// learned, so a file that cannot be read is an error and not a new beginning.
type state struct {
	Schema string `json:"schema"`
	// Installed is the database that the last update wrote.
	Installed installed `json:"installed"`
	// Indexes is what is known of each index, by the name of its keys.
	Indexes map[string]*lineage `json:"indexes,omitempty"`
	// Made is, by address, the newest time that signed data of a cpansa source
	// gave for its making.
	Made map[string]time.Time `json:"made,omitempty"`
}

// installed says where a database came from.
type installed struct {
	Source       string `json:"source,omitempty"` // address
	SHA256       string `json:"sha256,omitempty"` // of the file
	ETag         string `json:"etag,omitempty"`   // of the note, or of the JSON
	LastModified string `json:"last_modified,omitempty"`
	Unsigned     bool   `json:"unsigned,omitempty"`
	Signer       string `json:"signer,omitempty"`
}

// lineage is one index: its keys follow each other, and its sequence grows.
type lineage struct {
	Sequence uint64    `json:"sequence"`
	SHA256   string    `json:"sha256"` // of the database of that sequence
	Expires  time.Time `json:"expires"`
	// Learned are the keys that were named by a note, with the key that named
	// them; Retired are those that have a successor which has signed.
	Learned []learned `json:"learned,omitempty"`
	Retired []string  `json:"retired,omitempty"`
}

type learned struct {
	Key string `json:"key"`
	By  string `json:"by"`
}

// keys are the keys that may sign, pinned being those of the list of sources,
// in which every chain of learned keys must begin: a key that the user takes
// out of the list takes those with it that it named.
func (l *lineage) keys(pinned []string) []string {
	all := slices.Clone(pinned)
	for _, k := range l.Learned { // in the order in which they were learned
		if slices.Contains(all, k.By) {
			all = append(all, k.Key)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	return slices.DeleteFunc(all, func(k string) bool { return slices.Contains(l.Retired, k) })
}

// signedBy notes that a key has signed, which ends the one that named it.
func (l *lineage) signedBy(key string) {
	for _, k := range l.Learned {
		if k.Key == key && !slices.Contains(l.Retired, k.By) {
			l.Retired = append(l.Retired, k.By)
		}
	}
}

// learn notes a key that a note named which by has signed.
func (l *lineage) learn(key, by string) {
	if key == by || slices.Contains(l.Retired, key) || slices.Contains(l.Learned, learned{key, by}) {
		return
	}
	l.Learned = append(l.Learned, learned{Key: key, By: by})
}

// clone is a lineage that can be changed without changing l.
func (l *lineage) clone() *lineage {
	if l == nil {
		return &lineage{}
	}
	c := *l
	c.Learned, c.Retired = slices.Clone(l.Learned), slices.Clone(l.Retired)
	return &c
}

func readState(name string) (*state, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return &state{Schema: stateSchema, Indexes: map[string]*lineage{}, Made: map[string]time.Time{}}, nil
	}
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the state of updates")
	}
	defer f.Close()
	text, err := limit.ReadAll(f, maxState, "state size")
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read the state of updates")
	}
	s := &state{} // without a schema: an empty object is no state
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(s); err != nil || s.Schema != stateSchema || d.InputOffset() < int64(len(bytes.TrimSpace(text))) {
		return nil, fault.New(fault.Conflict, "read the state of updates: %s is not %s", name, stateSchema).
			WithHint("a newer nacre may have written it; removing the file forgets which sequences and keys were seen")
	}
	for name, l := range s.Indexes {
		s.Indexes[name] = l.clone()
	}
	if s.Indexes == nil {
		s.Indexes = map[string]*lineage{}
	}
	if s.Made == nil {
		s.Made = map[string]time.Time{}
	}
	return s, nil
}

func (s *state) write(name string) error { return writeJSON(name, s) }

func writeJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "write %s", name)
	}
	return files.Replace(name, func(w io.Writer) error {
		_, err := w.Write(append(text, '\n'))
		return err
	})
}
