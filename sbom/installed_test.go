package sbom_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/perlver"
	"nacre/sbom"
)

// oneArchive is a mirror that holds one archive, and its entry in CHECKSUMS.
type oneArchive struct{ sha256 string }

func (oneArchive) OwnerOf(cpan.Module) (cpan.Dist, bool) { return "", false }
func (oneArchive) Releases(cpan.Dist) []cpan.Release     { return nil }
func (m oneArchive) Sums(string) (cpan.FileSums, bool) {
	return cpan.FileSums{SHA256: m.sha256}, true
}

func (m oneArchive) Release(context.Context, string) (sbom.Release, error) {
	return sbom.Release{Archive: &sbom.Archive{SHA256: m.sha256}, Sums: &cpan.FileSums{SHA256: m.sha256}}, nil
}

// ofPerl is a mirror whose index has every module in perl.
type ofPerl struct{ oneArchive }

func (ofPerl) OwnerOf(cpan.Module) (cpan.Dist, bool) { return "perl", true }

// TestRequiredOfPerl holds that the range of a module that only perl has is not
// taken for one of perl's versions.
func TestRequiredOfPerl(t *testing.T) {
	atLeast, err := perlver.ParseRequirement("1.80")
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory.Inventory{Components: []inventory.Component{{
		Kind: inventory.Required, Dist: "B", Guessed: true, Modules: []cpan.Module{"B"}, Requirement: &atLeast,
	}}}
	b, err := sbom.Make(context.Background(), sbom.Input{Inventory: &inv, Name: "acme", Mirror: ofPerl{}},
		sbom.Options{Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true})
	if err != nil || len(b.Components) != 1 {
		t.Fatal(b, err)
	}
	if c := b.Components[0]; c.Name != "B" || c.PURL != "" || c.Range != "vers:cpan/>=1.80" {
		t.Errorf("%s %s %s", c.Name, c.PURL, c.Range)
	}
}

// TestInstalledIsNoArchive holds that the digest of a release's archive is told of
// the download alone where the release is installed: nobody compared the files.
func TestInstalledIsNoArchive(t *testing.T) {
	fsys := fstest.MapFS{
		"lib/perl5/Foo/Bar.pm": {Data: []byte("package Foo::Bar; our $VERSION = '1.20'; 1;")},
		"lib/perl5/.meta/Foo-Bar-1.20/install.json": {Data: []byte(`{"name":"Foo::Bar","version":"1.20","dist":"Foo-Bar-1.20",
"pathname":"A/AU/AUTHOR/Foo-Bar-1.20.tar.gz","target":"Foo::Bar","provides":{"Foo::Bar":{"file":"lib/Foo/Bar.pm","version":"1.20"}}}`)},
	}
	inv, err := all.Read(context.Background(), fsys, all.Options{})
	if err != nil {
		t.Fatal(err)
	}
	digest := strings.Repeat("ab", 32)
	b, err := sbom.Make(context.Background(), sbom.Input{Inventory: &inv, FS: fsys, Name: "acme", Mirror: oneArchive{digest}},
		sbom.Options{Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true, NoPerl: true})
	if err != nil || len(b.Components) != 1 {
		t.Fatal(b, err)
	}
	c := b.Components[0]
	if len(c.Hashes) > 0 || c.Origin("hashes").From != "" || c.File.Name != "" || c.File.Archive != "" {
		t.Errorf("digests %v from %v, file %+v", c.Hashes, c.Origin("hashes"), c.File)
	}
	for _, id := range c.Evidence.Identity {
		if id.Field == "hash" {
			t.Errorf("it is told by a digest: %+v", id)
		}
	}
	for _, r := range c.References {
		if r.Type == "distribution" && (len(r.Hashes) != 1 || r.Hashes[0].Value != digest) {
			t.Errorf("the download has %v", r.Hashes)
		}
	}
	if !strings.Contains(strings.Join(c.Unknown, " "), "hashes") {
		t.Errorf("unknown are %q", c.Unknown)
	}
}
