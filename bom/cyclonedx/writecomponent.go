package cyclonedx

import (
	"cmp"
	"slices"
	"strconv"

	"nacre/bom"
	"nacre/jsondoc"
)

// components sets a key to components that stand at a pointer.
func (w *writer) components(n *jsondoc.Node, key string, list []*bom.Component, pointer string) {
	out := make([]*jsondoc.Node, 0, len(list))
	for i, c := range list {
		out = append(out, w.component(c, pointer+"/"+strconv.Itoa(i)))
	}
	setList(n, key, out)
}

func (w *writer) component(c *bom.Component, pointer string) *jsondoc.Node {
	raw := w.raw(c.Raw)
	at := cmp.Or(c.Pointer, pointer) // for what is lost
	n, old := base(raw), &bom.Component{}
	if raw != nil {
		old = getComponent(raw)
		if w.moved.was[c.Pointer] {
			w.moved.now[c.Pointer] = pointer
		}
	}
	if raw == nil && c.Type == "" {
		n.SetString("type", "application") // the schema's word where nothing else is known
	} else {
		text(n, "type", old.Type, c.Type)
	}
	if raw == nil || old.Ref != "" || w.needed[c.Ref] {
		text(n, "bom-ref", old.Ref, c.Ref)
	}
	w.entity(n, "supplier", c.Supplier)
	w.entity(n, "manufacturer", c.Manufacturer)
	w.authors(n, c)
	text(n, "publisher", old.Publisher, c.Publisher)
	text(n, "group", old.Group, c.Group)
	text(n, "name", old.Name, c.Name)
	if raw == nil && c.Name == "" {
		n.Set("name", jsondoc.String("")) // the schema wants one, and nobody knows it
	}
	text(n, "version", old.Version, c.Version)
	if w.level <= 3 && (!w.same || raw == nil) && n.Get("version") == nil {
		n.Set("version", jsondoc.String("")) // the schema wants one, and nobody knows it
	}
	native, nativeRange := w.external(n, old, c, pointer == "/metadata/component")
	text(n, "description", old.Description, c.Description)
	text(n, "scope", string(old.Scope), string(c.Scope))
	setValues(n, "hashes", c.Hashes, getHash, putHash)
	w.licenses(n, c.Licenses, at+"/licenses")
	text(n, "copyright", old.Copyright, c.Copyright)
	text(n, "cpe", old.CPE, c.CPE)
	text(n, "purl", old.PURL, c.PURL)
	w.ids(n, old, c, at)
	w.pedigree(n, c.Pedigree, pointer+"/pedigree")
	setList(n, "externalReferences", putAll(c.References, w.reference))
	w.components(n, "components", c.Parts, pointer+"/components")
	w.evidence(n, c.Evidence, at+"/evidence")
	w.told(n, old, c, pointer, native, nativeRange)
	if raw.Get("signature") != nil && !n.Equal(raw) {
		n.Remove("signature")
		w.lose(at+"/signature", "the signature is void after a change and is dropped")
	}
	return n
}

// external sets that a component is not part of the product, and which versions
// of it will do, and reports which of both the version has a place for.
func (w *writer) external(n *jsondoc.Node, old, c *bom.Component, root bool) (external, ranges bool) {
	external = w.level >= 7 && !root
	ranges = external && c.External && c.Scope != bom.Excluded && c.Version == ""
	if w.same && old.External == c.External && old.Range == c.Range && old.Version == c.Version && old.Scope == c.Scope {
		return n.Get("isExternal") != nil, n.Get("versionRange") != nil
	}
	if external && c.External {
		n.Set("isExternal", jsondoc.Bool(true))
	} else if external && n.Get("isExternal") != nil {
		n.Set("isExternal", jsondoc.Bool(false))
	} else if w.level < 7 || c.External {
		n.Remove("isExternal")
	}
	if ranges {
		n.SetString("versionRange", c.Range)
	} else {
		n.Remove("versionRange")
	}
	return external, ranges
}

// told sets the properties, and notes what citations say.
func (w *writer) told(n *jsondoc.Node, old, c *bom.Component, pointer string, native, nativeRange bool) {
	var before []bom.Origin
	if old.Raw != nil {
		before = w.wasAt[c.Pointer]
	}
	sameOrigins := slices.Equal(withCited(old.Origins, before), c.Origins)
	if len(before) > 0 && pointer != c.Pointer || !sameOrigins {
		w.recite = true
	}
	unchanged := sameOrigins && slices.Equal(old.Properties, c.Properties) && slices.Equal(old.Unknown, c.Unknown) &&
		slices.Equal(old.Redacted, c.Redacted) && old.File == c.File && old.Released == c.Released &&
		old.External == c.External && old.Range == c.Range
	if w.same && unchanged {
		for _, o := range before {
			w.cited = append(w.cited, citedOrigin{o, pointer})
		}
		return
	}
	cited, others := w.citable(c, n, pointer)
	w.cited = append(w.cited, cited...)
	setProperties(n, slices.Concat(c.Properties, lower(c, native, nativeRange, others)))
}

// authors sets the list of authors, or the one text that was there before 1.6.
func (w *writer) authors(n *jsondoc.Node, c *bom.Component) {
	if slices.EqualFunc(getAuthors(n), c.Authors, equalParties) && (w.same || w.level >= 6 || n.Get("authors") == nil) {
		return
	}
	n.Remove("author")
	if w.level >= 6 {
		setList(n, "authors", putAll(c.Authors, w.contact))
		return
	}
	n.Remove("authors")
	n.SetString("author", authorText(c.Authors))
}

func authorText(list []bom.Party) (s string) {
	for i, p := range list {
		if i > 0 {
			s += ", "
		}
		switch {
		case p.Name == "":
			s += p.Email
		case p.Email == "":
			s += p.Name
		default:
			s += p.Name + " <" + p.Email + ">"
		}
	}
	return s
}

// equalParties leaves out what the format cannot tell of a contact.
func equalParties(a, b bom.Party) bool { return a.Name == b.Name && a.Email == b.Email }

// ids sets the further identifiers.
func (w *writer) ids(n *jsondoc.Node, old, c *bom.Component, pointer string) {
	if slices.Equal(old.IDs, c.IDs) {
		return
	}
	lists := map[string][]string{}
	swid := ""
	for _, id := range c.IDs {
		switch {
		case id.Type == "swhid" || id.Type == "omniborId":
			lists[id.Type] = append(lists[id.Type], id.Value)
		case id.Type == "gitoid": // what an OmniBOR id is
			lists["omniborId"] = append(lists["omniborId"], id.Value)
		case id.Type == "swid" && swid == "":
			swid = id.Value
		default:
			w.lose(pointer, "an identifier of type %s has no place in CycloneDX: %s", id.Type, id.Value)
		}
	}
	setStrings(n, "omniborId", lists["omniborId"])
	setStrings(n, "swhid", lists["swhid"])
	switch {
	case swid == "":
		n.Remove("swid")
	case n.At("swid", "tagId").Str() != swid:
		s := base(n.Get("swid"))
		s.SetString("tagId", swid)
		if s.Get("name") == nil {
			s.SetString("name", c.Name)
		}
		n.Set("swid", s)
	}
}

func (w *writer) pedigree(n *jsondoc.Node, p *bom.Pedigree, pointer string) {
	if p == nil {
		if n.Get("pedigree").Is(jsondoc.KindObject) {
			n.Remove("pedigree")
		}
		return
	}
	raw := w.raw(p.Raw)
	o, old := base(raw), &bom.Pedigree{}
	if raw != nil {
		old = getPedigree(raw)
	}
	w.components(o, "ancestors", p.Ancestors, pointer+"/ancestors")
	setValues(o, "commits", p.Commits, getCommit, putCommit)
	setList(o, "patches", putAll(p.Patches, w.patch))
	text(o, "notes", old.Notes, p.Notes)
	n.Set("pedigree", o)
}

func (w *writer) patch(p bom.Patch) *jsondoc.Node {
	if n := odd(p.Raw, p, getPatch); n != nil {
		return n
	}
	raw := w.raw(p.Raw)
	n, old := base(raw), getPatch(raw)
	text(n, "type", old.Type, p.Type)
	if p.Text != old.Text || p.URL != old.URL {
		d := base(n.Get("diff"))
		setText(d, old.Text, p.Text)
		text(d, "url", old.URL, p.URL)
		n.Set("diff", d)
		if len(d.Members) == 0 {
			n.Remove("diff")
		}
	}
	setValues(n, "resolves", p.Resolves, getIssue, putIssue)
	return n
}

// setText sets an attachment under "text".
func setText(n *jsondoc.Node, old, s string) {
	if s == old {
		return
	}
	if s == "" {
		n.Remove("text")
		return
	}
	t := jsondoc.Object()
	t.SetString("contentType", "text/plain")
	t.SetString("content", s)
	n.Set("text", t)
}

func (w *writer) evidence(n *jsondoc.Node, e bom.Evidence, pointer string) {
	if e.Empty() {
		if n.Get("evidence").Is(jsondoc.KindObject) {
			n.Remove("evidence")
		}
		return
	}
	raw := w.raw(e.Raw)
	o := base(raw)
	w.identity(o, e.Identity, pointer)
	setList(o, "occurrences", putAll(e.Occurrences, w.occurrence))
	w.licenses(o, e.Licenses, pointer+"/licenses")
	setValues(o, "copyright", e.Copyrights, getCopyright, putCopyright)
	if len(o.Members) > 0 || raw != nil && len(raw.Members) == 0 {
		n.Set("evidence", o)
	} else {
		n.Remove("evidence")
	}
}

// identity sets the identities: one until 1.5, a list after; one that was read
// stays one.
func (w *writer) identity(n *jsondoc.Node, list []bom.Identity, pointer string) {
	items := putAll(list, w.putIdentity)
	single := n.Get("identity").Is(jsondoc.KindObject)
	switch {
	case len(items) == 1 && (single || w.level == 5):
		n.Set("identity", items[0])
	case len(items) > 1 && w.level == 5 && !w.same:
		n.Set("identity", items[0])
		for i, it := range list[1:] {
			w.lose(pointer+"/identity/"+strconv.Itoa(i+1), "CycloneDX %s has a place for one identity; that of %s is the second", w.version, it.Field)
		}
	case len(items) == 0 && single:
		n.Remove("identity")
	default:
		setList(n, "identity", items)
	}
}

func (w *writer) putIdentity(i bom.Identity) *jsondoc.Node {
	if n := odd(i.Raw, i, getIdentity); n != nil {
		return n
	}
	raw := w.raw(i.Raw)
	n, old := base(raw), getIdentity(raw)
	text(n, "field", old.Field, i.Field)
	if old.Confidence != i.Confidence || raw == nil {
		n.Set("confidence", number(i.Confidence))
	}
	text(n, "concludedValue", old.Value, i.Value)
	setValues(n, "methods", i.Methods, getMethod, putMethod)
	return n
}

func (w *writer) occurrence(o bom.Occurrence) *jsondoc.Node {
	if n := odd(o.Raw, o, getOccurrence); n != nil {
		return n
	}
	raw := w.raw(o.Raw)
	n, old := base(raw), getOccurrence(raw)
	text(n, "location", old.Location, o.Location)
	if old.Line != o.Line {
		if o.Line > 0 {
			n.Set("line", jsondoc.Number(strconv.Itoa(o.Line)))
		} else {
			n.Remove("line")
		}
	}
	return n
}
