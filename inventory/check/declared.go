package check

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/limit"
	"nacre/meta"
)

// cpanfile is the file that changes are lines of.
const cpanfile = "cpanfile"

// requirement is one that the project itself states. Of several statements of
// one module in one scope it is that of the cpanfile, or the first.
type requirement struct {
	inventory.Edge
}

// declare collects the project's requirements, and what the components provide.
func (c *checker) declare() {
	at := map[string]int{}
	for _, e := range c.inv.Edges {
		if e.From >= 0 || e.To < 0 {
			continue
		}
		key := fmt.Sprintf("%d %s", e.Scope, e.Module)
		i, twice := at[key]
		switch {
		case !twice:
			at[key] = len(c.declared)
			c.declared = append(c.declared, requirement{e})
		case c.declared[i].Evidence.File != cpanfile && e.Evidence.File == cpanfile:
			c.declared[i] = requirement{e}
		}
	}
	c.provides = map[cpan.Module]int{}
	for i := range c.inv.Components {
		switch comp := &c.inv.Components[i]; comp.Kind {
		case inventory.Exact, inventory.Core:
			for _, m := range comp.Modules {
				if old, ok := c.provides[m]; !ok || c.inv.Components[old].Kind == inventory.Core {
					c.provides[m] = i
				}
			}
		}
	}
	c.paths()
	// The inventory has read it, or an error has ended that.
	if b, err := limit.ReadFile(c.fsys, cpanfile, limit.Metadata, "cpanfile size"); err == nil {
		if f, err := meta.ReadCpanfile(bytes.NewReader(b)); err == nil {
			c.manifest, c.statements = string(b), f.Requires
			c.places = map[place]int{}
			for i := range f.Requires {
				if s := &f.Requires[i]; !s.Repeated && !s.Conditional {
					first(c.places, place{s.Line, s.Module}, i)
				}
			}
		}
	}
}

// paths finds, for each component, which other one brings it in on the shortest
// path from the project: -1 for the project itself, -2 for nobody.
func (c *checker) paths() {
	out := make([][]int, len(c.inv.Components)+1)
	for _, e := range c.inv.Edges {
		if e.To >= 0 {
			out[e.From+1] = append(out[e.From+1], e.To)
		}
	}
	c.via = make([]int, len(c.inv.Components))
	for i := range c.via {
		c.via[i] = -2
	}
	for queue := []int{-1}; len(queue) > 0; queue = queue[1:] {
		to := out[queue[0]+1]
		slices.Sort(to) // components are sorted: the same path whatever the edges' order
		for _, i := range to {
			if c.via[i] == -2 {
				c.via[i] = queue[0]
				queue = append(queue, i)
			}
		}
	}
}

// interest are the modules whose mere mention is a use: those that are
// required, and others of the same components.
func (c *checker) interest() map[cpan.Module]bool {
	set := map[cpan.Module]bool{}
	for _, d := range c.declared {
		set[d.Module] = true
		if comp := &c.inv.Components[d.To]; comp.Kind != inventory.Interpreter {
			for _, m := range comp.Modules {
				set[m] = true
			}
		}
	}
	return set
}

// line is a requirement as a line of a cpanfile, in its phase.
func line(word string, m cpan.Module, version string, scope inventory.Scope) string {
	s := fmt.Sprintf("%s '%s'", word, m)
	if version != "" && version != "0" {
		s += ", '" + version + "'"
	}
	switch scope {
	case inventory.Configure, inventory.Build, inventory.Test, inventory.Develop:
		return "on " + scope.String() + " => sub { " + s + " };"
	}
	return s + ";"
}

// add is the change that adds a line.
func (c *checker) add(after string) *inventory.Change {
	return &inventory.Change{File: c.file(), After: after}
}

// raisePerl is the change that asks for a perl.
func (c *checker) raisePerl(version string) *inventory.Change {
	after := line("requires", "perl", version, inventory.Runtime)
	for i := range c.statements {
		if s := &c.statements[i]; s.Module == "perl" && s.Phase == "runtime" && s.Relation == "requires" {
			return c.replace(&requirement{inventory.Edge{Module: "perl", Evidence: inventory.Evidence{File: cpanfile, Line: s.Line}}}, after)
		}
	}
	return c.add(after)
}

// file is where the project states what it requires.
func (c *checker) file() string {
	if c.manifest == "" && len(c.declared) > 0 {
		return c.declared[0].Evidence.File
	}
	return cpanfile
}

// maxLine bounds the line of a cpanfile that a change repeats, in bytes.
const maxLine = 4 << 10

// place is where a module is required.
type place struct {
	line   int
	module cpan.Module
}

// replace is the change that says something else in a requirement's place, or
// nothing. A statement that stands for others, too, or that depends on something
// is left to who wrote it.
func (c *checker) replace(d *requirement, after string) *inventory.Change {
	ch := &inventory.Change{File: d.Evidence.File, Line: d.Evidence.Line}
	at, ok := c.places[place{ch.Line, d.Module}]
	if ch.File != cpanfile || !ok {
		ch.After = after
		return ch
	}
	s := &c.statements[at]
	from, to := s.Span.Start, s.Span.End
	for from > 0 && to-from <= maxLine && c.manifest[from-1] != '\n' {
		from--
	}
	for to < len(c.manifest) && to-from <= maxLine && c.manifest[to] != '\n' {
		to++
	}
	if to-from > maxLine {
		ch.After = after // each change of it would repeat all of it
		return ch
	}
	before, behind := c.manifest[from:s.Span.Start], strings.TrimRight(c.manifest[s.Span.End:to], "\r")
	ch.Before = strings.TrimRight(c.manifest[from:to], "\r")
	behind = strings.TrimPrefix(strings.TrimLeft(behind, " \t"), ";")
	if after == "" {
		behind = strings.TrimLeft(behind, " \t")
		if strings.TrimLeft(before, " \t") == "" && strings.HasPrefix(behind, "#") {
			behind = "" // a comment goes with what it is about
		}
	}
	ch.After = strings.TrimRight(before+after+behind, " \t")
	return ch
}
