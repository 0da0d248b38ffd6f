package db

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
)

const (
	// recordChunk and releaseChunk are how much is put together before it is
	// packed, in bytes: more packs better, less is unpacked for a look-up.
	recordChunk  = 4 << 10
	releaseChunk = 4 << 10
)

// Write writes a database. The bytes depend on the set and on built alone;
// built is kept to the second. A record that breaks the bounds of
// advisory.Record.Check is an error.
func Write(w io.Writer, set advisory.Set, built time.Time) error {
	b := builder{set: &set, dists: map[cpan.Dist]*distEntry{}}
	return b.write(w, built)
}

// builder makes a database of a set.
type builder struct {
	set    *advisory.Set
	chunks *chunker
	shared map[advisory.Source]int
	head   header
	dists  map[cpan.Dist]*distEntry
	names  []cpan.Dist // sorted
	ids    map[string][]place
}

func (b *builder) write(w io.Writer, built time.Time) (err error) {
	b.chunks = &chunker{}
	b.head.info.Built = built.UTC().Truncate(time.Second)
	b.head.info.Notes = b.set.Notes
	b.sources()
	b.enter()
	for _, step := range []func() error{b.records, b.releases} {
		if err := step(); err != nil {
			return err
		}
	}
	sections := [sectionKinds][]byte{sectionDists: b.distSection()}
	if sections[sectionModules], err = b.chunks.table(b.modules()); err != nil {
		return err
	}
	if sections[sectionIDs], err = b.chunks.table(b.idRows()); err != nil {
		return err
	}
	last := sectionIDs
	if len(b.set.Feeds) > 0 {
		last, b.head.minor = sectionVendor, vendorMinor
		if sections[sectionVendor], err = b.vendor(); err != nil {
			return err
		}
	}
	sections[sectionChunks] = b.chunks.places

	body := b.chunks.body
	for kind := sectionChunks; kind <= last; kind++ {
		s := sections[kind]
		b.head.sections[kind] = section{int64(len(body)), int64(len(s)), crc32.Checksum(s, castagnoli)}
		body = append(body, s...)
	}
	if len(body) > math.MaxInt32 {
		return fault.New(fault.Invalid, "write database: %d bytes (limit: body size)", len(body))
	}
	digest := sha256.Sum256(body)
	b.head.bodySize, b.head.digest = int64(len(body)), string(digest[:])

	var head encoder
	head.header(&b.head)
	if len(head.b) > maxHeader {
		return fault.New(fault.Invalid, "write database: a header of %d bytes (limit: header size)", len(head.b))
	}
	prefix := []byte(magic)
	prefix = binary.LittleEndian.AppendUint16(prefix, currentMajor)
	prefix = binary.LittleEndian.AppendUint16(prefix, uint16(b.head.minor))
	prefix = binary.LittleEndian.AppendUint32(prefix, uint32(len(head.b)))
	sum := crc32.Update(crc32.Checksum(prefix[8:16], castagnoli), castagnoli, head.b)
	prefix = binary.LittleEndian.AppendUint32(prefix, sum)
	for _, part := range [][]byte{prefix, head.b, body} {
		if _, err := w.Write(part); err != nil {
			return fault.Wrap(fault.KindOf(err), err, "write database")
		}
	}
	return nil
}

// sources lists what the records' sources have in common, those of the set
// first.
func (b *builder) sources() {
	b.shared = map[advisory.Source]int{}
	info := &b.head.info
	add := func(s advisory.Source) {
		if _, ok := b.shared[s]; !ok {
			b.shared[s] = len(info.Sources)
			info.Sources = append(info.Sources, s)
		}
	}
	for _, s := range b.set.Sources {
		add(sharedPart(s))
	}
	for i := range b.set.Records {
		for _, s := range b.set.Records[i].Sources {
			add(sharedPart(s))
		}
	}
}

// enter makes an entry for every distribution that anything is known of.
func (b *builder) enter() {
	at := func(d cpan.Dist) *distEntry {
		e := b.dists[d]
		if e == nil {
			e = &distEntry{name: d}
			b.dists[d] = e
		}
		return e
	}
	for i := range b.set.Records {
		for j := range b.set.Records[i].Affected {
			at(b.set.Records[i].Affected[j].Dist)
		}
	}
	for d := range b.set.Releases {
		at(d)
	}
	for _, d := range b.set.Owners {
		at(d)
	}
	for d, m := range b.set.Main {
		at(d).main = m
	}
	b.names = slices.Sorted(maps.Keys(b.dists))
}

// records writes the records, each beside those of the same first
// distribution.
func (b *builder) records() error {
	home := func(r *advisory.Record) cpan.Dist {
		if len(r.Affected) == 0 {
			return ""
		}
		return r.Affected[0].Dist
	}
	order := make([]*advisory.Record, len(b.set.Records))
	for i := range b.set.Records {
		order[i] = &b.set.Records[i]
	}
	byID := func(a, b *advisory.Record) int {
		return cmp.Or(cmp.Compare(a.ID.Key(), b.ID.Key()), cmp.Compare(a.ID, b.ID))
	}
	slices.SortStableFunc(order, func(a, b *advisory.Record) int {
		return cmp.Or(cmp.Compare(home(a), home(b)), byID(a, b))
	})
	where := map[*advisory.Record]place{}
	for len(order) > 0 {
		// All records of one home go into one chunk if they fit.
		n := 1
		for n < len(order) && home(order[n]) == home(order[0]) {
			n++
		}
		var items [][]byte
		size := 0
		for _, r := range order[:n] {
			if err := r.Check(); err != nil {
				return fault.Wrap(fault.KindOf(err), err, "write database")
			}
			var e encoder
			if err := e.record(r, b.shared); err != nil {
				return err
			}
			items = append(items, e.b)
			size += len(e.b)
		}
		if err := b.chunks.room(size, recordChunk); err != nil {
			return err
		}
		for i, item := range items {
			if err := b.chunks.room(len(item), recordChunk); err != nil {
				return err
			}
			where[order[i]] = b.chunks.add(item)
		}
		order = order[n:]
	}
	if err := b.chunks.flush(); err != nil {
		return err
	}

	// The set is sorted by id, and so is what each distribution lists.
	all := make([]*advisory.Record, 0, len(where))
	for i := range b.set.Records {
		all = append(all, &b.set.Records[i])
	}
	slices.SortStableFunc(all, byID)
	info := &b.head.info
	b.ids = map[string][]place{}
	for _, r := range all {
		info.Records++
		if r.IsWithdrawn() {
			info.Withdrawn++
		}
		p := where[r]
		for i := range r.Affected {
			e := b.dists[r.Affected[i].Dist]
			if n := len(e.records); n == 0 || e.records[n-1] != p {
				e.records = append(e.records, p)
			}
		}
		for _, id := range append([]advisory.ID{r.ID}, r.Aliases...) {
			key := id.Key()
			if n := len(b.ids[key]); n == 0 || b.ids[key][n-1] != p {
				b.ids[key] = append(b.ids[key], p)
			}
		}
	}
	for _, e := range b.dists {
		if len(e.records) > 0 {
			info.Dists++
		}
	}
	return nil
}

func (b *builder) releases() error {
	for _, d := range b.names {
		known := b.set.Releases[d]
		if len(known) == 0 {
			continue
		}
		var e encoder
		e.releases(known)
		if err := b.chunks.room(len(e.b), releaseChunk); err != nil {
			return err
		}
		entry := b.dists[d]
		entry.hasReleases, entry.releases = true, b.chunks.add(e.b)
		b.head.info.Releases += len(known)
	}
	return b.chunks.flush()
}

func (b *builder) distSection() []byte {
	entries := make([][]byte, len(b.names))
	for i, d := range b.names {
		entries[i] = b.dists[d].encode()
	}
	var section encoder
	section.offsets(entries)
	return section.b
}

// modules gives the rows of the module table; a value is the number of the
// distribution.
func (b *builder) modules() []tableRow {
	b.head.info.Modules = len(b.set.Owners)
	number := make(map[cpan.Dist]int, len(b.names))
	for i, d := range b.names {
		number[d] = i
	}
	rows := make([]tableRow, 0, len(b.set.Owners))
	for m, d := range b.set.Owners {
		var e encoder
		e.count(number[d])
		rows = append(rows, tableRow{string(m), e.b})
	}
	return sortRows(rows)
}

func (b *builder) idRows() []tableRow {
	rows := make([]tableRow, 0, len(b.ids))
	for id, places := range b.ids {
		var e encoder
		e.places(places)
		rows = append(rows, tableRow{id, e.b})
	}
	return sortRows(rows)
}

func sortRows(rows []tableRow) []tableRow {
	slices.SortFunc(rows, func(a, b tableRow) int {
		return cmp.Or(strings.Compare(a.key, b.key), bytes.Compare(a.value, b.value))
	})
	return rows
}
