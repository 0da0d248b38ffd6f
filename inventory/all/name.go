package all

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/inventory/ospkg"
)

// nameFound makes components of the modules that were found without a record.
// Modules that the module table knows are of the distribution that it says.
// What it does not know is of the distribution of the package that carries it, by
// the package's papers, or by its name and modules; without a package, of the module that its name begins with, where that has the
// same version or it has none itself; else it is called by its own name.
func (l *linker) nameFound(ctx context.Context) error {
	if err := l.spell(ctx, l.rename()); err != nil {
		return err
	}
	n := namer{
		linker: l, groups: map[groupKey]*group{}, only: map[*inventory.Package]*group{},
		byModule: map[moduleAt]*group{}, several: map[string]bool{},
	}
	n.countPerls()
	found := l.inv.Found
	slices.SortFunc(found, func(a, b inventory.Found) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(a.File, b.File))
	})
	for i := range found {
		n.known(&found[i])
	}
	for i := range found {
		n.unknown(&found[i])
	}
	for _, g := range n.order {
		if g.guessed && g.pkg != nil {
			if g.dist = g.pkg.Dist; g.dist == "" {
				g.dist = distOfPackage(g.pkg.Name, g.modules)
			}
		}
	}
	for _, g := range n.order {
		if err := n.component(ctx, g); err != nil {
			return err
		}
	}
	l.inv.Found = nil
	return nil
}

// rename gives components whose distribution was told from their modules' names
// the one that the table knows: an installer's record calls libwww-perl LWP. It
// gives those that keep their names.
func (l *linker) rename() (kept []int) {
next:
	for i := range l.inv.Components {
		c := &l.inv.Components[i]
		if c.ByName {
			for _, m := range append([]cpan.Module{cpan.ModuleFromDist(c.Dist)}, c.Modules...) {
				if d, ok := l.owners.OwnerOf(m); ok && d != "perl" {
					c.Dist = d
					continue next
				}
			}
		}
		kept = append(kept, i)
	}
	return kept
}

// namer puts modules into groups, each a distribution.
type namer struct {
	*linker
	groups map[groupKey]*group
	order  []*group
	// only is the one known distribution of a package, nil where it has several.
	only map[*inventory.Package]*group
	// byModule finds the group of a module in a place.
	byModule map[moduleAt]*group
	several  map[string]bool // prefixes of several perls
}

// groupKey tells distributions apart: the same one may be there in several
// packages and places.
type groupKey struct {
	dist    cpan.Dist
	pkg     *inventory.Package
	place   string // "" where a package says where it belongs
	guessed bool
}

type moduleAt struct {
	module cpan.Module
	place  string
}

type group struct {
	groupKey
	modules []*inventory.Found
}

// where is the place that a module shares with others of its distribution:
// those for one architecture are in a folder of their own, and so are those for
// one perl where a prefix has several.
func (n *namer) where(f *inventory.Found) string {
	if f.Package != nil {
		return ""
	}
	in := layerOf(f.Place)
	if in.perl == "" {
		return f.Place
	}
	if !n.several[in.perl] {
		in.version = ""
	}
	return fmt.Sprint(in)
}

// countPerls finds the prefixes with folders for several perls.
func (n *namer) countPerls() {
	first := map[string]string{}
	for i := range n.inv.Found {
		in := layerOf(n.inv.Found[i].Place)
		switch v := first[in.perl]; {
		case in.perl == "" || in.version == "":
		case v == "":
			first[in.perl] = in.version
		case !sameRelease(v, in.version):
			n.several[in.perl] = true
		}
	}
}

func (n *namer) add(key groupKey, f *inventory.Found) {
	g, ok := n.groups[key]
	if !ok {
		g = &group{groupKey: key}
		n.groups[key] = g
		n.order = append(n.order, g)
		if key.pkg != nil && !key.guessed {
			if _, other := n.only[key.pkg]; other {
				n.only[key.pkg] = nil
			} else {
				n.only[key.pkg] = g
			}
		}
	}
	g.modules = append(g.modules, f)
	n.byModule[moduleAt{f.Module, n.where(f)}] = g
}

// known places a module that the table knows. Modules of perl itself that were
// installed by themselves have no other distribution's name.
func (n *namer) known(f *inventory.Found) {
	if d, ok := n.owners.OwnerOf(f.Module); ok && d != "perl" {
		n.add(groupKey{dist: d, pkg: f.Package, place: n.where(f)}, f)
	}
}

// unknown places a module that the table does not know.
func (n *namer) unknown(f *inventory.Found) {
	if d, ok := n.owners.OwnerOf(f.Module); ok && d != "perl" {
		return
	}
	if f.Package != nil {
		if g := n.only[f.Package]; g != nil {
			g.modules = append(g.modules, f)
		} else {
			n.add(groupKey{pkg: f.Package, guessed: true}, f)
		}
		return
	}
	if g := n.ancestor(f); g != nil {
		g.modules = append(g.modules, f)
		n.byModule[moduleAt{f.Module, n.where(f)}] = g
		return
	}
	n.add(groupKey{dist: cpan.DistFromModule(f.Module), place: n.where(f), guessed: true}, f)
}

// ancestor is the group of the nearest module that the name of f begins with.
func (n *namer) ancestor(f *inventory.Found) *group {
	name := string(f.Module)
	for {
		at := strings.LastIndex(name, "::")
		if at < 0 {
			return nil
		}
		name = name[:at]
		g, ok := n.byModule[moduleAt{cpan.Module(name), n.where(f)}]
		if !ok {
			continue
		}
		for _, m := range g.modules {
			if string(m.Module) == name && (f.Version == "" || f.Version == m.Version) {
				return g
			}
		}
		return nil
	}
}

// distOfPackage names the distribution of a package whose modules nobody knows:
// the package's own name tells which of them is the main one, as libfoo-bar-perl,
// perl-foo-bar and perl-Foo-Bar do, but for the case. Else it is the shortest.
func distOfPackage(name string, modules []*inventory.Found) cpan.Dist {
	bare := name
	if b, ok := strings.CutPrefix(name, "lib"); ok {
		bare = strings.TrimSuffix(b, "-perl")
	}
	bare = strings.TrimPrefix(bare, "perl-")
	var begins, shortest cpan.Dist
	for _, f := range modules {
		d := cpan.DistFromModule(f.Module)
		switch {
		case strings.EqualFold(string(d), bare):
			return d
		case begins == "" && len(d) > len(bare) && d[len(bare)] == '-' && strings.EqualFold(string(d[:len(bare)]), bare):
			begins = d[:len(bare)]
		}
		if shortest == "" || len(d) < len(shortest) {
			shortest = d
		}
	}
	return cmp.Or(begins, shortest)
}

// component makes the component of a group.
func (n *namer) component(ctx context.Context, g *group) error {
	l := n.linker
	main, err := l.mainOf(ctx, g.dist)
	if err != nil {
		return err
	}
	best := g.modules[0]
	for _, f := range g.modules {
		if f.Module == main {
			best = f
			break
		}
		// The shortest name with a version stands for the others.
		if (best.Version == "" || len(f.Module) < len(best.Module)) && f.Version != "" {
			best = f
		}
	}
	if best.Unread && best.Version == "" {
		ospkg.Read(l.fsys, best)
	}
	c := inventory.Component{
		Kind: inventory.Exact, Dist: g.dist, Version: best.Version, Place: best.Place, Package: g.pkg, ByName: true, Scope: inventory.Runtime,
		Evidence: []inventory.Evidence{{File: best.File, How: "by name"}},
	}
	if g.pkg != nil {
		c.Evidence[0].How = g.pkg.Manager + " " + g.pkg.Name + " " + g.pkg.Version
	}
	switch {
	case best.Version == "" && g.pkg != nil && g.pkg.Upstream != "":
		c.Version = g.pkg.Upstream
		c.Notes = append(c.Notes, fmt.Sprintf("the version is the upstream part of the package's; %s", noVersion(best)))
	case best.Version != "" && best.From != "":
		c.Notes = append(c.Notes, fmt.Sprintf("%s states the version of %s", best.From, best.Module))
	case best.Dynamic:
		c.Notes = append(c.Notes, noVersion(best))
	case best.Version == "":
		c.Notes = append(c.Notes, "none of its modules states a version")
	case best.Module != main:
		c.Notes = append(c.Notes, fmt.Sprintf("the version is that of %s", best.Module))
	}
	switch {
	case g.guessed && g.pkg != nil && g.dist == g.pkg.Dist:
		c.Evidence = append(c.Evidence, inventory.Evidence{How: "the papers of the package name the distribution"})
	case g.guessed:
		c.Guessed = true
		c.Notes = append(c.Notes, "the distribution is guessed from the module's name")
	}
	for _, f := range g.modules {
		if k := len(c.Modules); k == 0 || c.Modules[k-1] != f.Module {
			c.Modules = append(c.Modules, f.Module)
		}
	}
	slices.Sort(c.Modules)
	c.Modules = slices.Compact(c.Modules)
	l.add(c)
	return nil
}

// noVersion says why a module's own version is not known.
func noVersion(f *inventory.Found) string {
	if f.Dynamic {
		return fmt.Sprintf("only running %s would tell its version", f.File)
	}
	return fmt.Sprintf("%s states none", f.Module)
}

// mainOf is the main module of a distribution.
func (l *linker) mainOf(ctx context.Context, d cpan.Dist) (cpan.Module, error) {
	main, err := l.opt.Modules.Main(ctx, d)
	if err != nil {
		return "", fmt.Errorf("ask for the main module of %s: %w", d, err)
	}
	if main == "" {
		main = cpan.ModuleFromDist(d)
	}
	return main, nil
}
