package like

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// A mark is what a node says, and how much that tells: a variable next to
// nothing, since every statement has some, a function of a module a lot.
type mark struct {
	text   string // "" for what is only a form, as a list or a statement
	weight int
	with   string // of a pattern: what it looks for, which tells much
}

// How much is told.
const (
	little  = 1  // a variable, brackets
	usual   = 2  // shift, return, if, =, a text: what stands in every sub
	some    = 3  // an operator
	middle  = 4  // a function that is often there, a number
	much    = 6  // a key, a pattern, another builtin function
	most    = 10 // a function or a method of somebody's
	telling = much
)

// The marks of texts, which belong to the text that they are a part of.
const (
	literal = "text"
	made    = "made text"
)

// toldBy is how much a call of a function tells: of perl's own, and of those that
// stand in every sub or in every file.
func toldBy(name string) int {
	switch name {
	case "shift", "return", "defined", "scalar", "ref", "die", "warn", "croak", "confess", "carp", "print", "say", "push", "my", "keys", "values", "exists", "delete",
		"bless", "wantarray", "pop", "unshift", "undef", "length", "map", "grep", "sort", "last", "next", "redo":
		return usual
	case "new", "get", "set", "join", "split", "sprintf", "printf", "lc", "uc", "ucfirst", "lcfirst", "substr", "index", "each", "splice", "reverse", "time", "localtime",
		"gmtime", "close", "chomp", "chop", "abs", "int", "require", "sleep", "exit", "local", "caller", "isa", "can", "name", "id", "ok", "is":
		return middle
	}
	if perlsrc.IsFunction(name) {
		return much
	}
	return most
}

// own are names of the file's own subs and packages, which people rename.
type own map[string]bool

func ownOf(t *perlsrc.Tree) own {
	names := own{}
	for n := range t.All(0, perlsrc.SubNode, perlsrc.StatementNode) {
		name := ""
		if t.Nodes[n].Kind == perlsrc.SubNode {
			name = t.Sub(n).Name
		} else if t.Nodes[n].Form == perlsrc.Package {
			name = t.Package(n).Name
		}
		if name != "" {
			names[name] = true
		}
	}
	return names
}

// mark is what a node means without what people rename.
func (own own) mark(t *perlsrc.Tree, n perlsrc.NodeID) mark {
	switch node := t.Nodes[n]; node.Kind {
	case perlsrc.CallNode:
		return own.call(t, n)
	case perlsrc.AssignNode:
		if op := t.Operator(t.Nodes[node.Child].Next); op != "=" {
			return mark{text: "assign " + op, weight: some}
		}
		return mark{text: "assign =", weight: usual}
	case perlsrc.ExprNode, perlsrc.LogicNode:
		op := t.Operator(node.Child)
		if next := t.Nodes[node.Child].Next; next != 0 {
			op = t.Operator(next)
		}
		if op == "." { // as a text with variables in it
			return mark{text: made, weight: middle}
		}
		return mark{text: "op " + spelled(op), weight: some}
	case perlsrc.TernaryNode:
		return mark{text: "?:", weight: usual}
	case perlsrc.HashNode:
		return mark{text: "hash", weight: usual}
	case perlsrc.ArrayNode:
		return mark{text: "array", weight: usual}
	case perlsrc.SubNode:
		return mark{text: "sub", weight: usual}
	case perlsrc.StatementNode:
		if node.Form == perlsrc.Compound {
			for c := range t.Children(n) {
				if w := t.Keyword(c); w != "" {
					return mark{text: "if " + w, weight: usual}
				}
			}
		}
		if w, _ := t.Modifier(n); w != "" {
			return mark{text: "if " + w, weight: usual}
		}
	case perlsrc.CastNode:
		return mark{text: "cast " + string(t.Src[t.Token(n).Start]), weight: little}
	case perlsrc.SubscriptNode:
		if key, ok := t.Literal(node.Child); ok && t.Src[t.Token(n).Start] == '{' {
			return mark{text: "key " + key, weight: much}
		}
		return mark{text: "subscript " + string(t.Src[t.Token(n).Start]), weight: little}
	case perlsrc.TermNode:
		return own.term(t, n)
	}
	return mark{}
}

func (own own) call(t *perlsrc.Tree, n perlsrc.NodeID) mark {
	callee := t.Callee(n)
	switch name := audit.Unqualified(callee); {
	case callee == "":
		return mark{text: "call ", weight: usual}
	case own[callee]:
		return mark{text: "call own", weight: middle}
	default:
		return mark{text: "call " + name, weight: toldBy(name)}
	}
}

// spelled makes one of the two spellings of an operator.
func spelled(op string) string {
	switch op {
	case "and":
		return "&&"
	case "or":
		return "||"
	case "not":
		return "!"
	}
	return op
}

func (own own) term(t *perlsrc.Tree, n perlsrc.NodeID) mark {
	tok := t.Token(n)
	text := string(tok.Text(t.Src))
	if next := t.Nodes[n].Next; next != 0 && t.Operator(next) == "=>" {
		if key, ok := t.Literal(n); ok { // key => and 'key' =>
			return mark{text: "key " + key, weight: much}
		}
	}
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.SubscriptNode {
		if _, ok := t.Literal(n); ok {
			return mark{} // the subscript's mark says it
		}
	}
	switch tok.Kind {
	case perlsrc.Variable:
		name := strings.TrimLeft(text, "$@%&*#")
		switch {
		case text == "$_" || text == "@_": // they keep their names, and say nothing by them
			return mark{text: "var " + text, weight: little}
		case name == "ENV" || name == "ARGV" || name == "INC" || name == "_" || len(name) == 0 || len(name) == 1 && !isLetter(name[0]):
			return mark{text: "var " + text, weight: middle}
		}
		return mark{text: "var " + text[:1], weight: little}
	case perlsrc.Number:
		if len(text) == 1 {
			return mark{text: "num " + text, weight: usual}
		}
		return mark{text: "num " + text, weight: middle}
	case perlsrc.Match, perlsrc.Pattern, perlsrc.Substitute, perlsrc.Translate:
		q := tok.Quoted(t.Src)
		return mark{tok.Kind.String() + " " + q.Modifiers, some, "pattern " + string(q.Body.Text(t.Src))}
	case perlsrc.Command, perlsrc.Glob:
		return mark{text: tok.Kind.String(), weight: much}
	case perlsrc.Word:
		if value, ok := t.Literal(n); ok && !own[value] && !own[t.EnclosingPackage(n)+"::"+value] {
			return mark{text: "word " + value, weight: much}
		}
		return mark{text: "word", weight: little}
	case perlsrc.Quote, perlsrc.HereDoc:
		if _, ok := t.Literal(n); !ok {
			return mark{text: made, weight: middle}
		}
		return mark{text: literal, weight: usual}
	case perlsrc.Words:
		return mark{text: literal, weight: usual}
	}
	return mark{text: tok.Kind.String(), weight: usual}
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' }
