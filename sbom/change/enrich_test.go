package change_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/sbom/change"
)

func TestEnrich(t *testing.T) {
	source := func() *bom.Bill {
		c := &bom.Component{
			Ref: "s", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2?author=AUTHOR",
			Licenses: []bom.License{{ID: "MIT"}}, Supplier: &bom.Party{Name: "AUTHOR"}, Description: "bars for foos",
			Hashes:     []bom.Hash{{Algorithm: "SHA-256", Value: "aa"}, {Algorithm: "SHA-512", Value: "bb"}},
			References: []bom.Reference{{Type: "distribution", URL: "https://example.org/Foo-Bar-1.2.tar.gz", Hashes: hashes("SHA-512", "bb")}},
		}
		c.SetOrigin("licenses", bom.Stated, "META.json license")
		return &bom.Bill{Components: []*bom.Component{c}}
	}
	for _, c := range []struct {
		what string
		on   bom.Component
		want string
	}{
		{"nothing known", bom.Component{Unknown: []string{"copyright", "licenses"}}, "description supplier licenses<author-stated META.json license> hashes distribution; unknown [copyright]"},
		{"all stated", bom.Component{
			Description: "something", Licenses: []bom.License{{ID: "MIT"}}, Supplier: &bom.Party{Name: "AUTHOR"},
			Hashes:     source().Components[0].Hashes,
			References: []bom.Reference{{Type: "distribution", URL: "https://example.net/"}},
		}, "; unknown []"},
		{"stated otherwise", bom.Component{
			Description: "something", Licenses: []bom.License{{ID: "Zlib"}}, Supplier: &bom.Party{Name: "Acme Inc"},
			Hashes: hashes("SHA-256", "cc"), References: []bom.Reference{{Type: "distribution", URL: "https://example.org/Foo-Bar-1.2.tar.gz"}},
		}, "; unknown []; not licenses Zlib/MIT, not hashes SHA-256 cc/SHA-256 aa"},
		{"same bytes", bom.Component{
			Description: "something", Licenses: []bom.License{{ID: "MIT"}}, Supplier: &bom.Party{Name: "AUTHOR"},
			Hashes: hashes("SHA-256", "aa"), References: []bom.Reference{{Type: "distribution", URL: "https://example.org/Foo-Bar-1.2.tar.gz"}},
		}, "hashes distribution; unknown []"},
		{"bytes that nothing tells the same", bom.Component{
			Description: "something", Licenses: []bom.License{{ID: "MIT"}}, Supplier: &bom.Party{Name: "AUTHOR"},
			Hashes: hashes("MD5", "aa"), References: []bom.Reference{{Type: "distribution", URL: "https://example.net/"}},
		}, "; unknown []"},
		{"taken out", bom.Component{Redacted: []string{"description", "distribution", "hashes", "licenses", "supplier"}}, "; unknown []"},
		{"not asserted", bom.Component{
			Description: "x", Licenses: []bom.License{{Expression: "NOASSERTION"}}, Supplier: &bom.Party{Name: "NOASSERTION"},
			Redacted: []string{"hashes", "distribution"},
		}, "supplier licenses<author-stated META.json license>; unknown []"},
		{"another version", bom.Component{Version: "1.3"}, "; unknown []"},
	} {
		on := c.on
		on.Ref, on.Name, on.PURL = "x", "Foo-Bar", "pkg:cpan/Foo-Bar@1.2"
		if on.Version == "" {
			on.Version = "1.2"
		}
		b := &bom.Bill{Revision: 1, Components: []*bom.Component{&on}}
		report := change.Enrich(b, source(), "", "")
		var filled, wrong []string
		for _, f := range report.Filled {
			s := f.Field
			if f.From != "" {
				s += fmt.Sprintf("<%s %s>", f.From, f.Detail)
			}
			filled = append(filled, s)
		}
		for _, x := range report.Contradictions {
			wrong = append(wrong, fmt.Sprintf("not %s %s/%s", x.Field, x.Stated, x.Found))
		}
		got := fmt.Sprintf("%s; unknown %v", strings.Join(filled, " "), on.Unknown)
		if len(wrong) > 0 {
			got += "; " + strings.Join(wrong, ", ")
		}
		if got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.what, got, c.want)
		}
		if (b.Revision == 2) != (len(filled) > 0) {
			t.Errorf("%s: revision %d", c.what, b.Revision)
		}
	}
}

// TestEnrichOperator holds that what an operator says bears the operator's name.
func TestEnrichOperator(t *testing.T) {
	b := &bom.Bill{Components: []*bom.Component{{Ref: "x", Name: "shop"}}}
	known := &bom.Bill{Components: []*bom.Component{{Ref: "y", Name: "shop", Copyright: "2099 Acme"}}}
	change.Enrich(b, known, bom.Operator, "facts.json")
	if o := b.Components[0].Origin("copyright"); o.From != bom.Operator || o.Detail != "facts.json" {
		t.Errorf("%+v", o)
	}
}
