package page

import (
	"context"

	"nacre/advisory"
	"nacre/index"
)

// moved is what the page of another name of an advisory tells.
type moved struct {
	From, To advisory.ID
	Path     string // of To
	Title    string
	Former   bool // From was an advisory of its own
}

// moved gives a page to each id of CPANSA that is an alias, and to each id that an
// advisory had in an earlier build, so that a link to it goes on working when the
// advisory gets a CVE, or becomes part of another one.
func (s *shell) moved(_ context.Context, m *index.Model) ([]index.File, error) {
	var files []index.File
	made := map[string]bool{}
	add := func(from advisory.ID, to *index.Advisory, former bool) error {
		made[from.Key()] = true
		p := &page{
			Path: advisoryPath(from), Title: string(from), Here: "advisories", Refresh: advisoryPath(to.ID),
			Body: "moved.html", Data: moved{from, to.ID, at(advisoryPath(from)).To(advisoryPath(to.ID)), to.Title, former},
		}
		f, err := s.file(m.Site, p)
		files = append(files, f)
		return err
	}
	for i := range m.Renamed { // these first: their other files have their spelling
		r := &m.Renamed[i]
		if to := m.ByID(r.To); to != nil {
			if err := add(r.ID, to, true); err != nil {
				return nil, err
			}
		}
	}
	for _, a := range m.Advisories {
		for _, alias := range a.Aliases {
			if !alias.IsCPANSA() || made[alias.Key()] || m.ByID(alias) != a || !index.IsFileName(string(alias)) {
				continue
			}
			if err := add(alias, a, false); err != nil {
				return nil, err
			}
		}
	}
	return files, nil
}
