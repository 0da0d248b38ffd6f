package scan

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// unchecked is said of every fix: what a release requires is in its own META,
// which the database does not have.
const unchecked = "prerequisites of the new release not checked"

// plan makes the fix of each distribution that has something to mend.
func (r *run) plan(ctx context.Context) {
	groups := map[cpan.Dist][]*found{}
	var dists []cpan.Dist
	for i := range r.found {
		f := &r.found[i]
		if f.Ignored != nil || f.Component.Package != nil { // a package is updated as such
			continue
		}
		d := f.Component.Dist
		if groups[d] == nil {
			dists = append(dists, d)
		}
		groups[d] = append(groups[d], f)
	}
	slices.Sort(dists)
	r.patcher.fsys = r.opt.Project
	for _, d := range dists {
		if ctx.Err() != nil {
			return
		}
		if slices.ContainsFunc(groups[d], r.wantsFix) {
			r.fixes = append(r.fixes, r.fix(ctx, d, groups[d]))
		}
	}
}

// wantsFix says whether a finding alone is reason enough for a plan.
func (r *run) wantsFix(f *found) bool {
	return f.Verdict >= advisory.StatusContradictory && (!f.Admits || r.opt.Options.Strict)
}

// planner looks for the release that mends one distribution.
type planner struct {
	dist    cpan.Dist
	base    perlver.Version // the highest version that must be left behind
	targets []*found        // the findings to mend
	others  []live          // further records that the new release must not bring in
	cands   []release       // above base, ascending
	wants   []wish
	notes   []string
}

// wish is one recorded requirement.
type wish struct {
	edge  *inventory.Edge
	by    string
	allow perlver.Requirement
	// pin is set for an exact version that the project itself asks for: a
	// pin is there to be moved.
	pin bool
}

// fix plans for one distribution.
func (r *run) fix(ctx context.Context, d cpan.Dist, fs []*found) Fix {
	p := &planner{dist: d}
	lead := fs[slices.IndexFunc(fs, r.wantsFix)]
	out := Fix{Component: lead.Component.Ref, Dist: d, From: cmp.Or(lead.Component.Version, lead.Component.Range)}
	known := r.results[lead.component].releases
	for _, f := range fs {
		out.Direct = out.Direct || f.Component.Direct
	}
	p.reach(fs)
	p.candidates(known, fs)
	for _, f := range fs {
		switch {
		case slices.ContainsFunc(p.cands, func(c release) bool { return f.hit.judge.Status(c.version).IsClean() }):
			p.targets = append(p.targets, f)
		case !slices.Contains(out.Remaining, f.Advisory.ID):
			out.Remaining = append(out.Remaining, f.Advisory.ID)
		}
	}
	p.avoid(r.results[lead.component])
	r.wishes(p, fs)

	to, ok := p.choose(&out)
	for _, f := range p.targets {
		if ok && f.hit.judge.Status(to.version).IsClean() {
			if !slices.Contains(out.Clears, f.Advisory.ID) {
				out.Clears = append(out.Clears, f.Advisory.ID)
			}
		} else if ok && !slices.Contains(out.Remaining, f.Advisory.ID) {
			out.Remaining = append(out.Remaining, f.Advisory.ID)
		}
	}
	if ok {
		out.To = to.text
		r.write(ctx, &out, p, to, fs)
	}
	if len(p.cands) == 0 {
		p.notes = append(p.notes, "no release above "+p.base.String()+" is known")
	}
	if ok {
		p.notes = append(p.notes, unchecked)
	}
	out.Note = strings.Join(p.notes, "; ")
	return out
}

// reach sets base: above the highest version that has a flaw which some
// release mends. What no release mends holds no other back.
func (p *planner) reach(fs []*found) {
	for _, mended := range [...]bool{true, false} {
		for _, f := range fs {
			if mended && f.Fixed.Basis == "none" {
				continue
			}
			if f.hit.base.Compare(p.base) > 0 || p.base.IsZero() {
				p.base = f.hit.base
			}
		}
		if !p.base.IsZero() {
			return
		}
	}
}

// candidates are the known releases above base that a requirement can name.
// A version that an advisory states as fixed is one too where no list of
// releases reaches that far.
func (p *planner) candidates(known []release, fs []*found) {
	above := perlver.Version{}
	for _, k := range known {
		above = k.version
		if k.version.Compare(p.base) > 0 && !k.derived && perlver.IsLax(k.text) {
			p.cands = append(p.cands, k)
		}
	}
	for _, f := range fs {
		if f.Fixed.Basis != "stated" && len(known) > 0 {
			continue
		}
		for _, text := range f.Fixed.Versions {
			v, err := perlver.ParseExact(text)
			if err == nil && perlver.IsLax(text) && v.Compare(above) > 0 && v.Compare(p.base) > 0 && !listed(p.cands, v) {
				p.cands = append(p.cands, release{text: text, version: v, developer: advisory.IsDeveloper(p.dist, text, v), stated: true})
				slices.SortStableFunc(p.cands, func(a, b release) int { return a.version.Compare(b.version) })
			}
		}
	}
}

// avoid adds the records that are no finding now and must not become one.
func (p *planner) avoid(res *result) {
	hit := map[*advisory.Record]bool{}
	for i := range res.hits {
		hit[res.hits[i].record] = true
	}
	for _, l := range res.live {
		if !hit[l.record] {
			p.others = append(p.others, l)
		}
	}
}

// wishes collects what the project and the other components require of the
// distribution's modules.
func (r *run) wishes(p *planner, fs []*found) {
	seen := map[int]bool{}
	for _, f := range fs {
		if seen[f.component] {
			continue
		}
		seen[f.component] = true
		c := &r.inv.Components[f.component]
		for _, i := range r.graph.in[f.component] {
			e := &r.inv.Edges[i]
			by := cmp.Or(r.inv.Name, "the project")
			if e.From != root {
				by = r.inv.Components[e.From].Ref()
			}
			allow, err := perlver.ParseRequirement(e.Range)
			if err != nil {
				p.notes = append(p.notes, fmt.Sprintf("what %s requires of %s cannot be read (%q)", by, e.Module, e.Range))
				continue
			}
			if p.dist == perl {
				continue // modules that perl ships have numbers of their own
			}
			// Requirements are about the module's version. One that the present
			// release does not meet counts in other numbers than releases do.
			if !meets(c, allow) {
				p.notes = append(p.notes, fmt.Sprintf("%s requires %s %s, which %s does not meet by its own number, so it was not checked", by, e.Module, e.Range, c.Ref()))
				continue
			}
			p.wants = append(p.wants, wish{
				edge: e, by: by, allow: allow,
				pin: e.From == root && strings.HasPrefix(allow.String(), "=="),
			})
		}
	}
}

// meets says whether a version that the component may have meets a
// requirement.
func meets(c *inventory.Component, q perlver.Requirement) bool {
	if c.Version == "" && len(c.Shipped) == 0 {
		return true
	}
	for _, text := range append(slices.Clip(c.Shipped), c.Version) {
		if v, _, err := perlver.Approximate(text); err == nil && q.Accepts(v) {
			return true
		}
	}
	return false
}

// allows says whether every requirement that cannot be changed accepts v.
func (p *planner) allows(v perlver.Version) bool {
	return !slices.ContainsFunc(p.wants, func(w wish) bool { return !w.pin && !w.allow.Accepts(v) })
}

// brings says whether v would bring in a flaw that is not there now.
func (p *planner) brings(v perlver.Version) bool {
	return slices.ContainsFunc(p.others, func(l live) bool { return l.judge.Status(v) >= advisory.StatusContradictory })
}

// clears counts the targets that v mends.
func (p *planner) clears(v perlver.Version) int {
	n := 0
	for _, f := range p.targets {
		if f.hit.judge.Status(v).IsClean() {
			n++
		}
	}
	return n
}

// choose gives the lowest release that mends all targets, brings nothing in,
// and that every requirement accepts; a developer release where there is no
// other. Where requirements are in the way it says whose.
func (p *planner) choose(out *Fix) (release, bool) {
	if len(p.targets) == 0 {
		return release{}, false
	}
	whole := func(c release) bool {
		for _, f := range p.targets {
			if !f.hit.judge.Status(c.version).IsClean() {
				return false
			}
		}
		return !p.brings(c.version)
	}
	if c, ok := p.first(func(c release) bool { return p.allows(c.version) && whole(c) }); ok {
		return c, true
	}
	var clean []release
	for _, c := range p.cands {
		if whole(c) {
			clean = append(clean, c)
		}
	}
	if len(clean) > 0 {
		p.blame(clean, out)
		return release{}, false
	}
	// No release mends all of them: the one that mends most.
	most := 0
	for _, c := range p.cands {
		if p.allows(c.version) && !p.brings(c.version) {
			most = max(most, p.clears(c.version))
		}
	}
	if most == 0 {
		p.notes = append(p.notes, "no known release mends these without another flaw")
		return release{}, false
	}
	return p.first(func(c release) bool {
		return p.allows(c.version) && !p.brings(c.version) && p.clears(c.version) == most
	})
}

// first is the lowest candidate that is wanted.
func (p *planner) first(wanted func(release) bool) (release, bool) {
	for _, developer := range [...]bool{false, true} {
		for _, c := range p.cands {
			if c.developer == developer && wanted(c) {
				return c, true
			}
		}
	}
	return release{}, false
}

// blame names the requirements that forbid every clean release, or, where it
// takes several of them to do so, each that forbids some.
func (p *planner) blame(clean []release, out *Fix) {
	for _, all := range [...]bool{true, false} {
		for _, w := range p.wants {
			refused := 0
			for _, c := range clean {
				if !w.allow.Accepts(c.version) {
					refused++
				}
			}
			if !w.pin && (refused == len(clean) || !all && refused > 0) {
				out.Blocked = append(out.Blocked, Blocker{By: w.by, Range: w.edge.Range, Of: w.edge.Module})
			}
		}
		if len(out.Blocked) > 0 {
			break
		}
	}
	p.notes = append(p.notes, fmt.Sprintf("%s mends it, once the requirement allows it", clean[0].text))
}
