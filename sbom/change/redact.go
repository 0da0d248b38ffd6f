package change

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/purl"
)

// Rules say what is taken out of a bill.
type Rules struct {
	// Personal takes out mail addresses, names of persons, and lists of
	// contributors. A name is found where it stands as whole words, an address as
	// mail has it and not in words of its owner's ("ann at example"). The
	// uploader's PAUSE id stays in package URLs: it is a part of the release's
	// name.
	Personal bool
	// Components are patterns of names, as path.Match has them: "Acme-*". What
	// matches becomes a component without a name that keeps its place.
	Components []string
	// Remove takes such components out altogether; what needed them needs what
	// they needed.
	Remove bool
	// Paths takes out where components were found, and paths of machines.
	Paths bool
	// URLs takes out those that lead nowhere for the public, that carry a
	// password, or that lead to one of Hosts or below it.
	URLs  bool
	Hosts []string
	// Keep are names, addresses and hosts that stay all the same.
	Keep []string

	Sharing string // TLP of the result; "" as it was
	Serial  string // of the result; "" keeps it and raises the revision
}

// RedactReport says what Redact did.
type RedactReport struct {
	// Taken are what was taken out, sorted. They are for the owner's eyes.
	Taken []string
	// Marked is how many components have marks of it.
	Marked int
	// Left are names that were to be taken out and still stand in what names a
	// component that stays.
	Left []string
}

// Redact takes out of a bill what rules say, in its model and in the pieces of
// the document that it was read from. What is taken out is marked in Redacted,
// or for the bill itself in the property cpan:redacted, and statements of
// completeness become "incomplete" where something is missing.
//
// It refuses, and changes nothing, where the document speaks of a component that
// would be gone, in a place that the model does not know.
func Redact(b *bom.Bill, rules Rules) (RedactReport, error) {
	r := &redactor{
		bill: b, rules: rules, renames: map[string]string{}, taken: map[string]bool{}, numbers: numbered{}, marked: map[*bom.Component]bool{},
		secrets: &secrets{rules: rules, words: map[string]*wordList{}, count: map[string]bool{}},
	}
	hidden, err := r.matching()
	if err != nil {
		return RedactReport{}, err
	}
	if rules.Remove && len(hidden) > 0 {
		if err := r.remove(hidden); err != nil {
			return RedactReport{}, err
		}
	} else {
		r.hide(hidden)
	}
	if rules.Personal {
		r.persons()
	}
	for c := range everything(b) {
		r.component(c)
	}
	r.document()
	r.rename()
	r.scrub()
	r.markBill()
	if rules.Sharing != "" {
		b.Sharing = rules.Sharing
	}
	raise(b, rules.Serial)
	return r.report(), nil
}

// raise gives a changed bill a new identity: a new serial number, or the next
// revision.
func raise(b *bom.Bill, serial string) {
	if serial != "" {
		b.Serial, b.Revision = serial, 1
		return
	}
	b.Revision = max(b.Revision, 1) + 1
}

// redactor holds one bill while things are taken out.
type redactor struct {
	bill    *bom.Bill
	rules   Rules
	secrets *secrets
	renames map[string]string // refs
	taken   map[string]bool   // refs that are in use
	numbers numbered
	marked  map[*bom.Component]bool
	lost    []string // attributes of the bill itself
}

// everything gives every component, and those that they were made of.
func everything(b *bom.Bill) func(yield func(*bom.Component) bool) {
	return func(yield func(*bom.Component) bool) {
		for c := range b.All() {
			if !yield(c) {
				return
			}
			if c.Pedigree == nil {
				continue
			}
			for _, a := range c.Pedigree.Ancestors {
				if !yield(a) {
					return
				}
			}
		}
	}
}

func (r *redactor) mark(c *bom.Component, what string) {
	c.SetRedacted(what)
	r.marked[c] = true
}

// matching finds the components that rules hide.
func (r *redactor) matching() (map[*bom.Component]bool, error) {
	hidden := map[*bom.Component]bool{}
	for _, pattern := range r.rules.Components {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fault.New(fault.Invalid, "redact: pattern %s cannot be read", fault.Quote(pattern)).WithHint("a * stands for any part of a name: Acme-*")
		}
		for c := range everything(r.bill) {
			for _, text := range []string{c.Name, name(c)} {
				if ok, err := path.Match(pattern, text); ok && err == nil && !r.secrets.keeps(c.Name) {
					hidden[c] = true
				}
			}
		}
	}
	return hidden, nil
}

// hide puts components without a name in place of what is hidden.
func (r *redactor) hide(hidden map[*bom.Component]bool) {
	n := 0
	taken := r.bill.ByRef()
	var missing []string
	for c := range everything(r.bill) {
		if !hidden[c] {
			continue
		}
		var ref string
		for n++; ; n++ {
			ref = fmt.Sprintf("redacted-%d", n)
			if r.bill.Format.Name == "SPDX" {
				ref = "SPDXRef-" + ref
			}
			if taken[ref] == nil {
				break
			}
		}
		r.names(c)
		r.renames[c.Ref] = ref
		missing = append(missing, c.Ref) // renamed with all others
		blank := bom.Component{
			Ref: c.Ref, Type: c.Type, Name: fmt.Sprintf("redacted-%d", n), Scope: c.Scope, External: c.External,
			Parts: c.Parts, Pointer: c.Pointer, Line: c.Line,
		}
		for _, what := range attributes {
			if c.Has(what) {
				blank.SetRedacted(what)
			}
		}
		blank.SetRedacted("name")
		*c = blank
		r.marked[c] = true
	}
	r.incomplete(missing, missing)
}

// attributes are the names that a mark may have.
var attributes = [...]string{
	"version", "purl", "cpe", "description", "copyright", "supplier", "manufacturer", "authors", "licenses",
	"hashes", "filename", "released", "security-contact", "distribution", "source",
}

// names notes what a hidden component is called. A distribution is also called
// by its main module, and that one's file.
func (r *redactor) names(c *bom.Component) {
	r.secrets.add(c.Name)
	r.secrets.add(name(c))
	r.secrets.count[c.Name] = true
	if packageType(c) == "cpan" {
		r.secrets.add(strings.ReplaceAll(c.Name, "-", "::"))
		r.secrets.add(strings.ReplaceAll(c.Name, "-", "/"))
	}
}

// incomplete states that dependencies and assemblies are not all there.
func (r *redactor) incomplete(dependencies, assemblies []string) {
	if len(dependencies)+len(assemblies) == 0 {
		return
	}
	stated := [2]map[string]string{{}, {}}
	gone := map[string]bool{}
	for _, ref := range slices.Concat(dependencies, assemblies) {
		gone[ref] = true
	}
	var kept []bom.Composition
	for _, c := range r.bill.Compositions {
		for kind, list := range [2]*[]string{&c.Dependencies, &c.Assemblies} {
			*list = slices.DeleteFunc(slices.Clone(*list), func(ref string) bool {
				if gone[ref] {
					stated[kind][ref] = weakest(stated[kind][ref], c.Aggregate)
				}
				return gone[ref]
			})
		}
		if len(c.Dependencies)+len(c.Assemblies) > 0 || c.Raw != nil && c.Raw.Get("vulnerabilities") != nil {
			kept = append(kept, c)
		}
	}
	for kind, list := range [2][]string{dependencies, assemblies} {
		for _, ref := range list {
			stated[kind][ref] = weakest(stated[kind][ref], "incomplete")
		}
	}
	r.bill.Compositions = append(kept, compositions(stated[0], stated[1])...)
}

// component takes out of one component what has a field of its own.
func (r *redactor) component(c *bom.Component) {
	if r.rules.Personal {
		if kept := r.people(c.Authors); len(kept) != len(c.Authors) {
			c.Authors = kept
			r.mark(c, "authors")
		}
		for _, p := range []struct {
			what  string
			party **bom.Party
		}{{"supplier", &c.Supplier}, {"manufacturer", &c.Manufacturer}} {
			if r.party(p.party) {
				r.mark(c, p.what)
			}
		}
		c.Properties = slices.DeleteFunc(slices.Clone(c.Properties), func(p bom.Property) bool {
			if is := strings.Contains(strings.ToLower(p.Name), "contributor"); is {
				r.secrets.count[p.Value] = true
				r.mark(c, "contributors")
				return true
			}
			return false
		})
	}
	if n := len(c.References); n > 0 {
		c.References = slices.DeleteFunc(slices.Clone(c.References), func(ref bom.Reference) bool {
			if r.secrets.text(ref.URL) == ref.URL {
				return false
			}
			r.mark(c, referenceMark(ref.Type))
			return true
		})
	}
	if r.rules.Paths && len(c.Evidence.Occurrences) > 0 {
		for _, o := range c.Evidence.Occurrences {
			r.secrets.count[o.Location] = true
		}
		c.Evidence.Occurrences = nil
		r.mark(c, "occurrences")
	}
	if r.rules.URLs {
		r.packageURL(c)
		r.identifiers(c)
	}
	for _, text := range []struct{ what, text string }{
		{"copyright", c.Copyright}, {"description", c.Description},
	} {
		if r.secrets.text(text.text) != text.text {
			r.mark(c, text.what)
		}
	}
}

// referenceMark is the attribute that a link of a type is.
func referenceMark(kind string) string {
	switch kind {
	case "vcs", "source-distribution":
		return "source"
	case "rfc-9116":
		return "security-contact"
	}
	return kind
}

// packageURL takes addresses out of a package URL.
func (r *redactor) packageURL(c *bom.Component) {
	p, err := purl.Parse(c.PURL)
	if err != nil { // what cannot be taken apart goes as a whole
		if r.secrets.urls(c.PURL) != c.PURL {
			c.PURL = ""
			r.mark(c, "purl")
		}
		return
	}
	qualifiers, gone := map[string]string{}, false
	for _, q := range p.Qualifiers() {
		if r.secrets.text(q.Value) != q.Value {
			gone = true
			continue
		}
		qualifiers[q.Key] = q.Value
	}
	if !gone {
		return
	}
	now, err := purl.New(p.Type(), p.Namespace(), p.Name(), p.Version(), qualifiers, p.Subpath())
	if err != nil {
		return
	}
	if c.Ref == c.PURL {
		r.renames[c.Ref] = now.String()
	}
	c.PURL = now.String()
	r.mark(c, "purl")
}

// identifiers takes out what other identifiers, a version and names of properties
// have of addresses: a version of what was not released is often one.
func (r *redactor) identifiers(c *bom.Component) {
	private := func(s string) bool { return r.secrets.text(s) != s }
	if private(c.Version) {
		c.Version = ""
		r.mark(c, "version")
	}
	if slices.ContainsFunc(c.IDs, func(i bom.ID) bool { return private(i.Value) }) {
		c.IDs = slices.DeleteFunc(slices.Clone(c.IDs), func(i bom.ID) bool { return private(i.Value) })
		r.mark(c, "identifiers")
	}
	if slices.ContainsFunc(c.Properties, func(p bom.Property) bool { return private(p.Name) }) {
		c.Properties = slices.DeleteFunc(slices.Clone(c.Properties), func(p bom.Property) bool { return private(p.Name) })
		r.mark(c, "properties")
	}
}

// document takes out of the bill itself.
func (r *redactor) document() {
	b := r.bill
	if r.rules.Personal {
		if kept := r.people(b.Authors); len(kept) != len(b.Authors) {
			b.Authors = kept
			r.lost = append(r.lost, "authors")
		}
		if r.party(&b.Manufacturer) {
			r.lost = append(r.lost, "manufacturer")
		}
		if r.party(&b.Supplier) {
			r.lost = append(r.lost, "supplier")
		}
	}
	b.References = slices.DeleteFunc(slices.Clone(b.References), func(ref bom.Reference) bool {
		if r.secrets.text(ref.URL) == ref.URL {
			return false
		}
		r.lost = append(r.lost, referenceMark(ref.Type))
		return true
	})
}

// markBill says in the bill itself what was taken out of it.
func (r *redactor) markBill() {
	if len(r.lost) == 0 {
		return
	}
	var others []bom.Property
	for _, p := range r.bill.Properties {
		if p.Name != "cpan:redacted" {
			others = append(others, p)
			continue
		}
		r.lost = append(r.lost, strings.Split(p.Value, ",")...)
	}
	slices.Sort(r.lost)
	r.bill.Properties = append(others, bom.Property{Name: "cpan:redacted", Value: strings.Join(slices.Compact(r.lost), ",")})
}

func (r *redactor) report() RedactReport {
	out := RedactReport{Marked: len(r.marked)}
	for what := range r.secrets.count {
		if what != "" {
			out.Taken = append(out.Taken, what)
		}
	}
	slices.Sort(out.Taken)
	out.Left = r.left()
	return out
}
