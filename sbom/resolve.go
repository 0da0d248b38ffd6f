package sbom

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
	"nacre/purl"
)

// Resolve makes a build bill of a source bill: what is required as a range
// becomes the release that a lock file pins, or that is installed, with what
// that one needs in turn. What is not there stays a range, and so does what is
// there at a version that the range does not allow, which is told to
// opt.Notice; the root's dependencies are known incompletely then. Everything
// else of the source bill stays.
func Resolve(ctx context.Context, source *bom.Bill, in Input, opt Options) (*bom.Bill, error) {
	if source.Root == nil {
		return nil, fault.New(fault.Invalid, "resolve a bill: it does not say what it is of").
			WithHint("name a source bill, as nacre sbom make writes of a release or a checkout")
	}
	opt.Type, opt.Phases = bom.Build, Phases()
	m := newMaker(ctx, in, opt)
	for _, c := range source.Components {
		if c.Version == "" {
			m.asked = append(m.asked, slices.Sorted(maps.Keys(modulesOf(c)))...)
		}
	}
	found, err := m.make()
	if err != nil {
		return nil, err
	}
	r := resolver{maker: m, source: source, found: found, chosen: map[string]*bom.Component{}, open: map[string]bool{}}
	r.index()
	r.choose()
	b := r.bill()
	return b, m.identify(b)
}

// resolver puts releases in the place of ranges.
type resolver struct {
	*maker
	source, found *bom.Bill
	// dists and modules find what is there.
	dists   map[string]*bom.Component
	modules map[cpan.Module]*bom.Component
	chosen  map[string]*bom.Component // by the ref of the range
	open    map[string]bool           // refs of what stays a range
}

// index finds each component of the found bill by distribution and module.
func (r *resolver) index() {
	r.dists, r.modules = map[string]*bom.Component{}, map[cpan.Module]*bom.Component{}
	for i := range r.inv.Components {
		c, n := &r.inv.Components[i], r.byIndex[i]
		if n == nil || n.Version == "" || n == r.root {
			continue
		}
		if c.Kind == inventory.Exact && !c.Guessed {
			if _, ok := r.dists[string(c.Dist)]; !ok {
				r.dists[string(c.Dist)] = n.Component
			}
		}
		if c.Kind == inventory.Exact {
			for _, module := range c.Modules {
				r.modules[module] = n.Component
			}
		}
	}
}

// modulesOf are the modules that a component is required for.
func modulesOf(c *bom.Component) map[cpan.Module]bool {
	out := map[cpan.Module]bool{}
	if m, err := cpan.ParseModule(c.Name); err == nil && c.PURL == "" {
		out[m] = true
	}
	for _, p := range c.Properties {
		if p.Name != "cpan:prereq" {
			continue
		}
		if f := strings.SplitN(p.Value, "/", 4); len(f) == 4 {
			out[cpan.Module(f[2])] = true
		}
	}
	return out
}

// choose finds the release for each range.
func (r *resolver) choose() {
	for _, c := range r.source.Components {
		if c.Version != "" {
			continue
		}
		there := r.there(c)
		switch {
		case c.Type == "platform" && c.Name == "perl":
			there = r.perlOf()
		case there == nil && c.Property("cpan:dependency:kind") == "out-of-ecosystem":
			continue
		}
		if there == nil {
			r.open[c.Ref] = true
			r.notice("nothing here resolves " + c.Ref)
			continue
		}
		allowed, err := perlver.ParseVers(c.Range)
		v, bad := perlver.Parse(upstreamVersion(there))
		if err != nil || bad != nil || !allowed.Accepts(v) {
			r.open[c.Ref] = true
			r.notice(fmt.Sprintf("%s is here at %s, which %s does not allow: it stays unresolved", c.Ref, there.Version, c.Range))
			continue
		}
		r.chosen[c.Ref] = there
	}
}

// there is what is here of a required component, nil for nothing.
func (r *resolver) there(c *bom.Component) *bom.Component {
	if p, err := purl.Parse(c.PURL); err == nil && p.IsCPAN() {
		if there := r.dists[p.Name()]; there != nil {
			return there
		}
	}
	var all *bom.Component
	for module := range modulesOf(c) {
		there := r.modules[module]
		if there == nil {
			if n := r.runs; n != nil {
				if part := r.coreModule(n, module); part != n && part.Ref != "" {
					there = part.Component
				}
			}
		}
		if there == nil || all != nil && there != all {
			return nil // not all of it is here, or in several
		}
		all = there
	}
	return all
}

// perlOf is the perl of the found bill, nil where its version is not known.
func (r *resolver) perlOf() *bom.Component {
	if n := r.runs; n != nil && n.Version != "" {
		return n.Component
	}
	return nil
}

// upstreamVersion is the version of the release that a component is, or that a
// package of the system was built from.
func upstreamVersion(c *bom.Component) string {
	if p := c.Pedigree; p != nil && len(p.Ancestors) == 1 && c.Property("cpan:dist:origin") == "os" {
		return p.Ancestors[0].Version
	}
	return c.Version
}
