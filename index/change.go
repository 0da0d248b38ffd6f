package index

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
)

// changes compares what two builds concluded, in order of ids.
func changes(before *State, m *Model, after *State) []Change {
	old := conclusions(before)
	var all []Change
	day := advisory.DateOf(m.Day)
	for i := range after.Advisories {
		c := &after.Advisories[i]
		was := old[c.ID.Key()]
		delete(old, c.ID.Key())
		change := Change{Day: day, ID: c.ID, Dists: distsOf(c)}
		switch {
		case was == nil:
			change.Kind, change.Text = Appeared, c.Title
		case was.Digest == c.Digest:
			continue
		case c.Gone && !was.Gone:
			change.Kind, change.Text = Gone, goneReason
		case c.Withdrawn && !was.Withdrawn:
			change.Kind, change.Text = Withdrawn, c.Title
		case !c.Withdrawn && was.Withdrawn:
			change.Kind, change.Text = Returned, c.Title
		default:
			change.Kind, change.Text = Changed, difference(was, c)
		}
		all = append(all, change)
	}
	for _, was := range old {
		// Its record is kept, unless it is part of another one now, or unfit.
		change := Change{Day: day, ID: was.ID, Dists: distsOf(was), Kind: Gone, Text: goneReason}
		if a := m.ByID(was.ID); a != nil {
			change.Kind, change.Text = Renamed, fmt.Sprintf("%s is part of %s now", was.ID, a.ID)
		}
		all = append(all, change)
	}
	slices.SortFunc(all, func(a, b Change) int { return cmp.Compare(a.ID.Key(), b.ID.Key()) })
	return all
}

func distsOf(c *Conclusion) []cpan.Dist {
	all := make([]cpan.Dist, len(c.Dists))
	for i, s := range c.Dists {
		all[i] = s.Dist
	}
	return all
}

// difference says what is different about an advisory.
func difference(was, is *Conclusion) string {
	var said []string
	if was.Severity != is.Severity {
		said = append(said, fmt.Sprintf("severity %s became %s", was.Severity, is.Severity))
	}
	old := map[cpan.Dist]Short{}
	for _, s := range was.Dists {
		old[s.Dist] = s
	}
	for _, s := range is.Dists {
		o, ok := old[s.Dist]
		delete(old, s.Dist)
		switch {
		case !ok:
			said = append(said, fmt.Sprintf("%s is affected too", s.Dist))
			continue
		case o.Range != s.Range:
			said = append(said, fmt.Sprintf("%s: %s became %s", s.Dist, cmp.Or(o.Range, "no range"), cmp.Or(s.Range, "no range")))
		}
		switch {
		case o.Known < s.Known:
			said = append(said, fmt.Sprintf("%s: %d more releases are affected", s.Dist, s.Known-o.Known))
		case o.Known > s.Known:
			said = append(said, fmt.Sprintf("%s: %d fewer releases are affected", s.Dist, o.Known-s.Known))
		}
		if o.Fixed != s.Fixed {
			said = append(said, fmt.Sprintf("%s: fixed in %s, before %s", s.Dist, cmp.Or(s.Fixed, "no release"), cmp.Or(o.Fixed, "none")))
		}
	}
	for _, s := range was.Dists {
		if _, left := old[s.Dist]; left {
			said = append(said, fmt.Sprintf("%s is no longer named", s.Dist))
		}
	}
	if len(said) == 0 {
		return "text, ids or references"
	}
	const most = 8
	if len(said) > most {
		said = append(said[:most:most], fmt.Sprintf("and %d more differences", len(said)-most))
	}
	return strings.Join(said, "; ")
}
