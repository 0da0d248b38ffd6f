package sbom

import (
	"context"
	"maps"
	"slices"

	"nacre/bom"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/purl"
)

// Choose makes the inventory that an installer would make of a source bill: of
// each distribution the newest release that the mirror's index names and that
// all ranges allow, with what that one's META requires at run time in turn.
// Where no release is allowed, or the index does not know the module, there is
// none, and Resolve says so. A range that a release asked for stays, also where
// another release is chosen in its place later: nothing is tried twice over. perl
// is the version of the perl that it is for, "" not known.
func Choose(ctx context.Context, source *bom.Bill, mirror Mirror, perl string) (*inventory.Inventory, error) {
	c := chooser{ctx: ctx, mirror: mirror, wanted: map[cpan.Dist]*want{}}
	for _, r := range source.Components {
		if r.Version != "" || r.Type == "platform" {
			continue
		}
		allowed, err := perlver.ParseVers(r.Range)
		if err != nil {
			continue // Resolve leaves it as it is
		}
		if p, err := purl.Parse(r.PURL); err == nil && p.IsCPAN() {
			c.want(cpan.Dist(p.Name()), "", allowed)
			continue
		}
		for _, module := range slices.Sorted(maps.Keys(modulesOf(r))) {
			if d, ok := mirror.OwnerOf(module); ok && d != "perl" {
				c.want(d, module, allowed)
			}
		}
	}
	for len(c.open) > 0 {
		d := c.open[0]
		c.open = c.open[1:]
		if err := c.pick(d); err != nil {
			return nil, err
		}
	}
	return c.inventory(perl), nil
}

// chooser chooses releases until every range is met.
type chooser struct {
	ctx    context.Context
	mirror Mirror
	wanted map[cpan.Dist]*want
	open   []cpan.Dist // to be chosen, or chosen anew
}

// want is what is asked of a distribution, and the release that is chosen.
type want struct {
	allowed  perlver.Requirement
	modules  []cpan.Module
	release  cpan.Release // the zero Release is none
	requires []inventory.Edge
	tries    int
}

const (
	maxChosen = 20_000 // distributions
	maxTries  = 50     // of one: each time its ranges have become narrower
)

// want adds a range to what is asked of a distribution. Ranges that contradict
// each other leave it without a release.
func (c *chooser) want(d cpan.Dist, module cpan.Module, allowed perlver.Requirement) {
	w := c.wanted[d]
	if w == nil {
		w = &want{}
		c.wanted[d] = w
		c.open = append(c.open, d)
	}
	if module != "" && !slices.Contains(w.modules, module) {
		w.modules = append(w.modules, module)
	}
	both, err := w.allowed.And(allowed)
	if err != nil {
		w.tries, w.release, w.requires = maxTries, cpan.Release{}, nil
		return
	}
	w.allowed = both
	if v, err := perlver.Parse(w.release.Version); w.release.Version != "" && (err != nil || !both.Accepts(v)) {
		c.open = append(c.open, d)
	}
}

// pick chooses a release, and asks for what it requires.
func (c *chooser) pick(d cpan.Dist) error {
	if err := c.ctx.Err(); err != nil {
		return err
	}
	if len(c.wanted) > maxChosen {
		return fault.New(fault.Invalid, "resolve a bill: more than %d distributions (limit: distributions)", maxChosen).
			WithHint("resolve it with a lock file, which says what is installed")
	}
	w := c.wanted[d]
	w.release, w.requires = cpan.Release{}, nil
	if w.tries++; w.tries > maxTries {
		return nil
	}
	var newest perlver.Version
	for _, r := range c.mirror.Releases(d) {
		v, err := perlver.ParseExact(r.Version)
		if err == nil && !r.Developer && w.allowed.Accepts(v) && (w.release.Path == "" || v.Compare(newest) > 0) {
			w.release, newest = r, v
		}
	}
	if w.release.Path == "" {
		return nil
	}
	known, err := c.mirror.Release(c.ctx, w.release.Path)
	if err != nil || known.Facts == nil || known.Facts.Meta == nil {
		if fault.KindOf(err) == fault.Canceled && err != nil {
			return err
		}
		return nil // what it requires is not known, which Make says
	}
	for _, p := range known.Facts.Meta.Prereqs {
		if inventory.ScopeOf(p) != inventory.Runtime || p.Module == "" || p.Module == "perl" {
			continue
		}
		w.requires = append(w.requires, inventory.Edge{
			Module: p.Module, Range: p.Range, Scope: inventory.Runtime, Phase: p.Phase, Relation: p.Relation,
			Evidence: inventory.Evidence{How: known.Facts.MetaFile, Line: p.Line},
		})
		if owner, ok := c.mirror.OwnerOf(p.Module); ok && owner != "perl" && owner != d {
			c.want(owner, p.Module, p.Requirement)
		}
	}
	return nil
}

// inventory lists what was chosen, in the order of distributions.
func (c *chooser) inventory(perl string) *inventory.Inventory {
	inv := &inventory.Inventory{}
	interpreter := -1
	if perl != "" {
		interpreter = 0
		inv.Components = append(inv.Components, inventory.Component{
			Kind: inventory.Interpreter, Dist: "perl", Version: perl, Scope: inventory.Runtime, Evidence: []inventory.Evidence{{How: "--perl"}},
		})
	}
	at := map[cpan.Dist]int{}
	for _, d := range slices.Sorted(maps.Keys(c.wanted)) {
		w := c.wanted[d]
		at[d] = len(inv.Components)
		n := inventory.Component{
			Kind: inventory.Exact, Dist: d, Version: w.release.Version, Author: w.release.Author, Path: w.release.Path,
			Modules: w.modules, Scope: inventory.Runtime, Evidence: []inventory.Evidence{{How: howIndex}},
		}
		if w.release.Path == "" {
			n.Kind, n.Requirement = inventory.Required, &w.allowed
		}
		slices.Sort(n.Modules)
		inv.Components = append(inv.Components, n)
	}
	for _, d := range slices.Sorted(maps.Keys(c.wanted)) {
		for _, e := range c.wanted[d].requires {
			owner, known := c.mirror.OwnerOf(e.Module)
			to, ok := at[owner]
			switch {
			case known && owner == "perl", !known && shipped(perl, e):
				to, ok = interpreter, interpreter >= 0
			case !known: // required, and nobody knows of what it is
				r, _ := perlver.ParseRequirement(e.Range)
				owner = cpan.DistFromModule(e.Module)
				if to, ok = at["module "+owner]; !ok {
					to, ok = len(inv.Components), true
					at["module "+owner] = to
					inv.Components = append(inv.Components, inventory.Component{
						Kind: inventory.Required, Dist: owner, Guessed: true, Requirement: &r, Modules: []cpan.Module{e.Module},
						Scope: inventory.Runtime, Evidence: []inventory.Evidence{e.Evidence},
					})
				}
			}
			if ok && to != at[d] {
				e.From, e.To = at[d], to
				inv.Edges = append(inv.Edges, e)
			}
		}
	}
	return inv
}

// shipped reports whether a perl ships what an edge asks for.
func shipped(perl string, e inventory.Edge) bool {
	v, err := perlver.Parse(perl)
	if err != nil {
		return false
	}
	table, ok := corelist.Find(v)
	if !ok {
		return false
	}
	text, ok := table.Version(e.Module)
	if !ok {
		return false
	}
	r, err := perlver.ParseRequirement(e.Range)
	has, _ := perlver.Parse(text) // a module without a version has version 0
	return err == nil && r.Accepts(has)
}

// howIndex is the evidence of what was chosen by the index.
const howIndex = "02packages.details.txt"
