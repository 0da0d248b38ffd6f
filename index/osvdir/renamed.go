package osvdir

import (
	"net/url"

	"nacre/advisory"
	"nacre/index"
	"nacre/report/osv"
)

// Renamed gives the record of an id that an advisory of an earlier build had:
// withdrawn, about no package, and with the id of the record that it is part of
// now. That id is an alias, as the records of one flaw are each other's; of two CVE
// ids, or where the other record does not have this one any longer, it is only
// related.
func Renamed(m *index.Model, r *index.Rename) osv.Record {
	said := string(r.ID) + " is part of " + string(r.To) + " now"
	out := osv.Record{
		SchemaVersion: osv.Schema,
		ID:            string(r.ID),
		Modified:      r.Modified,
		Withdrawn:     r.Modified,
		Summary:       said,
		References:    []osv.Reference{{Type: advisory.KindAdvisory, URL: pageURL(m, r.To)}},
		DatabaseSpecific: about{
			Ecosystem: ecosystem, URL: pageURL(m, r.ID), WithdrawnReason: said,
		},
	}
	if r.Title != "" {
		out.Details = "It was called: " + r.Title
	}
	out.Aliases, out.Related = renamedIDs(m, r)
	return out
}

func renamedIDs(m *index.Model, r *index.Rename) (same, related []string) {
	to := []string{string(r.To)}
	if a := m.ByID(r.To); a != nil && a.Has(r.ID) && !(r.ID.IsCVE() && r.To.IsCVE()) {
		return to, nil
	}
	return nil, to
}

// pageURL is the address of the page about an id.
func pageURL(m *index.Model, id advisory.ID) string {
	return m.Site.URL + "advisory/" + url.PathEscape(string(id)) + "/"
}

// renamedFiles are the records of all such ids, at their two places.
func renamedFiles(m *index.Model) ([]index.File, error) {
	var files []index.File
	for i := range m.Renamed {
		r := Renamed(m, &m.Renamed[i])
		data, err := r.Encode()
		if err != nil {
			return nil, err
		}
		files = append(files, places(m.Renamed[i].ID, data)...)
	}
	return files, nil
}
