package profile_test

import (
	"strings"
	"testing"

	"nacre/bom"
	"nacre/jsondoc"
	"nacre/sbom/profile"
)

// TestRules has for each rule a bill that breaks it, and nothing else.
func TestRules(t *testing.T) {
	sha := strings.Repeat("ab", 32)
	other := strings.Repeat("cd", 32)
	for _, c := range []struct {
		what   string
		change func(b *bom.Bill, c *bom.Component)
		want   string
	}{
		{"sound", func(*bom.Bill, *bom.Component) {}, ""},
		{"ref twice", func(b *bom.Bill, _ *bom.Component) {
			b.Components = append(b.Components, &bom.Component{Ref: "a", Name: "Other"})
		}, "R01 error /a"},
		{"edge to nothing", func(b *bom.Bill, _ *bom.Component) { b.Edges = append(b.Edges, bom.Edge{From: "r", To: "gone"}) }, "R02 error /dependencies"},
		{"edge out of the document", func(b *bom.Bill, _ *bom.Component) {
			b.Edges = append(b.Edges, bom.Edge{From: "r", To: "urn:cdx:6bff6e5e-1dbb-4a2b-8a3e-0f7b2b6b8f10/1#x"})
		}, ""},
		{"composition about nothing", func(b *bom.Bill, _ *bom.Component) {
			b.Compositions = []bom.Composition{{Aggregate: "complete", Dependencies: []string{"gone"}}}
		}, "R03 error /compositions/0/dependencies"},
		{"within itself", func(_ *bom.Bill, c *bom.Component) {
			c.Parts = []*bom.Component{{Ref: "p", Name: "Part", Parts: []*bom.Component{{Ref: "q", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2"}}}}
		}, "R04 error /q, R14 note /q/purl"},
		{"compositions that disagree", func(b *bom.Bill, _ *bom.Component) {
			b.Compositions = []bom.Composition{{Aggregate: "complete", Dependencies: []string{"a"}}, {Aggregate: "unknown", Dependencies: []string{"a"}, Assemblies: []string{"a"}}}
		}, "R05 error /compositions/1/dependencies"},
		{"needs itself", func(b *bom.Bill, _ *bom.Component) { b.Edges = append(b.Edges, bom.Edge{From: "a", To: "a"}) }, "R07 error /dependencies"},
		{"licence that is none", func(_ *bom.Bill, c *bom.Component) { c.Licenses = []bom.License{{Expression: "MIT OR"}} }, "R08 error /a/licenses/0"},
		{"licence of no list", func(_ *bom.Bill, c *bom.Component) { c.Licenses = []bom.License{{ID: "Perl"}} }, "R08 error /a/licenses/0"},
		{"deprecated licence", func(_ *bom.Bill, c *bom.Component) { c.Licenses = []bom.License{{ID: "GPL-2.0"}} }, "R08 warning /a/licenses/0"},
		{"expression as a name", func(_ *bom.Bill, c *bom.Component) { c.Licenses = []bom.License{{Name: "MIT OR Zlib"}} }, "R08 warning /a/licenses/0"},
		{"SPDX's word in CycloneDX", func(_ *bom.Bill, c *bom.Component) { c.Licenses = []bom.License{{Expression: "NONE"}} }, "R08 error /a/licenses/0"},
		{"the same in SPDX", func(b *bom.Bill, c *bom.Component) {
			b.Format = bom.Format{Name: "SPDX", Version: "2.3"}
			c.Licenses = []bom.License{{Expression: "NONE"}}
		}, ""},
		{"expression beside an id", func(_ *bom.Bill, c *bom.Component) {
			c.Licenses = []bom.License{{Expression: "MIT OR Zlib"}, {ID: "MIT"}}
		}, "R09 error /a/licenses"},
		{"the same in 1.7", func(b *bom.Bill, c *bom.Component) {
			b.Format.Version = "1.7"
			c.Licenses = []bom.License{{Expression: "MIT OR Zlib"}, {ID: "MIT"}}
		}, ""},
		{"no time", func(b *bom.Bill, _ *bom.Component) { b.Created = "yesterday" }, "R10 error "},
		{"no day", func(_ *bom.Bill, c *bom.Component) { c.Released = "2099-02-30" }, "R10 error /a"},
		{"version and range", func(_ *bom.Bill, c *bom.Component) { c.External, c.Range = true, "vers:cpan/>=1" }, "R11 error /a/versionRange"},
		{"range of what is shipped", func(_ *bom.Bill, c *bom.Component) {
			c.Version, c.Range, c.Raw = "", "vers:cpan/>=1", jsondoc.Object()
			c.Raw.SetString("versionRange", c.Range)
		}, "R11 error /a/versionRange"},
		{"range in a property", func(_ *bom.Bill, c *bom.Component) { c.Version, c.Range = "", "vers:cpan/>=1" }, ""},
		{"range that cannot be read", func(_ *bom.Bill, c *bom.Component) {
			c.Version, c.External, c.Range = "", true, "vers:cpan/>=1.2|<1.10"
		}, "R11 error /a/versionRange"},
		{"root is external", func(b *bom.Bill, _ *bom.Component) { b.Root.External = true }, "R11 error /r/isExternal"},
		{"external for tests", func(_ *bom.Bill, c *bom.Component) { c.External, c.Scope = true, bom.Excluded }, "R11 warning /a/isExternal"},
		{"digest too short", func(_ *bom.Bill, c *bom.Component) { c.Hashes = hashes("SHA-256", "ab") }, "R12 error /a/hashes/0"},
		{"digest of no algorithm", func(_ *bom.Bill, c *bom.Component) { c.Hashes = hashes("CRC-8", "ab") }, "R12 warning /a/hashes/0"},
		{"digest that is none", func(_ *bom.Bill, c *bom.Component) {
			c.References = []bom.Reference{{Type: "distribution", URL: "x", Hashes: hashes("MD5", "?")}}
		}, "R12 error /a/externalReferences/0/hashes/0"},
		{"other bytes", func(b *bom.Bill, c *bom.Component) {
			c.Hashes = hashes("SHA-256", sha)
			d := *c
			d.Ref, d.Hashes = "b", hashes("SHA-256", other)
			b.Components = append(b.Components, &d)
		}, "R13 error /b/hashes"},
		{"twice", func(b *bom.Bill, c *bom.Component) {
			d := *c
			d.Ref = "b"
			b.Components = append(b.Components, &d)
		}, "R14 note /b/purl"},
		{"unknown, and there", func(_ *bom.Bill, c *bom.Component) { c.SetUnknown("version") }, "R15 warning /a"},
		{"name with version", func(_ *bom.Bill, c *bom.Component) { c.Name, c.PURL = "Foo-Bar-1.2", "" }, "R16 warning /a/name"},
		{"another version", func(_ *bom.Bill, c *bom.Component) { c.Version = "1.20" }, "R16 warning /a/version"},
		{"another name", func(_ *bom.Bill, c *bom.Component) { c.Name = "Foo::Bar" }, "R16 warning /a/name"},
		{"signed", func(b *bom.Bill, _ *bom.Component) { b.Signed = true }, "R17 note /signature"},
		{"module's name", func(_ *bom.Bill, c *bom.Component) { c.PURL = "pkg:cpan/Foo::Bar@1.2" }, "P01 error /a/purl"},
	} {
		t.Run(c.what, func(t *testing.T) {
			b := &bom.Bill{
				Format: bom.Format{Name: "CycloneDX", Version: "1.6"}, Created: "2099-01-02T03:04:05Z",
				Root:       &bom.Component{Ref: "r", Name: "acme"},
				Components: []*bom.Component{{Ref: "a", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2"}},
				Edges:      []bom.Edge{{From: "r", To: "a"}},
			}
			c.change(b, b.Components[0])
			var got []string
			for p := range profile.Rules(b) {
				got = append(got, p.ID+" "+string(p.Level)+" "+p.Pointer)
				if p.Message == "" || p.How == "" && p.ID[0] == 'R' {
					t.Errorf("%s says too little", p.ID)
				}
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func hashes(algorithm, value string) []bom.Hash {
	return []bom.Hash{{Algorithm: algorithm, Value: value}}
}
