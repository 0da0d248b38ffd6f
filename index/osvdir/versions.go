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
			from = after(of.Dist, r)
			warnings = append(warnings, "the range above "+r.From.String()+" begins with "+from.String()+": OSV cannot leave out the version that a range begins with")
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

// after is where a run begins that does not have its beginning: just above that,
// with v1.300.0.1 above 1.3, or with a known release that lies between. What begins
// above 0 begins with 0, which is OSV's word for all there is, unless a release has
// that version.
func after(d *index.Dist, r advisory.Run) perlver.Version {
	next, zero := perlver.Between(r.From, r.To), true
	for i := range d.Releases {
		v := d.Releases[i].Parsed
		switch {
		case v.IsZero() || len(v.Warnings()) > 0:
		case v.Equal(r.From):
			zero = false
		case v.Compare(r.From) > 0 && v.Compare(next) < 0:
			next = v
		}
	}
	if zero && r.From.String() == "0" {
		return r.From
	}
	return next
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
