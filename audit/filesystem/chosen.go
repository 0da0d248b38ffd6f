package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// chosen is who may choose a value, as the rules about files see it.
type chosen struct {
	input.Source
	// listed is set where the value is the name of a file that was found in a
	// folder: who may make a file there chooses it.
	listed bool
	// private is set where it is an argument of a sub that the distribution keeps
	// to itself.
	private bool
}

// by asks who may choose the values of nodes, and gives the least trusted.
// Values that went through one of the checks before the node at, which uses them,
// are not counted.
func by(f *audit.File, at perlsrc.NodeID, safe input.Check, nodes ...perlsrc.NodeID) chosen {
	var worst chosen
	for _, n := range nodes {
		if input.CheckedBefore(f, n, at).Has(safe) {
			continue
		}
		for _, s := range input.Of(f, n) {
			if s.Check.Has(safe) {
				continue
			}
			c := chosen{Source: s, private: isPrivate(f, s)}
			switch {
			case isListed(f, s):
				c.listed = true
				c.Who, c.What = input.File, "a name found in a folder"
			case s.Who == input.File && len(s.Steps) > farSteps:
				c.Who = input.Unknown // most likely another value went the last part of the way
			}
			if c.Who > worst.Who || c.Who == worst.Who && worst.private && !c.private {
				worst = c
			}
		}
	}
	return worst
}

// farSteps is a way so long that it more likely is two ways, which meet in a field
// or a sub that others use, too.
const farSteps = 6

// lookedAt reports whether a node's value as a whole went through one of the
// checks, whatever it is made of.
func lookedAt(f *audit.File, safe input.Check, n perlsrc.NodeID) bool {
	all := input.Of(f, n)
	for _, s := range all {
		if !s.Check.Has(safe) {
			return false
		}
	}
	return len(all) > 0
}

// isListed reports whether a value is what a look into a folder gives.
func isListed(f *audit.File, s input.Source) bool {
	o := s.From
	switch o.Kind {
	case flow.Result:
		name := audit.Unqualified(o.Name)
		return name == "readdir" || name == "glob" || f.Tree.Nodes[o.Node].Kind == perlsrc.TermNode && f.Tree.Token(o.Node).Kind == perlsrc.Glob ||
			name == "children" || name == "read_dir"
	case flow.Global:
		switch strings.TrimPrefix(o.Name, "$") {
		case "File::Find::name", "File::Find::fullname":
			return true
		case "_", "::_", "main::_":
			return inFind(f, o.Node)
		}
	}
	return false
}

// inFind reports whether a node is in a sub that File::Find calls.
func inFind(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	if _, ok := f.Loads("File::Find", "File::Finder", "File::Find::Rule"); !ok {
		return false
	}
	sub := t.EnclosingSub(n)
	if sub == 0 {
		return false
	}
	if d := t.Dest(sub); d.Use == perlsrc.Passed {
		switch audit.Unqualified(t.Callee(d.Node)) {
		case "find", "finddepth", "exec":
			return true
		}
	}
	// sub wanted { ... } find(\&wanted, $dir)
	name := audit.Unqualified(t.Sub(sub).Name)
	if name == "" {
		return false
	}
	for call := range f.Calls("find", "finddepth") {
		for a := range t.Args(call) {
			if strings.Contains(string(t.Text(a)), `\&`+name) {
				return true
			}
		}
	}
	return false
}
