package indexbuild

import (
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nacre/cpan"
	"nacre/index"
)

// TestContacts reads how distributions want vulnerabilities reported.
func TestContacts(t *testing.T) {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	in := fstest.MapFS{
		"Foo-Bar-1.3/META.json":   file(`{"name":"Foo-Bar","version":"1.3","meta-spec":{"version":"2"},"resources":{"bugtracker":{"web":"https://example.org/bugs"}}}`),
		"Foo-Bar-1.3/SECURITY.md": file("# Security\n\nWrite to <security@example.org>.\n"),
		"Foo-Bar-1.10.meta":       file(`{"name":"Foo-Bar","version":"1.10","x_security":"old@example.org"}`), // 1.10 is 1.1
		"Acme-Demo-2.0.meta":      file("---\nname: Acme-Demo\nversion: 2.0\nresources:\n  bugtracker: https://example.org/demo\n"),
		"Acme-None-1.meta":        file(`{"name":"Acme-None","version":"1"}`),
		"Other-1.0.meta":          file(`{"x_security":"other@example.org"}`),
		"README":                  file("not metadata"),
	}
	got, err := contacts(t.Context(), in, func(d cpan.Dist) bool { return d != "Other" && d != "README" })
	if err != nil {
		t.Fatal(err)
	}
	want := map[cpan.Dist]index.Security{
		"Foo-Bar":   {Policy: "SECURITY.md", Contact: "mailto:security@example.org", Bugs: "https://example.org/bugs", From: "Foo-Bar-1.3"},
		"Acme-Demo": {Bugs: "https://example.org/demo", From: "Acme-Demo-2.0"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}
