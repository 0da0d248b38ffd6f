package change

import (
	"fmt"
	"slices"

	"nacre/bom"
	"nacre/purl"
)

type attribute struct{ what, before, after string }

// others compares the attributes that have no kind of their own. Of lists the
// first difference is told, or how many there are.
func others(a, b *bom.Component) []attribute {
	count := func(n int) string {
		if n == 0 {
			return ""
		}
		return fmt.Sprint(n)
	}
	same := versionText(a) == versionText(b)
	all := []attribute{
		{"name", name(a), name(b)},
		{"type", a.Type, b.Type},
		{"external", external(a), external(b)},
		{"purl", purlText(a, same), purlText(b, same)},
		{"cpe", a.CPE, b.CPE},
		{"description", a.Description, b.Description},
		{"copyright", a.Copyright, b.Copyright},
		{"publisher", a.Publisher, b.Publisher},
		{"authors", partiesText(a.Authors), partiesText(b.Authors)},
		{"released", a.Released, b.Released},
		{"filename", a.File.Name, b.File.Name},
	}
	list := func(what string, x, y []string) {
		slices.Sort(x)
		slices.Sort(y)
		for i := range x {
			if len(x) == len(y) && x[i] != y[i] {
				all = append(all, attribute{what, x[i], y[i]})
				return
			}
		}
		all = append(all, attribute{what, count(len(x)), count(len(y))})
	}
	list("references", texts(a.References, referenceText), texts(b.References, referenceText))
	list("properties", texts(a.Properties, propertyText), texts(b.Properties, propertyText))
	list("identifiers", texts(a.IDs, idText), texts(b.IDs, idText))
	list("occurrences", texts(a.Evidence.Occurrences, occurrenceText), texts(b.Evidence.Occurrences, occurrenceText))
	list("patches", texts(patches(a), patchText), texts(patches(b), patchText))
	if same { // else all of them are others anyway
		list("digests", algorithms(a, b), algorithms(b, a))
	}
	return all
}

// purlText is a package URL: of another version without what is another anyway.
func purlText(c *bom.Component, sameVersion bool) string {
	p, err := purl.Parse(c.PURL)
	if sameVersion || err != nil {
		return c.PURL
	}
	qualifiers := map[string]string{}
	for _, q := range p.Qualifiers() {
		switch q.Key {
		case "distpath", "checksum", "download_url", "ext":
		default:
			qualifiers[q.Key] = q.Value
		}
	}
	bare, err := purl.New(p.Type(), p.Namespace(), p.Name(), "", qualifiers, p.Subpath())
	if err != nil {
		return c.PURL
	}
	return bare.String()
}

func external(c *bom.Component) string {
	if c.External {
		return "external"
	}
	return ""
}

// algorithms are those of a component that the other has not: digests of the
// same algorithm are compared as bytes.
func algorithms(c, other *bom.Component) []string {
	has := digests(other)
	var all []string
	for _, h := range c.Hashes {
		if has[h.Algorithm] == "" {
			all = append(all, h.Algorithm)
		}
	}
	return all
}

func texts[T any](all []T, text func(T) string) []string {
	out := make([]string, 0, len(all))
	for _, one := range all {
		out = append(out, text(one))
	}
	return out
}

func referenceText(r bom.Reference) string { return r.Type + " " + r.URL }

func propertyText(p bom.Property) string { return p.Name + "=" + p.Value }

func idText(i bom.ID) string { return i.Type + " " + i.Value }

func occurrenceText(o bom.Occurrence) string { return fmt.Sprintf("%s:%d", o.Location, o.Line) }

func patchText(p bom.Patch) string { return p.Type + " " + p.URL + p.Text }

func patches(c *bom.Component) []bom.Patch {
	if c.Pedigree == nil {
		return nil
	}
	return c.Pedigree.Patches
}
