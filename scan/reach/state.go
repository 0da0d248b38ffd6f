package reach

import (
	"maps"
	"slices"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/scan"
)

// judge gives every component its state.
func (m *Map) judge() {
	note := func(i int, s state) {
		old := &m.states[i]
		if rank(s.state) > rank(old.state) || rank(s.state) == rank(old.state) && old.visit != nil && old.visit.test && !s.visit.test {
			*old = s
		}
	}
	for _, f := range m.order {
		v := &f.visit
		for _, i := range m.index.components(f.path, f.module) {
			note(i, state{state: stateOf(v), file: f, module: f.module, visit: v, doubt: f.by})
		}
	}
	opaque := m.opaque
	ofPerl := false
	for _, module := range m.absent() {
		v := m.named[module]
		for _, i := range m.index.components("", module) {
			note(i, state{state: stateOf(v), module: module, visit: v, doubt: v.by})
			opaque = append(opaque, i)
			kind := m.inv.Components[i].Kind
			ofPerl = ofPerl || (kind == inventory.Core || kind == inventory.Interpreter) && !leaves[module]
		}
	}
	m.spread(opaque, note)
	if ofPerl {
		d := &doubt{why: "perl's own modules are not here to be read, and load each other"}
		for i := range m.states {
			if m.inv.Components[i].Kind == inventory.Core {
				note(i, state{state: Unknown, visit: &visit{by: d}, doubt: d})
			}
		}
	}
	for i := range m.states {
		if c := &m.inv.Components[i]; c.Itself || c.Kind == inventory.Interpreter && c.Place == "" {
			m.states[i] = state{state: Loaded} // what is looked at, and what runs it
		}
		if m.states[i].state == "" {
			m.states[i].state = NotSeen
		}
	}
}

// absent are the modules that are loaded and are not there.
func (m *Map) absent() []cpan.Module { return slices.Sorted(maps.Keys(m.named)) }

// leaves are modules of perl that load nothing of another distribution.
var leaves = map[cpan.Module]bool{
	"strict": true, "warnings": true, "utf8": true, "vars": true, "integer": true, "bytes": true, "feature": true,
	"constant": true, "parent": true, "base": true, "lib": true, "overload": true, "Exporter": true, "Carp": true,
}

// spread makes unknown what components may load that are loaded and whose
// sources are not there: what they require, and so on.
func (m *Map) spread(opaque []int, note func(int, state)) {
	out := make([][]int, len(m.inv.Components))
	for _, e := range m.inv.Edges {
		if e.From >= 0 && e.To >= 0 && e.Scope <= inventory.Merged {
			out[e.From] = append(out[e.From], e.To)
		}
	}
	seen := make([]bool, len(out))
	for len(opaque) > 0 {
		from := opaque[0]
		opaque = opaque[1:]
		if seen[from] {
			continue
		}
		seen[from] = true
		for _, to := range out[from] {
			v := m.states[from].visit
			if v == nil {
				v = &visit{}
			}
			c := &m.inv.Components[from]
			d := &doubt{why: c.Ref() + " requires it, and is not here to be read"}
			if len(c.Evidence) > 0 {
				d.at = c.Evidence[0]
			}
			note(to, state{state: Unknown, visit: &visit{test: v.test, by: d}, doubt: d})
			opaque = append(opaque, to)
		}
	}
}

func rank(s string) int {
	return slices.Index([]string{"", NotSeen, Unknown, Loaded}, s)
}

func stateOf(v *visit) string {
	if v.by != nil {
		return Unknown
	}
	return Loaded
}

// File gives the state of a file, a slash path in the root.
func (m *Map) File(path string) string {
	if f, ok := m.files[path]; ok {
		return stateOf(&f.visit)
	}
	return NotSeen
}

// Component gives the state of a component of the inventory.
func (m *Map) Component(i int) scan.Reach { return m.reach(&m.states[i]) }

// noEntry is why nothing is known of what a project loads.
const noEntry = "no entry point of the project was found"

// Blind says why nothing can be told to be not seen, "" where it can.
func (m *Map) Blind() string {
	if !m.entered {
		return noEntry
	}
	return m.cut
}

// reach is a state as findings show it.
func (m *Map) reach(s *state) scan.Reach {
	r := scan.Reach{State: s.state, What: string(s.module)}
	switch {
	case s.state == Unknown && s.doubt != nil:
		r.Why, r.At = s.doubt.why, s.doubt.at
	case s.state == NotSeen:
		switch {
		case m.Blind() != "":
			r.State, r.Why = Unknown, m.Blind()
		case m.anyName != nil:
			r.Why, r.At = "nothing that is read names it, though "+m.anyName.why, m.anyName.at
		}
		return r
	}
	if s.visit != nil {
		r.Chain = m.chain(s)
	}
	return r
}

// chain leads from an entry point to where a state was found.
func (m *Map) chain(s *state) []scan.Step {
	var steps []scan.Step
	v, module, path := s.visit, s.module, ""
	if s.file != nil {
		path = s.file.path
	}
	for v != nil && v.from != nil {
		steps = append(steps, scan.Step{
			At: inventory.Evidence{File: v.from.path, Line: v.line, How: "source"}, Module: module, File: path, Test: v.test,
		})
		module, path = v.from.module, v.from.path
		v = &v.from.visit
	}
	if len(steps) == 0 && path != "" { // an entry point itself
		steps = append(steps, scan.Step{At: inventory.Evidence{File: path, How: "entry point"}, Module: module, File: path, Test: v.test})
	}
	slices.Reverse(steps)
	return steps
}
