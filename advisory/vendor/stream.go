package vendor

import (
	"encoding/json"
	"io"

	"nacre/fault"
	"nacre/limit"
)

// maxEntry is the most bytes of one entry of a large document: a flaw of the
// tracker, a package of the secdb. The largest real ones have some 20,000.
const maxEntry = 4 << 20

// entries reads a large document of JSON entry by entry. What it keeps in memory
// is one entry.
type entries struct {
	*json.Decoder
	meter *meter
}

// meter bounds what is read for one entry.
type meter struct {
	r    io.Reader
	left int
}

// Read reads until the entry's bound is hit.
func (m *meter) Read(p []byte) (int, error) {
	if m.left <= 0 {
		return 0, fault.New(fault.Invalid, "an entry is larger than %d bytes (limit: entry size)", maxEntry)
	}
	n, err := m.r.Read(p[:min(len(p), m.left)])
	m.left -= n
	return n, err
}

func newEntries(r io.Reader, name string) *entries {
	m := &meter{r: limit.Reader(r, limit.Feed, name+" size"), left: maxEntry}
	return &entries{json.NewDecoder(m), m}
}

// open reads the delimiter that begins what is named.
func (e *entries) open(delim json.Delim, what string) error {
	t, err := e.token()
	if err == nil && t != delim {
		err = fault.New(fault.Invalid, "%s is no %s", what, map[json.Delim]string{'{': "object", '[': "list"}[delim])
	}
	return err
}

// token reads a token.
func (e *entries) token() (json.Token, error) {
	e.meter.left = maxEntry
	t, err := e.Token()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return t, asInvalid(err)
}

// key reads the key of an object.
func (e *entries) key() (string, error) {
	t, err := e.token()
	key, _ := t.(string)
	return key, err
}

// value reads one value.
func (e *entries) value(to any) error {
	e.meter.left = maxEntry
	return asInvalid(e.Decode(to))
}

// asInvalid is err as one of the input, if it is none already.
func asInvalid(err error) error {
	if err == nil || fault.KindOf(err) != fault.Unavailable {
		return err
	}
	return fault.Wrap(fault.Invalid, err, "read JSON")
}
