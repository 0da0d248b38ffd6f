package feed

import (
	"encoding/xml"
	"io"
	"time"
)

type atomFeed struct {
	XMLName  xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Lang     string      `xml:"xml:lang,attr"`
	ID       string      `xml:"id"`
	Title    string      `xml:"title"`
	Subtitle string      `xml:"subtitle,omitempty"`
	Updated  string      `xml:"updated"`
	Links    []atomLink  `xml:"link"`
	Author   string      `xml:"author>name"`
	Entries  []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr"`
	HRef string `xml:"href,attr"`
}

type atomEntry struct {
	ID         string         `xml:"id"`
	Title      string         `xml:"title"`
	Link       atomLink       `xml:"link"`
	Published  string         `xml:"published,omitempty"`
	Updated    string         `xml:"updated"`
	Categories []atomCategory `xml:"category"`
	Content    atomContent    `xml:"content"`
}

type atomCategory struct {
	Term string `xml:"term,attr"`
}

type atomContent struct {
	Type string `xml:"type,attr"`
	Text string `xml:",chardata"`
}

// WriteAtom writes the feed that is published at an address as Atom.
func (f *Feed) WriteAtom(w io.Writer, self string) error {
	out := atomFeed{
		Lang: "en", ID: f.ID, Title: f.Title, Subtitle: f.Subtitle, Updated: stamp(f.Updated), Author: f.Author,
		Links: []atomLink{
			{Rel: "self", Type: "application/atom+xml", HRef: self},
			{Rel: "alternate", Type: "text/html", HRef: f.Home},
		},
	}
	for _, e := range f.Entries {
		entry := atomEntry{
			ID: e.ID, Title: e.Title, Link: atomLink{Rel: "alternate", Type: "text/html", HRef: e.URL},
			Published: stamp(e.Published), Updated: stamp(e.Updated), Content: atomContent{Type: "text", Text: e.Text},
		}
		for _, tag := range e.Tags {
			entry.Categories = append(entry.Categories, atomCategory{Term: tag})
		}
		out.Entries = append(out.Entries, entry)
	}
	return writeXML(w, out)
}

// stamp writes a time as RFC 3339 has it, "" for none.
func stamp(t time.Time) string { return format(t, time.RFC3339) }

func format(t time.Time, layout string) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(layout)
}

func writeXML(w io.Writer, doc any) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", " ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
