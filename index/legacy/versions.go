package legacy

import (
	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// affectedVersions gives the elements of a list that is true for the versions
// that are affected or contradictory. partly says why it leaves open what some
// versions are, "" if it does not.
func affectedVersions(of *index.Affected) (elements []string, partly string) {
	elements = []string{} // null is no list
	runs, err := of.Judge.Runs(isHit)
	if err != nil {
		for _, text := range of.Known {
			if v, err := perlver.Parse(text); err == nil { // as all that are known to be affected
				elements = append(elements, element(advisory.Run{From: v, To: v}))
			}
		}
		return elements, "known releases are listed: " + err.Error()
	}
	for _, r := range runs {
		elements = append(elements, element(r))
	}
	unknown, err := of.Judge.Runs(func(s advisory.Status) bool { return s == advisory.StatusUnknown })
	switch {
	case err != nil:
		return elements, err.Error()
	case len(unknown) > 0 && len(runs) == 0:
		return elements, "what is stated about versions cannot be read"
	case len(unknown) > 0:
		return elements, "what is stated about versions can be read in part"
	}
	return elements, ""
}

// element writes a run as clauses.
func element(r advisory.Run) string {
	lowest := !r.After && r.From.Key() == lowestKey
	low, high := "", ""
	switch {
	case r.After:
		low = ">" + plain(r.From)
	case !lowest || r.To.IsZero():
		low = ">=" + plain(r.From)
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

// lowestKey is the key of version 0.
const lowestKey = "0"

// plain is a version in digits, dots, underscores and a v before them: as it was
// written, or else in version.pm's normal form.
func plain(v perlver.Version) string {
	if s := v.String(); s != "undef" && perlver.IsLax(s) {
		return s
	}
	return v.Normal()
}
