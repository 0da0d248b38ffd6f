package db

import (
	"encoding/binary"
	"hash/crc32"
	"sync/atomic"
	"unsafe"

	"github.com/klauspost/compress/s2"

	"nacre/advisory"
	"nacre/fault"
)

const (
	// maxChunk is the most that a chunk unpacks to. A chunk of more than a few
	// kilobytes holds one large item.
	maxChunk = 4 << 20
	// maxRatio is the most that a chunk may grow by: real ones stay below 100.
	maxRatio = 2000
	// maxUnpacked is the most that all chunks together unpack to: an open
	// database keeps what it has unpacked. All of CPANSA takes some 4 MiB.
	maxUnpacked = 256 << 20

	chunkPlaceSize = 16
)

// chunkPlace is where a chunk is, and what it is to be.
type chunkPlace struct {
	offset, size, unpacked, sum uint32
}

// readChunks reads the list of chunks, and makes room for them.
func (d *DB) readChunks() ([]chunkPlace, error) {
	text, err := d.readSection(sectionChunks)
	if err != nil {
		return nil, err
	}
	places, err := chunkPlaces(text, d.head.bodySize)
	if err == nil {
		d.cache = make([]atomic.Pointer[chunk], len(places))
	}
	return places, err
}

// chunkPlaces reads a list of chunks in a body of so many bytes.
func chunkPlaces(text string, body int64) ([]chunkPlace, error) {
	if len(text)%chunkPlaceSize != 0 {
		return nil, damaged("the list of chunks has %d bytes", len(text))
	}
	in := decoder{s: text}
	places := make([]chunkPlace, len(text)/chunkPlaceSize)
	total := int64(0)
	for i := range places {
		p := chunkPlace{in.u32(), in.u32(), in.u32(), in.u32()}
		switch {
		case int64(p.offset)+int64(p.size) > body:
			return nil, damaged("chunk %d is outside the file", i)
		case p.unpacked > maxChunk:
			return nil, damaged("chunk %d unpacks to %d bytes (limit: chunk size)", i, p.unpacked)
		case uint64(p.unpacked) > uint64(p.size)*maxRatio:
			return nil, damaged("chunk %d grows from %d to %d bytes (limit: chunk ratio)", i, p.size, p.unpacked)
		}
		if total += int64(p.unpacked); total > maxUnpacked {
			return nil, damaged("all chunks unpack to more than %d bytes (limit: unpacked size)", int64(maxUnpacked))
		}
		places[i] = p
	}
	return places, nil
}

// chunk is an unpacked chunk: a number of items, and the records among them
// that were read.
type chunk struct {
	items []string
	read  []atomic.Pointer[advisory.Record]
}

// chunk gives the nth chunk. Two goroutines that want the same one at the same
// time may both unpack it; they get equal ones.
func (d *DB) chunk(n uint64) (*chunk, error) {
	places, err := d.chunks()
	if err != nil {
		return nil, err
	}
	if n >= uint64(len(places)) {
		return nil, damaged("chunk %d of %d", n, len(places))
	}
	if c := d.cache[n].Load(); c != nil {
		return c, nil
	}
	text, err := d.unpack(n, places[n])
	if err != nil {
		return nil, err
	}
	in := decoder{s: text}
	c := &chunk{items: list(&in, 1, func(s *string) { *s = in.str() })}
	if in.err != nil {
		return nil, in.err
	}
	c.read = make([]atomic.Pointer[advisory.Record], len(c.items))
	d.cache[n].Store(c)
	return c, nil
}

// unpack reads a chunk from the file.
func (d *DB) unpack(n uint64, p chunkPlace) (string, error) {
	packed := make([]byte, p.size)
	if err := readAt(d.r, packed, d.base+int64(p.offset)); err != nil {
		return "", fault.Wrap(fault.KindOf(err), err, "read database: chunk %d", n)
	}
	if crc32.Checksum(packed, castagnoli) != p.sum {
		return "", damaged("checksum of chunk %d is wrong", n)
	}
	// The block states its size too; where it does not state the same it is not
	// unpacked, so that it never takes more than is allocated here.
	if size, err := s2.DecodedLen(packed); err != nil || size != int(p.unpacked) {
		return "", damaged("chunk %d is not a block of %d bytes", n, p.unpacked)
	}
	text, err := s2.Decode(make([]byte, p.unpacked), packed)
	if err != nil {
		return "", damaged("chunk %d: %v", n, err)
	}
	return own(text), nil
}

// own makes a string of bytes that nobody else has. The strings of records are
// parts of it, and a copy would cost as much as unpacking.
func own(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// item gives the ith item of a chunk.
func (c *chunk) item(i uint64) (string, error) {
	if i >= uint64(len(c.items)) {
		return "", damaged("item %d of %d", i, len(c.items))
	}
	return c.items[i], nil
}

// record reads the ith item as a record, once.
func (c *chunk) record(i uint64, shared *shared) (*advisory.Record, error) {
	text, err := c.item(i)
	if err != nil {
		return nil, err
	}
	if r := c.read[i].Load(); r != nil {
		return r, nil
	}
	in := decoder{s: text}
	r, err := in.record(shared)
	if err != nil {
		return nil, err
	}
	c.read[i].Store(&r)
	return &r, nil
}

// chunker fills chunks.
type chunker struct {
	body   []byte
	places []byte
	count  uint64
	total  int64    // what all chunks unpack to
	open   [][]byte // items of the chunk that is being filled
	size   int      // their size
}

// add puts an item into the open chunk and says where it will be.
func (c *chunker) add(item []byte) place {
	c.open = append(c.open, item)
	c.size += len(item)
	return place{c.count, uint64(len(c.open) - 1)}
}

// room closes the open chunk where more than limit bytes would be in it with
// the size that comes.
func (c *chunker) room(size, limit int) error {
	if c.size+size <= limit || len(c.open) == 0 {
		return nil
	}
	return c.flush()
}

// flush packs the open chunk.
func (c *chunker) flush() error {
	if len(c.open) == 0 {
		return nil
	}
	var e encoder
	e.count(len(c.open))
	for _, item := range c.open {
		e.count(len(item))
		e.b = append(e.b, item...)
	}
	if len(e.b) > maxChunk {
		return fault.New(fault.Invalid, "write database: a chunk of %d bytes (limit: chunk size)", len(e.b))
	}
	if c.total += int64(len(e.b)); c.total > maxUnpacked {
		return fault.New(fault.Invalid, "write database: chunks of more than %d bytes (limit: unpacked size)", int64(maxUnpacked))
	}
	packed := s2.EncodeBest(nil, e.b)
	if len(e.b) > len(packed)*maxRatio {
		return fault.New(fault.Invalid, "write database: %d bytes become %d (limit: chunk ratio)", len(e.b), len(packed))
	}
	for _, n := range []int{len(c.body), len(packed), len(e.b)} {
		c.places = binary.LittleEndian.AppendUint32(c.places, uint32(n))
	}
	c.places = binary.LittleEndian.AppendUint32(c.places, crc32.Checksum(packed, castagnoli))
	c.body = append(c.body, packed...)
	c.count++
	c.open, c.size = nil, 0
	return nil
}
