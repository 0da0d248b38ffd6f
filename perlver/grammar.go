package perlver

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Grammar names the language of a range.
type Grammar string

// The grammars, each with the text that ReadRange expects.
const (
	CPANSA Grammar = "cpansa" // affected_versions: a JSON array of strings, or one string
	CNA    Grammar = "cna"    // affected of the CNA's YAML: the same
	CVE    Grammar = "cve"    // versions[] of a CVE record, in JSON
	OSV    Grammar = "osv"    // ranges[] of an OSV record, in JSON
	Meta   Grammar = "meta"   // the requirement of one module, as it is
)

// Grammars lists all grammars.
func Grammars() []Grammar { return []Grammar{CPANSA, CNA, CVE, OSV, Meta} }

// ReadRange reads the text of a range. What the grammar's parser keeps as
// unknown is no error; JSON that is malformed or of another shape is.
// An empty array states nothing in any grammar. A version that no entry of
// versions[] speaks about is not in the range, as if defaultStatus were
// unaffected.
func ReadRange(g Grammar, text string) (Range, error) {
	switch g {
	case CPANSA:
		elements, err := readStrings(text)
		if err != nil {
			return Range{}, err
		}
		return ParseCPANSA(elements), nil
	case CNA:
		elements, err := readStrings(text)
		if err != nil {
			return Range{}, err
		}
		return ParseCNA(elements)
	case CVE:
		versions, err := readArray[CVEVersion](text)
		if err != nil || len(versions) == 0 {
			return Range{}, err
		}
		return ParseCVE("unaffected", versions), nil
	case OSV:
		ranges, err := readArray[OSVRange](text)
		if err != nil {
			return Range{}, err
		}
		return ParseOSV(ranges, nil), nil
	case Meta:
		r, err := ParseRequirement(text)
		if err != nil {
			return Range{}, err
		}
		return r.Range(), nil
	}
	return Range{}, fmt.Errorf("grammar %s: no such grammar", quote(string(g)))
}

// readStrings reads a JSON array of strings, or one string.
func readStrings(text string) ([]string, error) {
	if strings.HasPrefix(strings.TrimLeft(text, " \t\r\n"), `"`) {
		var one string
		err := readJSON(text, &one)
		return []string{one}, err
	}
	return readArray[string](text)
}

// readArray reads a JSON array whose elements are all there.
func readArray[T any](text string) ([]T, error) {
	var elements []*T
	if err := readJSON(text, &elements); err != nil {
		return nil, err
	}
	if elements == nil {
		return nil, errors.New("range: an array is expected, not null")
	}
	values := make([]T, len(elements))
	for i, e := range elements {
		if e == nil {
			return nil, fmt.Errorf("range: element %d is null", i)
		}
		values[i] = *e
	}
	return values, nil
}

// readJSON reads exactly one JSON value.
func readJSON(text string, into any) error {
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(into); err != nil {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
			return fmt.Errorf("range: another shape is expected than %s at byte %d", t.Value, t.Offset)
		}
		return fmt.Errorf("range: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("range: text after the JSON value")
	}
	return nil
}
