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

// addPerl adds the interpreter, and finds the perl of the table that stands for
// it.
func (l *linker) addPerl() error {
	p, at, err := perlOf(l.inv, l.opt)
	if err != nil {
		return err
	}
	l.inv.Perl = p
	perl := inventory.Component{Kind: inventory.Interpreter, Dist: "perl", Scope: inventory.Runtime}
	if p.AtLeast {
		r, _ := perlver.ParseRequirement(p.Version.String())
		perl.Requirement = &r
	} else {
		perl.Version = p.Version.String()
	}
	switch {
	case p.Version.IsZero():
		perl.Notes = []string{"nothing here says which perl runs the project"}
	case !p.InTable:
		perl.Notes = []string{fmt.Sprintf("it is not in the table of core modules, which ends with %s: what it ships is not known", corelist.Newest())}
	}
	if !p.Version.IsZero() {
		perl.Evidence = []inventory.Evidence{at}
	}
	l.interpreter = l.add(perl)
	if !p.InTable {
		return nil
	}
	for lowest := range corelist.AtLeast(p.Version) { // an exact one is the lowest
		l.perl = lowest
		break
	}
	return nil
}

// askOwners asks the table, once, for the distributions of all modules that
// are required or that perl ships.
func (l *linker) askOwners(ctx context.Context) error {
	var modules []cpan.Module
	for _, e := range l.inv.Edges {
		if _, ok := l.provides[e.Module]; !ok && e.Module != "perl" {
			modules = append(modules, e.Module)
		}
	}
	for m := range l.perl.Modules() {
		modules = append(modules, m)
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

// addCore adds the distributions of which perl ships copies, but for those
// that the lock shadows: perl looks at what was installed first.
func (l *linker) addCore(ctx context.Context) error {
	for m := range l.perl.Modules() {
		d, ok := l.owners.OwnerOf(m)
		_, shadowed := l.exact[d]
		if _, provided := l.provides[m]; !ok || shadowed || provided || d == "perl" {
			continue
		}
		if _, err := l.coreModule(ctx, d, m); err != nil {
			return err
		}
	}
	return nil
}

// coreModule gives the component of perl's copy of a distribution, made at
// need, which holds the module m.
func (l *linker) coreModule(ctx context.Context, d cpan.Dist, m cpan.Module) (int, error) {
	i, ok := l.core[d]
	if !ok {
		c, err := l.coreOf(ctx, d, m)
		if err != nil {
			return 0, err
		}
		i = l.add(c)
		l.core[d] = i
	}
	l.name(i, m)
	return i, nil
}

// coreOf describes perl's copy of a distribution with the module m, at the
// version of its main module, or of all modules below that.
func (l *linker) coreOf(ctx context.Context, d cpan.Dist, m cpan.Module) (inventory.Component, error) {
	c := inventory.Component{Kind: inventory.Core, Dist: d, Scope: inventory.Shipped}
	if l.perl.IsZero() {
		c.Notes = []string{"part of perl, of which the version is not known"}
		return c, nil
	}
	c.Evidence = []inventory.Evidence{{How: "Module::CoreList, " + l.perlText()}}
	main, err := l.opt.Modules.Main(ctx, d)
	if err != nil {
		return c, fmt.Errorf("ask for the main module of %s: %w", d, err)
	}
	if main == "" {
		main = cpan.Module(strings.ReplaceAll(string(d), "-", "::"))
	}
	versions, always := l.ships(main)
	whose := string(main)
	if len(versions) == 0 || !always && !livesAsLong(main, m) {
		versions, always = l.shipsBelow(main, d)
		whose = "all modules below " + whose
	}
	versions = slices.DeleteFunc(versions, func(v string) bool { return v == "" })
	switch {
	case len(versions) == 0:
		c.Notes = []string{fmt.Sprintf("some perl ships modules of it without %s, or with one that has no version: the version is not known", main)}
	case !l.inv.Perl.AtLeast:
		c.Version = versions[0]
		c.Notes = []string{fmt.Sprintf("the version is that of %s", whose)}
	default:
		c.Shipped = versions
		c.Notes = []string{fmt.Sprintf("%s; the versions are those of %s", l.perlText(), whose)}
		if c.MayLack = !always; c.MayLack {
			c.Notes = append(c.Notes, fmt.Sprintf("not every one of these perls ships %s", whose))
		}
	}
	return c, nil
}

// perlText names the perl that ships something: "perl 5.36.0 and later".
func (l *linker) perlText() string {
	s := "perl " + strings.TrimPrefix(l.perl.Number.Normal(), "v")
	if l.inv.Perl.AtLeast {
		s += " and later"
	}
	return s
}

// ships gives the versions of a module that the project's perl can ship, ""
// for one without a version; always is false where it may not ship it.
func (l *linker) ships(m cpan.Module) (versions []string, always bool) {
	switch {
	case l.perl.IsZero():
		return nil, false
	case l.inv.Perl.AtLeast:
		return corelist.VersionsSince(l.inv.Perl.Version, m)
	}
	v, ok := l.perl.Version(m)
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
func (l *linker) shipsBelow(main cpan.Module, d cpan.Dist) (versions []string, always bool) {
	first := true
	for m := range l.perl.Modules() {
		if owner, ok := l.owners.OwnerOf(m); !ok || owner != d || !strings.HasPrefix(string(m), string(main)+"::") {
			continue
		}
		v, a := l.ships(m)
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
	if l.perl.IsZero() {
		_, ever := corelist.Lookup(e.Module)
		return ever && l.locked
	}
	versions, always := l.ships(e.Module)
	enough := len(versions)
	if !r.IsAny() {
		enough = 0
		for _, text := range versions {
			if v, err := perlver.Parse(text); err == nil && r.Accepts(v) {
				enough++
			}
		}
	}
	if !l.locked {
		return always && enough == len(versions)
	}
	if len(versions) > 0 && enough == 0 {
		l.notice([]inventory.Evidence{e.Evidence}, "%s %s is required, and perl ships %s", e.Module, e.Range, versions[len(versions)-1])
	}
	return len(versions) > 0
}
