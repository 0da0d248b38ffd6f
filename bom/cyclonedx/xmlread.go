package cyclonedx

import (
	"encoding/xml"
	"strings"

	"nacre/jsondoc"
)

// What XML has and the table has not is kept in the tree under keys that begin
// so: "xml:modelCard" with a list of elements, "xml:@lang" with the text of an
// attribute. Writing XML puts it back, and JSON has no place for it.
const (
	xmlKey       = "xml:"
	xmlAttribute = "xml:@"
)

// parseXML gives the JSON form of a document of XML.
func parseXML(b []byte) (*jsondoc.Node, string, error) {
	root, err := parseElements(b, limits.Values)
	if err != nil {
		return nil, "", err
	}
	version, err := xmlVersion(root)
	if err != nil {
		return nil, "", err
	}
	r := xmlReader{space: root.name.Space, version: version}
	doc := jsondoc.Object()
	doc.SetString("bomFormat", "CycloneDX")
	doc.SetString("specVersion", version)
	r.object(doc, root, "bom")
	doc.Line = root.line
	return doc, version, nil
}

type xmlReader struct{ space, version string }

// object fills n with what an element has.
func (r *xmlReader) object(n *jsondoc.Node, e *element, kind string) *jsondoc.Node {
	n.Line = e.line
	var others []jsondoc.Member // each under a name that only it has
	kept := map[string]*jsondoc.Node{}
	for _, a := range e.attributes {
		f, ok := fieldNamed(kind, a.Name.Local, true)
		if v := value(f.value, strings.TrimSpace(a.Value)); ok && a.Name.Space == "" && v != nil {
			if f.value == 0 {
				v.Text = a.Value
			}
			v.Line = e.line
			n.Set(f.key, v)
		} else {
			others = append(others, jsondoc.Member{Key: xmlAttribute + attributeName(a.Name), Value: jsondoc.String(a.Value)})
		}
	}
	for _, child := range e.elements {
		f, ok := fieldNamed(kind, child.name.Local, false)
		if ok && child.name.Space == r.space && r.field(n, f, child) {
			continue
		}
		// What the table does not have is kept.
		list := kept[child.name.Local]
		if list == nil {
			list = &jsondoc.Node{Kind: jsondoc.KindArray, Line: child.line}
			kept[child.name.Local] = list
			others = append(others, jsondoc.Member{Key: xmlKey + child.name.Local, Value: list})
		}
		list.Items = append(list.Items, opaque(child))
	}
	for _, f := range xmlKinds()[kind] {
		if f.form == formContent {
			n.Set(f.key, &jsondoc.Node{Kind: jsondoc.KindString, Text: e.text, Line: e.line})
		}
	}
	n.Members = append(n.Members, others...)
	return n
}

// attributeName writes a name with its namespace in braces.
func attributeName(name xml.Name) string {
	if name.Space == "" {
		return name.Local
	}
	return "{" + name.Space + "}" + name.Local
}

// opaque is an element as a tree: its name, attributes, and texts and elements in
// turn.
func opaque(e *element) *jsondoc.Node {
	n := object("name", e.name.Local, "space", e.name.Space)
	n.Line = e.line
	if len(e.attributes) > 0 {
		o := jsondoc.Object()
		for _, a := range e.attributes {
			o.Members = append(o.Members, jsondoc.Member{Key: attributeName(a.Name), Value: jsondoc.String(a.Value)})
		}
		n.Set("attributes", o)
	}
	content := jsondoc.Array()
	switch {
	case e.content != nil:
		for _, c := range e.content {
			if s, ok := c.(string); ok {
				content.Items = append(content.Items, jsondoc.String(s))
			} else {
				content.Items = append(content.Items, opaque(c.(*element)))
			}
		}
	case len(e.elements) > 0:
		for _, c := range e.elements {
			content.Items = append(content.Items, opaque(c))
		}
	case e.text != "":
		content.Items = append(content.Items, jsondoc.String(e.text))
	}
	if len(content.Items) > 0 {
		n.Set("content", content)
	}
	return n
}

// value makes a number, a truth value or a text; nil where it is none.
func value(kind byte, s string) *jsondoc.Node {
	switch kind {
	case '#':
		if n, err := jsondoc.Parse([]byte(s), jsondoc.Limits{}); err == nil && n.Is(jsondoc.KindNumber) {
			n.Line = 0
			return n
		}
		return nil
	case '?':
		if s == "true" || s == "false" {
			return jsondoc.Bool(s == "true")
		}
		return nil
	}
	return jsondoc.String(s)
}

// bare reports whether an element has nothing but a text.
func (e *element) bare() bool { return len(e.elements) == 0 && len(e.attributes) == 0 }

// simple gives the text of an element as a value, nil where it is none.
func (r *xmlReader) simple(e *element, kind byte) *jsondoc.Node {
	if !e.bare() {
		return nil
	}
	v := value(kind, e.trimmed())
	if v != nil {
		v.Line = e.line
	}
	return v
}

// field sets what an element says; false where it does not stand as the table
// has it.
func (r *xmlReader) field(n *jsondoc.Node, f xmlField, e *element) bool {
	if f.form == formRepeated || f.form == formOwn && f.key == "identity" && r.version >= "1.6" {
		return r.repeated(n, f, e)
	}
	if n.Get(f.key) != nil {
		return false
	}
	var v *jsondoc.Node
	switch f.form {
	case formText:
		v = r.simple(e, f.value)
	case formObject:
		v = r.inside(e, f.kind)
	case formWrapped:
		v = r.wrapped(f, e)
	case formOwn:
		v = r.own(f, e)
	}
	if v == nil {
		return false
	}
	n.Set(f.key, v)
	return true
}

// inside reads an object; nil where texts stand between its elements.
func (r *xmlReader) inside(e *element, kind string) *jsondoc.Node {
	if e.content != nil || len(e.elements) == 0 && strings.TrimSpace(e.text) != "" && !hasContent(kind) {
		return nil
	}
	return r.object(jsondoc.Object(), e, kind)
}

func hasContent(kind string) bool {
	for _, f := range xmlKinds()[kind] {
		if f.form == formContent {
			return true
		}
	}
	return false
}

func (r *xmlReader) repeated(n *jsondoc.Node, f xmlField, e *element) bool {
	var v *jsondoc.Node
	switch {
	case f.form == formOwn:
		v = r.inside(e, "identity")
	case f.kind != "":
		v = r.inside(e, f.kind)
	default:
		v = r.simple(e, f.value)
	}
	if v == nil {
		return false
	}
	list := n.Get(f.key)
	if list == nil {
		list = jsondoc.Array()
		list.Line = e.line
		n.Set(f.key, list)
	}
	list.Items = append(list.Items, v)
	return true
}

// wrapped reads a list; nil where something else is in it.
func (r *xmlReader) wrapped(f xmlField, e *element) *jsondoc.Node {
	if e.content != nil || len(e.attributes) > 0 || len(e.elements) == 0 && strings.TrimSpace(e.text) != "" {
		return nil
	}
	list := jsondoc.Array()
	list.Line = e.line
	for _, child := range e.elements {
		if child.name.Local != f.item || child.name.Space != r.space {
			return nil
		}
		var v *jsondoc.Node
		switch {
		case f.attribute != "":
			v = r.attribute(child, f.attribute)
		case f.kind != "":
			v = r.inside(child, f.kind)
		default:
			v = r.simple(child, f.value)
		}
		if v == nil {
			return nil
		}
		list.Items = append(list.Items, v)
	}
	return list
}

// attribute gives the only thing that an element has.
func (r *xmlReader) attribute(e *element, name string) *jsondoc.Node {
	if len(e.elements) > 0 || strings.TrimSpace(e.text) != "" || len(e.attributes) != 1 || e.attributes[0].Name != (xml.Name{Local: name}) {
		return nil
	}
	return &jsondoc.Node{Kind: jsondoc.KindString, Text: e.attributes[0].Value, Line: e.line}
}

// own reads what has a form of its own.
func (r *xmlReader) own(f xmlField, e *element) *jsondoc.Node {
	switch f.key {
	case "identity": // one, until 1.5
		return r.inside(e, "identity")
	case "tools":
		if len(e.elements) == 0 || e.elements[0].name.Local == "tool" {
			return r.wrapped(xmlField{item: "tool", kind: "tool"}, e)
		}
		return r.inside(e, "tools")
	case "licenses":
		return r.licenses(e)
	case "data":
		return r.data(e)
	}
	list := jsondoc.Array()
	list.Line = e.line
	if e.content != nil || len(e.attributes) > 0 || !r.dependencies(list, e) {
		return nil
	}
	return list
}

func (r *xmlReader) licenses(e *element) *jsondoc.Node {
	list := jsondoc.Array()
	list.Line = e.line
	if e.content != nil || len(e.attributes) > 0 {
		return nil
	}
	for _, child := range e.elements {
		var item *jsondoc.Node
		switch {
		case child.name.Space != r.space:
		case child.name.Local == "license":
			if l := r.inside(child, "license"); l != nil {
				item = jsondoc.Object()
				item.Line = child.line
				item.Set("license", l)
			}
		case child.name.Local == "expression":
			item = r.inside(child, "expression")
		case child.name.Local == "expression-detailed":
			item = r.inside(child, "detailed")
		}
		if item == nil {
			return nil
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// dependencies reads who needs whom; what is nested deeper than JSON has it
// becomes an entry of its own, which says the same.
func (r *xmlReader) dependencies(list *jsondoc.Node, e *element) bool {
	for _, d := range e.elements {
		if d.name.Space != r.space || d.name.Local != "dependency" || len(d.attributes) != 1 || d.attributes[0].Name.Local != "ref" || d.content != nil {
			return false
		}
		entry := jsondoc.Object()
		entry.Line = d.line
		entry.Set("ref", jsondoc.String(d.attributes[0].Value))
		list.Items = append(list.Items, entry)
		var nested []*element
		for _, to := range d.elements {
			key := map[string]string{"dependency": "dependsOn", "provides": "provides"}[to.name.Local]
			if key == "" || to.name.Space != r.space || len(to.attributes) != 1 || to.attributes[0].Name.Local != "ref" {
				return false
			}
			refs := entry.Get(key)
			if refs == nil {
				refs = jsondoc.Array()
				refs.Line = to.line
				entry.Set(key, refs)
			}
			refs.Items = append(refs.Items, &jsondoc.Node{Kind: jsondoc.KindString, Text: to.attributes[0].Value, Line: to.line})
			if len(to.elements) > 0 {
				nested = append(nested, to)
			}
		}
		if len(nested) > 0 && !r.dependencies(list, &element{elements: nested}) {
			return false
		}
	}
	return true
}

// data reads the data of a service: a classification, or from 1.5 on one with
// where the data goes around it.
func (r *xmlReader) data(e *element) *jsondoc.Node {
	list := jsondoc.Array()
	list.Line = e.line
	if e.content != nil || len(e.attributes) > 0 {
		return nil
	}
	for _, child := range e.elements {
		var item *jsondoc.Node
		switch {
		case child.name.Space != r.space:
		case child.name.Local == "classification":
			item = r.inside(child, "classified")
		case child.name.Local == "dataflow":
			rest := *child
			rest.elements = nil
			item = jsondoc.Object()
			for _, part := range child.elements {
				if part.name.Local == "classification" && item.Get("classification") == nil && part.bareBut("flow") {
					r.object(item, part, "classified")
				} else {
					rest.elements = append(rest.elements, part)
				}
			}
			if item = r.object(item, &rest, "flow"); rest.content != nil {
				return nil
			}
		}
		if item == nil {
			return nil
		}
		list.Items = append(list.Items, item)
	}
	return list
}

// bareBut reports whether an element has a text and at most one attribute.
func (e *element) bareBut(attribute string) bool {
	return len(e.elements) == 0 && (len(e.attributes) == 0 || len(e.attributes) == 1 && e.attributes[0].Name == xml.Name{Local: attribute})
}
