package output

import (
	"cmp"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/scan"
)

// sections sorts findings into those that a format shows in detail, the ones
// that a range merely admits, the ones that could not be judged, and the
// silenced ones. The worst come first, component by component; what the
// baseline has is only counted.
type sections struct{ open, admits, unjudged, ignored []*scan.Finding }

func (s *stream) sections() sections {
	var out sections
	for i := range s.findings {
		switch f := &s.findings[i]; {
		case f.Ignored != nil:
			out.ignored = append(out.ignored, f)
		case f.Known:
		case f.Admits:
			out.admits = append(out.admits, f)
		case f.Verdict == advisory.StatusUnknown && !f.Counts:
			out.unjudged = append(out.unjudged, f)
		default:
			out.open = append(out.open, f)
		}
	}
	for _, list := range [...][]*scan.Finding{out.open, out.admits, out.unjudged} {
		worstFirst(list)
	}
	return out
}

// ranks are severities, the worst first. One that nobody states comes after
// high, as which it counts.
var ranks = [...]advisory.Severity{
	advisory.SeverityCritical, advisory.SeverityHigh, advisory.SeverityUnknown, advisory.SeverityMedium, advisory.SeverityLow,
}

func rank(s advisory.Severity) int {
	if i := slices.Index(ranks[:], s); i >= 0 {
		return i
	}
	return len(ranks)
}

// worstFirst sorts findings by component, the one with the worst finding
// first, and each component's by severity. What is equal stays in order.
func worstFirst(findings []*scan.Finding) {
	worst := map[string]int{}
	for _, f := range findings {
		r := rank(f.Advisory.Severity)
		if w, seen := worst[seat(&f.Component)]; !seen || r < w {
			worst[seat(&f.Component)] = r
		}
	}
	place := map[string]int{}
	for _, f := range findings {
		if _, seen := place[seat(&f.Component)]; !seen {
			place[seat(&f.Component)] = len(place)
		}
	}
	slices.SortStableFunc(findings, func(a, b *scan.Finding) int {
		return cmp.Or(
			cmp.Compare(worst[seat(&a.Component)], worst[seat(&b.Component)]),
			cmp.Compare(place[seat(&a.Component)], place[seat(&b.Component)]),
			cmp.Compare(rank(a.Advisory.Severity), rank(b.Advisory.Severity)),
		)
	})
}

// headline says in some words what the scan comes to.
func headline(s *stream) string {
	sum := s.summary
	if sum == nil {
		return "the scan did not finish, what follows is incomplete"
	}
	if sum.Affected+sum.Contradictory == 0 {
		said := []string{"no known vulnerabilities"}
		switch {
		case s.config.Database.Starter:
			said[0] = "nothing found, but only the built-in starter set was used"
		case sum.Partial:
			said[0] = "nothing found, but the answer is incomplete"
		case sum.Hidden > 0:
			said[0] = "nothing found of what is seen to be loaded"
		case sum.Known > 0:
			said[0] = "nothing new"
		}
		for _, c := range []struct {
			n    int
			what string
		}{
			{sum.Unknown - s.withheld(), "could not be judged"},
			{s.withheld(), "may be mended in the package"},
			{sum.Admits, "may apply, depending on the version"},
			{sum.Known, "known before"},
			{sum.Ignored, "ignored"},
			{sum.Hidden, "left out by --only-loaded"},
		} {
			if c.n > 0 {
				said = append(said, number(c.n)+" "+c.what)
			}
		}
		return strings.Join(said, "; ")
	}
	var severities [len(ranks) + 1]int
	components := map[string]bool{}
	for i := range s.findings {
		if f := &s.findings[i]; decided(f) {
			severities[rank(f.Advisory.Severity)]++
			components[seat(&f.Component)] = true
		}
	}
	said := count(sum.Affected+sum.Contradictory, "known vulnerability", "known vulnerabilities") +
		" in " + count(len(components), "component", "components")
	if by := graded(&severities); by != "" {
		said += ": " + by
	}
	if sum.Hidden > 0 {
		said += "; " + number(sum.Hidden) + " left out by --only-loaded"
	}
	if sum.Partial {
		said += "; the answer is incomplete"
	}
	return said
}

// mood is "bad" where something is found, "good" where nothing is and nothing is
// open or left out either, else "unsure".
func (s *stream) mood() string {
	switch sum := s.summary; {
	case sum == nil || sum.Affected+sum.Contradictory > 0:
		return "bad"
	case sum.Status != 0 || sum.Unknown > 0 || sum.Hidden > 0:
		return "unsure"
	}
	return "good"
}

// graded counts by severity, the worst first: "1 critical, 3 high".
func graded(severities *[len(ranks) + 1]int) string {
	var all []string
	for i, severity := range ranks {
		if n := severities[i]; n > 0 {
			all = append(all, number(n)+" "+word(severity))
		}
	}
	return list(all)
}

// outlook says what can be done about it, "" where nothing is found.
func outlook(s *stream) string {
	var all, counting, mended, blocked, named, packaged int
	for i := range s.findings {
		f := &s.findings[i]
		if !decided(f) {
			continue
		}
		all++
		if f.Counts {
			counting++
		}
		fix := s.fixOf(f)
		switch {
		case mends(fix, f.Advisory.ID):
			mended++
		case f.Vendor != nil:
			if f.Vendor.Fixed != "" {
				packaged++
			}
		case fix != nil && len(fix.Blocked) > 0 && !fix.remains[f.Advisory.ID.Key()]:
			blocked++
		case len(f.Fixed.Versions) > 0:
			named++
		}
	}
	if all == 0 {
		return ""
	}
	var said []string
	if mended == all {
		said = append(said, "the fix plan mends all of them")
	} else if mended > 0 {
		said = append(said, "the fix plan mends "+number(mended)+" of them")
	}
	if blocked > 0 {
		said = append(said, "a requirement is in the way of mending "+number(blocked))
	}
	if named > 0 {
		said = append(said, count(named, "has a fixed release that the plan cannot reach", "have fixed releases that the plan cannot reach"))
	}
	if packaged > 0 {
		said = append(said, "newer packages mend "+number(packaged))
	}
	if none := all - mended - blocked - named - packaged; none > 0 {
		said = append(said, "no fix is known for "+number(none))
	}
	if counting < all {
		said = append(said, number(counting)+" of "+number(all)+" decide the exit status")
	}
	return sentence(strings.Join(said, "; "))
}

// withheld counts the findings that only vendors of packages can tell about.
func (s *stream) withheld() int {
	n := 0
	for i := range s.findings {
		if f := &s.findings[i]; isWithheld(f) && f.Ignored == nil && !f.Known {
			n++
		}
	}
	return n
}

// untold counts the findings of which the text does not say whether what is flawed
// is loaded, because nothing tells.
func (s *stream) untold() int {
	n := 0
	for i := range s.findings {
		if f := &s.findings[i]; f.Ignored == nil && !f.Known && untold(f) {
			n++
		}
	}
	return n
}

// warns says whether a notice is more than information.
func warns(n *scan.Notice) bool { return n.Level == "warning" || n.Partial }

// warningsFirst are notices, warnings first, and else in their order.
func warningsFirst(notices []scan.Notice) []scan.Notice {
	var warnings, others []scan.Notice
	for i := range notices {
		if n := notices[i]; warns(&n) {
			warnings = append(warnings, n)
		} else {
			others = append(others, n)
		}
	}
	return append(warnings, others...)
}

// decided says whether a finding is one of those that the summary calls
// affected or contradictory.
func decided(f *scan.Finding) bool {
	return f.Ignored == nil && !f.Known && !f.Admits && f.Verdict >= advisory.StatusContradictory
}

// word is a severity for people.
func word(s advisory.Severity) string {
	if s == advisory.SeverityUnknown {
		return "unrated"
	}
	return s.String()
}

// sentence gives a text a capital and a full stop.
func sentence(s string) string {
	if s == "" {
		return s
	}
	if s[0] >= 'a' && s[0] <= 'z' {
		s = string(s[0]-'a'+'A') + s[1:]
	}
	return stopped(s)
}

// stopped gives a text a full stop, if it does not end with one.
func stopped(s string) string {
	if !strings.HasSuffix(s, ".") {
		s += "."
	}
	return s
}
