package page

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
	"nacre/terminal"
)

// The page of search, and the file that its script looks through: every advisory,
// the newest first, in rows whose columns are
//
//	{"schema": "nacre.index.search/1",
//	 "dists": [["Foo-Bar", "Foo::Bar", 2, 1, "Foo::Bar::Baz Foo::Bar::Qux"], …],
//	 "advisories": [["CVE-2099-0001", ["CPANSA-Foo-Bar-2099-01"], [0], "2021-03-05",
//	   "Foo::Bar before 1.3 …", "high", "clean", "1.3"], …]}
//
// name, main module, how many advisories stand about it, by how many its latest
// release is affected, and its other modules; and id, aliases, places in dists, day, title, severity,
// what the latest release is, and what it is fixed in. The format is that of the
// script beside it, and changes with it.
const (
	searchPath  = "search/index.html"
	searchIndex = "assets/search.json"
)

// What a browser has to fetch is bounded by how much of a title is shown, and how
// many modules of a distribution can be asked for.
const (
	searchTitle   = 160
	searchModules = 500
)

// search gives the page of search and what it looks through.
func (s *shell) search(_ context.Context, m *index.Model) ([]index.File, error) {
	f, err := s.file(m.Site, &page{
		Path: searchPath, Title: "Search", Here: "search", Body: "search.html", Script: "search.js",
		Data: map[string]any{"at": at(searchPath)},
	})
	if err != nil {
		return nil, err
	}
	data, err := searchData(m)
	if err != nil {
		return nil, err
	}
	return []index.File{f, {Path: searchIndex, Data: data, Pack: true}}, nil
}

// searchData makes the file that the script looks through, one row a line.
func searchData(m *index.Model) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(`{"schema":"nacre.index.search/1","dists":[`)
	places := make(map[cpan.Dist]int, len(m.Dists))
	for i, d := range m.Dists {
		places[d.Name] = i
		of := ofDist(d)
		if err := searchRow(&b, i, d.Name, d.Main, of.Count, of.Unfixed, otherModules(d)); err != nil {
			return nil, err
		}
	}
	b.WriteString(`],"advisories":[`)
	for n, i := range newest(m) {
		a := m.Advisories[i]
		of := make([]int, len(a.Dists))
		for j, d := range a.Dists {
			of[j] = places[d.Dist.Name]
		}
		aliases := a.Aliases
		if aliases == nil {
			aliases = []advisory.ID{}
		}
		r := rowOf(a)
		if err := searchRow(&b, n, r.ID, aliases, of, r.Date, terminal.Cut(r.Title, searchTitle), r.Severity, r.Status, r.Fixed); err != nil {
			return nil, err
		}
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

// otherModules are those of a distribution but its main one, with blanks between.
func otherModules(d *index.Dist) string {
	names := make([]string, 0, len(d.Modules))
	for _, m := range d.Modules[:min(len(d.Modules), searchModules)] {
		if m != d.Main {
			names = append(names, string(m))
		}
	}
	return strings.Join(names, " ")
}

// searchRow writes one row.
func searchRow(b *bytes.Buffer, n int, columns ...any) error {
	row, err := json.Marshal(columns)
	if err != nil {
		return err
	}
	if n > 0 {
		b.WriteByte(',')
	}
	b.WriteByte('\n')
	b.Write(row)
	return nil
}
