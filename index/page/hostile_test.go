package page

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
)

// TestHostile shows texts that want to be markup, in every place that a source or
// a site may fill, as the texts that they are.
func TestHostile(t *testing.T) {
	day := advisory.DateOf(time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC))
	r := advisory.Record{
		ID: "CVE-2099-0001", Aliases: []advisory.ID{`<b>"alias`}, Title: "title " + nasty, Description: "text " + nasty,
		CVSS: []advisory.CVSS{{Version: nasty, Vector: nasty}}, CWEs: []string{`CWE-1"><b>`}, Reported: day,
		References: []advisory.Reference{
			{Kind: "FIX", URL: "javascript:alert(1)"},
			{Kind: "WEB", URL: "https://example.org/\"onclick=alert(1)//<b>"},
			{Kind: "WEB", URL: "https://user@example.org/"},
			{Kind: "WEB", URL: "data:text/html,<script>alert(1)</script>"},
			{Kind: "WEB", URL: "//example.org/"},
		},
		Affected: []advisory.Affected{{
			Dist: "Foo-Bar", Modules: []cpan.Module{cpan.Module("m" + nasty)}, Files: []string{"f" + nasty}, Routines: []string{"r" + nasty},
			Library: &advisory.Library{Name: nasty, Affected: []string{nasty}, Bundled: []advisory.Bundled{{Releases: nasty, Version: nasty}}},
			Statements: []advisory.Statement{
				{Source: 0, Entry: nasty, CPANSA: &advisory.CPANSA{Affected: []string{"<2"}, Fixed: []string{nasty}}},
				{Source: 7, Entry: nasty, CPANSA: &advisory.CPANSA{Affected: []string{nasty}}},
			},
		}},
		Sources: []advisory.Source{{Name: nasty, ID: nasty, Licence: nasty, Attribution: nasty}},
	}
	gone := r
	gone.ID, gone.Aliases, gone.Withdrawn, gone.WithdrawnReason = "CVE-2099-0002", nil, day, nasty
	site := index.DefaultSite()
	site.Title, site.Publisher, site.Contact = nasty, nasty, "javascript:alert(1)"
	site.URL = "https://example.org/%22%3E%3Cscript%3E/"
	m, err := index.New(index.Input{
		Site: site, Now: day.Time(),
		Set: advisory.Set{
			Records: []advisory.Record{r, gone},
			Releases: map[cpan.Dist][]advisory.Known{"Foo-Bar": {
				{Version: "1.0"}, {Version: "1.1", Perl: nasty}, {Version: nasty},
			}},
			Main: map[cpan.Dist]cpan.Module{"Foo-Bar": cpan.Module(nasty)},
		},
		Ledger: merge.Ledger{
			Entries:        []merge.Entry{{Source: nasty, Where: nasty, Native: nasty, Records: []advisory.ID{r.ID}, Warnings: []string{nasty}}},
			Contradictions: []merge.Contradiction{{Kind: merge.Overlap, Dist: "Foo-Bar", Record: r.ID, Text: nasty}},
		},
		Sources:  []index.Health{{Name: nasty, Licence: nasty, Attribution: nasty, Commit: nasty}},
		Security: map[cpan.Dist]index.Security{"Foo-Bar": {Policy: "javascript:alert(1)", Contact: "a@b.c?subject=<b>", Bugs: nasty, From: nasty}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range files(t, m) {
		if !strings.HasSuffix(name, ".html") {
			continue
		}
		checkPage(t, name, b)
		doc, err := html.Parse(strings.NewReader(string(b)))
		if err != nil {
			t.Fatal(err)
		}
		walk(doc, func(n *html.Node) {
			if n.Data == "b" || n.Data == "script" && !strings.Contains(attr(n, "src"), "assets/") {
				t.Errorf("%s: a text became the element %s", name, n.Data)
			}
		})
		if _, dropped := advisory.CleanText(string(b)); dropped > 0 {
			t.Errorf("%s has %d characters that no page should have", name, dropped)
		}
		if name == advisoryPath(r.ID) && strings.Count(text(doc), "<script>alert(1)</script>") < 20 {
			t.Errorf("%s leaves texts out: %s", name, text(doc))
		}
	}
}
