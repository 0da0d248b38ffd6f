package cpansa

import (
	"fmt"
	"strings"

	"nacre/fault"
)

// Bounds of what is read. The largest report has some 12,000 values, the
// built index some 150,000, and none is nested deeper than six.
const (
	maxReport = 5 << 20   // bytes of one YAML report
	maxIndex  = 128 << 20 // bytes of the built JSON
	maxDepth  = 40        // nesting
	maxValues = 4_000_000 // values of the index, or of all reports of a folder
	maxText   = 1 << 20   // bytes of one scalar
	maxFiles  = 100_000   // reports in a folder
)

// value is one value of a document, YAML or JSON, with scalars as texts.
type value struct {
	kind kind
	text string  // of a scalar
	list []value // of a list
	keys []string
	vals []value // of a map, in the order of keys
}

type kind uint8

const (
	absent kind = iota // the zero value: nothing stands there
	null
	scalar
	list
	mapping
)

func (k kind) String() string {
	return [...]string{"nothing", "null", "a text", "a list", "a map"}[k]
}

// get gives the value of a key, the zero value where v has none.
func (v value) get(key string) value {
	for i, k := range v.keys {
		if k == key {
			return v.vals[i]
		}
	}
	return value{}
}

// isSet reports whether v is there and not null.
func (v value) isSet() bool { return v.kind > null }

// str gives a scalar's text without outer blanks, and nothing for null and
// absent. A list or a map is an error.
func (v value) str(key string) (string, error) {
	if v.kind == list || v.kind == mapping {
		return "", fault.New(fault.Invalid, "%s is %s, not a text", key, v.kind)
	}
	return strings.TrimSpace(v.text), nil
}

// strs gives the texts of a list; a scalar is a list of one, null and absent
// are empty. An element that is null becomes the text nullText.
func (v value) strs(key, nullText string) ([]string, error) {
	switch v.kind {
	case absent, null:
		return nil, nil
	case scalar:
		return []string{strings.TrimSpace(v.text)}, nil
	case mapping:
		return nil, fault.New(fault.Invalid, "%s is %s, not a list", key, v.kind)
	}
	out := make([]string, len(v.list))
	for i, e := range v.list {
		if e.kind == null {
			out[i] = nullText
			continue
		}
		s, err := e.str(fmt.Sprintf("element %d of %s", i+1, key))
		if err != nil {
			return nil, err
		}
		out[i] = s
	}
	return out, nil
}

// budget counts values against the bounds.
type budget int

func (b *budget) spend(depth int, text string) error {
	*b++
	switch {
	case *b > maxValues:
		return fault.New(fault.Invalid, "more than %d values (limit: values)", maxValues)
	case depth > maxDepth:
		return fault.New(fault.Invalid, "nested deeper than %d (limit: depth)", maxDepth)
	case len(text) > maxText:
		return fault.New(fault.Invalid, "text %.20q... is longer than %d bytes (limit: text length)", text, maxText)
	}
	return nil
}
