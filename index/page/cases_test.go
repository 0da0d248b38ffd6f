package page

import (
	"bytes"
	"encoding/json"
	"errors"
	"io/fs"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/index"
	"nacre/internal/testkit"
)

// TestCases holds what pages say: each case is a built index of CPANSA and CVE
// records, the pages to make of them, and these as text.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2099, 2, 3, 4, 5, 6, 0, time.UTC)}
		var batches []advisory.Batch
		var pages []string
		for _, f := range ar.Files {
			switch f.Name {
			case "cpan-security-advisory.json":
				b, err := cpansa.ReadJSON(bytes.NewReader(f.Data))
				if err != nil {
					t.Fatal(err)
				}
				batches = append(batches, b)
			case "security.json":
				if err := json.Unmarshal(f.Data, &in.Security); err != nil {
					t.Fatal(err)
				}
			case "pages":
				pages = strings.Fields(string(f.Data))
			}
		}
		fsys, err := txtar.FS(ar)
		if err != nil {
			t.Fatal(err)
		}
		if records, err := fs.Sub(fsys, "cve"); err == nil {
			b, err := cve.ReadFS(records)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				t.Fatal(err)
			}
			batches = append(batches, b)
		}
		in.Set, in.Ledger = merge.Merge(batches)
		for _, s := range in.Set.Sources {
			in.Sources = append(in.Sources, index.Health{Name: s.Name, Time: s.Time, Licence: s.Licence, Attribution: s.Attribution})
		}
		m, err := index.New(in)
		if err != nil {
			t.Fatal(err)
		}
		all := files(t, m)
		var said strings.Builder
		for _, name := range pages {
			doc, err := html.Parse(bytes.NewReader(all[name]))
			if err != nil {
				t.Fatal(err)
			}
			said.WriteString("== " + name + " ==\n")
			for _, main := range find(doc, "main") {
				outline(&said, main)
			}
		}
		return said.String()
	})
}

// outline writes an element as text: # before headings, - before items, | between
// cells, and <> around what a drawing says of itself.
func outline(b *strings.Builder, n *html.Node) {
	line := func(before string) {
		if s := text(n); s != "" {
			b.WriteString(before + s + "\n")
		}
	}
	switch n.DataAtom {
	case atom.H1:
		line("# ")
	case atom.H2:
		line("## ")
	case atom.H3:
		line("### ")
	case atom.P, atom.Caption, atom.Summary, atom.Pre, atom.Figcaption:
		line("")
	case atom.Li:
		line("- ")
	case atom.Svg:
		for _, d := range find(n, "desc") {
			b.WriteString("<" + text(d) + ">\n")
		}
	case atom.Tr:
		var cells []string
		for _, c := range elements(n) {
			cells = append(cells, text(c))
		}
		b.WriteString(strings.Join(cells, " | ") + "\n")
	case atom.Dt:
		b.WriteString(text(n) + ": ")
	case atom.Dd:
		var parts []string
		for _, li := range find(n, "li") {
			parts = append(parts, text(li))
		}
		if parts == nil {
			parts = []string{text(n)}
		}
		b.WriteString(strings.Join(parts, "; ") + "\n")
	default:
		if c := attr(n, "class"); c == "marks" {
			line("")
			return
		}
		for _, c := range elements(n) {
			outline(b, c)
		}
	}
}
