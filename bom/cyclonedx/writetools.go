package cyclonedx

import (
	"cmp"
	"strconv"

	"nacre/bom"
	"nacre/jsondoc"
)

// tools sets the tools, as a list until 1.4 and as components after; a list that
// was read stays one.
func (w *writer) tools(n *jsondoc.Node) {
	was := n.Get("tools")
	if len(w.bill.Tools) == 0 && len(getTools(was)) == 0 && (w.level > 4 || !was.Is(jsondoc.KindObject)) {
		return
	}
	if w.level <= 4 || was.Is(jsondoc.KindArray) {
		if was.Is(jsondoc.KindObject) {
			if was.Get("services") != nil {
				w.lose("/metadata/tools/services", "services as tools have no place in CycloneDX %s", w.version)
			}
			n.Remove("tools")
		}
		var list []*jsondoc.Node
		for i, t := range w.bill.Tools {
			list = append(list, w.oldTool(t, "/metadata/tools/components/"+strconv.Itoa(i)))
		}
		setList(n, "tools", list)
		return
	}
	o := base(was)
	setList(o, "components", putAll(w.bill.Tools, w.toolComponent))
	n.Set("tools", o)
}

// oldTool writes a tool as 1.2 to 1.4 have it.
func (w *writer) oldTool(t bom.Tool, pointer string) *jsondoc.Node {
	if n := odd(t.Raw, t, getTool); n != nil {
		return n
	}
	raw := w.raw(t.Raw)
	if raw.Get("type") != nil { // a component
		raw = nil
	}
	n, old := base(raw), getTool(raw)
	text(n, "vendor", old.Vendor, t.Vendor)
	text(n, "name", old.Name, t.Name)
	text(n, "version", old.Version, t.Version)
	setValues(n, "hashes", t.Hashes, getHash, putHash)
	if was := w.raw(t.Raw); raw == nil && was != nil {
		n.Set("externalReferences", was.Get("externalReferences"))
		w.losses = append(w.losses, toolShapes.Beyond(was, pointer, "tool", "a tool of CycloneDX "+w.version)...)
	}
	return n
}

// toolShapes is what a tool of 1.4 takes over of one that is a component.
var toolShapes = bom.ParseShapes(map[string]string{
	"tool":   `type bom-ref publisher group supplier:vendor manufacturer:vendor name version hashes externalReferences`,
	"vendor": `name`,
})

// toolComponent writes a tool as a component.
func (w *writer) toolComponent(t bom.Tool) *jsondoc.Node {
	if n := odd(t.Raw, t, getTool); n != nil {
		return n
	}
	raw := w.raw(t.Raw)
	if raw.Get("type") == nil && raw.Get("vendor") != nil { // of a list of tools
		raw = nil
	}
	n, old := base(raw), getTool(raw)
	if raw == nil {
		n.SetString("type", "application")
		if was := w.raw(t.Raw); was != nil {
			n.Set("externalReferences", was.Get("externalReferences"))
		}
	}
	if w.level >= 7 && !w.same && n.Get("bom-ref") == nil && (raw == nil || t.Name == "nacre") {
		n.SetString("bom-ref", w.freeRef(cmp.Or(t.PURL, t.Name+"@"+t.Version))) // citations name it
	}
	text(n, "publisher", old.Vendor, t.Vendor)
	text(n, "name", old.Name, t.Name)
	text(n, "version", old.Version, t.Version)
	setValues(n, "hashes", t.Hashes, getHash, putHash)
	text(n, "purl", old.PURL, t.PURL)
	return n
}

// freeRef gives a ref that no component has, and no tool before.
func (w *writer) freeRef(base string) string {
	ref := base
	for w.refs[ref] {
		ref = base + "#tool"
		if w.tried[base]++; w.tried[base] > 1 {
			ref += strconv.Itoa(w.tried[base])
		}
	}
	w.refs[ref] = true
	return ref
}
