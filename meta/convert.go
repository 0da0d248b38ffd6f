package meta

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
)

// converterName is what CPAN::Meta::Converter signs generated_by with.
const converterName = "CPAN::Meta::Converter version 2.150010"

// maxClone is how deep lists and maps of a document that is converted may be
// in one another, as in CPAN::Meta::Converter.
const maxClone = 1024

// ConvertOptions say how a document is converted.
type ConvertOptions struct {
	// To is Spec2, which the zero value means, or Spec14.
	To Spec
	// Tool is what generated_by says converted the document, such as
	// "nacre 1.0". Empty is the text that CPAN::Meta::Converter writes.
	Tool string
}

// Loss is something that a conversion left out or put another in place of.
type Loss struct {
	Step    string   `json:"step"` // "1.3 to 1.4"
	Path    []string `json:"path"` // in the document as that step found it
	Message string   `json:"message"`
}

// At writes the path as people read it.
func (l Loss) At() string { return strings.Join(l.Path, " -> ") }

// ConvertError is why a document cannot be converted.
type ConvertError struct {
	Step     string // "1.3 to 1.4"; "2" where the document has that version already
	Problems []Problem
}

// Error names the first problem, and how many more there are.
func (e *ConvertError) Error() string {
	p := e.Problems[0]
	s := p.Message
	if len(p.Path) > 0 {
		s = p.At() + ": " + s
	}
	if more := len(e.Problems) - 1; more > 0 {
		s += fmt.Sprintf(" (and %d more)", more)
	}
	return s
}

// Spec is the version that the document follows: the one that it states, or
// the one that its keys tell.
func (d *Document) Spec() Spec { return specOf(d.Tree) }

// Convert gives the document as one of spec 2 or 1.4, by the rules of
// CPAN::Meta::Converter 2.150010: one version after the other, each result
// checked, and a document that has the version already is cleaned up. The
// document itself is not changed. An error is a *ConvertError, and names the
// step that failed.
//
// Keys stay in the document's order, numbers and truth values as they are
// written. Where two keys become one (foo and x_foo), the one that had the
// name counts, or else the first.
func (d *Document) Convert(o ConvertOptions) (*Document, []Loss, error) {
	c, tree := convert(d.Tree, o)
	if c.err != nil {
		return nil, c.losses, fault.Wrap(fault.Invalid, c.err, "convert spec %s", c.err.Step).
			WithHint("nacre meta check says what to mend")
	}
	return &Document{Tree: tree, Warnings: d.Warnings}, c.losses, nil
}

// converter takes a document from one version to the next.
type converter struct {
	ConvertOptions
	step   string
	to     Spec
	path   []string
	losses []Loss
	failed []Loss        // what fails the conversion, and is in no result
	err    *ConvertError // the first step's that failed
}

// convert gives the best that can be made of a tree, also where it fails.
func convert(tree *jsondoc.Node, o ConvertOptions) (*converter, *jsondoc.Node) {
	c := &converter{ConvertOptions: o}
	if c.To == "" {
		c.To = Spec2
	}
	from := specOf(tree)
	c.step, c.to = string(from), from
	if depth(tree, maxClone) > maxClone {
		c.fail("nested deeper than " + strconv.Itoa(maxClone) + " (limit: metadata depth)")
		return c, jsondoc.Object()
	}
	at, end := slices.Index(specs, from), slices.Index(specs, c.To)
	switch {
	case end < 0:
		c.fail("no conversion to spec " + shown(string(c.To)))
	case at == end:
		tree = c.run(tree, cleanup(from))
	case at > end:
		for ; at > end; at-- {
			c.between(specs[at], specs[at-1])
			c.loseTo14(tree)
			tree = c.run(tree, &down14)
		}
	default:
		for ; at < end; at++ {
			c.between(specs[at], specs[at+1])
			tree = c.run(tree, upgrade(specs[at+1]))
		}
	}
	return c, tree
}

func (c *converter) between(from, to Spec) {
	c.step, c.to = string(from)+" to "+string(to), to
}

// run makes one step and checks its result.
func (c *converter) run(tree *jsondoc.Node, s *step) *jsondoc.Node {
	tree = c.apply(tree, s)
	if found := check(tree); len(found) > 0 && c.err == nil {
		c.err = &ConvertError{Step: c.step, Problems: found}
	}
	return tree
}

// fail notes why the step cannot be made. The Converter stops there; here the
// rest is still made, for those who want what can be had.
func (c *converter) fail(message string) {
	problem := Problem{Path: slices.Clone(c.path), Message: message}
	c.failed = append(c.failed, Loss{Step: c.step, Path: problem.Path, Message: message})
	switch {
	case c.err == nil:
		c.err = &ConvertError{Step: c.step, Problems: []Problem{problem}}
	case c.err.Step == c.step:
		c.err.Problems = append(c.err.Problems, problem)
	}
}

// lose notes what is left out, as the value of a key below the path.
func (c *converter) lose(key, message string) {
	path := slices.Clone(c.path)
	if key != "" {
		path = append(path, key)
	}
	c.losses = append(c.losses, Loss{Step: c.step, Path: path, Message: message})
}

// within runs f with one more key on the path.
func (c *converter) within(key string, f func() *jsondoc.Node) *jsondoc.Node {
	c.path = append(c.path, key)
	defer func() { c.path = c.path[:len(c.path)-1] }()
	return f()
}

// step says what becomes of each key of a map.
type step struct {
	fields []field
	drop   []string            // keys that go without a word: their content moved elsewhere
	custom func(string) string // the name of every other key; nil keeps it
}

// field makes the value of a key out of the one that it had, and out of the
// whole map; a nil result leaves the key out.
type field struct {
	key  string
	make func(c *converter, old, whole *jsondoc.Node) *jsondoc.Node
}

// apply makes a map of a map. Of no map at all it makes one with the keys that
// are made of nothing, as perl does.
func (c *converter) apply(old *jsondoc.Node, s *step) *jsondoc.Node {
	if !isNull(old) && !old.Is(jsondoc.KindObject) {
		c.fail("is " + shape(old) + " where a map belongs")
		old = nil
	}
	result := jsondoc.Object()
	if old != nil {
		result.Line = old.Line
	}
	seen := map[string]bool{}
	var renamed []jsondoc.Member
	for _, m := range members(old) {
		i := slices.IndexFunc(s.fields, func(f field) bool { return f.key == m.Key })
		switch {
		case i >= 0:
			if v := c.field(s.fields[i], m.Value, old); !isNull(v) {
				result.Members = append(result.Members, jsondoc.Member{Key: m.Key, Line: m.Line, Value: v})
			}
		case slices.Contains(s.drop, m.Key):
			c.dropped(m, old)
			continue
		case s.custom == nil || s.custom(m.Key) == m.Key:
			result.Members = append(result.Members, m)
		default:
			// Where it comes to stand is known; whether the name is free, not yet.
			renamed = append(renamed, m)
			result.Members = append(result.Members, jsondoc.Member{Key: s.custom(m.Key), Line: -1 - len(renamed), Value: m.Value})
			continue
		}
		seen[m.Key] = true
	}
	for _, f := range s.fields {
		if !seen[f.key] {
			if v := c.field(f, nil, old); !isNull(v) {
				result.Members = append(result.Members, jsondoc.Member{Key: f.key, Value: v})
				seen[f.key] = true
			}
		}
	}
	if len(renamed) > 0 {
		c.settle(result, renamed, seen)
	}
	return result
}

// dropped notes a key that goes and whose content is nowhere in the result.
func (c *converter) dropped(m jsondoc.Member, whole *jsondoc.Node) {
	isTaken := false
	switch m.Key {
	case "private":
		isTaken = c.to == Spec12 && !isTrue(whole.Get("no_index"))
	case "license_url":
		isTaken = c.to == Spec12 && !isTrue(whole.At("resources", "license"))
	case "distribution_type":
	default: // requirements, which an upgrade moves and a clean-up does not
		isTaken = c.step != string(c.to)
	}
	if !isTaken && !isEmpty(m.Value) {
		c.lose(m.Key, "left out: it is no key of spec "+string(c.to))
	}
}

// settle drops the renamed keys whose name is taken.
func (c *converter) settle(result *jsondoc.Node, renamed []jsondoc.Member, seen map[string]bool) {
	kept := result.Members[:0]
	for _, m := range result.Members {
		if m.Line < -1 {
			old := renamed[-2-m.Line]
			if seen[m.Key] {
				c.lose(old.Key, "left out: it becomes "+m.Key+", which is there already")
				continue
			}
			seen[m.Key] = true
			m.Line = old.Line
		}
		kept = append(kept, m)
	}
	clear(result.Members[len(kept):])
	result.Members = kept
}

func (c *converter) field(f field, old, whole *jsondoc.Node) *jsondoc.Node {
	if isNull(old) {
		old = nil
	}
	return c.within(f.key, func() *jsondoc.Node { return f.make(c, old, whole) })
}

// depth counts how deep lists and maps are in one another, and stops where
// that is more than most.
func depth(n *jsondoc.Node, most int) int {
	if !isNested(n) {
		return 0
	}
	deepest := 0
	if most >= 0 {
		for _, item := range n.Items {
			deepest = max(deepest, depth(item, most-1))
		}
		for _, m := range n.Members {
			deepest = max(deepest, depth(m.Value, most-1))
		}
	}
	return deepest + 1
}
