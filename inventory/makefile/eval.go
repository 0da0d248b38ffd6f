package makefile

import (
	"slices"
	"strings"

	"nacre/meta"
	"nacre/perlsrc"
	"nacre/perlver"
)

// maxText bounds a string that is put together.
const maxText = 4096

// scalar gives the value of an expression where one value is asked for.
func (r *reader) scalar(n perlsrc.NodeID) value {
	if !r.step() {
		return r.unread(n, "too much")
	}
	if s, ok := r.t.Literal(n); ok {
		return value{kind: text, text: s}
	}
	switch r.t.Nodes[n].Kind {
	case perlsrc.TermNode:
		return r.term(n)
	case perlsrc.HashNode:
		return value{kind: hash, hash: r.hashOf(r.children(n))}
	case perlsrc.ArrayNode:
		return r.arrayOf(n)
	case perlsrc.ListNode, perlsrc.DeclareNode:
		if kids := r.children(n); len(kids) == 1 {
			return r.scalar(kids[0])
		}
	case perlsrc.AssignNode:
		r.assign(n)
		kids := r.children(n)
		return r.scalar(kids[len(kids)-1])
	case perlsrc.TernaryNode:
		return r.either(n)
	case perlsrc.LogicNode:
		return r.first(n)
	case perlsrc.AccessNode:
		return r.access(n)
	case perlsrc.ExprNode:
		return r.operators(n)
	case perlsrc.CallNode:
		return r.call(n)
	}
	return r.unread(n, "expression")
}

func (r *reader) children(n perlsrc.NodeID) []perlsrc.NodeID {
	var out []perlsrc.NodeID
	for c := range r.t.Children(n) {
		out = append(out, c)
	}
	return out
}

// term is a variable, or a string that something is put into.
func (r *reader) term(n perlsrc.NodeID) value {
	tok := r.t.Token(n)
	name := string(tok.Text(r.t.Src))
	if tok.Kind != perlsrc.Variable {
		return r.unread(n, "string that is put together")
	}
	switch name {
	case "$ExtUtils::MakeMaker::VERSION", "$Module::Build::VERSION":
		return value{kind: maker}
	}
	if v, ok := r.vars[name]; ok {
		return v
	}
	return r.unread(n, "variable "+name)
}

func (r *reader) arrayOf(n perlsrc.NodeID) value {
	list, ok := r.list(r.children(n)...)
	if !ok {
		return r.unread(n, "list")
	}
	return value{kind: array, list: list}
}

// list gives the values of nodes where many are asked for; ok is false where
// one of them is not known to be one value.
func (r *reader) list(nodes ...perlsrc.NodeID) (out []value, ok bool) {
	for _, n := range nodes {
		if !r.step() {
			return nil, false
		}
		if r.t.Nodes[n].Kind == perlsrc.TermNode {
			if words, ok := r.t.List(n); ok {
				for _, w := range words {
					out = append(out, value{kind: text, text: w})
				}
				continue
			}
		}
		switch node := r.t.Nodes[n]; {
		case node.Kind == perlsrc.ListNode:
			more, ok := r.list(r.children(n)...)
			if !ok {
				return nil, false
			}
			out = append(out, more...)
		case r.isVariable(n, '@'):
			v, ok := r.vars[string(r.t.Text(n))]
			if !ok || v.kind != array {
				return nil, false
			}
			out = append(out, v.list...)
		case node.Kind == perlsrc.CallNode && (r.t.Callee(n) == "keys" || r.t.Callee(n) == "sort"):
			more, ok := r.keys(n)
			if !ok {
				return nil, false
			}
			out = append(out, more...)
		case r.isVariable(n, '%'), node.Kind == perlsrc.CallNode, node.Kind == perlsrc.CastNode, node.Kind == perlsrc.LogicNode,
			node.Kind == perlsrc.TernaryNode, node.Kind == perlsrc.AccessNode && r.t.Src[r.t.Token(n).Start] != '$':
			return nil, false // nobody knows how many
		default:
			out = append(out, r.scalar(n))
		}
		if r.steps += len(out) / 16; len(out) > maxValues {
			return nil, false
		}
	}
	return out, true
}

// keys is keys %h, or sort of something.
func (r *reader) keys(n perlsrc.NodeID) ([]value, bool) {
	c := r.t.Call(n)
	if c.Block != 0 || len(c.Args) == 0 {
		return nil, false
	}
	if c.Callee == "sort" {
		return r.list(c.Args...)
	}
	h := r.hashIn(c.Args[0])
	if h == nil || len(h.open) > 0 {
		return nil, false
	}
	var out []value
	for _, p := range h.pairs {
		if p.cond != nil {
			return nil, false
		}
		out = append(out, value{kind: text, text: p.key})
	}
	return out, true
}

func (r *reader) isVariable(n perlsrc.NodeID, sigil byte) bool {
	tok := r.t.Token(n)
	return r.t.Nodes[n].Kind == perlsrc.TermNode && tok.Kind == perlsrc.Variable && r.t.Src[tok.Start] == sigil
}

// hashIn gives the hash that %h, %$h or %{...} is, nil where it is not known.
func (r *reader) hashIn(n perlsrc.NodeID) *table {
	var v value
	switch {
	case r.isVariable(n, '%'):
		v = r.vars[string(r.t.Text(n))]
	case r.t.Nodes[n].Kind == perlsrc.CastNode:
		v = r.inner(n)
	}
	switch v.kind {
	case hash:
		return v.hash
	case nothing:
		return &table{}
	}
	return nil
}

// inner is what stands behind the sigil of a Cast.
func (r *reader) inner(n perlsrc.NodeID) value {
	if in := r.behind(n); in != 0 {
		return r.scalar(in)
	}
	return r.unread(n, "reference")
}

// behind gives the expression behind the sigil of a Cast, 0 for a longer block.
func (r *reader) behind(n perlsrc.NodeID) perlsrc.NodeID {
	kids := r.children(n)
	if len(kids) != 1 {
		return 0
	}
	if r.t.Nodes[kids[0]].Kind != perlsrc.BlockNode {
		return kids[0]
	}
	return r.onlyValue(kids[0])
}

// onlyValue gives the expression of a block that holds nothing else, or 0.
func (r *reader) onlyValue(block perlsrc.NodeID) perlsrc.NodeID {
	statements := slices.DeleteFunc(r.children(block), func(s perlsrc.NodeID) bool {
		return r.t.Nodes[s].Form == perlsrc.Include || r.t.Nodes[s].Form == perlsrc.Null
	})
	if len(statements) != 1 || r.t.Nodes[statements[0]].Form != perlsrc.Plain {
		return 0
	}
	if word, _ := r.t.Modifier(statements[0]); word != "" {
		return 0
	}
	return r.t.Nodes[statements[0]].Child
}

// either is ?: where one value is asked for.
func (r *reader) either(n perlsrc.NodeID) value {
	kids := r.children(n)
	var alternatives []value
	for ; len(kids) >= 2; kids = kids[2:] {
		switch r.decide(kids[0]) {
		case 1:
			kids = kids[1:2]
		case 0:
			alternatives = append(alternatives, r.scalar(kids[1]))
			continue
		default:
			continue
		}
		break
	}
	last := value{kind: nothing}
	if len(kids) == 1 {
		last = r.scalar(kids[0])
	}
	if len(alternatives) == 0 {
		return last
	}
	cond := meta.Construct{Line: r.t.Line(n), What: "?:"}
	all := &table{}
	for _, v := range append(alternatives, last) {
		if v.kind != hash {
			return value{why: cond}
		}
		r.merge(all, v.hash, &cond)
	}
	return value{kind: hash, hash: all}
}

// first is ||, //, && and their words where one value is asked for.
func (r *reader) first(n perlsrc.NodeID) value {
	kids := r.children(n)
	if len(kids) < 2 {
		return r.unread(n, "condition")
	}
	v := r.scalar(kids[0])
	switch op := r.t.Operator(kids[1]); {
	case (op == "||" || op == "or") && v.truth() > 0, op == "//" && (v.truth() != 0 && v.kind != nothing):
		return v
	case len(kids) == 2 && (op == "||" || op == "or") && v.truth() < 0,
		len(kids) == 2 && op == "//" && v.kind == nothing,
		len(kids) == 2 && (op == "&&" || op == "and") && v.truth() > 0:
		return r.scalar(kids[1])
	}
	return r.unread(n, "condition")
}

// operators is an Expr.
func (r *reader) operators(n perlsrc.NodeID) value {
	kids := r.children(n)
	if len(kids) == 1 {
		switch r.t.Operator(kids[0]) {
		case `\`:
			if h := r.hashIn(kids[0]); h != nil {
				return value{kind: hash, hash: h}
			}
			if list, ok := r.list(kids[0]); ok && r.isVariable(kids[0], '@') {
				return value{kind: array, list: list}
			}
		case "+":
			return r.scalar(kids[0])
		}
		return r.unread(n, "expression")
	}
	if len(kids) == 2 {
		switch r.compare(kids[0], r.t.Operator(kids[1]), kids[1]) {
		case 1:
			return value{kind: text, text: "1"}
		case -1:
			return value{kind: text}
		}
	}
	var b strings.Builder
	for i, kid := range kids {
		v := r.scalar(kid)
		if i > 0 && r.t.Operator(kid) != "." || v.kind != text || b.Len()+len(v.text) > maxText {
			return r.unread(n, "expression")
		}
		b.WriteString(v.text)
	}
	return value{kind: text, text: b.String()}
}

// call is what a call gives.
func (r *reader) call(n perlsrc.NodeID) value {
	c := r.t.Call(n)
	switch {
	case c.Callee == "undef" && len(c.Args) == 0:
		return value{kind: nothing}
	case c.Callee == "delete" && len(c.Args) == 1:
		v := r.scalar(c.Args[0])
		r.remove(c.Args[0])
		return v
	case (c.Callee == "uc" || c.Callee == "lc") && len(c.Args) == 1:
		v := r.scalar(c.Args[0])
		if v.kind == text && c.Callee == "uc" {
			v.text = strings.ToUpper(v.text)
		} else if v.kind == text {
			v.text = strings.ToLower(v.text)
		}
		return v
	case c.Bare && r.vars["&"+c.Callee].kind != unknown: // use constant
		return r.vars["&"+c.Callee]
	case c.Callee == "VERSION" && isMaker(c.Class) && len(c.Args) == 0:
		return value{kind: maker}
	case (c.Callee == "do" || c.Callee == "eval") && c.Block != 0:
		if in := r.onlyValue(c.Block); in != 0 {
			return r.scalar(in)
		}
	case c.Callee == "eval" && len(c.Args) == 1, c.Class == "version" && len(c.Args) == 1:
		v := r.scalar(c.Args[0])
		if _, err := perlver.ParseExact(v.text); v.kind == maker || v.kind == nothing || v.kind == text && err == nil {
			return v
		}
	}
	return r.unread(n, "what "+callName(c)+" gives")
}

func callName(c perlsrc.Call) string {
	switch {
	case c.Callee == "":
		return "a call"
	case c.Method:
		return "->" + c.Callee
	}
	return c.Callee
}

// access is $h{key}, $h->{key}{other}. A key that a known hash does not have has
// no value.
func (r *reader) access(n perlsrc.NodeID) value {
	p, subscripts, ok := r.root(n)
	if !ok {
		return r.unread(n, "value "+brief(r.t.Text(n)))
	}
	v, ok := r.vars[p.name]
	if p.table != nil {
		v, ok = p.table.get(p.key)
	}
	for _, sub := range subscripts {
		key := r.key(sub)
		if ok = ok && key.kind == text && v.kind == hash; !ok {
			break
		}
		in := v.hash
		if v, ok = in.get(key.text); !ok && len(in.all(key.text)) == 0 && len(in.open) == 0 {
			return value{kind: nothing}
		}
	}
	if !ok {
		return r.unread(n, "value "+brief(r.t.Text(n)))
	}
	return v
}

// placeOf finds what a Term, an Access or a Cast that is assigned to is; ok is
// false for what is not followed here, such as elements of arrays.
func (r *reader) placeOf(n perlsrc.NodeID) (p place, ok bool) {
	switch r.t.Nodes[n].Kind {
	case perlsrc.TermNode:
		if tok := r.t.Token(n); tok.Kind == perlsrc.Variable {
			return place{name: string(r.t.Text(n))}, true
		}
	case perlsrc.DeclareNode, perlsrc.ListNode:
		if kids := r.children(n); len(kids) == 1 {
			return r.placeOf(kids[0])
		}
	case perlsrc.AccessNode:
		return r.element(n)
	}
	return p, false
}

// element is an Access of keys of hashes that is assigned to; those above it are
// made at need.
func (r *reader) element(n perlsrc.NodeID) (place, bool) {
	p, subscripts, ok := r.root(n)
	if !ok {
		return p, false
	}
	for _, sub := range subscripts {
		if r.t.Src[r.t.Token(sub).Start] == '[' {
			if p.table == nil {
				p = place{}
			}
			return p, false
		}
		key := r.key(sub)
		in := r.tableOf(p)
		if in == nil {
			return place{}, false
		}
		if p = (place{table: in, key: key.text}); key.kind != text {
			return p, false
		}
	}
	return p, true
}

// root gives the variable that an Access begins with, and its subscripts.
func (r *reader) root(n perlsrc.NodeID) (p place, subscripts []perlsrc.NodeID, ok bool) {
	kids := r.children(n)
	switch root := kids[0]; {
	case len(kids) < 2:
		return p, nil, false
	case r.isVariable(root, '$') && r.t.Operator(kids[1]) == "->":
		p.name = string(r.t.Text(root))
	case r.isVariable(root, '$'):
		p.name = "%" + string(r.t.Text(root))[1:]
	case r.t.Nodes[root].Kind == perlsrc.CastNode && r.t.Src[r.t.Token(root).Start] == '$': // $$x{key}
		in := r.behind(root)
		if in == 0 {
			return p, nil, false
		}
		if p, ok = r.placeOf(in); !ok {
			return p, nil, false
		}
	default:
		return p, nil, false
	}
	return p, kids[1:], true
}

// key gives the value between the braces of a Subscript, unknown for that of
// an array.
func (r *reader) key(sub perlsrc.NodeID) value {
	inside := r.children(sub)
	if r.t.Nodes[sub].Kind != perlsrc.SubscriptNode || r.t.Src[r.t.Token(sub).Start] != '{' || len(inside) != 1 {
		return value{}
	}
	return r.scalar(inside[0])
}

// brief is source for a notice.
func brief(src []byte) string {
	s := strings.Join(strings.Fields(string(src)), " ")
	if len(s) > 40 {
		s = s[:40] + "..."
	}
	return s
}
