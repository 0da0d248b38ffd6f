package cyclonedx

import (
	"slices"
	"strconv"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

func number(f float64) *jsondoc.Node {
	return jsondoc.Number(strconv.FormatFloat(f, 'f', -1, 64))
}

// object makes an object of keys and texts in turn; empty texts are left out.
func object(pairs ...string) *jsondoc.Node {
	n := jsondoc.Object()
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			n.SetString(pairs[i], pairs[i+1])
		}
	}
	return n
}

func putHash(h bom.Hash) *jsondoc.Node {
	return object("alg", h.Algorithm, "content", h.Value)
}

func putProperty(p bom.Property) *jsondoc.Node {
	n := jsondoc.Object()
	n.Set("name", jsondoc.String(p.Name))
	n.Set("value", jsondoc.String(p.Value))
	return n
}

func putCopyright(s string) *jsondoc.Node {
	n := jsondoc.Object()
	n.Set("text", jsondoc.String(s))
	return n
}

func putCommit(c bom.Commit) *jsondoc.Node { return object("uid", c.UID, "url", c.URL) }

func putMethod(m bom.Method) *jsondoc.Node {
	n := object("technique", m.Technique)
	n.Set("confidence", number(m.Confidence))
	n.SetString("value", m.Value)
	return n
}

func putIssue(i bom.Issue) *jsondoc.Node {
	n := object("type", i.Type, "id", i.ID)
	if s := object("name", i.Source, "url", i.URL); len(s.Members) > 0 {
		n.Set("source", s)
	}
	return n
}

func (w *writer) reference(r bom.Reference) *jsondoc.Node {
	if n := odd(r.Raw, r, getReference); n != nil {
		return n
	}
	raw := w.raw(r.Raw)
	n, old := base(raw), getReference(raw)
	text(n, "type", old.Type, r.Type)
	if raw == nil && r.URL == "" {
		n.Set("url", jsondoc.String("")) // the schema wants one
	} else {
		text(n, "url", old.URL, r.URL)
	}
	text(n, "comment", old.Comment, r.Comment)
	setValues(n, "hashes", r.Hashes, getHash, putHash)
	return n
}

func (w *writer) composition(c bom.Composition) *jsondoc.Node {
	if n := odd(c.Raw, c, getComposition); n != nil {
		return n
	}
	raw := w.raw(c.Raw)
	n, old := base(raw), getComposition(raw)
	text(n, "aggregate", old.Aggregate, c.Aggregate)
	setStrings(n, "assemblies", c.Assemblies)
	setStrings(n, "dependencies", c.Dependencies)
	return n
}

// contact writes a person.
func (w *writer) contact(p bom.Party) *jsondoc.Node {
	if n := odd(p.Raw, p, getContact); n != nil {
		return n
	}
	raw := w.raw(p.Raw)
	if raw.Get("contact") != nil || raw.Get("url") != nil || raw.Get("address") != nil {
		raw = nil // an organization
	}
	n, old := base(raw), getContact(raw)
	text(n, "name", old.Name, p.Name)
	text(n, "email", old.Email, p.Email)
	return n
}

// entity sets a key to an organization, or to a person as the only contact of
// one with that name.
func (w *writer) entity(n *jsondoc.Node, key string, p *bom.Party) {
	if p == nil {
		if n.Get(key).Is(jsondoc.KindObject) {
			n.Remove(key)
		}
		return
	}
	raw := w.raw(p.Raw)
	if p.Person && raw.Get("contact") == nil {
		raw = nil // a contact: an organization is told a person by its one contact
	}
	o, old := base(raw), &bom.Party{}
	if raw != nil {
		old = getEntity(raw)
	}
	text(o, "name", old.Name, p.Name)
	setStrings(o, "url", p.URLs)
	contacts := p.Contacts
	switch {
	case p.Person:
		contacts = slices.Concat([]bom.Party{{Name: p.Name, Email: p.Email}}, contacts)
	case p.Email != "":
		contacts = slices.Concat([]bom.Party{{Email: p.Email}}, contacts)
	}
	if !old.Person || old.Name != p.Name || old.Email != p.Email || !p.Person || len(contacts) != 1 {
		setList(o, "contact", putAll(contacts, w.contact))
	}
	n.Set(key, o)
}

// licenses sets a list of licences. From 1.5 to 1.6 an expression stands alone;
// beside others it becomes the name of one. Before 1.7 little is said of it.
func (w *writer) licenses(n *jsondoc.Node, list []bom.License, pointer string) {
	was := n.Get("licenses")
	setList(n, "licenses", putAll(list, w.license))
	if w.level > 6 || w.same && n.Get("licenses").Equal(was) {
		return
	}
	allowed := []string{"expression"}
	if w.level == 6 {
		allowed = []string{"expression", "acknowledgement", "bom-ref"}
	}
	items := slices.Clone(n.Get("licenses").List())
	for i, item := range items {
		e := item.Get("expression").Str()
		if e == "" {
			continue
		}
		at := pointer + "/" + strconv.Itoa(i)
		o := jsondoc.Object()
		for _, m := range item.Members {
			if slices.Contains(allowed, m.Key) {
				o.Set(m.Key, m.Value)
			} else {
				w.lose(at+"/"+jsondoc.Escape(m.Key), "%s has no place beside an expression in CycloneDX %s", m.Key, w.version)
			}
		}
		if items[i] = o; len(items) > 1 && w.level >= 5 {
			o.Remove("expression")
			o.Members = slices.Insert(o.Members, 0, jsondoc.Member{Key: "name", Value: jsondoc.String(e)})
			items[i] = jsondoc.Object()
			items[i].Set("license", o)
		}
	}
	setList(n, "licenses", items)
}

func (w *writer) license(l bom.License) *jsondoc.Node {
	if n := odd(l.Raw, l, getLicense); n != nil {
		return n
	}
	raw := w.raw(l.Raw)
	if raw != nil {
		was := getLicense(raw)
		if was.Raw = l.Raw; was == l {
			return raw
		}
		if (raw.Get("license") == nil) != (l.Expression != "") {
			raw = nil
		}
	}
	n, old := base(raw), getLicense(raw)
	if l.Expression == "" {
		o := base(n.Get("license"))
		text(o, "id", old.ID, l.ID)
		text(o, "name", old.Name, l.Name)
		text(o, "acknowledgement", string(old.Claim), string(l.Claim))
		setText(o, old.Text, l.Text)
		text(o, "url", old.URL, l.URL)
		n.Set("license", o)
		return n
	}
	if l.Text != "" && old.Raw == nil && !strings.Contains(l.Expression, " ") && w.level < 7 {
		return w.license(bom.License{Name: l.Expression, Text: l.Text, URL: l.URL, Claim: l.Claim})
	}
	text(n, "expression", old.Expression, l.Expression)
	text(n, "acknowledgement", string(old.Claim), string(l.Claim))
	if l.Text != "" {
		d := object("licenseIdentifier", l.Expression, "url", l.URL)
		setText(d, "", l.Text)
		n.Set("expressionDetails", jsondoc.Array(d))
	}
	return n
}
