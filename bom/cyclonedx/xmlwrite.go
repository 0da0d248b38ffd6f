package cyclonedx

import (
	"encoding/xml"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"nacre/bom"
	"nacre/jsondoc"
)

// WriteXML writes a bill as XML of a version, and tells what that version, or
// XML, could not take over.
func WriteXML(b *bom.Bill, version string) ([]byte, []bom.Loss, error) {
	doc, losses, err := tree(b, version, true)
	if err != nil {
		return nil, nil, err
	}
	w := xmlWriter{version: version, losses: losses}
	w.out = append(w.out, xml.Header...)
	w.object(doc, "bom", "bom", "", 0)
	return append(w.out, '\n'), w.losses, nil
}

type xmlWriter struct {
	version string
	out     []byte
	losses  []bom.Loss
}

func (w *xmlWriter) lose(pointer, what string) {
	w.losses = append(w.losses, bom.Loss{Pointer: pointer, What: what})
}

func (w *xmlWriter) line(depth int) {
	w.out = append(w.out, '\n')
	for range depth {
		w.out = append(w.out, "  "...)
	}
}

// attribute writes an attribute behind the name of an element.
func (w *xmlWriter) attribute(name, value, pointer string) {
	w.out = append(append(append(w.out, ' '), name...), `="`...)
	w.escape(value, true, pointer)
	w.out = append(w.out, '"')
}

// escape writes a text. XML has no place for most control characters.
func (w *xmlWriter) escape(s string, attribute bool, pointer string) {
	for _, r := range s {
		switch {
		case r == '&':
			w.out = append(w.out, "&amp;"...)
		case r == '<':
			w.out = append(w.out, "&lt;"...)
		case r == '>':
			w.out = append(w.out, "&gt;"...)
		case r == '"' && attribute:
			w.out = append(w.out, "&quot;"...)
		case r == '\r' || attribute && (r == '\n' || r == '\t'), r >= 0x7f && unicode.In(r, unicode.Cc, unicode.Cf):
			w.out = append(strconv.AppendInt(append(w.out, "&#"...), int64(r), 10), ';') // a terminal may obey it
		case r < ' ' && r != '\n' && r != '\t', r == 0xfffe, r == 0xffff:
			w.lose(pointer, "XML has no place for the character U+"+strings.ToUpper(strconv.FormatInt(int64(r)+0x10000, 16))[1:])
			w.out = append(w.out, "\ufffd"...)
		default:
			w.out = append(w.out, string(r)...)
		}
	}
}

// element writes an element with a text.
func (w *xmlWriter) element(name, text, pointer string, depth int) {
	w.line(depth)
	w.out = append(append(append(w.out, '<'), name...), '>')
	w.escape(text, false, pointer)
	w.close(name)
}

func (w *xmlWriter) close(name string) {
	w.out = append(append(append(w.out, "</"...), name...), '>')
}

// simple gives the text of a value that has one.
func simple(n *jsondoc.Node) (string, bool) {
	switch {
	case n.Is(jsondoc.KindString), n.Is(jsondoc.KindNumber), n.Is(jsondoc.KindBool):
		return n.Text, true
	}
	return "", false
}

// object writes an element with an object in it, on a line of its own.
func (w *xmlWriter) object(n *jsondoc.Node, name, kind, pointer string, depth int) {
	if depth > 0 {
		w.line(depth)
	}
	w.out = append(append(w.out, '<'), name...)
	if depth == 0 {
		w.out = append(w.out, ` xmlns="`+xmlSpace+w.version+`"`...)
	}
	fields := xmlKinds()[kind]
	content := false
	for _, f := range fields {
		v := n.Get(f.key)
		switch {
		case f.form == formContent:
			content = true
		case f.form == formAttribute && v != nil:
			if s, ok := simple(v); ok {
				w.attribute(f.name, s, pointer+"/"+f.key)
			} else {
				w.lose(pointer+"/"+f.key, f.key+" must be a text in XML")
			}
		}
	}
	w.foreignAttributes(n, pointer)
	w.unknown(n, kind, pointer)
	w.out = append(w.out, '>')
	before := len(w.out)
	for _, f := range fields {
		if v := n.Get(f.key); v != nil && f.form != formAttribute {
			w.field(v, f, pointer+"/"+f.key, depth+1)
		}
		if v := n.Get(xmlKey + f.name); v != nil {
			w.kept(v, depth+1)
		}
	}
	for _, m := range n.Members {
		if name, ok := strings.CutPrefix(m.Key, xmlKey); ok && !strings.HasPrefix(name, "@") {
			if _, ok := fieldNamed(kind, name, false); !ok {
				w.kept(m.Value, depth+1)
			}
		}
	}
	switch {
	case len(w.out) == before && !content:
		w.out = append(w.out[:before-1], "/>"...)
		return
	case !content:
		w.line(depth)
	}
	w.close(name)
}

// unknown lists the keys that have no form in XML.
func (w *xmlWriter) unknown(n *jsondoc.Node, kind, pointer string) {
	for _, m := range n.Members {
		if strings.HasPrefix(m.Key, xmlKey) || kind == "bom" && slices.Contains([]string{"$schema", "bomFormat", "specVersion"}, m.Key) {
			continue
		}
		at := pointer + "/" + jsondoc.Escape(m.Key)
		i := slices.IndexFunc(xmlKinds()[kind], func(f xmlField) bool { return f.key == m.Key })
		switch {
		case m.Key == "signature":
			w.lose(at, "the signature is void after a change and is dropped")
		case i < 0, xmlKinds()[kind][i].form == formOpaque:
			w.lose(at, m.Key+" is not translated to XML")
		case m.Value.Is(jsondoc.KindNull):
			w.lose(at, m.Key+" is null, for which XML has no form")
		}
	}
}

func (w *xmlWriter) field(v *jsondoc.Node, f xmlField, pointer string, depth int) {
	switch f.form {
	case formContent:
		s, ok := simple(v)
		if !ok {
			w.lose(pointer, f.key+" must be a text in XML")
		}
		w.escape(s, false, pointer)
	case formText:
		if s, ok := simple(v); ok {
			w.element(f.name, s, pointer, depth)
		} else if !v.Is(jsondoc.KindNull) {
			w.lose(pointer, f.key+" must be a text in XML")
		}
	case formObject:
		if !v.Is(jsondoc.KindObject) {
			w.lose(pointer, f.key+" must be an object in XML")
			return
		}
		w.object(v, f.name, f.kind, pointer, depth)
	case formRepeated:
		w.items(v.List(), f.name, f, pointer, depth)
	case formWrapped:
		w.around(v, f, pointer, depth)
	case formOwn:
		w.own(v, f, pointer, depth)
	}
}

// around writes an element around the items of a list.
func (w *xmlWriter) around(v *jsondoc.Node, f xmlField, pointer string, depth int) {
	w.line(depth)
	w.out = append(append(append(w.out, '<'), f.name...), '>')
	if !v.Is(jsondoc.KindArray) {
		w.lose(pointer, f.key+" must be a list in XML")
	}
	w.items(v.List(), f.item, f, pointer, depth+1)
	w.end(f.name, len(v.List()), depth)
}

// end closes an element around others, which is one tag where there are none.
func (w *xmlWriter) end(name string, items, depth int) {
	if items == 0 {
		w.out = append(w.out[:len(w.out)-1], "/>"...)
		return
	}
	w.line(depth)
	w.close(name)
}

// items writes the items of a list.
func (w *xmlWriter) items(list []*jsondoc.Node, name string, f xmlField, pointer string, depth int) {
	for i, item := range list {
		at := pointer + "/" + strconv.Itoa(i)
		s, ok := simple(item)
		switch {
		case f.kind != "" && item.Is(jsondoc.KindObject):
			w.object(item, name, f.kind, at, depth)
		case f.kind != "" || !ok:
			w.lose(at, f.key+" has an item that has no form in XML")
		case f.attribute != "":
			w.line(depth)
			w.out = append(append(w.out, '<'), name...)
			w.attribute(f.attribute, s, at)
			w.out = append(w.out, "/>"...)
		default:
			w.element(name, s, at, depth)
		}
	}
}

// own writes what has a form of its own.
func (w *xmlWriter) own(v *jsondoc.Node, f xmlField, pointer string, depth int) {
	switch {
	case f.key == "identity":
		if v.Is(jsondoc.KindObject) {
			w.object(v, f.name, "identity", pointer, depth)
			return
		}
		w.items(v.List(), f.name, xmlField{key: f.key, kind: "identity"}, pointer, depth)
	case f.key == "tools" && v.Is(jsondoc.KindObject):
		w.object(v, f.name, "tools", pointer, depth)
	case f.key == "tools":
		w.around(v, xmlField{key: f.key, name: f.name, item: "tool", kind: "tool"}, pointer, depth)
	case f.key == "licenses":
		w.line(depth)
		w.out = append(w.out, "<licenses>"...)
		for i, item := range v.List() {
			w.license(item, pointer+"/"+strconv.Itoa(i), depth+1)
		}
		w.end("licenses", len(v.List()), depth)
	case f.key == "data":
		w.line(depth)
		w.out = append(w.out, "<data>"...)
		flows := slices.ContainsFunc(v.List(), func(item *jsondoc.Node) bool {
			return slices.ContainsFunc(item.Members, func(m jsondoc.Member) bool { return m.Key != "flow" && m.Key != "classification" })
		})
		for i, item := range v.List() {
			w.data(item, flows, pointer+"/"+strconv.Itoa(i), depth+1)
		}
		w.end("data", len(v.List()), depth)
	case f.key == "dependencies":
		w.line(depth)
		w.out = append(w.out, "<dependencies>"...)
		for i, d := range v.List() {
			w.dependency(d, pointer+"/"+strconv.Itoa(i), depth+1)
		}
		w.end("dependencies", len(v.List()), depth)
	}
}

func (w *xmlWriter) license(item *jsondoc.Node, pointer string, depth int) {
	switch {
	case item.Get("license").Is(jsondoc.KindObject):
		w.object(item.Get("license"), "license", "license", pointer+"/license", depth)
	case item.Get("expressionDetails") != nil, item.Get("licensing") != nil, item.Get("properties") != nil:
		w.object(item, "expression-detailed", "detailed", pointer, depth)
	case item.Get("expression") != nil:
		w.object(item, "expression", "expression", pointer, depth)
	default:
		w.lose(pointer, "a licence that is neither a license nor an expression")
	}
}

func (w *xmlWriter) dependency(d *jsondoc.Node, pointer string, depth int) {
	w.line(depth)
	w.out = append(w.out, "<dependency"...)
	w.attribute("ref", d.Get("ref").Str(), pointer)
	w.out = append(w.out, '>')
	n := 0
	for _, kind := range [...]struct{ key, name string }{{"dependsOn", "dependency"}, {"provides", "provides"}} {
		list := d.Get(kind.key).List()
		n += len(list)
		w.items(list, kind.name, xmlField{key: kind.key, attribute: "ref"}, pointer+"/"+kind.key, depth+1)
	}
	for _, m := range d.Members {
		if !slices.Contains([]string{"ref", "dependsOn", "provides"}, m.Key) {
			w.lose(pointer+"/"+jsondoc.Escape(m.Key), m.Key+" is not translated to XML")
		}
	}
	w.end("dependency", n, depth)
}

// data writes an item of the data of a service: all are classifications, or all
// are flows, which say more and came with 1.5.
func (w *xmlWriter) data(item *jsondoc.Node, flows bool, pointer string, depth int) {
	class, rest := jsondoc.Object(), jsondoc.Object()
	for _, m := range item.Members {
		if m.Key == "flow" || m.Key == "classification" {
			class.Set(m.Key, m.Value)
		} else {
			rest.Set(m.Key, m.Value)
		}
	}
	if !flows {
		w.object(class, "classification", "classified", pointer, depth)
		return
	}
	rest.Members = append([]jsondoc.Member{{Key: "classification", Value: class}}, rest.Members...)
	w.object(rest, "dataflow", "flow", pointer, depth)
}
