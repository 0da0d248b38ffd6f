package feed_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"golang.org/x/tools/txtar"

	"nacre/internal/testkit"
	"nacre/report/feed"
)

var update = flag.Bool("update", false, "write what the cases give")

// TestForms writes each feed of testdata, which is its entries as JSON, in the
// three forms.
func TestForms(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		f := made("")
		if err := json.Unmarshal(ar.Files[0].Data, &f.Entries); err != nil {
			t.Fatal(err)
		}
		return written(t, &f, f.WriteAtom) + "\n" + written(t, &f, f.WriteRSS) + "\n" + written(t, &f, f.WriteJSON)
	})
}

// made is a feed of one entry with a text in every place.
func made(text string) feed.Feed {
	day := time.Date(2099, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600))
	return feed.Feed{
		ID: "https://advisories.example/", Title: "Advisories" + text, Subtitle: "News" + text, Home: "https://advisories.example/",
		Author: "AUTHOR" + text, Updated: day, Entries: []feed.Entry{{
			ID: "https://advisories.example/1/", URL: "https://advisories.example/1/", Title: "One" + text,
			Published: day, Updated: day, Text: text, Tags: []string{"Foo-Bar" + text},
		}},
	}
}

func written(t testing.TB, f *feed.Feed, write func(io.Writer, string) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, "https://advisories.example/feed"); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readable is a text as a document can have it.
func readable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t' || r == '\n' || r == '\r':
		case r < ' ' || r == 0xfffe || r == 0xffff:
			return utf8.RuneError
		}
		return r
	}, s)
}

// FuzzText holds that any text comes back as it was, in all three forms.
func FuzzText(f *testing.F) {
	for _, seed := range []string{"", "plain", "]]><script>alert(1)</script>", "\x00\x1b[31m\u202e\ufffe", "&amp; &lt;", "a\r\nb\n\nc", "\xff"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		in, want := made(text), readable(text)
		var atom struct {
			Title  string `xml:"title"`
			Author string `xml:"author>name"`
			Entry  struct {
				Title    string `xml:"title"`
				Content  string `xml:"content"`
				Category struct {
					Term string `xml:"term,attr"`
				} `xml:"category"`
			} `xml:"entry"`
		}
		if err := xml.Unmarshal([]byte(written(t, &in, in.WriteAtom)), &atom); err != nil {
			t.Fatal(err)
		}
		if e := atom.Entry; atom.Title != "Advisories"+want || atom.Author != "AUTHOR"+want || e.Title != "One"+want || e.Content != want || e.Category.Term != "Foo-Bar"+want {
			t.Errorf("Atom: %+q of %+q", fmt.Sprint(atom), text)
		}
		var rss struct {
			Channel struct {
				Item struct {
					Title       string `xml:"title"`
					Description string `xml:"description"`
				} `xml:"item"`
			} `xml:"channel"`
		}
		if err := xml.Unmarshal([]byte(written(t, &in, in.WriteRSS)), &rss); err != nil {
			t.Fatal(err)
		}
		item := rss.Channel.Item
		if item.Title != "One"+want {
			t.Errorf("RSS: %+q of %+q", item.Title, text)
		}
		for _, own := range []string{"<p>", "</p>", "<br>"} {
			item.Description = strings.ReplaceAll(item.Description, own, "")
		}
		if strings.ContainsAny(item.Description, "<>") {
			t.Errorf("RSS has markup of the text: %+q", item.Description)
		}
		var doc struct {
			Items []struct {
				Text string `json:"content_text"`
			} `json:"items"`
		}
		if err := json.Unmarshal([]byte(written(t, &in, in.WriteJSON)), &doc); err != nil {
			t.Fatal(err)
		}
		if got := doc.Items[0].Text; got != strings.ToValidUTF8(text, "\ufffd") && utf8.ValidString(text) {
			t.Errorf("JSON: %+q of %+q", got, text)
		}
	})
}
