package db

import (
	"encoding/binary"
	"math"
	"time"

	"nacre/advisory"
)

// encoder appends values to bytes.
type encoder struct{ b []byte }

func (e *encoder) uvarint(n uint64) { e.b = binary.AppendUvarint(e.b, n) }
func (e *encoder) varint(n int64)   { e.b = binary.AppendVarint(e.b, n) }
func (e *encoder) count(n int)      { e.uvarint(uint64(n)) }
func (e *encoder) u32(n uint32)     { e.b = binary.LittleEndian.AppendUint32(e.b, n) }

func (e *encoder) str(s string) {
	e.count(len(s))
	e.b = append(e.b, s...)
}

// time is the seconds since 1970 after a 1, or a 0 for no time.
func (e *encoder) time(t time.Time) {
	if t.IsZero() {
		e.uvarint(0)
		return
	}
	e.uvarint(1)
	e.varint(t.Unix())
}

const secondsPerDay = 24 * 60 * 60

// date is the day since 1970, zigzag and one more, or a 0 for no date.
func (e *encoder) date(d advisory.Date) {
	if d.IsZero() {
		e.uvarint(0)
		return
	}
	days := d.Time().Unix() / secondsPerDay
	e.uvarint(uint64(days<<1^days>>63) + 1)
}

func strs[T ~string](e *encoder, list []T) {
	e.count(len(list))
	for _, s := range list {
		e.str(string(s))
	}
}

// decoder reads values from the front of a text. The first error stays, and
// everything after it is zero. The strings it gives are parts of the text.
type decoder struct {
	s   string
	err error
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		d.err = damaged(format, args...)
	}
	d.s = ""
}

func (d *decoder) uvarint() uint64 {
	var n uint64
	for i := 0; i < len(d.s) && i < binary.MaxVarintLen64; i++ {
		c := d.s[i]
		if i == binary.MaxVarintLen64-1 && c > 1 {
			break
		}
		n |= uint64(c&0x7f) << (7 * i)
		if c < 0x80 {
			d.s = d.s[i+1:]
			return n
		}
	}
	d.fail("a number is cut off or too large")
	return 0
}

func (d *decoder) varint() int64 {
	u := d.uvarint()
	return int64(u>>1) ^ -int64(u&1)
}

func (d *decoder) u32() uint32 {
	b := d.bytes(4)
	if len(b) < 4 {
		return 0
	}
	return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
}

// bytes takes n bytes.
func (d *decoder) bytes(n uint64) string {
	if n > uint64(len(d.s)) {
		d.fail("%d bytes are stated where %d are left", n, len(d.s))
		return ""
	}
	b := d.s[:n]
	d.s = d.s[n:]
	return b
}

func (d *decoder) str() string { return d.bytes(d.uvarint()) }

// small reads a number that has a bound of its own.
func (d *decoder) small(limit uint64, what string) int {
	n := d.uvarint()
	if n > limit {
		d.fail("%s is %d (limit: %d)", what, n, limit)
		return 0
	}
	return int(n)
}

// maxList is the longest list: the releases of a distribution and the elements
// of a range stay far below it.
const maxList = 100_000

// count reads the length of a list whose elements take size bytes or more, so
// that a length costs memory only where there are bytes for it.
func (d *decoder) count(size int) int {
	n := d.uvarint()
	if n > maxList {
		d.fail("a list of %d (limit: list length)", n)
		return 0
	}
	if n > uint64(len(d.s)/size) {
		d.fail("a list of %d is stated where %d bytes are left", n, len(d.s))
		return 0
	}
	return int(n)
}

func (d *decoder) time() time.Time {
	if d.uvarint() == 0 {
		return time.Time{}
	}
	return d.seconds(d.varint())
}

// The years 0 to 9999, which is what JSON can write.
const (
	firstSecond = -62167219200
	lastSecond  = 253402300799
)

func (d *decoder) seconds(s int64) time.Time {
	if s < firstSecond || s > lastSecond {
		d.fail("time %d is outside the years 0 to 9999", s)
		return time.Time{}
	}
	return time.Unix(s, 0).UTC()
}

func (d *decoder) date() advisory.Date {
	n := d.uvarint()
	if n == 0 {
		return advisory.Date{}
	}
	n--
	days := int64(n>>1) ^ -int64(n&1)
	if days < firstSecond/secondsPerDay || days > lastSecond/secondsPerDay {
		d.fail("day %d is outside the years 0 to 9999", days)
		return advisory.Date{}
	}
	return advisory.DateOf(time.Unix(days*secondsPerDay, 0))
}

func (d *decoder) float() float64 {
	b := d.bytes(8)
	if len(b) < 8 {
		return 0
	}
	f := math.Float64frombits(binary.LittleEndian.Uint64([]byte(b)))
	if math.IsNaN(f) || math.IsInf(f, 0) {
		d.fail("a score is not a number")
		return 0
	}
	return f
}

// list reads a list of elements that take size bytes or more each; an empty
// one is nil.
func list[T any](d *decoder, size int, element func(*T)) []T {
	n := d.count(size)
	if n == 0 {
		return nil
	}
	// Elements are larger in memory than in the file: of a very long list, what
	// is not there yet is not paid for yet.
	out := make([]T, 0, min(n, 4096))
	for i := range n {
		var zero T
		out = append(out, zero)
		element(&out[i]) // in its place: a variable of its own would be one more allocation
		if d.err != nil {
			return nil
		}
	}
	return out
}

func texts[T ~string](d *decoder) []T {
	return list(d, 1, func(s *T) { *s = T(d.str()) })
}
