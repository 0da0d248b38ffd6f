package perlver

import "testing"

func TestBetween(t *testing.T) {
	for _, c := range []struct{ v, w, want string }{
		{"1.2", "1.3", "v1.200.0.1"},
		{"1.2", "v1.200.0.0.0.5", "v1.200.0.0.0.0.1"},
		{"0", "0.000001", "v0.0.0.1"},
		{"v1.2.3", "1.2", "v1.2.3.1"},
		{"v1.2.3.4.5.6", "", "v1.2.3.4.5.6.1"},
		{"1.3", "1.3", ""},
		{"1.3", "1.2", ""},
		{"1.10", "1.1", ""},
	} {
		v, err := ParseExact(c.v)
		if err != nil {
			t.Fatal(err)
		}
		var w Version
		if c.w != "" {
			if w, err = ParseExact(c.w); err != nil {
				t.Fatal(err)
			}
		}
		got := Between(v, w)
		if got.String() != c.want {
			t.Errorf("between %q and %q: %q, want %q", c.v, c.w, got, c.want)
		}
		if !got.IsZero() && (v.Compare(got) >= 0 || !w.IsZero() && got.Compare(w) >= 0) {
			t.Errorf("%q is not between %q and %q", got, c.v, c.w)
		}
	}
}

// FuzzBetween holds a version between two others to its place.
func FuzzBetween(f *testing.F) {
	f.Add("1.2", "1.3")
	f.Add("v1.2", "v1.2.0.0.0.1")
	f.Add("1.999999999", "2147483647")
	f.Fuzz(func(t *testing.T, a, b string) {
		v, err := Parse(a)
		w, err2 := Parse(b)
		if err != nil || err2 != nil {
			return
		}
		got := Between(v, w)
		if v.Compare(w) >= 0 {
			if !got.IsZero() {
				t.Fatalf("%q is between %q and %q", got, a, b)
			}
			return
		}
		if v.Compare(got) >= 0 || got.Compare(w) >= 0 {
			t.Fatalf("%q is not between %q and %q", got, a, b)
		}
		if again, err := ParseExact(got.String()); err != nil || !again.Equal(got) {
			t.Fatalf("%q read back: %v, %v", got, again, err)
		}
	})
}
