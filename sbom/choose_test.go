package sbom_test

import (
	"context"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/cpan"
	"nacre/meta"
	"nacre/perlver"
	"nacre/release"
	"nacre/sbom"
)

// shelf is a mirror: releases with what they require at run time, as
// "Foo-Bar-1.2": "Own::Part 1, Other 0". A module is of the distribution of its
// name.
type shelf map[string]string

func (s shelf) OwnerOf(m cpan.Module) (cpan.Dist, bool) {
	d := cpan.DistFromModule(m)
	return d, len(s.Releases(d)) > 0
}

func (s shelf) Releases(d cpan.Dist) (out []cpan.Release) {
	for name := range s {
		if r := cpan.ParsePath("A/AU/AUTHOR/" + name + ".tar.gz"); r.Dist == d {
			out = append(out, r)
		}
	}
	return out
}

func (s shelf) Sums(string) (cpan.FileSums, bool) { return cpan.FileSums{}, false }

func (s shelf) Release(_ context.Context, path string) (sbom.Release, error) {
	f := &release.Facts{Meta: &meta.Fields{}, MetaFile: "META.json"}
	for one := range strings.SplitSeq(s[cpan.ParsePath(path).DistVersion()], ", ") {
		if module, text, ok := strings.Cut(one, " "); ok {
			p := meta.NewPrereq(meta.Prereq{Phase: "runtime", Relation: "requires"}, module, text)
			f.Meta.Prereqs = append(f.Meta.Prereqs, p)
		}
	}
	return sbom.Release{Facts: f}, nil
}

// TestChoose resolves a bill that requires Foo::Bar and Acme in ranges by the
// index of a mirror.
func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name      string
		foo, acme string // ranges
		shelf     shelf
		want      string // Dist version, or Dist range
	}{
		{"the newest that is allowed", "vers:cpan/<2", "vers:cpan/*", shelf{"Foo-Bar-1.10": "", "Foo-Bar-1.9": "", "Foo-Bar-2.0": "", "Acme-1": ""}, "Acme 1, Foo-Bar 1.9"},
		{"no developer release", "vers:cpan/*", "vers:cpan/*", shelf{"Foo-Bar-1.10": "", "Foo-Bar-1.20_01": "", "Acme-1": ""}, "Acme 1, Foo-Bar 1.10"},
		{"what that requires", "vers:cpan/*", "vers:cpan/*", shelf{"Foo-Bar-1.10": "Own::Part 1", "Own-Part-1.5": "", "Acme-1": ""}, "Acme 1, Foo-Bar 1.10, Own-Part 1.5"},
		{"a range that narrows a choice", "vers:cpan/*", "vers:cpan/*", shelf{"Foo-Bar-1": "", "Foo-Bar-3": "", "Acme-1": "Foo::Bar < 2"}, "Acme 1, Foo-Bar 1"},
		{"ranges that contradict each other", "vers:cpan/>=3", "vers:cpan/*", shelf{"Foo-Bar-1": "", "Foo-Bar-3": "", "Acme-1": "Foo::Bar < 2"}, "Acme 1, Foo-Bar ?"},
		{"none is allowed", "vers:cpan/>=9", "vers:cpan/*", shelf{"Foo-Bar-1": "", "Acme-1": ""}, "Acme 1, Foo-Bar ?"},
		{"a circle", "vers:cpan/*", "vers:cpan/*", shelf{"Foo-Bar-1": "Acme 0", "Acme-1": "Foo::Bar 0"}, "Acme 1, Foo-Bar 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := &bom.Bill{Components: []*bom.Component{
				{Ref: "foo", Name: "Foo::Bar", Range: c.foo}, {Ref: "acme", Name: "Acme", PURL: "pkg:cpan/Acme", Range: c.acme},
			}}
			inv, err := sbom.Choose(context.Background(), source, c.shelf, "")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, x := range inv.Components {
				version := x.Version
				if version == "" {
					version = "?"
				} else if _, err := perlver.Parse(version); err != nil {
					t.Error(err)
				}
				got = append(got, string(x.Dist)+" "+version)
			}
			if s := strings.Join(got, ", "); s != c.want {
				t.Errorf("chosen %s, want %s", s, c.want)
			}
		})
	}
}
