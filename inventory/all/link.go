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

// linker holds what linking needs to look up.
type linker struct {
	inv    *inventory.Inventory
	opt    Options
	locked bool

	resolve  cpan.Resolver
	provides map[cpan.Module]int // to a component with an exact version
	exact    map[cpan.Dist]int   // likewise
	required map[cpan.Dist]int   // to a component known by requirements only
	core     map[cpan.Dist]int   // to perl's own copy
	ranges   map[int][]string    // what is asked of a component of required
	named    map[named]bool      // what a component of required or core names
	perl     corelist.Perl       // the exact perl, or the lowest that the minimum allows
}

// named is a module, or evidence, of a component.
type named struct {
	component int
	module    cpan.Module
	at        inventory.Evidence
}

func link(ctx context.Context, inv *inventory.Inventory, opt Options, locked bool) error {
	if opt.Owner == nil {
		opt.Owner = func(cpan.Module) (cpan.Dist, bool) { return "", false }
	}
	if opt.Main == nil {
		opt.Main = func(cpan.Dist) (cpan.Module, bool) { return "", false }
	}
	l := &linker{
		inv: inv, opt: opt, locked: locked,
		provides: map[cpan.Module]int{}, exact: map[cpan.Dist]int{}, required: map[cpan.Dist]int{}, core: map[cpan.Dist]int{},
		ranges: map[int][]string{}, named: map[named]bool{},
	}
	l.resolve.Add(cpan.FromAdvisories, owner(opt.Owner))
	for i, c := range inv.Components {
		for _, m := range c.Modules {
			if other, twice := l.provides[m]; twice && inv.Components[other].Dist != c.Dist {
				l.notice(c.Evidence, "%s and %s both provide %s", inv.Components[other].Ref(), c.Ref(), m)
				continue
			}
			l.provides[m] = i
		}
		l.exact[c.Dist] = i
	}
	var err error
	if inv.Perl, err = perlOf(inv, opt); err != nil {
		return err
	}
	l.addPerl()
	l.linkEdges()
	l.require()
	if err := ctx.Err(); err != nil {
		return err
	}
	l.scopes()
	if locked {
		for i := range inv.Notices {
			inv.Notices[i].Partial = false // the lock says what was installed
		}
	}
	l.sort()
	return nil
}

// owner makes a function a cpan.Owner.
type owner func(cpan.Module) (cpan.Dist, bool)

func (f owner) OwnerOf(m cpan.Module) (cpan.Dist, bool) { return f(m) }

func (l *linker) notice(at []inventory.Evidence, format string, args ...any) {
	n := inventory.Notice{Text: fmt.Sprintf(format, args...)}
	if len(at) > 0 {
		n.At = at[0]
	}
	l.inv.Notices = append(l.inv.Notices, n)
}

func (l *linker) add(c inventory.Component) int {
	l.inv.Components = append(l.inv.Components, c)
	return len(l.inv.Components) - 1
}

// addPerl adds the interpreter and the distributions of which it ships copies.
func (l *linker) addPerl() {
	p := l.inv.Perl
	perl := inventory.Component{
		Kind: inventory.Interpreter, Dist: "perl", Scope: inventory.Runtime,
		Evidence: []inventory.Evidence{{How: p.From}},
	}
	switch {
	case p.Version.IsZero():
		perl.Evidence = nil
		perl.Notes = []string{"nothing here says which perl runs the project"}
	case p.AtLeast:
		r, _ := perlver.ParseRequirement(p.Version.String())
		perl.Requirement = &r
	default:
		perl.Version = p.Version.String()
	}
	l.add(perl)
	if !p.InTable {
		return
	}
	if p.AtLeast {
		for lowest := range corelist.AtLeast(p.Version) {
			l.perl = lowest
			break
		}
	} else {
		l.perl, _ = corelist.Find(p.Version)
	}
	for m := range l.perl.Modules() {
		d, ok := l.opt.Owner(m)
		if _, hidden := l.exact[d]; !ok || hidden || d == "perl" {
			continue
		}
		i := l.coreOf(d)
		l.name(i, m)
	}
}

// name adds a module to a component that does not have it yet.
func (l *linker) name(i int, m cpan.Module) {
	if key := (named{component: i, module: m}); !l.named[key] {
		l.named[key] = true
		l.inv.Components[i].Modules = append(l.inv.Components[i].Modules, m)
	}
}

// coreOf gives the component of perl's copy of a distribution, made at need.
func (l *linker) coreOf(d cpan.Dist) int {
	if i, ok := l.core[d]; ok {
		return i
	}
	c := inventory.Component{Kind: inventory.Core, Dist: d, Scope: inventory.Shipped}
	main, ok := l.opt.Main(d)
	if !ok {
		main = cpan.Module(strings.ReplaceAll(string(d), "-", "::"))
	}
	switch version, ships := l.perl.Version(main); {
	case l.perl.IsZero():
		c.Notes = []string{"part of perl, of which the version is not known"}
	case !ships || version == "":
		c.Notes = []string{fmt.Sprintf("perl ships modules of it, but not %s with a version: the distribution's version is not known", main)}
	case l.inv.Perl.AtLeast:
		c.Shipped = shippedSince(l.inv.Perl.Version, main)
		c.Notes = []string{fmt.Sprintf("perl %s or later; the versions are those of %s", l.inv.Perl.Version, main)}
	default:
		c.Version = version
		c.Notes = []string{fmt.Sprintf("the version is that of %s", main)}
	}
	if !l.perl.IsZero() {
		how := "Module::CoreList, perl " + l.perl.Number.Normal()[1:]
		if l.inv.Perl.AtLeast {
			how += " and later"
		}
		c.Evidence = []inventory.Evidence{{How: how}}
	}
	l.core[d] = l.add(c)
	return l.core[d]
}

// shippedSince gives the versions of a module in the perls from a minimum on,
// each once, oldest perl first.
func shippedSince(minimum perlver.Version, m cpan.Module) []string {
	var out []string
	seen := map[string]bool{}
	for p := range corelist.AtLeast(minimum) {
		if v, ok := p.Version(m); ok && v != "" && !seen[v] {
			seen[v] = true
			out = append(out, v)
		}
	}
	return out
}

// linkEdges sets the target of every edge, adding components for what nothing
// provides. Requirements of perl itself and of the project's own modules are
// dropped.
func (l *linker) linkEdges() {
	own := map[cpan.Module]bool{}
	for _, m := range l.inv.Own {
		own[m] = true
	}
	kept := l.inv.Edges[:0]
	for _, e := range l.inv.Edges {
		if e.Module == "perl" || own[e.Module] {
			continue
		}
		e.To = l.target(e)
		if e.To == e.From {
			continue
		}
		if e.From < 0 {
			l.inv.Components[e.To].Direct = true
		}
		kept = append(kept, e)
	}
	l.inv.Edges = kept
}

func (l *linker) target(e inventory.Edge) int {
	if i, ok := l.provides[e.Module]; ok {
		return i
	}
	answer := l.resolve.Resolve(e.Module)
	if i, ok := l.exact[answer.Dist]; ok && answer.Source != cpan.FromGuess {
		return i
	}
	r, err := perlver.ParseRequirement(e.Range)
	if i, ok := l.fromPerl(e, answer, r); ok {
		return i
	}
	if l.locked && e.Scope <= inventory.Merged {
		l.notice([]inventory.Evidence{e.Evidence}, "the lock has nothing that provides %s; is it out of date?", e.Module)
	}
	return l.byRequirement(e, answer, err)
}

// fromPerl gives the component of a module that perl ships. Without a lock, a
// copy that is too old, or may be, is not the answer: an installer would fetch
// another.
func (l *linker) fromPerl(e inventory.Edge, answer cpan.Answer, r perlver.Requirement) (int, bool) {
	if l.perl.IsZero() {
		if _, ever := corelist.Lookup(e.Module); !ever || !l.locked {
			return 0, false
		}
	} else {
		version, ships := l.perl.Version(e.Module)
		v, err := perlver.Parse(version)
		enough := r.IsAny() || err == nil && r.Accepts(v)
		if !ships || !l.locked && (!enough || l.inv.Perl.AtLeast) {
			return 0, false
		}
		if !enough && !l.inv.Perl.AtLeast {
			l.notice([]inventory.Evidence{e.Evidence}, "%s %s is required, and perl ships %s", e.Module, e.Range, version)
		}
	}
	d := answer.Dist
	if answer.Source == cpan.FromGuess {
		// Not in the advisory data: nothing is known against it.
		d = "perl"
	}
	if d == "perl" {
		return l.interpreter(), true
	}
	i := l.coreOf(d)
	l.name(i, e.Module)
	return i, true
}

func (l *linker) interpreter() int {
	return slices.IndexFunc(l.inv.Components, func(c inventory.Component) bool { return c.Kind == inventory.Interpreter })
}

// byRequirement gives the component of a module that is known by what is
// required of it.
func (l *linker) byRequirement(e inventory.Edge, answer cpan.Answer, unread error) int {
	i, ok := l.required[answer.Dist]
	if !ok {
		c := inventory.Component{Kind: inventory.Required, Dist: answer.Dist, Scope: inventory.Develop}
		if answer.Source == cpan.FromGuess {
			c.Notes = append(c.Notes, "the distribution is guessed from the module's name")
			c.Notes = append(c.Notes, answer.Warnings...)
		}
		i = l.add(c)
		l.required[answer.Dist] = i
	}
	l.name(i, e.Module)
	c := &l.inv.Components[i]
	if key := (named{component: i, at: e.Evidence}); !l.named[key] {
		l.named[key] = true
		c.Evidence = append(c.Evidence, e.Evidence)
	}
	switch {
	case unread != nil:
		c.Notes = append(c.Notes, fmt.Sprintf("%q of %s cannot be read and is taken as any version", e.Range, e.Module))
	case e.Range != "":
		l.ranges[i] = append(l.ranges[i], e.Range)
	}
	return i
}

// require gives the components of required what all their ranges together ask.
func (l *linker) require() {
	for _, i := range l.required {
		c := &l.inv.Components[i]
		r, err := perlver.ParseRequirement(strings.Join(l.ranges[i], ", "))
		if err != nil {
			c.Notes = append(c.Notes, fmt.Sprintf("the requirements contradict each other: %v", err))
			r = perlver.Requirement{}
		}
		c.Requirement = &r
	}
}
