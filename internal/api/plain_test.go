package api

import (
	"testing"

	"nacre/purl"
)

// What is read by the short way is what purl reads.
func FuzzPlain(f *testing.F) {
	for _, s := range []string{"pkg:cpan/Foo-Bar@1.2", "pkg:cpan/Foo-Bar", "pkg:cpan/libwww-perl@6.76", "pkg:cpan/a@", "pkg:cpan/Foo::Bar@1", "pkg:cpan/.x@1", "pkg:cpan/a@v1.2_3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		name, version, ok := plain(s)
		if !ok {
			return
		}
		p, err := purl.Parse(s)
		if err != nil {
			t.Fatalf("%q is read as %s and %s, and purl refuses it: %v", s, name, version, err)
		}
		if p.Name() != name || p.Version() != version || p.Namespace() != "" {
			t.Errorf("%q: %s and %s, purl has %s and %s", s, name, version, p.Name(), p.Version())
		}
	})
}
