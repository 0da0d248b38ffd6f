package perlver_test

import (
	"strings"
	"testing"

	"nacre/perlver"
)

func TestSlowReadingAgrees(t *testing.T) {
	r := random(t)
	for range 100_000 {
		a, b := versionText(r), versionText(r)
		if !agreed(t, a, b) {
			return
		}
	}
	for _, row := range rows(t, "parse.txt", 87) {
		agreed(t, unquote(t, row[0]), "1.2")
	}
}

// agreed compares both readings of two texts, and their order.
func agreed(t *testing.T, a, b string) bool {
	t.Helper()
	x, y := slowParse(a), slowParse(b)
	for _, s := range []struct {
		text string
		slow slow
	}{{a, x}, {b, y}} {
		if how := s.slow.differs(s.text); how != "" {
			t.Errorf("%q: the two readings differ in: %s", s.text, how)
			return false
		}
	}
	if !x.ok || !y.ok {
		return true
	}
	if fast := parse(t, a).Compare(parse(t, b)); fast != x.compare(y) {
		t.Errorf("%q against %q: %d, and slowly %d", a, b, fast, x.compare(y))
		return false
	}
	return true
}

func FuzzParse(f *testing.F) {
	f.Add("1.2", "1.10", "v1.2_3")
	f.Add(" 1.2;x", "undef", ".")
	f.Add("1.2. 3", "v1.0_00000000001", "99999999999 ")
	f.Add("1.2.3.4.5.6", "1.002003004005006", "1.2\x003")
	f.Fuzz(func(t *testing.T, a, b, c string) {
		if len(a)+len(b)+len(c) > 1<<16 {
			return // the slow reading is not linear
		}
		agreed(t, a, b)
		var vs [3]perlver.Version
		for i, s := range []string{a, b, c} {
			v, err := perlver.Parse(s)
			if err != nil {
				if !v.IsZero() {
					t.Fatalf("%q is refused and has a value", s)
				}
				return
			}
			back, err := perlver.Parse(v.String())
			if err != nil || !back.Equal(v) || back.String() != s || back.Key() != v.Key() || back.IsAlpha() != v.IsAlpha() || back.IsDotted() != v.IsDotted() {
				t.Fatalf("Parse(%q.String()) = %q, %v", s, back, err)
			}
			if n, err := perlver.ParseExact(v.Normal()); err != nil || !n.Equal(v) {
				t.Fatalf("normal form %s of %q: %v", v.Normal(), s, err)
			}
			if perlver.IsStrict(s) && !perlver.IsLax(s) {
				t.Fatalf("%q is strict and not lax", s)
			}
			vs[i] = v
		}
		x, y, z := vs[0], vs[1], vs[2]
		if x.Compare(x) != 0 || x.Compare(y) != -y.Compare(x) {
			t.Fatalf("%q and %q: not antisymmetric", a, b)
		}
		if x.Compare(y) <= 0 && y.Compare(z) <= 0 && x.Compare(z) > 0 {
			t.Fatalf("%q <= %q <= %q: not transitive", a, b, c)
		}
		if (x.Key() == y.Key()) != x.Equal(y) {
			t.Fatalf("%q and %q: keys and order disagree", a, b)
		}
	})
}

func FuzzApproximate(f *testing.F) {
	for _, s := range []string{"2.00-TRIAL", "V1.2a", "1_11", "0.16_rc1-3", "-TRIAL", "1.5-withoutworldwriteables"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v, note, err := perlver.Approximate(s)
		_, perr := perlver.Parse(s)
		if (perr == nil) != (err == nil && note == "") {
			t.Fatalf("%q: note %q, error %v, and Parse says %v", s, note, err, perr)
		}
		if (err == nil) == v.IsZero() {
			t.Fatalf("%q: %v, %v", s, v, err)
		}
	})
}

// FuzzRange reads texts as ranges of each grammar.
func FuzzRange(f *testing.F) {
	for i, s := range []string{
		`[">=1.0,<1.4","latest"]`,
		`["1.0 <= 1.4","< 0.5"]`,
		`[{"version":"1","lessThan":"*","status":"affected","changes":[{"at":"1.5","status":"unaffected"}]}]`,
		`[{"type":"ECOSYSTEM","events":[{"introduced":"0"},{"fixed":"1.4"},{"limit":"x"}]}]`,
		`>= 1.0, != 1.2, < 2`,
	} {
		f.Add(uint8(i), s, "1.2")
	}
	f.Fuzz(func(t *testing.T, grammar uint8, text, version string) {
		gs := perlver.Grammars()
		g := gs[int(grammar)%len(gs)]
		r, err := perlver.ReadRange(g, text)
		if err != nil {
			if !r.IsZero() {
				t.Fatalf("%s %q is refused and states something", g, text)
			}
			return
		}
		for _, w := range append(r.Unreadable(), r.Warnings()...) {
			if strings.ContainsAny(w, "\t\n\r") {
				t.Fatalf("%s %q: a message of several lines or with a tab: %q", g, text, w)
			}
		}
		v, err := perlver.Parse(version)
		if err != nil {
			return
		}
		got, why := r.Contains(v)
		if (got == perlver.Unknown) != (why != "") {
			t.Fatalf("%s %q of %q is %v with reason %q", g, text, version, got, why)
		}
		if got != perlver.Unknown && r.IsZero() {
			t.Fatalf("%s %q states nothing and answers %v", g, text, got)
		}
		if g == perlver.Meta {
			back, err := perlver.ParseRequirement(text)
			if err != nil || back.Accepts(v) != (got == perlver.True) {
				t.Fatalf("%q: requirement and range disagree on %q (%v)", text, version, err)
			}
			again, err := perlver.ParseRequirement(back.String())
			if err != nil || again.String() != back.String() || again.Accepts(v) != back.Accepts(v) {
				t.Fatalf("%q: stored form %q does not come back: %q, %v", text, back, again, err)
			}
		}
	})
}
