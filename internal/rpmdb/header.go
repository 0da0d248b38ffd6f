package rpmdb

import (
	"bytes"
	"encoding/binary"
	"iter"
	"strconv"

	"nacre/fault"
)

// Tag numbers a piece of a header.
type Tag uint32

// The tags that are of use here (RPM's documentation, "Package tags").
const (
	Name           Tag = 1000
	Version        Tag = 1001
	Release        Tag = 1002
	Epoch          Tag = 1003
	Summary        Tag = 1004
	Vendor         Tag = 1011
	License        Tag = 1014
	URL            Tag = 1020
	Arch           Tag = 1022
	SourceRPM      Tag = 1044
	ProvideName    Tag = 1047
	RequireName    Tag = 1049
	ChangelogText  Tag = 1082
	ProvideVersion Tag = 1113
	dirIndexes     Tag = 1116
	baseNames      Tag = 1117
	dirNames       Tag = 1118
)

// The types of what a tag holds.
const (
	typeInt32       = 4
	typeString      = 6
	typeStringArray = 8
	typeI18n        = 9
)

const (
	maxEntries = 65535 // RPM's own limit
	maxRatio   = 16
)

// Header is what is known of one package.
type Header struct {
	index []entry
	data  []byte
}

type entry struct {
	tag    Tag
	kind   uint32
	offset uint32
	count  uint32
}

// Parse reads a header. It keeps pointing into b.
func Parse(b []byte) (Header, error) {
	be := binary.BigEndian
	if len(b) < 8 {
		return Header{}, fault.New(fault.Invalid, "rpm header: %d bytes are none", len(b))
	}
	entries, size := be.Uint32(b), be.Uint32(b[4:])
	if entries > maxEntries {
		return Header{}, fault.New(fault.Invalid, "rpm header: more than %d entries (limit: rpm header entries)", maxEntries)
	}
	if uint64(len(b)) < 8+16*uint64(entries)+uint64(size) {
		return Header{}, fault.New(fault.Invalid, "rpm header: %d bytes are too few for %d entries and %d bytes of data", len(b), entries, size)
	}
	h := Header{data: b[8+16*entries:][:size]}
	for i := range entries {
		e := b[8+16*i:]
		t := entry{Tag(be.Uint32(e)), be.Uint32(e[4:]), be.Uint32(e[8:]), be.Uint32(e[12:])}
		switch t.tag {
		case Name, Version, Release, Epoch, Vendor, URL, Arch, SourceRPM, ProvideName, ProvideVersion, ChangelogText, dirIndexes, baseNames, dirNames:
		default:
			continue
		}
		if t.offset > size {
			return Header{}, fault.New(fault.Invalid, "rpm header: tag %d lies behind its end", t.tag)
		}
		h.index = append(h.index, t)
	}
	return h, nil
}

// find gives an entry and the data from it on. The last one of a tag counts:
// what was added at installation stands behind what the package came with.
func (h Header) find(tag Tag) (entry, []byte) {
	for i := len(h.index) - 1; i >= 0; i-- {
		if e := h.index[i]; e.tag == tag {
			return e, h.data[e.offset:]
		}
	}
	return entry{}, nil
}

// text gives the strings of a tag as they lie there, each with a NUL behind it.
func (h Header) text(tag Tag) (data []byte, count uint32) {
	e, data := h.find(tag)
	switch e.kind {
	case typeString:
		return data, min(e.count, 1)
	case typeStringArray, typeI18n:
		return data, e.count
	}
	return nil, 0
}

// Text gives a tag's string, the first where it has several; "" for none.
func (h Header) Text(tag Tag) string {
	for s := range h.Texts(tag) {
		return s
	}
	return ""
}

// Texts gives a tag's strings.
func (h Header) Texts(tag Tag) iter.Seq[string] {
	return func(yield func(string) bool) {
		for s := range h.raw(tag) {
			if !yield(string(s)) {
				return
			}
		}
	}
}

// raw gives a tag's strings in place.
func (h Header) raw(tag Tag) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		data, count := h.text(tag)
		for range count {
			s, rest, ok := bytes.Cut(data, nul)
			if !ok || !yield(s) {
				return
			}
			data = rest
		}
	}
}

// Number gives a tag's number; ok is false where it has none.
func (h Header) Number(tag Tag) (n uint32, ok bool) {
	e, data := h.find(tag)
	if e.kind != typeInt32 || e.count < 1 || len(data) < 4 {
		return 0, false
	}
	return binary.BigEndian.Uint32(data), true
}

// EVR is the package's version as RPM compares it: "4:5.32.1-480.el9", without
// the epoch where none is stated.
func (h Header) EVR() string {
	s := h.Text(Version) + "-" + h.Text(Release)
	if n, ok := h.Number(Epoch); ok {
		return strconv.FormatUint(uint64(n), 10) + ":" + s
	}
	return s
}

// Files gives the package's files whose names end as one of the suffixes does,
// as slash paths without the leading slash. A package without any costs next to
// nothing. Many names can share one long folder; where their paths together are
// out of all proportion to the header, that is an error.
func (h Header) Files(suffixes ...string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		names, _ := h.text(baseNames)
		some := false
		for _, s := range suffixes {
			some = some || bytes.Contains(names, append([]byte(s), 0))
		}
		if !some {
			return
		}
		var folders [][]byte
		for d := range h.raw(dirNames) {
			folders = append(folders, bytes.TrimLeft(d, "/"))
		}
		e, indexes := h.find(dirIndexes)
		if e.kind != typeInt32 {
			return
		}
		indexes = indexes[:4*min(uint64(len(indexes)/4), uint64(e.count))]
		room := 64<<10 + maxRatio*len(h.data)
		for base := range h.raw(baseNames) {
			if len(indexes) < 4 {
				return
			}
			i := binary.BigEndian.Uint32(indexes)
			indexes = indexes[4:]
			if int64(i) >= int64(len(folders)) || !ends(base, suffixes) {
				continue
			}
			if room -= len(folders[i]) + len(base); room < 0 {
				yield("", fault.New(fault.Invalid, "rpm header: its files' paths have more than %d times its bytes (limit: rpm header paths)", maxRatio))
				return
			}
			if !yield(string(folders[i])+string(base), nil) {
				return
			}
		}
	}
}

func ends(name []byte, suffixes []string) bool {
	for _, s := range suffixes {
		if bytes.HasSuffix(name, []byte(s)) {
			return true
		}
	}
	return false
}

// Provides gives what the package says it provides, with the version, "" where
// it states none: "perl(Foo::Bar)" and "1.23". The epoch that a version may
// begin with is left on it.
func (h Header) Provides() iter.Seq2[string, string] {
	return func(yield func(string, string) bool) {
		names, count := h.text(ProvideName)
		versions, _ := h.text(ProvideVersion)
		for range count {
			name, rest, ok := bytes.Cut(names, nul)
			if !ok {
				return
			}
			version, others, _ := bytes.Cut(versions, nul)
			if names, versions = rest, others; !yield(string(name), string(version)) {
				return
			}
		}
	}
}

var nul = []byte{0}
