package vex

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html"
	"io"
	"slices"
	"strings"
	"time"

	"nacre/fault"
	"nacre/index"
	"nacre/report/csaf"
	"nacre/terminal"
)

// provider gives the files that say where the documents are.
func provider(ctx context.Context, m *index.Model) ([]index.File, error) {
	all := listed(m)
	var newest time.Time
	if len(all) > 0 {
		newest = all[0].current
	}
	metadata, err := encode(csaf.Provider{
		URL: m.Site.URL + "csaf/provider-metadata.json",
		// The feed is not named: gocsaf's programs, which are the ones in use, pass over
		// every entry of a feed that has no signature, and then ask for nothing else.
		Places:  []csaf.Place{{Directory: m.Site.URL + folder}},
		Updated: stamp(newest), List: true, Version: "2.0", Mirror: true,
		Publisher: publisher(m.Site), Role: "csaf_provider",
	})
	if err != nil {
		return nil, err
	}
	feed, err := encode(rolie(m, all, newest))
	if err != nil {
		return nil, err
	}
	files := []index.File{
		{Path: "csaf/provider-metadata.json", Data: metadata},
		{Path: ".well-known/csaf/provider-metadata.json", Data: metadata},
		{Path: folder + "feed.json", Data: feed},
		{Path: folder + "changes.csv", Data: changes(all)},
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Compare(a.name, b.name) })
	files = append(files, index.File{Path: folder + "index.txt", Data: names(all)})
	kept, err := renamedFiles(m)
	if err != nil {
		return nil, err
	}
	return append(append(files, kept...), listings(all)...), ctx.Err()
}

// place is where a document is.
type place struct {
	*index.Advisory
	name    string // below folder
	current time.Time
}

// listed are the places of all documents, what changed last first.
func listed(m *index.Model) []place {
	all := make([]place, 0, len(m.Advisories)+len(m.Renamed))
	for _, a := range m.Advisories {
		all = append(all, place{a, csafName(a), current(a)})
	}
	for i := range m.Renamed {
		a := former(&m.Renamed[i])
		all = append(all, place{a, csafName(a), current(a)})
	}
	slices.SortFunc(all, func(a, b place) int { return cmp.Or(b.current.Compare(a.current), cmp.Compare(a.name, b.name)) })
	return all
}

func encode(doc interface{ Write(w io.Writer) error }) ([]byte, error) {
	var b bytes.Buffer
	if err := doc.Write(terminal.Inert(&b)); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "write the list of CSAF documents")
	}
	return b.Bytes(), nil
}

// rolie lists the documents by RFC 8322.
func rolie(m *index.Model, all []place, newest time.Time) csaf.Feed {
	self := func(path string) csaf.Link { return csaf.Link{Rel: "self", HRef: m.Site.URL + folder + path} }
	feed := csaf.Feed{
		ID: "csaf-feed-tlp-white", Title: m.Site.Title, Links: []csaf.Link{self("feed.json")},
		Category: csaf.ListsCSAF(), Updated: stamp(newest), Entries: make([]csaf.Entry, len(all)),
	}
	for i, p := range all {
		feed.Entries[i] = csaf.Entry{
			ID: trackingID(p.Advisory), Title: title(p.Advisory),
			Links: []csaf.Link{
				self(p.name),
				{Rel: "hash", HRef: m.Site.URL + folder + p.name + ".sha256"},
				{Rel: "hash", HRef: m.Site.URL + folder + p.name + ".sha512"},
			},
			Published: stamp(initial(p.Advisory)), Updated: stamp(p.current),
			Content: csaf.Content{Src: m.Site.URL + folder + p.name, Type: "application/json"},
			Format:  csaf.Schema20(),
		}
	}
	return feed
}

// changes lists the documents with the date of each (7.1.13).
func changes(all []place) []byte {
	var b []byte
	for _, p := range all {
		b = fmt.Appendf(b, "\"%s\",\"%s\"\n", p.name, stamp(p.current))
	}
	return b
}

// names lists the documents (7.1.12).
func names(all []place) []byte {
	var b []byte
	for _, p := range all {
		b = append(append(b, p.name...), '\n')
	}
	return b
}

// listings are the folders as pages, which the standard asks of a host of pages
// that does not make them by itself (7.1.14).
func listings(all []place) []index.File {
	var years, inYear []string
	var files []index.File
	for i, p := range all {
		year, file, _ := strings.Cut(p.name, "/")
		inYear = append(inYear, file, file+".sha256", file+".sha512")
		if i+1 == len(all) || !strings.HasPrefix(all[i+1].name, year+"/") {
			files = append(files, index.File{Path: folder + year + "/index.html", Data: listing("CSAF documents of "+year, append([]string{"../"}, inYear...))})
			years, inYear = append(years, year+"/"), nil
		}
	}
	links := append([]string{"../provider-metadata.json", "feed.json", "changes.csv", "index.txt"}, years...)
	return append(files, index.File{Path: folder + "index.html", Data: listing("CSAF documents", links)})
}

// listing is a page of links and nothing else.
func listing(heading string, links []string) []byte {
	b := fmt.Appendf(nil, `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<title>%[1]s</title>
</head>
<body>
<main>
<h1>%[1]s</h1>
<ul>
`, html.EscapeString(heading))
	for _, l := range links {
		b = fmt.Appendf(b, "<li><a href=\"%[1]s\">%[1]s</a></li>\n", html.EscapeString(l))
	}
	return append(b, "</ul>\n</main>\n</body>\n</html>\n"...)
}
