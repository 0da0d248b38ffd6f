package cyclonedx

import (
	"slices"
	"strconv"
	"strings"

	"nacre/jsondoc"
)

// kept writes elements that were kept as they stood.
func (w *xmlWriter) kept(list *jsondoc.Node, depth int) {
	for _, n := range list.List() {
		w.line(depth)
		w.opaque(n, xmlSpace+w.version)
	}
}

// opaque writes an element in the namespace that is around it, or its own.
func (w *xmlWriter) opaque(n *jsondoc.Node, around string) {
	name, space := n.Get("name").Str(), n.Get("space").Str()
	if strings.HasPrefix(space, xmlSpace+"1.") {
		space = xmlSpace + w.version
	}
	w.out = append(append(w.out, '<'), name...)
	if space != around {
		w.attribute("xmlns", space, "")
	}
	if o := n.Get("attributes"); o != nil {
		for i, m := range o.Members {
			w.named(m.Key, m.Value.Str(), i)
		}
	}
	content := n.Get("content").List()
	if len(content) == 0 {
		w.out = append(w.out, "/>"...)
		return
	}
	w.out = append(w.out, '>')
	for _, c := range content {
		if c.Is(jsondoc.KindString) {
			w.escape(c.Text, false, "")
		} else {
			w.opaque(c, space)
		}
	}
	w.close(name)
}

// named writes an attribute whose name has its namespace in braces before it.
func (w *xmlWriter) named(name, value string, i int) {
	end := strings.LastIndexByte(name, '}') // a namespace may have one
	if end < 0 {
		w.attribute(name, value, "")
		return
	}
	space, local := name[1:end], name[end+1:]
	switch {
	case space == "xml" || space == "http://www.w3.org/XML/1998/namespace":
		w.attribute("xml:"+local, value, "")
	default:
		prefix := "n" + strconv.Itoa(i)
		w.attribute("xmlns:"+prefix, space, "")
		w.attribute(prefix+":"+local, value, "")
	}
}

// foreignAttributes writes attributes that were kept as they stood.
func (w *xmlWriter) foreignAttributes(n *jsondoc.Node, pointer string) {
	i := 0
	for _, m := range n.Members {
		if name, ok := strings.CutPrefix(m.Key, xmlAttribute); ok {
			w.named(name, m.Value.Str(), i)
			i++
		}
	}
}

// withoutXML gives a document without what was kept of XML and cannot go on: all
// of it where JSON is written, and for an older version what a later one brought.
// In a document that was JSON such keys are like any that nobody knows, and only
// writing XML must not take them for its own.
func (w *writer) withoutXML(n *jsondoc.Node, pointer string) *jsondoc.Node {
	wasXML := w.bill.Format.Encoding == "xml"
	if !wasXML && !w.xml {
		return n
	}
	older := w.version < w.bill.Format.Version
	was := n
	own := func() *jsondoc.Node { // a copy, made once
		if n == was {
			n = shallow(n)
		}
		return n
	}
	for i, item := range was.Items {
		if now := w.withoutXML(item, pointer+"/"+strconv.Itoa(i)); now != item {
			own().Items[i] = now
		}
	}
	gone := map[string]bool{}
	for i, m := range was.Members {
		at := pointer + "/" + jsondoc.Escape(m.Key)
		if name, ok := strings.CutPrefix(m.Key, xmlKey); ok {
			if wasXML && w.xml && !(older && ofBill(m.Value)) {
				continue
			}
			gone[m.Key] = true
			if m.Key == xmlKey+"Signature" {
				w.lose(at, "the signature is void after a change and is dropped")
			} else {
				w.lose(at, "%s of the document that was read has no form in CycloneDX %s here", name, w.version)
			}
		} else if now := w.withoutXML(m.Value, at); now != m.Value {
			own().Members[i].Value = now
		}
	}
	if len(gone) > 0 {
		n = own()
		n.Members = slices.DeleteFunc(n.Members, func(m jsondoc.Member) bool { return gone[m.Key] })
	}
	return n
}

// ofBill reports whether elements that were kept are CycloneDX's own.
func ofBill(list *jsondoc.Node) bool {
	for _, e := range list.List() {
		if strings.HasPrefix(e.Get("space").Str(), xmlSpace) {
			return true
		}
	}
	return false
}
