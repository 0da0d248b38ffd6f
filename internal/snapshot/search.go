package snapshot

import (
	"slices"
	"strings"

	"nacre/index"
)

// found is what Search compares with of one advisory, in lower case.
type found struct {
	names []string // ids and distributions
	text  string   // all words
}

func (s *Snapshot) prepareSearch() {
	s.found = make([]found, len(s.Model.Advisories))
	for i, a := range s.Model.Advisories {
		f := &s.found[i]
		f.names = append(f.names, a.ID.Key())
		for _, id := range a.Aliases {
			f.names = append(f.names, id.Key())
		}
		for _, of := range a.Dists {
			f.names = append(f.names, strings.ToLower(string(of.Affected.Dist)))
			for _, m := range of.Modules {
				f.names = append(f.names, strings.ToLower(string(m)))
			}
		}
		f.text = strings.ToLower(a.Title) + " " + strings.Join(f.names, " ")
	}
}

// The ranks of what is found, the best first.
const (
	exact  = iota // a name is what was asked
	prefix        // a name begins with it
	words         // all words of it are there
	ranks
)

// Search finds advisories: first those with an id or a distribution of this name,
// then those of which one begins with it, then those that have all its words;
// each in the order of Model.Advisories. Case does not count.
func (s *Snapshot) Search(query string) []*index.Advisory {
	query = strings.ToLower(strings.TrimSpace(query))
	terms := strings.Fields(query)
	if len(terms) == 0 {
		return nil
	}
	var by [ranks][]*index.Advisory
	for i := range s.found {
		f := &s.found[i]
		switch a := s.Model.Advisories[i]; {
		case slices.Contains(f.names, query):
			by[exact] = append(by[exact], a)
		case slices.ContainsFunc(f.names, func(n string) bool { return strings.HasPrefix(n, query) }):
			by[prefix] = append(by[prefix], a)
		case f.has(terms):
			by[words] = append(by[words], a)
		}
	}
	return slices.Concat(by[:]...)
}

func (f *found) has(terms []string) bool {
	for _, t := range terms {
		if !strings.Contains(f.text, t) {
			return false
		}
	}
	return true
}
