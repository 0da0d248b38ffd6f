package crypt

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// skippedChecks finds a sub that checks signatures in a loop, leaves some out
// by next before they were checked, and says at its end that all is well,
// whether one was checked or not.
func (v view) skippedChecks() {
	for sub := range v.f.All(perlsrc.SubNode) {
		s := v.t.Sub(sub)
		if !holds([]string{s.Name}, "verify", "verified", "validate", "check") || s.Block == 0 {
			continue
		}
		var statements []perlsrc.NodeID
		for c := range v.t.Children(s.Block) {
			statements = append(statements, c)
		}
		if len(statements) < 2 || !v.saysYes(statements[len(statements)-1]) {
			continue
		}
		for i, loop := range statements {
			v.skipping(loop, statements[:i], statements[i+1:])
		}
	}
}

// saysYes says that a statement is "return 1" or "1".
func (v view) saysYes(statement perlsrc.NodeID) bool {
	n := v.t.Nodes[statement].Child
	if w, _ := v.t.Modifier(statement); n == 0 || w != "" {
		return false
	}
	if v.kind(n) == perlsrc.CallNode && v.t.Callee(n) == "return" {
		n = v.t.Arg(n, 0)
	}
	if n == 0 {
		return false
	}
	s, ok := v.t.Literal(n)
	return ok && s == "1"
}

// signed is what a loop speaks of that checks signatures, and not something else.
var signed = lazyregexp.New(`(?i)signature|x509|signed|digest`)

// skipping looks into one loop of such a sub, between the statements before and
// after it.
func (v view) skipping(loop perlsrc.NodeID, before, after []perlsrc.NodeID) {
	if v.t.Nodes[loop].Form != perlsrc.Compound {
		return
	}
	word := ""
	var block, header perlsrc.NodeID
	for c := range v.t.Children(loop) {
		if k := v.t.Keyword(c); k != "" && word == "" {
			word, header = k, c
		}
		if v.kind(c) == perlsrc.BlockNode {
			block = c
		}
	}
	if word != "foreach" && word != "for" && word != "while" || block == 0 {
		return
	}
	if !signed.Match(v.t.Text(block)) {
		return
	}
	var skip, check perlsrc.NodeID
	var kept []string
	budget := 20 * maxNames
	for n := range v.t.All(block, perlsrc.CallNode, perlsrc.AssignNode, perlsrc.ExprNode) {
		if budget--; budget < 0 {
			return
		}
		switch v.kind(n) {
		case perlsrc.CallNode:
			callee := v.t.Callee(n)
			switch {
			case callee == "next" && check == 0 && skip == 0:
				skip = n
			case check == 0 && holds([]string{callee}, "verify", "verified", "signature", "sig") && callee != "next" && purpose.Of(callee) != purpose.Harmless && !strings.HasPrefix(callee, "get"):
				check = n
			}
		case perlsrc.ExprNode:
			if text := v.t.Text(n); bytes.HasPrefix(text, []byte("++")) || bytes.HasSuffix(text, []byte("++")) {
				kept = append(kept, v.label(n)) // it counts
			}
		case perlsrc.AssignNode:
			if target := v.t.Nodes[n].Child; v.kind(target) != perlsrc.DeclareNode {
				kept = append(kept, v.label(target)) // a flag
			}
		}
	}
	for _, statement := range after {
		for _, x := range v.names(statement) {
			if slices.Contains(kept, x.text) {
				return // what the loop kept is looked at
			}
		}
	}
	switch {
	case check == 0:
	case skip != 0:
		v.misread(skip, audit.Likely, "a signature that is skipped here counts as right: nothing tells in the end that one was checked")
	case v.overSignatures(header, before) && !slices.ContainsFunc(before, func(s perlsrc.NodeID) bool { return counted.Match(v.t.Text(s)) }):
		v.misread(loop, audit.Likely, "where there is no signature at all, the loop checks none, and what follows says that all is well")
	}
}

var (
	signatures = lazyregexp.New(`[Ss]ignatures?\b`)
	// counted is a statement before the loop that refuses for the want of something.
	counted = lazyregexp.New(`(?s)\b(?:die|croak|confess|return|throw)\b.*(?:[Ss]ig|size|count|scalar|exists|@)|(?:[Ss]ig|size|count|scalar|exists|@).*\b(?:die|croak|confess|return|throw)\b`)
)

// overSignatures says that a loop goes over signatures: it names them itself, or
// a variable that was filled with them.
func (v view) overSignatures(header perlsrc.NodeID, before []perlsrc.NodeID) bool {
	if signatures.Match(v.t.Text(header)) {
		return true
	}
	for _, x := range v.names(header) {
		for _, s := range before {
			n := v.t.Nodes[s].Child
			if n != 0 && v.kind(n) == perlsrc.AssignNode && v.label(v.t.Nodes[n].Child) == x.text && signatures.Match(v.t.Text(n)) {
				return true
			}
		}
	}
	return false
}

// refusalWords are of a value that is true and says no all the same, and of a
// condition that asks whether a signature was wanted at all.
var refusalWords = lazyregexp.New(`(?i)err|fail|invalid|missing|bad|unsigned|no_?sig|none|required|want|need|enable|optional|skip|allow`)

// unsignedAccepted finds a check that is content where there is nothing to check:
// "return $xml unless $xpath->exists('dsig:Signature')".
func (v view) unsignedAccepted() {
	for n := range v.f.Calls("return") {
		if !holds([]string{v.f.SubName(n)}, "verify", "verified", "validate") || v.refuses(n) {
			continue
		}
		statement := v.t.EnclosingStatement(n)
		word, condition := v.t.Modifier(statement)
		if v.t.Nodes[statement].Child != n || condition == 0 {
			continue
		}
		negated := v.t.Operator(condition) == "!" || v.kind(condition) != perlsrc.CallNode && bytes.HasPrefix(v.t.Text(condition), []byte("!"))
		if (word == "unless") == negated || word != "unless" && word != "if" {
			continue
		}
		text := v.t.Text(statement)
		asks := slices.ContainsFunc(v.names(condition), func(x name) bool {
			return x.call && holds([]string{x.text}, "exists", "find", "findnodes", "findvalue", "has", "signature", "get", "param", "header")
		})
		if !asks || !signatures.Match(v.t.Text(condition)) || refusalWords.Match(text) {
			continue
		}
		v.misread(n, audit.Likely, "what carries no signature is taken as if it had been verified")
	}
}
