package corelist

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"fmt"
	"io"
	"strings"
	"time"

	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
	"nacre/perlver"
)

// The format of table.bin, version 1.
//
//	"NacreCL" 0x01   magic and version
//	DEFLATE          of the body, to the end of the file
//
// The body is six sections, each a length in bytes and that many bytes.
// Numbers are unsigned LEB128 varints unless said otherwise.
//
//	perls     per perl: length of its number, the number, days since the
//	          release before (signed varint; the first since 1970-01-01)
//	names     per module, sorted: bytes shared with the name before, length of
//	          the rest, the rest
//	refs      per module: 0 for the next new history, n for the nth back
//	marks     per module: 2 x (1 + index of the perl that deprecated it, 0 for
//	          none) + 1 where its upstream is CPAN
//	steps     per history: number of changes; per change: perls since the
//	          change before (the first: index + 1)
//	versions  per change, one line: the version, nothing for undef, "-" where
//	          the module is removed
//
// Modules of one distribution mostly change together, so a history stands once
// and modules point to it. Things of one kind stand together because they
// compress better.
//
// The table is read by the program that embeds it and by no other: a reader
// refuses every version but its own, older or newer.
const (
	magic   = "NacreCL\x01"
	maxBody = 4 << 20 // the table of 264 perls takes 0.1 MB
)

// table is a decoded table. Texts are kept in two long strings.
type table struct {
	perls   []Perl
	modules []module
	starts  []uint32 // per history, the index of its first change; one more at the end
	changes []change
	texts   string // the versions section
}

type module struct {
	name       cpan.Module
	history    uint16 // index into starts
	deprecated uint16 // index of the perl plus 1, 0 for none
	cpan       bool
}

// change is what one perl did to a module: texts[at:at+size] is the version
// that it brought.
type change struct {
	at   uint32
	perl uint16
	size uint16 // gone where the perl removed it
}

const gone = 0xffff

func (c change) removed() bool { return c.size == gone }

func (t *table) history(i uint16) []change { return t.changes[t.starts[i]:t.starts[i+1]] }

func (t *table) text(c change) string { return t.texts[c.at : c.at+uint32(c.size)] }

// errTable says what is wrong with a table.
func errTable(format string, args ...any) error {
	return fault.Wrap(fault.Invalid, fmt.Errorf(format, args...), "decode core module table").
		WithHint("the program is damaged; build it again")
}

// decode reads the bytes of a table file.
func decode(b []byte) (*table, error) {
	rest, ok := bytes.CutPrefix(b, []byte(magic))
	if !ok {
		return nil, errTable("no %q at its start", magic)
	}
	var body strings.Builder
	body.Grow(1 << 17)
	r := flate.NewReader(bytes.NewReader(rest))
	if _, err := io.Copy(&body, limit.Reader(r, maxBody, "core module table size")); err != nil {
		return nil, errTable("%w", err)
	}
	return decodeBody(body.String())
}

// decodeBody reads the six sections.
func decodeBody(body string) (*table, error) {
	in := reader{s: body}
	perls, names, refs := reader{s: in.chunk()}, reader{s: in.chunk()}, reader{s: in.chunk()}
	marks, steps, texts := reader{s: in.chunk()}, reader{s: in.chunk()}, in.chunk()
	if in.bad || in.s != "" {
		return nil, errTable("sections do not fill the body")
	}
	t := &table{texts: texts}
	for _, part := range []func() error{
		func() error { return t.readPerls(&perls) },
		func() error { return t.readHistories(&steps) },
		func() error { return t.readModules(&names, &refs, &marks) },
	} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	return t, nil
}

func (t *table) readPerls(in *reader) error {
	// Every perl takes three bytes or more; 65,000 is what an index holds.
	t.perls = make([]Perl, 0, min(len(in.s)/10, 65000))
	var days int64
	for in.s != "" {
		text := in.chunk()
		days += in.signed()
		if in.bad || len(t.perls) == 65000 || days < -1e6 || days > 1e6 {
			return errTable("perl %d cannot be read", len(t.perls))
		}
		v, err := perlver.ParseExact(text)
		if err != nil {
			return errTable("perl %d: %w", len(t.perls), err)
		}
		if n := len(t.perls); n > 0 && t.perls[n-1].Number.Compare(v) >= 0 {
			return errTable("perl %s does not come after the one before it", text)
		}
		t.perls = append(t.perls, Perl{Number: v, Released: time.Unix(days*86400, 0).UTC(), t: t, index: len(t.perls)})
	}
	if len(t.perls) == 0 {
		return errTable("no perls")
	}
	return nil
}

func (t *table) readHistories(in *reader) error {
	n := strings.Count(t.texts, "\n")
	t.changes = make([]change, 0, n)
	at := 0
	for in.s != "" {
		if len(t.starts) == gone {
			return errTable("more than %d histories", gone)
		}
		t.starts = append(t.starts, uint32(len(t.changes)))
		count := in.number()
		if in.bad || count == 0 || count > uint64(n-len(t.changes)) {
			return errTable("history %d: %d changes, and the versions of %d are left", len(t.starts)-1, count, n-len(t.changes))
		}
		perl := -1
		for i := range count {
			step := in.number()
			if in.bad || step == 0 || step >= uint64(len(t.perls)-perl) {
				return errTable("history %d names a perl that is not there", len(t.starts)-1)
			}
			perl += int(step)
			size := strings.IndexByte(t.texts[at:], '\n')
			c := change{at: uint32(at), perl: uint16(perl), size: uint16(size)}
			if size >= gone {
				return errTable("history %d has a version of %d bytes", len(t.starts)-1, size)
			}
			if t.text(c) == "-" {
				if i == 0 {
					return errTable("history %d begins with a removal", len(t.starts)-1)
				}
				c.size = gone
			}
			t.changes = append(t.changes, c)
			at += size + 1
		}
	}
	if at != len(t.texts) {
		return errTable("%d bytes of versions are left over", len(t.texts)-at)
	}
	t.starts = append(t.starts, uint32(len(t.changes)))
	return nil
}

func (t *table) readModules(names, refs, marks *reader) error {
	// One long string holds all names; the modules are pieces of it.
	var all strings.Builder
	var ends []int
	prev := ""
	for names.s != "" {
		shared, rest := names.number(), names.chunk()
		if names.bad || shared > uint64(len(prev)) || len(ends) == gone || all.Len() > maxBody {
			return errTable("module %d cannot be read", len(ends))
		}
		start := all.Len()
		all.WriteString(prev[:shared])
		all.WriteString(rest)
		name := all.String()[start:]
		if name <= prev {
			return errTable("module %q does not come after %q", name, prev)
		}
		ends, prev = append(ends, all.Len()), name
	}
	t.modules = make([]module, len(ends))
	known := 0 // histories that a module pointed to
	start := 0
	for i, end := range ends {
		ref, mark := refs.number(), marks.number()
		if ref == 0 {
			known++
			ref = 1
		}
		if refs.bad || ref > uint64(known) || known >= len(t.starts) {
			return errTable("module %d points to no history", i)
		}
		if marks.bad || mark>>1 > uint64(len(t.perls)) {
			return errTable("module %d is deprecated by a perl that is not there", i)
		}
		t.modules[i] = module{
			name:       cpan.Module(all.String()[start:end]),
			history:    uint16(known - int(ref)),
			deprecated: uint16(mark >> 1),
			cpan:       mark&1 == 1,
		}
		start = end
	}
	if refs.s != "" || marks.s != "" || known != len(t.starts)-1 {
		return errTable("modules and histories do not match")
	}
	return nil
}

// reader takes values off the front of s; bad stays true once one was not
// there.
type reader struct {
	s   string
	bad bool
}

func (r *reader) number() uint64 {
	var n uint64
	for i := 0; i < len(r.s) && i < binary.MaxVarintLen32; i++ {
		n |= uint64(r.s[i]&0x7f) << (7 * i)
		if r.s[i] < 0x80 {
			r.s = r.s[i+1:]
			return n
		}
	}
	r.bad, r.s = true, ""
	return 0
}

// signed is a number whose lowest bit is its sign.
func (r *reader) signed() int64 {
	n := r.number()
	return int64(n>>1) ^ -int64(n&1)
}

// chunk is a length and that many bytes.
func (r *reader) chunk() string {
	n := r.number()
	if r.bad || n > uint64(len(r.s)) {
		r.bad, r.s = true, ""
		return ""
	}
	c := r.s[:n]
	r.s = r.s[n:]
	return c
}
