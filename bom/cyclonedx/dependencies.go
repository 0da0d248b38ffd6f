package cyclonedx

import (
	"slices"

	"nacre/jsondoc"
)

// dependencies sets who needs whom. An entry that was read stays, without what is
// no more; what is new follows, and every component has an entry.
func (w *writer) dependencies(doc *jsondoc.Node) {
	wanted := map[string]map[string]bool{}
	for _, e := range w.bill.Edges {
		if e.From == "" || e.To == "" {
			continue
		}
		if wanted[e.From] == nil {
			wanted[e.From] = map[string]bool{}
		}
		wanted[e.From][e.To] = true
	}
	raw := doc.Get("dependencies").List()
	var list []*jsondoc.Node
	byRef := map[string]*jsondoc.Node{}
	written := map[string]map[string]bool{}
	for _, d := range raw {
		ref := d.Get("ref").Str()
		if w.gone[ref] && wanted[ref] == nil {
			continue
		}
		d = w.keep(d, wanted[ref])
		if byRef[ref] == nil {
			byRef[ref], written[ref] = d, map[string]bool{}
		}
		for _, to := range getStrings(d.Get("dependsOn")) {
			written[ref][to] = true
		}
		list = append(list, d)
	}
	kept := len(list)
	for _, ref := range w.entries(byRef) {
		d := object("ref", ref)
		byRef[ref] = d
		list = append(list, d)
	}
	lists := map[string]*jsondoc.Node{} // those that something is added to
	for _, e := range w.bill.Edges {
		if written[e.From] == nil {
			written[e.From] = map[string]bool{}
		}
		if wanted[e.From][e.To] && !written[e.From][e.To] {
			written[e.From][e.To] = true
			on := lists[e.From]
			if on == nil {
				on = jsondoc.Array(slices.Clone(byRef[e.From].Get("dependsOn").List())...)
				lists[e.From] = on
				byRef[e.From].Set("dependsOn", on)
			}
			on.Items = append(on.Items, jsondoc.String(e.To))
		}
	}
	for _, d := range list[kept:] {
		if d.Get("dependsOn") == nil {
			d.Set("dependsOn", jsondoc.Array())
		}
	}
	setList(doc, "dependencies", list)
}

// keep takes out of an entry what is needed no more.
func (w *writer) keep(d *jsondoc.Node, wanted map[string]bool) *jsondoc.Node {
	var on []*jsondoc.Node
	for _, to := range d.Get("dependsOn").List() {
		if to.Str() == "" || d.Get("ref").Str() == "" || wanted[to.Str()] {
			on = append(on, to)
		}
	}
	d = shallow(d)
	if len(on) != len(d.Get("dependsOn").List()) {
		d.Set("dependsOn", jsondoc.Array(on...))
	}
	return d
}

// entries gives the refs that still need an entry, sorted: every component in a
// bill that was made; in one that was read those that are new, and who needs
// something.
func (w *writer) entries(have map[string]*jsondoc.Node) []string {
	var refs []string
	add := func(ref string) {
		if have[ref] == nil && ref != "" && !slices.Contains(refs[max(0, len(refs)-1):], ref) {
			refs = append(refs, ref)
		}
	}
	for c := range w.bill.All() {
		if w.made || w.raw(c.Raw) == nil {
			add(c.Ref)
		}
	}
	for _, e := range w.bill.Edges {
		add(e.From)
	}
	slices.Sort(refs)
	return slices.Compact(refs)
}
