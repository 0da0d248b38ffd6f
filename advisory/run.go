package advisory

import (
	"slices"

	"nacre/fault"
	"nacre/perlver"
)

// MaxBounds is how many different versions the statements about one distribution
// may name for Runs to say what they mean; the largest of the real data has
// some 300.
const MaxBounds = 2_000

// Run is a stretch of version.pm's order in which no version is left out.
type Run struct {
	// From is where it begins: version 0 is the lowest there is. After is set
	// where From itself is no part of it.
	From  perlver.Version
	After bool
	// To is where it ends, the zero Version where it has no end. Before is set where
	// To itself is no part of it.
	To     perlver.Version
	Before bool
}

// String writes the run in clauses that every reader of the database's grammar
// takes alike: one or two, joined by a comma, of >=, <=, < and > before a version
// of digits, dots and an underscore, with a v before it or not. A single version
// is ">=1.05,<=1.05".
func (r Run) String() string {
	low, high := ">=", ""
	switch {
	case r.After:
		low = ">" + plain(r.From)
	case !r.To.IsZero() && r.From.Key() == lowest: // nothing is below it
		low = ""
	default:
		low += plain(r.From)
	}
	switch {
	case r.To.IsZero():
		return low
	case r.Before:
		high = "<" + plain(r.To)
	default:
		high = "<=" + plain(r.To)
	}
	if low == "" {
		return high
	}
	return low + "," + high
}

// lowest is the key of version 0, below which there is none.
const lowest = "0"

// plain is a version as it was written, where that is a number, or else in
// version.pm's normal form: "undef" is v0.0.0.
func plain(v perlver.Version) string {
	if s := v.String(); s != "undef" && perlver.IsLax(s) {
		return s
	}
	return v.Normal()
}

// Runs gives the versions whose status is one that of accepts, as the fewest
// runs, in order. They hold for every version that is read without a warning,
// known or not. What many statements say in whatever grammar, one on top of the
// other, is thereby said in one way that every other format can write. An error
// tells of more than MaxBounds.
func (j Judge) Runs(of func(Status) bool) ([]Run, error) {
	bounds, err := j.bounds()
	if err != nil {
		return nil, err
	}
	// Between neighbouring bounds no statement changes its mind, so that one version
	// of each gap stands for all of them.
	var runs []Run
	open := false
	for i, at := range bounds {
		var next perlver.Version
		if i+1 < len(bounds) {
			next = bounds[i+1]
		}
		in, above := of(j.Status(at)), of(j.Status(perlver.Between(at, next)))
		switch {
		case in && !open:
			runs = append(runs, Run{From: at})
		case !in && open:
			runs[len(runs)-1].To, runs[len(runs)-1].Before = at, true
		}
		switch {
		case in && !above:
			runs[len(runs)-1].To = at
		case above && !in:
			runs = append(runs, Run{From: at, After: true})
		}
		open = above
	}
	return runs, nil
}

// bounds are all versions that statements name, and 0, in order, each once.
func (j Judge) bounds() ([]perlver.Version, error) {
	zero, err := perlver.ParseExact(lowest)
	if err != nil {
		return nil, err
	}
	bounds := []perlver.Version{zero}
	for _, s := range j.statements {
		bounds = append(bounds, s.affected.Bounds()...)
		bounds = append(bounds, s.fixed.Bounds()...)
	}
	slices.SortStableFunc(bounds, perlver.Version.Compare)
	bounds = slices.CompactFunc(bounds, perlver.Version.Equal)
	if len(bounds) > MaxBounds {
		return nil, fault.New(fault.Invalid, "statements name %d different versions, more than %d (limit: bounds)", len(bounds), MaxBounds)
	}
	return bounds, nil
}
