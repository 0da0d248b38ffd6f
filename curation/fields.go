package curation

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// shape is what an overlay of a kind holds. All have reason, role and date, and
// may have upstream.
type shape struct {
	required []string
	optional []string
	// oneOf are keys of which one at least has to be there.
	oneOf []string
}

func shapeOf(k Kind) shape {
	switch k {
	case Correct:
		return shape{required: []string{"dist", "affected"}, optional: []string{"fixed", "instead-of"}}
	case FalsePositive:
		return shape{optional: []string{"dist"}}
	case Complete:
		return shape{required: []string{"dist"}, oneOf: []string{"modules", "files", "routines"}}
	case Describe:
		return shape{oneOf: []string{"title", "severity", "cwes"}}
	case Allow:
		return shape{required: []string{"dist"}}
	}
	return shape{}
}

// common are the keys that say who corrects, when and why.
func common() (required, optional []string) {
	return []string{"reason", "role", "date"}, []string{"upstream"}
}

// pair is a key of an overlay with its value.
type pair struct{ key, value *yaml.Node }

// overlay reads one overlay; what is wrong with it is noted.
func (r *reader) overlay(n *yaml.Node) Overlay {
	o := Overlay{File: r.file, Line: n.Line}
	if n.Kind != yaml.MappingNode {
		r.wrong(n.Line, "an overlay is no map of keys and values", "write it as - correct: CVE-2099-0001, with dist: and the other keys below")
		return o
	}
	pairs := map[string]pair{}
	var order []string
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if k.Kind != yaml.ScalarNode {
			r.wrong(k.Line, "a key is no word", "write words before the colons")
			return o
		}
		if _, twice := pairs[k.Value]; twice {
			r.wrong(k.Line, fmt.Sprintf("the key %s stands twice", fault.Quote(k.Value)), "keep one of them")
			return o
		}
		pairs[k.Value] = pair{k, n.Content[i+1]}
		order = append(order, k.Value)
	}
	for _, k := range order {
		if slices.Contains(Kinds(), Kind(k)) {
			if o.Kind != "" {
				r.wrong(pairs[k].key.Line, fmt.Sprintf("one overlay with both %s and %s", o.Kind, k), "make two overlays of it, each with its reason, role and date")
				return o
			}
			o.Kind = Kind(k)
		}
	}
	if o.Kind == "" {
		r.wrong(n.Line, "nothing says what the overlay does", "begin it with one of "+words(Kinds())+", and the id of an advisory")
		return o
	}
	if r.keys(&o, pairs, order) {
		for _, k := range order {
			r.field(&o, k, pairs[k].value)
		}
	}
	return o
}

// keys holds the keys of an overlay to those of its kind.
func (r *reader) keys(o *Overlay, pairs map[string]pair, order []string) bool {
	s := shapeOf(o.Kind)
	required, optional := common()
	required = slices.Concat(s.required, required)
	allowed := slices.Concat([]string{string(o.Kind)}, s.required, s.oneOf, s.optional, required[len(s.required):], optional)
	before := len(r.mistakes)
	for _, k := range order {
		if !slices.Contains(allowed, k) {
			r.wrong(pairs[k].key.Line, fmt.Sprintf("%s is no key of a %s overlay", fault.Quote(k), o.Kind), "it has "+words(allowed[1:]))
		}
	}
	for _, k := range required {
		if _, ok := pairs[k]; !ok {
			r.wrong(o.Line, fmt.Sprintf("the %s overlay has no %s", o.Kind, k), howTo(k))
		}
	}
	if len(s.oneOf) > 0 && !slices.ContainsFunc(s.oneOf, func(k string) bool { _, ok := pairs[k]; return ok }) {
		r.wrong(o.Line, fmt.Sprintf("the %s overlay says nothing", o.Kind), "give it one of "+words(s.oneOf))
	}
	return len(r.mistakes) == before
}

// howTo says how a key is written.
func howTo(key string) string {
	switch key {
	case "dist":
		return "name the distribution, dist: Foo-Bar"
	case "affected":
		return `write the versions in quotes, affected: [">=1.0,<1.3"]; a range that holds for none is a false-positive`
	case "reason":
		return "say in a sentence why, so that the next one can judge it"
	case "role":
		return "write role: and one of " + words(Roles())
	case "date":
		return "write the day as date: 2099-01-02"
	}
	return "docs/curation.md shows one that works"
}

func words[T ~string](list []T) string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = string(s)
	}
	return strings.Join(all, ", ")
}

// field reads the value of a key that belongs to the overlay.
func (r *reader) field(o *Overlay, key string, n *yaml.Node) {
	switch key {
	case string(o.Kind):
		o.IDs = r.ids(o.Kind, n)
	case "dist":
		o.Dist = parsed(r, n, cpan.ParseDist)
	case "reason":
		o.Reason = r.text(n, key, advisory.MaxText)
	case "role":
		if o.Role = r.text(n, key, advisory.MaxLine); o.Role != "" && !slices.Contains(Roles(), o.Role) {
			r.wrong(n.Line, fmt.Sprintf("%s is no role", fault.Quote(o.Role)), "write what somebody is, never who: one of "+words(Roles()))
		}
	case "date":
		o.Date = r.date(n)
	case "upstream":
		o.Upstream = r.text(n, key, advisory.MaxLine)
		if o.Upstream != "" && (!strings.HasPrefix(o.Upstream, "https://") && !strings.HasPrefix(o.Upstream, "http://") || strings.Contains(o.Upstream, " ")) {
			r.wrong(n.Line, "upstream is no address", "write the address of the issue or request that tells the sources, or leave it out")
		}
	case "instead-of":
		o.InsteadOf = r.text(n, key, 100)
		if strings.HasPrefix(strings.ToLower(o.InsteadOf), "curation") {
			r.wrong(n.Line, "instead-of names corrections", "name a source, as CPANSA, or leave it out to correct all")
		}
	case "affected":
		o.Affected = r.ranges(n, key, perlver.ParseCPANSA)
	case "fixed":
		o.Fixed = r.ranges(n, key, perlver.ParseCPANSAFixed)
	case "modules":
		for _, e := range r.items(n, key, advisory.MaxPlaces) {
			o.Modules = append(o.Modules, parsed(r, e, cpan.ParseModule))
		}
		o.Modules = sortedSet(o.Modules)
	case "files":
		for _, e := range r.items(n, key, advisory.MaxPlaces) {
			o.Files = append(o.Files, r.path(e))
		}
		o.Files = sortedSet(o.Files)
	case "routines":
		o.Routines = sortedSet(r.list(n, key, advisory.MaxPlaces))
	case "title":
		o.Title = r.text(n, key, advisory.MaxLine)
	case "severity":
		o.Severity = parsed(r, n, severity)
	case "cwes":
		for _, e := range r.items(n, key, advisory.MaxAliases) {
			cwe, ok := advisory.ParseCWE(e.Value)
			if !ok {
				r.wrong(e.Line, fmt.Sprintf("%s is no weakness", fault.Quote(e.Value)), "write the number as CWE-79")
			}
			o.CWEs = append(o.CWEs, cwe)
		}
		o.CWEs = advisory.SortCWEs(o.CWEs)
	}
}

// ranges reads the elements of a range.
func (r *reader) ranges(n *yaml.Node, key string, parse func([]string) perlver.Range) []string {
	elements := r.list(n, key, advisory.MaxVersions)
	if bad := parse(elements).Unreadable(); len(elements) > 0 && len(bad) > 0 {
		r.wrong(n.Line, fmt.Sprintf("%s cannot be read: %s", key, oneLine(bad[0])), `write clauses of <, <=, ==, >=, > and a version, joined by commas: ">=1.0,<1.3"`)
	}
	return elements
}

func sortedSet[T ~string](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

// severity reads a severity that says something.
func severity(word string) (advisory.Severity, error) {
	s, err := advisory.ParseSeverity(word)
	if err != nil || s == advisory.SeverityUnknown {
		return 0, fault.New(fault.Invalid, "severity %s is none", fault.Quote(word)).
			WithHint("write low, medium, high or critical, or leave it out")
	}
	return s, nil
}

// ids reads the ids of an overlay, as many as its kind takes.
func (r *reader) ids(k Kind, n *yaml.Node) []advisory.ID {
	const most = 100
	var ids []advisory.ID
	for _, e := range r.items(n, string(k), most) {
		id := parsed(r, e, advisory.ParseID)
		switch {
		case k == Allow && id != "" && !id.IsCVE():
			r.wrong(e.Line, fmt.Sprintf("%s is no CVE id", id), "only records of the CVE List are allowed in; the other sources are read whole")
		case slices.ContainsFunc(ids, id.Equal):
			r.wrong(e.Line, fmt.Sprintf("%s stands twice", id), "keep one of them")
		}
		ids = append(ids, id)
	}
	switch {
	case k == Link && len(ids) < 2:
		r.wrong(n.Line, "a link of less than two ids", "write them as a list: link: [CVE-2099-0001, CPANSA-Foo-Bar-2099-01]")
	case k != Link && k != Allow && len(ids) > 1:
		r.wrong(n.Line, fmt.Sprintf("the %s overlay is about several ids", k), "write an overlay for each, or link them if they are one")
	}
	return ids
}

// date reads a day and nothing else.
func (r *reader) date(n *yaml.Node) advisory.Date {
	s := r.text(n, "date", 100)
	d, err := advisory.ParseDate(s)
	if err != nil || len(s) != len("2099-01-02") {
		r.wrong(n.Line, fmt.Sprintf("date %s is no day", fault.Quote(s)), howTo("date"))
	}
	return d
}

// path reads a path inside a distribution.
func (r *reader) path(n *yaml.Node) string {
	p := oneLine(n.Value)
	if strings.HasPrefix(p, "/") || strings.Contains(p, `\`) || slices.Contains(strings.Split(p, "/"), "..") {
		r.wrong(n.Line, fmt.Sprintf("%s is no path inside a distribution", fault.Quote(p)), "write it from the distribution's root, as lib/Foo/Bar.pm")
	}
	return p
}

// parsed reads a single value with a parser of the field.
func parsed[T any](r *reader, n *yaml.Node, parse func(string) (T, error)) T {
	var v T
	s := r.text(n, "", advisory.MaxLine)
	if s == "" {
		return v // noted already
	}
	v, err := parse(s)
	if err != nil {
		how := fault.HintOf(err)
		if how == "" {
			how = "docs/curation.md shows one that works"
		}
		r.wrong(n.Line, oneLine(err.Error()), how)
	}
	return v
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// text reads a single value as it is written, blanks joined. What is missing,
// too long or invisible is noted, and is "".
func (r *reader) text(n *yaml.Node, key string, most int) string {
	switch {
	case n.Kind == yaml.AliasNode:
		r.wrong(n.Line, "an alias stands there", "write the value out")
	case n.Kind != yaml.ScalarNode:
		r.wrong(n.Line, "a list or a map, where one value is expected", "write a single value after the colon")
	case isNull(n) || oneLine(n.Value) == "":
		r.wrong(n.Line, "a value is missing", "write one after the colon, or leave the key out")
	case len(n.Value) > most:
		r.wrong(n.Line, fmt.Sprintf("%s is longer than %d bytes (limit: text length)", key, most), "say it in fewer words")
	case strings.ContainsFunc(oneLine(n.Value), func(c rune) bool { return !unicode.IsPrint(c) }):
		r.wrong(n.Line, "a text holds an invisible character", "take it out, or write the text anew")
	default:
		return oneLine(n.Value)
	}
	return ""
}

// items gives the values of a list, each a text; a single value is a list of
// one.
func (r *reader) items(n *yaml.Node, key string, most int) []*yaml.Node {
	if n.Kind != yaml.SequenceNode {
		if r.text(n, key, advisory.MaxLine) == "" {
			return nil
		}
		return []*yaml.Node{n}
	}
	if len(n.Content) > most {
		r.wrong(n.Line, fmt.Sprintf("%s has more than %d elements (limit: list length)", key, most), "make several overlays of it")
		return nil
	}
	if len(n.Content) == 0 {
		r.wrong(n.Line, key+" is an empty list", "write what belongs there, or leave the key out")
	}
	var all []*yaml.Node
	for _, e := range n.Content {
		if r.text(e, key, advisory.MaxLine) != "" {
			all = append(all, e)
		}
	}
	return all
}

// list gives the texts of a list.
func (r *reader) list(n *yaml.Node, key string, most int) []string {
	var all []string
	for _, e := range r.items(n, key, most) {
		all = append(all, oneLine(e.Value))
	}
	return all
}
