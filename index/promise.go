package index

import "nacre/advisory"

// fixIsStated says whether some version above all that are affected is stated to
// be fixed, be it known or not.
func (a *Affected) fixIsStated() bool {
	if a.FixedRange == "" {
		return false
	}
	affected, err := a.Judge.Runs(advisory.Status.IsAffected)
	if err != nil {
		return false
	}
	fixed, err := a.Judge.Runs(func(s advisory.Status) bool { return s == advisory.StatusFixed })
	if err != nil || len(fixed) == 0 {
		return false
	}
	if len(affected) == 0 {
		return true
	}
	// Runs are in order, and no version is in two.
	last, highest := affected[len(affected)-1], fixed[len(fixed)-1]
	return !last.To.IsZero() && highest.From.Compare(last.To) >= 0
}
