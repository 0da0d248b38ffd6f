package page

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
)

// idsOn are the texts of the links of a class on a page, in order.
func idsOn(t *testing.T, all map[string][]byte, name string) []string {
	t.Helper()
	data, ok := all[name]
	if !ok {
		t.Fatalf("no page %s", name)
	}
	doc, err := html.Parse(strings.NewReader(string(data)))
	if err != nil {
		t.Fatal(err)
	}
	var ids []string
	walk(doc, func(n *html.Node) {
		if n.Data == "a" && attr(n, "class") == "id" {
			ids = append(ids, text(n))
		}
	})
	return ids
}

// TestLists holds who is on which list, and in which order.
func TestLists(t *testing.T) {
	all := files(t, world(t))
	for _, test := range []struct{ page, ids string }{
		{"list/all/index.html", "CVE-2099-0008 CVE-2099-0007 GHSA-2345-6789-cfgh CVE-2099-0004 CVE-2099-0005 CPANSA-Acme-Often-2023-01 CVE-2099-0001 CVE-2099-0002 CVE-2099-0003 CVE-2099-0006"},
		{"list/year/2026/index.html", "CVE-2099-0008 CVE-2099-0007 GHSA-2345-6789-cfgh"},
		{"list/year/2025/index.html", "CVE-2099-0004 CVE-2099-0005"}, // by the day of the report, and of publishing
		{"list/year/undated/index.html", "CVE-2099-0006"},
		{"list/severity/critical/index.html", "CVE-2099-0002"},
		{"list/severity/unknown/index.html", "GHSA-2345-6789-cfgh CVE-2099-0004 CVE-2099-0006"},
		{"list/latest/affected/index.html", "CVE-2099-0007 CVE-2099-0005 CVE-2099-0002"},
		{"list/latest/withdrawn/index.html", "CVE-2099-0004"},
		{"list/cwe/CWE-22/index.html", "CVE-2099-0001"},
		{"list/cwe/CWE-59/index.html", "CVE-2099-0001"},
		{"list/cwe/none/index.html", "CVE-2099-0007 GHSA-2345-6789-cfgh CVE-2099-0004 CPANSA-Acme-Often-2023-01 CVE-2099-0006"},
	} {
		if got := strings.Join(idsOn(t, all, test.page), " "); got != test.ids {
			t.Errorf("%s has\n%s, want\n%s", test.page, got, test.ids)
		}
	}
}

// TestState says where an advisory stands.
func TestState(t *testing.T) {
	m := world(t)
	for id, want := range map[advisory.ID]string{
		"CVE-2099-0001":       "clean",     // mended
		"CVE-2099-0002":       "affected",  // the latest release is
		"CVE-2099-0003":       "clean",     // in both distributions
		"CVE-2099-0004":       "withdrawn", // whatever its range says
		"CVE-2099-0005":       "affected",  // and fixed, which contradicts it
		"CVE-2099-0006":       "unknown",   // its range cannot be read
		"GHSA-2345-6789-cfgh": "unknown",   // no release is known
	} {
		if got := state(m.ByID(id)); got != want {
			t.Errorf("%s is %s, want %s", id, got, want)
		}
	}
}

// long is a model of so many advisories, each on a distribution of its own.
func long(n int) *index.Model {
	m := &index.Model{Site: index.DefaultSite(), Day: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), State: &index.State{}}
	for i := range n {
		d := &index.Dist{Name: cpan.Dist(fmt.Sprintf("%c-Demo-%05d", 'A'+i%26, i)), Latest: -1}
		a := &index.Advisory{Record: &advisory.Record{
			ID: advisory.ID(fmt.Sprintf("CVE-2099-%05d", i)), Published: advisory.DateOf(m.Day.AddDate(0, 0, -i)),
			Title: fmt.Sprintf("Demo number %d of %x for Perl does what nobody would have thought of %x", i, i*7919, i*104729),
		}}
		of := &index.Affected{Advisory: a, Dist: d}
		a.Dists, d.Advisories = []*index.Affected{of}, []*index.Affected{of}
		m.Advisories, m.Dists = append(m.Advisories, a), append(m.Dists, d)
	}
	return m
}

// TestLongLists are on several pages: each advisory once, no page too large, and
// each page links to all others.
func TestLongLists(t *testing.T) {
	const n = 2*rowsPerPage + 1
	m := long(n)
	made, err := newShell().lists(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]byte{}
	for _, f := range made {
		all[f.Path] = f.Data
		if len(f.Data) > 300_000 {
			t.Errorf("%s has %d bytes", f.Path, len(f.Data))
		}
	}
	pages := []string{"list/all/index.html", "list/all/2/index.html", "list/all/3/index.html"}
	var ids []string
	for _, p := range pages {
		ids = append(ids, idsOn(t, all, p)...)
		for _, to := range pages {
			if !strings.Contains(string(all[p]), `href="`+at(p).To(to)+`"`) {
				t.Errorf("%s does not lead to %s", p, to)
			}
		}
	}
	if len(ids) != n || !slices.IsSorted(ids) {
		t.Errorf("%d of %d advisories, in order: %v", len(ids), n, slices.IsSorted(ids))
	}
	if !strings.Contains(string(all[pages[1]]), `href="../../../advisory/CVE-2099-00400/index.html"`) {
		t.Error("the second page does not lead to its first advisory")
	}
	for _, to := range []string{`href="../../list/dist/index.html#letter-A"`, `href="../../list/dist/2/index.html#letter-N"`, `href="../../list/dist/2/index.html#letter-Z"`} {
		if !strings.Contains(string(all["list/dist/index.html"]), to) {
			t.Errorf("the alphabet has no %s", to)
		}
	}
}

// TestNoFolderOutside makes no folder of what is no weakness.
func TestNoFolderOutside(t *testing.T) {
	m := long(1)
	m.Advisories[0].CWEs = []string{"../../../evil", `CWE-1"><b>`, "CWE-79 Improper", "CWE-79"}
	made, err := newShell().lists(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	var folders []string
	for _, f := range made {
		if strings.HasPrefix(f.Path, "list/cwe/") {
			folders = append(folders, f.Path)
		}
	}
	slices.Sort(folders)
	if want := []string{"list/cwe/CWE-79/index.html", "list/cwe/index.html"}; !slices.Equal(folders, want) {
		t.Errorf("the files are %q, want %q", folders, want)
	}
}

// TestYears has the newest year first, and last what has none.
func TestYears(t *testing.T) {
	g := &grouped{years: map[string][]int{"1999": nil, "undated": nil, "2026": nil, "2007": nil}}
	var got []string
	for _, link := range g.overviews()[0].Links {
		got = append(got, link.Name)
	}
	if want := []string{"2026", "2007", "1999", "undated"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
