package ospkg

import (
	"cmp"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
)

// perl is what the packages of one build of perl's source have together.
type perl struct {
	manager, version string // of the source package, without epoch
	best             *pkg
	names            []string       // of the packages
	places           map[string]int // modules by folder
	ships            []cpan.Module
}

// The packages that stand for perl, the best first: those that hold the program.
var perlPackages = []string{"perl-interpreter", "perl-base", "perl", "perl-libs"}

func (s *system) partOfPerl(p *pkg, modules []module) {
	version := p.SourceVersion
	if _, rest, ok := strings.Cut(version, ":"); ok {
		version = rest // not every package of RPM tells its source's epoch
	}
	i := slices.IndexFunc(s.perls, func(q *perl) bool { return q.manager == p.Manager && q.version == version })
	if i < 0 {
		i = len(s.perls)
		s.perls = append(s.perls, &perl{manager: p.Manager, version: version, places: map[string]int{}})
	}
	q := s.perls[i]
	rank := func(p *pkg) int {
		if i := slices.Index(perlPackages, p.Name); i >= 0 {
			return i
		}
		return len(perlPackages)
	}
	if q.best == nil || cmp.Or(cmp.Compare(rank(p), rank(q.best)), cmp.Compare(p.Name, q.best.Name)) < 0 {
		q.best = p
	}
	q.names = append(q.names, p.Name)
	for _, m := range modules {
		q.places[m.place]++
		q.ships = append(q.ships, m.name)
	}
}

// addPerls adds the interpreters. A perl's place is the folder that holds the
// most of its modules.
func (s *system) addPerls() {
	for _, q := range s.perls {
		carrier := q.best.Package
		var place string
		for name, n := range q.places {
			if most := q.places[place]; n > most || n == most && name < place {
				place = name
			}
		}
		slices.Sort(q.ships)
		version, _ := upstream(q.manager, q.version)
		c := inventory.Component{
			Kind: inventory.Interpreter, Dist: "perl", Version: version, Place: place, Package: &carrier, Scope: inventory.Runtime,
			Ships:    slices.Compact(q.ships),
			Evidence: []inventory.Evidence{q.best.at},
		}
		if version == "" {
			c.Notes = []string{"which perl the package's version " + q.version + " is cannot be told"}
		}
		slices.Sort(q.names)
		if others := slices.DeleteFunc(slices.Compact(q.names), func(name string) bool { return name == carrier.Name }); len(others) > 0 {
			c.Notes = append(c.Notes, "it stands for the other packages of this perl that hold modules, too: "+strings.Join(others, ", "))
		}
		s.inv.Components = append(s.inv.Components, c)
	}
}
