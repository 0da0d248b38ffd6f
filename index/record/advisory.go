package record

import (
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
	"nacre/purl"
)

// AdvisorySchema names the form of advisory/<ID>.json.
const AdvisorySchema = "nacre.index.advisory/1"

// Advisory is advisory/<ID>.json.
type Advisory struct {
	Schema    string        `json:"schema"`
	ID        advisory.ID   `json:"id"`
	URL       string        `json:"url"` // of the page about it
	Modified  time.Time     `json:"modified"`
	FirstSeen advisory.Date `json:"first_seen"`
	// Gone is set where no source carries the record any longer.
	Gone     bool                  `json:"gone,omitempty"`
	Record   *advisory.Record      `json:"record"`
	Affected []Affected            `json:"affected"`
	Entries  []merge.Entry         `json:"entries,omitempty"`
	Doubts   []merge.Contradiction `json:"doubts,omitempty"`
	Changes  []index.Change        `json:"changes,omitempty"` // the newest first
}

// Affected is what an advisory means for one distribution.
type Affected struct {
	Dist cpan.Dist `json:"dist"`
	PURL string    `json:"purl"`
	Meaning
}

// Meaning is what an advisory means for the versions of one distribution.
type Meaning struct {
	// Versions are the affected or contradictory versions, known or not, as
	// alternatives in clauses that hold together: what all sources state, in one.
	// UnknownVersions are those that cannot be judged. Both are left out of a
	// withdrawn advisory.
	Versions        []string `json:"affected_versions,omitempty"`
	UnknownVersions []string `json:"unknown_versions,omitempty"`

	Range      string `json:"range,omitempty"` // in the words of the source with most authority
	FixedRange string `json:"fixed_range,omitempty"`
	Fixed      string `json:"fixed,omitempty"` // the first known release, after the last affected one, that is clean
	Latest     string `json:"latest,omitempty"`
	// LatestAffected says whether that release is affected or contradictory; it is
	// left out where nobody can tell.
	LatestAffected *bool     `json:"latest_affected,omitempty"`
	Verdicts       []Verdict `json:"verdicts,omitempty"`
}

// Verdict is the verdict on a stretch of known releases.
type Verdict struct {
	Status   advisory.Status `json:"status"`
	From     string          `json:"from"`
	To       string          `json:"to"`
	Releases int             `json:"releases"`
	Reason   string          `json:"reason,omitempty"` // of the first
}

// AdvisoryOf gives the content of advisory/<ID>.json.
func AdvisoryOf(m *index.Model, a *index.Advisory) (Advisory, error) {
	out := Advisory{
		Schema: AdvisorySchema, ID: a.ID, URL: m.Site.URL + "advisory/" + string(a.ID) + "/",
		Modified: a.Modified, FirstSeen: a.FirstSeen, Gone: a.Gone,
		Record: a.Record, Affected: []Affected{}, Entries: a.Entries, Doubts: a.Doubts,
	}
	for _, of := range a.Dists {
		p, err := purl.Selector(of.Dist.Name)
		if err != nil {
			return Advisory{}, err
		}
		out.Affected = append(out.Affected, Affected{Dist: of.Dist.Name, PURL: p.String(), Meaning: meaning(of, true)})
	}
	out.Changes = changesOf(m, a.ID)
	return out, nil
}

// changesOf are the changes of the history that are about an id, the newest first.
func changesOf(m *index.Model, id advisory.ID) (all []index.Change) {
	if m.State == nil {
		return nil
	}
	for _, c := range m.State.History {
		if c.ID.Equal(id) {
			all = append(all, c)
		}
	}
	return all
}

// meaning gives what an advisory means, with the reasons or without.
func meaning(of *index.Affected, reasons bool) Meaning {
	out := Meaning{
		Range: of.Range, FixedRange: of.FixedRange, Fixed: of.Fixed,
		LatestAffected: of.LatestAffected(), Verdicts: verdicts(of, reasons),
	}
	if r := of.Dist.LatestRelease(); r != nil {
		out.Latest = r.Version
	}
	if of.Advisory.IsWithdrawn() {
		return out
	}
	out.Versions = runs(of, advisory.Status.IsAffected)
	out.UnknownVersions = runs(of, func(s advisory.Status) bool { return s == advisory.StatusUnknown })
	return out
}

// runs writes the versions whose status is one of some; none where statements
// name more versions than can be told apart.
func runs(of *index.Affected, is func(advisory.Status) bool) []string {
	runs, err := of.Judge.Runs(is)
	if err != nil {
		return nil
	}
	texts := make([]string, len(runs))
	for i, r := range runs {
		texts[i] = r.String()
	}
	return texts
}

// verdicts joins neighbours of one status.
func verdicts(of *index.Affected, reasons bool) []Verdict {
	var all []Verdict
	for i, s := range of.Status {
		version := of.Dist.Releases[i].Version
		if n := len(all); n > 0 && all[n-1].Status == s {
			all[n-1].To = version
			all[n-1].Releases++
			continue
		}
		v := Verdict{Status: s, From: version, To: version, Releases: 1}
		if reasons {
			v.Reason = of.Verdict(i).Reason
		}
		all = append(all, v)
	}
	return all
}

func advisoryFiles(m *index.Model, a *index.Advisory) ([]index.File, error) {
	content, err := AdvisoryOf(m, a)
	if err != nil {
		return nil, err
	}
	f, err := file("advisory/"+string(a.ID)+".json", content)
	return []index.File{f}, err
}
