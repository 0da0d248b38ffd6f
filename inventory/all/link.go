package all

import (
	"context"
	"fmt"
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// authority is what says which distributions are there.
type authority uint8

// The authorities.
const (
	nothing      authority = iota // requirements only: an installer would choose
	installation                  // modules that are installed
	lock                          // a lock, or another list of exact versions
)

// linker holds what linking needs to look up.
type linker struct {
	fsys fs.FS // that was looked at; nil for none
	inv  *inventory.Inventory
	opt  Options
	by   authority

	owners   *cpan.Owners        // of all modules that matter here
	resolve  cpan.Resolver       // asks owners
	provides map[cpan.Module]int // to a component with an exact version
	exact    map[cpan.Dist]int   // likewise
	copies   map[cpan.Dist][]int // all components with an exact version
	holders  map[cpan.Module][]int
	required map[cpan.Dist]int    // to a component known by requirements only
	missing  map[cpan.Module]bool // that nothing provides, though it is required
	lacking  []inventory.Edge     // the first edge to each of these
	ranges   map[int][]string     // what is asked of a component of required
	named    map[named]bool       // what a component of required or core names

	perls []*perl // those that are here; the first one runs the project
}

// named is a module, or evidence, of a component.
type named struct {
	component int
	module    cpan.Module
	at        inventory.Evidence
}

// link makes a whole of what the sources found.
func link(ctx context.Context, fsys fs.FS, inv *inventory.Inventory, opt Options, by authority) error {
	if opt.Modules == nil {
		opt.Modules = noTable{}
	}
	l := &linker{
		fsys: fsys, inv: inv, opt: opt, by: by, owners: cpan.NewOwners(),
		provides: map[cpan.Module]int{}, exact: map[cpan.Dist]int{}, copies: map[cpan.Dist][]int{}, holders: map[cpan.Module][]int{}, required: map[cpan.Dist]int{},
		missing: map[cpan.Module]bool{}, ranges: map[int][]string{}, named: map[named]bool{},
	}
	l.resolve.Add(cpan.FromAdvisories, l.owners)
	if err := l.addPerls(); err != nil {
		return err
	}
	if err := l.askOwners(ctx); err != nil {
		return err
	}
	if err := l.nameFound(ctx); err != nil {
		return err
	}
	l.drop(drift(inv))
	l.drop(shadow(inv))
	l.provide()
	for _, p := range l.perls {
		if err := l.addCore(ctx, p); err != nil {
			return err
		}
	}
	if err := l.linkEdges(ctx); err != nil {
		return err
	}
	l.tellConflicts()
	l.require()
	l.scopes()
	l.sort()
	return nil
}

// provide notes what provides each module. Of several, the one that perl finds
// first does: see layer.
func (l *linker) provide() {
	for i := range l.inv.Components {
		c := &l.inv.Components[i]
		if c.Kind != inventory.Exact {
			continue
		}
		for _, m := range c.Modules {
			l.holders[m] = append(l.holders[m], i)
			if at, twice := l.provides[m]; twice {
				other := &l.inv.Components[at]
				if other.Dist != c.Dist && other.Place == c.Place {
					l.notice(c.Evidence, "%s and %s both provide %s", other.Ref(), c.Ref(), m)
				}
				if layerOfComponent(other).order <= layerOfComponent(c).order {
					continue
				}
			}
			l.provides[m] = i
		}
		l.exact[c.Dist] = i
		l.copies[c.Dist] = append(l.copies[c.Dist], i)
	}
}

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

// name adds a module to a component that does not have it yet.
func (l *linker) name(i int, m cpan.Module) {
	if key := (named{component: i, module: m}); !l.named[key] {
		l.named[key] = true
		l.inv.Components[i].Modules = append(l.inv.Components[i].Modules, m)
	}
}

// linkEdges sets the target of every edge, adding components for what nothing
// provides. Requirements of perl itself are put aside, and those of the project's
// own modules dropped with a notice.
func (l *linker) linkEdges(ctx context.Context) error {
	own := make(map[cpan.Module]bool, len(l.inv.Own))
	for _, m := range l.inv.Own {
		own[m] = true
	}
	kept := l.inv.Edges[:0]
	for _, e := range l.inv.Edges {
		if e.Module == "perl" {
			if e.From < 0 {
				l.inv.OfPerl = append(l.inv.OfPerl, e)
			}
			continue
		}
		if _, locked := l.provides[e.Module]; e.To < 0 && own[e.Module] && !locked {
			// A copy of somebody's module is not seen by what looks at
			// distributions.
			l.notice([]inventory.Evidence{e.Evidence}, "%s is required and provided by the project itself", e.Module)
			continue
		}
		if e.To < 0 { // a bill of materials says itself where it leads
			var err error
			if e.To, err = l.target(ctx, e); err != nil {
				return err
			}
		}
		if e.To == e.From {
			continue
		}
		if e.From < 0 {
			l.inv.Components[e.To].Direct = true
		}
		kept = append(kept, e)
	}
	l.inv.Edges = kept
	l.tellLacking()
	return nil
}

func (l *linker) target(ctx context.Context, e inventory.Edge) (int, error) {
	if i, ok := l.provides[e.Module]; ok {
		return i, nil
	}
	answer := l.resolve.Resolve(e.Module)
	if i, ok := l.exact[answer.Dist]; ok && answer.Source != cpan.FromGuess {
		return i, nil
	}
	r, unread := perlver.ParseRequirement(e.Range)
	if l.fromPerl(e, r) {
		if d := answer.Dist; d != "perl" && answer.Source != cpan.FromGuess {
			return l.coreModule(ctx, l.perls[0], d, e.Module)
		}
		return l.perls[0].component, nil // or not in the advisory data: nothing is known against it
	}
	if l.by != nothing && e.Scope <= inventory.Merged && !l.missing[e.Module] {
		l.missing[e.Module] = true
		l.lacking = append(l.lacking, e)
	}
	return l.byRequirement(e, answer, unread), nil
}

// maxLacking is how many modules that are not there have a notice each. What is
// installed without a part of its requirements lacks many, and each of them is a
// component by requirement all the same.
const maxLacking = 5

// tellLacking says which modules are required and not there.
func (l *linker) tellLacking() {
	text, doubt := "the lock has nothing that provides %s", "; is it out of date?"
	if l.by == installation {
		text, doubt = "nothing that is installed provides %s", ""
	}
	if len(l.lacking) <= maxLacking {
		for _, e := range l.lacking {
			l.notice([]inventory.Evidence{e.Evidence}, text+doubt, e.Module)
		}
		return
	}
	var first []string
	for _, e := range l.lacking[:maxLacking] {
		first = append(first, string(e.Module))
	}
	l.notice([]inventory.Evidence{l.lacking[0].Evidence}, text+doubt, fmt.Sprintf("%d modules that are required: %s, and %d more",
		len(l.lacking), strings.Join(first, ", "), len(l.lacking)-maxLacking))
}

// byRequirement gives the component of a module that is known by what is
// required of it.
func (l *linker) byRequirement(e inventory.Edge, answer cpan.Answer, unread error) int {
	i, ok := l.required[answer.Dist]
	if !ok {
		c := inventory.Component{Kind: inventory.Required, Dist: answer.Dist, Scope: inventory.Develop}
		if answer.Source == cpan.FromGuess {
			c.Guessed = true
			c.Notes = append(c.Notes, "the distribution is guessed from the module's name")
			c.Notes = append(c.Notes, answer.Warnings...)
		}
		i = l.add(c)
		l.required[answer.Dist] = i
	}
	l.name(i, e.Module)
	c := &l.inv.Components[i]
	if e.Elsewhere != "" {
		c.Elsewhere = e.Elsewhere
		c.Notes = append(c.Notes, "taken from "+e.Elsewhere+", not from CPAN: what is known of the releases there may not hold")
	}
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
