package review

import (
	"slices"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/index"
)

// byHarm are the kinds of contradiction in order of harm: first what makes people
// believe that they are safe, then what makes them look in vain.
func byHarm() []merge.Kind {
	return []merge.Kind{
		merge.Unreadable, merge.NoRange, merge.MatchNone, merge.Disagree, merge.Overlap,
		merge.Doubtful, merge.Gap, merge.Reused, merge.OtherDist, merge.MatchAll,
		merge.Repeated, merge.BadRelease,
	}
}

func harm(rule string) int { return slices.Index(byHarm(), merge.Kind(rule)) }

// doubts lists what in the data cannot be right as it stands.
func (l *list) doubts() {
	for _, c := range l.in.Model.Ledger.Contradictions {
		it := Item{
			Kind: Contradictory, Rule: string(c.Kind), ID: c.Record, Dist: c.Dist, Where: c.Where,
			Text: c.Text, Hint: hintOf(c.Kind),
		}
		if c.Record != "" {
			a := l.in.Model.ByID(c.Record)
			if a == nil || a.IsWithdrawn() || settled(a, &c) {
				continue
			}
			if c.Kind == merge.OpenEnd {
				it.Kind, it.Since = Unfixed, newer(a, &c)
			}
		}
		l.add(it)
	}
}

// settled says whether a correction decides what a contradiction is about.
func settled(a *index.Advisory, c *merge.Contradiction) bool {
	switch c.Kind {
	case merge.OtherDist, merge.Repeated, merge.Reused, merge.BadRelease:
		return false // not about a range
	}
	of := a.For(c.Dist)
	return of != nil && len(of.Statements) > 0 && merge.IsCuration(a.Sources[of.Statements[0].Source].Name)
}

// newer is the day of the first known release after the last affected one.
func newer(a *index.Advisory, c *merge.Contradiction) advisory.Date {
	for _, of := range a.Dists {
		if of.Dist.Name != c.Dist {
			continue
		}
		for i, s := range slices.Backward(of.Status) {
			if s == advisory.StatusAffected && i+1 < len(of.Dist.Releases) {
				return advisory.DateOf(of.Dist.Releases[i+1].Date)
			}
		}
	}
	return advisory.Date{}
}

// hintOf says what to do about a kind of contradiction.
func hintOf(k merge.Kind) string {
	switch k {
	case merge.Unreadable, merge.NoRange, merge.Doubtful:
		return "Find out what is meant, correct the range, and tell the source."
	case merge.MatchNone:
		return "Look whether the operators are turned round, or the versions are another distribution's; then correct the range."
	case merge.MatchAll:
		return "Look whether the latest release is mended; if not, that is right."
	case merge.OpenEnd:
		return "Look whether the newer ones are mended; then correct the range, and tell the source."
	case merge.Overlap, merge.Gap:
		return "Look when it was mended, correct the range, and tell the source."
	case merge.Disagree:
		return "Look which of them is right, correct the range, and tell the other."
	case merge.OtherDist, merge.Reused, merge.Repeated:
		return "Tell the source; where ids of one flaw stay apart, link them."
	}
	return "Tell the source; such releases are judged as unknown."
}
