package meta

import (
	"slices"

	"nacre/jsondoc"
)

// What becomes of optional features.

// featuresAsMap makes a map of a list of maps of one key each.
func featuresAsMap(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if !isTrue(old) {
		return nil
	}
	if !old.Is(jsondoc.KindArray) {
		return old
	}
	result := &jsondoc.Node{Kind: jsondoc.KindObject, Line: old.Line}
	for _, item := range old.Items {
		if !item.Is(jsondoc.KindObject) {
			c.fail("an element of the list is " + shape(item) + " where a map belongs")
			continue
		}
		one := jsondoc.Member{Line: item.Line}
		if all := members(item); len(all) > 0 {
			one = all[0]
			if len(all) > 1 {
				c.lose("", "left out: all but the first key of a feature")
			}
		}
		result.Members = append(result.Members, one)
	}
	return result
}

// featuresTo14 also drops what 1.4 no longer has.
func featuresTo14(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	old = featuresAsMap(c, old, nil)
	if old == nil {
		return nil
	}
	return c.eachFeature(old, func(feature *jsondoc.Node) *jsondoc.Node {
		kept := &jsondoc.Node{Kind: jsondoc.KindObject, Line: feature.Line}
		for _, m := range members(feature) {
			if slices.Contains([]string{"requires_packages", "requires_os", "excluded_os"}, m.Key) {
				c.lose(m.Key, "left out: spec 1.4 has it no more")
				continue
			}
			kept.Members = append(kept.Members, m)
		}
		return kept
	})
}

// eachFeature makes a map of features; of a feature without anything f gets an
// empty map.
func (c *converter) eachFeature(old *jsondoc.Node, f func(*jsondoc.Node) *jsondoc.Node) *jsondoc.Node {
	if !old.Is(jsondoc.KindObject) {
		c.fail("is " + shape(old) + " where a map of features belongs")
		return nil
	}
	result := &jsondoc.Node{Kind: jsondoc.KindObject, Line: old.Line}
	for _, m := range members(old) {
		made := c.within(m.Key, func() *jsondoc.Node {
			feature := m.Value
			if isNull(feature) {
				feature = jsondoc.Object()
			}
			if !feature.Is(jsondoc.KindObject) {
				c.fail("is " + shape(feature) + " where a map belongs")
				return nil
			}
			return f(feature)
		})
		result.Members = append(result.Members, jsondoc.Member{Key: m.Key, Line: m.Line, Value: made})
	}
	return result
}

// featuresTo2 keeps description and requirements of each feature. What
// configures cannot be a feature's.
func featuresTo2(c *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if !has(whole, "optional_features") {
		return nil
	}
	if old == nil {
		return jsondoc.Object()
	}
	return c.eachFeature(old, func(feature *jsondoc.Node) *jsondoc.Node {
		made := jsondoc.Object()
		made.Members = append(made.Members, jsondoc.Member{Key: "description", Value: feature.Get("description")})
		prereqs := c.within("prereqs", func() *jsondoc.Node { return prereqsTo2(c, nil, feature) })
		if has(prereqs, "configure") {
			c.lose("configure_requires", "left out: a feature has no configure phase")
			prereqs.Remove("configure")
		}
		made.Set("prereqs", prereqs)
		return made
	})
}

// cleanFeatures is the clean-up of spec 2.
func cleanFeatures(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil || !old.Is(jsondoc.KindObject) {
		if old != nil {
			c.lose("", "left out: it is "+shape(old)+", not a map of features")
		}
		return nil
	}
	result := &jsondoc.Node{Kind: jsondoc.KindObject, Line: old.Line}
	for _, m := range members(old) {
		made := c.within(m.Key, func() *jsondoc.Node { return c.onlyMap(m.Value, &featureSpec) })
		result.Members = append(result.Members, jsondoc.Member{Key: m.Key, Line: m.Line, Value: made})
	}
	if len(result.Members) == 0 {
		return nil
	}
	return result
}
