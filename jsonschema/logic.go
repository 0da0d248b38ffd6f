package jsonschema

import (
	"slices"
	"strings"

	"nacre/jsondoc"
)

// logic checks what combines schemas.
func (c *checker) logic(s *schema, n *jsondoc.Node, at *place, seen names) bool {
	ok := true
	for _, all := range s.allOf {
		if ok = c.check(all, n, at, seen) && ok; !ok && c.quiet > 0 {
			return false
		}
	}
	if s.anyOf != nil {
		ok = c.some(s.anyOf, n, at, seen, false) && ok
	}
	if s.oneOf != nil && (ok || c.quiet == 0) {
		ok = c.some(s.oneOf, n, at, seen, true) && ok
	}
	if s.not != nil && c.try(s.not, n, nil) {
		ok = c.fail(n, at, "not", "%s", excluded(s.not))
	}
	if s.when != nil && (ok || c.quiet == 0) {
		inner := seen.fresh()
		then := s.otherwise
		if c.try(s.when, n, inner) {
			seen.add(inner)
			then = s.then
		}
		if then != nil {
			ok = c.check(then, n, at, seen) && ok
		}
	}
	return ok
}

func (s names) fresh() names {
	if s == nil {
		return nil
	}
	return names{}
}

func (s names) add(more names) {
	for key := range more {
		s[key] = true
	}
}

func excluded(s *schema) string {
	if len(s.required) > 1 {
		return strings.Join(s.required, " and ") + " exclude each other"
	}
	return "is what the schema rules out"
}

// some checks alternatives: one has to fit, and with only no other may.
func (c *checker) some(list []*schema, n *jsondoc.Node, at *place, seen names, only bool) bool {
	fits := 0
	for _, s := range list {
		inner := seen.fresh()
		if !c.try(s, n, inner) {
			continue
		}
		seen.add(inner)
		if fits++; fits > 1 && only {
			return c.fail(n, at, "oneOf", "fits two forms that exclude each other")
		}
		if !only && seen == nil {
			return true
		}
	}
	if fits > 0 {
		return true
	}
	if c.quiet > 0 {
		return false
	}
	before := len(c.problems)
	if likely := c.likeliest(list, n); likely != nil {
		c.check(likely, n, at, seen)
	}
	if len(c.problems) == before {
		return c.fail(n, at, "anyOf", "fits none of the forms that are allowed")
	}
	return false
}

// likeliest gives the alternative that was meant, as it seems: of the right type,
// and with the keys that it demands; nil where each is for something else.
func (c *checker) likeliest(list []*schema, n *jsondoc.Node) *schema {
	var best *schema
	most := -1
	for _, s := range list {
		points := 0
		look := s
		for look.ref != nil {
			look = look.ref
		}
		if look.when != nil && !c.try(look.when, n, nil) {
			continue
		}
		if len(look.types) == 0 || slices.ContainsFunc(look.types, func(t string) bool { return isType(n, t) }) {
			points = 1
		}
		for _, key := range look.required {
			if n.Get(key) != nil {
				points += 2
			}
		}
		if points > most {
			best, most = s, points
		}
	}
	return best
}
