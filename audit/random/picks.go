package random

import (
	"slices"
	"strings"

	"nacre/audit/purpose"
	"nacre/perlsrc"
)

// letters are words that name a set of characters to pick from.
var letters = []string{"chars", "char", "characters", "charset", "alphabet", "alpha", "alnum", "alphanumeric", "letters", "letter", "digits", "digit", "hex", "hexdigits", "symbols", "pool", "itoa", "b", "ascii", "cset", "consonants", "vowels", "numbers", "saltchars", "valid", "allowed", "c"}

// picks reports whether what an index chooses is a piece of a string that is being
// made, and not one of several things: a letter of an alphabet, by its name or its
// elements, or whatever is appended or joined.
func (v *view) picks(access perlsrc.NodeID) bool {
	base := v.t.Nodes[access].Child
	if base == 0 {
		return false
	}
	if v.t.Nodes[base].Kind == perlsrc.ListNode {
		return v.characters(base)
	}
	for _, w := range purpose.Words(string(v.t.Text(base))) {
		if slices.Contains(letters, w) {
			return true
		}
	}
	if origins, _ := v.g.Origins(base); len(origins) > 0 {
		short := true
		for _, o := range origins {
			value, ok := v.t.Literal(o.Node)
			short = short && ok && (len(value) <= 1 || slices.Contains(o.Through, "split"))
		}
		if short {
			return true
		}
	}
	// $out .= $words[rand @words], join '', map { $words[rand @words] } 1 .. 5,
	// $words[rand @words] . '-' . $words[rand @words]
	for n := access; n != 0; n = v.t.Nodes[n].Parent {
		switch node := v.t.Nodes[n]; node.Kind {
		case perlsrc.ExprNode, perlsrc.TermNode:
			if v.times(n, string(v.t.Text(base))) > 1 {
				return true
			}
		case perlsrc.AssignNode:
			return v.t.Operator(v.t.LastChild(n)) == ".="
		case perlsrc.CallNode:
			switch v.t.Callee(n) {
			case "map", "join":
				continue
			}
			return false
		case perlsrc.SubNode:
			return false
		case perlsrc.StatementNode:
			up := v.t.Nodes[node.Parent]
			if up.Kind != perlsrc.BlockNode || v.t.Nodes[up.Parent].Kind != perlsrc.CallNode {
				return false
			}
		}
	}
	return false
}

// times counts the elements that stand in an expression or a string and are of one
// array.
func (v *view) times(n perlsrc.NodeID, base string) int {
	count := 0
	for c := range v.t.Children(n) {
		if v.t.Nodes[c].Kind == perlsrc.InterpolationNode {
			c = v.t.Nodes[c].Child
		}
		if v.t.Nodes[c].Kind == perlsrc.AccessNode && string(v.t.Text(v.t.Nodes[c].Child)) == base {
			count++
		}
	}
	return count
}

// characters reports whether a list is one of single characters: ('a' .. 'z', 0 .. 9).
func (v *view) characters(list perlsrc.NodeID) bool {
	any := false
	for n := range v.t.All(list, perlsrc.TermNode) {
		tok := v.t.Token(n)
		if tok.Kind == perlsrc.Words {
			for _, w := range perlsrc.SplitWords(v.t.Src, tok) {
				if len(w) > 1 {
					return false
				}
				any = true
			}
			continue
		}
		value, ok := v.t.Literal(n)
		if !ok || len(strings.TrimSpace(value)) > 2 {
			return false
		}
		any = true
	}
	return any
}

// salts gives what the second arguments of crypt and of bcrypt are made of.
func (v *view) salts() map[perlsrc.NodeID]bool {
	return v.f.Memo(saltsKey{}, func() any {
		salts := map[perlsrc.NodeID]bool{}
		for n := range v.f.Calls("crypt", "bcrypt", "bcrypt_hash") {
			if c := v.t.Call(n); !c.Method && len(c.Args) > 1 && v.hashes(n) {
				origins, _ := v.g.Origins(c.Args[1])
				for _, o := range origins {
					salts[o.Node] = true
				}
				for at := range v.t.All(c.Args[1], perlsrc.CallNode) {
					salts[at] = true
				}
			}
		}
		return salts
	}).(map[perlsrc.NodeID]bool)
}

type saltsKey struct{}
