package crypt

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// noneAccepted finds code that goes on where the algorithm is none.
func (v view) noneAccepted() {
	if !v.f.Holds("none", "None", "NONE") {
		return
	}
	for n := range v.f.All(perlsrc.ExprNode) {
		first := v.t.Nodes[n].Child
		second := v.t.Nodes[first].Next
		if second == 0 || v.t.Nodes[second].Next != 0 {
			continue
		}
		op := v.t.Operator(second)
		if op != "eq" && op != "ne" {
			continue
		}
		s, ok := v.t.Literal(second)
		if !ok || !strings.EqualFold(s, "none") {
			continue
		}
		if alg := v.inLower(first); !v.isAlg(alg) && !v.isGivenAlg(alg) {
			continue
		}
		accepts, known := v.decidedIn(n, op == "ne")
		if !known {
			accepts, known = v.goesOn(n)
		}
		if known && accepts {
			confidence := audit.Likely
			if up := v.t.Nodes[n].Parent; v.kind(up) == perlsrc.LogicNode && permits.Match(v.t.Text(up)) {
				confidence = audit.Possible
			}
			v.unchecked(n, confidence, "a token whose own header says none is taken without a check")
		}
	}
}

// permits matches a setting that somebody must have asked for.
var permits = lazyregexp.New(`(?i)allow|insecure|permit|unsigned`)

// isGivenAlg says that an expression is the algorithm that a check is given: an
// argument of verify_jws($alg, $data, $signature, $key).
func (v view) isGivenAlg(n perlsrc.NodeID) bool {
	if !holds([]string{v.label(n)}, "alg", "algorithm") || !holds([]string{v.f.SubName(n)}, "verify", "check", "validate", "decode") {
		return false
	}
	if !slices.ContainsFunc(v.origins(n), func(o flow.Origin) bool { return o.Kind == flow.Param }) {
		return false
	}
	start, end := v.t.Span(v.t.EnclosingSub(n))
	return holds([]string{v.place(n)}, "jwt", "jws", "jose", "token", "signature", "sig", "oidc", "oauth", "webtoken") || signature.Match(v.t.Src[start:end])
}

// signature matches a variable that is one.
var signature = lazyregexp.New(`\$(?:\w*_)?(?:sig|signature|mac)\b`)

// decidedIn is goesOn for a condition of ?:, || and &&: whether what follows where
// the algorithm is none takes the token. other says that the condition is that it
// is not none.
func (v view) decidedIn(n perlsrc.NodeID, other bool) (accepts, known bool) {
	up := v.t.Nodes[n].Parent
	for v.kind(up) == perlsrc.ListNode && v.t.Nodes[n].Next == 0 && v.t.Nodes[up].Child == n && v.t.Keyword(up) == "" {
		n, up = up, v.t.Nodes[up].Parent
	}
	next := v.t.Nodes[n].Next
	if next == 0 || v.t.Nodes[up].Child != n {
		return false, false
	}
	switch v.kind(up) {
	case perlsrc.TernaryNode:
		if other {
			next = v.t.Nodes[next].Next
		}
		return !v.isRefusal(next), next != 0
	case perlsrc.LogicNode:
		isOr := v.t.Operator(next) == "||" || v.t.Operator(next) == "or"
		leaves := v.kind(next) == perlsrc.CallNode && v.t.Callee(next) == "return"
		switch {
		case isOr == other: // none: what follows is done
			return leaves && !v.isRefusal(next), leaves
		case other: // none: false
			return false, true
		}
		return !v.refuses(next), !v.refuses(next) // none: true, without what follows
	}
	return false, false
}

// isRefusal says that a value is false, or ends what is being done.
func (v view) isRefusal(n perlsrc.NodeID) bool {
	if s, ok := v.t.Literal(n); ok {
		return s == "0" || s == ""
	}
	return v.refuses(n) || v.kind(n) == perlsrc.CallNode && v.t.Callee(n) == "undef"
}

// inLower looks into lc(...).
func (v view) inLower(n perlsrc.NodeID) perlsrc.NodeID {
	if v.kind(n) == perlsrc.CallNode {
		if c := v.t.Call(n); (c.Callee == "lc" || c.Callee == "uc") && len(c.Args) == 1 {
			return c.Args[0]
		}
	}
	return n
}
