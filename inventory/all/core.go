package all

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// perl is one that is here, or that the project is known to run on.
type perl struct {
	component int
	// ships is the perl of the table, or the lowest one that a minimum allows;
	// zero where the table has none.
	ships corelist.Perl
	layer layer             // whose perl it is; zero for one that is not in the tree
	core  map[cpan.Dist]int // to the components of its own copies
}

// addPerls finds the perls. One that the caller names, or else that is in the
// tree, or else that the project declares, runs the project.
func (l *linker) addPerls() error {
	inv := l.inv
	for i := range inv.Components {
		if c := &inv.Components[i]; c.Kind == inventory.Interpreter {
			l.perls = append(l.perls, &perl{component: i, layer: layerOfComponent(c)})
		}
	}
	// PATH has usr/local before the system's, and others nowhere.
	slices.SortStableFunc(l.perls, func(a, b *perl) int {
		order := func(p *perl) int {
			switch c := &inv.Components[p.component]; {
			case strings.HasPrefix(c.Place, "usr/local/"):
				return 0
			case c.Package != nil, strings.HasPrefix(c.Place, "usr/"):
				return 1
			}
			return 2
		}
		return order(a) - order(b)
	})
	if l.opt.Perl == "" && len(l.perls) > 0 {
		c := &inv.Components[l.perls[0].component]
		v, err := perlver.Parse(c.Version)
		if err == nil {
			_, in := corelist.Find(v)
			inv.Perl = inventory.Perl{Version: v, From: first(c.Evidence).String(), InTable: in}
		}
	} else {
		p, at, err := perlOf(inv, l.opt)
		if err != nil {
			return err
		}
		inv.Perl = p
		c := inventory.Component{Kind: inventory.Interpreter, Dist: "perl", Scope: inventory.Runtime}
		if p.AtLeast {
			r, _ := perlver.ParseRequirement(p.Version.String())
			c.Requirement = &r
		} else {
			c.Version = p.Version.String()
		}
		if !p.Version.IsZero() {
			c.Evidence = []inventory.Evidence{at}
		}
		known := slices.IndexFunc(l.perls, func(q *perl) bool { return sameVersion(inv.Components[q.component].Version, c.Version) })
		if known >= 0 { // it is in the tree
			named := l.perls[known]
			l.perls = slices.Insert(slices.Delete(l.perls, known, known+1), 0, named)
		} else {
			l.perls = slices.Insert(l.perls, 0, &perl{component: l.add(c)})
		}
	}
	for i, p := range l.perls {
		c := &inv.Components[p.component]
		v, err := perlver.Parse(c.Version)
		if i == 0 {
			v, err = inv.Perl.Version, nil
		}
		switch {
		case err != nil || v.IsZero():
			c.Notes = append(c.Notes, "nothing here says which perl runs the project")
			continue
		case v.Compare(corelist.Newest()) > 0:
		case i == 0 && inv.Perl.AtLeast:
			for p.ships = range corelist.AtLeast(v) {
				break
			}
		default:
			p.ships, _ = corelist.Find(v)
		}
		if p.ships.IsZero() {
			c.Notes = append(c.Notes, fmt.Sprintf("it is not in the table of core modules, which ends with %s: what it ships is not known", corelist.Newest()))
		}
	}
	return nil
}

// atLeast reports whether p is known as a minimum only.
func (l *linker) atLeast(p *perl) bool { return p == l.perls[0] && l.inv.Perl.AtLeast }

// askOwners asks the table, once, for the distributions of all modules that
// are required or that perl ships.
func (l *linker) askOwners(ctx context.Context) error {
	var modules []cpan.Module
	recorded := map[cpan.Module]bool{}
	for i := range l.inv.Components {
		switch c := &l.inv.Components[i]; {
		case c.ByName:
			modules = append(append(modules, cpan.ModuleFromDist(c.Dist)), c.Modules...)
		case c.Kind == inventory.Exact:
			for _, m := range c.Modules {
				recorded[m] = true
			}
		}
	}
	for _, e := range l.inv.Edges {
		if e.To < 0 && !recorded[e.Module] && e.Module != "perl" {
			modules = append(modules, e.Module)
		}
	}
	for _, p := range l.perls {
		for m := range p.ships.Modules() {
			modules = append(modules, m)
		}
	}
	for i := range l.inv.Found {
		modules = append(modules, l.inv.Found[i].Module)
	}
	slices.Sort(modules)
	modules = slices.Compact(modules)
	dists, err := l.opt.Modules.OwnersOf(ctx, modules)
	if err != nil {
		return fmt.Errorf("ask for the distributions of modules: %w", err)
	}
	for i, d := range dists {
		if d != "" {
			l.owners.Add(modules[i], d)
		}
	}
	return nil
}

// addCore adds the distributions of which a perl ships copies, but for those
// that the lock or an installed copy shadows: perl looks at what was installed
// first.
func (l *linker) addCore(ctx context.Context, p *perl) error {
	p.core = map[cpan.Dist]int{}
	here := l.inv.Components[p.component].Ships
	for m := range p.ships.Modules() {
		d, ok := l.owners.OwnerOf(m)
		if !ok || d == "perl" || l.shadows(p, m, d) {
			continue
		}
		if here != nil {
			if _, in := slices.BinarySearch(here, m); !in {
				continue // packaged apart, and not installed
			}
		}
		if _, err := l.coreModule(ctx, p, d, m); err != nil {
			return err
		}
	}
	return nil
}

// shadows reports whether perl p loads a copy of d, or of its module m, that is
// not its own. Where p is in the tree, that is a copy that every program run by
// p finds; where it is not, what the project has is what it loads.
func (l *linker) shadows(p *perl, m cpan.Module, d cpan.Dist) bool {
	release := releaseOf(&l.inv.Components[p.component])
	for _, i := range slices.Concat(l.copies[d], l.holders[m]) {
		in := layerOfComponent(&l.inv.Components[i])
		if p.layer.perl == "" || in.perl == p.layer.perl && in.foundBy(release) {
			return true
		}
	}
	return false
}

// coreModule gives the component of perl's copy of a distribution, made at
// need, which holds the module m.
func (l *linker) coreModule(ctx context.Context, p *perl, d cpan.Dist, m cpan.Module) (int, error) {
	i, ok := p.core[d]
	if !ok {
		c, err := l.coreOf(ctx, p, d, m)
		if err != nil {
			return 0, err
		}
		i = l.add(c)
		p.core[d] = i
	}
	l.name(i, m)
	return i, nil
}

// coreOf describes perl's copy of a distribution with the module m, at the
// version of its main module, or of all modules below that.
func (l *linker) coreOf(ctx context.Context, p *perl, d cpan.Dist, m cpan.Module) (inventory.Component, error) {
	in := &l.inv.Components[p.component]
	c := inventory.Component{Kind: inventory.Core, Dist: d, Scope: inventory.Shipped, Place: in.Place, Package: in.Package}
	if p.ships.IsZero() {
		c.Notes = []string{"part of perl, of which the version is not known"}
		return c, nil
	}
	c.Evidence = []inventory.Evidence{{How: "Module::CoreList, " + l.perlText(p)}}
	main, err := l.mainOf(ctx, d)
	if err != nil {
		return c, err
	}
	versions, always := l.ships(p, main)
	whose := string(main)
	if len(versions) == 0 || !always && !livesAsLong(main, m) {
		versions, always = l.shipsBelow(p, main, d)
		whose = "all modules below " + whose
	}
	versions = slices.DeleteFunc(versions, func(v string) bool { return v == "" })
	switch {
	case len(versions) == 0:
		c.Notes = []string{fmt.Sprintf("some perl ships modules of it without %s, or with one that has no version: the version is not known", main)}
	case !l.atLeast(p):
		c.Version = versions[0]
		c.Notes = []string{fmt.Sprintf("the version is that of %s", whose)}
	default:
		c.Shipped = versions
		c.Notes = []string{fmt.Sprintf("%s; the versions are those of %s", l.perlText(p), whose)}
		if c.MayLack = !always; c.MayLack {
			c.Notes = append(c.Notes, fmt.Sprintf("not every one of these perls ships %s", whose))
		}
	}
	return c, nil
}

// perlText names the perl that ships something: "perl 5.36.0 and later".
func (l *linker) perlText(p *perl) string {
	s := "perl " + strings.TrimPrefix(p.ships.Number.Normal(), "v")
	if l.atLeast(p) {
		s += " and later"
	}
	return s
}

// ships gives the versions of a module that a perl can ship, "" for one without
// a version; always is false where it may not ship it.
func (l *linker) ships(p *perl, m cpan.Module) (versions []string, always bool) {
	switch {
	case p.ships.IsZero():
		return nil, false
	case l.atLeast(p):
		return corelist.VersionsSince(l.inv.Perl.Version, m)
	}
	v, ok := p.ships.Version(m)
	if !ok {
		return nil, false
	}
	return []string{v}, true
}

// livesAsLong reports whether the perls that ship m ship main. Where they do
// not, main's versions are not all that the distribution can have: IO::Compress
// came to perl long after the rest of IO-Compress.
func livesAsLong(main, m cpan.Module) bool {
	a, ok := corelist.Lookup(main)
	b, in := corelist.Lookup(m)
	switch {
	case !ok || !in:
		return !in
	case a.First.Number.Compare(b.First.Number) > 0:
		return false
	case a.Removed.IsZero():
		return true
	}
	return !b.Removed.IsZero() && a.Removed.Number.Compare(b.Removed.Number) >= 0
}

// shipsBelow is ships of the modules of a distribution whose names begin with
// its main module's, where they all agree: older IO-Compress has no IO::Compress.
func (l *linker) shipsBelow(p *perl, main cpan.Module, d cpan.Dist) (versions []string, always bool) {
	first := true
	for m := range p.ships.Modules() {
		if owner, ok := l.owners.OwnerOf(m); !ok || owner != d || !strings.HasPrefix(string(m), string(main)+"::") {
			continue
		}
		v, a := l.ships(p, m)
		if !first && !slices.Equal(v, versions) {
			return nil, false
		}
		versions, always, first = v, a, false
	}
	return versions, always
}

// fromPerl reports whether perl's own copy meets the requirement of an edge.
// Without a lock, a copy that is too old, or may be, is not the answer: an
// installer would fetch another. With one it is, because nothing else is there.
func (l *linker) fromPerl(e inventory.Edge, r perlver.Requirement) bool {
	p := l.perls[0]
	if p.ships.IsZero() {
		_, ever := corelist.Lookup(e.Module)
		return ever && l.by != nothing
	}
	versions, always := l.ships(p, e.Module)
	enough := len(versions)
	if !r.IsAny() {
		enough = 0
		for _, text := range versions {
			if v, err := perlver.Parse(text); err == nil && r.Accepts(v) {
				enough++
			}
		}
	}
	if l.by == nothing {
		return always && enough == len(versions)
	}
	if len(versions) > 0 && enough == 0 {
		l.notice([]inventory.Evidence{e.Evidence}, "%s %s is required, and perl ships %s", e.Module, e.Range, versions[len(versions)-1])
	}
	return len(versions) > 0
}
