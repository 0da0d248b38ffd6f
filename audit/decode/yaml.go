package decode

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/requirement"
	"nacre/perlsrc"
	"nacre/perlver"
)

// yamls are the modules that read YAML, and from which version on their Load
// makes no objects unless it is told to.
var yamls = []struct{ module, since string }{
	{"YAML", "1.30"}, {"YAML::Syck", "1.32"}, {"YAML::XS", "0.81"},
}

// yaml is DES02: YAML that may name classes or hold code.
func yaml(p *audit.Pass) {
	f := p.File
	switches(p)
	for n := range f.Calls("new") {
		if call := f.Tree.Call(n); call.Class == "YAML::PP" && !call.Dynamic {
			schema(p, n)
		}
	}
	oldDefaults(p)
}

// switches reports $YAML::LoadBlessed = 1 and its like.
func switches(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	for n := range f.All(perlsrc.TermNode) {
		if t.Token(n).Kind != perlsrc.Variable {
			continue
		}
		name := strings.TrimPrefix(string(t.Text(n)), "$")
		pkg, what := "", name
		if i := strings.LastIndex(name, "::"); i >= 0 {
			pkg, what = name[:i], name[i+2:]
		}
		code := what == "LoadCode" || what == "UseCode"
		if !code && what != "LoadBlessed" || pkg != "YAML" && pkg != "YAML::XS" && pkg != "YAML::Syck" && pkg != "YAML::Any" && pkg != "JSON::Syck" {
			continue
		}
		value := assignedTo(t, n)
		if value == 0 {
			continue
		}
		switch truthOf(t, value) {
		case no:
			continue
		case unsure:
			if _, ok := t.Literal(value); !ok && input.Worst(f, value, 0).Who == input.Constant {
				continue
			}
			p.Report(audit.Found{Node: n, Confidence: audit.Possible, Severity: audit.Low, Message: "$" + name + " is set by something that callers or settings may choose"})
			continue
		}
		found := audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.Medium, Message: "$" + name + " lets a document choose the classes of the objects that are made of it"}
		if code {
			found.Severity, found.Message = audit.High, "$"+name+" lets a document bring Perl code that is then compiled"
		}
		if loadsOwn(f, n) {
			found.Confidence, found.Severity = audit.Possible, audit.Low
			found.Message += "; what is loaded here has a fixed path"
		}
		p.Report(found)
	}
}

// assignedTo gives what is assigned to a variable at this place; none where it
// is only read. Of a list it is the value of the same position.
func assignedTo(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.NodeID {
	at, index := n, 0
	for range 4 {
		parent := t.Nodes[at].Parent
		switch t.Nodes[parent].Kind {
		case perlsrc.DeclareNode, perlsrc.ListNode:
			for c := range t.Children(parent) {
				if c == at {
					break
				}
				index++
			}
			at = parent
			continue
		case perlsrc.AssignNode:
			last := t.LastChild(parent)
			if last == at {
				return 0
			}
			if t.Nodes[last].Kind == perlsrc.ListNode {
				i := 0
				for c := range t.Children(last) {
					if i == index {
						return c
					}
					i++
				}
			}
			return last
		}
		return 0
	}
	return 0
}

// loadsOwn reports whether all that the sub around a node, or the file where it
// is in none, loads are files whose path stands in the source.
func loadsOwn(f *audit.File, n perlsrc.NodeID) bool {
	t, some := f.Tree, false
	sub := t.EnclosingSub(n)
	for c := range f.Calls("Load", "LoadFile", "YAML::Load", "YAML::LoadFile") {
		if sub != 0 && t.EnclosingSub(c) != sub {
			continue
		}
		call := t.Call(c)
		if len(call.Args) == 0 || input.Worst(f, call.Args[0], 0).Who != input.Constant {
			return false
		}
		some = true
	}
	return some
}

// schema reports a YAML::PP that reads Perl's objects and code.
func schema(p *audit.Pass, n perlsrc.NodeID) {
	f, t := p.File, p.File.Tree
	value, _ := option(f, n, "schema")
	if value == 0 {
		return
	}
	list, ok := t.List(value)
	if !ok {
		return
	}
	for _, s := range list {
		switch {
		case s == "Perl":
			p.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.High, Message: "YAML::PP's schema Perl lets a document choose the classes of the objects that are made of it"})
			return
		case strings.Contains(s, "loadcode"):
			p.Report(audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.High, Message: "YAML::PP's loadcode lets a document bring Perl code that is then compiled"})
			return
		}
	}
}

// oldDefaults reports documents from far away that are loaded by a YAML module
// whose admitted versions include those that make objects without being asked.
func oldDefaults(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	if strings.Contains(string(f.Src), "LoadBlessed") {
		return
	}
	for n := range f.Calls("Load", "LoadFile") {
		call := t.Call(n)
		if call.Method || call.Dynamic || len(call.Args) == 0 {
			continue
		}
		module, since := "", ""
		for _, y := range yamls {
			if _, ok := f.Loads(y.module); ok || strings.HasPrefix(call.Callee, y.module+"::Load") {
				module, since = y.module, y.since
				if strings.HasPrefix(call.Callee, y.module+"::Load") {
					break
				}
			}
		}
		if module == "" {
			continue
		}
		least, err := perlver.Parse(since)
		if err != nil {
			continue
		}
		stated := requirement.Of(p.Release)
		if stated.Admits(module, least) != requirement.Yes {
			continue
		}
		o := written(f, call.Args[0])
		if o.confidence < audit.Likely {
			continue
		}
		if !stated.Names(module) {
			// Nobody says which version it is: most have a newer one.
			o.confidence = audit.Possible
		}
		p.Report(audit.Found{
			Node: n, Confidence: o.confidence, Severity: audit.Medium, Steps: o.steps,
			Message: module + " before " + since + ", which " + stated.File + " lets in, makes objects of any class from " + o.what,
		})
	}
}
