package profile

import (
	"iter"

	"nacre/advice"
	"nacre/bom"
	"nacre/jsondoc"
)

// Problem is something that cannot be right in a bill, or should not be so,
// and that no schema tells.
type Problem struct {
	ID    string // "R03"
	Level advice.Level
	// Pointer is where it stands: a JSON pointer, for a bill that was made one
	// from the component's ref.
	Pointer string
	Line    int // of the component in the document; 0 not known
	Ref     string
	Name    string // of the component, with its version
	Message string
	How     string
}

// rules are the ids with what they are about and how to mend it.
//
//	R01 a ref that several things have        R10 dates
//	R02 a dependency on nothing                R11 external components and ranges
//	R03 a composition about nothing            R12 digests
//	R04 a component within itself              R13 one package, different bytes
//	R05 a composition against another          R14 one component twice
//	R06 dependencies that are not stated       R15 stated, and said to be unknown
//	R07 a component that needs itself          R16 name and version
//	R08 licences                               R17 a signature inside
//	R09 an expression beside other licences    P.. package URLs (see purl.Lint)
var hows = map[string]string{
	"R01": "give each a ref of its own",
	"R02": "add what is missing, or take the dependency out",
	"R03": "add what is missing, or take the ref out",
	"R04": "list it once, beside what it is in",
	"R05": "say one of the two",
	"R06": "add an entry to dependencies, with an empty dependsOn where it needs nothing",
	"R07": "take the dependency out",
	"R08": "write an id of the SPDX list, an expression, or a LicenseRef",
	"R09": "join them to one expression, or write CycloneDX 1.7",
	"R10": "write RFC 3339: 2026-01-31T12:00:00Z",
	"R11": "give the exact version, or a range and isExternal, of what is needed at run time",
	"R12": "write the digest in hexadecimal, as long as its algorithm makes it",
	"R13": "find out which bytes were used: one of the two is not what its name says",
	"R14": "list it once, with all places where it was found as its evidence",
	"R15": "take the attribute, or its mark, away",
	"R16": "name the distribution, and keep the version apart",
	"R17": "check it with the program that made it; any change makes it void",
}

// Rules gives what is wrong with a bill by rules that no schema states, in the
// order of the document as far as the model knows it.
func Rules(b *bom.Bill) iter.Seq[Problem] {
	return func(yield func(Problem) bool) {
		r := &ruler{view: newView(b), known: map[string]bool{}, yield: yield, going: true}
		names(b.Raw, r.known)
		r.document()
		for c := range b.All() {
			if !r.going {
				return
			}
			r.component(c)
		}
		r.edges()
		r.compositions()
		r.bytes()
	}
}

// ruler asks the rules of one bill.
type ruler struct {
	*view
	known map[string]bool // names that the document gives to anything
	yield func(Problem) bool
	going bool
}

// say tells of a problem; c is nil for the bill as a whole.
func (r *ruler) say(id string, level advice.Level, c *bom.Component, path, message string) {
	if !r.going {
		return
	}
	p := r.at(c, path)
	p.ID, p.Level, p.Message, p.How = id, level, message, hows[id]
	r.going = r.yield(p)
}

// sayAt tells of a problem on a line of the document.
func (r *ruler) sayAt(id, path string, line int, message string) {
	if r.going {
		r.going = r.yield(Problem{ID: id, Level: advice.Error, Pointer: path, Line: line, Message: message, How: hows[id]})
	}
}

// at is a problem at a place in a component, or in the document.
func (r *ruler) at(c *bom.Component, path string) Problem {
	if c == nil {
		return Problem{Pointer: path}
	}
	p := Problem{Ref: c.Ref, Name: nameOf(c), Line: c.Line, Pointer: c.Pointer}
	if p.Pointer == "" {
		p.Pointer = jsondoc.Pointer(c.Ref)
	}
	if path != "" {
		p.Pointer += "/" + path
	}
	return p
}

// names collects what a document calls its things: CycloneDX's bom-ref, of
// services and statements too, and the ids of SPDX.
func names(n *jsondoc.Node, into map[string]bool) {
	switch kind(n) {
	case jsondoc.KindArray:
		for _, item := range n.Items {
			names(item, into)
		}
	case jsondoc.KindObject:
		for _, m := range n.Members {
			switch {
			case !m.Value.Is(jsondoc.KindString):
				names(m.Value, into)
			case m.Key == "bom-ref" || m.Key == "SPDXID" || m.Key == "spdxId" || m.Key == "@id":
				into[m.Value.Text] = true
			}
		}
	}
}

// document asks about the bill as a whole.
func (r *ruler) document() {
	b := r.bill
	if b.Created != "" {
		if err := checkTime(b.Created); err != nil {
			r.say("R10", advice.Error, nil, "", "the time of the bill: "+err.Error())
		}
	}
	if b.Signed {
		r.say("R17", advice.Note, nil, "/signature", "the document carries a signature, which is not checked here")
	}
	if c := b.Root; c != nil && c.External {
		r.say("R11", advice.Error, c, "isExternal", "what the bill is of cannot be external to itself")
	}
	seen := map[string]*bom.Component{}
	for c := range b.All() {
		r.known[c.Ref] = true
		if first := seen[c.Ref]; first != nil {
			r.say("R01", advice.Error, c, "", "has the ref "+quote(c.Ref)+", and so has "+label(first))
			continue
		}
		seen[c.Ref] = c
	}
	if b.Root != nil {
		r.within(b.Root, map[string]bool{})
	}
	for _, c := range b.Components {
		r.within(c, map[string]bool{})
	}
}

// within finds a component that is part of itself.
func (r *ruler) within(c *bom.Component, above map[string]bool) {
	for _, p := range c.Parts {
		key := p.PURL
		if key == "" {
			continue
		}
		if above[key] || key == c.PURL {
			r.say("R04", advice.Error, p, "", "is a part of itself")
		}
	}
	if len(c.Parts) == 0 {
		return
	}
	if c.PURL != "" && !above[c.PURL] {
		above[c.PURL] = true
		defer delete(above, c.PURL)
	}
	for _, p := range c.Parts {
		r.within(p, above)
	}
}

// edges asks about what needs what.
func (r *ruler) edges() {
	for _, e := range r.bill.Edges {
		if e.From == e.To {
			r.sayAt("R07", r.edgePath(), e.Line, quote(e.From)+" depends on itself")
			continue
		}
		for _, ref := range [2]string{e.From, e.To} {
			if !r.known[ref] && !elsewhere(ref) {
				r.sayAt("R02", r.edgePath(), e.Line, quote(e.From)+" needs "+quote(e.To)+": "+quote(ref)+" is not in the document")
			}
		}
	}
	// An entry of a thing that is not there, and needs nothing, makes no edge.
	for i, d := range r.bill.Raw.Get("dependencies").List() {
		if ref := d.Get("ref").Str(); ref != "" && !r.known[ref] && !elsewhere(ref) && len(d.Get("dependsOn").List()) == 0 {
			r.sayAt("R02", jsondoc.Pointer("dependencies", i, "ref"), d.Line, quote(ref)+" is not in the document")
		}
	}
}

// edgePath is where an edge stands, as far as the model knows it.
func (r *ruler) edgePath() string {
	if r.bill.Format.Name == "SPDX" {
		return "/relationships"
	}
	return "/dependencies"
}

// compositions asks about statements of completeness.
func (r *ruler) compositions() {
	stated := [2]map[string]string{{}, {}}
	for i, c := range r.bill.Compositions {
		for kind, list := range [2][]string{c.Assemblies, c.Dependencies} {
			word := [2]string{"assemblies", "dependencies"}[kind]
			for _, ref := range list {
				path := jsondoc.Pointer("compositions", i, word)
				if !r.known[ref] && !elsewhere(ref) {
					r.sayAt("R03", path, c.Line, "a statement of completeness is about "+quote(ref)+", which is not in the document")
				}
				if was, ok := stated[kind][ref]; ok && was != c.Aggregate {
					r.sayAt("R05", path, c.Line, "the "+word+" of "+quote(ref)+" are stated as "+was+" and as "+c.Aggregate)
				}
				stated[kind][ref] = c.Aggregate
			}
		}
	}
}

func kind(n *jsondoc.Node) jsondoc.Kind {
	if n == nil {
		return jsondoc.KindNull
	}
	return n.Kind
}
