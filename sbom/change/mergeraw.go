package change

import (
	"fmt"
	"slices"
	"strconv"

	"nacre/bom"
	"nacre/jsondoc"
)

func itoa(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// isCycloneDX reports whether a piece was read from CycloneDX.
func isCycloneDX(n *jsondoc.Node) bool {
	if !n.Is(jsondoc.KindObject) {
		return false
	}
	for _, key := range [...]string{"SPDXID", "spdxVersion", "spdxId", "@context", "@id"} {
		if n.Get(key) != nil {
			return false
		}
	}
	return true
}

// modelled are the keys of a CycloneDX component that the model has fields for.
var modelled = map[string]bool{
	"type": true, "bom-ref": true, "supplier": true, "manufacturer": true, "authors": true, "author": true,
	"publisher": true, "group": true, "name": true, "version": true, "versionRange": true, "isExternal": true,
	"description": true, "scope": true, "hashes": true, "licenses": true, "copyright": true, "cpe": true,
	"purl": true, "swid": true, "omniborId": true, "swhid": true, "pedigree": true, "externalReferences": true,
	"components": true, "evidence": true, "properties": true, "signature": true,
}

// pieces takes what the model does not know of c into the component that it is.
func (m *merger) pieces(in *Input, was, c *bom.Component) {
	if c.Raw == nil {
		return
	}
	lose := func(key, why string) {
		m.report.Losses = append(m.report.Losses, bom.Loss{
			Pointer: c.Pointer + "/" + jsondoc.Escape(key),
			What:    fmt.Sprintf("%s of %s in %s: %s", key, nameAndVersion(c), in.Name, why),
		})
	}
	fresh := was.Raw == nil
	if fresh && isCycloneDX(c.Raw) {
		was.Raw = jsondoc.Object()
	}
	shared := isCycloneDX(was.Raw) && isCycloneDX(c.Raw)
	copied := false
	for _, member := range c.Raw.Members {
		if modelled[member.Key] {
			continue
		}
		has := was.Raw.Get(member.Key)
		switch {
		case !shared:
			if isCycloneDX(c.Raw) {
				lose(member.Key, "the same component was read from another format")
			}
		case has == nil:
			if !copied {
				was.Raw, copied = shallow(was.Raw), true
			}
			was.Raw.Set(member.Key, member.Value)
		case !has.Equal(member.Value):
			lose(member.Key, "another input says otherwise")
		}
	}
	if fresh && was.Raw != nil && len(was.Raw.Members) == 0 {
		was.Raw = nil
	}
}

// shallow copies an object, but not what is in it.
func shallow(n *jsondoc.Node) *jsondoc.Node {
	c := *n
	c.Members = slices.Clone(n.Members)
	return &c
}

// joined are the keys of a CycloneDX document that the model makes anew.
var joined = map[string]bool{
	"$schema": true, "bomFormat": true, "specVersion": true, "serialNumber": true, "version": true, "metadata": true,
	"components": true, "externalReferences": true, "compositions": true, "dependencies": true, "signature": true,
	"citations": true, // the origins in them are in the components
}

// raw makes the part of the result that the model does not know: lists of the
// inputs one after the other, with the refs that their things have now.
func (m *merger) raw(inputs []Input) *jsondoc.Node {
	out := m.frame()
	framed := len(out.Members)
	needs := m.entries(inputs)
	for i, in := range inputs {
		doc := in.Bill.Raw
		if in.Bill.Signed {
			m.report.Losses = append(m.report.Losses, bom.Loss{Pointer: "/signature", What: "the signature of " + in.Name + " is of that bill alone, and is dropped"})
		}
		if doc == nil {
			continue
		}
		if !isCycloneDX(doc) {
			for _, key := range [...]string{"files", "snippets", "hasExtractedLicensingInfos", "annotations", "externalDocumentRefs"} {
				if n := len(doc.Get(key).List()); n > 0 {
					m.report.Losses = append(m.report.Losses, bom.Loss{Pointer: "/" + key, What: fmt.Sprintf("%d %s of %s, which is SPDX", n, key, in.Name)})
				}
			}
			continue
		}
		for _, member := range doc.Members {
			if joined[member.Key] {
				continue
			}
			value, has := member.Value, out.Get(member.Key)
			if changed := rename(value, member.Key, m.renamed[i]); changed != nil {
				value = changed
			}
			switch {
			case has == nil:
				if value.Is(jsondoc.KindArray) {
					value = jsondoc.Array(slices.Clone(value.Items)...)
				}
				out.Set(member.Key, value)
			case has.Is(jsondoc.KindArray) && value.Is(jsondoc.KindArray):
				has.Items = unite(has.Items, value.Items, func(n *jsondoc.Node) string { return string(n.Append(nil)) })
			case !has.Equal(value):
				m.report.Losses = append(m.report.Losses, bom.Loss{Pointer: "/" + jsondoc.Escape(member.Key), What: member.Key + " of " + in.Name + ": another input has them, too"})
			}
		}
	}
	if len(needs) > 0 {
		out.Set("dependencies", jsondoc.Array(needs...))
	}
	if len(out.Members) == framed {
		return nil
	}
	return out
}

// frame are the keys that a CycloneDX document has anyway, in their usual order;
// the writer fills them.
func (m *merger) frame() *jsondoc.Node {
	out := jsondoc.Object()
	out.SetString("$schema", "http://cyclonedx.org/schema/bom-1.6.schema.json")
	out.SetString("bomFormat", "CycloneDX")
	out.SetString("specVersion", "1.6")
	out.SetString("serialNumber", m.out.Serial)
	out.Set("version", jsondoc.Number("1"))
	out.Set("metadata", jsondoc.Object())
	out.Set("components", jsondoc.Array())
	return out
}

// entries are the dependencies that the inputs state, those of what needs nothing
// too: an edge cannot say that.
func (m *merger) entries(inputs []Input) []*jsondoc.Node {
	var list []*jsondoc.Node
	byRef := map[string]*jsondoc.Node{}
	for i, in := range inputs {
		if !isCycloneDX(in.Bill.Raw) {
			continue
		}
		for _, d := range in.Bill.Raw.Get("dependencies").List() {
			if changed := rename(d, "", m.renamed[i]); changed != nil {
				d = changed
			}
			ref := d.Get("ref").Str()
			was := byRef[ref]
			if was == nil {
				byRef[ref] = shallow(d)
				list = append(list, byRef[ref])
				continue
			}
			for _, key := range [...]string{"dependsOn", "provides"} {
				if more := d.Get(key).List(); len(more) > 0 {
					was.Set(key, jsondoc.Array(unite(was.Get(key).List(), more, (*jsondoc.Node).Str)...))
				}
			}
		}
	}
	return list
}

// rename gives a copy of a piece in which refs are the new ones, nil where none
// is in it.
func rename(n *jsondoc.Node, key string, refs map[string]string) *jsondoc.Node {
	switch {
	case n.Is(jsondoc.KindString):
		if to, ok := refs[n.Text]; ok && to != n.Text && refers(key, n.Text) {
			return jsondoc.String(to)
		}
	case n.Is(jsondoc.KindArray):
		var c *jsondoc.Node
		for i, item := range n.Items {
			if changed := rename(item, key, refs); changed != nil {
				if c == nil {
					c = &jsondoc.Node{Kind: n.Kind, Line: n.Line, Items: slices.Clone(n.Items)}
				}
				c.Items[i] = changed
			}
		}
		return c
	case n.Is(jsondoc.KindObject):
		var c *jsondoc.Node
		for i, member := range n.Members {
			if changed := rename(member.Value, member.Key, refs); changed != nil {
				if c == nil {
					c = shallow(n)
				}
				c.Members[i].Value = changed
			}
		}
		return c
	}
	return nil
}
