package page

import (
	"cmp"
	"slices"
	"strings"

	"nacre/index"
)

// distRow is a distribution in the list.
type distRow struct {
	Name, Path string
	Count      int // advisories that stand
	Withdrawn  int
	Latest     string
	Status     string // of the latest release: affected, clean or unknown
	Darkpan    bool
	Unfixed    int // advisories that the latest release is affected by
}

// letter is a part of the alphabet: the distributions that begin with it.
type letter struct {
	Name, ID string
	Path     string // of the page that it begins on
	Dists    []distRow
}

// distLists gives the list of all distributions, by the alphabet.
func (s *shell) distLists(m *index.Model) ([]index.File, error) {
	dists := slices.Clone(m.Dists)
	slices.SortFunc(dists, func(a, b *index.Dist) int {
		return cmp.Or(cmp.Compare(distName(a.Name), distName(b.Name)), cmp.Compare(a.Name, b.Name))
	})
	paths := pagesOf("list/dist", len(dists))
	pages := make([][]letter, len(paths))
	var alphabet []letter
	for i, d := range dists {
		n := i / rowsPerPage
		name := initial(distName(d.Name))
		if len(alphabet) == 0 || alphabet[len(alphabet)-1].Name != name {
			alphabet = append(alphabet, letter{Name: name, ID: "letter-" + name, Path: paths[n]})
		}
		if last := len(pages[n]) - 1; last < 0 || pages[n][last].Name != name {
			pages[n] = append(pages[n], letter{Name: name, ID: "letter-" + name})
		}
		part := &pages[n][len(pages[n])-1]
		part.Dists = append(part.Dists, ofDist(d))
	}
	var files []index.File
	for n, path := range paths {
		f, err := s.file(m.Site, &page{
			Path: path, Title: "Distributions", Here: "distributions", Body: "list-dist.html",
			Data: map[string]any{"at": at(path), "Count": len(dists), "Alphabet": alphabet, "Letters": pages[n], "Pages": pager(paths, n)},
		})
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}

// initial is the letter that a name stands under: a to z as capitals, and "0-9"
// for what begins with anything else.
func initial(name string) string {
	if name != "" && name[0] >= 'a' && name[0] <= 'z' {
		return strings.ToUpper(name[:1])
	}
	return "0-9"
}

// ofDist is a distribution as the list shows it.
func ofDist(d *index.Dist) distRow {
	r := distRow{Name: string(d.Name), Path: distPath(string(d.Name)), Darkpan: d.Darkpan, Status: "clean"}
	if latest := d.LatestRelease(); latest != nil {
		r.Latest = latest.Version
	} else {
		r.Status = "unknown"
	}
	for _, of := range d.Advisories {
		if of.Advisory.IsWithdrawn() {
			r.Withdrawn++
			continue
		}
		r.Count++
		switch {
		case of.Unfixed:
			r.Status = "affected"
			r.Unfixed++
		case r.Status == "clean" && d.Latest >= 0 && !of.Status[d.Latest].IsClean():
			r.Status = "unknown"
		}
	}
	return r
}
