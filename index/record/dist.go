package record

import (
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
	"nacre/purl"
)

// DistSchema names the form of dist/<Dist>.json.
const DistSchema = "nacre.index.dist/1"

// Dist is dist/<Dist>.json.
type Dist struct {
	Schema    string          `json:"schema"`
	Name      cpan.Dist       `json:"name"`
	PURL      string          `json:"purl"`
	URL       string          `json:"url"` // of the page about it
	Main      cpan.Module     `json:"main_module,omitempty"`
	Modules   []cpan.Module   `json:"modules,omitempty"`
	NotOnCPAN bool            `json:"not_on_cpan,omitempty"`
	Security  *index.Security `json:"security,omitempty"`
	Latest    string          `json:"latest,omitempty"`
	// LatestAffectedBy are the advisories that the latest release is affected by, and
	// LatestUnknownBy those of which nobody can tell; all, where no release is known.
	LatestAffectedBy []advisory.ID `json:"latest_affected_by"`
	LatestUnknownBy  []advisory.ID `json:"latest_unknown_by,omitempty"`
	Releases         []Release     `json:"releases"`
	Advisories       []About       `json:"advisories"`
}

// Release is a known release.
type Release struct {
	Version   string      `json:"version"`
	Date      time.Time   `json:"date,omitzero"`
	Author    cpan.Author `json:"author,omitempty"`
	Developer bool        `json:"developer,omitempty"`
	Perl      string      `json:"perl,omitempty"` // the perl that it came with, where it is not on CPAN
}

// About is an advisory about the distribution, in short.
type About struct {
	ID        advisory.ID       `json:"id"`
	Aliases   []advisory.ID     `json:"aliases,omitempty"` // those that are about this distribution first
	Title     string            `json:"title,omitempty"`
	Severity  advisory.Severity `json:"severity"`
	Modified  time.Time         `json:"modified"`
	Withdrawn bool              `json:"withdrawn,omitempty"`
	Library   string            `json:"library,omitempty"` // whose copy has the flaw
	Meaning
}

// DistOf gives the content of dist/<Dist>.json.
func DistOf(m *index.Model, d *index.Dist) (Dist, error) {
	p, err := purl.Selector(d.Name)
	if err != nil {
		return Dist{}, err
	}
	out := Dist{
		Schema: DistSchema, Name: d.Name, PURL: p.String(), URL: m.Site.URL + "dist/" + string(d.Name) + "/",
		Main: d.Main, Modules: d.Modules, NotOnCPAN: d.Darkpan, Security: d.Security,
		LatestAffectedBy: []advisory.ID{}, Releases: make([]Release, len(d.Releases)), Advisories: []About{},
	}
	if r := d.LatestRelease(); r != nil {
		out.Latest = r.Version
	}
	for i, r := range d.Releases {
		out.Releases[i] = Release{Version: r.Version, Date: r.Date, Author: r.Author, Developer: r.Developer, Perl: r.Perl}
	}
	for _, of := range d.Advisories {
		a := of.Advisory
		about := About{ID: a.ID, Title: a.Title, Severity: a.Severity, Modified: a.Modified, Withdrawn: a.IsWithdrawn()}
		about.Meaning = meaning(of, false)
		about.Aliases, _ = a.AliasesFor(d.Name)
		if of.Library != nil {
			about.Library = of.Library.Name
		}
		switch affected := about.LatestAffected; {
		case affected == nil:
			out.LatestUnknownBy = append(out.LatestUnknownBy, a.ID)
		case *affected:
			out.LatestAffectedBy = append(out.LatestAffectedBy, a.ID)
		}
		out.Advisories = append(out.Advisories, about)
	}
	return out, nil
}

func distFiles(m *index.Model, d *index.Dist) ([]index.File, error) {
	content, err := DistOf(m, d)
	if err != nil {
		return nil, err
	}
	f, err := file("dist/"+string(d.Name)+".json", content)
	return []index.File{f}, err
}
