package db

import (
	"encoding/hex"
	"hash/crc32"
	"math"

	"nacre/advisory"
	"nacre/fault"
)

const (
	magic        = "nacredb\n"
	currentMajor = 1
	// vendorMinor is the minor number of a file that has statements of vendors;
	// one without them has 0, and the bytes that the first format gives.
	vendorMinor = 1
	prefixSize  = 20
	maxHeader   = 1 << 20
	// firstRead takes in the header of every real database at once.
	firstRead = 4 << 10
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sectionKind names a part of the body.
type sectionKind int

const (
	sectionChunks sectionKind = iota + 1
	sectionDists
	sectionModules
	sectionIDs
	sectionVendor // in files of vendorMinor only
	sectionKinds
)

var sectionNames = [sectionKinds]string{"", "chunks", "distributions", "modules", "ids", "vendor statements"}

// section is where a part of the body is.
type section struct {
	offset, size int64
	sum          uint32
}

// header is what Open reads.
type header struct {
	major, minor int
	info         Info
	bodySize     int64
	digest       string // SHA-256 of the body, 32 bytes
	sections     [sectionKinds]section
}

func (e *encoder) header(h *header) {
	i := &h.info
	e.time(i.Built)
	for _, n := range []int{i.Records, i.Withdrawn, i.Dists, i.Releases, i.Modules} {
		e.count(n)
	}
	e.count(len(i.Sources))
	for _, s := range i.Sources {
		e.str(s.Name)
		e.str(s.ID)
		e.str(s.File)
		e.str(s.Commit)
		e.time(s.Time)
		e.str(s.Licence)
		e.str(s.Attribution)
	}
	strs(e, i.Notes)
	e.uvarint(uint64(h.bodySize))
	e.b = append(e.b, h.digest...)
	last := sectionIDs
	if h.minor >= vendorMinor {
		last = sectionVendor
	}
	e.count(int(last))
	for kind := sectionChunks; kind <= last; kind++ {
		s := h.sections[kind]
		e.count(int(kind))
		e.uvarint(uint64(s.offset))
		e.uvarint(uint64(s.size))
		e.u32(s.sum)
	}
	if h.minor < vendorMinor {
		return
	}
	e.count(len(i.Feeds))
	for _, f := range i.Feeds {
		e.str(f.Name)
		strs(e, f.Distros)
		e.time(f.Time)
		e.count(f.Statements)
	}
}

// decode reads a header of the format that h has; what follows it belongs to a
// newer minor format.
func (h *header) decode(text string) error {
	d := decoder{s: text}
	i := &h.info
	i.Built = d.time()
	for _, n := range []*int{&i.Records, &i.Withdrawn, &i.Dists, &i.Releases, &i.Modules} {
		*n = d.small(math.MaxInt32, "a count")
	}
	i.Sources = list(&d, 6, func(s *advisory.Source) {
		*s = advisory.Source{Name: d.str(), ID: d.str(), File: d.str(), Commit: d.str()}
		s.Time = d.time()
		s.Licence, s.Attribution = d.str(), d.str()
	})
	i.Notes = texts[string](&d)
	body := d.uvarint()
	if body > math.MaxInt32 {
		d.fail("a body of %d bytes (limit: body size)", body)
	}
	h.bodySize = int64(body)
	h.digest = d.bytes(32)
	i.Digest = hex.EncodeToString([]byte(h.digest))
	for range d.count(7) {
		kind, offset, size, sum := d.uvarint(), d.uvarint(), d.uvarint(), d.u32()
		if d.err != nil {
			return d.err
		}
		if offset > body || size > body-offset {
			return damaged("section %d is outside the file", kind)
		}
		if kind >= 1 && kind < uint64(sectionKinds) {
			h.sections[kind] = section{int64(offset), int64(size), sum}
		}
	}
	if h.minor >= vendorMinor {
		i.Feeds = list(&d, 4, func(f *advisory.VendorFeed) {
			*f = advisory.VendorFeed{Name: d.str(), Distros: texts[string](&d), Time: d.time()}
			f.Statements = d.small(math.MaxInt32, "a count")
		})
	}
	return d.err
}

// readSection reads a section whole and checks it.
func (d *DB) readSection(kind sectionKind) (string, error) {
	s := d.head.sections[kind]
	b := make([]byte, s.size)
	if err := readAt(d.r, b, d.base+s.offset); err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "read database: %s", sectionNames[kind])
	}
	if crc32.Checksum(b, castagnoli) != s.sum {
		return "", damaged("checksum of the %s is wrong", sectionNames[kind])
	}
	return own(b), nil
}
