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
}

// moved gives a page to each id of CPANSA that is an alias, so that a link to it
// goes on working when the advisory gets a CVE, or becomes part of another one.
func (s *shell) moved(_ context.Context, m *index.Model) ([]index.File, error) {
	var files []index.File
	for _, a := range m.Advisories {
		for _, alias := range a.Aliases {
			if !alias.IsCPANSA() || m.ByID(alias) != a || !index.IsFileName(string(alias)) {
				continue
			}
			p := &page{
				Path: advisoryPath(alias), Title: string(alias), Here: "advisories", Refresh: advisoryPath(a.ID),
				Body: "moved.html", Data: moved{alias, a.ID, at(advisoryPath(alias)).To(advisoryPath(a.ID)), a.Title},
			}
			f, err := s.file(m.Site, p)
			if err != nil {
				return nil, err
			}
			files = append(files, f)
		}
	}
	return files, nil
}
