package meta

import "nacre/jsondoc"

// What becomes of no_index and of resources.

var (
	noIndexSpec12 = step{fields: []field{{"file", listed}, {"dir", listed}, {"package", listed}, {"namespace", listed}}}
	noIndexSpec13 = step{fields: []field{{"file", listed}, {"directory", listed}, {"package", listed}, {"namespace", listed}}}
	noIndexSpec2  = step{fields: noIndexSpec13.fields, custom: prefixed}
)

func noIndexTo12(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
	n := whole.Get("no_index")
	if !isTrue(n) {
		n = whole.Get("private")
	}
	return c.indexMap(n, "dir", &noIndexSpec12)
}

func noIndex(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if c.to == Spec2 {
		return c.indexMap(old, "directory", &noIndexSpec2)
	}
	return c.indexMap(old, "directory", &noIndexSpec13)
}

// indexMap brings no_index into the form of a step. A list or a single value
// is meant as the names of folders and of files.
func (c *converter) indexMap(n *jsondoc.Node, folder string, s *step) *jsondoc.Node {
	if !isTrue(n) {
		return nil
	}
	if !n.Is(jsondoc.KindObject) {
		list := listed(c, n, nil)
		n = &jsondoc.Node{Kind: jsondoc.KindObject, Line: n.Line}
		n.Set(folder, list)
		n.Set("file", list.Clone())
	}
	renames := [][2]string{{"files", "file"}, {"modules", "module"}}
	if folder == "directory" {
		renames = append(renames, [2]string{"dir", "directory"})
	}
	moved := &jsondoc.Node{Kind: jsondoc.KindObject, Line: n.Line}
	for _, m := range members(n) {
		skip := false
		for _, r := range renames {
			switch {
			case m.Key == r[0]:
				m.Key = r[1]
			case m.Key == r[1] && has(n, r[0]):
				c.lose(m.Key, "left out: "+r[0]+" takes its place")
				skip = true
			}
		}
		if !skip {
			moved.Members = append(moved.Members, m)
		}
	}
	return c.apply(moved, s)
}

var resourceSpec1 = step{fields: []field{
	{"license", urlOrNothing}, {"homepage", urlOrNothing}, {"bugtracker", urlOrNothing}, {"repository", urlOrNothing},
}}

// resourcesTo12 also takes the address of the licence from where 1.1 had it.
func resourcesTo12(c *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if !isTrue(old) {
		old = jsondoc.Object()
	}
	address := whole.Get("license_url")
	if isTrue(address) && isURLLike(address) && old.Is(jsondoc.KindObject) && !isTrue(old.Get("license")) {
		old = shallow(old)
		old.Set("license", address)
	}
	if old.Is(jsondoc.KindObject) && len(old.Members) == 0 {
		return nil
	}
	return c.apply(old, &resourceSpec1)
}

// shallow copies a map, so that its keys can be changed.
func shallow(n *jsondoc.Node) *jsondoc.Node {
	return &jsondoc.Node{Kind: n.Kind, Line: n.Line, Members: members(n)}
}

func resourcesTo13(c *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if !has(whole, "resources") {
		return nil
	}
	return c.apply(old, &resourceSpec1)
}

var resourceSpec2 = step{
	fields: []field{
		{"license", func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
			return listed(c, urlOrNothing(c, old, nil), nil)
		}},
		{"homepage", urlOrNothing},
		{"bugtracker", bugtrackerTo2},
		{"repository", func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
			return under("url", urlOrNothing(c, old, nil))
		}},
	},
	custom: prefixed,
}

// under puts a value under a key; nothing stays nothing.
func under(key string, n *jsondoc.Node) *jsondoc.Node {
	if n == nil {
		return nil
	}
	m := jsondoc.Object()
	m.Set(key, n)
	return m
}

func bugtrackerTo2(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old != nil && !isTrue(old) {
		return nil
	}
	if address, ok := mailAddress(asWritten(old)); ok {
		return under("mailto", jsondoc.String(address))
	}
	return under("web", urlOrNothing(c, old, nil))
}

func resourcesTo2(c *converter, _, whole *jsondoc.Node) *jsondoc.Node {
	if !has(whole, "resources") {
		return nil
	}
	return c.apply(whole.Get("resources"), &resourceSpec2)
}

// The clean-up of spec 2.

var cleanResourceSpec = step{
	fields: []field{
		{"license", urlList},
		{"homepage", urlOrNothing},
		{"bugtracker", mapOf(&step{fields: []field{{"web", urlOrNothing}, {"mailto", keep}}, custom: prefixed})},
		{"repository", mapOf(&step{fields: []field{{"web", urlOrNothing}, {"url", urlOrNothing}, {"type", repositoryType}}, custom: prefixed})},
	},
	custom: prefixed,
}

// mapOf makes a field of a step; a single value is left out.
func mapOf(s *step) func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	return func(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
		if old == nil || !isNested(old) {
			if old != nil {
				c.lose("", "left out: it is "+shape(old)+", not a map")
			}
			return nil
		}
		return c.apply(old, s)
	}
}

func urlList(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if !isTrue(old) {
		return nil
	}
	list := jsondoc.Array()
	for _, item := range listed(c, old, nil).Items {
		if isURLLike(item) {
			list.Items = append(list.Items, item)
		} else {
			c.lose("", valueOf(item)+" was left out: it is no address")
		}
	}
	if len(list.Items) == 0 {
		return nil
	}
	return list
}

// repositoryType is the one that is stated, or the one that the address begins
// with.
func repositoryType(_ *converter, old, whole *jsondoc.Node) *jsondoc.Node {
	if old != nil {
		return old
	}
	for _, kind := range []string{"git", "svn"} {
		if hasPrefix(whole.Get("url"), kind) {
			return jsondoc.String(kind)
		}
	}
	return nil
}

func cleanResources(c *converter, old, _ *jsondoc.Node) *jsondoc.Node {
	if old == nil || !old.Is(jsondoc.KindObject) {
		if old != nil {
			c.lose("", "left out: it is "+shape(old)+", not a map")
		}
		return nil
	}
	return c.apply(old, &cleanResourceSpec)
}
