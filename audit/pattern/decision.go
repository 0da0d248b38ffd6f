package pattern

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// decision is what hangs on a match.
type decision uint8

const (
	notAtAll decision = iota
	captures          // the parts that it captured are used
	decides
)

// decides tells what hangs on the match: whether something is refused, or which
// parts are used. A pattern that is kept decides where it is used.
func (v *validator) decides(f *audit.File) decision {
	t := f.Tree
	n := v.node
	if v.expr != 0 {
		n = v.expr
	}
	d := t.Dest(n)
	if v.use.kind == perlsrc.Pattern {
		return decides
	}
	grouped := strings.Contains(strings.ReplaceAll(strings.ReplaceAll(v.text, `\(`, ""), "(?", ""), "(")
	switch d.Use {
	case perlsrc.Assigned:
		if d.Declared == "" && len(d.Targets) == 1 && t.Nodes[d.Targets[0]].Kind == perlsrc.TermNode {
			return decides // my $ok = $x =~ /.../
		}
		if grouped {
			return captures
		}
		return decides
	case perlsrc.Condition, perlsrc.Returned:
		if grouped && usesGroups(f, v.node) {
			return captures
		}
		return decides
	case perlsrc.Passed:
		switch c := t.Callee(d.Node); c {
		case "grep", "all", "none", "any", "first", "ok", "return", "where", "not", "die", "croak", "unless", "assert":
			return decides
		}
		if grouped {
			return captures
		}
	}
	return notAtAll
}

var group = lazyregexp.New(`\$[1-9]\b`)

// usesGroups reports whether $1 is used behind a match in its sub: then the
// newline has not come along.
func usesGroups(f *audit.File, n perlsrc.NodeID) bool {
	text := subText(f, n)
	if sub := f.Tree.EnclosingSub(n); sub != 0 {
		start, _ := f.Tree.Span(sub)
		_, end := f.Tree.Span(n)
		if end-start >= 0 && end-start <= len(text) {
			text = text[end-start:]
		}
	}
	return group.MatchString(text[:min(len(text), 600)])
}

var (
	validWords = []string{"valid", "validate", "check", "is", "verify", "assert", "sanitize", "sanitise", "untaint", "safe", "ok", "allowed", "allow", "accept", "looks", "isa", "verified", "test", "match", "matches", "ensure", "require"}
	refuse     = lazyregexp.New(`\b(?:die|croak|confess|return|throw|error|fail|abort|exit|reject|deny|invalid|bad_?request)\b`)
)

// strong reports whether a value is refused that the pattern does not match: by
// the words around it, or by the name of the sub.
func (v *validator) strong(f *audit.File) bool {
	t := f.Tree
	if checks(f.SubName(v.node)) || v.refuses(f) {
		return true
	}
	for _, name := range v.names {
		for _, w := range purpose.Words(name) {
			if w == "valid" || w == "allowed" || w == "validate" {
				return true
			}
		}
	}
	if v.use.kind == perlsrc.Pattern {
		return v.refusing(f)
	}
	for by, why := t.Conditional(v.node); by != 0; by, why = t.Conditional(by) {
		if why == "where" {
			return true
		}
	}
	return v.inConstraint(f)
}

// generic reports whether a variable's name says nothing.
func generic(name string) bool {
	switch name {
	case "value", "val", "str", "string", "arg", "in", "input", "text", "thing", "data", "param", "self", "shift", "name", "key":
		return true
	}
	return len(name) <= 2
}

// checks reports whether a sub is called as one that checks something.
func checks(sub string) bool {
	for _, w := range purpose.Words(sub) {
		if slices.Contains(validWords, w) {
			return true
		}
	}
	return false
}

// branches reports whether a match in a sub of many words, such as check_sender,
// refuses nothing itself: the sub asks it on its way; or makes something else of
// the value.
func (v *validator) branches(f *audit.File) bool {
	return v.converting(f) || v.branching(f) || v.ofSettings(f) || v.use.kind == perlsrc.Match && checks(f.SubName(v.node)) && !v.refuses(f) && !v.inConstraint(f) &&
		!wordsIn([]string{"valid", "validate", "is", "verify", "looks", "untaint", "sanitize", "assert", "ensure", "allowed"}, f.SubName(v.node))
}

// refuses reports whether something is refused where the pattern does not match:
// die unless /.../, /.../ or return, if (... !~ /.../) { die }.
func (v *validator) refuses(f *audit.File) bool {
	t := f.Tree
	n := v.node
	if v.expr != 0 {
		n = v.expr
	}
	for at := n; at != 0; at = t.Nodes[at].Parent {
		parent := t.Nodes[at].Parent
		switch t.Nodes[parent].Kind {
		case perlsrc.LogicNode:
			// What stands behind it in /.../ or die.
			if next := t.Nodes[at].Next; next != 0 && (t.Operator(next) == "or" || t.Operator(next) == "||" || v.negated) && refuse.Match(head(t.Text(next))) {
				return true
			}
		case perlsrc.StatementNode:
			if word, cond := t.Modifier(parent); word != "" {
				return cond == at && (word == "unless" || word == "if" && v.denied(f)) && refuse.Match(head(t.Text(t.Nodes[parent].Child)))
			}
			return false
		case perlsrc.ListNode:
			// The condition of if (...) { ... }: its block is the next sibling.
			if word := t.Keyword(parent); word == "if" || word == "unless" || word == "elsif" {
				block := t.Nodes[parent].Next
				return block != 0 && (word == "unless" || v.denied(f)) && refuse.Match(t.Text(block)[:min(len(t.Text(block)), 200)])
			}
		case perlsrc.TernaryNode, perlsrc.BlockNode, perlsrc.SubNode:
			return false
		}
	}
	return false
}

// denied reports whether what does not match is meant: !~, ! before the match.
func (v *validator) denied(f *audit.File) bool {
	op := f.Tree.Operator(v.expr)
	return v.negated || op == "!" || op == "not" || v.expr == 0 && f.Tree.Operator(v.node) == "!"
}

func head(text []byte) []byte { return text[:min(len(text), 60)] }

// refusing reports whether a qr is used to refuse something.
func (v *validator) refusing(f *audit.File) bool {
	sinks, _ := f.Flow().Sinks(v.node)
	for _, s := range sinks {
		if s.Kind != flow.Matched {
			continue
		}
		if stmt := f.Tree.EnclosingStatement(s.Node); stmt != 0 && refuse.Match(f.Tree.Text(stmt)) {
			return true
		}
	}
	return false
}

// inConstraint reports whether the match is what a type or an attribute asks for:
// where { /.../ }, isa => sub { die unless /.../ }.
func (v *validator) inConstraint(f *audit.File) bool {
	t := f.Tree
	for n := t.Nodes[v.node].Parent; n != 0; n = t.Nodes[n].Parent {
		switch t.Nodes[n].Kind {
		case perlsrc.CallNode:
			switch t.Callee(n) {
			case "where", "subtype", "declare", "constraint", "validate", "grep", "all":
				return true
			}
		case perlsrc.SubNode:
			if key := t.Dest(n).Key; key == "isa" || key == "where" || key == "callbacks" || key == "check" || key == "validate" {
				return true
			}
		}
	}
	return false
}
