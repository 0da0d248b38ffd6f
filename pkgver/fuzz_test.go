package pkgver_test

import (
	"testing"

	"nacre/pkgver"
)

// version is what the three kinds have in common.
type version[V any] interface {
	Compare(V) int
	String() string
}

// total holds three texts to a total order: what parses is read again from its
// String, is equal to itself, and of three versions no two relations
// contradict the third.
func total[V version[V]](t *testing.T, parse func(string) (V, error), texts [3]string) {
	var all []V
	for _, text := range texts {
		v, err := parse(text)
		if err != nil {
			continue
		}
		again, err := parse(v.String())
		if err != nil || v.String() != text || again.Compare(v) != 0 {
			t.Fatalf("%q comes back as %q, %v", text, again, err)
		}
		all = append(all, v)
	}
	for _, a := range all {
		for _, b := range all {
			if sign(a.Compare(b)) != -sign(b.Compare(a)) {
				t.Fatalf("%s and %s: %d, the other way round %d", a, b, a.Compare(b), b.Compare(a))
			}
			for _, c := range all {
				if a.Compare(b) <= 0 && b.Compare(c) <= 0 && a.Compare(c) > 0 {
					t.Fatalf("%s, %s and %s are no order", a, b, c)
				}
			}
		}
	}
}

func FuzzTotalOrder(f *testing.F) {
	all := lines(f, "order.txt")
	for i, w := range all {
		f.Add(w[1], w[3], all[(i+1)%len(all)][1])
	}
	f.Fuzz(func(t *testing.T, a, b, c string) {
		texts := [3]string{a, b, c}
		total(t, pkgver.ParseDpkg, texts)
		total(t, pkgver.ParseAPK, texts)
		total(t, pkgver.ParseRPM, texts)
	})
}
