package change

import (
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// identityFields are the fields of the model that name things: they are not
// texts, and what they name is hidden by hiding the component.
var identityFields = map[reflect.Type][]string{
	reflect.TypeFor[bom.Component]():   {"Ref", "Type", "Name", "Version", "Range", "Scope", "PURL", "CPE", "Unknown", "Redacted", "Pointer", "IDs", "Released"},
	reflect.TypeFor[bom.Bill]():        {"Format", "Serial", "Created", "Type", "Sharing"},
	reflect.TypeFor[bom.Edge]():        {"From", "To"},
	reflect.TypeFor[bom.Composition](): {"Aggregate", "Assemblies", "Dependencies"},
	reflect.TypeFor[bom.Hash]():        {"Algorithm", "Value"},
	reflect.TypeFor[bom.Reference]():   {"Type"},
	reflect.TypeFor[bom.License]():     {"ID", "Expression", "Claim"},
	reflect.TypeFor[bom.Tool]():        {"Name", "Version", "PURL"},
	reflect.TypeFor[bom.Origin]():      {"Field", "From"},
	reflect.TypeFor[bom.Property]():    {"Name"},
	reflect.TypeFor[bom.Identity]():    {"Field"},
	reflect.TypeFor[bom.Method]():      {"Technique"},
}

var nodeType = reflect.TypeFor[*jsondoc.Node]()

// scrub takes names and addresses out of every text of the model, and of the
// pieces of the document. What loses some, and no attribute that has a mark of its
// own, is marked with "text".
func (r *redactor) scrub() {
	seen := map[*jsondoc.Node]bool{}
	changed := false
	text := func(s string) string {
		now := r.secrets.text(s)
		changed = changed || now != s
		return now
	}
	piece := func(n *jsondoc.Node) { changed = r.piece(n, "", seen) || changed }
	var all []*bom.Component
	for c := range everything(r.bill) {
		all = append(all, c)
	}
	for _, c := range slices.Backward(all) { // parts before what they are in
		changed = false
		walk(reflect.ValueOf(c), text, piece)
		if changed && !r.marked[c] {
			r.mark(c, "text")
		}
	}
	changed = false
	walk(reflect.ValueOf(r.bill), text, piece)
	if changed && len(r.lost) == 0 {
		r.lost = append(r.lost, "text")
	}
}

// walk visits the texts that v holds, which it may change, and the pieces.
func walk(v reflect.Value, text func(string) string, piece func(*jsondoc.Node)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		if v.Type() == nodeType {
			piece(v.Interface().(*jsondoc.Node))
			return
		}
		walk(v.Elem(), text, piece)
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), text, piece)
		}
	case reflect.Struct:
		names := identityFields[v.Type()]
		for i := range v.NumField() {
			if !slices.Contains(names, v.Type().Field(i).Name) {
				walk(v.Field(i), text, piece)
			}
		}
	case reflect.String:
		if now := text(v.String()); now != v.String() {
			v.SetString(now)
		}
	}
}

// referring are the keys of formats whose texts are refs, or no texts of anybody.
var referring = map[string]bool{
	"bom-ref": true, "ref": true, "dependsOn": true, "provides": true, "assemblies": true, "dependencies": true, "subjects": true,
	"SPDXID": true, "spdxElementId": true, "relatedSpdxElement": true, "documentDescribes": true, "hasFiles": true,
	"spdxId": true, "@id": true, "from": true, "to": true, "rootElement": true, "element": true, "subject": true,
	"$schema": true, "@context": true, "serialNumber": true, "documentNamespace": true, "creationInfo": true,
}

// piece takes names and addresses out of a piece of the document, and reports
// whether there were any.
func (r *redactor) piece(n *jsondoc.Node, key string, seen map[*jsondoc.Node]bool) (changed bool) {
	if n == nil || seen[n] {
		return false
	}
	switch n.Kind {
	case jsondoc.KindString:
		now := r.secrets.text(n.Text)
		if referring[key] {
			now = r.ref(n.Text)
		}
		changed = now != n.Text
		n.Text = now
	case jsondoc.KindArray:
		seen[n] = true
		for _, item := range n.Items {
			changed = r.piece(item, key, seen) || changed
		}
	case jsondoc.KindObject:
		seen[n] = true
		for i := range n.Members {
			m := &n.Members[i]
			m.Key = r.secrets.names(m.Key)
			changed = r.piece(m.Value, m.Key, seen) || changed
		}
		changed = r.attachment(n) || changed
	}
	return changed
}

// ref gives the ref that what has this one has now.
func (r *redactor) ref(ref string) string {
	if to, ok := r.renames[ref]; ok {
		return to
	}
	if r.rules.URLs && strings.Contains(ref, "://") && !strings.HasPrefix(ref, "http://cyclonedx.org/") {
		ref = urlPattern.ReplaceAllStringFunc(ref, func(u string) string {
			if r.secrets.private(u) {
				return r.secrets.out(u, noURL)
			}
			return u
		})
	}
	return r.secrets.names(ref)
}

// attachment takes names and addresses out of a text in base64.
func (r *redactor) attachment(n *jsondoc.Node) (changed bool) {
	if n.Get("encoding").Str() != "base64" {
		return false
	}
	text, err := base64.StdEncoding.DecodeString(n.Get("content").Str())
	if err != nil {
		return false
	}
	now := r.secrets.text(string(text))
	if now == string(text) {
		return false
	}
	n.SetString("content", base64.StdEncoding.EncodeToString([]byte(now)))
	return true
}

// rename gives new refs to what is hidden, and to what has a name in its ref that
// is taken out, wherever they stand.
func (r *redactor) rename() {
	b := r.bill
	taken := map[string]bool{}
	for _, to := range r.renames {
		taken[to] = true
	}
	for c := range everything(b) {
		if _, done := r.renames[c.Ref]; done {
			continue
		}
		now := r.ref(c.Ref)
		if now == c.Ref {
			taken[c.Ref] = true
			continue
		}
		unique := now
		for i := 2; taken[unique]; i++ {
			unique = fmt.Sprintf("%s#%d", now, i)
		}
		taken[unique] = true
		r.renames[c.Ref] = unique
	}
	for c := range everything(b) {
		c.Ref = r.ref(c.Ref)
	}
	for i := range b.Edges {
		b.Edges[i].From, b.Edges[i].To = r.ref(b.Edges[i].From), r.ref(b.Edges[i].To)
	}
	for i := range b.Compositions {
		for _, list := range [2][]string{b.Compositions[i].Dependencies, b.Compositions[i].Assemblies} {
			for j := range list {
				list[j] = r.ref(list[j])
			}
		}
	}
	if len(r.renames) == 0 {
		return
	}
	seen := map[*jsondoc.Node]bool{}
	walk(reflect.ValueOf(b), func(s string) string { return s }, func(n *jsondoc.Node) { renameIn(n, "", r.renames, seen) })
}

// refers reports whether a text under a key can be a ref: a word may be one, and
// may mean many other things.
func refers(key, text string) bool {
	return referring[key] || len(text) >= 8 && strings.ContainsAny(text, "@:/#")
}

// renameIn renames refs in a piece, in place: texts that are nothing else.
func renameIn(n *jsondoc.Node, key string, refs map[string]string, seen map[*jsondoc.Node]bool) {
	if n == nil || seen[n] {
		return
	}
	switch n.Kind {
	case jsondoc.KindString:
		if to, ok := refs[n.Text]; ok && refers(key, n.Text) {
			n.Text = to
		}
	case jsondoc.KindArray:
		seen[n] = true
		for _, item := range n.Items {
			renameIn(item, key, refs, seen)
		}
	case jsondoc.KindObject:
		seen[n] = true
		for _, m := range n.Members {
			renameIn(m.Value, m.Key, refs, seen)
		}
	}
}

// left are the names that still stand somewhere: in what names a component that
// stays.
func (r *redactor) left() []string {
	var found []string
	for c := range everything(r.bill) {
		for _, text := range []string{c.Name, c.Group, c.PURL, c.CPE, c.Ref} {
			if r.secrets.names(text) != text {
				found = append(found, nameAndVersion(c))
				break
			}
		}
	}
	slices.Sort(found)
	return slices.Compact(found)
}

// remove takes components out. What needed them needs what they needed.
func (r *redactor) remove(hidden map[*bom.Component]bool) error {
	b := r.bill
	if hidden[b.Root] {
		return fault.New(fault.Invalid, "redact: what the bill is of cannot be removed").WithHint("leave out --remove: it stays without a name")
	}
	gone := map[string]bool{}
	var below func(c *bom.Component)
	below = func(c *bom.Component) {
		gone[c.Ref] = true
		r.names(c)
		for _, p := range c.Parts {
			below(p)
		}
	}
	for c := range everything(b) {
		if hidden[c] {
			below(c)
		}
	}
	if at := mentions(b.Raw, gone); at != "" {
		return fault.New(fault.Conflict, "redact: %s speaks of a component that would be gone", at).
			WithHint("leave out --remove: the component stays without a name, and nothing breaks")
	}
	incomplete := map[string]bool{}
	r.takeFrom(&b.Components, gone, "", incomplete)
	if b.Root != nil {
		r.takeFrom(&b.Root.Parts, gone, b.Root.Ref, incomplete)
	}
	for c := range b.All() {
		if c.Pedigree != nil {
			c.Pedigree.Ancestors = slices.DeleteFunc(slices.Clone(c.Pedigree.Ancestors), func(a *bom.Component) bool { return gone[a.Ref] })
		}
	}
	needs := r.rewire(gone)
	for i := range b.Compositions {
		c := &b.Compositions[i]
		for _, list := range [2]*[]string{&c.Dependencies, &c.Assemblies} {
			*list = slices.DeleteFunc(slices.Clone(*list), func(ref string) bool { return gone[ref] })
		}
	}
	r.incomplete(needs, sortedKeys(incomplete))
	return nil
}

// takeFrom takes components that are gone out of a list and what is in it; who
// had parts that are gone is noted.
func (r *redactor) takeFrom(list *[]*bom.Component, gone map[string]bool, in string, incomplete map[string]bool) {
	var kept []*bom.Component
	for _, c := range *list {
		if gone[c.Ref] {
			if in != "" {
				incomplete[in] = true
			}
			continue
		}
		r.takeFrom(&c.Parts, gone, c.Ref, incomplete)
		kept = append(kept, c)
	}
	*list = kept
}

// rewire leads edges past what is gone, and gives who needed it.
func (r *redactor) rewire(gone map[string]bool) (needed []string) {
	b := r.bill
	next := map[string][]bom.Edge{}
	for _, e := range b.Edges {
		if gone[e.From] {
			next[e.From] = append(next[e.From], e)
		}
	}
	byRef := b.ByRef()
	have := map[bom.Edge]bool{}
	var edges []bom.Edge
	add := func(e bom.Edge) {
		key := bom.Edge{From: e.From, To: e.To, Relation: e.Relation}
		if e.From != e.To && !have[key] {
			have[key] = true
			edges = append(edges, e)
		}
	}
	lost := map[string]bool{}
	for _, e := range b.Edges {
		switch {
		case gone[e.From]:
		case !gone[e.To]:
			add(e)
		default:
			lost[e.From] = true
			if c := byRef[e.From]; c != nil {
				r.mark(c, "dependencies")
			}
			past(e, next, gone, map[string]bool{}, add)
		}
	}
	b.Edges = edges
	return sortedKeys(lost)
}

// past follows an edge through what is gone to what is not. How something is
// needed is how the first step says that is not plain need.
func past(e bom.Edge, next map[string][]bom.Edge, gone, seen map[string]bool, add func(bom.Edge)) {
	if seen[e.To] {
		return
	}
	seen[e.To] = true
	for _, step := range next[e.To] {
		way := bom.Edge{From: e.From, To: step.To, Relation: e.Relation}
		if way.Relation == bom.DependsOn {
			way.Relation = step.Relation
		}
		if gone[step.To] {
			past(way, next, gone, seen, add)
			continue
		}
		add(way)
	}
}

// known are the keys of documents whose things writers make anew of the model.
var known = map[string]bool{
	"components": true, "dependencies": true, "compositions": true, "metadata": true, "citations": true,
	"packages": true, "relationships": true, "documentDescribes": true,
}

// mentions finds a place that the model does not know and that speaks of a
// component that would be gone; "" where there is none.
func mentions(doc *jsondoc.Node, gone map[string]bool) string {
	if doc == nil {
		return ""
	}
	var in func(n *jsondoc.Node) bool
	in = func(n *jsondoc.Node) bool {
		return n.Is(jsondoc.KindString) && gone[n.Text] ||
			slices.ContainsFunc(n.List(), in) ||
			n.Is(jsondoc.KindObject) && slices.ContainsFunc(n.Members, func(m jsondoc.Member) bool { return in(m.Value) })
	}
	for _, m := range doc.Members {
		switch {
		case known[m.Key]:
		case m.Key == "@graph":
			for i, e := range m.Value.List() {
				kind := e.Get("type").Str()
				named := strings.HasSuffix(kind, "Relationship") || kind == "SpdxDocument" || kind == "software_Sbom" || gone[e.Get("spdxId").Str()]
				if !named && in(e) {
					return jsondoc.Pointer("@graph", i)
				}
			}
		case in(m.Value):
			return jsondoc.Pointer(m.Key)
		}
	}
	return ""
}

func sortedKeys(set map[string]bool) []string {
	all := make([]string, 0, len(set))
	for key := range set {
		all = append(all, key)
	}
	slices.Sort(all)
	return all
}
