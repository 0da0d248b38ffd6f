package index

import "nacre/advisory"

// LatestAffected says whether the latest release is affected or contradictory,
// and nil where that cannot be told or none is known. By a withdrawn advisory
// none is.
func (a *Affected) LatestAffected() *bool {
	is := advisory.StatusClean
	switch l := a.Dist.Latest; {
	case a.Advisory.IsWithdrawn():
	case l < 0 || a.Status[l] == advisory.StatusUnknown:
		return nil
	default:
		is = a.Status[l]
	}
	affected := is.IsAffected()
	return &affected
}
