package cyclonedx

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// liftCitations takes the origins that citations of 1.7 tell, by the pointer of
// the component: citations whose note is an origin's text, and whose pointers
// lead to one attribute of a component each.
func liftCitations(doc *jsondoc.Node) map[string][]bom.Origin {
	cited := map[string][]bom.Origin{}
	seen := map[[2]string]bool{}
	for _, n := range doc.Get("citations").List() {
		for _, o := range getCitation(n) {
			if at := [2]string{o.pointer, o.Field}; !seen[at] {
				seen[at] = true
				cited[o.pointer] = append(cited[o.pointer], o.Origin)
			}
		}
	}
	for _, list := range cited {
		sortOrigins(list)
	}
	return cited
}

type citedOrigin struct {
	bom.Origin
	pointer string // of the component
}

// getCitation gives the origins that a citation tells; nil where it is not one
// of Nacre's.
func getCitation(n *jsondoc.Node) []citedOrigin {
	var list []citedOrigin
	for _, p := range n.Get("pointers").List() {
		component, field := cutLast(p.Str())
		o, ok := parseOrigin(unescape(field), n.Get("note").Str())
		if !ok || !isComponent(component) || field == "" {
			return nil
		}
		list = append(list, citedOrigin{o, component})
	}
	return list
}

func cutLast(pointer string) (before, last string) {
	i := strings.LastIndexByte(pointer, '/')
	if i < 0 {
		return "", ""
	}
	return pointer[:i], pointer[i+1:]
}

func unescape(s string) string {
	return strings.ReplaceAll(strings.ReplaceAll(s, "~1", "/"), "~0", "~")
}

// isComponent reports whether a pointer is one of a component: the root's, or
// one into lists of components.
func isComponent(pointer string) bool {
	rest, ok := strings.CutPrefix(pointer, "/metadata/component")
	for rest != "" {
		if r, yes := strings.CutPrefix(rest, "/pedigree/ancestors/"); yes && ok {
			rest = r
		} else if r, yes := strings.CutPrefix(rest, "/components/"); yes {
			rest, ok = r, true
		} else {
			return false
		}
		digits := strings.TrimLeft(rest, "0123456789")
		if digits == rest {
			return false
		}
		rest = digits
	}
	return ok
}

// cite gives the components the origins that citations tell. What a property
// says of the same attribute counts before.
func cite(b *bom.Bill, cited map[string][]bom.Origin) {
	if len(cited) == 0 {
		return
	}
	for c := range everything(b) {
		c.Origins = withCited(c.Origins, cited[c.Pointer])
	}
}

func withCited(origins, cited []bom.Origin) []bom.Origin {
	if len(cited) == 0 {
		return origins
	}
	all, fields := slices.Clone(origins), map[string]bool{}
	for _, o := range origins {
		fields[o.Field] = true
	}
	for _, o := range cited {
		if !fields[o.Field] {
			all = append(all, o)
		}
	}
	sortOrigins(all)
	return all
}

// everything gives every component, ancestors too.
func everything(b *bom.Bill) func(yield func(*bom.Component) bool) {
	var visit func(c *bom.Component, yield func(*bom.Component) bool) bool
	visit = func(c *bom.Component, yield func(*bom.Component) bool) bool {
		if !yield(c) {
			return false
		}
		if c.Pedigree != nil {
			for _, a := range c.Pedigree.Ancestors {
				if !visit(a, yield) {
					return false
				}
			}
		}
		for _, p := range c.Parts {
			if !visit(p, yield) {
				return false
			}
		}
		return true
	}
	return func(yield func(*bom.Component) bool) {
		if b.Root != nil && !visit(b.Root, yield) {
			return
		}
		for _, c := range b.Components {
			if !visit(c, yield) {
				return
			}
		}
	}
}

// citations writes the citations of the document: those of others with their
// pointers led to where things stand now, and one for each origin's text.
func (w *writer) citations(doc *jsondoc.Node) {
	if !w.recite && !w.moved.any() {
		return
	}
	var list []*jsondoc.Node
	for i, n := range doc.Get("citations").List() {
		at := jsondoc.Pointer("citations", i)
		switch {
		case getCitation(n) != nil:
		case w.level < 7:
			w.lose(at, "citations have no place in CycloneDX %s", w.version)
		default:
			if n = w.repoint(n, at); n != nil {
				list = append(list, n)
			}
		}
	}
	byText := map[string]*jsondoc.Node{}
	for _, o := range w.cited {
		text := originText(o.Origin)
		n := byText[text]
		if n == nil {
			n = jsondoc.Object()
			n.Set("pointers", jsondoc.Array())
			n.SetString("timestamp", w.bill.Created)
			n.SetString("attributedTo", w.tool)
			n.SetString("note", text)
			byText[text] = n
			list = append(list, n)
		}
		p := n.Get("pointers")
		p.Items = append(p.Items, jsondoc.String(o.pointer+"/"+jsondoc.Escape(o.Field)))
	}
	setList(doc, "citations", list)
}

// repoint leads the pointers of a citation to where their components stand now;
// nil where nothing is left that it is about.
func (w *writer) repoint(n *jsondoc.Node, at string) *jsondoc.Node {
	if !n.Get("pointers").Is(jsondoc.KindArray) {
		return n
	}
	var list []*jsondoc.Node
	for _, p := range n.Get("pointers").Items {
		to, ok := w.moved.find(p.Str())
		switch {
		case !ok:
			w.lose(at, "%s: what the citation is about is gone", p.Str())
		case to == p.Str():
			list = append(list, p)
		default:
			list = append(list, jsondoc.String(to))
		}
	}
	if len(list) == 0 {
		return nil
	}
	n = shallow(n)
	n.Set("pointers", jsondoc.Array(list...))
	return n
}

// moves says where components stood, and where they stand now.
type moves struct {
	was     map[string]bool // every component of the document that was read
	now     map[string]string
	longest int // bytes of a pointer in was
}

// any reports whether a component stands elsewhere now, or is gone.
func (m *moves) any() bool {
	for was := range m.was {
		if m.now[was] != was {
			return true
		}
	}
	return false
}

// find leads a pointer to where it leads now; false where its component is gone.
func (m *moves) find(pointer string) (string, bool) {
	i := len(pointer)
	if i > m.longest { // and others may have pointers of any length
		i = strings.LastIndexByte(pointer[:m.longest+1], '/')
	}
	for ; i > 0; i = strings.LastIndexByte(pointer[:i], '/') {
		if m.was[pointer[:i]] {
			now, ok := m.now[pointer[:i]]
			return now + pointer[i:], ok
		}
	}
	return pointer, true
}

// attribute says who tells the origins: the tool that made the bill last, named
// by its bom-ref. Without one there are no citations.
func (w *writer) attribute(tools *jsondoc.Node) string {
	list := tools.Get("components").List()
	for i := len(list) - 1; i >= 0; i-- {
		if t := list[i]; t.Get("name").Str() == "nacre" || i == len(list)-1 {
			if ref := t.Get("bom-ref").Str(); ref != "" {
				return ref
			}
		}
	}
	return ""
}

// citable parts origins into those that a citation can tell, and the others.
func (w *writer) citable(c *bom.Component, n *jsondoc.Node, pointer string) (cited []citedOrigin, others []bom.Origin) {
	for _, o := range c.Origins {
		if w.level >= 7 && w.tool != "" && w.bill.Created != "" && n.Get(o.Field) != nil {
			cited = append(cited, citedOrigin{o, pointer})
		} else {
			others = append(others, o)
		}
	}
	slices.SortStableFunc(cited, func(a, b citedOrigin) int { return cmp.Compare(a.Field, b.Field) })
	return cited, others
}
