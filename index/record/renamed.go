package record

import (
	"net/url"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// RenamedSchema names the form of advisory/<ID>.json of an id that an advisory of
// an earlier build had.
const RenamedSchema = "nacre.index.renamed/1"

// Renamed is that file.
type Renamed struct {
	Schema    string         `json:"schema"`
	ID        advisory.ID    `json:"id"`
	URL       string         `json:"url"` // of its page, which leads on
	To        advisory.ID    `json:"to"`  // the advisory that it is part of
	Modified  time.Time      `json:"modified"`
	FirstSeen advisory.Date  `json:"first_seen"`
	Title     string         `json:"title,omitempty"`   // what it was called
	Changes   []index.Change `json:"changes,omitempty"` // the newest first
}

// RenamedOf gives its content.
func RenamedOf(m *index.Model, r *index.Rename) Renamed {
	return Renamed{
		Schema: RenamedSchema, ID: r.ID, URL: m.Site.URL + "advisory/" + url.PathEscape(string(r.ID)) + "/",
		To: r.To, Modified: r.Modified, FirstSeen: r.FirstSeen, Title: r.Title, Changes: changesOf(m, r.ID),
	}
}

func renamedFiles(m *index.Model) ([]index.File, error) {
	var files []index.File
	for i := range m.Renamed {
		r := &m.Renamed[i]
		f, err := file("advisory/"+string(r.ID)+".json", RenamedOf(m, r))
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
