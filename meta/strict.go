package meta

import (
	"slices"
	"strings"
	"unicode"

	"nacre/advice"
	"nacre/jsondoc"
	"nacre/perlver"
)

// Remark is something that the text of the spec does not allow, and that the
// Validator does not see.
type Remark struct {
	Level advice.Level `json:"level"`
	Problem
}

// Strict gives what the text of the document's spec demands beyond Check: for
// example that a version has one of the spec's forms, that a list of authors
// is not empty, and that a path in provides stays within the distribution.
// Archive is the name of the release's file or folder, where it is known; ""
// where not. Of a document that states no known spec version there is none.
func (d *Document) Strict(archive string) []Remark {
	c := examine(d.Tree)
	c.path, c.line = []string{"release_status"}, 0
	c.at(d.Tree.Get("release_status"))
	if d.Tree.Get("release_status").Str() == "stable" && strings.Contains(archive, "-TRIAL") {
		c.remark(advice.Warning, "says stable, and the release is called "+shown(archive),
			"write testing, or release it without -TRIAL")
	}
	return c.remarks
}

func (c *checker) remark(level advice.Level, message, hint string) {
	c.remarks = append(c.remarks, Remark{level, Problem{
		Path: slices.Clone(c.path), Line: c.line, Message: message, Hint: hint,
	}})
}

// under says that the path has these keys, "*" being any.
func (c *checker) under(keys ...string) bool {
	if len(c.path) != len(keys) {
		return false
	}
	for i, k := range keys {
		if k != "*" && c.path[i] != k {
			return false
		}
	}
	return true
}

// twice names the keys of a map that stand there twice.
func (c *checker) twice(n *jsondoc.Node) {
	seen := map[string]bool{}
	for _, m := range n.Members {
		if seen[m.Key] {
			c.path = append(c.path, m.Key)
			line := c.line
			c.line = max(m.Line, 0)
			c.remark(advice.Error, "the key stands twice, and only the last one counts", "keep one of them")
			c.path, c.line = c.path[:len(c.path)-1], line
		}
		seen[m.Key] = true
	}
}

// notNested: a list or a map is no text.
func (c *checker) notNested(n *jsondoc.Node) {
	if isNested(n) {
		c.remark(advice.Error, "is "+shape(n)+" where a text belongs", "write one text")
	}
}

// notEmpty: a list that must be there has an element.
func (c *checker) notEmpty(n *jsondoc.Node) {
	if n.Is(jsondoc.KindArray) && len(n.Items) == 0 {
		c.remark(advice.Error, "the list is empty", missingHint(c.path[len(c.path)-1]))
	}
}

// wholeNumber: perl reads a number without its zeros at the end.
func (c *checker) wholeNumber(n *jsondoc.Node) {
	if n.Is(jsondoc.KindNumber) && perlNumber(n.Text) != n.Text {
		c.remark(advice.Error, n.Text+" is a number, which perl reads as "+perlNumber(n.Text), `write it in quotes: "`+n.Text+`"`)
	}
}

const versionForms = "the forms are 1.002 and v1.2.3, a trial release with an underscore: 1.002_03"

func (c *checker) exactVersion(n *jsondoc.Node) {
	c.wholeNumber(n)
	switch s := asPerl(n); {
	case s == "":
		c.remark(advice.Error, "is empty where a version belongs", versionForms)
	case !isSpecVersion(s):
		c.remark(advice.Error, shown(s)+" has no form that the spec gives a version", versionForms)
	}
}

// isSpecVersion says that s is digits with a fraction if any, or v and three
// numbers or more; in both the last part may be behind an underscore.
func isSpecVersion(s string) bool {
	head, trial, isTrial := strings.Cut(s, "_")
	if isTrial && !all(trial, isDigit) {
		return false
	}
	numbers, isDotted := strings.CutPrefix(head, "v")
	parts := strings.Split(numbers, ".")
	for _, p := range parts {
		if !all(p, isDigit) {
			return false
		}
	}
	if isDotted {
		return len(parts) >= 3
	}
	return len(parts) <= 2 && (!isTrial || len(parts) == 2)
}

func (c *checker) exactRange(n *jsondoc.Node) {
	c.wholeNumber(n)
	if isNested(n) || len(asPerl(n)) > maxRange {
		return // said already, or no question
	}
	if _, err := perlver.ParseRequirement(asPerl(n)); err != nil {
		c.remark(advice.Error, err.Error(), `write clauses such as ">= 1.2, < 3" that can all hold`)
		return
	}
	for clause := range strings.SplitSeq(asPerl(n), ",") {
		v := strings.TrimSpace(strings.TrimLeft(strings.TrimSpace(clause), "<>=!"))
		if !isSpecVersion(v) && !isSpecVersion("v"+v) {
			c.remark(advice.Error, shown(strings.TrimSpace(clause))+" has no form that the spec gives a version", versionForms)
			return
		}
	}
}

// exactModule: a part of a name is an identifier.
func (c *checker) exactModule(key string) {
	if isDigit(key[0]) || strings.HasSuffix(key, "\n") {
		c.remark(advice.Error, "is no name that perl lets a module have", "write it as in use Foo::Bar")
	}
}

// exactCustom: x_ stands at the beginning.
func (c *checker) exactCustom(key string) {
	if !isCustom(key) {
		c.remark(advice.Error, "has x_ in it and does not begin with it", "rename it to x_"+key)
	}
}

// relativePath: the files of provides are below the root.
func (c *checker) relativePath(n *jsondoc.Node) {
	const hint = "write the path from the root of the distribution, such as lib/Foo/Bar.pm"
	switch s := asPerl(n); {
	case isNested(n):
	case s == "":
		c.remark(advice.Error, "is empty where a path belongs", hint)
	case strings.HasPrefix(s, "/"), strings.Contains(s, `\`), len(s) > 1 && s[1] == ':':
		c.remark(advice.Error, shown(s)+" is no relative path with slashes", hint)
	case slices.Contains(strings.Split(s, "/"), ".."):
		c.remark(advice.Error, shown(s)+" leads out of the distribution", hint)
	}
}

// byPlace looks at texts that must be more than a text.
func (c *checker) byPlace(n *jsondoc.Node) {
	s := asPerl(n)
	switch is2 := c.spec == string(Spec2); {
	case c.under("keywords", "*") && strings.ContainsFunc(s, unicode.IsSpace):
		c.remark(advice.Error, shown(s)+" has white space, and is one keyword", "make several keywords of it, or join its words with a hyphen")
	case is2 && c.under("resources", "repository", "type") && s != strings.ToLower(s):
		c.remark(advice.Warning, shown(s)+" has capitals", "write "+strings.ToLower(s))
	case is2 && c.under("meta-spec", "url") && !isSpecAddress(s):
		c.remark(advice.Note, shown(s)+" is not the address of the spec", "write "+Spec2.url())
	}
}

// isSpecAddress knows the pages where spec 2 has been.
func isSpecAddress(s string) bool {
	_, s, _ = strings.Cut(s, "://")
	switch s {
	case "search.cpan.org/perldoc?CPAN::Meta::Spec", "metacpan.org/pod/CPAN::Meta::Spec", "search.cpan.org/dist/CPAN-Meta/lib/CPAN/Meta/Spec.pm":
		return true
	}
	return false
}

// mapByPlace looks at maps that must have more than the right keys.
func (c *checker) mapByPlace(n *jsondoc.Node) {
	switch {
	case c.spec != string(Spec2):
		if c.spec == string(Spec12) && len(c.path) == 0 {
			c.index12(n)
		}
	case c.under("resources", "repository") && has(n, "url") && !has(n, "type"):
		c.remark(advice.Warning, "has a url and no type", `say what reads it: "type": "git"`)
	case c.under("optional_features", "*", "prereqs") && has(n, "configure"):
		c.remark(advice.Error, "has a configure phase, and nobody chooses a feature before that", "move it to the prereqs of the distribution")
	}
}

// index12 checks no_index of 1.2, which the Validator passes over.
func (c *checker) index12(n *jsondoc.Node) {
	index := n.Get("no_index")
	if isNull(index) {
		return
	}
	inner := checker{tree: c.tree, spec: c.spec, path: []string{"no_index"}, line: c.line}
	inner.rule(&noIndex12, "no_index", index)
	for _, p := range inner.found {
		c.remarks = append(c.remarks, Remark{advice.Error, p})
	}
}
