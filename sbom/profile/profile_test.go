package profile_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/sbom/profile"
)

// TestProfiles holds that every profile of the program can be read, found by
// its names, and printed in a table.
func TestProfiles(t *testing.T) {
	all, err := profile.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for _, name := range append([]string{p.ID}, p.Aliases...) {
			if found, err := profile.Find(name); err != nil || found.ID != p.ID {
				t.Errorf("%s: not found by the name %s", p.ID, name)
			}
		}
		for _, text := range []string{p.Title, p.Note} {
			if strings.Contains(strings.ToLower(text), "compli") {
				t.Errorf("%s: nothing here says that anybody complies: %s", p.ID, text)
			}
		}
		for _, c := range p.Checks {
			if len(c.Title) > 34 || c.How == "" || len(c.Paths) != 3 {
				t.Errorf("%s %s: a title of at most 34, how to mend it, and three paths are needed", p.ID, c.ID)
			}
			if c.Level == profile.Required && c.Attribute == "" && c.Of == "component" {
				t.Errorf("%s %s: no attribute that could be declared unknown", p.ID, c.ID)
			}
		}
	}
	if _, err := profile.Find("none such"); err == nil {
		t.Error("found a profile that is not there")
	}
}

func TestParseRefuses(t *testing.T) {
	head := `{"id":"x","version":"1","date":"2099","title":"x","source":"x","checks":[`
	ok := `{"id":"a","title":"a","of":"component","level":"required","any":["name"],"how":"h"}`
	if _, err := profile.Parse([]byte(head + ok + `]}`)); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		``:                             "EOF",
		head + ok + `]}{}`:             "text after its end",
		head + `]}`:                    "checks are needed",
		head + ok + `,` + ok + `]}`:    "is there twice",
		head + `null]}`:                "has no id",
		head + `{"id":"a","code":1}]}`: "unknown field",
		head + strings.Replace(ok, "required", "asked", 1) + `]}`:           "is none of required",
		head + strings.Replace(ok, "component", "all", 1) + `]}`:            "neither bill nor component",
		head + strings.Replace(ok, `["name"]`, `[]`, 1) + `]}`:              "asks for nothing",
		head + strings.Replace(ok, `"name"`, `"nam"`, 1) + `]}`:             "no field is called",
		head + strings.Replace(ok, `"name"`, `"name:x"`, 1) + `]}`:          "too much",
		head + strings.Replace(ok, `"name"`, `"reference"`, 1) + `]}`:       "missing",
		head + strings.Replace(ok, `"any"`, `"on":["odd"],"any"`, 1) + `]}`: "no class",
	} {
		if _, err := profile.Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s\nerror %v, want %q", text, err, want)
		}
	}
}

// TestStates shows what each state of one check comes from.
func TestStates(t *testing.T) {
	for _, c := range []struct {
		what, profile, check string
		on                   bom.Component
		want                 profile.State
	}{
		{"stated", "ntia", "version", bom.Component{Version: "1.2"}, profile.Pass},
		{"nobody looked", "ntia", "version", bom.Component{}, profile.Fail},
		{"looked for", "ntia", "version", bom.Component{Unknown: []string{"version"}}, profile.Unknown},
		{"taken out", "ntia", "version", bom.Component{Redacted: []string{"version"}}, profile.Redacted},
		{"SPDX's word", "ntia", "version", bom.Component{Version: "NOASSERTION"}, profile.Unknown},
		{"a range", "ntia", "version", bom.Component{Range: "vers:cpan/>=1"}, profile.Unknown},
		{"blanks", "ntia", "version", bom.Component{Version: "  "}, profile.Fail},
		{"another attribute is unknown", "ntia", "version", bom.Component{Unknown: []string{"purl"}}, profile.Fail},
		{"a file", "ntia", "version", bom.Component{Type: "file"}, profile.NotApplicable},

		{"expression", "bsi", "license", bom.Component{Licenses: []bom.License{{Expression: "MIT OR GPL-2.0-only", Claim: bom.Concluded}}}, profile.Pass},
		{"claim not stated", "bsi", "license", bom.Component{Licenses: []bom.License{{ID: "MIT"}}}, profile.Pass},
		{"declared only", "bsi", "license", bom.Component{Licenses: []bom.License{{ID: "MIT", Claim: bom.Declared}}}, profile.Unknown},
		{"free text", "bsi", "license", bom.Component{Licenses: []bom.License{{Name: "free for all"}}}, profile.Fail},
		{"free text beside an id", "bsi", "license", bom.Component{Licenses: []bom.License{{ID: "MIT"}, {Name: "free for all"}}}, profile.Fail},
		{"reference", "bsi", "license", bom.Component{Licenses: []bom.License{{Name: "LicenseRef-scancode-acme"}}}, profile.Pass},
		{"NOASSERTION is no licence", "bsi", "license", bom.Component{Licenses: []bom.License{{Expression: "NOASSERTION"}}}, profile.Fail},
		{"NOASSERTION elsewhere", "cisa", "license", bom.Component{Licenses: []bom.License{{Expression: "NOASSERTION"}}}, profile.Unknown},
		{"free text elsewhere", "cisa", "license", bom.Component{Licenses: []bom.License{{Name: "free for all"}}}, profile.Pass},

		{"SHA-512 of the download", "bsi", "hash", bom.Component{References: []bom.Reference{{Type: "distribution", URL: "https://example.org/x", Hashes: hashes("SHA-512", "00")}}}, profile.Pass},
		{"SHA-256 of the download", "bsi", "hash", bom.Component{References: []bom.Reference{{Type: "distribution", URL: "https://example.org/x", Hashes: hashes("SHA-256", "00")}}}, profile.Fail},
		{"SHA-512 elsewhere", "bsi", "hash", bom.Component{Hashes: hashes("SHA-512", "00")}, profile.Fail},
		{"SHA-512 elsewhere, and no download is known", "bsi", "hash", bom.Component{Hashes: hashes("SHA-512", "00"), Unknown: []string{"distribution"}}, profile.Unknown},
		{"SHA-256 where it counts", "cisa", "hash", bom.Component{Hashes: hashes("SHA-256", "00")}, profile.Pass},
		{"no bytes to be had", "bsi", "hash", bom.Component{Unknown: []string{"hashes"}}, profile.Unknown},
		{"needed, not delivered", "bsi", "hash", bom.Component{External: true}, profile.NotApplicable},
		{"described elsewhere", "bsi", "hash", bom.Component{References: []bom.Reference{{Type: "bom", URL: "https://example.org/b"}}}, profile.NotApplicable},
		{"no file of its own", "bsi", "hash", bom.Component{Type: "framework", Parts: []*bom.Component{{Ref: "part", Type: "file"}}}, profile.NotApplicable},

		{"a name", "bsi", "component-creator", bom.Component{Manufacturer: &bom.Party{Name: "Acme"}}, profile.Fail},
		{"an author's name, and no maker is known", "bsi", "component-creator", bom.Component{Authors: []bom.Party{{Name: "A. U. Thor"}}, Unknown: []string{"manufacturer"}}, profile.Unknown},
		{"a mail address", "bsi", "component-creator", bom.Component{Manufacturer: &bom.Party{Name: "Acme", Contacts: []bom.Party{{Email: "a@example.org"}}}}, profile.Pass},
		{"an odd word", "bsi", "archive", bom.Component{File: bom.File{Archive: "yes"}}, profile.Fail},
		{"BSI's word", "bsi", "archive", bom.Component{File: bom.File{Archive: "no archive"}}, profile.Pass},
	} {
		on := c.on
		on.Ref = "x"
		if on.Type == "" {
			on.Type = "library"
		}
		p, err := profile.Find(c.profile)
		if err != nil {
			t.Fatal(err)
		}
		r := profile.Check(&bom.Bill{Components: []*bom.Component{&on}}, p)
		i := slices.IndexFunc(r.Tallies, func(t profile.Tally) bool { return t.Rule.ID == c.check })
		got, n := profile.NotApplicable, &r.Tallies[i]
		switch {
		case n.Passed > 0:
			got = profile.Pass
		case n.Failed > 0:
			got = profile.Fail
		case n.Unknown > 0:
			got = profile.Unknown
		case n.Redacted > 0:
			got = profile.Redacted
		}
		if got != c.want {
			t.Errorf("%s: %s of %s is %s, want %s", c.what, c.check, c.profile, got, c.want)
		}
	}
}

// TestGrade tells a pass, a pass with declared unknowns and a failure apart.
func TestGrade(t *testing.T) {
	bill := func() *bom.Bill {
		c := &bom.Component{
			Ref: "a", Type: "library", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2",
			Supplier: &bom.Party{Name: "AUTHOR"},
		}
		return &bom.Bill{
			Format: bom.Format{Name: "CycloneDX", Version: "1.6", Encoding: "json"}, Created: "2099-01-02T03:04:05Z",
			Authors: []bom.Party{{Name: "Acme"}}, Components: []*bom.Component{c},
			Root:  &bom.Component{Ref: "r", Type: "application", Name: "acme", Version: "1", CPE: "cpe:2.3:a:acme:acme:1:*:*:*:*:*:*:*", Supplier: &bom.Party{Name: "Acme"}},
			Edges: []bom.Edge{{From: "r", To: "a"}},
		}
	}
	p, err := profile.Find("ntia")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		change func(*bom.Bill)
		want   string
	}{
		{func(*bom.Bill) {}, "pass 100, 2 of 2 components: "},
		{func(b *bom.Bill) {
			b.Components[0].Supplier = nil
			b.Components[0].SetUnknown("supplier")
		}, "pass-with-declared-unknowns 92, 1 of 2 components: /a/supplier unknown"},
		{func(b *bom.Bill) { b.Components[0].Supplier = nil }, "fail 92, 1 of 2 components: /a/supplier fail"},
		{func(b *bom.Bill) { b.Created = "" }, "fail 92, 2 of 2 components: /metadata/timestamp fail"},
		{func(b *bom.Bill) {
			b.Created = ""
			b.Properties = []bom.Property{{Name: "cpan:unknown", Value: "authors, timestamp"}}
		}, "pass-with-declared-unknowns 92, 2 of 2 components: /metadata/timestamp unknown"},
	} {
		b := bill()
		c.change(b)
		r := profile.Check(b, p)
		got := fmt.Sprintf("%s %d, %d of %d components: ", r.Grade, r.Score, r.Sound, r.Components)
		for g := range profile.Gaps(b, p) {
			if g.Rule.Level == profile.Required {
				got += g.Pointer + " " + string(g.State)
			}
		}
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestCreator holds that who states an author is not worse off than who states
// nobody: the maker's contact, which TR-03183-2 asks for, is declared unknown by
// both.
func TestCreator(t *testing.T) {
	p, err := profile.Find("bsi")
	if err != nil {
		t.Fatal(err)
	}
	author := bom.Party{Name: "Ann Author", Email: "ann@example.org"}
	unknown := []bom.Property{{Name: "cpan:unknown", Value: "manufacturer"}}
	for _, c := range []struct {
		what string
		bill bom.Bill
		want string
	}{
		{"nobody, declared", bom.Bill{Properties: unknown}, "unknown"},
		{"an author, declared", bom.Bill{Properties: unknown, Authors: []bom.Party{author}}, "unknown"},
		{"an author", bom.Bill{Authors: []bom.Party{author}}, "fail"},
		{"a maker", bom.Bill{Manufacturer: &author}, ""},
	} {
		c.bill.Format = bom.Format{Name: "CycloneDX", Version: "1.6", Encoding: "json"}
		got := ""
		for g := range profile.Gaps(&c.bill, p) {
			if g.Rule.ID == "creator" {
				got = string(g.State)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.what, got, c.want)
		}
	}
}

// TestGate holds that nothing else is asked of a format that is refused.
func TestGate(t *testing.T) {
	p, err := profile.Find("bsi")
	if err != nil {
		t.Fatal(err)
	}
	for version, want := range map[string]int{"1.5": 1, "1.6": 0, "1.10": 0} {
		b := &bom.Bill{Format: bom.Format{Name: "CycloneDX", Version: version}, Root: &bom.Component{Ref: "r"}}
		r := profile.Check(b, p)
		if r.Tallies[0].Failed != want || (r.Tallies[1].Exempt == 1) != (want == 1) {
			t.Errorf("CycloneDX %s: %+v, then %+v", version, r.Tallies[0], r.Tallies[1])
		}
	}
}
