package scan

import (
	"io"

	"nacre/advisory"
	"nacre/cpan"
)

// Baseline is what an earlier scan found: findings that are known and do not
// decide the exit status again.
//
// A finding is the same where distribution and advisory are, under any of the
// advisory's names. The version may change: a release that is still affected
// is still known. What was worse off than now covers it, what was better off
// does not: a doubt of then is no excuse for a certainty of now, neither is a
// range that admitted vulnerable versions. Findings that were ignored when
// the baseline was recorded are not in it, so that an ignore that expires
// is heard of.
type Baseline struct {
	known   map[baseKey]gravity
	Partial bool // the recorded scan was not complete
}

type baseKey struct {
	dist cpan.Dist
	id   string // an advisory's key
}

// gravity orders findings by how certain they are.
type gravity uint8

const (
	gravityAdmits gravity = iota + 1
	gravityUnknown
	gravityAffected // contradictory counts as affected
)

func gravityOf(f *Finding) gravity {
	switch {
	case f.Admits:
		return gravityAdmits
	case f.Verdict == advisory.StatusUnknown:
		return gravityUnknown
	}
	return gravityAffected
}

// ReadBaseline reads a recorded stream.
func ReadBaseline(rd io.Reader) (*Baseline, error) {
	b := &Baseline{known: map[baseKey]gravity{}}
	return b, Decode(rd, b)
}

// Handle takes one message of the recorded stream.
func (b *Baseline) Handle(m Message) error {
	switch {
	case m.Finding != nil && m.Finding.Ignored == nil:
		for _, k := range keys(m.Finding) {
			b.known[k] = max(b.known[k], gravityOf(m.Finding))
		}
	case m.Summary != nil:
		b.Partial = m.Summary.Partial
	}
	return nil
}

// keys are the names of a finding.
func keys(f *Finding) []baseKey {
	ks := []baseKey{{f.Component.Dist, f.Advisory.ID.Key()}}
	for _, a := range f.Advisory.Aliases {
		ks = append(ks, baseKey{f.Component.Dist, a.Key()})
	}
	return ks
}

// has says whether a finding is known.
func (b *Baseline) has(f *Finding) bool {
	if b == nil {
		return false
	}
	for _, k := range keys(f) {
		if b.known[k] >= gravityOf(f) {
			return true
		}
	}
	return false
}
