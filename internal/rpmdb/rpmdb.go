// Package rpmdb reads the databases in which RPM keeps the headers of the
// packages that are installed: the three formats that releases of RPM wrote, out
// of bytes that somebody else may have made.
//
//	rpmdb.sqlite  SQLite       Fedora 33 and later, RHEL 9 and later
//	Packages.db   ndb          SUSE
//	Packages      Berkeley DB  RHEL 8 and before, and what is of that age
//
// A SQLite database holds a table Packages (hnum INTEGER PRIMARY KEY, blob
// BLOB): its b-tree is walked, with overflow pages. An ndb file begins with
// pages of slots, of 16 bytes each (magic "Slot", number, first block, count of
// blocks), which point to blobs of 16-byte blocks between a head ("BlbS",
// number, time, length) and a tail (Adler-32, length, "BlbE"). A Berkeley DB
// hash has the headers in its pages or, more often, in chains of overflow pages;
// the record with the number 0 is RPM's counter.
//
// In each, a blob is a header as in the package's file, without its magic:
//
//	00000002 0000001c                     2 entries, 28 bytes of data
//	000003e8 00000006 00000000 00000001   tag 1000 (name), a string at 0
//	...
//
// Promised: no input panics, each page is read once at most and each byte of
// what it holds copied once, so that the cost is linear in the file and the
// memory that of the largest header; a chain of pages that runs in a circle, or
// meets another, is an error. Nothing is written, and no lock is taken.
//
// Not promised: what has been written to SQLite's log (rpmdb.sqlite-wal) and
// not yet to the database; checksums, also where a format has them; signatures;
// encrypted files; Berkeley DB's b-trees, which no release of RPM used for this.
//
// The known readers in Go want a path and an SQL driver. An image is neither a
// path nor trusted, and of SQL a single table is wanted: so these formats are
// read here.
//
// Sources: SQLite's "Database File Format"; RPM's documentation "Header Format"
// and "Package database", and its programs for ndb and for reading Berkeley DB;
// Berkeley DB's documentation of access methods and the page layouts of its
// header db_page.h.
package rpmdb

import (
	"bytes"
	"context"
	"errors"
	"io"
	"iter"

	"nacre/fault"
)

// The limits: RPM itself takes headers of 256 MB, but those of the largest
// packages that distributions ship have a few.
const (
	MaxHeader  = 64 << 20 // bytes of one header
	MaxHeaders = 200_000  // headers in a database
	maxFile    = 8 << 30  // bytes of a database
)

// Format is one of the three.
type Format uint8

// The formats.
const (
	Unknown Format = iota
	SQLite
	NDB
	BDB
)

// String gives the format's name, as in "SQLite".
func (f Format) String() string {
	return [...]string{"unknown", "SQLite", "ndb", "Berkeley DB"}[f&3]
}

// Detect tells the format from the first bytes of a file, 16 at least.
func Detect(head []byte) Format {
	switch {
	case bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		return SQLite
	case bytes.HasPrefix(head, []byte("RpmP")):
		return NDB
	case len(head) >= 16 && bdbOrder(head) != nil:
		return BDB
	}
	return Unknown
}

// Headers gives the headers of a database of size bytes, for [Parse], in the
// order of the file. A slice holds until the next one is asked for. The first
// error ends it: one of kind fault.Invalid where the file is damaged or of no
// known format, which names the place.
func Headers(ctx context.Context, r io.ReaderAt, size int64) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		d := &database{ctx: ctx, r: r, size: size, yield: yield}
		if err := d.read(); err != nil && !errors.Is(err, errStop) {
			yield(nil, err)
		}
	}
}

// errStop says that the consumer wants no more.
var errStop = errors.New("stopped")

// database is a file that is being read.
type database struct {
	ctx   context.Context
	r     io.ReaderAt
	size  int64
	yield func([]byte, error) bool

	count int      // headers so far
	given int64    // and their bytes
	blob  []byte   // the one at hand
	seen  []uint64 // a bit for each page that was read
}

func (d *database) read() error {
	if d.size > maxFile {
		return fault.New(fault.Invalid, "rpm database: larger than %d bytes (limit: rpm database size)", int64(maxFile))
	}
	head := make([]byte, 16)
	if err := d.at(head, 0); err != nil {
		return err
	}
	switch Detect(head) {
	case SQLite:
		return d.sqlite()
	case NDB:
		return d.ndb()
	case BDB:
		return d.bdb()
	}
	return fault.New(fault.Invalid, "rpm database: begins like none of SQLite, ndb and Berkeley DB")
}

// at fills p from an offset.
func (d *database) at(p []byte, off int64) error {
	if off < 0 || off > d.size-int64(len(p)) {
		return fault.New(fault.Invalid, "rpm database: ends at byte %d, before byte %d that it points to", d.size, off+int64(len(p)))
	}
	if err := d.ctx.Err(); err != nil {
		return err
	}
	n, err := d.r.ReadAt(p, off)
	if n == len(p) {
		return nil
	}
	if err == nil || errors.Is(err, io.EOF) {
		err = io.ErrUnexpectedEOF
	}
	return fault.Wrap(fault.KindOf(err), err, "read rpm database at byte %d", off)
}

// visit marks a page as read.
func (d *database) visit(page uint32, pages int64) error {
	if int64(page) >= pages {
		return fault.New(fault.Invalid, "rpm database: has %d pages, and page %d is pointed to", pages, page)
	}
	if d.seen == nil {
		d.seen = make([]uint64, (pages+63)/64)
	}
	if d.seen[page/64]&(1<<(page%64)) != 0 {
		return fault.New(fault.Invalid, "rpm database: page %d is pointed to twice", page)
	}
	d.seen[page/64] |= 1 << (page % 64)
	return nil
}

// room makes the blob n bytes long, as long as the file can hold that much.
func (d *database) room(n uint64) error {
	switch {
	case n > MaxHeader:
		return fault.New(fault.Invalid, "rpm database: a header of %d bytes, more than %d (limit: rpm header size)", n, MaxHeader)
	case n > uint64(d.size):
		return fault.New(fault.Invalid, "rpm database: a header of %d bytes in a file of %d", n, d.size)
	case n > uint64(cap(d.blob)):
		d.blob = make([]byte, n, max(n, 64<<10))
	}
	d.blob = d.blob[:n]
	return nil
}

// give hands a header out.
func (d *database) give(blob []byte) error {
	if d.count++; d.count > MaxHeaders {
		return fault.New(fault.Invalid, "rpm database: more than %d headers (limit: rpm headers)", MaxHeaders)
	}
	// Rows and blocks that overlap would cost more than the file is long.
	if d.given += int64(len(blob)); d.given > d.size {
		return fault.New(fault.Invalid, "rpm database: its headers have more bytes than it has (%d)", d.size)
	}
	if !d.yield(blob, nil) {
		return errStop
	}
	return nil
}
