package page

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
	"nacre/terminal"
)

// rowsPerPage keeps a page of a list below some 250 KB.
const rowsPerPage = 400

// list is a list of advisories, on as many pages as it takes.
type list struct {
	Folder string   // "list/year/2020"
	Title  string   // "Advisories of 2020"
	Text   string   // a sentence below the title; may be empty
	Up     listLink // the list of such lists
	rows   []int    // numbers of advisories in the model, in order
}

// listLink is a link to a file of the index.
type listLink struct {
	Name, Path string
	Count      int    // of what it leads to
	Text       string // what else there is to say
}

// rowData is what the template of a row is given, and what search finds.
type rowData struct {
	at
	ID       advisory.ID
	Path     string
	Date     string // "2020-07-30"
	Title    string
	Dists    []listLink
	More     int // distributions that are not among Dists
	Severity advisory.Severity
	Status   string // as by state
	Fixed    string // the release that a source names as the fix
}

// dated is the day that an advisory is listed under: that on which it was
// published, or else reported; zero where no source states one.
func dated(a *index.Advisory) advisory.Date {
	if !a.Published.IsZero() {
		return a.Published
	}
	return a.Reported
}

// year is that of dated, "" where no source states a day.
func year(a *index.Advisory) string {
	s := dated(a).String()
	return s[:min(len(s), 4)]
}

// state says in a word where an advisory stands: withdrawn; affected, where the
// latest release of a distribution is; clean, where that of each is known to be
// not; and unknown.
func state(a *index.Advisory) string {
	if a.IsWithdrawn() {
		return "withdrawn"
	}
	word := "clean"
	for _, of := range a.Dists {
		switch latest := of.Dist.Latest; {
		case of.Unfixed:
			return "affected"
		case latest < 0 || !of.Status[latest].IsClean():
			word = "unknown"
		}
	}
	if len(a.Dists) == 0 {
		return "unknown"
	}
	return word
}

// titleOf is an advisory's title, or what stands for one.
func titleOf(a *index.Advisory) string {
	title, _ := advisory.CleanText(a.Title)
	if title == "" {
		return "No title is stated"
	}
	return terminal.Cut(title, 240)
}

// rowOf is an advisory in a list.
func rowOf(a *index.Advisory) rowData {
	r := rowData{
		ID: a.ID, Path: advisoryPath(a.ID), Date: dated(a).String(), Title: titleOf(a),
		Severity: a.Severity, Status: state(a),
	}
	for _, of := range a.Dists[:min(len(a.Dists), 4)] {
		r.Dists = append(r.Dists, listLink{Name: string(of.Dist.Name), Path: distPath(string(of.Dist.Name))})
	}
	r.More = len(a.Dists) - len(r.Dists)
	if len(a.Dists) == 1 {
		if fixNamed(a.Dists[0]) {
			r.Fixed = a.Dists[0].Fixed
		}
	}
	return r
}

// lists gives all lists.
func (s *shell) lists(_ context.Context, m *index.Model) ([]index.File, error) {
	rows, err := s.rows(m)
	if err != nil {
		return nil, err
	}
	var files []index.File
	g := group(m)
	ways := g.overviews()
	lists := []list{{
		Folder: "list/all", Title: "All advisories", Text: "The newest first, withdrawn ones too.",
		Up: listLink{Name: "Start", Path: "index.html"}, rows: g.all,
	}}
	for _, o := range ways {
		lists = append(lists, o.lists...)
		f, err := s.file(m.Site, &page{
			Path: o.Path(), Title: o.Name, Here: "advisories", Body: "list-overview.html",
			Data: map[string]any{"at": at(o.Path()), "List": o},
		})
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	for i, l := range lists {
		if i > 0 {
			ways = nil // they stand on the first
		}
		pages, err := s.list(m, l, rows, ways)
		if err != nil {
			return nil, err
		}
		files = append(files, pages...)
	}
	dists, err := s.distLists(m)
	return append(files, dists...), err
}

// rows gives the row of each advisory for a page two folders deep. A row is in
// some four lists, and making it is what a list costs.
func (s *shell) rows(m *index.Model) ([]string, error) {
	rows := make([]string, len(m.Advisories))
	var b bytes.Buffer
	for i, a := range m.Advisories {
		b.Reset()
		data := rowOf(a)
		data.at = at(allPath)
		if err := s.templates.ExecuteTemplate(&b, "list-row", data); err != nil {
			return nil, fmt.Errorf("row of %s: %w", a.ID, err)
		}
		rows[i] = b.String()
	}
	return rows, nil
}

// list gives the pages of one list, the first of which leads to ways to look
// through all.
func (s *shell) list(m *index.Model, l list, rows []string, ways []*overview) ([]index.File, error) {
	var files []index.File
	paths := pagesOf(l.Folder, len(l.rows))
	for n, path := range paths {
		part := l.rows[n*rowsPerPage : min((n+1)*rowsPerPage, len(l.rows))]
		var b strings.Builder
		for _, i := range part {
			b.WriteString(rows[i])
		}
		// A quotation mark in a text is escaped, so that this is a link's address.
		deeper := strings.Repeat("../", strings.Count(path, "/")-strings.Count(allPath, "/"))
		made := strings.ReplaceAll(b.String(), `href="../../`, `href="`+deeper+`../../`)
		data := map[string]any{
			"at": at(path), "List": l, "Rows": template.HTML(made), "Count": len(l.rows),
			"Pages": pager(paths, n),
		}
		title := l.Title
		if n > 0 {
			title += ", page " + strconv.Itoa(n+1)
		} else {
			data["Ways"] = ways
		}
		f, err := s.file(m.Site, &page{Path: path, Title: title, Here: "advisories", Body: "list.html", Data: data})
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// pagesOf gives the pages of a list of so many rows: its folder, and numbered
// folders in that. There is one of an empty list too.
func pagesOf(folder string, n int) []string {
	paths := []string{folder + "/index.html"}
	for p := 2; (p-1)*rowsPerPage < n; p++ {
		paths = append(paths, folder+"/"+strconv.Itoa(p)+"/index.html")
	}
	return paths
}

// pageLink leads to one page of a list.
type pageLink struct {
	Name, Path string
	Here       bool
}

// pager gives the links between the pages of a list; none where there is one.
func pager(paths []string, here int) []pageLink {
	if len(paths) < 2 {
		return nil
	}
	links := make([]pageLink, len(paths))
	for i, p := range paths {
		links[i] = pageLink{Name: strconv.Itoa(i + 1), Path: p, Here: i == here}
	}
	return links
}

// newest puts advisories in the order of lists: the newest first, those without a
// day last, and of one day by id.
func newest(m *index.Model) []int {
	order := make([]int, len(m.Advisories))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		return cmp.Compare(dated(m.Advisories[j]).String(), dated(m.Advisories[i]).String())
	})
	return order
}

// distName is the name of a distribution as far as its place in the alphabet.
func distName(d cpan.Dist) string { return strings.ToLower(string(d)) }
