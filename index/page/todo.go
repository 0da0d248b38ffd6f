package page

import (
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/index"
)

// todo says what somebody who uses the distribution should do about an advisory,
// in a sentence or two, and how bad it is. branches are the first releases without
// it on older branches.
func todo(of *index.Affected, branches []string) (text, mood string) {
	name := of.Dist.Name
	latest := of.Dist.LatestRelease()
	switch {
	case of.Advisory.IsWithdrawn():
		return "Nothing: the advisory is withdrawn, and no release counts as affected.", ""
	case of.Range == "" && len(of.Known) == 0:
		return fmt.Sprintf("Which versions of %s are affected is stated by no source. Look at the references.", name), "warn"
	case len(of.Dist.Releases) == 0:
		said := fmt.Sprintf("No list of the releases of %s is known here, so compare your version with the range below.", name)
		if of.Promised != "" {
			said += fmt.Sprintf(" The fix is stated to be in %s.", of.Promised)
		}
		return said, "warn"
	case of.Unfixed && of.Status[of.Dist.Latest] == advisory.StatusContradictory:
		return fmt.Sprintf("What is stated about the latest release, %s %s, contradicts itself: it is called affected and fixed. Look at the references, and until that is settled take it for affected.", name, latest.Version), "warn"
	case of.Unfixed && of.Fixed != "":
		return fmt.Sprintf("The latest release, %s %s, is affected. %s is not, but it is not the latest stable release on CPAN: look at the references before you take it.", name, latest.Version, of.Fixed), "bad"
	case of.Unfixed:
		said := fmt.Sprintf("The latest release, %s %s, is affected, and no later one is known here.", name, latest.Version)
		if of.Promised != "" {
			said += fmt.Sprintf(" The fix is stated to be in %s.", of.Promised)
		}
		return said + older(branches) + " Look in the references for a patch or a way around, and see whether you use the part that is affected.", "bad"
	case len(of.Known) == 0 && len(of.Unknown) > 0:
		return fmt.Sprintf("Which releases of %s are affected cannot be told from what the sources state. Compare your version with their words below.", name), "warn"
	case len(of.Known) == 0:
		return fmt.Sprintf("No known release of %s is in the range that is stated as affected. If you use one that is not on CPAN, compare it with the range below.", name), ""
	case of.Fixed != "":
		said := fmt.Sprintf("Update %s to %s, the latest release.", name, of.Fixed)
		if latest != nil && latest.Version != of.Fixed {
			said = fmt.Sprintf("Update %s to %s or later. The latest release is %s.", name, of.Fixed, latest.Version)
		}
		if !fixNamed(of) {
			said += fmt.Sprintf(" No source names %s as the fix: it is the first release above those that are stated as affected.", of.Fixed)
		}
		return said + older(branches), "good"
	}
	if latest != nil && of.Status[of.Dist.Latest] == advisory.StatusClean {
		said := fmt.Sprintf("Update %s: the latest release, %s, is not in the range that is stated as affected. No source says that it mends the flaw, so look at the references too.", name, latest.Version)
		if of.Promised != "" {
			said += fmt.Sprintf(" The fix is stated to be in %s.", of.Promised)
		}
		return said, "warn"
	}
	return fmt.Sprintf("Whether a release of %s mends it cannot be told. Look at the references.", name), "warn"
}

// older says which releases of older branches are without a flaw.
func older(branches []string) string {
	const most = 6
	switch n := len(branches); {
	case n == 0:
		return ""
	case n > most:
		branches = append(slices.Clone(branches[n-most:]), "some older ones")
	}
	last := len(branches) - 1
	if last == 0 {
		return fmt.Sprintf(" On an older branch, %s is not affected.", branches[0])
	}
	return fmt.Sprintf(" On older branches, %s and %s are not affected.", strings.Join(branches[:last], ", "), branches[last])
}

// latestStatus is the verdict on a distribution's latest release: its worst status
// under all advisories, and those that give it.
func latestStatus(d *index.Dist) (worst advisory.Status, by []*index.Affected) {
	if d.Latest < 0 {
		return advisory.StatusUnknown, nil
	}
	for _, of := range newestFirst(d.Advisories) {
		switch s := of.Status[d.Latest]; {
		case s.IsClean():
		case s == worst:
			by = append(by, of)
		case s > worst:
			worst, by = s, []*index.Affected{of}
		}
	}
	return worst, by
}

// verdict says the standing of a distribution's latest release in a sentence, and
// which advisories it rests on.
func verdict(d *index.Dist) (text, mood string, by []*index.Affected) {
	latest := d.LatestRelease()
	if latest == nil {
		return "No release of it is known here, so nothing can be said about the latest one.", "warn", nil
	}
	what := latest.Version
	if !latest.Date.IsZero() {
		what += " of " + advisory.DateOf(latest.Date).String()
	}
	worst, by := latestStatus(d)
	switch n := len(by); worst {
	case advisory.StatusAffected:
		return fmt.Sprintf("The latest release, %s, is affected by %s.", what, count(n, "known advisory", "known advisories")), "bad", by
	case advisory.StatusContradictory:
		return fmt.Sprintf("What is stated about the latest release, %s, contradicts itself in %s.", what, count(n, "advisory", "advisories")), "warn", by
	case advisory.StatusUnknown:
		return fmt.Sprintf("Whether the latest release, %s, is affected cannot be told for %s.", what, count(n, "advisory", "advisories")), "warn", by
	}
	return fmt.Sprintf("No known advisory affects the latest release, %s.", what), "good", nil
}
