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
	runs, err := of.Judge.Runs(advisory.Status.IsAffected)
	if err != nil {
		for _, text := range of.Known {
			if v, err := perlver.Parse(text); err == nil { // as all that are known to be affected
				elements = append(elements, advisory.Run{From: v, To: v}.String())
			}
		}
		return elements, "known releases are listed: " + err.Error()
	}
	for _, r := range runs {
		elements = append(elements, r.String())
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
