package archive

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"hash/crc64"
	"io"

	"github.com/ulikunitz/xz/lzma"
)

// xzReader reads the .xz container, and leaves its LZMA2 data to a library,
// whose own reader of the container takes dictionaries of any size.
//
// Source: The .xz File Format 1.1.0, sections 2 to 5.
type xzReader struct {
	r      *xzInput
	flags  [2]byte // of the stream
	block  io.Reader
	start  int64 // of the block, in the file
	size   int64 // unpacked bytes of the block so far
	sum    hash.Hash
	blocks int64     // of all streams
	total  int64     // unpacked bytes of all blocks that ended
	index  xzRecords // of the stream
	err    error
}

// xzRecords is what a stream's index must say of its blocks.
type xzRecords struct{ n, packed, unpacked uint64 }

const xzMagic = "\xfd7zXZ\x00"

var (
	errXZ       = errors.New("xz: damaged")
	errXZSum    = errors.New("xz: wrong checksum")
	errXZFilter = errors.New("xz: packed with a filter other than LZMA2")
)

// xzInput counts the bytes that are taken.
type xzInput struct {
	*bufio.Reader
	n int64
}

func (x *xzInput) Read(p []byte) (int, error) {
	n, err := x.Reader.Read(p)
	x.n += int64(n)
	return n, err
}

func (x *xzInput) ReadByte() (byte, error) {
	b, err := x.Reader.ReadByte()
	if err == nil {
		x.n++
	}
	return b, err
}

// full reads exactly len(p) bytes.
func (x *xzInput) full(p []byte) error {
	_, err := io.ReadFull(x, p)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

func newXZ(r io.Reader) *xzReader {
	return &xzReader{r: &xzInput{Reader: bufio.NewReader(r)}}
}

func (x *xzReader) Read(p []byte) (int, error) {
	for x.err == nil {
		if x.block == nil {
			x.err = x.next()
			continue
		}
		n, err := x.block.Read(p)
		x.size += int64(n)
		if x.sum != nil {
			x.sum.Write(p[:n])
		}
		if err == io.EOF {
			err = x.endBlock()
		}
		x.err = err
		if n > 0 {
			return n, nil
		}
	}
	return 0, x.err
}

// next reads up to the data of the next block, or to the end of the file.
func (x *xzReader) next() error {
	if x.flags == [2]byte{} && x.r.n == 0 {
		if err := x.header(); err != nil {
			return err
		}
	}
	size, err := x.r.ReadByte()
	switch {
	case err == io.EOF:
		return io.ErrUnexpectedEOF
	case err != nil:
		return err
	case size != 0:
		return x.blockHeader(size)
	}
	if err := x.readIndex(); err != nil {
		return err
	}
	return x.nextStream()
}

// header reads a stream's.
func (x *xzReader) header() error {
	var b [12]byte
	if err := x.r.full(b[:]); err != nil {
		return err
	}
	if string(b[:6]) != xzMagic || b[6] != 0 || b[7] > 15 {
		return errXZ
	}
	if crc32.ChecksumIEEE(b[6:8]) != binary.LittleEndian.Uint32(b[8:]) {
		return errXZSum
	}
	x.flags, x.index = [2]byte(b[6:8]), xzRecords{}
	return nil
}

// nextStream passes the padding after a stream: zeros, in fours. io.EOF is the
// end of the file.
func (x *xzReader) nextStream() error {
	for {
		b, err := x.r.Peek(4)
		switch {
		case len(b) == 0 && err == io.EOF:
			return io.EOF
		case err == io.EOF:
			return errXZ
		case err != nil:
			return err
		case !bytes.Equal(b, make([]byte, 4)):
			return x.header()
		}
		if err := x.r.full(make([]byte, 4)); err != nil {
			return err
		}
	}
}

// blockHeader reads the rest of a block's header and opens its data.
func (x *xzReader) blockHeader(size byte) error {
	if x.blocks++; x.blocks > maxXZBlocks+x.total>>20 {
		return exceeded("xz blocks", "has more than %d blocks in %d unpacked bytes", maxXZBlocks+x.total>>20, x.total)
	}
	x.start = x.r.n - 1
	b := make([]byte, (int(size)+1)*4)
	b[0] = size
	if err := x.r.full(b[1:]); err != nil {
		return err
	}
	body, sum := b[:len(b)-4], b[len(b)-4:]
	if crc32.ChecksumIEEE(body) != binary.LittleEndian.Uint32(sum) {
		return errXZSum
	}
	flags, rest := body[1], bytes.NewReader(body[2:])
	for _, stated := range []byte{0x40, 0x80} { // packed and unpacked size; the index has them too
		if flags&stated != 0 {
			if _, err := binary.ReadUvarint(rest); err != nil {
				return errXZ
			}
		}
	}
	filter, err := binary.ReadUvarint(rest)
	if err != nil {
		return errXZ
	}
	if flags&0x3f != 0 || filter != 0x21 {
		return errXZFilter
	}
	var props [2]byte // how many bytes, and the one
	if _, err := io.ReadFull(rest, props[:]); err != nil || props[0] != 1 || props[1] > 40 {
		return errXZ
	}
	dict := int64(1)<<32 - 1
	if bits := props[1]; bits < 40 {
		dict = int64(2|bits&1) << (bits/2 + 11)
	}
	if dict > maxXZDict {
		return exceeded("xz dictionary", "needs a dictionary of %d bytes, more than %d", dict, maxXZDict)
	}
	x.size, x.sum = 0, xzCheck(x.flags[1])
	x.block, err = lzma.Reader2Config{DictCap: int(max(dict, lzma.MinDictCap))}.NewReader2(x.r)
	return err
}

// xzCheck is the sum that follows each block; nil for none, or one that nobody
// uses.
func xzCheck(id byte) hash.Hash {
	switch id {
	case 1:
		return crc32.NewIEEE()
	case 4:
		return crc64.New(crc64.MakeTable(crc64.ECMA))
	case 10:
		return sha256.New()
	}
	return nil
}

// xzCheckSize is the length of each kind of sum.
var xzCheckSize = [16]int{0, 4, 4, 4, 8, 8, 8, 16, 16, 16, 32, 32, 32, 64, 64, 64}

// endBlock reads what follows a block's data.
func (x *xzReader) endBlock() error {
	check := make([]byte, xzCheckSize[x.flags[1]])
	x.index.n++
	x.index.packed += uint64(x.r.n-x.start) + uint64(len(check))
	x.index.unpacked += uint64(x.size)
	x.total += x.size
	if err := x.padding(x.start); err != nil {
		return err
	}
	if err := x.r.full(check); err != nil {
		return err
	}
	if x.sum != nil {
		sum := x.sum.Sum(nil)
		if x.flags[1] != 10 { // the CRCs are stored from the low end on
			for i, j := 0, len(sum)-1; i < j; i, j = i+1, j-1 {
				sum[i], sum[j] = sum[j], sum[i]
			}
		}
		if !bytes.Equal(sum, check) {
			return errXZSum
		}
	}
	x.block = nil
	return nil
}

// padding reads zeros up to a multiple of four bytes from start.
func (x *xzReader) padding(start int64) error {
	for (x.r.n-start)%4 != 0 {
		if b, err := x.r.ReadByte(); err != nil || b != 0 {
			return errXZ
		}
	}
	return nil
}

// readIndex reads the index, whose first byte is read, and the footer, and
// holds them to the blocks.
func (x *xzReader) readIndex() error {
	start := x.r.n - 1
	crc := crc32.NewIEEE()
	crc.Write([]byte{0})
	number := func() uint64 { // of the index; one that is too long is a wrong one
		var n uint64
		for shift := 0; shift < 63; shift += 7 {
			b, err := x.r.ReadByte()
			if err != nil {
				return 1<<64 - 1
			}
			crc.Write([]byte{b})
			n |= uint64(b&0x7f) << shift
			if b < 0x80 {
				return n
			}
		}
		return 1<<64 - 1
	}
	found := xzRecords{n: number()}
	if found.n != x.index.n {
		return errXZ
	}
	for range found.n {
		found.packed += number()
		found.unpacked += number()
	}
	if found != x.index {
		return errXZ
	}
	for (x.r.n-start)%4 != 0 {
		b, err := x.r.ReadByte()
		if err != nil || b != 0 {
			return errXZ
		}
		crc.Write([]byte{b})
	}
	size := x.r.n - start + 4
	var b [16]byte // the index's sum, and the footer
	if err := x.r.full(b[:]); err != nil {
		return err
	}
	le := binary.LittleEndian
	if le.Uint32(b[:]) != crc.Sum32() || le.Uint32(b[4:]) != crc32.ChecksumIEEE(b[8:14]) {
		return errXZSum
	}
	if (int64(le.Uint32(b[8:]))+1)*4 != size || [2]byte(b[12:14]) != x.flags || string(b[14:]) != "YZ" {
		return errXZ
	}
	return nil
}
