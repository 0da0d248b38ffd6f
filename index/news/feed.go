package news

import (
	"bytes"
	"cmp"
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
	"nacre/report/feed"
	"nacre/terminal"
)

// maxEntries is how many advisories a feed has.
const maxEntries = 200

// feeds are the news of the whole index.
func feeds(ctx context.Context, m *index.Model) ([]index.File, error) {
	f := newFeed(m, m.Advisories)
	f.ID, f.Home = m.Site.URL, m.Site.URL
	f.Title, f.Subtitle = plain(m.Site.Title), "The newest advisories about distributions of CPAN."
	var files []index.File
	for _, form := range []struct {
		name  string
		write func(io.Writer, string) error
	}{{"atom", f.WriteAtom}, {"rss", f.WriteRSS}, {"json", f.WriteJSON}} {
		path := "feeds/advisories." + form.name
		file, err := write(m, path, form.write)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, ctx.Err()
}

// distFeed are the news of a distribution.
func distFeed(m *index.Model, d *index.Dist) ([]index.File, error) {
	var all []*index.Advisory
	for _, of := range d.Advisories {
		all = append(all, of.Advisory)
	}
	f := newFeed(m, all)
	folder := "dist/" + string(d.Name) + "/"
	f.Home = m.Site.URL + "dist/" + url.PathEscape(string(d.Name)) + "/"
	f.ID = f.Home
	f.Title, f.Subtitle = string(d.Name)+" - "+plain(m.Site.Title), "Advisories about the distribution "+string(d.Name)+"."
	file, err := write(m, folder+"feed.atom", f.WriteAtom)
	return []index.File{file}, err
}

// write makes a file of a feed.
func write(m *index.Model, path string, form func(io.Writer, string) error) (index.File, error) {
	var b bytes.Buffer
	var w io.Writer = &b
	if strings.HasSuffix(path, ".json") {
		w = terminal.Inert(w)
	}
	if err := form(w, m.Site.URL+path); err != nil {
		return index.File{}, fault.Wrap(fault.Invalid, err, "write %s", path)
	}
	return index.File{Path: path, Data: b.Bytes()}, nil
}

// newFeed makes entries of the newest advisories.
func newFeed(m *index.Model, all []*index.Advisory) *feed.Feed {
	all = slices.Clone(all)
	slices.SortFunc(all, func(a, b *index.Advisory) int {
		return cmp.Or(order(b).Compare(order(a)), cmp.Compare(a.ID.Key(), b.ID.Key()))
	})
	f := &feed.Feed{Author: plain(m.Site.Publisher), Updated: m.Day}
	for i, a := range all[:min(len(all), maxEntries)] {
		e := entry(m, a)
		f.Entries = append(f.Entries, e)
		if i == 0 || e.Updated.After(f.Updated) {
			f.Updated = e.Updated
		}
	}
	return f
}

// entry is the news of an advisory.
func entry(m *index.Model, a *index.Advisory) feed.Entry {
	at := home(m, a)
	e := feed.Entry{ID: at, Title: headline(a), URL: at, Published: day(a), Updated: a.Modified, Text: story(a)}
	if e.Updated.Before(e.Published) {
		e.Updated = e.Published
	}
	for _, of := range a.Dists {
		e.Tags = append(e.Tags, string(of.Dist.Name))
	}
	if a.Severity != advisory.SeverityUnknown {
		e.Tags = append(e.Tags, "severity "+a.Severity.String())
	}
	return e
}

// maxNamed is how many distributions a story tells of; one flaw is in 73.
const maxNamed = 20

// story tells an advisory in paragraphs.
func story(a *index.Advisory) string {
	var all []string
	if a.IsWithdrawn() {
		all = append(all, gone(a))
	} else {
		var lines []string
		for i, of := range a.Dists {
			if i == maxNamed {
				lines = append(lines, "And "+count(len(a.Dists)-i, "more distribution")+".")
				break
			}
			lines = append(lines, string(of.Dist.Name)+": "+affected(of))
		}
		if a.Severity != advisory.SeverityUnknown {
			lines = append(lines, "Severity: "+a.Severity.String()+".")
		}
		all = append(all, strings.Join(lines, "\n"))
	}
	if text, _ := advisory.CleanText(a.Description); text != "" {
		all = append(all, text)
	}
	var ids []string
	for _, id := range a.Aliases {
		ids = append(ids, string(id))
	}
	if ids != nil {
		all = append(all, "Also known as "+strings.Join(ids, ", ")+".")
	}
	return strings.Join(all, "\n\n")
}
