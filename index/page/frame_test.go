package page

import (
	"html/template"
	"strings"
	"testing"

	"nacre/index"
)

// TestFrame puts a server's page into the shell: its links lead into the index, and
// a title from outside stays text.
func TestFrame(t *testing.T) {
	f := NewFrame(index.DefaultSite())
	b, err := f.Page("scan/index.html", "Findings in "+nasty, nasty, template.HTML(`<h1>Findings</h1><form method="post" enctype="multipart/form-data"><p>none</p></form>`))
	if err != nil {
		t.Fatal(err)
	}
	links := strings.Join(checkPage(t, "scan/index.html", b), " ")
	for _, want := range []string{"assets/style.", "list/dist/index.html#", "scan/index.html#main"} {
		if !strings.Contains(links, want) {
			t.Errorf("the page does not lead to %s: %s", want, links)
		}
	}
	if s := string(b); strings.Contains(s, "<script") || !strings.Contains(s, "<p>none</p>") {
		t.Errorf("the page is %s", s)
	}
}
