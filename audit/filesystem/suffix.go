package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// endsHeld reports whether a name that was found in a folder begins with that
// folder, and ends as the source says: glob "$dir/*.txt", next unless /\.txt$/.
func endsHeld(f *audit.File, o *opened, c chosen) bool {
	t := f.Tree
	found := c.From.Node
	isGlob := c.From.Kind == flow.Result && (audit.Unqualified(c.From.Name) == "glob" || t.Nodes[found].Kind == perlsrc.TermNode)
	switch {
	case isGlob && globEnds(t, found):
		return true
	case !isGlob && len(o.name) < 2 && !strings.HasSuffix(c.From.Name, "::name"):
		return false // | and > may stand at its beginning
	case c.From.Kind == flow.Result && isSifted(t, found):
		return true
	}
	held := false
	for _, part := range o.name {
		if part.node != 0 {
			held = hasSuffixBefore(f, string(t.Text(part.node)), o.call)
		}
	}
	return held
}

var (
	// ending is a pattern that a name must end as: \.txt$, \.(?:pm|pod)\z.
	ending = lazyregexp.New(`\\\.[\w|()?:]+(?:\$|\\z|\\Z)\)*\z`)
	// globbed is the literal end of the pattern of a glob.
	globbed = lazyregexp.New(`[\w.]["'>)\s]*\z`)
)

// globEnds reports whether all that a glob finds ends in what its pattern ends in.
func globEnds(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	if t.Nodes[n].Kind == perlsrc.CallNode {
		if n = t.Arg(n, 0); n == 0 {
			return false
		}
	}
	text := string(t.Text(n))
	if i := strings.LastIndexAny(text, "/*?]}"); i < 0 || !strings.Contains(text[i:], ".") {
		return false
	}
	return globbed.MatchString(text)
}

// isSifted reports whether a grep around the look into a folder lets only names
// through that end as its pattern says.
func isSifted(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for up := t.Nodes[n].Parent; up != 0; up = t.Nodes[up].Parent {
		switch t.Nodes[up].Kind {
		case perlsrc.StatementNode, perlsrc.SubNode, perlsrc.FileNode:
			return false
		case perlsrc.CallNode:
			if t.Callee(up) != "grep" {
				continue
			}
			left := 50
			for k := range t.All(up, perlsrc.TermNode) {
				if left--; left < 0 {
					break
				}
				if isEnding(t, k) && t.Operator(k) != "!" && t.Operator(k) != "!~" {
					return true
				}
			}
		}
	}
	return false
}

// isEnding reports whether a node is a pattern for ends of names.
func isEnding(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	tok := t.Token(n)
	return tok.Kind == perlsrc.Match && ending.Match(tok.Quoted(t.Src).Body.Text(t.Src))
}

// hasSuffixBefore reports whether a variable goes to a call in the same sub only
// with an end that a pattern says: next unless $x =~ /\.txt$/, or the block of
// its if.
func hasSuffixBefore(f *audit.File, name string, call perlsrc.NodeID) bool {
	t := f.Tree
	sub := t.EnclosingSub(call)
	before, _ := t.Span(call)
	for _, n := range endings(f)[writtenAt{sub, name}] {
		if start, _ := t.Span(n); start >= before {
			continue
		}
		s := t.EnclosingStatement(n)
		word, _ := t.Modifier(s)
		not := t.Operator(n) == "!~"
		switch {
		case word == "unless" && !not, word == "if" && not:
			return true
		case word == "" && !not && (contains(t, s, call) || orStops(t, n)):
			return true
		}
	}
	return false
}

// orStops reports whether another way is taken where a pattern does not match:
// $x =~ /\.txt$/ or next.
func orStops(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.ExprNode {
		n = up
	}
	next := t.Nodes[n].Next
	if t.Nodes[t.Nodes[n].Parent].Kind != perlsrc.LogicNode || next == 0 {
		return false
	}
	op := t.Operator(next)
	return op == "or" || op == "||"
}

type endingsKey struct{}

// endings gives the patterns for ends of names, by the sub and the variable that
// they are asked about.
func endings(f *audit.File) map[writtenAt][]perlsrc.NodeID {
	return f.Memo(endingsKey{}, func() any {
		t := f.Tree
		all := map[writtenAt][]perlsrc.NodeID{}
		for n := range f.All(perlsrc.TermNode) {
			if !isEnding(t, n) {
				continue
			}
			subject := "$_"
			if op := t.Operator(n); op == "=~" || op == "!~" {
				subject = string(t.Text(t.Nodes[t.Nodes[n].Parent].Child))
			}
			if at := (writtenAt{t.EnclosingSub(n), subject}); len(all[at]) < 32 {
				all[at] = append(all[at], n)
			}
		}
		return all
	}).(map[writtenAt][]perlsrc.NodeID)
}
