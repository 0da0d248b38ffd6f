package change

import (
	"cmp"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/purl"
)

// mergeProperty is the property that keeps the values of inputs that differ.
const mergeProperty = "cpan:merge:"

// fields takes what c states into the same component of the result.
func (m *merger) fields(in *Input, was, c *bom.Component) {
	text := func(field string, into *string, value string) {
		switch {
		case value == "" || value == *into:
		case *into == "":
			*into = value
		default:
			m.conflict(in, was, field, *into, value)
		}
	}
	text("type", &was.Type, c.Type)
	text("description", &was.Description, c.Description)
	text("copyright", &was.Copyright, c.Copyright)
	text("publisher", &was.Publisher, c.Publisher)
	text("cpe", &was.CPE, c.CPE)
	text("released", &was.Released, c.Released)
	text("filename", &was.File.Name, c.File.Name)
	text("executable", &was.File.Executable, c.File.Executable)
	text("archive", &was.File.Archive, c.File.Archive)
	text("structured", &was.File.Structured, c.File.Structured)
	m.purl(in, was, c)
	person := func(field string, into **bom.Party, p *bom.Party) {
		switch {
		case p == nil:
		case *into == nil:
			*into = p
		case partyText(*into) != partyText(p):
			m.conflict(in, was, field, partyText(*into), partyText(p))
		}
	}
	person("supplier", &was.Supplier, c.Supplier)
	person("manufacturer", &was.Manufacturer, c.Manufacturer)
	switch a, b := licenseText(was.Licenses), licenseText(c.Licenses); {
	case a == "":
		was.Licenses = c.Licenses
	case b != "" && a != b:
		m.conflict(in, was, "licenses", a, b)
	}
	was.Scope = was.Scope.Stronger(c.Scope)
	was.External = was.External && c.External
	was.Authors = unite(was.Authors, c.Authors, partyKey)
	was.IDs = unite(was.IDs, c.IDs, idText)
	was.Hashes = unite(was.Hashes, c.Hashes, func(h bom.Hash) string { return h.Algorithm + h.Value })
	was.References = unite(was.References, c.References, referenceText)
	was.Properties = unite(was.Properties, c.Properties, propertyText)
	was.Origins = unite(was.Origins, c.Origins, func(o bom.Origin) string { return o.Field })
	was.Evidence.Identity = unite(was.Evidence.Identity, c.Evidence.Identity, identityText)
	was.Evidence.Occurrences = unite(was.Evidence.Occurrences, c.Evidence.Occurrences, occurrenceText)
	was.Evidence.Licenses = unite(was.Evidence.Licenses, c.Evidence.Licenses, bom.License.String)
	was.Evidence.Copyrights = unite(was.Evidence.Copyrights, c.Evidence.Copyrights, func(s string) string { return s })
	m.pedigree(in, was, c)
	was.Unknown = marks(was, was.Unknown, c.Unknown)
	was.Redacted = marks(was, was.Redacted, c.Redacted)
	m.pieces(in, was, c)
}

// purl keeps the package URL that says more; two that contradict are a conflict.
func (m *merger) purl(in *Input, was, c *bom.Component) {
	switch {
	case c.PURL == "" || c.PURL == was.PURL:
	case was.PURL == "":
		was.PURL = c.PURL
	case contradicts(was.PURL, c.PURL):
		m.conflict(in, was, "purl", was.PURL, c.PURL)
	case strings.Count(c.PURL, "&") > strings.Count(was.PURL, "&") || !strings.Contains(was.PURL, "?"):
		was.PURL = c.PURL
	}
}

// contradicts reports whether two package URLs cannot be of the same bytes.
func contradicts(x, y string) bool {
	if x == "" || y == "" || x == y {
		return false
	}
	a, err := purl.Parse(x)
	if err != nil {
		return true
	}
	b, err := purl.Parse(y)
	return err != nil || !purl.Compare(a, b).Same() || purl.Compare(a, b).Contradicted()
}

func (m *merger) pedigree(in *Input, was, c *bom.Component) {
	switch {
	case c.Pedigree == nil:
	case was.Pedigree == nil:
		was.Pedigree = c.Pedigree
	default:
		p, q := was.Pedigree, c.Pedigree
		p.Ancestors = unite(p.Ancestors, q.Ancestors, mergeKey)
		p.Patches = unite(p.Patches, q.Patches, patchText)
		p.Commits = unite(p.Commits, q.Commits, func(c bom.Commit) string { return c.UID + " " + c.URL })
		switch {
		case p.Notes == "":
			p.Notes = q.Notes
		case q.Notes != "" && p.Notes != q.Notes:
			m.conflict(in, was, "pedigree-notes", p.Notes, q.Notes)
		}
	}
}

// conflict notes values that differ. The first stays.
func (m *merger) conflict(in *Input, was *bom.Component, field, first, other string) {
	say := func(value, from string) string {
		if from != "" {
			value += " (in " + from + ")"
		}
		return value
	}
	key := [2]string{was.Ref, field}
	at, known := m.conflicts[key]
	if !known {
		at = len(m.report.Conflicts)
		m.conflicts[key] = at
		m.report.Conflicts = append(m.report.Conflicts, Conflict{Name: nameAndVersion(was), Field: field, Values: []string{first}})
		was.Properties = append(was.Properties, bom.Property{Name: mergeProperty + field, Value: first})
	}
	c := &m.report.Conflicts[at]
	if value := say(other, in.Name); !slices.Contains(c.Values, value) {
		c.Values = append(c.Values, value)
		was.Properties = unite(was.Properties, []bom.Property{{Name: mergeProperty + field, Value: value}}, propertyText)
	}
}

// marks are attributes that one of two says are missing, and that neither states.
func marks(c *bom.Component, a, b []string) []string {
	var all []string
	for _, what := range slices.Concat(a, b) {
		if !c.Has(what) {
			all = append(all, what)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// unite adds what a list does not have yet, as key has it.
func unite[T any](all, more []T, key func(T) string) []T {
	if len(more) == 0 {
		return all
	}
	have := make(map[string]bool, len(all))
	for _, one := range all {
		have[key(one)] = true
	}
	all = slices.Clip(all)
	for _, one := range more {
		if k := key(one); !have[k] {
			have[k] = true
			all = append(all, one)
		}
	}
	return all
}

func toolKey(t bom.Tool) string { return t.Vendor + "\x00" + t.Name + "\x00" + t.Version }

func partyKey(p bom.Party) string { return p.Name + "\x00" + p.Email }

func identityText(i bom.Identity) string { return i.Field + "\x00" + i.Value }

// sharing are TLP's words, the strictest last.
var sharing = [...]string{"", "CLEAR", "GREEN", "AMBER", "AMBER_AND_STRICT", "RED"}

// document takes what an input says of itself.
func (m *merger) document(in *Input) {
	b, out := in.Bill, m.out
	first := len(m.renamed) == 1
	switch {
	case first:
		out.Type = b.Type
	case out.Type != b.Type:
		out.Type = "" // a mixture has none
	}
	out.Authors = unite(out.Authors, b.Authors, partyKey)
	out.Tools = unite(out.Tools, b.Tools, toolKey)
	out.Licenses = unite(out.Licenses, b.Licenses, bom.License.String)
	out.Properties = unite(out.Properties, b.Properties, propertyText)
	out.References = unite(out.References, b.References, referenceText)
	out.Vulnerabilities += b.Vulnerabilities
	if slices.Index(sharing[:], b.Sharing) > slices.Index(sharing[:], out.Sharing) {
		out.Sharing = b.Sharing
	}
	if b.Comment != "" && !strings.Contains(out.Comment, b.Comment) {
		out.Comment = strings.TrimPrefix(out.Comment+"\n"+b.Comment, "\n")
	}
	m.party(in, "manufacturer", &out.Manufacturer, b.Manufacturer)
	m.party(in, "supplier", &out.Supplier, b.Supplier)
	if link := bomLink(b); link != "" {
		ref := bom.Reference{Type: "bom", URL: link, Comment: in.Name}
		if in.Hash.Value != "" {
			ref.Hashes = []bom.Hash{in.Hash}
		}
		out.References = unite(out.References, []bom.Reference{ref}, referenceText)
	}
}

// party takes who answers for the bill; where two do, nobody answers for the
// whole, and both are noted.
func (m *merger) party(in *Input, field string, into **bom.Party, p *bom.Party) {
	noted := slices.IndexFunc(m.report.Conflicts, func(c Conflict) bool { return c.Name == "" && c.Field == field })
	switch {
	case p == nil:
	case noted >= 0:
		c := &m.report.Conflicts[noted]
		c.Values = append(c.Values, partyText(p)+" (in "+in.Name+")")
		m.out.Properties = append(m.out.Properties, bom.Property{Name: mergeProperty + field, Value: c.Values[len(c.Values)-1]})
	case *into == nil:
		*into = p
	case partyText(*into) != partyText(p):
		values := []string{partyText(*into), partyText(p) + " (in " + in.Name + ")"}
		m.report.Conflicts = append(m.report.Conflicts, Conflict{Field: field, Values: values})
		for _, v := range values {
			m.out.Properties = append(m.out.Properties, bom.Property{Name: mergeProperty + field, Value: v})
		}
		*into = nil
	}
}

// bomLink is the name of a bill in others, "" where it has none.
//
// Source: CycloneDX, BOM-Link.
func bomLink(b *bom.Bill) string {
	if id, ok := strings.CutPrefix(b.Serial, "urn:uuid:"); ok {
		return "urn:cdx:" + id + "/" + cmp.Or(itoa(b.Revision), "1")
	}
	return b.Serial
}
