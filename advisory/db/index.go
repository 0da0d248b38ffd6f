package db

import (
	"sort"

	"nacre/cpan"
)

// place is where an item is.
type place struct{ chunk, index uint64 }

// places appends places, chunks as steps from the one before.
func (e *encoder) places(all []place) {
	e.count(len(all))
	last := uint64(0)
	for _, p := range all {
		e.varint(int64(p.chunk) - int64(last))
		e.uvarint(p.index)
		last = p.chunk
	}
}

func (d *decoder) places() []place {
	last := uint64(0)
	return list(d, 2, func(p *place) {
		last += uint64(d.varint())
		*p = place{last, d.uvarint()}
	})
}

// distEntry is what the index says about a distribution.
type distEntry struct {
	name        cpan.Dist
	main        cpan.Module
	records     []place // in order of id
	hasReleases bool
	releases    place
}

// isKnown says whether there is more about the distribution than that modules
// belong to it.
func (e *distEntry) isKnown() bool { return len(e.records) > 0 || e.hasReleases }

func (e *distEntry) encode() []byte {
	var out encoder
	out.str(string(e.name))
	out.str(string(e.main))
	out.places(e.records)
	if e.hasReleases {
		out.places([]place{e.releases})
	} else {
		out.places(nil)
	}
	return out.b
}

func (e *distEntry) decode(text string) error {
	in := decoder{s: text}
	e.name, e.main = cpan.Dist(in.str()), cpan.Module(in.str())
	e.records = in.places()
	switch releases := in.places(); len(releases) {
	case 0:
	case 1:
		e.hasReleases, e.releases = true, releases[0]
	default:
		in.fail("%s has %d lists of releases", e.name, len(releases))
	}
	return in.err
}

// offsets is a section of entries that are found by number: how many, where
// each ends, and the entries.
type offsets struct {
	ends    string // 4 bytes each
	entries string
}

func (e *encoder) offsets(entries [][]byte) {
	e.u32(uint32(len(entries)))
	end := 0
	for _, entry := range entries {
		end += len(entry)
		e.u32(uint32(end))
	}
	for _, entry := range entries {
		e.b = append(e.b, entry...)
	}
}

func (d *DB) readOffsets(kind sectionKind) (offsets, error) {
	text, err := d.readSection(kind)
	if err != nil {
		return offsets{}, err
	}
	in := decoder{s: text}
	n := uint64(in.u32())
	o := offsets{ends: in.bytes(4 * n), entries: in.s}
	if in.err != nil {
		return offsets{}, in.err
	}
	for i := range o.len() {
		if o.end(i) < o.end(i-1) || o.end(i) > len(o.entries) {
			return offsets{}, damaged("entry %d of the %s is outside of them", i, sectionNames[kind])
		}
	}
	return o, nil
}

func (o offsets) len() int { return len(o.ends) / 4 }

// end is where entry i ends, and 0 for the one before the first.
func (o offsets) end(i int) int {
	if i < 0 {
		return 0
	}
	s := o.ends[4*i : 4*i+4]
	return int(uint32(s[0]) | uint32(s[1])<<8 | uint32(s[2])<<16 | uint32(s[3])<<24)
}

func (o offsets) at(i int) string { return o.entries[o.end(i-1):o.end(i)] }

// first is the string that entry i begins with, by which entries are sorted.
func (o offsets) first(i int) string {
	in := decoder{s: o.at(i)}
	return in.str()
}

// before gives the last entry that begins with key or a string before it, -1
// if none does.
func (o offsets) before(key string) int {
	return sort.Search(o.len(), func(i int) bool { return o.first(i) > key }) - 1
}

// The two tables are cut into blocks of keys in order. A block is an item of a
// chunk of its own; the section says with which key each begins.

// blockSize is how many keys stand in a block.
const blockSize = 256

// tableRow is a key and its value.
type tableRow struct {
	key   string
	value []byte
}

// table writes the blocks of a table, whose rows are sorted, and gives its
// section.
func (c *chunker) table(rows []tableRow) ([]byte, error) {
	var entries [][]byte
	for len(rows) > 0 {
		n := min(blockSize, len(rows))
		var block encoder
		last := ""
		block.count(n)
		for _, row := range rows[:n] {
			shared := 0
			for shared < min(len(last), len(row.key)) && last[shared] == row.key[shared] {
				shared++
			}
			block.count(shared)
			block.str(row.key[shared:])
			block.str(string(row.value))
			last = row.key
		}
		at := c.add(block.b)
		if err := c.flush(); err != nil {
			return nil, err
		}
		var entry encoder
		entry.str(rows[0].key)
		entry.places([]place{at})
		entries = append(entries, entry.b)
		rows = rows[n:]
	}
	var section encoder
	section.offsets(entries)
	return section.b, nil
}

// placesOf gives the places of the records that have an id, which is in lower
// case.
func (d *DB) placesOf(id string) (places []place, err error) {
	blocks, err := d.blocks[sectionIDs]()
	if err != nil {
		return nil, err
	}
	i := blocks.before(id)
	if i < 0 {
		return nil, nil
	}
	var value decoder
	err = d.block(sectionIDs, i, func(key []byte, v string) bool {
		if string(key) == id {
			value.s = v
			places = value.places()
		}
		return string(key) < id
	})
	return places, firstError(err, value.err)
}

// block gives the rows of the ith block of a table to row, until it returns
// false. The key is valid during the call only.
func (d *DB) block(kind sectionKind, i int, row func(key []byte, value string) bool) error {
	blocks, err := d.blocks[kind]()
	if err != nil {
		return err
	}
	entry := decoder{s: blocks.at(i)}
	entry.str()
	at := entry.places()
	if entry.err != nil {
		return entry.err
	}
	if len(at) != 1 {
		return damaged("block %d of the %s has %d places", i, sectionNames[kind], len(at))
	}
	c, err := d.chunk(at[0].chunk)
	if err != nil {
		return err
	}
	text, err := c.item(at[0].index)
	if err != nil {
		return err
	}
	in := decoder{s: text}
	var key []byte
	for range in.count(3) {
		shared := in.small(maxKey, "a key's length")
		rest, value := in.str(), in.str()
		if in.err == nil && (shared > len(key) || shared+len(rest) > maxKey) {
			in.fail("a key of %d bytes (limit: key length)", shared+len(rest))
		}
		if in.err != nil {
			return in.err
		}
		key = append(key[:shared], rest...)
		if !row(key, value) {
			return nil
		}
	}
	return in.err
}

// maxKey is the longest key of a table; names and ids are at most 255 bytes.
const maxKey = 1 << 10
