package vex

import (
	"nacre/advisory"
	"nacre/index"
	"nacre/report/csaf"
)

// former is what is left of the advisory that had an id in an earlier build: a
// withdrawn one that is about nothing.
func former(r *index.Rename) *index.Advisory {
	return &index.Advisory{
		Record: &advisory.Record{
			ID: r.ID, Title: r.Title, Withdrawn: advisory.DateOf(r.Modified),
			WithdrawnReason: string(r.ID) + " is part of " + string(r.To) + " now",
		},
		FirstSeen: r.FirstSeen, Modified: r.Modified,
	}
}

// renamedFiles are the documents of such ids, each with a reference to the one that
// follows it.
func renamedFiles(m *index.Model) ([]index.File, error) {
	var files []index.File
	for i := range m.Renamed {
		a := former(&m.Renamed[i])
		doc := document(m, a)
		if to := m.ByID(m.Renamed[i].To); to != nil {
			doc.Meta.References = append(doc.Meta.References, csaf.Reference{
				Category: "external", Summary: "the document that follows, of " + string(to.ID), URL: m.Site.URL + CSAFPath(to),
			})
		}
		made, err := csafWith(a, doc)
		if err != nil {
			return nil, err
		}
		files = append(files, made...)
	}
	return files, nil
}
