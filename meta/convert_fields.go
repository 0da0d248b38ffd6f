package meta

import (
	"strings"

	"nacre/jsondoc"
	"nacre/perlver"
)

// What becomes of the value of a key. A nil value is one that is missing or
// null; a nil result leaves the key out.

func keep(_ *converter, old, _ *jsondoc.Node) *jsondoc.Node { return old }

// keepOrOne: what does not say whether its prerequisites are final may change
// them.
func keepOrOne(_ *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil {
		return jsondoc.Number("1")
	}
	return old
}

func keepOrUnknown(_ *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if asWritten(old) == "" {
		return jsondoc.String("unknown")
	}
	return old
}

func metaSpec(c *converter, _, _ *jsondoc.Node) *jsondoc.Node {
	n := jsondoc.Object()
	n.Set("version", jsondoc.String(string(c.to)))
	n.Set("url", jsondoc.String(c.to.url()))
	return n
}

// generatedBy signs the document, once.
func generatedBy(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	sign := c.Tool
	if sign == "" {
		sign = converterName
	}
	switch text := asWritten(old); {
	case text == "" || isNested(old):
		return jsondoc.String(sign)
	case strings.Contains(text, sign):
		return old
	default:
		return jsondoc.String(text + ", " + sign)
	}
}

// listed makes a list of what is none.
func listed(_ *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil || old.Is(jsondoc.KindArray) {
		return old
	}
	return jsondoc.Array(old)
}

func authors(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if !isTrue(old) {
		return jsondoc.Strings("unknown")
	}
	list := jsondoc.Array()
	for _, item := range listed(c, old, nil).Items {
		list.Items = append(list.Items, keepOrUnknown(c, item, nil))
	}
	if len(list.Items) == 0 {
		return jsondoc.Strings("unknown")
	}
	return list
}

func urlOrNothing(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil || isURLLike(old) {
		return old
	}
	c.lose("", valueOf(old)+" was left out: it is no address")
	return nil
}

func toReleaseStatus(_ *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	switch asWritten(old) {
	case "stable", "testing", "unstable":
		return old
	}
	if strings.Contains(asWritten(whole.Get("version")), "_") {
		return jsondoc.String("testing")
	}
	return jsondoc.String("stable")
}

// toProvides keeps files, and cleans the versions.
func toProvides(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil || !old.Is(jsondoc.KindObject) {
		if old != nil {
			c.lose("", "left out: it is "+shape(old)+", not a map of packages")
		}
		return nil
	}
	s := &step{fields: []field{{"file", keep}, {"version", keep}}}
	if c.to == Spec2 {
		s.custom = prefixed
	}
	result := &jsondoc.Node{Kind: jsondoc.KindObject, Line: old.Line}
	for _, m := range members(old) {
		made := c.within(m.Key, func() *jsondoc.Node { return c.apply(m.Value, s) })
		if has(m.Value, "version") {
			old := m.Value.Get("version")
			now := cleanVersion(old)
			if now.Text == "0" && isTrue(old) && asWritten(old) != "undef" {
				c.within(m.Key, func() *jsondoc.Node { c.lose("version", valueOf(old)+" is no version, and became 0"); return nil })
			}
			made.Set("version", now)
		}
		result.Members = append(result.Members, jsondoc.Member{Key: m.Key, Line: m.Line, Value: made})
	}
	return result
}

// cleanVersion makes a version of what provides has for one.
func cleanVersion(n *jsondoc.Node) *jsondoc.Node {
	zero := jsondoc.Number("0")
	if isNull(n) || isNested(n) {
		return zero
	}
	s := strings.TrimFunc(asWritten(n), isSpace)
	if strings.HasPrefix(s, ".") {
		s = "0" + s
	}
	if s == "" || s == "undef" || s == "<undef>" {
		return zero
	}
	v, err := perlver.Parse(s)
	switch {
	case err != nil:
		return zero
	case v.IsDotted():
		return jsondoc.String(v.Normal())
	case s == n.Text:
		return n
	}
	return jsondoc.String(s)
}

// prefixed makes the name of a key that spec 2 does not know.
func prefixed(key string) string {
	if isCustom(key) {
		return key
	}
	rest := key
	if key != "" && key[0]|0x20 == 'x' {
		rest = strings.TrimPrefix(key[1:], "-")
	}
	return "x_" + rest
}

// upperFirst makes the name of a key of resources in spec 1.4: of one without
// a capital the first letter becomes one.
func upperFirst(key string) string {
	if strings.ContainsFunc(key, func(r rune) bool { return 'A' <= r && r <= 'Z' }) || key == "" {
		return key
	}
	return strings.ToUpper(key[:1]) + key[1:]
}

// Licences.

func toLicense1(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	name := strings.ToLower(asWritten(old))
	if name == "artistic2" {
		name = "artistic_2"
	}
	switch {
	case isLicense(licenses1, name):
		return sameText(old, name)
	case old != nil:
		c.lose("", valueOf(old)+" is no licence of spec "+string(c.to)+", and became unknown")
	}
	return jsondoc.String("unknown")
}

// sameText gives old where it is the text s, else s.
func sameText(old *jsondoc.Node, s string) *jsondoc.Node {
	if old.Is(jsondoc.KindString) && old.Text == s {
		return old
	}
	return jsondoc.String(s)
}

// license2 gives the name that spec 2 has for a licence, "" for none. Where
// 1.x does not say which version of a licence it means, it is open_source.
func license2(name string) string {
	switch name = strings.ToLower(name); name {
	case "apache":
		return "apache_2_0"
	case "artistic":
		return "artistic_1"
	case "artistic2":
		return "artistic_2"
	case "gpl", "lgpl", "mozilla":
		return "open_source"
	case "perl":
		return "perl_5"
	case "restrictive":
		return "restricted"
	}
	if isLicense(licenses2, name) {
		return name
	}
	return ""
}

func toLicense2(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	list := jsondoc.Array()
	if old != nil {
		for _, item := range listed(c, old, nil).Items {
			if name := license2(asWritten(item)); name != "" {
				list.Items = append(list.Items, sameText(item, name))
			} else if !isNull(item) {
				c.lose("", valueOf(item)+" was left out: it is no licence of spec 2")
			}
		}
	}
	if len(list.Items) == 0 {
		list.Items = []*jsondoc.Node{jsondoc.String("unknown")}
	}
	return list
}

// license14 gives the name that 1.4 has for a licence of spec 2.
func license14(name string) string {
	name = strings.ToLower(name)
	if !isLicense(licenses2, name) {
		return "unknown"
	}
	family, _, _ := strings.Cut(name, "_")
	switch family {
	case "gpl", "lgpl", "mozilla", "apache", "perl":
		return family
	}
	switch name {
	case "artistic_1":
		return "artistic"
	case "restricted":
		return "restrictive"
	case "artistic_2", "bsd", "mit", "unrestricted", "unknown":
		return name
	}
	return "open_source"
}

func downLicense(_ *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	var names []string
	switch {
	case old == nil:
	case old.Is(jsondoc.KindArray):
		for _, item := range old.Items {
			names = append(names, license14(asWritten(item)))
		}
	default:
		names = []string{license14(asWritten(old))}
	}
	if len(names) == 1 {
		return jsondoc.String(names[0])
	}
	for _, name := range names {
		switch name {
		case "unrestricted", "restrictive", "unknown":
			return jsondoc.String("unknown")
		}
	}
	if len(names) == 0 {
		return jsondoc.String("unknown")
	}
	return jsondoc.String("open_source")
}
