package meta

import (
	"slices"
	"strconv"
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
)

// Problem is one thing in a document that its spec does not allow.
type Problem struct {
	// Path are the keys that lead to it; an element of a list is its index,
	// from 0. Empty for the document as a whole.
	Path    []string `json:"path"`
	Line    int      `json:"line,omitempty"` // in the file, from 1; 0 where it is not in one
	Message string   `json:"message"`
	Hint    string   `json:"hint,omitempty"`
}

// At writes the path as people read it: prereqs -> runtime -> requires.
func (p Problem) At() string { return strings.Join(p.Path, " -> ") }

// Check gives what CPAN::Meta::Validator 2.150010 finds wrong with the
// document, by the spec version that the document states: none means that
// CPAN::Meta->new takes it. The places are those that the Validator names, in
// the document's order; the words are ours.
//
// A document of a version that nobody knows has one problem, as it cannot be
// judged.
func (d *Document) Check() []Problem {
	if d.Refused != nil {
		return []Problem{refusal(d.Refused)}
	}
	return check(d.Tree)
}

// refusal is the problem of a text that CPAN::Meta does not read.
func refusal(err error) Problem {
	return Problem{Path: []string{}, Message: "CPAN's own tools do not read it: " + err.Error(), Hint: fault.HintOf(err)}
}

// check is Check of a tree.
func check(tree *jsondoc.Node) []Problem { return examine(tree).found }

// examine goes through a tree.
func examine(tree *jsondoc.Node) *checker {
	c := &checker{tree: tree, spec: statedSpec(tree), path: []string{}}
	rules := definition(c.spec)
	if rules == nil {
		c.at(tree)
		c.add("the document states the spec version "+shown(c.spec)+", which is not known",
			`the versions are 1.0, 1.1, 1.2, 1.3, 1.4 and 2; write "meta-spec": {"version": 2}`)
		return c
	}
	c.keys(rules, tree)
	return c
}

// checker goes through a document.
type checker struct {
	tree    *jsondoc.Node
	spec    string // as stated
	path    []string
	line    int
	found   []Problem
	remarks []Remark // what the text of the spec demands beyond that
}

// rule says what a value must be: exactly one of value, keys and list is set.
type rule struct {
	mandatory bool
	name      func(c *checker, key string)                  // of any key; nil where the rule has its own
	value     func(c *checker, key string, n *jsondoc.Node) // a single value
	keys      *keys                                         // a map
	list      func(c *checker, key string, n *jsondoc.Node) // a list of such values
}

// keys says what the keys of a map must be.
type keys struct {
	known []known
	other *rule // of any key that is not known; nil where there may be none
}

// known is a key with a rule of its own.
type known struct {
	key  string
	rule rule
}

// rule finds the rule of a key, and whether the key's own name is to be
// checked. A key that is called ":key" gets the rule of any key unchecked, as
// the Validator's tables have that rule under this name.
func (k *keys) rule(key string) (r *rule, named bool) {
	if i := slices.IndexFunc(k.known, func(x known) bool { return x.key == key }); i >= 0 {
		return &k.known[i].rule, false
	}
	return k.other, key != ":key"
}

func (c *checker) at(n *jsondoc.Node) {
	if n != nil && n.Line > 0 {
		c.line = n.Line
	}
}

func (c *checker) add(message, hint string) {
	c.found = append(c.found, Problem{Path: slices.Clone(c.path), Line: c.line, Message: message, Hint: hint})
}

// keys checks a map.
func (c *checker) keys(k *keys, n *jsondoc.Node) {
	c.at(n)
	if !n.Is(jsondoc.KindObject) {
		c.add("is "+shape(n)+" where a map belongs", "write a map of keys and values")
		return
	}
	line := c.line
	for _, x := range k.known {
		if x.rule.mandatory && isNull(n.Get(x.key)) {
			c.path = append(c.path, x.key)
			c.line = line
			c.add("is missing, and every document of spec "+c.spec+" has it", missingHint(x.key))
			c.path = c.path[:len(c.path)-1]
		}
	}
	once := members(n)
	if len(once) < len(n.Members) {
		c.twice(n)
	}
	for _, m := range once {
		c.path = append(c.path, m.Key)
		if m.Line > 0 {
			c.line = m.Line
		}
		switch r, named := k.rule(m.Key); {
		case r == nil:
			c.add("is no key of this map", "remove it, or rename it so that it begins with x_")
		case named && r.name != nil:
			r.name(c, m.Key)
			fallthrough
		default:
			c.rule(r, m.Key, m.Value)
		}
		c.path = c.path[:len(c.path)-1]
	}
	c.mapByPlace(n)
}

// rule checks a value.
func (c *checker) rule(r *rule, key string, n *jsondoc.Node) {
	switch {
	case r.value != nil:
		c.at(n)
		r.value(c, key, n)
	case r.keys != nil:
		c.keys(r.keys, n)
	default:
		if r.mandatory {
			c.notEmpty(n)
		}
		c.items(r.list, n)
	}
}

// items checks a list.
func (c *checker) items(item func(*checker, string, *jsondoc.Node), n *jsondoc.Node) {
	c.at(n)
	if !n.Is(jsondoc.KindArray) {
		c.add("is "+shape(n)+" where a list belongs", "write a list, also of one value: [ ... ]")
		return
	}
	for i, v := range n.Items {
		c.path = append(c.path, strconv.Itoa(i))
		c.at(v)
		item(c, "list", v)
		c.path = c.path[:len(c.path)-1]
	}
}

// missingHint says what to write under a key that is missing.
func missingHint(key string) string {
	switch key {
	case "abstract":
		return "one line that says what the distribution is for"
	case "author":
		return `a list of names, such as ["A. U. Thor <author@example.org>"]`
	case "dynamic_config":
		return "0 where the prerequisites are final, 1 where Makefile.PL or Build.PL may change them"
	case "generated_by":
		return "the program that wrote the file, with its version"
	case "license":
		return `a name of the spec's list, such as "perl_5"; "unknown" where nobody stated one`
	case "meta-spec":
		return `{"version": 2}`
	case "release_status":
		return "stable, testing or unstable"
	case "url":
		return "the address of the spec that the document follows"
	case "file":
		return "the path of the file that holds the package, from the root of the distribution"
	}
	return ""
}
