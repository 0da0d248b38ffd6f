package advice

// Rule is one thing that a check looks at.
type Rule struct {
	ID    string
	Area  string // "" where a check has one
	Level Level
	What  string // what should be so
	Why   string // why it matters
}

// Rules are the rules of a check, in order of id.
type Rules []Rule

// Find makes a finding of a rule. An id without a rule gives a note.
func (rs Rules) Find(id, file string, line int, title, how string) Finding {
	r := rs.Of(id)
	return Finding{ID: id, Area: r.Area, Level: r.Level, Title: title, Why: r.Why, How: how, File: file, Line: line}
}

// Of gives the rule of an id.
func (rs Rules) Of(id string) Rule {
	for _, r := range rs {
		if r.ID == id {
			return r
		}
	}
	return Rule{ID: id, Level: Note}
}
