package meta

import (
	"cmp"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// Merged is what several requirements of one module come to.
type Merged struct {
	Module      cpan.Module
	Requirement perlver.Requirement // all of them; any version where Err is set
	From        []int               // which of the requirements that were given these are
	// Err names the module and says why nothing can meet them: two contradict
	// each other, or one cannot be read.
	Err error
}

// maxClauses bounds what one module's requirements are joined of; people write
// up to twenty, in some files.
const maxClauses = 2000

// Merge joins requirements of the same module, so that all must hold, and
// gives them by module. Phases and relations are the caller's to choose:
// conflicts are ranges to stay out of, and joining them with requirements
// makes no sense. What names no module at all is given as it is.
func Merge(prereqs []Prereq) []Merged {
	at := map[cpan.Module]int{}
	var all []Merged
	var clauses []int // of each
	for n, p := range prereqs {
		i, ok := at[p.Module]
		if !ok || p.Module == "" {
			i = len(all)
			all, clauses = append(all, Merged{Module: p.Module}), append(clauses, 0)
			at[p.Module] = i
		}
		m := &all[i]
		m.From = append(m.From, n)
		clauses[i] += 1 + strings.Count(p.Range, ",")
		switch {
		case m.Err != nil:
		case p.Err != nil:
			m.Err = p.Err
		case !ok:
			m.Requirement = p.Requirement
		case clauses[i] > maxClauses:
			m.Requirement = perlver.Requirement{}
			m.Err = fault.New(fault.Invalid, "%s: more than %d clauses (limit: clauses of a module)", m.Module, maxClauses).
				WithHint("no distribution needs as many; check that the files are the right ones")
		default:
			both, err := m.Requirement.And(p.Requirement)
			if err != nil {
				m.Err = fault.Wrap(fault.Invalid, err, "no version of %s meets all", m.Module).
					WithHint("change one of the requirements, so that a version can meet them all")
			}
			m.Requirement = both
		}
	}
	slices.SortStableFunc(all, func(a, b Merged) int { return cmp.Compare(a.Module, b.Module) })
	return all
}
