package rpmdb

import (
	"encoding/binary"

	"nacre/fault"
)

const (
	ndbPage  = 4096
	ndbBlock = 16 // bytes of a slot, too
	ndbHead  = 32 // bytes of the file's header: the first two slots
)

func (d *database) ndb() error {
	head := make([]byte, ndbHead)
	if err := d.at(head, 0); err != nil {
		return err
	}
	le := binary.LittleEndian
	if v := le.Uint32(head[4:]); v != 0 {
		return fault.New(fault.Invalid, "rpm database: version %d of ndb, where 0 is known", v)
	}
	pages := int64(le.Uint32(head[12:]))
	blocks := d.size / ndbBlock
	page := make([]byte, ndbPage)
	for p := range pages {
		if err := d.at(page, p*ndbPage); err != nil {
			return err
		}
		slots := page
		if p == 0 {
			slots = page[ndbHead:]
		}
		for ; len(slots) > 0; slots = slots[ndbBlock:] {
			if string(slots[:4]) != "Slot" {
				return fault.New(fault.Invalid, "rpm database: page %d has a slot without its mark", p)
			}
			number, first, count := le.Uint32(slots[4:]), int64(le.Uint32(slots[8:])), int64(le.Uint32(slots[12:]))
			if first == 0 {
				continue // free
			}
			if first < pages*ndbPage/ndbBlock || first+count > blocks {
				return fault.New(fault.Invalid, "rpm database: header %d lies in blocks %d to %d, outside of the file's", number, first, first+count)
			}
			if err := d.ndbBlob(number, first, count); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *database) ndbBlob(number uint32, first, count int64) error {
	const head, tail = 16, 12
	if count < (head+tail+ndbBlock-1)/ndbBlock {
		return fault.New(fault.Invalid, "rpm database: header %d has %d blocks, too few for any", number, count)
	}
	if err := d.room(uint64(count * ndbBlock)); err != nil {
		return err
	}
	b := d.blob
	if err := d.at(b, first*ndbBlock); err != nil {
		return err
	}
	le := binary.LittleEndian
	length := int64(le.Uint32(b[12:]))
	end := b[len(b)-tail:]
	if string(b[:4]) != "BlbS" || le.Uint32(b[4:]) != number || string(end[8:]) != "BlbE" || int64(le.Uint32(end[4:])) != length ||
		(head+length+tail+ndbBlock-1)/ndbBlock != count {
		return fault.New(fault.Invalid, "rpm database: what is at block %d is not header %d", first, number)
	}
	return d.give(b[head : head+length])
}
