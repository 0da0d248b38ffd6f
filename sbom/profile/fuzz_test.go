package profile_test

import (
	"os"
	"path/filepath"
	"testing"

	"nacre/bom/cyclonedx"
	"nacre/bom/spdx"
	"nacre/sbom/profile"
)

// FuzzParse holds that whatever is taken for a profile can be asked.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("profiles/*.json")
	if err != nil || len(files) == 0 {
		f.Fatal("no profiles")
	}
	for _, name := range files {
		b, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(`{"id":"x","title":"x","checks":[{"id":"a","of":"component","level":"optional","none":["hash:MD5","reference-hash:distribution/SHA-512"]}]}`))
	bill, err := cyclonedx.Read([]byte(seeds[0]))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := profile.Parse(b)
		if err != nil {
			return
		}
		r := profile.Check(bill, p)
		if len(r.Tallies) != len(p.Checks) {
			t.Errorf("%d checks, %d tallies", len(p.Checks), len(r.Tallies))
		}
	})
}

var seeds = []string{
	`{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"component":{"type":"application","bom-ref":"r","name":"a"}},"components":[{"type":"library","bom-ref":"b","name":"Foo-Bar","version":"1","purl":"pkg:cpan/Foo-Bar@1","licenses":[{"expression":"MIT OR"}],"hashes":[{"alg":"MD5","content":"x"}],"components":[{"type":"file","name":"f"}]}],"dependencies":[{"ref":"r","dependsOn":["b","c"]}],"compositions":[{"aggregate":"unknown","dependencies":["b"]}]}`,
	`{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"x","dataLicense":"CC0-1.0","documentNamespace":"https://example.org/x","creationInfo":{"created":"2099-01-01T00:00:00Z","creators":["Tool: x"]},"packages":[{"SPDXID":"SPDXRef-a","name":"Foo-Bar","downloadLocation":"NOASSERTION","licenseDeclared":"NONE"}],"relationships":[{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"},{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}]}`,
}

// FuzzCheck asks all profiles and rules of whatever can be read: every answer is
// counted once, and the gaps are those that are counted.
func FuzzCheck(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	all, err := profile.All()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		bill, err := cyclonedx.Read(b)
		if err != nil {
			if bill, err = spdx.Read(b); err != nil {
				return
			}
		}
		components := 0
		for range bill.All() {
			components++
		}
		for p := range profile.Rules(bill) {
			if p.ID == "" || p.Message == "" {
				t.Errorf("%+v says too little", p)
			}
		}
		for _, p := range all {
			r := profile.Check(bill, p)
			gaps := 0
			for range profile.Gaps(bill, p) {
				gaps++
			}
			for _, n := range r.Tallies {
				of := components
				if n.Rule.Of == "bill" {
					of = 1
				}
				if n.Passed+n.Unknown+n.Redacted+n.Failed != n.Asked || n.Asked+n.Exempt != of {
					t.Errorf("%s %s: %+v of %d", p.ID, n.Rule.ID, n, of)
				}
				gaps -= n.Asked - n.Passed
			}
			if gaps != 0 {
				t.Errorf("%s: %d gaps more than are counted", p.ID, gaps)
			}
		}
	})
}
