package advisory

// Words gives the statement's affected and fixed ranges in the source's own
// words, cut where they are long; each is empty where nothing is stated.
func (s *Statement) Words() (affected, fixed string) { return s.quoteAffected(), s.quoteFixed() }
