package osvdir

import (
	"cmp"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

func isUnknown(s advisory.Status) bool { return s == advisory.StatusUnknown }

// versions gives the versions that are affected, as ranges and as a list, either
// of which may be empty, and what the ranges could not say.
func versions(of *index.Affected) (ranges []perlver.OSVRange, list, warnings []string) {
	list = of.Known
	unknown, err := of.Judge.Runs(isUnknown)
	if err != nil {
		return nil, list, []string{"no range is given: " + err.Error()}
	}
	runs, err := of.Judge.Runs(advisory.Status.IsAffected)
	switch {
	case err != nil:
		return nil, list, []string{"no range is given: " + err.Error()}
	case len(unknown) > 0:
		return nil, list, []string{"no range is given: what the sources state cannot be read as a whole"}
	case len(runs) == 0:
		return nil, list, []string{"no version is in what the sources state"}
	}
	var spans, closed []perlver.OSVEvent
	var single []perlver.Version
	for _, r := range runs {
		from := r.From
		if r.After {
			next := after(of.Dist, r)
			if next == "" {
				warnings = append(warnings, "no range is given for what begins above "+r.From.String()+": OSV cannot leave out the version that a range begins with, and no release above it is known")
				continue
			}
			warnings = append(warnings, "the range above "+r.From.String()+" begins with "+next+", the next known release: OSV cannot leave out the version that a range begins with")
			if from, err = perlver.Parse(next); err != nil {
				continue // it was read before
			}
		}
		begin := perlver.OSVEvent{Introduced: from.String()}
		switch {
		case !r.To.IsZero() && !r.Before && from.Equal(r.To):
			// A single version needs no order to be found by.
			single = append(single, from)
		case r.To.IsZero():
			spans = append(spans, begin)
		case r.Before:
			spans = append(spans, begin, perlver.OSVEvent{Fixed: r.To.String()})
		default:
			closed = append(closed, begin, perlver.OSVEvent{LastAffected: r.To.String()})
		}
	}
	// The schema wants fixed and last_affected in ranges of their own.
	for _, events := range [][]perlver.OSVEvent{spans, closed} {
		if len(events) > 0 {
			ranges = append(ranges, perlver.OSVRange{Type: "ECOSYSTEM", Events: events})
		}
	}
	return ranges, with(list, single), warnings
}

// after is the first known release in a run that does not have its beginning.
func after(d *index.Dist, r advisory.Run) string {
	for i := range d.Releases {
		v := &d.Releases[i].Parsed
		if v.IsZero() || len(v.Warnings()) > 0 || v.Compare(r.From) <= 0 {
			continue
		}
		if !r.To.IsZero() && (v.Compare(r.To) > 0 || r.Before && v.Equal(r.To)) {
			return ""
		}
		return v.String()
	}
	return ""
}

// with adds versions that sources name to the list, each at its place in the
// order, unless it is there.
func with(list []string, more []perlver.Version) []string {
	have := make(map[string]bool, len(list))
	for _, text := range list {
		have[text] = true
	}
	more = slices.DeleteFunc(more, func(v perlver.Version) bool { return have[v.String()] })
	if len(more) == 0 {
		return list
	}
	for _, text := range list {
		if v, err := perlver.Parse(text); err == nil { // as all that are known to be affected
			more = append(more, v)
		}
	}
	slices.SortStableFunc(more, func(v, w perlver.Version) int {
		return cmp.Or(v.Compare(w), strings.Compare(v.String(), w.String()))
	})
	all := make([]string, len(more))
	for i, v := range more {
		all[i] = v.String()
	}
	return all
}
