package output

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"nacre/advisory"
	"nacre/fault"
	"nacre/report/csaf"
	"nacre/report/openvex"
	"nacre/scan"
	"nacre/terminal"
)

func printCSAF(w io.Writer, s *stream, _ Options) error {
	when := utc(s.config.Time)
	if when == "" {
		return fault.New(fault.Invalid, "print csaf: the scan's time %q is not one of RFC 3339", s.config.Time)
	}
	d := &csafDraft{whole: cmp.Or(project(&s.config), "project"), parts: map[string]string{}, at: map[string]int{}, lead: map[string]bool{}}
	for i := range s.findings {
		if id := s.findings[i].Advisory.ID; id.IsCVE() {
			d.lead[id.Key()] = true
		}
	}
	for i := range s.findings {
		f := &s.findings[i]
		d.say(f, s.fixOf(f))
	}
	name, version := tool(&s.config)
	doc, err := csaf.Draft("Known vulnerabilities of the Perl dependencies of "+d.whole,
		csaf.Publisher{Category: "user", Name: name + ", automated scan", Namespace: "urn:nacre:draft"},
		csaf.Engine{Name: name, Version: version}, when, csafNotes(s), d.tree(), d.vulnerabilities())
	if err != nil {
		return err
	}
	return doc.Write(terminal.Inert(w))
}

// csafDraft is what a document comes to be made of.
type csafDraft struct {
	whole    string         // the project's name
	products []csaf.Product // the first is the project
	related  []csaf.Relationship
	parts    map[string]string // components to the products that they are in the project
	all      []csafFlaw
	at       map[string]int  // keys of advisories to flaws
	lead     map[string]bool // keys of the CVE ids that lead an advisory
}

// csafFlaw is a vulnerability and what is said of each product.
type csafFlaw struct {
	csaf.Vulnerability
	advisory *scan.Advisory
	products []csafVerdict
	at       map[string]int // products to their verdicts
}

// csafVerdict is what is said of a product. Of one that is found twice the
// worst counts.
type csafVerdict struct {
	product string
	analysis
	finding *scan.Finding
	fix     *remedyPlan
}

// say adds a finding.
func (d *csafDraft) say(f *scan.Finding, fix *remedyPlan) {
	key := strings.ToValidUTF8(f.Advisory.ID.Key(), "\ufffd")
	at, seen := d.at[key]
	if !seen {
		at = len(d.all)
		d.at[key] = at
		d.all = append(d.all, csafFlaw{advisory: &f.Advisory, at: map[string]int{}})
	}
	flaw := &d.all[at]
	v := csafVerdict{product: d.product(&f.Component), analysis: analyse(f), finding: f, fix: fix}
	i, seen := flaw.at[v.product]
	switch {
	case !seen:
		flaw.at[v.product] = len(flaw.products)
		flaw.products = append(flaw.products, v)
	case v.analysis < flaw.products[i].analysis:
		flaw.products[i] = v
	}
}

// product is the id of a component as a part of the project. The same release
// in two folders, or out of two packages, is two.
func (d *csafDraft) product(c *scan.Component) string {
	name := cmp.Or(called(c), "component")
	where := carrier(c)
	key := seat(c)
	if id, seen := d.parts[key]; seen {
		return id
	}
	id := func() string { return fmt.Sprintf("CSAFPID-%04d", len(d.products)+len(d.related)+1) }
	if d.products == nil {
		d.products = []csaf.Product{{ID: id(), Name: d.whole, Helper: &csaf.Helper{PURL: "pkg:generic/" + encode(d.whole, "")}}}
	}
	if where != "" {
		name += " (" + where + ")"
	}
	part := csaf.Product{ID: id(), Name: name}
	if purl := purlOf(c); isPURL(purl) {
		part.Helper = &csaf.Helper{PURL: purl}
	}
	d.products = append(d.products, part)
	r := csaf.Relationship{
		Category: "default_component_of", Part: part.ID, Whole: d.products[0].ID,
		Product: csaf.Product{ID: id(), Name: name + " in " + d.whole},
	}
	d.related = append(d.related, r)
	d.parts[key] = r.Product.ID
	return r.Product.ID
}

// tree is nil where nothing was found: a product of which nothing is said need
// not be named.
func (d *csafDraft) tree() *csaf.ProductTree {
	if d.products == nil {
		return nil
	}
	return &csaf.ProductTree{Products: d.products, Relationships: d.related}
}

func (d *csafDraft) vulnerabilities() []csaf.Vulnerability {
	var all []csaf.Vulnerability
	taken := map[string]bool{}
	for i := range d.all {
		flaw := &d.all[i]
		d.name(flaw, taken)
		flaw.verdicts()
		all = append(all, flaw.Vulnerability)
	}
	return all
}

// name gives a flaw its names, its text and its links. The field for a CVE id
// holds one, and no two flaws may have the same: where an advisory is known by
// several, or shares one with another advisory, the others are told in a note.
func (d *csafDraft) name(flaw *csafFlaw, taken map[string]bool) {
	a := flaw.advisory
	v := &flaw.Vulnerability
	v.Title = title(a)
	v.ReleaseDate = start(a.Published)
	var also []string
	named := map[csaf.ID]bool{}
	for i, id := range append([]advisory.ID{a.ID}, a.Aliases...) {
		switch cve := strings.ToUpper(string(id)); {
		case !id.IsCVE():
			name := csaf.ID{System: assigner(id), Text: cmp.Or(strings.ToValidUTF8(string(id), "\ufffd"), "an advisory without an id")}
			if (id != "" || i == 0) && !named[name] {
				named[name] = true
				v.IDs = append(v.IDs, name)
			}
		case v.CVE == "" && !taken[cve] && (i == 0 || !d.lead[id.Key()]):
			v.CVE, taken[cve] = cve, true
		case cve != v.CVE:
			also = append(also, cve)
		}
	}
	v.Notes = []csaf.Note{{Category: "summary", Text: title(a)}}
	if len(also) > 0 {
		v.Notes = append(v.Notes, csaf.Note{Category: "other", Title: "Further CVE ids", Text: list(also)})
	}
	if weaknesses := list(a.CWEs); weaknesses != "" {
		// The field for a CWE asks for its name, word by word, too.
		v.Notes = append(v.Notes, csaf.Note{Category: "other", Title: "Weaknesses", Text: weaknesses})
	}
	told := map[string]bool{"": true}
	refer := func(summary, url string) {
		if !told[url] {
			told[url] = true
			v.References = append(v.References, csaf.Reference{Category: "external", Summary: summary, URL: url})
		}
	}
	refer("the advisory", home(a))
	for _, r := range a.References {
		refer(cmp.Or(strings.ToLower(r.Kind), "reference"), link(r.URL))
	}
}

// verdicts says what is known of each product.
func (flaw *csafFlaw) verdicts() {
	v := &flaw.Vulnerability
	var rated []string
	for _, p := range flaw.products {
		f, one := p.finding, []string{p.product}
		v.Notes = append(v.Notes, csaf.Note{Category: "details", Title: cmp.Or(called(&f.Component), "component"), Text: account(f)})
		switch p.analysis {
		case isNotAffected:
			v.Status.NotAffected = append(v.Status.NotAffected, p.product)
			v.Flags = append(v.Flags, csaf.Flag{Label: string(openvex.Justification(f.Ignored.Justification)), Products: one})
			if f.Ignored.Reason != "" {
				v.Threats = append(v.Threats, csaf.Threat{Category: "impact", Details: f.Ignored.Reason, Products: one})
			}
			continue
		case isTriaged:
			v.Status.UnderInvestigation = append(v.Status.UnderInvestigation, p.product)
		default:
			v.Status.Affected = append(v.Status.Affected, p.product)
		}
		rated = append(rated, p.product)
		v.Remediations = append(v.Remediations, csaf.Remediation{Category: csafRemedy(f, p.fix), Details: action(f, p.fix), Products: one})
	}
	if len(rated) > 0 {
		v.Scores = csafScores(flaw.advisory.CVSS, rated)
	}
}

// csafRemedy is the category of what can be done. For a package only a fix of its
// vendor counts.
func csafRemedy(f *scan.Finding, fix *remedyPlan) string {
	mended := mends(fix, f.Advisory.ID) || len(f.Fixed.Versions) > 0
	if f.Component.Package != nil && f.Vendor != nil {
		mended = f.Vendor.Fixed != ""
	}
	if mended {
		return "vendor_fix"
	}
	return "none_available"
}

// csafScores are the scores of products. They are computed anew, because vector
// and score must agree.
func csafScores(given []advisory.CVSS, products []string) []csaf.Score {
	var all []csaf.CVSS
	for _, g := range given {
		if c, err := advisory.ParseCVSS(g.Vector); err == nil {
			all = append(all, csaf.CVSS{Version: c.Version, Vector: c.Vector, Base: c.Base})
		}
	}
	return csaf.Scored(all, products)
}

// csafNotes say what the document comes to, and what its reader must know.
func csafNotes(s *stream) []csaf.Note {
	notes := []csaf.Note{
		{Category: "summary", Text: sentence(headline(s))},
		{Category: "general", Text: "A draft, written by a scan. Whoever answers for the product replaces publisher and names by their own, and checks what it says, before it is released."},
	}
	if s.partial() {
		notes = append(notes, csaf.Note{Category: "general", Title: "Partial", Text: "Not everything could be judged; what is not listed here may be affected."})
	}
	for _, n := range warningsFirst(s.notices) {
		text := n.Text
		if at := place(n.At); at != "" {
			text = at + ": " + text
		}
		notes = append(notes, csaf.Note{Category: "other", Title: "Notice", Text: cmp.Or(text, "an empty notice")})
	}
	return notes
}

// isPURL reports whether s is a package URL as the schema wants it: a URI.
func isPURL(s string) bool {
	rest, ok := strings.CutPrefix(s, "pkg:")
	kind, name, _ := strings.Cut(rest, "/")
	front, back, _ := strings.Cut(name, "#")
	return ok && kind != "" && strings.Trim(kind, "abcdefghijklmnopqrstuvwxyz") == "" && front != "" &&
		encode(front, "/@:+") == front && encode(back, "/@:+") == back
}
