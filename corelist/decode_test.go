package corelist

import (
	"bytes"
	"compress/flate"
	"encoding/binary"
	"strings"
	"testing"

	"nacre/fault"
)

// body joins sections.
func body(sections ...string) string {
	var b []byte
	for _, s := range sections {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return string(b)
}

// A table of two perls and three modules, by hand:
//
//	5.000, 1970-01-02: A 1.0, A::B 1.0
//	5.001, 1970-01-01: A::B removed, C undef, which is deprecated and on CPAN
const (
	perls    = "\x055.000\x02" + "\x055.001\x01"
	names    = "\x00\x01A" + "\x01\x03::B" + "\x00\x01C"
	refs     = "\x00\x00\x00"
	marks    = "\x00\x00\x05"
	steps    = "\x01\x01" + "\x02\x01\x01" + "\x01\x02"
	versions = "1.0\n1.0\n-\n\n"
)

func TestDecodeByHand(t *testing.T) {
	tab, err := decodeBody(body(perls, names, refs, marks, steps, versions))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"A=1.0 A::B=1.0", "A=1.0 C="} {
		var got []string
		for m, v := range tab.perls[i].Modules() {
			got = append(got, string(m)+"="+v)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("perl %s has %q, want %q", tab.perls[i].Number, s, want)
		}
	}
	if d := tab.perls[0].Released.Format("2006-01-02"); d != "1970-01-02" {
		t.Errorf("released %s", d)
	}
	if m := tab.modules[2]; m.name != "C" || m.deprecated != 2 || !m.cpan {
		t.Errorf("marks of C: %+v", m)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct{ name, body, err string }{
		{"nothing", "", "sections do not fill the body"},
		{"too much", body(perls, names, refs, marks, steps, versions) + "x", "sections do not fill the body"},
		{"a section beyond the end", "\x7fabc", "sections do not fill the body"},
		{"no perls", body("", names, refs, marks, steps, versions), "no perls"},
		{"perls out of order", body("\x055.001\x02\x055.000\x01", names, refs, marks, steps, versions), "perl 5.000 does not come after"},
		{"a perl that is no version", body("\x01x\x02", names, refs, marks, steps, versions), "perl 0: "},
		{"a perl cut off", body("\x095.000", names, refs, marks, steps, versions), "perl 0 cannot be read"},
		{"modules out of order", body(perls, "\x00\x01B\x00\x01A\x00\x01C", refs, marks, steps, versions), `module "A" does not come after "B"`},
		{"shared beyond the name", body(perls, "\x01\x01B", refs, marks, steps, versions), "module 0 cannot be read"},
		{"a reference to nothing", body(perls, names, "\x01\x00\x00", marks, steps, versions), "module 0 points to no history"},
		{"a reference too far back", body(perls, names, "\x00\x00\x03", marks, steps, versions), "module 2 points to no history"},
		{"a history of nobody", body(perls, names, "\x00\x00\x01", marks, steps, versions), "modules and histories do not match"},
		{"marks cut off", body(perls, names, refs, "\x00", steps, versions), "module 1 is deprecated by a perl that is not there"},
		{"deprecated by no perl", body(perls, names, refs, "\x00\x00\x06", steps, versions), "module 2 is deprecated by a perl that is not there"},
		{"a change in no perl", body(perls, names, refs, marks, "\x01\x03\x02\x01\x01\x01\x02", versions), "history 0 names a perl that is not there"},
		{"two changes in one perl", body(perls, names, refs, marks, "\x01\x01\x02\x01\x00\x01\x02", versions), "history 1 names a perl that is not there"},
		{"a history without changes", body(perls, names, refs, marks, "\x00", versions), "history 0: 0 changes"},
		{"more changes than versions", body(perls, names, refs, marks, "\x05\x01", versions), "history 0: 5 changes"},
		{"begins with a removal", body(perls, names, refs, marks, steps, "-\n1.0\n-\n\n"), "history 0 begins with a removal"},
		{"versions left over", body(perls, names, refs, marks, steps, versions+"1\n"), "2 bytes of versions are left over"},
		{"a number without end", "\xff\xff\xff\xff\xff\xff", "sections do not fill the body"},
	} {
		_, err := decodeBody(c.body)
		if err == nil || !strings.HasPrefix(err.Error(), "decode core module table: ") || !strings.Contains(err.Error(), c.err) || fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: error = %v, want one with %q", c.name, err, c.err)
		}
	}
	for _, c := range []struct{ name, file, err string }{
		{"empty", "", "at its start"},
		{"another version", "NacreCL\x02" + string(embedded[8:]), "at its start"},
		{"no DEFLATE", magic + "\xff\xff", "corrupt input"},
		{"cut off", string(embedded[:len(embedded)-10]), "unexpected EOF"},
		{"a bomb", magic + deflate(t, make([]byte, 64<<20)), "larger than 4194304 bytes (limit: core module table size)"},
	} {
		if _, err := decode([]byte(c.file)); err == nil || !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: error = %v, want one with %q", c.name, err, c.err)
		}
	}
}

func deflate(t testing.TB, b []byte) string {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(b); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The table is part of every program: small, and of one byte sequence.
func TestTableIsSmall(t *testing.T) {
	if len(embedded) > 64<<10 {
		t.Errorf("the table takes %d bytes", len(embedded))
	}
}

// Whatever the bytes: an error, or a table that answers every question.
func FuzzDecode(f *testing.F) {
	f.Add(body(perls, names, refs, marks, steps, versions))
	f.Add(body(perls, names, refs, marks, steps, "v1.2\n\n-\n1_0\n"))
	f.Add(body(perls, "", "", "", "", ""))
	f.Fuzz(func(t *testing.T, b string) {
		tab, err := decodeBody(b)
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Errorf("kind of %v", err)
			}
			return
		}
		// A few of them: a fuzzer likes tables of a thousand times a thousand.
		for _, p := range tab.perls[:min(len(tab.perls), 5)] {
			n := 0
			for m, v := range p.Modules() {
				if got, ok := p.Version(m); !ok || got != v {
					t.Fatalf("perl %s: %q is %q among all and %q, %v alone", p.Number, m, v, got, ok)
				}
				if n++; n == 100 {
					break
				}
			}
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decode(embedded); err != nil {
			b.Fatal(err)
		}
	}
}
