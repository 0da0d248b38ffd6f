package reach

import (
	"strings"

	"nacre/cpan"
	"nacre/inventory"
)

// doubtful reads on, and takes up what computed names may be, until nothing new
// is reached.
func (w *walker) doubtful() error {
	for _, m := range byPerl {
		if len(w.order) > 0 {
			w.load(w.order[0], m, "", visit{from: w.order[0], by: &doubt{
				at:  inventory.Evidence{How: "perl"},
				why: "perl loads " + string(m) + " by itself where a program uses what it stands for",
			}})
		}
	}
	asked := 0
	type namespace struct {
		prefix  string
		shallow bool
	}
	computed, away := map[namespace]bool{}, map[string]bool{} // that were taken up
	for {
		if err := w.run(); err != nil {
			return err
		}
		for len(w.pending) > 0 {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			p := w.pending[0]
			w.pending = w.pending[1:]
			d := &doubt{
				at:  inventory.Evidence{File: p.file.path, Line: p.load.line, How: "source"},
				why: p.load.expr + " loads by a computed name",
			}
			if w.anyName == nil && p.load.prefix == "" {
				w.anyName = d
			}
			spaces := append([]string{p.load.prefix}, p.load.below...)
			if p.load.prefix == "" {
				spaces[0] = w.namespace(p.file, p.load.pkg)
			}
			for _, space := range spaces {
				// What begins with "IO::" is many people's.
				shallow := space == p.load.prefix && strings.Count(space, "::") == 1
				key := namespace{space, shallow}
				if space == "" || computed[key] {
					continue
				}
				computed[key] = true
				for _, m := range w.index.below(space, shallow) {
					w.load(p.file, m, "", visit{from: p.file, line: p.load.line, test: p.file.test, by: d})
				}
			}
		}
		w.absentSpaces(away)
		if w.anyName != nil {
			for ; asked < len(w.mention); asked++ {
				m := w.mention[asked]
				f := w.mentions[m]
				if w.index.module(m) == "" && len(w.index.byName[m]) == 0 {
					continue // a string like many
				}
				w.load(f, m, "", visit{from: f, test: f.test, by: &doubt{
					at:  w.anyName.at,
					why: w.anyName.why + ", and " + f.path + " names " + string(m),
				}})
			}
		}
		if len(w.level) == 0 {
			return nil
		}
	}
}

// absentSpaces takes up what modules may load that are loaded and not here to be
// read: what is named like their distribution, as its plugins are, and what is
// named anywhere.
func (w *walker) absentSpaces(done map[string]bool) {
	for _, m := range w.absent() {
		v := w.named[m]
		if v.by != nil {
			continue
		}
		for _, i := range w.index.byName[m] {
			c := &w.inv.Components[i]
			space := string(cpan.ModuleFromDist(c.Dist)) + "::"
			if c.Kind == inventory.Core || c.Kind == inventory.Interpreter || c.Dist == "" || done[space] {
				continue
			}
			done[space] = true
			away := doubt{why: c.Ref() + " is not here to be read"}
			if len(c.Evidence) > 0 {
				away.at = c.Evidence[0]
			}
			if w.anyName == nil && !v.test {
				w.anyName = &away
			}
			d := &doubt{away.at, away.why + ", and may load what is named like it"}
			for _, below := range w.index.below(space, false) {
				w.load(v.from, below, "", visit{from: v.from, line: v.line, test: v.test, by: d})
			}
		}
	}
}

// loaders load the compiled halves of modules, which walker.compiled takes up;
// the .bs files that DynaLoader runs beside them load nothing.
var loaders = map[cpan.Module]bool{"DynaLoader": true, "XSLoader": true}

// byPerl are the modules that perl loads without being told: for layers of
// PerlIO, %!, %+, \N{...}, glob, attributes, m/\p{...}/ and use of UTF-8
// (perlvar, PerlIO, perlunicode; the calls of load_module in perl's sources).
var byPerl = []cpan.Module{
	"PerlIO", "PerlIO::scalar", "PerlIO::encoding", "PerlIO::via", "Errno", "Tie::Hash::NamedCapture", "charnames", "_charnames",
	"File::Glob", "attributes", "utf8", "mro", "feature", "Unicode::UCD",
}

// namespace is the part of a package's name that plugins share with it: the
// distribution's, where that is how it begins, else its first two words.
func (w *walker) namespace(f *file, pkg string) string {
	if pkg == "" || pkg == "main" {
		return ""
	}
	for _, i := range w.index.components(f.path, f.module) {
		if main := string(cpan.ModuleFromDist(w.inv.Components[i].Dist)) + "::"; strings.HasPrefix(pkg+"::", main) {
			return main
		}
	}
	parts := strings.SplitN(pkg, "::", 3)
	return strings.Join(parts[:min(2, len(parts))], "::") + "::"
}
