// Package db is the advisory database in one file: written once, opened
// lazily, and read at any place without reading the rest.
//
// # The file
//
// All numbers are little-endian; a varint is the unsigned LEB128 of
// encoding/binary, a signed one is zigzag; a string is its length as a varint
// and its bytes.
//
//	offset  size
//	0       8    magic "nacredb\n"
//	8       2    format, the major number: 1
//	10      2    the minor number: 0, or 1 where there are statements of vendors
//	12      4    length of the header, at most 1 MiB
//	16      4    CRC-32C of bytes 8 to 15 and of the header
//	20      ..   header
//	..      ..   body
//
// The header holds what `nacre db info` shows (when it was built, how many
// records, distributions, releases and modules there are, the sources and
// notes), the length and SHA-256 of the body, and a list of sections: kind,
// offset in the body, length, CRC-32C. The sections are
//
//	1  chunks    16 bytes each: offset in the body, stored size, unpacked size, CRC-32C
//	2  dists     the distributions, sorted, with places of records and releases
//	3  modules   first keys of the blocks of the module table, and their chunks
//	4  ids       the same of all ids and aliases, in lower case
//	5  vendor    source packages, sorted, with places of what vendors say; format 1.1
//
// and everything else is in chunks, each one S2 block: records, releases, and
// the blocks of the two tables. A record is stored once. Records stand beside
// those of the same distribution, so that a look-up unpacks a few kilobytes.
// docs/formats/database.md has every field.
//
// # Older and newer readers
//
// A reader refuses a major number that is greater than its own and says so; it
// reads all smaller ones, and a sample of each stays in the tests for ever. A
// greater minor number means only more: fields at the end of the header,
// sections of other kinds, fields at the end of a record. A reader skips what
// it does not know.
//
// # Promises
//
// The same set and time give the same bytes. [Open] reads the header and checks
// its checksum; every section and chunk is checked when it is first read, and
// [DB.Verify] reads everything. Whatever the bytes are, a reader ends with an
// answer or an error: each length, offset and count is checked before it is
// used, a chunk unpacks to at most 4 MiB, and all of them to at most 256 MiB. A DB may be used by several
// goroutines at once. The strings and slices of a record belong to the database
// and must not be changed.
//
// Not promised: that a file is authentic. A checksum finds damage, not malice;
// signatures stand beside the file (`nacre db update`).
package db

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"iter"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

// DB is an open database. It satisfies what package scan asks for.
type DB struct {
	r    io.ReaderAt
	size int64
	base int64 // where the body begins
	head header

	chunks func() ([]chunkPlace, error)
	dists  func() (offsets, error)
	blocks [sectionKinds]func() (offsets, error) // of the tables, and of the vendors' source packages

	shared shared
	// cache holds the chunks that were unpacked, by number; its length is set
	// when the list of chunks is read.
	cache []atomic.Pointer[chunk]
}

// Info is what a database says about itself.
type Info struct {
	Major, Minor int
	Built        time.Time // UTC, to the second
	Size         int64     // of the file, in bytes
	Digest       string    // SHA-256 of the body, in hex, as stated

	Records   int // all, withdrawn ones too
	Withdrawn int
	Dists     int // with at least one record
	Releases  int
	Modules   int

	Sources []advisory.Source
	Notes   []string
	Feeds   []advisory.VendorFeed // security data of vendors, sorted by name
}

// Open reads the header of a database of size bytes. r must stay open as long
// as the database is used.
func Open(r io.ReaderAt, size int64) (*DB, error) {
	first := make([]byte, min(max(size, 0), firstRead))
	if err := readAt(r, first, 0); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read database")
	}
	if len(first) < prefixSize || string(first[:len(magic)]) != magic {
		return nil, fault.New(fault.Invalid, "read database: not a Nacre database").
			WithHint("nacre db build makes one, nacre db update fetches one")
	}
	major := binary.LittleEndian.Uint16(first[8:])
	if major != currentMajor {
		return nil, fault.New(fault.Invalid, "read database: format %d is not one that this program reads", major).
			WithHint("this program reads format %d; a newer nacre reads newer databases", currentMajor)
	}
	n := int64(binary.LittleEndian.Uint32(first[12:]))
	if n > maxHeader || prefixSize+n > size {
		return nil, damaged("header of %d bytes (limit: header size)", n)
	}
	head := make([]byte, n)
	copied := copy(head, first[prefixSize:])
	if err := readAt(r, head[copied:], prefixSize+int64(copied)); err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read database: header")
	}
	sum := crc32.Update(crc32.Checksum(first[8:16], castagnoli), castagnoli, head)
	if sum != binary.LittleEndian.Uint32(first[16:]) {
		return nil, damaged("checksum of the header is wrong")
	}
	d := &DB{r: r, size: size, base: prefixSize + n}
	d.head.major, d.head.minor = int(major), int(binary.LittleEndian.Uint16(first[10:]))
	if err := d.head.decode(string(head)); err != nil {
		return nil, err
	}
	d.shared.sources = d.head.info.Sources
	if d.base+d.head.bodySize != size {
		return nil, damaged("file has %d bytes, %d are stated", size, d.base+d.head.bodySize)
	}
	d.chunks = sync.OnceValues(d.readChunks)
	d.dists = sync.OnceValues(func() (offsets, error) { return d.readOffsets(sectionDists) })
	for _, k := range []sectionKind{sectionModules, sectionIDs, sectionVendor} {
		d.blocks[k] = sync.OnceValues(func() (offsets, error) { return d.readOffsets(k) })
	}
	return d, nil
}

// damaged is the error of a file that is not what its writer wrote. It is no
// error of whoever asks: nothing in the question could mend it.
func damaged(format string, args ...any) *fault.Error {
	err := fault.New(fault.Unavailable, "read database: "+format, args...)
	return err.WithHint("the file is damaged; fetch it again with nacre db update, or build it with nacre db build")
}

// readAt fills p from offset off.
func readAt(r io.ReaderAt, p []byte, off int64) error {
	if len(p) == 0 {
		return nil
	}
	if n, err := r.ReadAt(p, off); n < len(p) {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return err
	}
	return nil
}

// Info says what the database says about itself; nothing of it is checked but
// the header's checksum.
func (d *DB) Info() Info {
	info := d.head.info
	info.Size = d.size
	info.Major, info.Minor = d.head.major, d.head.minor
	return info
}

// ForDist gives all records about a distribution, withdrawn ones too, sorted by
// id; none is no error. The name is compared exactly, and For(dist) of each is
// not nil.
func (d *DB) ForDist(ctx context.Context, dist cpan.Dist) ([]advisory.Record, error) {
	e, err := d.find(ctx, dist)
	if err != nil || e == nil {
		return nil, err
	}
	records, err := d.records(ctx, e.records)
	for i := range records {
		if records[i].For(dist) == nil {
			return nil, damaged("%s is listed for %s and does not speak of it", records[i].ID, dist)
		}
	}
	return records, err
}

// Releases gives the known releases of a distribution in version.pm's order,
// those that version.pm refuses last; nil for one that the database does not
// know.
func (d *DB) Releases(ctx context.Context, dist cpan.Dist) ([]advisory.Known, error) {
	e, err := d.find(ctx, dist)
	if err != nil || e == nil || !e.hasReleases {
		return nil, err
	}
	return d.releases(e.releases)
}

// Main gives a distribution's main module, "" where no source states one.
func (d *DB) Main(ctx context.Context, dist cpan.Dist) (cpan.Module, error) {
	e, err := d.find(ctx, dist)
	if err != nil || e == nil {
		return "", err
	}
	return e.main, nil
}

// ByID gives the records that have an id, as their own or as an alias, in any
// case, sorted by id; none is no error.
func (d *DB) ByID(ctx context.Context, id advisory.ID) ([]advisory.Record, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	places, err := d.placesOf(id.Key())
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return d.records(ctx, places)
}

// Dists gives the distributions that have a record or a known release, sorted,
// until the first that cannot be read.
func (d *DB) Dists() iter.Seq2[cpan.Dist, error] {
	return func(yield func(cpan.Dist, error) bool) {
		index, err := d.dists()
		if err != nil {
			yield("", err)
			return
		}
		for i := range index.len() {
			e, err := d.entry(uint64(i))
			if err != nil {
				yield("", err)
				return
			}
			if e.isKnown() && !yield(e.name, nil) {
				return
			}
		}
	}
}

// Spelled gives, for each of the names, the distributions with a record or a
// known release that have this name but for the case of letters, and for "_"
// where it has "-", sorted; nil for none. What CPAN calls Text-CSV_XS others
// write Text-CSV-XS, or text-csv-xs.
func (d *DB) Spelled(ctx context.Context, names []string) ([][]cpan.Dist, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	index, err := d.dists()
	if err != nil {
		return nil, err
	}
	asked := map[string][]int{} // by spelling to names
	for i, name := range names {
		key := spelling(name)
		asked[key] = append(asked[key], i)
	}
	spelled := make([][]cpan.Dist, len(names))
	for i := range index.len() {
		who := asked[spelling(index.first(i))]
		if len(who) == 0 {
			continue
		}
		e, err := d.entry(uint64(i))
		if err != nil {
			return nil, err
		}
		for _, n := range who {
			if e.isKnown() {
				spelled[n] = append(spelled[n], e.name)
			}
		}
	}
	return spelled, nil
}

// spelling is the same for names that people take for one.
func spelling(name string) string { return strings.ReplaceAll(strings.ToLower(name), "_", "-") }

// find gives the entry of a distribution, nil if there is none, by binary
// search: a name is read only where it is compared.
func (d *DB) find(ctx context.Context, dist cpan.Dist) (*distEntry, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	index, err := d.dists()
	if err != nil {
		return nil, err
	}
	i := index.before(string(dist))
	if i < 0 {
		return nil, nil
	}
	e, err := d.entry(uint64(i))
	if err != nil || e.name != dist {
		return nil, err
	}
	return e, nil
}

// entry reads the ith distribution's entry.
func (d *DB) entry(i uint64) (*distEntry, error) {
	index, err := d.dists()
	if err != nil {
		return nil, err
	}
	if i >= uint64(index.len()) {
		return nil, damaged("distribution %d of %d", i, index.len())
	}
	e := &distEntry{}
	return e, e.decode(index.at(int(i)))
}

// records reads the records at the given places.
func (d *DB) records(ctx context.Context, places []place) ([]advisory.Record, error) {
	out := make([]advisory.Record, 0, len(places))
	for _, p := range places {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		c, err := d.chunk(p.chunk)
		if err != nil {
			return nil, err
		}
		r, err := c.record(p.index, &d.shared)
		if err != nil {
			return nil, err
		}
		out = append(out, *r)
	}
	return out, nil
}

func (d *DB) releases(p place) ([]advisory.Known, error) {
	c, err := d.chunk(p.chunk)
	if err != nil {
		return nil, err
	}
	text, err := c.item(p.index)
	if err != nil {
		return nil, err
	}
	in := decoder{s: text}
	known := in.releases()
	return known, in.err
}

// Verify reads everything: the digest of the body, every section and chunk, the
// order of every table, every record and release, and whether the counts of the
// header are right.
func (d *DB) Verify(ctx context.Context) error {
	digest := sha256.New()
	buffer := make([]byte, 64<<10)
	body := io.NewSectionReader(d.r, d.base, d.head.bodySize)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := body.Read(buffer)
		digest.Write(buffer[:n])
		if err == io.EOF {
			break
		}
		if err != nil {
			return fault.Wrap(fault.KindOf(err), err, "read database")
		}
	}
	if string(digest.Sum(nil)) != d.head.digest {
		return damaged("digest of the body is not the stated one")
	}
	return d.verifyTables(ctx)
}
