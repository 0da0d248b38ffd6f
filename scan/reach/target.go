package reach

import (
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlsrc"
	"nacre/scan"
)

// Reach says whether the project loads what an advisory is about: the modules
// that it names, or of which it names the files, else the component; and where
// it names routines, whether anything that is loaded calls one.
func (m *Map) Reach(component int, a *advisory.Affected) *scan.Reach {
	modules := modulesOf(a)
	if len(modules) == 0 {
		r := m.reach(&m.states[component])
		return m.routine(r, a)
	}
	best := state{}
	for _, module := range modules {
		s := m.moduleState(component, module)
		if rank(s.state) > rank(best.state) {
			best = s
		}
	}
	r := m.reach(&best)
	if whole := &m.states[component]; r.State == NotSeen && whole.state == Loaded && whole.module != "" {
		r.Why = string(whole.module) + " is loaded, but nothing that is read loads " + joined(modules)
	}
	return m.routine(r, a)
}

// modulesOf are the modules that an advisory names, and those of the files
// that it names.
func modulesOf(a *advisory.Affected) []cpan.Module {
	out := slices.Clone(a.Modules)
	for _, f := range a.Files {
		rel, ok := strings.CutSuffix(f, ".pm")
		if !ok {
			return nil // a program, or the compiled half: the whole distribution it is
		}
		if _, after, ok := strings.Cut("/"+rel, "/lib/"); ok {
			rel = after
		}
		if m, err := cpan.ParseModule(strings.ReplaceAll(rel, "/", "::")); err == nil && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

func joined(modules []cpan.Module) string {
	var s []string
	for _, m := range modules {
		s = append(s, string(m))
	}
	return strings.Join(s, " or ")
}

// moduleState is the state of one module of a component.
func (m *Map) moduleState(component int, module cpan.Module) state {
	whole := m.states[component]
	if p := m.index.module(module); p != "" {
		if f, ok := m.files[p]; ok {
			return state{state: stateOf(&f.visit), file: f, module: module, visit: &f.visit, doubt: f.by}
		}
		return state{state: NotSeen}
	}
	if v, ok := m.named[module]; ok {
		return state{state: stateOf(v), module: module, visit: v, doubt: v.by}
	}
	if whole.state == NotSeen {
		return whole
	}
	c := &m.inv.Components[component]
	return state{state: Unknown, visit: whole.visit, doubt: &doubt{
		at:  inventory.Evidence{},
		why: c.Ref() + " is loaded, and is not here to be read for whether " + string(module) + " is",
	}}
}

// routine narrows the state of what is loaded to the routines that an advisory
// names. A call is a word like the routine's name in any file that is loaded;
// what calls by a computed name may call any.
func (m *Map) routine(r scan.Reach, a *advisory.Affected) *scan.Reach {
	if r.State != Loaded || len(a.Routines) == 0 {
		return &r
	}
	words := m.calls()
	var names []string
	for _, name := range a.Routines {
		name = strings.TrimSuffix(strings.TrimLeft(name, "&"), "()")
		base := name[strings.LastIndexAny(name, ":>")+1:] // Foo::bar, Foo->bar
		if base == "" {
			return &r
		}
		names = append(names, base)
		if c, ok := words[base]; ok {
			r.What = name
			r.Chain = nil
			if c.file.from != nil {
				r.Chain = m.chain(&state{file: c.file, module: c.file.module, visit: &c.file.visit})
			}
			r.Chain = append(r.Chain, scan.Step{At: inventory.Evidence{File: c.file.path, Line: c.line, How: "call"}, Test: c.file.test})
			return &r
		}
	}
	r.Why = r.What + " is loaded, but nothing that is read calls " + strings.Join(names, " or ")
	r.State = NotSeen
	if m.computedCall != nil {
		r.State = Unknown
		r.Why += "; a call whose name is computed may"
		r.At = inventory.Evidence{File: m.computedCall.file.path, Line: m.computedCall.line, How: "source"}
	}
	return &r
}

// call is a place that calls something.
type call struct {
	file *file
	line int
}

// calls finds, once, the first place of every word that files which are
// certainly loaded hold.
func (m *Map) calls() map[string]call {
	if m.words != nil {
		return m.words
	}
	m.words = map[string]call{}
	for _, f := range m.order {
		if f.by != nil {
			continue
		}
		src, err := readSource(m.index.fsys, f.path)
		if err != nil {
			continue // its facts said so
		}
		last := "" // the significant token before
		sc := perlsrc.NewScanner(src)
		for t, ok := sc.Next(); ok; t, ok = sc.Next() {
			if !t.Kind.Significant() {
				continue
			}
			text := string(t.Text(src))
			switch {
			case t.Kind == perlsrc.Word && last != "sub" && last != "method" && last != "package" && last != "use",
				t.Kind == perlsrc.Variable && text[0] == '&':
				name := strings.TrimPrefix(text, "&")
				name = name[strings.LastIndexAny(name, ":'")+1:]
				if _, ok := m.words[name]; !ok {
					m.words[name] = call{f, t.Line}
				}
			case t.Kind == perlsrc.Variable && last == "->" && m.computedCall == nil:
				m.computedCall = &call{f, t.Line}
			}
			last = text
		}
	}
	return m.words
}
