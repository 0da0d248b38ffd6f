package record

import (
	"context"
	"encoding/json"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/advisory/merge"
	"nacre/fault"
	"nacre/index"
)

// The forms of health.json, skipped.json and cve-review.json.
const (
	HealthSchema    = "nacre.index.health/1"
	SkippedSchema   = "nacre.index.skipped/1"
	CVEReviewSchema = "nacre.index.cve-review/1"
)

const healthName = "health.json"

// Health is health.json.
type Health struct {
	Schema    string        `json:"schema"`
	Generator string        `json:"generator"`
	Site      index.Site    `json:"site"`
	Day       advisory.Date `json:"day"` // of the build
	// Kept says why the index stayed as it was although there was a build, and
	// KeptOf is the day of the build that it is of. What is below is of that one
	// then, but for the sources.
	Kept   string        `json:"kept,omitempty"`
	KeptOf advisory.Date `json:"kept_of,omitzero"`
	Counts Counts        `json:"counts"`
	// Sources are in order of authority.
	Sources []index.Health  `json:"sources"`
	Curated []index.Curated `json:"curated,omitempty"`
	Notes   []string        `json:"notes,omitempty"`
}

// Counts are what is in the index.
type Counts struct {
	Advisories    int                `json:"advisories"` // withdrawn ones among them
	Withdrawn     int                `json:"withdrawn"`
	Gone          int                `json:"gone"` // withdrawn, as no source carries them any longer
	Distributions int                `json:"distributions"`
	Releases      int                `json:"releases"`
	Entries       int                `json:"entries"` // of sources
	Refused       int                `json:"refused"` // of these, in no advisory
	Doubts        map[merge.Kind]int `json:"doubts"`  // in what sources state, by kind
	// Missing and Candidates are the records of cve-review.json, those beyond its list
	// among them.
	Missing    int `json:"missing"`
	Candidates int `json:"candidates"`
}

// Skipped is skipped.json.
type Skipped struct {
	Schema  string        `json:"schema"`
	Day     advisory.Date `json:"day"`
	Entries []merge.Entry `json:"entries"`
}

// CVEReview is cve-review.json.
type CVEReview struct {
	Schema string        `json:"schema"`
	Day    advisory.Date `json:"day"`
	// Missing are the records that sources or corrections name, and that the CVE List
	// has not; empty where no whole list was read.
	Missing []cvelist.Missing `json:"missing"`
	// Candidates are the records that look as if they were about CPAN, and that
	// nobody says to be; More counts those beyond the list.
	Candidates []cvelist.Review `json:"candidates"`
	More       int              `json:"more"`
}

// HealthOf gives the content of health.json.
func HealthOf(m *index.Model) Health {
	h := Health{
		Schema: HealthSchema, Generator: m.Generator, Site: m.Site, Day: advisory.DateOf(m.Day),
		Sources: append([]index.Health{}, m.Sources...), Curated: m.Curated, Notes: m.Set.Notes,
		Counts: Counts{
			Advisories: len(m.Advisories), Distributions: len(m.Dists),
			Entries: len(m.Ledger.Entries), Refused: m.Ledger.Count(merge.Refused), Doubts: map[merge.Kind]int{},
			Missing: len(m.CVEs.Missing), Candidates: len(m.CVEs.Candidates) + m.CVEs.More,
		},
	}
	for _, a := range m.Advisories {
		if a.IsWithdrawn() {
			h.Counts.Withdrawn++
		}
		if a.Gone {
			h.Counts.Gone++
		}
	}
	for _, d := range m.Dists {
		h.Counts.Releases += len(d.Releases)
	}
	for _, c := range m.Ledger.Contradictions {
		h.Counts.Doubts[c.Kind]++
	}
	return h
}

// HealthKept gives health.json of an index that stays as it was although there was
// a build, of which m is what was concluded.
func HealthKept(m *index.Model, kept index.Kept) (index.File, error) {
	text, err := kept.Read(healthName)
	if err != nil {
		return index.File{}, fault.Wrap(fault.KindOf(err), err, "read %s of the index before", healthName)
	}
	var h Health
	if err := json.Unmarshal(text, &h); err != nil {
		return index.File{}, fault.Wrap(fault.Invalid, err, "read %s of the index before", healthName)
	}
	now := HealthOf(m)
	h.Schema, h.Generator, h.Day, h.Sources = now.Schema, now.Generator, now.Day, now.Sources
	h.Kept, h.KeptOf = kept.Why, kept.Of
	return file(healthName, h)
}

// SkippedOf gives the content of skipped.json.
func SkippedOf(m *index.Model) Skipped {
	s := Skipped{Schema: SkippedSchema, Day: advisory.DateOf(m.Day), Entries: []merge.Entry{}}
	for _, e := range m.Ledger.Entries {
		if e.Outcome == merge.Refused {
			s.Entries = append(s.Entries, e)
		}
	}
	return s
}

// CVEReviewOf gives the content of cve-review.json.
func CVEReviewOf(m *index.Model) CVEReview {
	return CVEReview{
		Schema: CVEReviewSchema, Day: advisory.DateOf(m.Day), More: m.CVEs.More,
		Missing: append([]cvelist.Missing{}, m.CVEs.Missing...), Candidates: append([]cvelist.Review{}, m.CVEs.Candidates...),
	}
}

func whole(_ context.Context, m *index.Model) ([]index.File, error) {
	health, err := file(healthName, HealthOf(m))
	if err != nil {
		return nil, err
	}
	skipped, err := file("skipped.json", SkippedOf(m))
	if err != nil {
		return nil, err
	}
	cves, err := file("cve-review.json", CVEReviewOf(m))
	if err != nil {
		return nil, err
	}
	files, err := renamedFiles(m)
	return append(files, health, skipped, cves), err
}
