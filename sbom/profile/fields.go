package profile

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/license"
)

// answer is what a field of a bill or component has.
type answer struct {
	has  has
	note string // "" where the answer says all
}

type has uint8

const (
	lacks has = iota // a note says where something like it stands
	wrong            // there is a value, and not of the kind that is asked for
	open             // the document says that it is not known
	given
)

// takes says whether a field's name is followed by a colon and more.
type takes uint8

const (
	never takes = iota
	maybe
	always
)

// field is one word of the vocabulary that checks are written in.
type field[S any] struct {
	takes takes
	ask   func(v *view, subject S, argument string) answer
}

func (f field[S]) known() (bool, takes) { return f.ask != nil, f.takes }

type componentField = field[*bom.Component]

// componentFields are what can be asked of a component.
var componentFields = map[string]componentField{
	"name":        {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.Name) }},
	"version":     {never, versionOf},
	"description": {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.Description) }},
	"copyright":   {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.Copyright) }},
	"purl":        {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.PURL) }},
	// A package URL, a CPE or another identifier.
	"id": {never, func(_ *view, c *bom.Component, _ string) answer {
		return yes(c.PURL != "" || c.CPE != "" || len(c.IDs) > 0)
	}},
	"supplier":     {never, func(_ *view, c *bom.Component, _ string) answer { return party(c.Supplier) }},
	"manufacturer": {never, func(_ *view, c *bom.Component, _ string) answer { return party(c.Manufacturer) }},
	"author":       {never, func(_ *view, c *bom.Component, _ string) answer { return parties(c.Authors, party) }},
	"publisher":    {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.Publisher) }},
	// The same with a mail address or a URL.
	"supplier-contact":     {never, func(_ *view, c *bom.Component, _ string) answer { return contact(c.Supplier) }},
	"manufacturer-contact": {never, func(_ *view, c *bom.Component, _ string) answer { return contact(c.Manufacturer) }},
	"author-contact":       {never, func(_ *view, c *bom.Component, _ string) answer { return parties(c.Authors, contact) }},
	// Any licence; "declared" or "concluded" behind the colon.
	"license": {maybe, licenseOf},
	// Licences that are SPDX expressions, without NONE, NOASSERTION and free text.
	"license-expression": {maybe, expressionOf},
	"hash":               {maybe, func(_ *view, c *bom.Component, alg string) answer { return digest(c.Hashes, alg) }},
	"reference":          {always, func(_ *view, c *bom.Component, kind string) answer { return yes(reference(c.References, kind) != nil) }},
	// "distribution/SHA-512": a link with a digest of what it leads to.
	"reference-hash": {always, referenceHash},
	"property":       {always, func(_ *view, c *bom.Component, name string) answer { return text(c.Property(name)) }},
	"filename":       {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.File.Name) }},
	"executable": {never, func(_ *view, c *bom.Component, _ string) answer {
		return oneOf(c.File.Executable, "executable", "non-executable")
	}},
	"archive": {never, func(_ *view, c *bom.Component, _ string) answer {
		return oneOf(c.File.Archive, "archive", "no archive")
	}},
	"structured": {never, func(_ *view, c *bom.Component, _ string) answer {
		return oneOf(c.File.Structured, "structured", "unstructured")
	}},
	"commit": {never, func(_ *view, c *bom.Component, _ string) answer {
		return yes(c.Pedigree != nil && len(c.Pedigree.Commits) > 0)
	}},
	"release-date": {never, func(_ *view, c *bom.Component, _ string) answer { return text(c.Released) }},
	"evidence":     {never, func(_ *view, c *bom.Component, _ string) answer { return yes(!c.Evidence.Empty()) }},
	// It needs something, or something needs it, or it is part of something.
	"relation": {never, func(v *view, c *bom.Component, _ string) answer { return yes(v.related[c.Ref]) }},
	// What it needs is stated, also where that is nothing.
	"dependencies": {never, dependenciesOf},
	// It is stated whether what it needs is all there.
	"completeness": {never, completenessOf},
}

func yes(is bool) answer {
	if is {
		return answer{has: given}
	}
	return answer{}
}

// text is the answer of a text; formats and makers write words for "unknown".
func text(s string) answer {
	switch {
	case strings.TrimSpace(s) == "":
		return answer{}
	case s == noAssertion || strings.EqualFold(s, "unknown"):
		return answer{open, "the document says " + s}
	}
	return answer{has: given}
}

const noAssertion = "NOASSERTION"

func oneOf(s string, values ...string) answer {
	switch {
	case s == "":
		return answer{}
	case !slices.Contains(values, s):
		return answer{wrong, "must be " + strings.Join(values, " or ")}
	}
	return answer{has: given}
}

func party(p *bom.Party) answer {
	if p == nil {
		return answer{}
	}
	if a := text(p.Name); a.has != lacks {
		return a
	}
	return contact(p)
}

// contact is the answer of who can be reached.
func contact(p *bom.Party) answer {
	switch {
	case p == nil:
		return answer{}
	case p.Email != "" || len(p.URLs) > 0:
		return answer{has: given}
	}
	if a := parties(p.Contacts, contact); a.has == given {
		return a
	}
	if text(p.Name).has == given {
		return answer{lacks, "a name without a mail address or URL"}
	}
	return answer{}
}

// parties is the best answer of several.
func parties(all []bom.Party, one func(*bom.Party) answer) answer {
	var best answer
	for i := range all {
		best = max2(best, one(&all[i]))
	}
	return best
}

func versionOf(_ *view, c *bom.Component, _ string) answer {
	if c.Version == "" && c.Range != "" {
		return answer{open, "only the range " + c.Range + " is stated"}
	}
	return text(c.Version)
}

func digest(all []bom.Hash, algorithm string) answer {
	for _, h := range all {
		if algorithm == "" || h.Algorithm == algorithm {
			return answer{has: given}
		}
	}
	if len(all) > 0 {
		return answer{wrong, "has " + all[0].Algorithm + ", and no " + algorithm}
	}
	return answer{}
}

func referenceHash(_ *view, c *bom.Component, argument string) answer {
	kind, algorithm, _ := strings.Cut(argument, "/")
	best := answer{}
	for _, r := range c.References {
		if r.Type != kind {
			continue
		}
		if a := digest(r.Hashes, algorithm); a.has > best.has {
			best = a
		}
	}
	if best.has == lacks && digest(c.Hashes, algorithm).has == given {
		return answer{lacks, "the digest stands at the component, and not at its link of type " + kind}
	}
	return best
}

// licenseOf is the answer of any licence, in whatever words.
func licenseOf(_ *view, c *bom.Component, claim string) answer {
	return best(c, claim, func(l bom.License) answer { return text(l.String()) })
}

// expressionOf is the answer of licences that a program can read.
func expressionOf(_ *view, c *bom.Component, claim string) answer {
	worst := answer{has: given}
	a := best(c, claim, func(l bom.License) answer {
		a := expression(l)
		if a.has == wrong {
			worst = a
		}
		return a
	})
	if a.has == given && worst.has == wrong {
		return worst
	}
	return a
}

// best is the best answer of the licences with a claim. Where one is asked for
// that nobody has concluded, and the author has declared, the document says
// itself that it is the author's word alone.
func best(c *bom.Component, claim string, one func(bom.License) answer) answer {
	var best answer
	for _, l := range c.Licenses {
		a := one(l)
		if claim != "" && l.Claim != "" && string(l.Claim) != claim && a.has == given {
			a = answer{wrong, "stated as " + string(l.Claim) + " only"}
			if claim == string(bom.Concluded) {
				a = answer{open, "declared by its author, and concluded by nobody"}
			}
		}
		if a.has > best.has {
			best = a
		}
	}
	return best
}

func expression(l bom.License) answer {
	e, err := license.Parse(l.String())
	switch {
	case l.Name != "" && !strings.HasPrefix(l.Name, "LicenseRef-"), err != nil:
		return answer{wrong, "no SPDX expression: " + cut(l.String())}
	case e.IsNone() || e.IsNoAssertion():
		return answer{wrong, e.String() + " is no licence"}
	case len(e.Unknown()) > 0:
		return answer{wrong, "not on the SPDX list: " + cut(strings.Join(e.Unknown(), ", "))}
	}
	return answer{has: given}
}

// cut shortens what came from outside for a note.
func cut(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "..."
	}
	return s
}

func dependenciesOf(v *view, c *bom.Component, _ string) answer {
	how := v.dependencies[c.Ref]
	switch {
	case v.needs[c.Ref]:
		return answer{has: given}
	case how == "unknown" || how == "not_specified":
		return answer{open, "its dependencies are stated as " + how}
	}
	return yes(how != "" || v.entries[c.Ref])
}

func completenessOf(v *view, c *bom.Component, _ string) answer {
	switch how := v.dependencies[c.Ref]; how {
	case "":
		return answer{}
	case "unknown":
		return answer{open, "stated as unknown"}
	case "not_specified":
		return answer{wrong, "not_specified says nothing"}
	}
	return answer{has: given}
}
