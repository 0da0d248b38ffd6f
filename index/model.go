package index

import (
	"cmp"
	"time"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/perlver"
)

// Model is all that the files of an index are made of. It is read and never
// changed once it is made.
type Model struct {
	Site Site
	// Generator is the program that makes the index, "nacred v0.1.0".
	Generator string
	// Day is the day of the build, at midnight UTC: what ages are reckoned from.
	Day time.Time

	// Set is what the model was made of, with the records that State keeps.
	Set *advisory.Set
	// Advisories are all records, withdrawn ones too, by id, case apart.
	Advisories []*Advisory
	// Renamed are the ids that advisories of earlier builds had, by id, case apart;
	// none of them is the id of one of Advisories.
	Renamed []Rename
	// Dists are the distributions that an advisory is about, by name.
	Dists []*Dist

	// Sources is how the reading of each source went, in order of authority.
	Sources []Health
	// Ledger says what became of every entry of the sources.
	Ledger merge.Ledger
	// Curated is what became of the corrections of those who run the index.
	Curated []Curated
	// CVEs is what a person should look up in the CVE List.
	CVEs CVEReview

	// State is what the next build is compared with. Its History begins with the
	// changes of this one.
	State *State

	byID   map[string]*Advisory
	byDist map[cpan.Dist]*Dist
}

// Advisory is one record and what was concluded about it.
type Advisory struct {
	// Record is as it was merged, but that its Sources name no commit and no time:
	// those change with every state of a source, and are in Model.Sources.
	*advisory.Record
	// Dists are what the record says about each distribution, in the record's
	// order.
	Dists []*Affected
	// Modified is when the record or a conclusion about it last changed, UTC: what
	// the record states, or else the state of its newest source, or the day of the
	// build that concluded otherwise than the one before.
	Modified time.Time
	// FirstSeen is the day of the first build that had it.
	FirstSeen advisory.Date
	// Entries are the entries of the sources that it was made of, and what each
	// became: why the index says what it says.
	Entries []merge.Entry
	// Doubts are what in its data cannot be right as it stands.
	Doubts []merge.Contradiction
	// CVE is the CVE record of ID as its publisher wrote it, as JSON without blanks;
	// nil where it was not among the sources.
	CVE []byte
	// Gone is set where no source carries the record any longer: it is as it was last
	// known, and withdrawn.
	Gone bool
	// Digest changes whenever a file of the advisory may.
	Digest Digest
}

// Affected is what an advisory says about one distribution.
type Affected struct {
	*advisory.Affected
	Advisory *Advisory
	Dist     *Dist
	// Status is the verdict on each of Dist.Releases, in their order; a withdrawn
	// record has StatusClean for all.
	Status []advisory.Status
	// Known are the texts of the versions of all known releases that are affected
	// or contradictory, in the order of Dist.Releases.
	Known []string
	// Unknown are those that cannot be judged.
	Unknown []string
	// Fixed is the version of the first known release, not a developer's, after
	// the last affected one that is clean, and that is stated to be fixed where the
	// source that decides states any; "" where there is none. Where maintenance
	// branches were mended separately, it is that of the highest branch.
	Fixed string
	// Unfixed is set where the latest release that is no developer's is affected
	// or contradictory.
	Unfixed bool
	// Range and FixedRange are what the most authoritative source states, in its
	// words, "<1.3 | >=2.0,<2.4", ">=1.3"; "" where nothing is stated.
	Range, FixedRange string
	// Promised is FixedRange where no known release is Fixed and some version above
	// all that are affected is stated to be; "" otherwise. FixedRange itself may
	// be contradicted, ">0" beside an entry that affects ">=0.3".
	Promised string
	// Judge judges further versions.
	Judge advisory.Judge
}

// Dist is one distribution and what is known of it.
type Dist struct {
	Name cpan.Dist
	// Main is its main module, "" where no source states one, and Modules all that
	// sources say it holds, sorted.
	Main    cpan.Module
	Modules []cpan.Module
	// Releases are the known releases in version.pm's order; those that version.pm
	// refuses stand last.
	Releases []Release
	// Latest is the index in Releases of the greatest version that is no
	// developer's and not only in a perl; -1 where none is known.
	Latest int
	// Advisories are those about it, by id, withdrawn ones too.
	Advisories []*Affected
	// Darkpan is set where a source says that it is not on CPAN.
	Darkpan bool
	// Security is how to report a vulnerability, nil where no metadata was given.
	Security *Security
	// Digest changes whenever a file of the distribution may.
	Digest Digest
}

// Release is a known release of a distribution.
type Release struct {
	advisory.Known
	// Parsed is the version; the zero Version where version.pm refuses it.
	Parsed perlver.Version
	// Developer is set for a version that advisory.IsDeveloper says is one, or whose
	// source says so.
	Developer bool
}

// Security is what a distribution's metadata and its policy say about reporting.
type Security struct {
	Policy  string `json:"policy,omitempty"`  // path of the policy in that release, "SECURITY.md"
	Contact string `json:"contact,omitempty"` // mailto: or https address
	Bugs    string `json:"bugs,omitempty"`    // the public tracker, for what is public
	From    string `json:"from"`              // the release that says so, "Foo-Bar-1.3"
}

// Health is how the reading of one source went.
type Health struct {
	Name    string    `json:"name"`             // "CPANSA"
	From    string    `json:"from"`             // the path or address that it was found at
	Source  string    `json:"source,omitempty"` // the one that was named, where From is in it
	Commit  string    `json:"commit,omitempty"`
	Time    time.Time `json:"time,omitzero"` // the newest that its data knows of
	Licence string    `json:"licence,omitempty"`
	// Attribution is the line that the licence asks for.
	Attribution string `json:"attribution,omitempty"`
	Entries     int    `json:"entries"`
	Refused     int    `json:"refused"`
	// Problem says why the source could not be used in this build, "" if it was;
	// Since is the day of the first build with a problem.
	Problem string        `json:"problem,omitempty"`
	Since   advisory.Date `json:"since,omitzero"`
	// Kept says that, with a problem, the last good copy of an address was used,
	// which the address last had on the day KeptOf.
	Kept   bool          `json:"kept,omitempty"`
	KeptOf advisory.Date `json:"kept_of,omitzero"`
}

// Named is the path or address that was named.
func (h *Health) Named() string { return cmp.Or(h.Source, h.From) }

// Curated is one correction of those who run the index, and what became of it.
type Curated struct {
	Where   string        `json:"where"` // file and line: "curation/ranges.yaml:12"
	Kind    string        `json:"kind"`
	Target  string        `json:"target"` // the id, and the distribution where it is about one
	Reason  string        `json:"reason"`
	Role    string        `json:"role"`
	Date    advisory.Date `json:"date"`
	Outcome string        `json:"outcome"` // applied, caught-up, no-target
	Text    string        `json:"text,omitempty"`
}

// Verdict is Status[i] with what it rests on, quoting the sources' own words.
func (a *Affected) Verdict(i int) advisory.Verdict {
	r := &a.Dist.Releases[i]
	switch {
	case a.Advisory.IsWithdrawn():
		return advisory.Verdict{Reason: "the advisory is withdrawn"}
	case r.Parsed.IsZero():
		return advisory.Verdict{Status: advisory.StatusUnknown, Reason: r.Version + " is no version that version.pm reads"}
	}
	return a.Judge.Judge(r.Parsed)
}

// StoodToEnd says whether the record stood until no source carried it any longer:
// otherwise a source had withdrawn it, and its reason is that one's.
func (a *Advisory) StoodToEnd() bool { return a.Gone && a.WithdrawnReason == goneReason }

// ByID gives the advisory that has an id, as its own or as an alias, in any case;
// nil where there is none. Where an alias stands for several it is the first.
func (m *Model) ByID(id advisory.ID) *Advisory { return m.byID[id.Key()] }

// ByDist gives a distribution by its exact name, nil where no advisory is about
// it.
func (m *Model) ByDist(d cpan.Dist) *Dist { return m.byDist[d] }

// LatestRelease is the release at Latest, nil where none is known.
func (d *Dist) LatestRelease() *Release {
	if d.Latest < 0 {
		return nil
	}
	return &d.Releases[d.Latest]
}
