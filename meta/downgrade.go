package meta

import (
	"strings"

	"nacre/jsondoc"
)

// The step from spec 2 to 1.4.

// loseTo14 notes what 1.4 has no place for.
func (c *converter) loseTo14(tree *jsondoc.Node) {
	const why = "left out: spec 1.4 has no place for it"
	if !isNull(tree.Get("description")) {
		c.lose("description", why)
	}
	for _, p := range members(tree.Get("prereqs")) {
		for _, r := range members(p.Value) {
			switch {
			case isEmpty(r.Value):
			case r.Key == "requires" && (p.Key == "configure" || p.Key == "build" || p.Key == "test"):
			case p.Key == "runtime" && (r.Key == "requires" || r.Key == "recommends" || r.Key == "conflicts"):
			default:
				c.path = append(c.path, "prereqs", p.Key)
				c.lose(r.Key, why)
				c.path = c.path[:len(c.path)-2]
			}
		}
	}
}

// extract gives the requirements of one phase and relation out of prereqs.
func (c *converter) extract(prereqs *jsondoc.Node, phase, relation string) *jsondoc.Node {
	if !prereqs.Is(jsondoc.KindObject) {
		return nil
	}
	p := prereqs.Get(phase)
	if !isNull(p) && !p.Is(jsondoc.KindObject) {
		c.fail("phase " + phase + " is " + shape(p) + " where a map belongs")
		return nil
	}
	n := p.Get(relation)
	if isNull(n) {
		return nil
	}
	return versionMap(c, n, nil)
}

func downRequires(phase, relation string) func(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
	return func(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
		return c.extract(whole.Get("prereqs"), phase, relation)
	}
}

// downBuildRequires joins what building and what testing asks for.
func downBuildRequires(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
	var set requirementSet
	for _, phase := range []string{"test", "build"} {
		for _, m := range members(c.extract(whole.Get("prereqs"), phase, "requires")) {
			if single(m.Value) == infinite {
				c.fail("the requirement of " + m.Key + " has a number above 2147483647")
				continue
			}
			c.require(&set, m)
		}
	}
	return set.tree(nil)
}

// downFeatures keeps what a feature asks for at runtime.
func downFeatures(c *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if !has(whole, "optional_features") {
		return nil
	}
	if old == nil {
		return jsondoc.Object()
	}
	return c.eachFeature(old, func(feature *jsondoc.Node) *jsondoc.Node {
		made := jsondoc.Object()
		if d := feature.Get("description"); !isNull(d) {
			made.Set("description", d)
		}
		for _, key := range []string{"requires", "configure_requires", "build_requires", "recommends", "conflicts"} {
			made.Set(key, c.extract(feature.Get("prereqs"), "runtime", key))
		}
		return made
	})
}

var downResourceSpec = step{
	fields: []field{
		{"license", downLicenseURL},
		{"homepage", urlOrNothing},
		{"bugtracker", downAddress("web")},
		{"repository", downAddress("url", "web")},
	},
	custom: func(key string) string { return upperFirst(strings.TrimPrefix(key, "x_")) },
}

func downLicenseURL(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	switch {
	case old.Is(jsondoc.KindObject):
		c.fail("is a map where a list belongs")
		return nil
	case old.Is(jsondoc.KindArray):
		if len(old.Items) == 0 || isNull(old.Items[0]) {
			return nil
		}
		return old.Items[0]
	}
	return old
}

// downAddress takes the first address that is there.
func downAddress(keys ...string) func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	return func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
		if old == nil {
			return nil
		}
		if !old.Is(jsondoc.KindObject) {
			c.fail("is " + shape(old) + " where a map belongs")
			return nil
		}
		var n *jsondoc.Node
		for _, key := range keys {
			if n = old.Get(key); isTrue(n) {
				break
			}
		}
		if isNull(n) {
			return nil
		}
		return n
	}
}

func downResources(c *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if !has(whole, "resources") {
		return nil
	}
	return c.apply(old, &downResourceSpec)
}
