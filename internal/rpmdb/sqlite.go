package rpmdb

import (
	"encoding/binary"

	"nacre/fault"
)

// sqliteDepth is SQLite's own limit of the levels of a b-tree.
const sqliteDepth = 20

// sqliteFile is what the first page says. Pages count from 1, and their bit in
// database.seen from 0.
type sqliteFile struct {
	*database
	pageSize int64
	usable   int // bytes of a page that hold content
	levels   [sqliteDepth][]byte
	overflow []byte
}

func (d *database) sqlite() error {
	head := make([]byte, 100)
	if err := d.at(head, 0); err != nil {
		return err
	}
	size := int64(binary.BigEndian.Uint16(head[16:]))
	if size == 1 {
		size = 65536
	}
	f := &sqliteFile{database: d, pageSize: size, usable: int(size) - int(head[20])}
	if size < 512 || size&(size-1) != 0 || f.usable < 480 {
		return fault.New(fault.Invalid, "rpm database: a SQLite page of %d bytes, %d of them in use", size, f.usable)
	}
	if enc := binary.BigEndian.Uint32(head[56:]); enc > 1 {
		return fault.New(fault.Invalid, "rpm database: text encoding %d of SQLite, where RPM writes UTF-8", enc)
	}
	var root uint32
	err := f.walk(1, 0, func(row record) error {
		if string(row.column(0)) == "table" && string(row.column(1)) == "Packages" {
			root = uint32(row.integer(3))
		}
		return nil
	})
	if err != nil {
		return err
	}
	if root == 0 {
		return fault.New(fault.Invalid, "rpm database: the SQLite file has no table Packages")
	}
	return f.walk(root, 0, func(row record) error {
		blob := row.column(1)
		if blob == nil {
			return fault.New(fault.Invalid, "rpm database: a row of Packages without a header")
		}
		return f.give(blob)
	})
}

// walk gives the rows of a table whose b-tree begins at a page, in order.
func (f *sqliteFile) walk(number uint32, level int, row func(record) error) error {
	if level == sqliteDepth {
		return fault.New(fault.Invalid, "rpm database: a SQLite tree of more than %d levels (limit: depth of tree)", sqliteDepth)
	}
	if f.levels[level] == nil {
		f.levels[level] = make([]byte, f.pageSize)
	}
	page := f.levels[level]
	if err := f.page(number, page); err != nil {
		return err
	}
	begin := 0
	if number == 1 {
		begin = 100
	}
	kind, cells := page[begin], int(binary.BigEndian.Uint16(page[begin+3:]))
	leaf := kind == 0x0d
	pointers := begin + 12
	if leaf {
		pointers = begin + 8
	}
	switch {
	case !leaf && kind != 0x05:
		return fault.New(fault.Invalid, "rpm database: page %d is of type %d, not of a SQLite table", number, kind)
	case pointers+2*cells > f.usable:
		return fault.New(fault.Invalid, "rpm database: page %d has more cells (%d) than room", number, cells)
	}
	for i := range cells {
		at := int(binary.BigEndian.Uint16(page[pointers+2*i:]))
		if at < pointers || at+4 > f.usable {
			return fault.New(fault.Invalid, "rpm database: page %d has a cell at %d, which is outside of it", number, at)
		}
		var err error
		if leaf {
			var r record
			if r, err = f.cell(page[at:f.usable], number); err == nil {
				err = row(r)
			}
		} else {
			err = f.walk(binary.BigEndian.Uint32(page[at:]), level+1, row)
		}
		if err != nil {
			return err
		}
	}
	if leaf {
		return nil
	}
	return f.walk(binary.BigEndian.Uint32(page[begin+8:]), level+1, row)
}

func (f *sqliteFile) page(number uint32, page []byte) error {
	if number == 0 {
		return fault.New(fault.Invalid, "rpm database: page 0 is pointed to, and SQLite has none")
	}
	if err := f.visit(number-1, f.size/f.pageSize); err != nil {
		return err
	}
	return f.at(page, int64(number-1)*f.pageSize)
}

// cell reads the row that a cell of a leaf begins.
func (f *sqliteFile) cell(cell []byte, number uint32) (record, error) {
	size, n := varint(cell)
	_, m := varint(cell[n:]) // the row's number
	if n == 0 || m == 0 {
		return record{}, fault.New(fault.Invalid, "rpm database: page %d has a cell that is cut off", number)
	}
	cell = cell[n+m:]
	if size <= uint64(f.usable-35) {
		if size > uint64(len(cell)) {
			return record{}, fault.New(fault.Invalid, "rpm database: page %d has a row of %d bytes that leaves it", number, size)
		}
		return newRecord(cell[:size], number)
	}
	if err := f.room(size); err != nil {
		return record{}, err
	}
	// How much of a row stays in the page: "Cell Payload Overflow Pages".
	least := uint64(f.usable-12)*32/255 - 23
	local := least + (size-least)%uint64(f.usable-4)
	if local > uint64(f.usable-35) {
		local = least
	}
	if local+4 > uint64(len(cell)) {
		return record{}, fault.New(fault.Invalid, "rpm database: page %d has a row that leaves it", number)
	}
	rest := f.blob[copy(f.blob, cell[:local]):]
	next := binary.BigEndian.Uint32(cell[local:])
	if f.overflow == nil {
		f.overflow = make([]byte, f.pageSize)
	}
	for len(rest) > 0 {
		if err := f.page(next, f.overflow); err != nil {
			return record{}, err
		}
		next = binary.BigEndian.Uint32(f.overflow)
		rest = rest[copy(rest, f.overflow[4:f.usable]):]
	}
	return newRecord(f.blob, number)
}

// record is a row: the types of its columns, and their content.
type record struct{ types, body []byte }

func newRecord(b []byte, page uint32) (record, error) {
	size, n := varint(b)
	if n == 0 || size < uint64(n) || size > uint64(len(b)) {
		return record{}, fault.New(fault.Invalid, "rpm database: page %d has a row whose columns cannot be told", page)
	}
	return record{types: b[n:size], body: b[size:]}, nil
}

// find gives the type and the bytes of a column; type 0, which is NULL, where
// there is none.
func (r record) find(column int) (kind uint64, content []byte) {
	types, body := r.types, r.body
	for ; ; column-- {
		kind, n := varint(types)
		if n == 0 {
			return 0, nil
		}
		types = types[n:]
		var size uint64
		switch {
		case kind >= 12:
			size = (kind - 12) / 2
		case kind < 8:
			size = uint64([...]uint8{0, 1, 2, 3, 4, 6, 8, 8}[kind])
		}
		if size > uint64(len(body)) {
			return 0, nil
		}
		if column == 0 {
			return kind, body[:size]
		}
		body = body[size:]
	}
}

// column gives a column that is text or a blob, nil for any other.
func (r record) column(i int) []byte {
	if kind, content := r.find(i); kind >= 12 {
		return content
	}
	return nil
}

// integer gives a column that is a positive integer, 0 for any other.
func (r record) integer(i int) int64 {
	kind, content := r.find(i)
	switch {
	case kind == 9:
		return 1
	case kind > 6:
		return 0
	}
	var v int64
	for _, b := range content {
		v = v<<8 | int64(b)
	}
	return v
}

// varint reads SQLite's integer of 1 to 9 bytes; n is 0 where b ends in it.
func varint(b []byte) (v uint64, n int) {
	for i := range min(len(b), 9) {
		if i == 8 {
			return v<<8 | uint64(b[i]), 9
		}
		v = v<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return v, i + 1
		}
	}
	return 0, 0
}
