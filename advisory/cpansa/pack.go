package cpansa

import (
	"encoding/binary"
	"strings"

	"nacre/fault"
)

// packed is the first byte of a packed document, which changes whenever the
// form below does.
const packed = "1"

// pack appends a value: its kind, and the length and the bytes of a text, or
// the number of the elements and they themselves.
func pack(to []byte, v value) []byte {
	to = append(to, byte(v.kind))
	switch v.kind {
	case scalar:
		to = packText(to, v.text)
	case list:
		to = binary.AppendUvarint(to, uint64(len(v.list)))
		for _, e := range v.list {
			to = pack(to, e)
		}
	case mapping:
		to = binary.AppendUvarint(to, uint64(len(v.keys)))
		for i, k := range v.keys {
			to = pack(packText(to, k), v.vals[i])
		}
	}
	return to
}

func packText(to []byte, s string) []byte {
	return append(binary.AppendUvarint(to, uint64(len(s))), s...)
}

// unpacker reads what was packed. Texts are parts of the whole, so that
// reading costs little more than the trees.
type unpacker struct {
	rest string
	b    *budget
}

// errPacked is the error of what is not as pack writes it.
var errPacked = fault.New(fault.Invalid, "a packed document is damaged")

func (u *unpacker) uvarint() (uint64, error) {
	var n uint64
	for i := 0; i < len(u.rest) && i < binary.MaxVarintLen64; i++ {
		c := u.rest[i]
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			u.rest = u.rest[i+1:]
			return n, nil
		}
	}
	return 0, errPacked
}

// count reads a number of elements, each of which takes a byte at least.
func (u *unpacker) count() (int, error) {
	n, err := u.uvarint()
	if err != nil || n > uint64(len(u.rest)) {
		return 0, errPacked
	}
	return int(n), nil
}

func (u *unpacker) text() (string, error) {
	n, err := u.count()
	if err != nil {
		return "", err
	}
	s := u.rest[:n]
	u.rest = u.rest[n:]
	return s, nil
}

// value reads a value, within the bounds that it was parsed in.
func (u *unpacker) value(depth int) (v value, err error) {
	if u.rest == "" || kind(u.rest[0]) > mapping {
		return value{}, errPacked
	}
	v.kind = kind(u.rest[0])
	u.rest = u.rest[1:]
	n := 0
	switch v.kind {
	case scalar:
		v.text, err = u.text()
	case list, mapping:
		n, err = u.count()
	}
	if err == nil {
		err = u.b.spend(depth, v.text)
	}
	if err != nil || n == 0 {
		return v, err
	}
	if v.kind == list {
		v.list = make([]value, n)
		for i := range v.list {
			if v.list[i], err = u.value(depth + 1); err != nil {
				return value{}, err
			}
		}
		return v, nil
	}
	v.keys, v.vals = make([]string, n), make([]value, n)
	for i := range v.keys {
		if v.keys[i], err = u.text(); err == nil {
			err = u.b.spend(depth+1, v.keys[i])
		}
		if err == nil {
			v.vals[i], err = u.value(depth + 1)
		}
		if err != nil {
			return value{}, err
		}
	}
	return v, nil
}

// unpackReport reads a packed report, if it is one; a report is read as YAML
// otherwise.
func (b *budget) unpackReport(text string) (value, bool) {
	before := *b
	text, ok := strings.CutPrefix(text, packed)
	if ok {
		u := unpacker{text, b}
		if v, err := u.value(1); err == nil && u.rest == "" {
			return v, true
		}
	}
	*b = before
	return value{}, false
}
