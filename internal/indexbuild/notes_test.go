package indexbuild

import "testing"

// TestLongRefused keeps an index whose notes have expired: a source that fails for
// weeks must not end in notes that nobody can read.
func TestLongRefused(t *testing.T) {
	w := newWorld(t)
	first := w.build()
	was := w.whole().Seal
	w.remove("cpansa/CPANSA-Foo.yml")
	w.remove("cpansa/CPANSA-Bar.yml")
	for day := 20; day < 22; day++ {
		w.b.Now = clock(day)
		if r := w.build(); r.Refused == "" {
			t.Fatal("the build was not refused")
		}
	}
	now := w.whole().Seal
	if now.Sequence != first.Manifest.Sequence+2 || now.Built != was.Built || now.Expires != was.Expires {
		t.Errorf("sequence %d, built %s, expires %s", now.Sequence, now.Built, now.Expires)
	}
}
