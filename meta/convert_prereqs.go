package meta

import (
	"strings"

	"nacre/fault"
	"nacre/jsondoc"
	"nacre/perlver"
)

// What becomes of requirements.

// requirementSet is the requirements of several modules, in order.
type requirementSet struct {
	order []string
	byKey map[string]perlver.Requirement
	huge  map[string]bool // those with a number that perl cannot hold
}

// infinite is the version that perl makes of a number it cannot hold; the
// check of each step refuses it.
const infinite = "v.Inf"

// any adds a module of which any version will do.
func (s *requirementSet) any(module string) {
	if _, ok := s.byKey[module]; !ok {
		s.put(module, anyVersion())
	}
}

func (s *requirementSet) put(module string, r perlver.Requirement) {
	if _, ok := s.byKey[module]; !ok {
		s.order = append(s.order, module)
	}
	if s.byKey == nil {
		s.byKey = map[string]perlver.Requirement{}
	}
	s.byKey[module] = r
}

// and adds a requirement to what is there.
func (s *requirementSet) and(module string, r perlver.Requirement) error {
	if old, ok := s.byKey[module]; ok {
		both, err := old.And(r)
		if err != nil {
			return fault.Wrap(fault.Invalid, err, "%s", module)
		}
		r = both
	}
	s.put(module, r)
	return nil
}

// anyVersion is the requirement 0.
func anyVersion() perlver.Requirement {
	r, _ := perlver.ParseRequirement("0") // which is one
	return r
}

// tree writes the set as a map of texts, each on the line that its module has
// in old.
func (s *requirementSet) tree(old *jsondoc.Node) *jsondoc.Node {
	lines := make(map[string]int, len(s.order))
	result := jsondoc.Object()
	if old != nil {
		result.Line = old.Line
		for _, m := range old.Members {
			lines[m.Key] = m.Line
		}
	}
	for _, module := range s.order {
		v := &jsondoc.Node{Kind: jsondoc.KindString, Line: lines[module], Text: s.byKey[module].String()}
		if s.huge[module] {
			v.Text = infinite
		}
		result.Members = append(result.Members, jsondoc.Member{Key: module, Line: v.Line, Value: v})
	}
	return result
}

// versionMap makes a map of modules and ranges, each in the form that
// CPAN::Meta::Requirements writes.
func versionMap(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	switch {
	case old == nil:
		return nil
	case old.Is(jsondoc.KindArray):
		names := &jsondoc.Node{Kind: jsondoc.KindObject, Line: old.Line}
		for _, item := range old.Items {
			names.Members = append(names.Members, jsondoc.Member{Key: asWritten(item), Value: jsondoc.String("0")})
		}
		old = names
	case !old.Is(jsondoc.KindObject):
		if asWritten(old) == "" {
			return nil
		}
		m := jsondoc.Object()
		m.Set(asWritten(old), jsondoc.Number("0"))
		return m
	}
	var set requirementSet
	for _, m := range members(old) {
		if !isModuleName(m.Key) {
			c.lose(m.Key, "left out: it is no name of a module")
			continue
		}
		c.require(&set, m)
	}
	return set.tree(old)
}

// require adds the requirement of one module.
func (c *converter) require(set *requirementSet, m jsondoc.Member) {
	text := asWritten(m.Value)
	if text == "" || text == "undef" || text == "<undef>" {
		text = "0"
	}
	if isModuleName(text) && !perlver.IsLax(text) {
		// Some old files have a list of modules as pairs of modules.
		set.any(m.Key)
		set.any(text)
		c.lose(m.Key, shown(text)+" is a module, and is required on its own")
	}
	if isListOfNothing(text) {
		c.lose(m.Key, "left out: "+shown(text)+" is no requirement")
		return
	}
	r, huge, err := readLeniently(text, func(old, now string) {
		c.lose(m.Key, shown(old)+" is no version, and became "+now)
	})
	if huge {
		c.lose(m.Key, shown(text)+" has a number above 2147483647, of which perl makes v.Inf")
		if set.huge == nil {
			set.huge = map[string]bool{}
		}
		set.huge[m.Key] = true
	}
	if err == nil {
		err = set.and(m.Key, r)
	}
	if err != nil {
		c.path = append(c.path, m.Key)
		c.fail(err.Error())
		c.path = c.path[:len(c.path)-1]
	}
}

// isListOfNothing says that a text has commas and nothing between them.
func isListOfNothing(s string) bool {
	return strings.Contains(s, ",") && strings.Trim(s, ", \t\r\n\v\f") == ""
}

// readLeniently reads a requirement whose versions may have letters behind
// them; a version that cannot be read at all is 0. What became of each is told
// to repaired. Huge says that a number is more than perl holds.
func readLeniently(text string, repaired func(old, now string)) (r perlver.Requirement, huge bool, err error) {
	r, err = perlver.RepairRequirement(text, func(old string) string {
		now, isHuge := repairVersion(old)
		if huge = huge || isHuge; !isHuge && !isModuleName(old) {
			repaired(old, now)
		}
		return now
	})
	return r, huge, err
}

// repairVersion makes a version of a text that is none.
func repairVersion(text string) (version string, huge bool) {
	v := strings.TrimFunc(text, isSpace)
	v = strings.TrimRight(v, "abcdefghijklmnopqrstuvwxyz")
	read, err := perlver.Parse(v)
	if err != nil {
		return "0", false
	}
	if len(read.Warnings()) == 0 {
		return v, false
	}
	// What stands behind a version that ends in a semicolon or a brace.
	end := strings.IndexFunc(v, func(r rune) bool { return r != 'v' && r != '.' && r != '_' && (r < '0' || r > '9') })
	if end > 0 {
		if _, err := perlver.ParseExact(v[:end]); err == nil {
			return v[:end], false
		}
	}
	return "0", true
}

func hasPrefix(n *jsondoc.Node, prefix string) bool {
	return strings.HasPrefix(asWritten(n), prefix)
}

// mailAddress takes mailto: away.
func mailAddress(s string) (string, bool) {
	rest, ok := strings.CutPrefix(s, "mailto:")
	if !ok || strings.Contains(line(rest), "\n") {
		return "", false
	}
	return line(rest), true
}

// flat are the keys of requirements in 1.x, and their phase in spec 2.
var flat = []struct{ key, phase, relation string }{
	{"configure_requires", "configure", "requires"},
	{"build_requires", "build", "requires"},
	{"requires", "runtime", "requires"},
	{"recommends", "runtime", "recommends"},
	{"conflicts", "runtime", "conflicts"},
}

// prereqsTo2 makes prereqs, also where there are none.
func prereqsTo2(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
	if !isEmpty(whole.Get("prereqs")) {
		c.lose("", "left out: spec 1.4 has no such key, and what it has takes its place")
	}
	result := jsondoc.Object()
	for _, f := range flat {
		n := whole.Get(f.key)
		if !isTrue(n) {
			continue
		}
		phase := result.Get(f.phase)
		if phase == nil {
			phase = jsondoc.Object()
			result.Set(f.phase, phase)
		}
		c.path[len(c.path)-1] = f.key
		phase.Set(f.relation, versionMap(c, n, nil))
		c.path[len(c.path)-1] = "prereqs"
	}
	return result
}

// The clean-up of spec 2.

var (
	phaseSpec = step{
		fields: []field{
			{"configure", relations},
			{"build", relations},
			{"test", relations},
			{"runtime", relations},
			{"develop", relations},
		},
		custom: prefixed,
	}
	relationSpec = step{
		fields: []field{
			{"requires", versionMap},
			{"recommends", versionMap},
			{"suggests", versionMap},
			{"conflicts", versionMap},
		},
		custom: prefixed,
	}
	featureSpec = step{fields: []field{{"description", keep}, {"prereqs", cleanPrereqs}}, custom: prefixed}
)

func cleanPrereqs(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	return c.onlyMap(old, &phaseSpec)
}

func relations(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	return c.onlyMap(old, &relationSpec)
}

// onlyMap applies a step to a map, and leaves out what is none.
func (c *converter) onlyMap(old *jsondoc.Node, s *step) *jsondoc.Node {
	if old != nil && !old.Is(jsondoc.KindObject) {
		c.lose("", "left out: it is "+shape(old)+", not a map")
		return nil
	}
	if old == nil {
		return nil
	}
	return c.apply(old, s)
}
