package spdx

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"strings"
	"sync"

	"nacre/bom"
)

// Another tool may edit a document that has notes, and leave them as they are.
// What it wrote counts then: a note about a field that the format has itself
// carries a digest of what that field said when the note was written, and nothing
// where it said nothing. It is passed over where the field says something else.

// mark is what stands in a note's key behind the name of a field: a colon and the
// digest of what the format's own fields say of it, or "" where they say nothing.
// The author and the manufacturer are one field of SPDX 2. What others call a
// component says nothing of it, and has no mark.
func mark(native reflect.Value, name string) string {
	names := []string{name}
	switch name {
	case "Ref":
		return ""
	case "Authors", "Manufacturer":
		names = []string{"Authors", "Manufacturer"}
	}
	var said []byte
	for _, name := range names {
		f := native.FieldByName(name)
		if empty(f) {
			said = append(said, '\n')
			continue
		}
		switch list := f.Interface().(type) {
		case []bom.Composition:
			for _, s := range statements(list) {
				said = append(said, s.what+"\x00"+s.ref+"\x00"+s.aggregate+"\x00"...)
			}
		case []bom.Hash, []bom.Reference, []bom.Property:
			said = append(said, strings.Join(sortedItems(encode(f)), ",")...)
		default:
			said = compact(said, encode(f))
		}
		said = append(said, '\n')
	}
	if len(said) == len(names) {
		return ""
	}
	// Tag-value keeps no carriage returns.
	sum := sha256.Sum256([]byte(strings.ReplaceAll(string(said), `\r`, "")))
	return ":" + hex.EncodeToString(sum[:6])
}

// marked is what the format's own fields give, with the marks that were asked for.
type marked struct {
	native reflect.Value
	marks  map[string]string
}

func (m *marked) mark(name string) string {
	if s, ok := m.marks[name]; ok {
		return s
	}
	if m.marks == nil {
		m.marks = map[string]string{}
	}
	m.marks[name] = mark(m.native, name)
	return m.marks[name]
}

// statable are the fields that a package states itself, by their words.
var statable = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for _, name := range componentFields {
		if name != "Ref" && name != "Scope" {
			out[strings.ToLower(name)] = name
		}
	}
	return out
})

// stands reports whether the format's own fields state what a list of unknown or
// redacted fields names.
func stands(native reflect.Value, word string) bool {
	name, ok := statable()[word]
	return ok && !empty(native.FieldByName(name))
}
