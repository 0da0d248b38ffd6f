package scan

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/perlver"
)

// write says how to get to the release: the line of the cpanfile, the patch,
// and the commands.
func (r *run) write(ctx context.Context, out *Fix, p *planner, to release, fs []*found) {
	if to.developer {
		p.notes = append(p.notes, to.text+" is a developer release; no other release mends this")
	}
	if to.stated {
		p.notes = append(p.notes, to.text+" is the version that the advisory names; it is on no list of releases here")
	}
	if p.dist == perl {
		out.Module = string(perl)
		p.notes = append(p.notes, "use a perl of this or a later version")
		return
	}
	var own []wish // the project's own requirements, in the order of the file
	for _, w := range p.wants {
		if w.edge.From == root {
			own = append(own, w)
		}
	}
	slices.SortStableFunc(own, func(a, b wish) int {
		return cmp.Or(cmp.Compare(a.edge.Evidence.File, b.edge.Evidence.File), cmp.Compare(a.edge.Evidence.Line, b.edge.Evidence.Line))
	})
	var modules []cpan.Module
	for _, w := range own {
		modules = append(modules, w.edge.Module)
	}
	if len(modules) == 0 {
		for _, f := range fs {
			modules = append(modules, f.Component.Modules...)
		}
	}
	if len(modules) == 0 {
		for _, w := range p.wants {
			modules = append(modules, w.edge.Module)
		}
	}
	if guess := cpan.ModuleFromDist(p.dist); len(modules) == 0 {
		switch d, err := r.adv.OwnerOf(ctx, guess); {
		case err != nil:
			r.failed = cmp.Or(r.failed, err)
		case d == p.dist:
			modules = []cpan.Module{guess}
		}
	}
	module := mainModule(p.dist, modules)
	if _, err := cpan.ParseModule(string(module)); err != nil || strings.ContainsRune(string(module), '\'') {
		p.notes = append(p.notes, "no module of "+string(p.dist)+" is known to name in a cpanfile")
		return
	}
	out.Module = string(module)
	floor := p.floor(to)
	if module != "" && cpan.DistFromModule(module) != p.dist {
		p.notes = append(p.notes, "that "+string(module)+" has the version number of its distribution is not checked")
	}
	r.patcher.apply(out, p, own, module, floor, to)
	out.Commands = commands(module, floor, to, out.File != "")
}

// floor is the range to ask for: from the release on, within what everybody
// else accepts.
func (p *planner) floor(to release) string {
	least := ">= " + to.text
	all, err := perlver.ParseRequirement(least)
	if err != nil {
		return least
	}
	for _, w := range p.wants {
		if w.pin {
			return "== " + to.text
		}
		if both, err := all.And(w.allow); err == nil {
			all = both
		}
	}
	if text := all.String(); strings.ContainsAny(text, "<=!") {
		return text
	}
	return least
}

// commands are what installers are told, after the change to the cpanfile
// where there is one. Quoting with " is right for every shell: the range has
// digits, dots, letters, operators and blanks in it, the module word
// characters and colons, and nothing else.
//
// carton install takes a module from CPAN where the snapshot's release does
// not meet the cpanfile (Carton::Doc::Install), cpm install reads cpanfile and
// snapshot, and both cpm and cpanm take Module~RANGE and --dev (cpanm's and
// App::cpm::Tutorial's documents).
func commands(m cpan.Module, floor string, to release, hasFile bool) []string {
	arg := `"` + string(m) + "~" + floor + `"`
	switch {
	case to.developer:
		// carton has no way to ask for developer releases.
		return []string{"cpm install --dev " + arg, "cpanm --dev " + arg}
	case hasFile:
		return []string{"carton install", "cpm install", "cpanm " + arg}
	}
	return []string{"cpm install " + arg, "cpanm " + arg}
}
