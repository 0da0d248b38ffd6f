package makefile

import (
	"slices"
	"strings"

	"nacre/meta"
	"nacre/perlsrc"
)

// The bounds of following a program.
const (
	maxSteps  = 500_000
	maxValues = 5_000 // of one hash or list
	maxCopies = 200   // values that a loop is run for
)

// reader follows a program as far as its values are literal.
type reader struct {
	t     *perlsrc.Tree
	vars  vars
	line  int             // of the statement that is read
	cond  *meta.Construct // what it depends on
	steps int
	out   File
	// made counts the calls that say what a distribution requires.
	made int
	// install is set by Module::Install, whose words are routines.
	install bool
	// subs are read too, where nothing outside of them calls.
	subs bool
	// routines are the program's, by name; those without one under "". It is nil
	// until one is looked for.
	routines map[string][]perlsrc.NodeID
	// hidden are the variables that the blocks around declare anew.
	hidden []hidden
	blocks int // around the statement that is read
}

// hidden is a variable that holds again behind a block.
type hidden struct {
	name string
	value
	was bool
}

func newReader(src []byte) *reader {
	return &reader{t: perlsrc.Parse(src), vars: vars{}}
}

// step counts what is done; it gives false where that is too much.
func (r *reader) step() bool {
	r.steps++
	return r.steps <= maxSteps
}

// maxUnresolved is how many constructs are told; one more says that there are
// others.
const maxUnresolved = 500

func (r *reader) unresolved(at meta.Construct) {
	switch n := len(r.out.Unresolved); {
	case n > maxUnresolved || slices.Contains(r.out.Unresolved, at):
	case n == maxUnresolved:
		r.out.Unresolved = append(r.out.Unresolved, meta.Construct{Line: at.Line, What: "more than can be listed (limit: constructs)"})
	default:
		r.out.Unresolved = append(r.out.Unresolved, at)
	}
}

// read follows the whole program.
func (r *reader) read() {
	if r.t.Err != nil {
		r.unresolved(meta.Construct{Line: broken(r.t.Err), What: "source that is no Perl"})
	}
	r.block(0)
	if r.steps > maxSteps {
		r.unresolved(meta.Construct{Line: 1, What: "more than can be followed (limit: steps)"})
	}
}

func (r *reader) block(n perlsrc.NodeID) {
	outside := len(r.hidden)
	if n != 0 {
		r.blocks++
	}
	for _, s := range r.children(n) {
		r.statement(s)
	}
	if n == 0 {
		return
	}
	r.blocks--
	for i := len(r.hidden) - 1; i >= outside; i-- {
		h := r.hidden[i]
		if h.was {
			r.vars[h.name] = h.value
		} else {
			delete(r.vars, h.name)
		}
	}
	r.hidden = r.hidden[:outside]
}

// hide keeps what variables hold whose names the Declare n gives to others, up
// to the end of the block.
func (r *reader) hide(n perlsrc.NodeID) {
	if r.blocks == 0 || string(r.t.Token(n).Text(r.t.Src)) == "our" {
		return
	}
	for c := range r.t.All(n, perlsrc.TermNode) {
		name := string(r.t.Text(c))
		if r.t.Token(c).Kind != perlsrc.Variable {
			continue
		}
		old, was := r.vars[name]
		r.hidden = append(r.hidden, hidden{name, old, was})
		if old.kind == hash { // my %h = (%h, ...)
			r.steps += len(old.hash.pairs)
			now := *old.hash
			now.pairs, now.open = slices.Clone(now.pairs), slices.Clone(now.open)
			r.vars[name] = value{kind: hash, hash: &now}
		}
	}
}

// under reads something that happens under a condition only.
func (r *reader) under(line int, what string, read func()) {
	outer := r.cond
	if r.cond == nil {
		r.cond = &meta.Construct{Line: line, What: what}
	}
	read()
	r.cond = outer
}

func (r *reader) statement(n perlsrc.NodeID) {
	if !r.step() || r.t.Nodes[n].Kind != perlsrc.StatementNode {
		return
	}
	r.line = r.t.Line(n)
	switch r.t.Nodes[n].Form {
	case perlsrc.Plain:
		r.plain(n)
	case perlsrc.Include:
		r.include(r.t.Include(n), r.t.Line(n))
	case perlsrc.Compound:
		r.compound(n)
	case perlsrc.Bare, perlsrc.Scheduled, perlsrc.Package:
		r.inside(n)
	case perlsrc.Named:
		if r.subs {
			r.inside(n)
		}
	}
}

// inside reads the blocks of a statement.
func (r *reader) inside(n perlsrc.NodeID) {
	for _, kid := range r.children(n) {
		switch r.t.Nodes[kid].Kind {
		case perlsrc.BlockNode:
			r.block(kid)
		case perlsrc.SubNode:
			r.inside(kid)
		}
	}
}

// compound is if, while, for and their like.
func (r *reader) compound(n perlsrc.NodeID) {
	var lists []perlsrc.NodeID
	var variable string
	open := false // an earlier condition may have held
	for _, kid := range r.children(n) {
		word := r.t.Keyword(kid)
		switch r.t.Nodes[kid].Kind {
		case perlsrc.DeclareNode, perlsrc.TermNode:
			if p, ok := r.placeOf(kid); ok {
				variable = p.name
			}
			continue
		case perlsrc.BlockNode:
		default:
			lists = append(lists, kid)
			continue
		}
		d := 0
		switch word {
		case "if", "elsif", "unless":
			if len(lists) == 1 {
				d = r.decide(lists[0])
				r.disturbed(lists[0])
			}
			if word == "unless" {
				d = -d
			}
		case "else":
			d = 1
		case "for", "foreach":
			if len(lists) == 1 && r.each(variable, lists[0], kid, func() { r.block(kid) }) {
				d = -1
			}
		}
		lists = lists[:0]
		switch {
		case d < 0:
		case d > 0 && !open:
			r.block(kid)
			return
		default:
			r.under(r.t.Line(n), word, func() { r.block(kid) })
			open = true
		}
		if d > 0 {
			return
		}
	}
}

// each reads the body of a loop for every value of a list, where they are known
// and no round is left early.
func (r *reader) each(variable string, list, body perlsrc.NodeID, read func()) bool {
	if variable == "" {
		variable = "$_"
	}
	r.aliased(variable, list, body)
	values, ok := r.list(list)
	if !ok || len(values) > maxCopies || r.leaves(body) {
		return false
	}
	outer, was := r.vars[variable]
	for _, v := range values {
		r.vars[variable] = v
		read()
	}
	delete(r.vars, variable)
	if was {
		r.vars[variable] = outer
	}
	return true
}

// plain is an expression with its modifier.
func (r *reader) plain(n perlsrc.NodeID) {
	in := r.t.Nodes[n].Child
	if in == 0 {
		return
	}
	word, by := r.t.Modifier(n)
	d := 1
	switch word {
	case "":
	case "if":
		d = r.decide(by)
	case "unless":
		d = -r.decide(by)
	case "for", "foreach":
		if r.each("", by, in, func() { r.expression(in) }) {
			return
		}
		d = 0
	default:
		d = 0
	}
	switch {
	case d > 0:
		r.expression(in)
	case d == 0:
		r.under(r.t.Line(n), word, func() { r.expression(in) })
	}
}

// expression is a statement's: an assignment, a call, or several with and, or.
func (r *reader) expression(n perlsrc.NodeID) {
	if !r.step() {
		return
	}
	r.follow(n)
	if k := r.t.Nodes[n].Kind; k != perlsrc.LogicNode && !r.isBlock(n) { // whose parts are expressions
		r.disturbed(n)
	}
}

// isBlock reports whether an expression is do {...} or eval {...}.
func (r *reader) isBlock(n perlsrc.NodeID) bool {
	if r.t.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	c := r.t.Call(n)
	return c.Block != 0 && (c.Callee == "eval" || c.Callee == "do")
}

// follow does what an expression does, as far as it is known.
func (r *reader) follow(n perlsrc.NodeID) {
	switch r.t.Nodes[n].Kind {
	case perlsrc.AssignNode:
		r.calls(n)
		r.assign(n) // which deletes where it reads what is deleted
	case perlsrc.LogicNode:
		kids := r.children(n)
		held := 1
		for i, kid := range kids {
			if i == 0 {
				r.expression(kid)
			} else if held > 0 {
				r.expression(kid)
			} else if held == 0 {
				r.under(r.t.Line(kid), r.t.Operator(kid), func() { r.expression(kid) })
			}
			if i+1 < len(kids) {
				held = r.decide(kid)
				if op := r.t.Operator(kids[i+1]); op == "||" || op == "or" {
					held = -held
				}
			}
		}
	case perlsrc.DeclareNode:
		r.hide(n)
		r.declare(n)
	case perlsrc.ListNode, perlsrc.TernaryNode, perlsrc.ExprNode:
		r.calls(n)
	case perlsrc.CallNode:
		if r.isBlock(n) {
			c := r.t.Call(n)
			if c.Callee == "do" || r.decide(n) > 0 {
				r.block(c.Block)
			} else {
				r.under(r.t.Line(n), "eval", func() { r.block(c.Block) })
			}
			return
		}
		r.calls(n)
	}
}

// declare is my $x, or my ($x, %h), without a value.
func (r *reader) declare(n perlsrc.NodeID) {
	for _, kid := range r.children(n) {
		switch name := string(r.t.Text(kid)); {
		case r.t.Nodes[kid].Kind == perlsrc.ListNode:
			r.declare(kid)
		case r.isVariable(kid, '%'):
			r.vars[name] = value{kind: hash, hash: &table{}}
		case r.isVariable(kid, '@'):
			r.vars[name] = value{kind: array}
		case r.isVariable(kid, '$'):
			delete(r.vars, name)
		}
	}
}

// calls reads the calls in an expression, the outermost first, but for those
// of the routines in it.
func (r *reader) calls(n perlsrc.NodeID) {
	sub := r.t.EnclosingSub(n)
	one := func(c perlsrc.NodeID) {
		if !r.step() || r.t.EnclosingSub(c) != sub {
			return
		}
		if by, why := r.t.Conditional(c); c != n && by != 0 && r.t.Nodes[by].First >= r.t.Nodes[n].First && r.t.Nodes[by].End <= r.t.Nodes[n].End {
			r.under(r.t.Line(c), why, func() { r.oneCall(c) })
			return
		}
		r.oneCall(c)
	}
	if r.t.Nodes[n].Kind == perlsrc.CallNode {
		one(n)
	}
	for c := range r.t.All(n, perlsrc.CallNode) {
		one(c)
	}
}

func (r *reader) oneCall(n perlsrc.NodeID) {
	c := r.t.Call(n)
	switch c.Callee {
	case "require":
		if in := r.t.Include(n); in.Module == "" && in.Version != "" {
			r.perl(in.Version, r.t.Line(n))
		}
	case "delete":
		if len(c.Args) == 1 && !r.within(n, perlsrc.AssignNode) {
			r.remove(c.Args[0])
		}
	case "push", "unshift":
		if len(c.Args) > 1 {
			r.push(c)
		}
	}
	switch {
	case !c.Method && strings.HasPrefix(c.Callee[strings.LastIndexByte(c.Callee, ':')+1:], "WriteMakefile"):
		r.makeMaker(r.hashOf(c.Args))
		return
	case c.Method:
		made := r.made
		if r.moduleBuild(n, c); r.made > made {
			return
		}
	case r.install && c.Callee != "":
		r.word(n, c)
	}
	r.filled(n, c)
}

// within reports whether a node is inside one of that kind, in its statement.
func (r *reader) within(n perlsrc.NodeID, k perlsrc.NodeKind) bool {
	for ; r.t.Nodes[n].Kind != perlsrc.StatementNode && n != 0; n = r.t.Nodes[n].Parent {
		if r.t.Nodes[n].Kind == k {
			return true
		}
	}
	return false
}

// remove is delete $h{key}.
func (r *reader) remove(n perlsrc.NodeID) {
	if p, ok := r.placeOf(n); ok && p.table != nil {
		p.table.remove(p.key, r.cond)
		return
	}
	kids := r.children(n)
	if r.t.Nodes[n].Kind != perlsrc.AccessNode || len(kids) != 2 || !r.isVariable(kids[0], '@') {
		return
	}
	h := r.vars["%"+string(r.t.Text(kids[0]))[1:]]
	inside := r.children(kids[1])
	if h.kind != hash {
		return
	}
	if keys, ok := r.list(inside...); ok {
		for _, k := range keys {
			h.hash.remove(k.text, r.cond)
		}
		return
	}
	h.hash.open = append(h.hash.open, meta.Construct{Line: r.t.Line(n), What: "delete of keys that are not literal"})
}

// push is push @a, ...
func (r *reader) push(c perlsrc.Call) {
	if !r.isVariable(c.Args[0], '@') {
		return
	}
	name := string(r.t.Text(c.Args[0]))
	v, was := r.vars[name]
	more, ok := r.list(c.Args[1:]...)
	if !ok || was && v.kind != array || len(v.list)+len(more) > maxValues {
		r.vars[name] = r.unread(c.Args[0], "list "+name)
		return
	}
	r.vars[name] = value{kind: array, list: append(v.list[:len(v.list):len(v.list)], r.conditional(more)...)}
}

// conditional makes the values of a list depend on what the statement does.
func (r *reader) conditional(list []value) []value {
	if r.cond == nil {
		return list
	}
	out := slices.Clone(list)
	for i := range out {
		if out[i].cond == nil {
			out[i].cond = r.cond
		}
	}
	return out
}

// assign is TARGET = VALUE, also with my and in lists.
func (r *reader) assign(n perlsrc.NodeID) {
	kids := r.children(n)
	if len(kids) < 2 {
		return
	}
	from := kids[len(kids)-1]
	for _, to := range kids[:len(kids)-1] {
		if r.t.Nodes[to].Kind == perlsrc.DeclareNode {
			r.hide(to)
		}
	}
	var one *value // what all of several scalars are given
	for i := len(kids) - 2; i >= 0; i-- {
		one = r.assignTo(kids[i], r.t.Operator(kids[i+1]), from, one)
	}
}

// assignTo assigns to one target. one is the value, where it is known already
// and one is asked for; the one that was assigned is given back.
func (r *reader) assignTo(to perlsrc.NodeID, op string, from perlsrc.NodeID, one *value) *value {
	if k := r.t.Nodes[to].Kind; k == perlsrc.DeclareNode || k == perlsrc.ListNode {
		kids := r.children(to)
		if len(kids) == 1 && r.t.Nodes[kids[0]].Kind == perlsrc.ListNode { // my (...)
			kids = r.children(kids[0])
		}
		if len(kids) != 1 {
			r.assignList(kids, from)
			return one
		}
		to = kids[0]
	}
	switch sigil := r.t.Src[r.t.Token(to).Start]; {
	case sigil == '%' && r.t.Nodes[to].Kind != perlsrc.AccessNode:
		r.assignHash(to, from)
	case sigil == '@' && r.isVariable(to, '@'):
		name := string(r.t.Text(to))
		list, ok := r.list(from)
		old := r.vars[name]
		if !ok || op != "=" || r.cond != nil && old.kind != array {
			r.vars[name] = r.unread(to, "list "+name)
			return one
		}
		if r.cond != nil {
			list = append(r.conditional(old.list), r.conditional(list)...)
		}
		r.vars[name] = value{kind: array, list: list}
	default:
		if one == nil {
			v := r.scalar(from)
			one = &v
		}
		r.assignScalar(to, op, *one)
	}
	return one
}

// assignHash is %h = (...), %$h = (...).
func (r *reader) assignHash(to, from perlsrc.NodeID) {
	h := r.hashIn(to)
	if h == nil && r.isVariable(to, '%') {
		h = r.tableOf(place{name: string(r.t.Text(to))})
	}
	if h == nil {
		return
	}
	given := r.hashOf([]perlsrc.NodeID{from})
	if r.cond == nil {
		*h = *given
		return
	}
	r.merge(h, given, r.cond)
}

// assignScalar is $x = ..., $h{key} = ...
func (r *reader) assignScalar(to perlsrc.NodeID, op string, v value) {
	p, ok := r.placeOf(to)
	if !ok {
		if p.table != nil { // a key that is not literal
			p.table.open = append(p.table.open, meta.Construct{Line: r.t.Line(to), What: "key that is not literal"})
			return
		}
		r.disturb(to, to)
		return
	}
	var old value
	was := false
	if p.table != nil {
		old, was = p.table.get(p.key)
	} else {
		old, was = r.vars[p.name]
	}
	switch op {
	case "=":
	case "||=", "//=":
		if was && old.truth() > 0 {
			return
		}
		if was && old.kind == unknown {
			return
		}
	default:
		v = r.unread(to, "value "+brief(r.t.Text(to)))
	}
	if p.table != nil {
		r.set(p.table, pair{key: p.key, value: v, line: r.t.Line(to), cond: r.cond})
		return
	}
	if r.cond != nil && (!was || old.kind != v.kind || v.kind != maker) {
		if v.kind != hash {
			v = value{why: *r.cond}
		} else {
			given := &table{}
			if was && old.kind == hash {
				r.merge(given, old.hash, r.cond)
			}
			r.merge(given, v.hash, r.cond)
			v.hash = given
		}
	}
	r.vars[p.name] = v
}

// assignList is my ($x, %h) = (...).
func (r *reader) assignList(to []perlsrc.NodeID, from perlsrc.NodeID) {
	given := []perlsrc.NodeID{from}
	if r.t.Nodes[from].Kind == perlsrc.ListNode {
		given = r.children(from)
	}
	for i, n := range to {
		p, ok := r.placeOf(n)
		switch {
		case !ok || p.table != nil:
		case p.name[0] == '%' && i <= len(given):
			h := r.tableOf(p)
			if h != nil {
				*h = *r.hashOf(given[i:])
			}
			return
		case p.name[0] == '$' && i < len(given) && r.t.Nodes[from].Kind == perlsrc.ListNode && r.cond == nil:
			r.vars[p.name] = r.scalar(given[i])
		default:
			r.vars[p.name] = r.unread(n, "variable "+p.name)
		}
	}
}
