package legacy

import (
	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
)

// database is the built file of the CPAN Security Advisory database, which
// CPAN::Audit and others are made to read.
type database struct {
	Meta        databaseMeta              `json:"meta"`
	Module2Dist map[cpan.Module]cpan.Dist `json:"module2dist"`
	Dists       map[cpan.Dist]databaseOf  `json:"dists"`
}

type databaseMeta struct {
	Generator string        `json:"generator"`
	Date      advisory.Date `json:"date"`  // the day of the build,
	Epoch     int64         `json:"epoch"` // and the same in seconds
	Repo      string        `json:"repo"`  // the address of the index
}

// databaseOf is one distribution.
type databaseOf struct {
	Main       cpan.Module       `json:"main_module"`
	Versions   []databaseRelease `json:"versions"`
	Advisories []databaseEntry   `json:"advisories"`
}

type databaseRelease struct {
	Version   string `json:"version"`
	Date      string `json:"date,omitempty"` // YYYY-MM-DDThh:mm:ss, UTC
	DualLived int    `json:"dual_lived,omitempty"`
	Perl      string `json:"perl_release,omitempty"`
}

// databaseEntry is one advisory. FixedVersions is always empty: some readers let
// it overrule the affected versions, which have it in them.
type databaseEntry struct {
	ID               string   `json:"id"`
	Distribution     string   `json:"distribution"`
	AffectedVersions []string `json:"affected_versions"`
	FixedVersions    []string `json:"fixed_versions"`
	CVEs             []string `json:"cves"`
	Description      string   `json:"description"`
	References       []string `json:"references"`
	Reported         *string  `json:"reported"`
	Severity         *string  `json:"severity"`
}

// built gives cpan-security-advisory.json. Entries are those of the feed.
func built(m *index.Model, of map[cpan.Dist][]entry) (index.File, error) {
	db := database{
		Meta: databaseMeta{
			Generator: m.Generator, Date: advisory.DateOf(m.Day), Epoch: m.Day.Unix(), Repo: m.Site.URL,
		},
		Module2Dist: map[cpan.Module]cpan.Dist{}, Dists: map[cpan.Dist]databaseOf{},
	}
	for _, d := range m.Dists {
		entries := of[d.Name]
		if len(entries) == 0 {
			continue
		}
		one := databaseOf{Main: d.Main, Versions: make([]databaseRelease, len(d.Releases)), Advisories: make([]databaseEntry, len(entries))}
		for i, r := range d.Releases {
			v := databaseRelease{Version: r.Version, Perl: r.Perl}
			if !r.Date.IsZero() {
				v.Date = r.Date.UTC().Format("2006-01-02T15:04:05")
			}
			if r.Perl != "" {
				v.DualLived = 1
			}
			one.Versions[i] = v
		}
		for i := range entries {
			v := entries[i].vulnerability()
			one.Advisories[i] = databaseEntry{
				ID: v.ID, Distribution: v.Distribution, AffectedVersions: v.AffectedVersions, FixedVersions: []string{},
				CVEs: v.CVEs, Description: v.Description, References: v.References, Reported: v.Reported, Severity: v.Severity,
			}
		}
		for _, module := range d.Modules {
			db.Module2Dist[module] = d.Name
		}
		db.Dists[d.Name] = one
	}
	data, err := encode(db)
	return index.File{Path: "cpan-security-advisory.json", Data: data}, err
}
