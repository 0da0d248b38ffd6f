package all

import (
	"nacre/inventory"
	"nacre/perlver"
)

// tellConflicts says which distributions are here that the project states that
// it does not go with. The range is one of the module's versions; that of its
// distribution is compared, which is the same number as a rule.
func (l *linker) tellConflicts() {
	for _, e := range l.inv.Conflicts {
		i, here := l.provides[e.Module]
		r, err := perlver.ParseRequirement(e.Range)
		if !here || err != nil {
			continue
		}
		c := &l.inv.Components[i]
		if v, err := perlver.Parse(c.Version); !r.IsAny() && (err != nil || !r.Accepts(v)) {
			continue
		}
		stated := string(e.Module)
		if !r.IsAny() {
			stated += " " + r.String()
		}
		l.notice([]inventory.Evidence{e.Evidence}, "%s is here, and the project states a conflict with %s", c.Ref(), stated)
	}
}
