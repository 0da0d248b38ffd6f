package bill

import (
	"cmp"

	"nacre/cpan"
	"nacre/inventory"
)

// DistOf guesses the distribution that a package of an operating system
// carries, by its name as the package comment has it: "perl" for a part of
// perl, and "" where the name is none of a package of Perl's. A package without
// Source is built from itself.
func DistOf(p inventory.Package) cpan.Dist {
	p.Source = cmp.Or(p.Source, p.Name)
	if isPerl(&p) {
		return "perl"
	}
	return distOf(&p)
}
