package perlver

// Range says of every version whether it is in a set: the affected ones, the
// fixed ones, those that a requirement accepts. The zero Range states nothing
// and is Unknown for every version.
//
// It is an ordered list of rules, each a conjunction of clauses with an
// outcome, and an outcome for versions that no rule speaks about. The first
// rule whose clauses all hold decides. Where one before it may hold, because
// a clause of it is unknown, and would decide otherwise, the answer is
// Unknown.
type Range struct {
	clauses   []clause // of all rules, one after the other
	warnings  []string
	otherwise Truth // the outcome of versions that no rule speaks about
	stated    stated
}

// stated tells a range that says nothing from one that says nothing is in it.
type stated int8

const (
	notStated   stated = iota // unknown for every version
	statedEmpty               // no statement was made, and that means: none
	statedRules
)

// clause is one condition of a rule.
type clause struct {
	op      op
	last    bool  // the rule ends here,
	outcome Truth // and this is its outcome
	v       Version
}

// op compares a version with the clause's.
type op uint8

const (
	anyVersion op = iota
	equal
	notEqual
	less
	lessOrEqual
	greater
	greaterOrEqual
	unreadable // the text of v says what and why
)

// holds evaluates one clause.
func (c *clause) holds(v *Version) Truth {
	switch c.op {
	case anyVersion:
		return True
	case unreadable:
		return Unknown
	}
	order := compare(v, &c.v)
	switch c.op {
	case equal:
		return truth(order == 0)
	case notEqual:
		return truth(order != 0)
	case less:
		return truth(order < 0)
	case lessOrEqual:
		return truth(order <= 0)
	case greater:
		return truth(order > 0)
	default:
		return truth(order >= 0)
	}
}

// unread makes the clause of a text that cannot be read.
func unread(text, reason string) clause {
	return clause{op: unreadable, v: Version{text: "clause " + quote(text) + ": " + reason}}
}

// compareWith makes the clause "op text", or one that cannot be read where
// text is no version without a doubt.
func compareWith(o op, text string) clause {
	v, err := ParseExact(text)
	if err != nil {
		return unread(text, reasonOf(err))
	}
	return clause{op: o, v: v}
}

// reasonOf is the reason of a *ParseError without the text, which the caller
// names.
func reasonOf(err error) string {
	if p, ok := err.(*ParseError); ok {
		return p.Reason
	}
	return err.Error()
}

// rule adds a rule; without clauses it always holds.
func (r *Range) rule(outcome Truth, clauses ...clause) {
	r.stated = statedRules
	if len(clauses) == 0 {
		r.clauses = append(r.clauses, clause{})
	}
	r.clauses = append(r.clauses, clauses...)
	end := &r.clauses[len(r.clauses)-1]
	end.last, end.outcome = true, outcome
}

// mostWarnings bounds what hostile input can make a range say.
const mostWarnings = 32

func (r *Range) warn(message string) {
	switch n := len(r.warnings); {
	case n < mostWarnings:
		r.warnings = append(r.warnings, message)
	case n == mostWarnings:
		r.warnings = append(r.warnings, "further warnings are left out")
	}
}

// Contains says whether v is in the range. Where that is Unknown, the text
// says why and names the clause; else it is empty. The zero Version is Unknown
// in every range.
func (r Range) Contains(v Version) (Truth, string) {
	switch {
	case v.IsZero():
		return Unknown, "no version to look for"
	case r.stated == notStated:
		return Unknown, "no range is stated"
	}
	var doubts [3]*clause // by the outcome that a rule would have, its unknown clause
	rule, met := True, (*clause)(nil)
	for i := range r.clauses {
		c := &r.clauses[i]
		if rule != False {
			switch c.holds(&v) {
			case False:
				rule = False
			case Unknown:
				if rule == True {
					rule, met = Unknown, c
				}
			}
		}
		if !c.last {
			continue
		}
		if rule == True {
			return settle(c.outcome, doubts, "the status of the matching entry is unknown")
		}
		if rule == Unknown && doubts[c.outcome] == nil {
			doubts[c.outcome] = met
		}
		rule = True
	}
	return settle(r.otherwise, doubts, "no entry matches, and the default status is unknown")
}

// settle is the answer where a rule gives outcome and those before it may hold.
func settle(outcome Truth, doubts [3]*clause, why string) (Truth, string) {
	for t, c := range doubts {
		if c != nil && Truth(t) != outcome {
			return Unknown, c.v.text
		}
	}
	if outcome == Unknown {
		return Unknown, why
	}
	return outcome, ""
}

// Warnings says what was read with a doubt: a bare version in fixed_versions,
// entries that overlap, events without an order. What could not be read at all
// is in Unreadable.
func (r Range) Warnings() []string { return r.warnings }

// Unreadable lists the clauses that could not be read, each with the reason.
func (r Range) Unreadable() []string {
	var texts []string
	for i := range r.clauses {
		if c := &r.clauses[i]; c.op == unreadable {
			texts = append(texts, c.v.text)
		}
	}
	return texts
}

// IsZero says that no statement was made: an empty list.
func (r Range) IsZero() bool { return r.stated != statedRules }

// Bounds gives the versions that the clauses name, unsorted, some perhaps twice:
// between two that are neighbours in the order Contains gives one answer.
func (r Range) Bounds() []Version {
	var bounds []Version
	for i := range r.clauses {
		if c := &r.clauses[i]; c.op != anyVersion && c.op != unreadable {
			bounds = append(bounds, c.v)
		}
	}
	return bounds
}
