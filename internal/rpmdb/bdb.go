package rpmdb

import (
	"encoding/binary"

	"nacre/fault"
)

// The parts of Berkeley DB's pages (db_page.h).
const (
	bdbHashMagic  = 0x061561
	bdbTreeMagic  = 0x053162
	bdbPageHead   = 26
	bdbHashOld    = 2 // page types: pairs in no order
	bdbOverflow   = 7
	bdbHashSorted = 13
	bdbOnPage     = 1 // item types
	bdbOffPage    = 3
)

// bdbFile is a file of pages in one byte order, that of the machine which wrote
// it.
type bdbFile struct {
	*database
	order    binary.ByteOrder
	pageSize int
	overflow []byte
}

// bdbOrder tells the byte order from the magic; nil for another file.
func bdbOrder(head []byte) binary.ByteOrder {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if m := o.Uint32(head[12:]); m == bdbHashMagic || m == bdbTreeMagic {
			return o
		}
	}
	return nil
}

func (d *database) bdb() error {
	head := make([]byte, 512)
	if err := d.at(head, 0); err != nil {
		return err
	}
	order := bdbOrder(head)
	f := &bdbFile{database: d, order: order, pageSize: int(order.Uint32(head[20:]))}
	version := order.Uint32(head[16:])
	switch {
	case order.Uint32(head[12:]) == bdbTreeMagic:
		return fault.New(fault.Invalid, "rpm database: a b-tree of Berkeley DB, where RPM writes a hash")
	case version < 7 || version > 10:
		return fault.New(fault.Invalid, "rpm database: version %d of Berkeley DB's hash, where 7 to 10 are known", version)
	case head[24] != 0 || head[26]&1 != 0:
		return fault.New(fault.Invalid, "rpm database: encrypted or with checksums, which RPM's own are not")
	case f.pageSize < 512 || f.pageSize > 65536 || f.pageSize&(f.pageSize-1) != 0:
		return fault.New(fault.Invalid, "rpm database: a Berkeley DB page of %d bytes", f.pageSize)
	}
	// The buckets together are all pages of the hash's types, so that they need
	// not be followed one by one.
	last := order.Uint32(head[32:])
	page := make([]byte, f.pageSize)
	for number := uint32(1); number <= last && number != 0; number++ {
		if err := f.at(page, int64(number)*int64(f.pageSize)); err != nil {
			return err
		}
		if t := page[25]; t != bdbHashOld && t != bdbHashSorted {
			continue
		}
		if err := f.pairs(page, number); err != nil {
			return err
		}
	}
	return nil
}

// pairs gives the headers of a page.
func (f *bdbFile) pairs(page []byte, number uint32) error {
	items := int(f.order.Uint16(page[20:]))
	if bdbPageHead+2*items > len(page) {
		return fault.New(fault.Invalid, "rpm database: page %d has more items (%d) than room", number, items)
	}
	end := len(page)
	item := func(i int) ([]byte, error) {
		at := int(f.order.Uint16(page[bdbPageHead+2*i:]))
		if at < bdbPageHead+2*items || at >= end {
			return nil, fault.New(fault.Invalid, "rpm database: page %d has an item at %d, which is outside of it", number, at)
		}
		b := page[at:end]
		end = at
		return b, nil
	}
	for i := 0; i+1 < items; i += 2 {
		key, err := item(i)
		if err != nil {
			return err
		}
		value, err := item(i + 1)
		if err != nil {
			return err
		}
		if key[0] != bdbOnPage || len(key) != 5 {
			return fault.New(fault.Invalid, "rpm database: page %d has a key that is no number", number)
		}
		if f.order.Uint32(key[1:]) == 0 {
			continue // the counter
		}
		switch {
		case value[0] == bdbOnPage:
			value = value[1:]
		case value[0] == bdbOffPage && len(value) == 12:
			if value, err = f.chain(f.order.Uint32(value[4:]), f.order.Uint32(value[8:])); err != nil {
				return err
			}
		default:
			return fault.New(fault.Invalid, "rpm database: page %d has an item of type %d", number, value[0])
		}
		if err := f.give(value); err != nil {
			return err
		}
	}
	return nil
}

// chain reads a value of overflow pages.
func (f *bdbFile) chain(number, length uint32) ([]byte, error) {
	if err := f.room(uint64(length)); err != nil {
		return nil, err
	}
	if f.overflow == nil {
		f.overflow = make([]byte, f.pageSize)
	}
	for rest := f.blob; len(rest) > 0; {
		if err := f.visit(number, f.size/int64(f.pageSize)); err != nil {
			return nil, err
		}
		if err := f.at(f.overflow, int64(number)*int64(f.pageSize)); err != nil {
			return nil, err
		}
		n := int(f.order.Uint16(f.overflow[22:]))
		if f.overflow[25] != bdbOverflow || n == 0 || n > f.pageSize-bdbPageHead || n > len(rest) {
			return nil, fault.New(fault.Invalid, "rpm database: page %d is no part of a header", number)
		}
		rest = rest[copy(rest, f.overflow[bdbPageHead:bdbPageHead+n]):]
		number = f.order.Uint32(f.overflow[16:])
	}
	return f.blob, nil
}
