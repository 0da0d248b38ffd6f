package spdx

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// member writes one package, or a patch as one. It gives the node of a package.
func (w *writer3) member(m *member) *jsondoc.Node {
	raw := m.raw()
	e := w.base.elements[raw]
	if e != nil && idOf(raw) != m.id {
		e = nil // a second component of one package
	}
	n := jsondoc.Object()
	switch {
	case e != nil:
		n.Members = slices.Clone(raw.Members)
		w.update[raw] = n
	case raw != nil && isPackage3(raw): // of another document
		n.Members = slices.Clone(raw.Members)
		n.SetString("spdxId", m.id)
		n.SetString("creationInfo", w.info())
		w.made = append(w.made, n)
	default:
		n = w.element("software_Package", m.id)
	}
	if m.patch != nil {
		w.patch(n, m, e)
		return nil
	}
	var old *bom.Component
	if e != nil {
		old = e.c
	}
	w.writePackage(n, m, old)
	w.licences(m, old)
	w.archive(m, old)
	return n
}

// writePackage sets those keys of a package whose fields are not as old has
// them; all of them where old is nil.
func (w *writer3) writePackage(n *jsondoc.Node, m *member, old *bom.Component) {
	c := m.c
	changed := func(names ...string) bool {
		return old == nil || slices.ContainsFunc(names, func(name string) bool { return !same(c, old, name) })
	}
	if changed("Name") {
		n.SetString("name", c.Name)
	}
	if changed("Version") {
		n.SetString("software_packageVersion", c.Version)
	}
	if changed("Type") {
		n.SetString("software_primaryPurpose", purposes3().to[c.Type])
		if c.Type != "" && purposes3().to[c.Type] == "" {
			n.SetString("software_primaryPurpose", "other")
		}
	}
	if changed("PURL") {
		n.SetString("software_packageUrl", c.PURL)
	}
	if changed("PURL", "CPE", "IDs") {
		list := jsondoc.Array()
		if c.PURL != "" {
			list.Items = append(list.Items, identifier3("packageUrl", c.PURL))
		}
		if c.CPE != "" {
			typ := "cpe23"
			if strings.HasPrefix(c.CPE, "cpe:/") {
				typ = "cpe22"
			}
			list.Items = append(list.Items, identifier3(typ, c.CPE))
		}
		for _, id := range c.IDs {
			if typ := identifiers3().to[id.Type]; typ != "" && id.Value != "" {
				list.Items = append(list.Items, identifier3(typ, id.Value))
			}
		}
		setList(n, "externalIdentifier", list)
	}
	if changed("Supplier") {
		if n.Remove("suppliedBy"); c.Supplier != nil {
			n.SetString("suppliedBy", w.agent(c.Supplier).Text)
		}
	}
	if changed("Authors", "Manufacturer") {
		list := jsondoc.Array()
		if c.Manufacturer != nil {
			list.Items = append(list.Items, w.agent(c.Manufacturer))
		}
		for i := range c.Authors {
			list.Items = append(list.Items, w.agent(&c.Authors[i]))
		}
		list.Items = slices.DeleteFunc(list.Items, func(n *jsondoc.Node) bool { return n.Text == "" })
		setList(n, "originatedBy", list)
	}
	if changed("References") {
		writeLinks3(n, c.References)
	}
	if changed("Copyright") {
		n.SetString("software_copyrightText", c.Copyright)
	}
	if changed("Description") {
		if key := "description"; n.Get(key) != nil && c.Description != "" {
			n.SetString(key, c.Description)
		} else {
			n.Remove(key)
			n.SetString("summary", c.Description)
		}
	}
	if changed("Released") {
		n.SetString("releaseTime", second(c.Released))
	}
	if changed("Hashes") && (c.File.Name == "" || n.Get("verifiedUsing") != nil) {
		setList(n, "verifiedUsing", hashes3(c.Hashes))
	}
}

func setList(n *jsondoc.Node, key string, list *jsondoc.Node) {
	if len(list.Items) == 0 {
		n.Remove(key)
		return
	}
	n.Set(key, list)
}

func hashes3(hashes []bom.Hash) *jsondoc.Node {
	list := jsondoc.Array()
	for _, h := range hashes {
		if name := algorithms3().to[h.Algorithm]; name != "" {
			n := jsondoc.Object()
			n.SetString("type", "Hash")
			n.SetString("algorithm", name)
			n.SetString("hashValue", h.Value)
			list.Items = append(list.Items, n)
		}
	}
	return list
}

// writeLinks3 sets addresses and links. Those that are there already and still
// true stay as they are.
func writeLinks3(n *jsondoc.Node, links []bom.Reference) {
	links = slices.Clone(links)
	take := func(key string, ok func(r bom.Reference) bool) {
		current := n.Get(key).Str()
		at := slices.IndexFunc(links, func(r bom.Reference) bool { return r.URL == current && r.Comment == "" && ok(r) })
		if at < 0 {
			at = slices.IndexFunc(links, func(r bom.Reference) bool {
				return strings.Contains(r.URL, ":") && oneWord(r.URL) && r.Comment == "" && ok(r)
			})
		}
		if at < 0 {
			n.Remove(key)
			return
		}
		n.SetString(key, links[at].URL)
		links = slices.Delete(links, at, at+1)
	}
	take("software_downloadLocation", func(r bom.Reference) bool {
		return (r.Type == "distribution" || r.Type == "vcs" && downloadType(r.URL) == "vcs") && downloadType(r.URL) == r.Type
	})
	take("software_homePage", func(r bom.Reference) bool { return r.Type == "website" })
	now := map[*jsondoc.Node][]bom.Reference{} // links of one external reference
	for _, r := range links {
		if typeOf(r.Raw) == "ExternalRef" {
			now[r.Raw] = append(now[r.Raw], r)
		}
	}
	kept := make(map[*jsondoc.Node]bool, len(now))
	for raw, list := range now {
		kept[raw] = saysLinks3(raw, list)
	}
	list := jsondoc.Array()
	done := map[*jsondoc.Node]bool{}
	for _, r := range links {
		typ, comment := references3().to[r.Type], r.Comment
		if typ == "" {
			if typ = "other"; comment == "" && r.Type != "other" {
				comment = r.Type
			}
			if r.Type == "security-contact" {
				typ = "securityOther"
			}
		}
		if kept[r.Raw] {
			if !done[r.Raw] {
				done[r.Raw] = true
				list.Items = append(list.Items, r.Raw)
			}
			continue
		}
		if r.URL != "" {
			list.Items = append(list.Items, link3(typ, comment, r.URL))
		}
	}
	setList(n, "externalRef", list)
}

// saysLinks3 reports whether an external reference says these links and no other.
func saysLinks3(raw *jsondoc.Node, links []bom.Reference) bool {
	one := jsondoc.Object()
	one.Set("externalRef", jsondoc.Array(raw))
	return slices.EqualFunc(readLinks3(one), links, func(a, b bom.Reference) bool {
		return a.Type == b.Type && a.URL == b.URL && a.Comment == b.Comment
	})
}

// licences relates a package to its licences.
func (w *writer3) licences(m *member, old *bom.Component) {
	if old != nil && same(m.c, old, "Licenses") {
		return
	}
	for _, n := range w.base.licences[m.id] {
		w.drop[n] = true
	}
	for _, concluded := range []bool{false, true} {
		if e, _ := w.writeLicense(m.c.Licenses, concluded); e != noAssertion {
			typ := "hasDeclaredLicense"
			if concluded {
				typ = "hasConcludedLicense"
			}
			rel := w.relate("Relationship", m.id, typ, w.license(e))
			w.madeLicences[m.id] = append(w.madeLicences[m.id], rel)
		}
	}
}

// archive writes the file that a package comes as.
func (w *writer3) archive(m *member, old *bom.Component) {
	c := m.c
	if old != nil && same(c, old, "File") && same(c, old, "Hashes") || old == nil && c.File.Name == "" {
		return
	}
	file := w.base.files[m.id]
	n := jsondoc.Object()
	switch {
	case file != nil && c.File.Name == "":
		w.drop[file], w.drop[w.base.links[file]] = true, true
		return
	case c.File.Name == "":
		return
	case file != nil:
		n.Members = slices.Clone(file.Members)
		w.update[file] = n
	default:
		id := w.newID("file-" + c.File.Name)
		n = w.element("software_File", id)
		w.madeFiles[m.id] = n
		w.relate("Relationship", m.id, "hasDistributionArtifact", id)
	}
	n.SetString("name", c.File.Name)
	setList(n, "verifiedUsing", hashes3(c.Hashes))
	purposes := jsondoc.Array()
	for _, p := range several(n.Get("software_additionalPurpose")) {
		if s := p.Str(); s != "archive" && s != "executable" {
			purposes.Items = append(purposes.Items, p)
		}
	}
	if c.File.Archive == "archive" {
		purposes.Items = append(purposes.Items, jsondoc.String("archive"))
	}
	if c.File.Executable == "executable" {
		purposes.Items = append(purposes.Items, jsondoc.String("executable"))
	}
	setList(n, "software_additionalPurpose", purposes)
	if p := n.Get("software_primaryPurpose").Str(); p == "archive" && c.File.Archive != p || p == "executable" && c.File.Executable != p {
		n.Remove("software_primaryPurpose")
	}
}

// notesOf writes what the elements cannot say of a component. They are not read
// back from the graph, which is not whole yet, but from a graph of their own.
func (w *writer3) notesOf(n *jsondoc.Node, m *member) {
	have := w.base.notes[m.id]
	lines := w.base.noteLines(m.id)
	native := w.native(n, m)
	native.Scope = w.nativeScope(m)
	told := *native
	strangers := apply(&told, lines, componentFields)
	if e := w.base.elements[m.raw()]; e != nil && e.id == m.id && e.c.Ref == m.c.Ref {
		told.Ref = m.c.Ref // of two packages with one ref the note does not count
	}
	if slices.ContainsFunc(componentFields, func(name string) bool { return !same(&told, m.c, name) }) {
		w.note(m.id, have, strangers, notes(m.c, native, componentFields))
	}
}

// native reads a package as it stands now, with what was made for it so far.
func (w *writer3) native(n *jsondoc.Node, m *member) *bom.Component {
	r := &reading3{graph3: &graph3{byID: w.byID, read: w.base.read}, licences: map[string][]*jsondoc.Node{}, files: map[string]*jsondoc.Node{}}
	for _, rel := range w.base.licences[m.id] {
		if !w.drop[rel] {
			r.licences[m.id] = append(r.licences[m.id], rel)
		}
	}
	r.licences[m.id] = append(r.licences[m.id], w.madeLicences[m.id]...)
	if file := w.base.files[m.id]; file != nil && !w.drop[file] {
		r.files[m.id] = cmp.Or(w.update[file], file)
	}
	if file := w.madeFiles[m.id]; file != nil {
		r.files[m.id] = file
	}
	return r.readPackage(n)
}

// nativeScope is the scope that relationships say. Of two components with one ref
// they speak of the first.
func (w *writer3) nativeScope(m *member) bom.Scope {
	if s := w.scopes[m.c.Ref]; s != "" && w.ids[m.c.Ref] == m.id {
		return s
	}
	if w.runtime[m.id] {
		return bom.Required
	}
	return ""
}

// patch writes a package that is a patch.
func (w *writer3) patch(n *jsondoc.Node, m *member, e *element) {
	if e != nil && e.patch != nil && samePatch(e.patch, m.patch) {
		return
	}
	if n.Get("name") == nil {
		n.SetString("name", "patch of "+m.owner)
		n.SetString("software_primaryPurpose", "patch")
	}
	n.Remove("software_downloadLocation")
	native := &bom.Patch{}
	if strings.Contains(m.patch.URL, ":") && oneWord(m.patch.URL) {
		n.SetString("software_downloadLocation", m.patch.URL)
		native.URL = m.patch.URL
	}
	have := w.base.notes[m.id]
	strangers := slices.DeleteFunc(w.base.noteLines(m.id), isPatchNote)
	w.note(m.id, have, strangers, patchNotes(m.patch, native))
}
