package jsonschema

import (
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
	"unicode/utf8"

	"nacre/fault"
	"nacre/jsondoc"
)

// Problem is one way in which a document does not follow a schema.
type Problem struct {
	Pointer string // JSON pointer of the value
	Line    int    // of the value, from 1; 0 not known
	Keyword string // of the schema: "required", "enum", "additionalProperties"
	Message string // "version is missing"
}

// stepsPerValue and minSteps bound the work: ordinary documents need some ten
// steps a value.
const (
	stepsPerValue = 4000
	minSteps      = 10_000_000
)

type checker struct {
	seed     maphash.Seed
	problems []Problem
	most     int // problems that are told
	quiet    int // over 0 while alternatives are tried
	steps    int // that are left
}

// Check gives the problems of a document, in its order, and ends at as many as
// most; one is always told. The error is of a document that cannot be judged
// within bounds.
func (s *Schema) Check(doc *jsondoc.Node, most int) ([]Problem, error) {
	c := checker{seed: maphash.MakeSeed(), most: max(most, 1), steps: minSteps + stepsPerValue*count(doc)}
	allowed := c.steps
	c.check(s.root, doc, nil, nil)
	if c.steps < 0 {
		return nil, fault.New(fault.Invalid, "the document needs more than %d steps to be checked (limit: schema steps)", allowed).
			WithHint("alternatives within alternatives multiply; look for one kind of thing that is nested very deeply")
	}
	return c.problems, nil
}

func count(n *jsondoc.Node) int {
	total := 1
	for _, item := range n.List() {
		total += count(item)
	}
	if n != nil {
		for _, m := range n.Members {
			total += count(m.Value)
		}
	}
	return total
}

// place is where a value stands; nil is the document.
type place struct {
	in    *place
	key   string
	index int // where it is no key
	isKey bool
}

func (p *place) pointer() string {
	if p == nil {
		return ""
	}
	if p.isKey {
		return p.in.pointer() + "/" + jsondoc.Escape(p.key)
	}
	return fmt.Sprintf("%s/%d", p.in.pointer(), p.index)
}

func (c *checker) step() bool {
	c.steps--
	return c.steps >= 0
}

// fail notes a problem, and is false.
func (c *checker) fail(n *jsondoc.Node, at *place, keyword, format string, args ...any) bool {
	if c.quiet == 0 && len(c.problems) < c.most {
		c.problems = append(c.problems, Problem{at.pointer(), n.Line, keyword, fmt.Sprintf(format, args...)})
	}
	return false
}

// try checks without a word.
func (c *checker) try(s *schema, n *jsondoc.Node, seen names) bool {
	c.quiet++
	ok := c.check(s, n, nil, seen)
	c.quiet--
	return ok
}

// names are the keys of one object that schemas had a say on; nil where nobody
// asks.
type names map[string]bool

func (c *checker) check(s *schema, n *jsondoc.Node, at *place, seen names) bool {
	if c.quiet == 0 && len(c.problems) == c.most {
		return false // nobody asks for more
	}
	if !c.step() || s.never {
		return c.fail(n, at, "false", "has no place here")
	}
	if len(s.types) > 0 && !slices.ContainsFunc(s.types, func(t string) bool { return isType(n, t) }) {
		return c.fail(n, at, "type", "must be %s, and this is %s", typeNames(s.types), n.Kind)
	}
	outer := seen
	if s.unevaluated != nil && n.Kind == jsondoc.KindObject {
		seen = names{}
	}
	ok := s.ref == nil || c.check(s.ref, n, at, seen)
	if ok || c.quiet == 0 {
		ok = c.value(s, n, at) && ok
	}
	if ok || c.quiet == 0 {
		ok = c.inside(s, n, at, seen) && ok
	}
	if ok || c.quiet == 0 {
		ok = c.logic(s, n, at, seen) && ok
	}
	if s.unevaluated != nil && n.Kind == jsondoc.KindObject {
		for _, m := range n.Members {
			if !seen[m.Key] && (ok || c.quiet == 0) {
				if ok = c.extra(s.unevaluated, m, at, "unevaluatedProperties") && ok; ok {
					seen[m.Key] = true
				}
			}
		}
		if outer != nil {
			for key := range seen {
				outer[key] = true
			}
		}
	}
	return ok
}

// extra checks a key that is named nowhere.
func (c *checker) extra(s *schema, m jsondoc.Member, in *place, keyword string) bool {
	at := &place{in: in, key: m.Key, isKey: true}
	if s.never {
		return c.fail(&jsondoc.Node{Line: m.Line}, at, keyword, "the schema knows no such key here")
	}
	return c.check(s, m.Value, at, nil)
}

func isType(n *jsondoc.Node, t string) bool {
	switch n.Kind {
	case jsondoc.KindNull:
		return t == "null"
	case jsondoc.KindBool:
		return t == "boolean"
	case jsondoc.KindNumber:
		return t == "number" || t == "integer" && parseDecimal(n.Text).whole()
	case jsondoc.KindString:
		return t == "string"
	case jsondoc.KindArray:
		return t == "array"
	}
	return t == "object"
}

func typeNames(types []string) string {
	plain := map[string]string{
		"null": "null", "boolean": "true or false", "number": "a number", "integer": "a whole number",
		"string": "a text", "array": "a list", "object": "an object",
	}
	var list []string
	for _, t := range types {
		list = append(list, plain[t])
	}
	return strings.Join(list, " or ")
}

// value checks what a value is by itself.
func (c *checker) value(s *schema, n *jsondoc.Node, at *place) bool {
	ok := true
	if s.enum != nil && !(n.Kind == jsondoc.KindString && s.words[n.Text]) &&
		!slices.ContainsFunc(s.enum, func(e *jsondoc.Node) bool { return e.Kind != jsondoc.KindString && c.equal(e, n) }) {
		ok = c.fail(n, at, "enum", "must be one of %s", words(s.enum))
	}
	if s.constant != nil && !c.equal(s.constant, n) {
		ok = c.fail(n, at, "const", "must be %s", words([]*jsondoc.Node{s.constant}))
	}
	switch n.Kind {
	case jsondoc.KindString:
		if s.pattern != nil && !s.pattern(n.Text) {
			ok = c.fail(n, at, "pattern", "%s does not follow the pattern %s", fault.Quote(n.Text), s.patternText)
		}
		if s.format != "" && !formatted(s.format, n.Text) {
			ok = c.fail(n, at, "format", "%s is no %s", fault.Quote(n.Text), s.format)
		}
		if s.minLength > 0 || s.maxLength >= 0 {
			length := utf8.RuneCountInString(n.Text)
			if length < s.minLength {
				ok = c.fail(n, at, "minLength", "%d characters are less than %d", length, s.minLength)
			}
			if s.maxLength >= 0 && length > s.maxLength {
				ok = c.fail(n, at, "maxLength", "%d characters are more than %d", length, s.maxLength)
			}
		}
	case jsondoc.KindNumber:
		if s.minimum != nil && parseDecimal(n.Text).compare(*s.minimum) < 0 {
			ok = c.fail(n, at, "minimum", "%s is too small", fault.Quote(n.Text))
		}
		if s.maximum != nil && parseDecimal(n.Text).compare(*s.maximum) > 0 {
			ok = c.fail(n, at, "maximum", "%s is too large", fault.Quote(n.Text))
		}
	}
	return ok
}

// words lists the values that are allowed, the first of many.
func words(list []*jsondoc.Node) string {
	var out []string
	for i, n := range list {
		if i == 12 {
			return strings.Join(out, ", ") + fmt.Sprintf(" and %d more", len(list)-i)
		}
		out = append(out, strings.TrimSpace(string(n.Append(nil))))
	}
	return strings.Join(out, ", ")
}

// inside checks what is in a list or an object.
func (c *checker) inside(s *schema, n *jsondoc.Node, at *place, seen names) bool {
	ok := true
	if n.Kind == jsondoc.KindObject {
		for _, key := range s.required {
			if n.Get(key) == nil {
				if ok = c.fail(n, at, "required", "%s is missing", fault.Quote(key)); c.quiet > 0 {
					return false
				}
			}
		}
		if s.properties == nil && s.additional == nil {
			return ok
		}
		for _, m := range n.Members {
			known := s.properties[m.Key]
			if known == nil && s.additional == nil {
				continue
			}
			if seen != nil {
				seen[m.Key] = true
			}
			if known != nil {
				ok = c.check(known, m.Value, &place{in: at, key: m.Key, isKey: true}, nil) && ok
			} else {
				ok = c.extra(s.additional, m, at, "additionalProperties") && ok
			}
			if !ok && c.quiet > 0 {
				return false
			}
		}
	}
	if n.Kind == jsondoc.KindArray {
		return c.list(s, n, at)
	}
	return ok
}

func (c *checker) list(s *schema, n *jsondoc.Node, at *place) bool {
	ok := true
	if len(n.Items) < s.minItems {
		ok = c.fail(n, at, "minItems", "%d items are less than %d", len(n.Items), s.minItems)
	}
	if s.maxItems >= 0 && len(n.Items) > s.maxItems {
		ok = c.fail(n, at, "maxItems", "%d items are more than %d", len(n.Items), s.maxItems)
	}
	for i, item := range n.Items {
		of := s.items
		if s.tuple != nil {
			if of = s.additionalItems; i < len(s.tuple) {
				of = s.tuple[i]
			}
		}
		if of != nil {
			ok = c.check(of, item, &place{in: at, index: i}, nil) && ok
		}
		if !ok && c.quiet > 0 {
			return false
		}
	}
	if s.unique {
		for before, again := range c.repeats(n.Items) {
			ok = c.fail(n.Items[again], &place{in: at, index: again}, "uniqueItems", "says the same as item %d of the list", before)
			if c.quiet > 0 || len(c.problems) == c.most {
				break
			}
		}
	}
	return ok
}
