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
func changes(in Input, m *Model, after *State) []Change {
	old := byID(in.Before)
	aliases := map[string][]advisory.ID{}
	for i := range in.Kept {
		aliases[in.Kept[i].ID.Key()] = in.Kept[i].Aliases
	}
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
		case was.Gone && !c.Gone && c.Withdrawn:
			change.Kind, change.Text = Changed, "a source carries it again, as withdrawn"
		case c.Withdrawn && !was.Withdrawn:
			change.Kind, change.Text = Withdrawn, cmp.Or(m.ByID(c.ID).WithdrawnReason, c.Title)
		case !c.Withdrawn && was.Withdrawn:
			change.Kind, change.Text = Returned, c.Title
		default:
			lost := slices.DeleteFunc(slices.Clone(aliases[c.ID.Key()]), m.ByID(c.ID).Has)
			change.Kind, change.Text = Changed, difference(was, c, lost)
		}
		all = append(all, change)
	}
	for _, was := range old {
		// Its record is kept, unless it is part of another one now, or unfit.
		change := Change{Day: day, ID: was.ID, Dists: distsOf(was), Kind: Gone, Text: "the index cannot show it any longer: skipped.json says why"}
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

// difference says what is different about an advisory, which has lost some ids.
func difference(was, is *Conclusion, lost []advisory.ID) string {
	var said []string
	for _, id := range lost {
		said = append(said, fmt.Sprintf("%s is no longer an id of it", id))
	}
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
			said = append(said, fmt.Sprintf("%s: %s", s.Dist, became(o.Range, s.Range)))
		}
		switch {
		case o.Known < s.Known:
			said = append(said, fmt.Sprintf("%s: %s affected", s.Dist, releases(s.Known-o.Known, "more")))
		case o.Known > s.Known:
			said = append(said, fmt.Sprintf("%s: %s affected", s.Dist, releases(o.Known-s.Known, "fewer")))
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

func releases(n int, than string) string {
	if n == 1 {
		return "1 " + than + " release is"
	}
	return fmt.Sprintf("%d %s releases are", n, than)
}

// became says how the words of a range changed, cut where they are longer than a
// history has room for.
func became(was, is string) string {
	const most = 120
	old, now := cmp.Or(was, "no range"), cmp.Or(is, "no range")
	if len(old) <= most && len(now) <= most {
		return old + " became " + now
	}
	return "the stated range is another one"
}
