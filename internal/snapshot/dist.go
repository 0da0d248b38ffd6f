package snapshot

import (
	"cmp"
	"time"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
	"nacre/jsondoc"
	"nacre/perlver"
)

// Dist is a distribution with what answers about its versions are made of.
type Dist struct {
	*index.Dist
	// Short is, for each of Advisories, its id and the time it changed as a JSON
	// object, {"id":"CVE-2099-0001","modified":"2099-01-02T00:00:00Z"}; nil for one
	// that is withdrawn and so matches nothing.
	Short [][]byte
	at    map[string]int // of a version's text in Releases
}

// Match is an advisory that a version is not clean of.
type Match struct {
	// Of is the advisory's place in Dist.Advisories.
	Of     int
	Status advisory.Status
}

// Dist gives a distribution by its exact name, nil where no advisory is about it.
func (s *Snapshot) Dist(name string) *Dist { return s.dists[name] }

// prepare makes what answers are made of.
func (s *Snapshot) prepare(modified map[string]string) {
	s.dists = make(map[string]*Dist, len(s.Model.Dists))
	short := map[*index.Advisory][]byte{}
	for _, a := range s.Model.Advisories {
		if a.IsWithdrawn() {
			continue
		}
		b := jsondoc.AppendString([]byte(`{"id":`), string(a.ID))
		b = append(b, `,"modified":`...)
		b = jsondoc.AppendString(b, cmp.Or(modified[a.ID.Key()], a.Modified.UTC().Format(time.RFC3339)))
		short[a] = append(b, '}')
	}
	for _, of := range s.Model.Dists {
		d := &Dist{Dist: of, at: make(map[string]int, len(of.Releases)), Short: make([][]byte, len(of.Advisories))}
		for i, r := range of.Releases {
			d.at[r.Version] = i
		}
		for i, a := range of.Advisories {
			d.Short[i] = short[a.Advisory]
		}
		s.dists[string(of.Name)] = d
	}
	s.prepareSearch()
}

// Matches appends the advisories that a version is not clean of, in the order of
// Advisories; without a version all that are not withdrawn, as affected. A version
// that is on no list is judged by the ranges, one that cannot be read is unknown.
func (d *Dist) Matches(to []Match, version string) []Match {
	if version == "" {
		for i := range d.Advisories {
			if d.Short[i] != nil {
				to = append(to, Match{i, advisory.StatusAffected})
			}
		}
		return to
	}
	at, listed := d.at[version]
	var v perlver.Version
	var err error
	if !listed {
		v, err = perlver.Parse(version)
	}
	for i, a := range d.Advisories {
		if d.Short[i] == nil {
			continue
		}
		var status advisory.Status
		switch {
		case listed:
			status = a.Status[at]
		case err != nil:
			status = advisory.StatusUnknown
		default:
			status = a.Judge.Status(v)
		}
		if !status.IsClean() {
			to = append(to, Match{i, status})
		}
	}
	return to
}

// Reason says what the verdict of Matches on a version rests on.
func (d *Dist) Reason(of int, version string) string {
	v, err := perlver.Parse(version)
	if err != nil {
		return "the version " + fault.Quote(version) + " cannot be read"
	}
	return d.Advisories[of].Judge.Judge(v).Reason
}
