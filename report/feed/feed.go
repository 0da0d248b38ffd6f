// Package feed is a list of news in the three forms that readers of feeds know:
// Atom, RSS 2.0 and JSON Feed 1.1.
//
//	f := feed.Feed{
//		ID: "https://advisories.example/", Title: "CPAN advisories", Home: "https://advisories.example/",
//		Author: "Acme", Updated: day, Entries: []feed.Entry{{
//			ID: "https://advisories.example/advisory/CVE-2099-0001/", Title: "CVE-2099-0001: Foo::Bar follows links",
//			URL: "https://advisories.example/advisory/CVE-2099-0001/", Published: day, Updated: day,
//			Text: "Foo-Bar: <1.3 is affected, fixed in 1.3.\n\nFoo::Bar follows links.",
//		}},
//	}
//	err := f.WriteAtom(w, "https://advisories.example/feeds/advisories.atom")
//
// Texts are plain: what looks like markup is text, in each form. A blank line
// parts paragraphs.
//
// Promised: any text gives a document that is well formed, and the same feed the
// same bytes; what XML cannot say is replaced by U+FFFD. A feed that keeps the
// rules stated at the fields is valid by the three standards. Not promised: what
// the forms have besides; nothing is read.
//
// Sources: RFC 4287; the RSS 2.0 Specification of the RSS Advisory Board and its
// Best Practices Profile; JSON Feed Version 1.1; RFC 3339 and RFC 822 for dates.
package feed

import "time"

// Feed is a list of news.
type Feed struct {
	ID       string // a URI that stays whatever else changes
	Title    string // not empty
	Subtitle string // what it is about; RSS asks for it
	Home     string // the page that it is the news of
	Author   string // who answers for it; not empty
	Updated  time.Time
	Entries  []Entry // the newest first; no two have the same ID
}

// Entry is one piece of news.
type Entry struct {
	ID        string    // a URI that stays whatever else changes
	Title     string    // not empty
	URL       string    // its page
	Published time.Time // zero where it is not known
	Updated   time.Time // not before Published
	Text      string
	Tags      []string
}
