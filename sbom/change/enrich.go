package change

import (
	"slices"
	"strings"

	"nacre/bom"
)

// Filled is an attribute that was not known and now is.
type Filled struct {
	Name   string   `json:"name"`
	Field  string   `json:"field"`
	From   bom.From `json:"from"`
	Detail string   `json:"detail,omitempty"`
}

// Contradiction is an attribute that a bill states otherwise than who was asked.
// The bill's statement stays.
type Contradiction struct {
	Name   string `json:"name"`
	Field  string `json:"field"`
	Stated string `json:"stated"`
	Found  string `json:"found"`
}

// EnrichReport says what Enrich did.
type EnrichReport struct {
	Filled         []Filled
	Contradictions []Contradiction
}

// Enrich fills what a bill does not state from a source that knows more, itself
// a bill: one that was made from a mirror for the same components, or one that an
// operator wrote. A component is known by its package URL, or else its name, and
// its version.
//
// Nothing that is stated is overwritten, and nothing comes back that was taken
// out. Each value says where it comes from: as the source says, or, where origin
// is not "", origin with detail. Digests are added where one of the same
// algorithm agrees, or none is stated.
func Enrich(b, source *bom.Bill, origin bom.From, detail string) EnrichReport {
	known := map[string]*bom.Component{}
	for c := range source.All() {
		for _, key := range [...]string{mergeKey(c), plainIdentity(c) + "@" + versionText(c)} {
			if was, ok := known[key]; ok && was != c {
				known[key] = nil // two of them: nobody can tell which
			} else {
				known[key] = c
			}
		}
	}
	e := &enricher{origin: origin, detail: detail}
	for c := range b.All() {
		if from := known[mergeKey(c)]; from != nil {
			e.component(c, from)
		}
	}
	if len(e.report.Filled) > 0 {
		raise(b, "")
	}
	return e.report
}

// enricher fills one bill.
type enricher struct {
	origin bom.From
	detail string
	report EnrichReport
}

// may reports whether an attribute may be filled.
func may(c *bom.Component, field string) bool { return !slices.Contains(c.Redacted, field) }

// fill notes that an attribute was filled.
func (e *enricher) fill(c, from *bom.Component, field string) {
	o := from.Origin(field)
	if o.From == "" && (field == "security-contact" || field == "distribution" || field == "source") {
		o = from.Origin("externalReferences")
	}
	if e.origin != "" || o.From == "" {
		o.From, o.Detail = e.origin, e.detail
	}
	if o.From != "" {
		c.SetOrigin(field, o.From, o.Detail)
	}
	c.Unknown = slices.DeleteFunc(slices.Clone(c.Unknown), func(s string) bool { return s == field })
	e.report.Filled = append(e.report.Filled, Filled{nameAndVersion(c), field, o.From, o.Detail})
}

func (e *enricher) contradict(c *bom.Component, field, stated, found string) {
	if stated != found {
		e.report.Contradictions = append(e.report.Contradictions, Contradiction{nameAndVersion(c), field, stated, found})
	}
}

// component fills one component.
func (e *enricher) component(c, from *bom.Component) {
	text := func(field string, into *string, value string) {
		switch {
		case value == "" || !may(c, field):
		case *into == "" || *into == "NOASSERTION":
			*into = value
			e.fill(c, from, field)
		case field != "description" && field != "copyright": // words differ, and both may be right
			e.contradict(c, field, *into, value)
		}
	}
	text("description", &c.Description, from.Description)
	text("copyright", &c.Copyright, from.Copyright)
	text("publisher", &c.Publisher, from.Publisher)
	text("cpe", &c.CPE, from.CPE)
	text("released", &c.Released, from.Released)
	text("filename", &c.File.Name, from.File.Name)
	text("executable", &c.File.Executable, from.File.Executable)
	text("archive", &c.File.Archive, from.File.Archive)
	text("structured", &c.File.Structured, from.File.Structured)
	if c.PURL == "" || contradicts(c.PURL, from.PURL) {
		text("purl", &c.PURL, from.PURL)
	}
	party := func(field string, into **bom.Party, p *bom.Party) {
		switch {
		case p == nil || !may(c, field):
		case *into == nil || (*into).Name == "NOASSERTION":
			*into = p
			e.fill(c, from, field)
		case (*into).Name != p.Name && !isID((*into).Name) && !isID(p.Name): // an id and a name are one person
			e.contradict(c, field, partyText(*into), partyText(p))
		}
	}
	party("supplier", &c.Supplier, from.Supplier)
	party("manufacturer", &c.Manufacturer, from.Manufacturer)
	if len(c.Authors) == 0 && len(from.Authors) > 0 && may(c, "authors") {
		c.Authors = from.Authors
		e.fill(c, from, "authors")
	}
	e.licenses(c, from)
	e.digests(c, from)
	e.references(c, from)
}

// licenses fills licences; those that are said not to be known are none.
func (e *enricher) licenses(c, from *bom.Component) {
	stated := slices.ContainsFunc(c.Licenses, func(l bom.License) bool { return l.String() != "NOASSERTION" })
	switch {
	case len(from.Licenses) == 0 || !may(c, "licenses"):
	case !stated:
		c.Licenses = from.Licenses
		e.fill(c, from, "licenses")
	default:
		e.contradict(c, "licenses", licenseText(c.Licenses), licenseText(from.Licenses))
	}
}

// digests adds digests of the same bytes.
func (e *enricher) digests(c, from *bom.Component) {
	if len(from.Hashes) == 0 || !may(c, "hashes") {
		return
	}
	if alg := bom.OtherBytes(c, from); alg != "" {
		e.contradict(c, "hashes", alg+" "+c.Hash(alg), alg+" "+from.Hash(alg))
		return
	}
	own := digests(c)
	agrees := len(c.Hashes) == 0 || slices.ContainsFunc(from.Hashes, func(h bom.Hash) bool { return own[h.Algorithm] != "" })
	if more := unite(c.Hashes, from.Hashes, func(h bom.Hash) string { return h.Algorithm }); agrees && len(more) > len(c.Hashes) {
		c.Hashes = more
		e.fill(c, from, "hashes")
	}
}

// references adds links of types that are not there yet, and the digests of what
// a link leads to.
func (e *enricher) references(c, from *bom.Component) {
	type link struct{ kind, url string }
	have := map[string]bool{}
	bare := map[link][]int{} // links without digests
	of := func(r *bom.Reference) link { return link{r.Type, strings.TrimSuffix(r.URL, "/")} }
	for i := range c.References {
		r := &c.References[i]
		have[r.Type] = true
		if len(r.Hashes) == 0 {
			bare[of(r)] = append(bare[of(r)], i)
		}
	}
	added := map[string]bool{}
	sameBytes := bom.OtherBytes(c, from) == ""
	c.References = slices.Clone(c.References)
	for i := range from.References {
		r := &from.References[i]
		mark := referenceMark(r.Type)
		switch {
		case !may(c, mark):
		case !have[r.Type]:
			c.References = append(c.References, *r)
			added[mark] = true
		case sameBytes && len(r.Hashes) > 0:
			for _, i := range bare[of(r)] {
				c.References[i].Hashes = r.Hashes
				added[mark] = true
			}
			delete(bare, of(r))
		}
	}
	for _, field := range sortedKeys(added) {
		e.fill(c, from, field)
	}
}
