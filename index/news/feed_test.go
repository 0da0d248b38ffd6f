package news

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"nacre/internal/testkit"
)

// atom is what a reader takes out of a feed.
type atom struct {
	XMLName xml.Name   `xml:"http://www.w3.org/2005/Atom feed"`
	ID      string     `xml:"id"`
	Title   string     `xml:"title"`
	Updated string     `xml:"updated"`
	Author  string     `xml:"author>name"`
	Links   []atomLink `xml:"link"`
	Entries []struct {
		ID        string     `xml:"id"`
		Title     string     `xml:"title"`
		Published string     `xml:"published"`
		Updated   string     `xml:"updated"`
		Links     []atomLink `xml:"link"`
		Content   string     `xml:"content"`
	} `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	HRef string `xml:"href,attr"`
}

// checkAtom holds a feed to what RFC 4287 says MUST be (4.1.1, 4.1.2, 4.2.6).
func checkAtom(t *testing.T, name string, b []byte) atom {
	t.Helper()
	var f atom
	if err := xml.Unmarshal(b, &f); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	isURI := func(what, s string) {
		if u, err := url.Parse(s); err != nil || !u.IsAbs() || u.String() != s {
			t.Errorf("%s: %s %q is no address", name, what, s)
		}
	}
	isTime := func(what, s string) time.Time {
		when, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Errorf("%s: %s: %v", name, what, err)
		}
		return when
	}
	isURI("id", f.ID)
	newest := isTime("updated", f.Updated)
	if f.Title == "" || f.Author == "" {
		t.Errorf("%s: title %q, author %q", name, f.Title, f.Author)
	}
	if self := slices.IndexFunc(f.Links, func(l atomLink) bool { return l.Rel == "self" }); self < 0 || f.Links[self].HRef != "https://advisories.example/"+name {
		t.Errorf("%s: links %v", name, f.Links)
	}
	ids := map[string]bool{f.ID: true}
	latest := time.Time{}
	for _, e := range f.Entries {
		isURI("entry's id", e.ID)
		if ids[e.ID] {
			t.Errorf("%s: %s is there twice", name, e.ID)
		}
		ids[e.ID] = true
		when := isTime("updated", e.Updated)
		if when.After(latest) {
			latest = when
		}
		if e.Published != "" && isTime("published", e.Published).After(when) {
			t.Errorf("%s: %s is published after its last change", name, e.ID)
		}
		if e.Title == "" || len(e.Links) != 1 || e.Links[0].Rel != "alternate" {
			t.Errorf("%s: %s has the title %q and links %v", name, e.ID, e.Title, e.Links)
		}
		isURI("link", e.Links[0].HRef)
	}
	if len(f.Entries) > 0 && !latest.Equal(newest) {
		t.Errorf("%s: updated %v, and its entries %v", name, newest, latest)
	}
	return f
}

// many are n advisories, one a day, two of which say nothing of their day.
func many(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf(`{"id": "CVE-2098-%04d", "title": "number %d", "severity": "low", "published": %q, "affected": [{"dist": "Foo-Bar"}]}`,
			i, i, time.Date(2098, 1, 1+i, 0, 0, 0, 0, time.UTC).Format("2006-01-02")))
	}
	all = append(all, `{"id": "CPANSA-Foo-Bar-2001-01", "title": "old", "severity": "low", "affected": [{"dist": "Foo-Bar"}]}`,
		`{"id": "CPANSA-Foo-Bar-1", "title": "seen today", "severity": "low", "affected": [{"dist": "Foo-Bar"}]}`)
	return "[" + strings.Join(all, ",") + "]"
}

func TestFeedOrder(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		n           int
		first, last string
		entries     int
	}{
		{0, "CPANSA-Foo-Bar-1", "CPANSA-Foo-Bar-2001-01", 2},
		{3, "CPANSA-Foo-Bar-1", "CPANSA-Foo-Bar-2001-01", 5},
		{250, "CPANSA-Foo-Bar-1", "CVE-2098-0051", 200},
	} {
		m := model(t, many(c.n), nil)
		all := files(t, m)
		for _, name := range []string{"feeds/advisories.atom", "dist/Foo-Bar/feed.atom"} {
			f := checkAtom(t, name, all[name])
			if len(f.Entries) != c.entries {
				t.Errorf("%s of %d has %d entries, want %d", name, c.n, len(f.Entries), c.entries)
				continue
			}
			for at, want := range map[int]string{0: c.first, c.entries - 1: c.last} {
				if id := "https://advisories.example/advisory/" + want + "/"; f.Entries[at].ID != id {
					t.Errorf("%s of %d: entry %d is %s, want %s", name, c.n, at, f.Entries[at].ID, id)
				}
			}
			if c.n == 250 && f.Entries[1].ID != "https://advisories.example/advisory/CVE-2098-0249/" {
				t.Errorf("%s: the newest is %s", name, f.Entries[1].ID)
			}
		}
	}
}

// TestFeedOfNothing holds that an index without advisories has feeds.
func TestFeedOfNothing(t *testing.T) {
	t.Parallel()
	f := checkAtom(t, "feeds/advisories.atom", files(t, model(t, "[]", nil))["feeds/advisories.atom"])
	if len(f.Entries) != 0 {
		t.Errorf("%v", f)
	}
}

// TestFeedHostile holds that what a source writes is text in a feed, and nothing else.
func TestFeedHostile(t *testing.T) {
	t.Parallel()
	hostile := "]]><script>alert(1)</script> \u202egpj.exe\x07 \x1b[31m\u2028 <!--"
	title, _ := json.Marshal(hostile)
	m := model(t, `[{"id": "CVE-2099-0001", "title": `+string(title)+`, "description": `+string(title)+`, "severity": "low",
		"published": "2099-01-01", "affected": [{"dist": "Foo-Bar"}]}]`, nil)
	for name, b := range files(t, m) {
		wrong := "\u202e\x07\x1b"
		if i := strings.IndexAny(string(b), wrong); i >= 0 {
			t.Errorf("%s has %+q", name, b[i:])
		}
		isMarkup := !strings.HasSuffix(name, ".txt") && !strings.HasSuffix(name, ".json")
		if isMarkup && (strings.Contains(string(b), "<script") || strings.Contains(string(b), "]]>")) {
			t.Errorf("%s has markup of the source: %s", name, b)
		}
	}
	f := checkAtom(t, "feeds/advisories.atom", files(t, m)["feeds/advisories.atom"])
	if want := "CVE-2099-0001: ]]><script>alert(1)</script> gpj.exe [31m <!--"; f.Entries[0].Title != want {
		t.Errorf("title %+q", f.Entries[0].Title)
	}
}

// readFeed prints what Debian's XML::Feed makes of feeds.
const readFeed = `
use strict; use warnings; use XML::Feed; use JSON::PP;
for my $file (@ARGV) {
	my $feed = XML::Feed->parse($file) or die "$file: ", XML::Feed->errstr;
	print JSON::PP->new->canonical->encode({
		format => $feed->format, title => $feed->title, link => $feed->link,
		entries => [map +{
			title => $_->title, link => $_->link, id => $_->id,
			issued => $_->issued && $_->issued->ymd, tags => [sort $_->category], body => $_->content->body,
		}, $feed->entries],
	}), "\n";
}
`

// TestFeedReaders lets XML::Feed and xmllint read the feeds of the real data.
func TestFeedReaders(t *testing.T) {
	t.Parallel()
	perl := testkit.NeedPerl(t, "XML::Feed", "JSON::PP")
	xmllint := testkit.Need(t, "xmllint")
	m := realModel(t)
	all := files(t, m)
	dir := t.TempDir()
	var paths []string
	for _, name := range []string{"feeds/advisories.atom", "feeds/advisories.rss", "dist/perl/feed.atom"} {
		path := filepath.Join(dir, strings.ReplaceAll(name, "/", "_"))
		if err := os.WriteFile(path, all[name], 0o666); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	if said, err := exec.Command(xmllint, append([]string{"--noout", "--nonet"}, paths...)...).CombinedOutput(); err != nil || len(said) > 0 {
		t.Errorf("xmllint: %v %s", err, said)
	}
	said, err := exec.Command(perl, append([]string{"-e", readFeed}, paths...)...).Output()
	if err != nil {
		t.Fatalf("XML::Feed: %v", err)
	}
	want := newFeed(m, m.Advisories).Entries
	if len(want) != maxEntries {
		t.Fatalf("%d entries", len(want))
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	for i, format := range []string{"Atom", "RSS 2.0", "Atom"} {
		var got struct {
			Format, Title, Link string
			Entries             []struct {
				Title, Link, ID, Issued, Body string
				Tags                          []string
			}
		}
		if err := json.Unmarshal([]byte(lines[i]), &got); err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(got.Format, format) || len(got.Entries) == 0 {
			t.Errorf("%s: %s with %d entries", paths[i], got.Format, len(got.Entries))
		}
		if i == 2 {
			continue
		}
		if got.Title != m.Site.Title || got.Link != m.Site.URL || len(got.Entries) != len(want) {
			t.Errorf("%s: %q at %s with %d entries", format, got.Title, got.Link, len(got.Entries))
		}
		for j, e := range got.Entries {
			w := want[j]
			day := ""
			if !w.Published.IsZero() {
				day = w.Published.Format("2006-01-02")
			}
			slices.Sort(w.Tags)
			if e.ID != w.ID || e.Link != w.URL || e.Title != w.Title || e.Issued != day || !slices.Equal(e.Tags, w.Tags) {
				t.Errorf("%s: %+v\nwant %+v", format, e, w)
			}
			if format == "Atom" && strings.TrimSpace(e.Body) != strings.TrimSpace(w.Text) {
				t.Errorf("%s: %q\nwant %q", format, e.Body, w.Text)
			}
		}
	}
}

// TestFeedsAgainstRealData holds every feed to the rules, and the JSON one to its
// own.
func TestFeedsAgainstRealData(t *testing.T) {
	t.Parallel()
	all := files(t, realModel(t))
	feeds := 0
	for name, b := range all {
		if strings.HasSuffix(name, ".atom") {
			checkAtom(t, name, b)
			feeds++
		}
	}
	var doc struct {
		Version, Title string
		Items          []struct {
			ID, URL, Title string
			Text           *string   `json:"content_text"`
			Modified       time.Time `json:"date_modified"`
		}
	}
	if err := json.Unmarshal(all["feeds/advisories.json"], &doc); err != nil || doc.Version != "https://jsonfeed.org/version/1.1" || doc.Title == "" || len(doc.Items) != maxEntries {
		t.Errorf("%v: %s %q with %d items", err, doc.Version, doc.Title, len(doc.Items))
	}
	for _, i := range doc.Items {
		if i.ID == "" || i.Text == nil || i.Title == "" || i.Modified.IsZero() {
			t.Errorf("%+v", i)
		}
	}
	t.Logf("%d feeds", feeds)
}
