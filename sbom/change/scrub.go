package change

import (
	"encoding/base64"
	"reflect"
	"slices"
	"strings"

	"nacre/bom"
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
			if strings.ContainsAny(m.Key, " @./:") { // no format's key, and so somebody's text
				m.Key = r.secrets.text(m.Key)
			}
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
	was := ref
	if r.rules.URLs && !strings.HasPrefix(ref, "http://cyclonedx.org/") {
		ref = r.secrets.urls(ref)
	}
	now := r.secrets.names(ref)
	if now == was {
		return was
	}
	unique := r.numbers.free(now, r.taken)
	r.taken[unique] = true
	r.renames[was] = unique
	return unique
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
	for _, to := range r.renames {
		r.taken[to] = true
	}
	for c := range everything(b) {
		r.taken[c.Ref] = true
	}
	for c := range everything(b) {
		c.Ref = r.ref(c.Ref)
	}
	if !strings.HasPrefix(b.Serial, "urn:uuid:") {
		b.Serial = r.ref(b.Serial) // SPDX's is an address, often with the product's name
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
