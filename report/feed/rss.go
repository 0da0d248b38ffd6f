package feed

import (
	"encoding/xml"
	"html"
	"io"
	"strings"
	"time"
)

type rss struct {
	XMLName xml.Name   `xml:"rss"`
	Version string     `xml:"version,attr"`
	Atom    string     `xml:"xmlns:atom,attr"`
	Channel rssChannel `xml:"channel"`
}

type rssChannel struct {
	Title       string    `xml:"title"`
	Link        string    `xml:"link"`
	Description string    `xml:"description"`
	Language    string    `xml:"language"`
	Built       string    `xml:"lastBuildDate"`
	Docs        string    `xml:"docs"`
	Self        atomLink  `xml:"atom:link"`
	Items       []rssItem `xml:"item"`
}

type rssItem struct {
	Title       string   `xml:"title"`
	Link        string   `xml:"link"`
	Description string   `xml:"description"`
	Categories  []string `xml:"category"`
	GUID        rssGUID  `xml:"guid"`
	Published   string   `xml:"pubDate,omitempty"`
}

type rssGUID struct {
	IsPermaLink bool   `xml:"isPermaLink,attr"`
	ID          string `xml:",chardata"`
}

// WriteRSS writes the feed that is published at an address as RSS. There the text
// of an entry is HTML, so a plain text is made that.
func (f *Feed) WriteRSS(w io.Writer, self string) error {
	out := rss{Version: "2.0", Atom: "http://www.w3.org/2005/Atom", Channel: rssChannel{
		Title: f.Title, Link: f.Home, Description: f.Subtitle, Language: "en", Built: date(f.Updated),
		Docs: "https://www.rssboard.org/rss-specification",
		Self: atomLink{Rel: "self", Type: "application/rss+xml", HRef: self},
	}}
	for _, e := range f.Entries {
		out.Channel.Items = append(out.Channel.Items, rssItem{
			Title: e.Title, Link: e.URL, Description: paragraphs(e.Text), Categories: e.Tags,
			GUID: rssGUID{IsPermaLink: e.ID == e.URL, ID: e.ID}, Published: date(e.Published),
		})
	}
	return writeXML(w, out)
}

// date writes a time as RFC 822 has it, with four digits of the year, "" for none.
func date(t time.Time) string { return format(t, time.RFC1123Z) }

// paragraphs makes HTML of plain text.
func paragraphs(text string) string {
	if text == "" {
		return ""
	}
	text = strings.ReplaceAll(html.EscapeString(text), "\n\n", "</p><p>")
	return "<p>" + strings.ReplaceAll(text, "\n", "<br>") + "</p>"
}
