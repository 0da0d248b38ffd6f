package output

import (
	"encoding/xml"
	"io"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit/document"
	"nacre/scan"
)

// htmlElements are all that a page may consist of, with their attributes.
var htmlElements = map[string][]string{
	"html": {"lang"}, "head": nil, "title": nil, "style": nil,
	"meta": {"charset", "name", "http-equiv", "content"},
	"body": nil, "header": {"class"}, "nav": {"aria-label"}, "main": {"id"}, "footer": nil,
	"section": {"id", "aria-labelledby"}, "article": {"class"}, "div": {"class"}, "details": nil, "summary": nil,
	"h1": nil, "h2": {"id"}, "h3": nil, "h4": nil,
	"p": {"class"}, "ul": {"class"}, "ol": nil, "li": nil, "dl": {"class"}, "dt": nil, "dd": nil,
	"span": {"class", "aria-hidden"}, "strong": {"class"}, "b": nil, "i": {"class"}, "code": nil,
	"pre": nil, "a": {"class", "href", "rel"},
	"figure": {"class"}, "figcaption": {"id"}, "svg": {"viewBox", "preserveAspectRatio", "role", "aria-labelledby"},
	"rect": {"class", "x", "width", "height"},
}

// checkHTML holds that a page is made of nothing else, that every element is
// closed where it should be, and that links lead to the web or into the page.
func checkHTML(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	text, ok := strings.CutPrefix(string(b), "<!DOCTYPE html>\n")
	if !ok {
		t.Errorf("no doctype: %.40s", b)
	}
	d := xml.NewDecoder(strings.NewReader(text))
	d.AutoClose = []string{"meta"}
	d.Strict = false
	depth, styles := 0, 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		switch e := token.(type) {
		case xml.StartElement:
			depth++
			allowed, known := htmlElements[e.Name.Local]
			if !known {
				t.Errorf("an element %s", e.Name.Local)
			}
			if e.Name.Local == "style" {
				styles++
			}
			for _, a := range e.Attr {
				if !slices.Contains(allowed, a.Name.Local) {
					t.Errorf("an attribute %s of %s", a.Name.Local, e.Name.Local)
				}
				if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "#") && !strings.HasPrefix(a.Value, "https://") && !strings.HasPrefix(a.Value, "http://") {
					t.Errorf("a link to %s", a.Value)
				}
			}
		case xml.EndElement:
			depth--
		case xml.Comment, xml.Directive, xml.ProcInst:
			t.Errorf("%v", e)
		}
	}
	if depth != 0 || styles != 1 || !strings.HasSuffix(text, "</html>\n") {
		t.Errorf("%d elements are open, there are %d styles", depth, styles)
	}
}

// TestHTMLOrder holds what comes first: what it comes to, what to do, and what is
// wrong, the worst on top.
func TestHTMLOrder(t *testing.T) {
	page := string(print(t, "html", Options{}, recording(t, "everything.jsonl")))
	at := 0
	for _, want := range []string{
		`<h1>petshop</h1>`, `5 known vulnerabilities`, `role="img"`, `1 critical,`, `The answer is partial.`,
		`What to do</h2>`, `<strong class="good">1.3</strong>`, `+requires &#39;Foo::Bar&#39;, &#39;&gt;= 1.3&#39;;`, `blocked`,
		`Findings`, `Foo-Bar 1.29`, `CVE-2099-0001`, `unrated`, `Pets-Core 1.10`, `Acme-Demo v2.0.1`,
		`petshop &gt; Web-Pets@3.4 &gt; Pets-Template-Engine@0.0071 &gt; Acme-Demo@v2.0.1`,
		`Admits vulnerable versions`, `Could not be judged`, `Ignored`, `Known before`, `Notices`, `What was looked at`,
	} {
		found := strings.Index(page[at:], strings.ReplaceAll(want, "</h2>", ""))
		if found < 0 {
			t.Fatalf("no %q behind %.60q in\n%s", want, page[max(0, at-60):], page)
		}
		at += found
	}
}

// TestHTMLGroupsBySource holds that what the maker of a package may have mended
// stands together, by source package.
func TestHTMLGroupsBySource(t *testing.T) {
	page := string(print(t, "html", Options{}, reachedAndPackaged()))
	if n := strings.Count(page, "<h3>perl 5.36.0-7+deb12u1 "); n != 1 {
		t.Errorf("%d blocks of the source package perl:\n%s", n, page)
	}
}

// TestNoBarOfNothing holds that a page without a finding has no bar, and says that
// it is well.
func TestNoBarOfNothing(t *testing.T) {
	page := string(print(t, "html", Options{}, []scan.Message{{Config: &scan.Config{}}, {Summary: &scan.Summary{Components: 3}}}))
	checkHTML(t, []byte(page))
	if strings.Contains(page, "<svg") || !strings.Contains(page, `class="top good"`) {
		t.Error(page)
	}
}

func FuzzHTML(f *testing.F) { fuzz(f, "html") }
