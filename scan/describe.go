package scan

import (
	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// describe is a component as findings name it.
func (r *run) describe(i int, res *result) Component {
	c := &r.inv.Components[i]
	named := *c
	named.Dist = res.dist // which the database may know better
	d := Component{
		Ref: c.Ref(), Dist: res.dist, Version: c.Version, Kind: c.Kind.String(), Scope: c.Scope.String(),
		Direct: c.Direct, Itself: c.Itself, Modules: c.Modules, Evidence: c.Evidence, PURL: named.PURL(),
		Place: c.Place, ByName: c.ByName, Package: c.Package, InBill: c.InBill,
	}
	switch {
	case c.Kind == inventory.Interpreter && r.inv.Perl.AtLeast:
		d.Range = ">= " + r.inv.Perl.Version.String()
	case len(c.Shipped) > 0:
		d.Range = between(c.Shipped)
	case c.Version == "" && c.Requirement != nil:
		d.Range = rangeText(c.Requirement)
	}
	d.Notes = append(append(d.Notes, c.Notes...), res.notes...)
	return d
}

// between is the range of some versions.
func between(texts []string) string {
	var least, most perlver.Version
	for _, text := range texts {
		v, _, err := perlver.Approximate(text)
		if err != nil {
			continue
		}
		if least.IsZero() || v.Compare(least) < 0 {
			least = v
		}
		if most.IsZero() || v.Compare(most) > 0 {
			most = v
		}
	}
	switch {
	case least.IsZero():
		return ""
	case least.Equal(most):
		return "== " + least.String()
	}
	return ">= " + least.String() + ", <= " + most.String()
}

// describe is the part of a record that findings show.
func describe(h *hit) Advisory {
	rec := h.record
	a := Advisory{
		ID: rec.ID, Aliases: rec.Aliases, Title: rec.Title, Severity: rec.Severity, CVSS: rec.CVSS, CWEs: rec.CWEs,
		Published: rec.Published, Modified: rec.Modified, Disputed: rec.Disputed, References: rec.References,
		Library: libraryOf(h.affected, h.base),
	}
	if a.Published.IsZero() {
		a.Published = rec.Reported
	}
	for _, s := range rec.Sources {
		name := s.Name
		if s.ID != "" {
			name += " " + s.ID
		}
		a.Sources = append(a.Sources, name)
	}
	a.Affected, a.Fixed = stated(h.affected)
	return a
}

// stated are the affected and the fixed ranges of the leading source: the
// elements of CPANSA's lists, and of other formats the range in one element.
func stated(a *advisory.Affected) (affected, fixed []string) {
	for i := range a.Statements {
		s := &a.Statements[i]
		switch {
		case s.Source != a.Statements[0].Source:
			return affected, fixed
		case s.CPANSA != nil:
			affected = append(affected, s.CPANSA.Affected...)
			fixed = append(fixed, s.CPANSA.Fixed...)
		default:
			words, _ := s.Words()
			affected = append(affected, words)
		}
	}
	return affected, fixed
}

// libraryOf names the bundled library that a flaw is in, with the version
// that the release carries where that is known.
func libraryOf(a *advisory.Affected, v perlver.Version) string {
	if a.Library == nil {
		return ""
	}
	for _, b := range a.Library.Bundled {
		if in, _ := perlver.ParseCPANSA([]string{b.Releases}).Contains(v); in == perlver.True && b.Version != "" {
			return a.Library.Name + " " + b.Version
		}
	}
	return a.Library.Name
}

// mainModule is the module that a distribution is named after, if it is among
// the given ones, else the first of them.
func mainModule(d cpan.Dist, modules []cpan.Module) cpan.Module {
	for _, m := range modules {
		if cpan.DistFromModule(m) == d {
			return m
		}
	}
	if len(modules) > 0 {
		return modules[0]
	}
	return ""
}
