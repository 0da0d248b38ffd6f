package input

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// reader is what is known of a file: the checks that its variables pass.
type reader struct {
	file     *audit.File
	tree     *perlsrc.Tree
	guards   map[place][]guard
	options  map[string]bool // variables that Getopt fills, with their sigils
	matches  map[perlsrc.NodeID][]perlsrc.NodeID
	looked   []look                      // keys that are looked up
	filled   map[place][]int             // where elements are given a value
	answers  map[perlsrc.NodeID][]Source // of Of
	kept     int                         // sources in answers
	compared int                         // variables that fixed was asked about
	left     int                         // pieces that the question may still ask about
}

// place is a variable, element or field as written, in a sub; 0 is outside of all.
type place struct {
	sub  perlsrc.NodeID
	text string
}

// guard is a check of a variable.
type guard struct {
	start  int // it holds from this byte on
	within [2]int
	not    [][2]int // it does not hold there
	check  Check
}

// maxGuards bounds the checks of one place that are kept.
const maxGuards = 100

type memoKey struct{}

// read gathers a file's checks, once.
func read(f *audit.File) *reader {
	return f.Memo(memoKey{}, func() any {
		r := &reader{
			file: f, tree: f.Tree,
			guards: map[place][]guard{}, options: map[string]bool{}, matches: map[perlsrc.NodeID][]perlsrc.NodeID{}, filled: map[place][]int{}, answers: map[perlsrc.NodeID][]Source{},
		}
		for n := range f.All(perlsrc.ExprNode, perlsrc.CallNode, perlsrc.AccessNode, perlsrc.AssignNode, perlsrc.TermNode) {
			r.gather(n)
		}
		r.lists()
		return r
	}).(*reader)
}

// add remembers a check of what a node holds.
func (r *reader) add(n perlsrc.NodeID, c Check, within perlsrc.NodeID) {
	r.addBut(n, c, within, nil)
}

// addBut is add for a check that does not hold in some bytes.
func (r *reader) addBut(n perlsrc.NodeID, c Check, within perlsrc.NodeID, not [][2]int) {
	for c != 0 && r.tree.Nodes[n].Kind == perlsrc.ListNode && r.tree.Nodes[n].Child != 0 {
		n = r.tree.Nodes[n].Child
		if r.tree.Nodes[n].Kind == perlsrc.AssignNode { // (my $x = $y) =~ s/...//
			n = r.tree.Nodes[n].Child
			if r.tree.Nodes[n].Kind == perlsrc.DeclareNode {
				n = r.tree.Nodes[n].Child
			}
		}
	}
	text, ok := r.text(n)
	if c == 0 || !ok || text == "@_" { // validate(@_, ...) looks at types
		return
	}
	g := guard{check: c, not: not}
	g.start, _ = r.tree.Span(r.from(n))
	if within != 0 {
		g.within[0], g.within[1] = r.tree.Span(within)
	}
	if at := (place{r.tree.EnclosingSub(n), text}); len(r.guards[at]) < maxGuards {
		r.guards[at] = append(r.guards[at], g)
	}
}

// unquoted takes blanks and quotes out of $x->{ 'a' }.
var unquoted = strings.NewReplacer(" ", "", "'", "", `"`, "")

// from gives where a check holds from: itself, or the statement that it is behind
// of, as in go($x) if $x =~ /\A\w+\z/.
func (r *reader) from(n perlsrc.NodeID) perlsrc.NodeID {
	s := r.tree.EnclosingStatement(n)
	word, condition := r.tree.Modifier(s)
	if word != "if" && word != "unless" {
		return n
	}
	start, end := r.tree.Span(condition)
	if at, _ := r.tree.Span(n); at >= start && at < end {
		return s
	}
	return n
}

// text gives how a variable, an element or a field is written; false for
// anything else.
func (r *reader) text(n perlsrc.NodeID) (string, bool) {
	switch r.tree.Nodes[n].Kind {
	case perlsrc.TermNode:
		if r.tree.Token(n).Kind != perlsrc.Variable {
			return "", false
		}
		text := string(r.tree.Text(n))
		if strings.HasPrefix(text, "${") && len(text) > 3 {
			text = "$" + text[2:len(text)-1]
		}
		return text, true
	case perlsrc.AccessNode:
		return unquoted.Replace(string(r.tree.Text(n))), true
	case perlsrc.DeclareNode:
		if c := r.tree.Nodes[n].Child; c != 0 && r.tree.Nodes[c].Next == 0 {
			return r.text(c)
		}
	case perlsrc.CallNode:
		// $self->name, without arguments.
		if c := r.tree.Call(n); c.Method && len(c.Args) == 0 {
			return strings.ReplaceAll(string(r.tree.Text(n)), "()", ""), true
		}
	}
	return "", false
}

// gather remembers what a node says of its operands.
func (r *reader) gather(n perlsrc.NodeID) {
	switch r.tree.Nodes[n].Kind {
	case perlsrc.ExprNode:
		r.gatherExpr(n)
	case perlsrc.CallNode:
		r.gatherCall(n)
	case perlsrc.AccessNode:
		r.gatherAccess(n)
	case perlsrc.AssignNode:
		first := r.tree.Nodes[n].Child
		if op := r.tree.Operator(r.tree.Nodes[first].Next); op == "+=" || op == "-=" || op == "*=" {
			r.add(first, Number, 0)
		}
		r.fills(first)
		r.gatherEach(n)
	case perlsrc.TermNode:
		switch r.tree.Token(n).Kind {
		case perlsrc.Match, perlsrc.Substitute:
			sub := r.tree.EnclosingSub(n)
			r.matches[sub] = append(r.matches[sub], n)
			r.gatherTopic(n, sub)
		}
	}
}

func (r *reader) gatherExpr(n perlsrc.NodeID) {
	t := r.tree
	for c := range t.Children(n) {
		next := t.Nodes[c].Next
		if next == 0 {
			return
		}
		switch t.Operator(next) {
		case "=~", "!~":
			held, matched := r.bound(next)
			if !r.decides(next) {
				r.add(c, held, 0)
				continue
			}
			on := matched == (t.Operator(next) == "=~")
			if r.variable(next) && r.decide(n, on).leavesGood {
				held, on = Rejected, !on // die if $x =~ $bad
			}
			r.hold(c, held, n, on)
		case "eq", "==":
			for _, pair := range [][2]perlsrc.NodeID{{c, next}, {next, c}} {
				// $file eq '-' asks whether there is a name at all.
				if value, ok := t.Literal(pair[1]); ok && value != "" && value != "-" {
					r.only(pair[0], n, true)
				}
				if text, ok := r.text(pair[1]); ok && text == "$_" {
					if search, on := r.search(n); search != 0 {
						r.only(pair[0], search, on)
						continue
					}
				}
				if r.fixed(pair[1]) {
					r.only(pair[0], n, true)
				}
			}
		}
	}
}

// maxCompared bounds the variables of comparisons whose values are asked for.
const maxCompared = 200

// fixed reports whether a variable has only values that the file chooses.
func (r *reader) fixed(n perlsrc.NodeID) bool {
	if r.compared++; r.compared > maxCompared || !r.variable(n) {
		return false
	}
	origins, whole := r.file.Flow().Origins(n)
	return whole && len(origins) > 0 && !slices.ContainsFunc(origins, func(o flow.Origin) bool { return o.Kind != flow.Constant })
}

// search gives the grep, first or any that a node is in the block of, 0 if none;
// on is what it answers where it finds something.
func (r *reader) search(n perlsrc.NodeID) (call perlsrc.NodeID, on bool) {
	for up := r.tree.Nodes[n].Parent; up != 0; up = r.tree.Nodes[up].Parent {
		switch r.tree.Nodes[up].Kind {
		case perlsrc.CallNode:
			switch audit.Unqualified(r.tree.Callee(up)) {
			case "grep", "first", "any":
				return up, true
			case "none":
				return up, false
			}
			return 0, false
		case perlsrc.SubNode, perlsrc.FileNode:
			return 0, false
		}
	}
	return 0, false
}

// compound gives the statement with blocks that a node is a condition of, or the
// expression that it decides in.
func (r *reader) compound(n perlsrc.NodeID) perlsrc.NodeID {
	for up := r.tree.Nodes[n].Parent; up != 0; up = r.tree.Nodes[up].Parent {
		switch r.tree.Nodes[up].Kind {
		case perlsrc.StatementNode, perlsrc.FileNode:
			return up
		}
	}
	return n
}

// hold remembers a check that a question makes of what a node holds; on is the
// answer of a good value. Where the good ones leave, what follows is not held.
func (r *reader) hold(n perlsrc.NodeID, c Check, question perlsrc.NodeID, on bool) {
	d := r.decide(question, on)
	within := perlsrc.NodeID(0)
	if d.leavesGood {
		within = r.compound(question)
	}
	r.addBut(n, c, within, d.bad)
}

// only remembers that a question asks whether what a node holds is one of a list.
// It holds behind its statement only where the others leave, or are replaced.
func (r *reader) only(n, question perlsrc.NodeID, on bool) {
	d := r.decide(question, on)
	within := perlsrc.NodeID(0)
	if d.leavesGood || d.decides && !d.leavesBad && !r.replaced(n, d.bad) {
		within = r.compound(question)
	}
	r.addBut(n, Allowed|Lines, within, d.bad)
}

// bound tells what the pattern, substitution or transliteration behind =~ does,
// and whether a value that matches is a good one.
func (r *reader) bound(n perlsrc.NodeID) (c Check, matched bool) {
	t := r.tree
	if t.Nodes[n].Kind != perlsrc.TermNode {
		return Allowed, true // a pattern from elsewhere: $RE{net}{IPv4}, $self->{valid}
	}
	tok := t.Token(n)
	q := tok.Quoted(t.Src)
	body := string(q.Body.Text(t.Src))
	switch tok.Kind {
	case perlsrc.Variable:
		return Allowed, true
	case perlsrc.Match, perlsrc.Pattern:
		return matchCheck(body, q.Modifiers), whole(body, q.Modifiers)
	case perlsrc.Substitute, perlsrc.Translate:
		if returns(q) {
			return 0, false // what it is bound to stays as it was
		}
		if tok.Kind == perlsrc.Translate {
			return transCheck(body, q.Modifiers), false
		}
		return substCheck(body, string(q.Second.Text(t.Src)), q.Modifiers), false
	}
	return 0, false
}

// decides reports whether what stands behind =~ only asks.
func (r *reader) decides(n perlsrc.NodeID) bool {
	k := r.tree.Token(n).Kind
	return r.tree.Nodes[n].Kind != perlsrc.TermNode || k != perlsrc.Substitute && k != perlsrc.Translate
}

func (r *reader) gatherCall(n perlsrc.NodeID) {
	t := r.tree
	name := audit.Unqualified(t.Callee(n))
	switch {
	case name == "GetOptions" || name == "GetOptionsFromArray" || name == "getopts" || name == "getopt" || name == "describe_options":
		r.gatherOptions(n)
	case name == "exists" || name == "defined":
		if a := t.Arg(n, 0); t.Nodes[a].Kind == perlsrc.AccessNode {
			r.keys(a, n)
		}
	case name == "ref" || name == "reftype" || name == "_CODELIKE" || name == "_CODE":
		r.add(t.Arg(n, 0), Ref, 0)
	case name == "looks_like_number":
		r.hold(t.Arg(n, 0), Number|Allowed|Lines, n, true)
	case validates(name):
		for a := range t.Args(n) {
			if predicate.MatchString(name) {
				r.hold(a, Allowed|Lines, n, true)
			} else {
				r.add(a, Allowed|Lines, 0) // which of them gives true where all is well is not told
			}
		}
	default:
		if made, _ := makes(name); made != 0 && t.Dest(n).Use == perlsrc.Void {
			r.add(t.Arg(n, 0), made, 0) // encode_entities($x)
		}
	}
}

// validates reports whether a function's name says that it looks whether a value
// is good.
func validates(name string) bool {
	switch name {
	case "_CLASS", "_CLASSISA", "_SUBCLASS", "_DRIVER", "_IDENTIFIER", "_POSINT", "_NONNEGINT", "_NUMBER": // of Params::Util
		return true
	}
	name = strings.TrimLeft(strings.ToLower(name), "_")
	for _, word := range []string{"valid", "check_", "verify", "assert", "ensure", "untaint", "is_valid", "is_safe", "is_module", "is_class", "is_package", "is_ident", "is_member", "is_allowed", "is_uuid", "is_ip", "is_int", "is_num", "sanit", "allowed", "checkname", "looks_like"} {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return known.MatchString(name)
}

// predicate are names of functions whose answer is true where a value is good.
var predicate = lazyregexp.New(`\A_?(?:is|has|exists|knows|known|supports|looks_like)_|\A_[A-Z]+\z`)

// known are names of methods that are asked whether there is something of a name.
var known = lazyregexp.New(`\A(?:is|has|exists|knows|known|supports)_?(?:an?_)?(?:known_|supported_|registered_)?(?:column|field|attribute|attr|method|function|keyword|operator|property|table|identifier)(?:_name)?\z`)

// checked gives what a variable was held to in its sub before a byte.
func (r *reader) checked(n perlsrc.NodeID, before int) Check {
	text, ok := r.text(n)
	if !ok {
		return 0
	}
	return r.checkedIn(r.tree.EnclosingSub(n), text, before)
}

// checkedIn is checked of what is written so in a sub.
func (r *reader) checkedIn(sub perlsrc.NodeID, text string, before int) Check {
	var c Check
	for ; ; sub = r.tree.EnclosingSub(sub) {
		for _, g := range r.guards[place{sub, text}] {
			if g.start < before && (g.within[1] == 0 || in(before, g.within)) && !slices.ContainsFunc(g.not, func(span [2]int) bool { return in(before, span) }) {
				c |= g.check
			}
		}
		if sub == 0 {
			return c
		}
	}
}

// in reports whether a byte is in a span.
func in(at int, span [2]int) bool { return at >= span[0] && at < span[1] }
