package advisory

// Words gives the statement's affected and fixed ranges in the source's own
// words, cut where they are long; each is empty where nothing is stated.
func (s *Statement) Words() (affected, fixed string) { return s.quoteAffected(), s.quoteFixed() }

// WholeWords gives what Words does, uncut.
func (s *Statement) WholeWords() (affected, fixed string) {
	is, mends := quote{whole: true}, quote{whole: true}
	s.affectedTo(&is)
	s.fixedTo(&mends)
	return is.b.String(), mends.b.String()
}

// LeadingWords gives what the most authoritative source that states affected
// versions says of them, and of fixed ones, in its own words and uncut: what all
// of its statements name, "<1.3 | >=2.0,<2.4". Each is empty where nothing is
// stated.
func (a *Affected) LeadingWords() (affected, fixed string) {
	for i := 0; i < len(a.Statements) && affected == ""; {
		var is, mends words
		// One source's statements stand together.
		for source := a.Statements[i].Source; i < len(a.Statements) && a.Statements[i].Source == source; i++ {
			is.add(a.Statements[i].affectedTo)
			mends.add(a.Statements[i].fixedTo)
		}
		affected, fixed = is.all.b.String(), mends.all.b.String()
	}
	return affected, fixed
}

// words are what several statements say, each thing once.
type words struct {
	all  quote
	said map[string]bool
}

func (w *words) add(statement func(*quote)) {
	one := quote{whole: true}
	statement(&one)
	text := one.b.String()
	if text == "" || w.said[text] {
		return
	}
	if w.said == nil {
		w.all.whole, w.said = true, map[string]bool{}
	}
	w.said[text] = true
	w.all.add(text)
}
