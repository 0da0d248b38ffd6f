package corelist_test

import (
	"slices"
	"testing"

	"nacre/corelist"
	"nacre/perlver"
)

func version(t testing.TB, s string) perlver.Version {
	t.Helper()
	v, err := perlver.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestFindIsByEquality(t *testing.T) {
	for _, c := range []struct{ asked, number, released string }{
		{"5.36.0", "5.036", "2022-05-27"},
		{"5.036", "5.036", "2022-05-27"},
		{"5.036000", "5.036", "2022-05-27"},
		{"v5.36", "5.036", "2022-05-27"},
		{"5.10.0", "5.01", "2007-12-18"},
		{"5.01", "5.01", "2007-12-18"},
		{"5.012", "5.012000", "2010-04-12"},
		{"5", "5.000", "1994-10-17"},
		{"5.00503", "5.00503", "1999-03-28"},
		{"5.36", "", ""}, // 5.360: the classic mistake
		{"5.037012", "", ""},
		{"5.999.0", "", ""},
		{"4.036", "", ""},
		{"0", "", ""},
	} {
		p, ok := corelist.Find(version(t, c.asked))
		if ok != (c.number != "") || p.IsZero() == ok || p.Number.String() != c.number || ok && p.Released.Format("2006-01-02") != c.released {
			t.Errorf("%s: got %s of %s, %v; want %q of %s", c.asked, p.Number, p.Released, ok, c.number, c.released)
		}
	}
}

func TestVersion(t *testing.T) {
	for _, c := range []struct {
		perl, module, want string
		ok                 bool
	}{
		{"5.36.0", "JSON::PP", "4.07", true},
		{"5.36.0", "IO::Compress::Gzip", "2.106", true},
		{"5.36.0", "strict", "1.12", true},
		{"5.36.0", "unicore::Name", "", true}, // undef
		{"5.36.0", "CGI", "", false},          // removed
		{"5.20.0", "CGI", "3.65", true},
		{"5.005", "Carp", "", true},
		{"5.6.0", "JSON::PP", "", false}, // not yet
		{"5.36.0", "json::pp", "", false},
		{"5.36.0", "LWP::UserAgent", "", false},
		{"5.36.0", "", "", false},
	} {
		p, ok := corelist.Find(version(t, c.perl))
		if !ok {
			t.Fatalf("perl %s is not in the table", c.perl)
		}
		got, ok := p.Version(cpanModule(c.module))
		if got != c.want || ok != c.ok {
			t.Errorf("%s of perl %s = %q, %v; want %q, %v", c.module, c.perl, got, ok, c.want, c.ok)
		}
	}
	var none corelist.Perl
	if v, ok := none.Version("strict"); ok {
		t.Errorf("no perl ships strict %s", v)
	}
	for m := range none.Modules() {
		t.Errorf("no perl ships %s", m)
	}
}

func TestLookup(t *testing.T) {
	for _, c := range []struct{ module, first, removed, deprecated, upstream string }{
		{"CGI", "5.004", "5.021", "5.019007", ""},
		{"JSON::PP", "5.013009", "", "", "cpan"},
		{"Switch", "5.007003", "5.013001", "5.011", ""},
		{"strict", "5.000", "", "", ""},
		{"SubstrHash", "5.001", "5.002", "", ""},
	} {
		h, ok := corelist.Lookup(cpanModule(c.module))
		got := []string{h.First.Number.String(), h.Removed.Number.String(), h.Deprecated.Number.String(), h.Upstream}
		if want := []string{c.first, c.removed, c.deprecated, c.upstream}; !ok || !slices.Equal(got, want) {
			t.Errorf("%s: got %q, %v; want %q", c.module, got, ok, want)
		}
	}
	if h, ok := corelist.Lookup("LWP::UserAgent"); ok {
		t.Errorf("LWP::UserAgent was never in core, got %+v", h)
	}
}

func TestPerlsAscend(t *testing.T) {
	perls := corelist.Perls()
	if len(perls) < 264 {
		t.Fatalf("%d perls", len(perls))
	}
	for i := 1; i < len(perls); i++ {
		if perls[i-1].Number.Compare(perls[i].Number) >= 0 {
			t.Errorf("%s stands before %s", perls[i-1].Number, perls[i].Number)
		}
	}
	if !corelist.Newest().Equal(perls[len(perls)-1].Number) {
		t.Errorf("newest is %s", corelist.Newest())
	}
	perls[0] = corelist.Perl{}
	if corelist.Perls()[0].IsZero() {
		t.Error("a caller changed the table")
	}
}

func TestAtLeast(t *testing.T) {
	for _, c := range []struct {
		min   string
		first string
		n     int // of 264 perls
	}{
		{"0", "5.000", 264},
		{"5.41.5", "5.041005", 2},
		{"5.41.5_1", "", 0}, // 5.41.51
		{"5.041006", "5.041006", 1},
		{"5.42.0", "", 0},
	} {
		var got []string
		for p := range corelist.AtLeast(version(t, c.min)) {
			got = append(got, p.Number.String())
		}
		if len(got) != c.n || c.n > 0 && got[0] != c.first {
			t.Errorf("%s: got %d perls %.3q, want %d from %s", c.min, len(got), got, c.n, c.first)
		}
	}
}

func TestVersionsSince(t *testing.T) {
	for _, c := range []struct {
		minimum, module, first, last string
		n                            int
		always                       bool
	}{
		{"5.36.0", "Digest", "1.20", "1.20", 1, true},
		{"5.41.5", "Carp", "1.54", "1.54", 1, true},
		{"5.8.1", "CGI", "3.00", "3.65", 26, false},          // removed with 5.21
		{"5.8.1", "HTTP::Tiny", "0.009", "0.088", 36, false}, // not there before 5.13.9
		{"5.20.0", "unicore::Name", "", "", 1, true},         // without a version
		{"5.36.0", "CGI", "", "", 0, false},
		{"5.36.0", "LWP::UserAgent", "", "", 0, false},
		{"5.99.0", "Carp", "", "", 0, false},
	} {
		got, always := corelist.VersionsSince(version(t, c.minimum), cpanModule(c.module))
		// The same, perl by perl.
		var want []string
		all, perls := true, 0
		for p := range corelist.AtLeast(version(t, c.minimum)) {
			perls++
			v, ok := p.Version(cpanModule(c.module))
			all = all && ok
			if ok && !slices.Contains(want, v) {
				want = append(want, v)
			}
		}
		if !slices.Equal(got, want) || always != (all && perls > 0) || always != c.always {
			t.Errorf("%s since %s: %q, %v; want %q, %v", c.module, c.minimum, got, always, want, c.always)
		}
		if len(got) != c.n || len(got) > 0 && (got[0] != c.first || got[len(got)-1] != c.last) {
			t.Errorf("%s since %s: %q; want %d from %q to %q", c.module, c.minimum, got, c.n, c.first, c.last)
		}
	}
}

// A consumer may stop early.
func TestModulesStops(t *testing.T) {
	p, _ := corelist.Find(corelist.Newest())
	n := 0
	for range p.Modules() {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("went on after the break: %d", n)
	}
}
