package spdx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// packages writes them: those of the document at their place, if the bill still
// has them, and new ones behind.
func (w *writer2) packages(members []*member) {
	now := make(map[*jsondoc.Node]*member, len(members))
	for _, m := range members {
		if raw := m.raw(); w.base.elements[raw] != nil && now[raw] == nil {
			now[raw] = m
		}
	}
	list := jsondoc.Array()
	for _, n := range w.doc.Get("packages").List() {
		switch m := now[n]; {
		case m != nil:
			list.Items = append(list.Items, w.member(m, n))
		case w.base.elements[n] != nil:
			w.gone[w.base.elements[n].id] = true
		default:
			list.Items = append(list.Items, n)
		}
	}
	for _, m := range members {
		if raw := m.raw(); raw == nil || now[raw] != m {
			delete(w.gone, m.id)
			list.Items = append(list.Items, w.member(m, nil))
		}
	}
	if len(list.Items) > 0 || w.doc.Get("packages") != nil {
		w.doc.Set("packages", list)
	}
}

// member writes one package. It gives have itself where nothing changed.
func (w *writer2) member(m *member, have *jsondoc.Node) *jsondoc.Node {
	n := jsondoc.Object()
	var old *bom.Component
	switch raw := m.raw(); {
	case have != nil:
		n.Members = slices.Clone(have.Members)
		old = w.base.elements[have].c
	case familyOf(raw) == family2: // of another document
		n.Members = slices.Clone(raw.Members)
	}
	if have == nil || n.Get("SPDXID").Str() == "" && m.id != "" && m.c != nil && w.referred[m.c.Ref] {
		n.SetString("SPDXID", m.id)
	}
	if m.patch != nil {
		if e := w.base.elements[have]; e != nil && e.patch != nil && samePatch(e.patch, m.patch) {
			return have
		}
		w.patch(n, m)
		return keep(n, have)
	}
	w.writePackage(n, m.c, old)
	w.downgrade(n)
	native := readPackage(n, w.texts)
	if w.ids[m.c.Ref] == m.id { // of two components with one ref relations speak of the first
		native.Scope = w.scopes[m.c.Ref]
	}
	if native.Ref == "" || old != nil && old.Ref == m.c.Ref && native.Ref != m.c.Ref {
		native.Ref = m.c.Ref // told by what does not change
	}
	if lines := noteLines(n); len(lines) == 0 {
		w.note.write(n, nil, notes(m.c, native, componentFields))
	} else if !saysAlready(lines, native, m.c, old != nil && old.Ref == m.c.Ref) {
		w.note.write(n, apply(&bom.Component{}, lines, componentFields), notes(m.c, native, componentFields))
	}
	return keep(n, have)
}

// saysAlready reports whether native and the notes of a package give c. Of
// two packages with one ref the ref in the note does not count.
func saysAlready(lines []string, native, c *bom.Component, sameRef bool) bool {
	told := *native
	apply(&told, lines, componentFields)
	if sameRef {
		told.Ref = c.Ref
	}
	return !slices.ContainsFunc(componentFields, func(name string) bool { return !same(&told, c, name) })
}

// keep gives the node that was there where the new one says the same.
func keep(n, have *jsondoc.Node) *jsondoc.Node {
	if have != nil && n.Equal(have) {
		return have
	}
	return n
}

// spell writes the categories of references as the version does: 2.2 has
// PACKAGE_MANAGER, and 2.3 has PACKAGE-MANAGER.
func (w *writer2) spell(n *jsondoc.Node) {
	from, to := "_", "-"
	if w.version == "2.2" {
		from, to = to, from
	}
	refs := n.Get("externalRefs")
	if w.b.Format.Version == w.version || !refs.Is(jsondoc.KindArray) {
		return
	}
	var list []*jsondoc.Node
	for _, r := range refs.Items {
		if c := r.Get("referenceCategory").Str(); strings.Contains(c, from) {
			r = r.Clone()
			r.SetString("referenceCategory", strings.ReplaceAll(c, from, to))
		}
		list = append(list, r)
	}
	n.Set("externalRefs", jsondoc.Array(list...))
}

// downgrade takes away what 2.2 has no key for; the notes hold it then, if the
// model does.
func (w *writer2) downgrade(n *jsondoc.Node) {
	w.spell(n)
	if w.version != "2.2" {
		return
	}
	for _, key := range []string{"primaryPackagePurpose", "releaseDate"} {
		n.Remove(key)
	}
	for _, key := range []string{"builtDate", "validUntilDate"} {
		if n.Get(key) != nil {
			w.losses = append(w.losses, bom.Loss{Pointer: "/packages/" + n.Get("SPDXID").Str() + "/" + key, What: "SPDX 2.2 has no " + key})
			n.Remove(key)
		}
	}
}

// patch writes a package that is a patch.
func (w *writer2) patch(n *jsondoc.Node, m *member) {
	native := readPatch(n)
	if w.version == "2.2" {
		for _, key := range []string{"copyrightText", "licenseConcluded", "licenseDeclared"} {
			if n.Get(key) == nil {
				n.SetString(key, noAssertion) // 2.2 wants each of them
			}
		}
	}
	if n.Get("name") == nil {
		n.SetString("name", "patch of "+m.owner)
	}
	if n.Get("downloadLocation") == nil || native.URL != m.patch.URL {
		n.SetString("downloadLocation", noAssertion)
		if m.patch.URL != "" && oneWord(m.patch.URL) {
			n.SetString("downloadLocation", m.patch.URL)
		}
	}
	if n.Get("filesAnalyzed") == nil && n.Get("packageVerificationCode") == nil {
		n.Set("filesAnalyzed", jsondoc.Bool(false))
	}
	told := readPatch(n)
	applyPatch(told, noteLines(n))
	if !samePatch(told, m.patch) {
		strangers := slices.DeleteFunc(noteLines(n), isPatchNote)
		w.note.write(n, strangers, patchNotes(m.patch, readPatch(n)))
	}
}
