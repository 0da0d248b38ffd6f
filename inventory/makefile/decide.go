package makefile

import (
	"nacre/perlsrc"
	"nacre/perlver"
)

// isMaker reports whether a class is one whose version programs ask for to
// learn what it can do.
func isMaker(class string) bool { return class == "ExtUtils::MakeMaker" || class == "Module::Build" }

// oldest is the oldest perl that today's installers run on: conditions that
// only ask whether perl is newer hold.
const oldest = "5.008001"

// decide says whether a condition holds: 1, -1 for not, 0 where only running
// would tell. ExtUtils::MakeMaker and Module::Build are taken to be newer than
// what they are compared with, and perl than 5.8.1.
func (r *reader) decide(n perlsrc.NodeID) int {
	if !r.step() {
		return 0
	}
	kids := r.children(n)
	switch r.t.Nodes[n].Kind {
	case perlsrc.ListNode:
		if len(kids) == 1 {
			return r.decide(kids[0])
		}
		return 0
	case perlsrc.LogicNode:
		return r.both(kids)
	case perlsrc.ExprNode:
		if len(kids) == 1 {
			switch r.t.Operator(kids[0]) {
			case "!":
				return -r.decide(kids[0])
			case "!!":
				return r.decide(kids[0])
			}
			return 0
		}
		if len(kids) == 2 {
			return r.compare(kids[0], r.t.Operator(kids[1]), kids[1])
		}
		return 0
	case perlsrc.CallNode:
		return r.answers(n)
	case perlsrc.HashNode, perlsrc.ArrayNode:
		return 0
	}
	if v := r.scalar(n); v.kind == text || v.kind == nothing || v.kind == maker {
		return v.truth()
	}
	return 0
}

// both is a Logic.
func (r *reader) both(kids []perlsrc.NodeID) int {
	if len(kids) == 1 {
		return -r.decide(kids[0]) // not
	}
	and := false
	switch r.t.Operator(kids[1]) {
	case "&&", "and":
		and = true
	case "||", "or":
	default:
		return 0
	}
	all := true
	for _, kid := range kids {
		d := r.decide(kid)
		if and && d < 0 || !and && d > 0 {
			return d
		}
		all = all && d != 0
	}
	switch {
	case !all:
		return 0
	case and:
		return 1
	}
	return -1
}

// compare is A op B.
func (r *reader) compare(a perlsrc.NodeID, op string, b perlsrc.NodeID) int {
	if mirrored, ok := mirror[op]; ok && r.rank(b) {
		a, op, b = b, mirrored, a
	}
	if op == "eq" || op == "ne" {
		if v, w := r.scalar(a), r.scalar(b); v.kind == text && w.kind == text {
			if (v.text == w.text) == (op == "eq") {
				return 1
			}
			return -1
		}
	}
	if !r.rank(a) {
		return 0
	}
	if r.isPerl(a) {
		v, err := perlver.Parse(r.scalar(b).text)
		old, _ := perlver.Parse(oldest)
		if err != nil || v.Compare(old) > 0 {
			return 0
		}
	} else if v := r.scalar(b); v.kind != text && op != "=~" && op != "!~" {
		return 0
	}
	switch op {
	case ">", ">=", "gt", "ge", "!~", "!=", "ne":
		return 1
	case "<", "<=", "lt", "le", "=~", "==", "eq":
		return -1
	}
	return 0
}

var mirror = map[string]string{
	"<": ">", "<=": ">=", ">": "<", ">=": "<=", "lt": "gt", "le": "ge", "gt": "lt", "ge": "le",
}

// rank reports whether a value is a version that is newer than others.
func (r *reader) rank(n perlsrc.NodeID) bool {
	return r.isPerl(n) || r.scalar(n).kind == maker
}

// isPerl reports whether an expression is perl's version.
func (r *reader) isPerl(n perlsrc.NodeID) bool {
	s := string(r.t.Text(n))
	return s == "$]" || s == `"$]"`
}

// holds reports whether a require does not fail: of what is being run anyway,
// and of a perl that every other is newer than.
func (r *reader) holds(in perlsrc.Included) bool {
	if in.Module != "" {
		return isMaker(in.Module)
	}
	v, err := perlver.Parse(in.Version)
	old, _ := perlver.Parse(oldest)
	return in.Version != "" && err == nil && v.Compare(old) <= 0
}

// answers is a call as a condition: eval { ExtUtils::MakeMaker->VERSION(6.64) }.
func (r *reader) answers(n perlsrc.NodeID) int {
	c := r.t.Call(n)
	switch {
	case c.Callee == "VERSION" && isMaker(c.Class):
		return 1
	case (c.Callee == "defined" || c.Callee == "exists") && len(c.Args) == 1:
		switch v := r.scalar(c.Args[0]); v.kind {
		case nothing:
			return -1
		case unknown:
			return 0
		}
		return 1
	case c.Callee == "eval" && c.Block != 0:
		for _, s := range r.children(c.Block) {
			in := r.t.Nodes[s].Child
			switch {
			case r.t.Nodes[s].Form == perlsrc.Null:
			case r.t.Nodes[s].Form != perlsrc.Plain || in == 0:
				return 0
			case r.t.Nodes[in].Kind == perlsrc.CallNode && r.t.Callee(in) == "require" && r.holds(r.t.Include(in)):
			case r.decide(in) <= 0:
				return 0
			}
		}
		return 1
	}
	if v := r.call(n); v.kind == maker {
		return 1
	}
	return 0
}
