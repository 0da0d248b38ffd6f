package crypt

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// leakWords are of what asks a list of passwords that everybody knows.
var leakWords = []string{"pwned", "hibp", "breach", "breached", "leaked"}

// words of two passwords that one person types.
var typedWords = []string{"confirm", "confirmation", "again", "repeat", "repeated", "retype", "retyped", "new", "old", "second", "first", "check", "copy", "previous", "last"}

// comparing is one file's comparisons: what is compared twice in a sub is told once.
type comparing struct {
	view
	seen  map[pair]int // index into found
	found []audit.Found
}

// pair is what a sub compares.
type pair struct {
	sub         perlsrc.NodeID
	left, right string
}

func comparisons(p *audit.Pass) {
	v := &comparing{view: look(p), seen: map[pair]int{}}
	for n := range v.f.All(perlsrc.ExprNode) {
		left, right, op := v.sidesOf(n)
		switch op {
		case "eq", "ne", "cmp", "==", "!=", "lt", "gt", "~~":
			v.compare(n, left, right, op)
			v.unequalLengths(n, left, right, op)
		case "=~", "!~":
			if v.kind(right) == perlsrc.TermNode && v.t.Token(right).Kind == perlsrc.Match && v.t.Nodes[right].Child != 0 && wholly.Match(v.t.Text(right)) {
				v.compare(n, left, v.t.Nodes[right].Child, op)
			}
		}
	}
	for _, f := range v.found {
		p.Report(f)
	}
}

// maxJoined bounds how many pieces of two strings are looked at.
const maxJoined = 20

// sidesOf gives the two values of an expression and the operator between them; of
// what is joined from pieces, the only one that is no literal: $given eq 'sha1=' . $mac.
// op is "" for others.
func (v view) sidesOf(n perlsrc.NodeID) (left, right perlsrc.NodeID, op string) {
	var kids []perlsrc.NodeID
	for k := range v.t.Children(n) {
		if kids = append(kids, k); len(kids) > maxJoined {
			return 0, 0, ""
		}
	}
	switch len(kids) {
	case 0, 1:
		return 0, 0, ""
	case 2:
		return kids[0], kids[1], v.t.Operator(kids[1])
	}
	at := 0
	for i, k := range kids[1:] {
		switch by := v.t.Operator(k); {
		case by == ".":
		case (by == "eq" || by == "ne") && at == 0:
			at, op = i+1, by
		default:
			return 0, 0, ""
		}
	}
	if at == 0 {
		return 0, 0, ""
	}
	left, right = v.onlyValue(kids[:at]), v.onlyValue(kids[at:])
	if left == 0 || right == 0 {
		return 0, 0, ""
	}
	return left, right, op
}

// onlyValue gives the only one that is no literal; 0 where there are more, or none.
func (v view) onlyValue(pieces []perlsrc.NodeID) perlsrc.NodeID {
	var only perlsrc.NodeID
	for _, p := range pieces {
		if _, ok := v.t.Literal(p); ok {
			continue
		}
		if only != 0 {
			return 0
		}
		only = p
	}
	return only
}

// again adds a comparison to the same one further up in the sub, if there is one.
func (v *comparing) again(n perlsrc.NodeID, a, b side) bool {
	if a.label == "" || b.label == "" {
		return false
	}
	p := pair{v.t.EnclosingSub(n), a.what + a.label, b.what + b.label}
	at, ok := v.seen[p]
	if !ok {
		v.seen[p] = len(v.found)
		return false
	}
	v.found[at].Steps = append(v.found[at].Steps, audit.Step{Line: v.t.Line(n), What: "compared again"})
	return true
}

func (v *comparing) compare(n, left, right perlsrc.NodeID, op string) {
	if v.isPlain(left) || v.isPlain(right) || v.bothHashed(left, right) {
		return
	}
	a, b := v.side(left), v.side(right)
	if (a.asked || b.asked) && meaning(a.label) == purpose.Token && meaning(b.label) == purpose.Token {
		a.weight, b.weight = max(a.weight, named), max(b.weight, named) // param('token') eq $token
	}
	if a.weight < b.weight {
		a, b = b, a
	}
	checks := v.checksPasswords(n) && (op == "eq" || op == "ne")
	if !checks && (a.weight == plain || a.weight == hashed && b.weight == plain && !b.sent) {
		return
	}
	if a.noSecrets(b) || holds([]string{v.place(n)}, leakWords...) || v.constantSide(left) || v.constantSide(right) {
		return
	}
	confidence := a.with(b, op)
	if checks && confidence < audit.Likely && a.isHash() && b.isHash() {
		confidence = audit.Likely
	}
	if a.isKnown() || b.isKnown() {
		confidence = min(confidence, audit.Possible)
	}
	if confidence == 0 {
		return
	}
	if confidence == audit.Likely && a.weight == named && b.weight == named && holds([]string{v.f.SubName(n)}, sameWords...) {
		confidence = audit.Possible // whether somebody's own settings are still the same
	}
	if confidence == audit.Likely && a.weight < derived && !a.asked && !b.asked && (holds([]string{a.label, b.label}, beforeWords...) || v.takesOver(n, left, right, op)) {
		confidence = audit.Possible
	}
	if confidence == audit.Likely && a.weight == named && !a.forged && !b.forged && !a.asked && !b.asked && a.label == b.label && meaning(a.label) == purpose.Token && v.isClient() {
		confidence = audit.Possible // ours, and the one that a server gave us anew
	}
	if confidence > audit.Possible && (v.isMock(n) || a.typed || b.typed) {
		confidence = audit.Possible // nobody measures the time of a mock, or of his own program
	}
	if checks && a.weight < named {
		a.what = quoted("a password", a.label)
		if a.weight == hashed {
			a.what = quoted("the password's digest", a.label)
		}
	}
	if v.again(n, a, b) {
		return
	}
	v.found = append(v.found, audit.Found{
		Node: n, Confidence: confidence, Severity: a.severity(),
		Message: fmt.Sprintf("%s is compared by %s, which stops where the first byte differs: %s", a.what, op, a.tells()),
		Steps: v.way(a.node, func(o flow.Origin) bool {
			return slices.ContainsFunc(o.Through, func(f string) bool { return audit.Unqualified(f) == a.by })
		}),
	})
}

// bothHashed says that both sides are hashed by one function before they are
// compared, which is how eq is made harmless.
func (v view) bothHashed(left, right perlsrc.NodeID) bool {
	left, right = v.bare(left), v.bare(right)
	if v.kind(left) != perlsrc.CallNode || v.kind(right) != perlsrc.CallNode || v.t.Callee(left) != v.t.Callee(right) {
		return false
	}
	algorithm, _ := digestOf(v.t.Callee(left))
	return algorithm != "" && algorithm != "crypt"
}

// checksPasswords says that a comparison stands in a sub that says by its name,
// or by its package's, that it checks passwords.
func (v view) checksPasswords(n perlsrc.NodeID) bool {
	sub := v.f.SubName(n)
	if !holds([]string{sub}, "check", "verify", "validate", "valid", "match", "matches", "compare", "authenticate", "is", "test") {
		return false
	}
	return purpose.Most(purpose.Words(sub)...) == purpose.Password ||
		holds([]string{v.t.EnclosingPackage(n)}, "password", "passwords", "passwd", "passphrase", "crypt", "salted", "authen", "credential", "htpasswd")
}

// isPlain says cheaply that a value is no secret: a literal, undef, a number.
func (v view) isPlain(n perlsrc.NodeID) bool {
	n = v.bare(n)
	if _, ok := v.t.Literal(n); ok {
		return true
	}
	if v.kind(n) == perlsrc.CallNode {
		c := v.t.Call(n)
		return slices.Contains(asked, c.Callee) || c.Bare && !c.Method && (c.Callee == strings.ToUpper(c.Callee) || c.Callee == "undef")
	}
	if v.kind(n) == perlsrc.ExprNode {
		// Arithmetic has no first bytes.
		for c := range v.t.Children(n) {
			switch v.t.Operator(c) {
			case "+", "-", "*", "/", "%", "&", "|", "**", "<<", ">>":
				return true
			}
		}
	}
	return false
}

// constantSide says that a value is always one of the source.
func (v view) constantSide(n perlsrc.NodeID) bool {
	_, ok := v.constant(n)
	return ok
}

// with says how sure it is that comparing a with b, which weighs no more, tells
// of a secret.
func (a side) with(b side, op string) audit.Confidence {
	number := op == "==" || op == "!="
	order := op == "cmp" || op == "lt" || op == "gt" || op == "~~"
	switch {
	case order && a.weight < derived:
		return 0
	case a.public && a.weight < derived || b.public && b.weight < named && a.weight < derived:
		return 0
	case number && !holds([]string{a.label, b.label}, "otp", "totp"):
		return 0
	case a.weight == derived && b.weight >= hashed:
		return audit.Certain
	case a.weight == derived:
		return audit.Likely
	case holds([]string{a.label, b.label}, "name", "names", "key", "salt", "iv", "count", "type", "version", "method", "class", "mode", "length", "prompt", "prompts", "hint", "policy", "status", "question", "env", "var", "placeholder", "mask", "source", "expiry", "expires", "created") && meaning(a.label) != purpose.Key && meaning(a.label) != purpose.Token:
		return 0
	case meaning(a.label) == purpose.Session && a.weight == named && !b.asked && !a.asked:
		return audit.Possible
	case a.weight == named && (meaning(a.label) == purpose.Nonce || holds([]string{a.label, b.label}, "captcha")):
		return audit.Possible // each try meets another
	case a.weight == named && b.weight == named && !a.sent && !b.sent && a.label == b.label && meaning(a.label) < purpose.Token:
		return audit.Possible // the signatures of two things
	case a.weight == named && !a.asked && !b.asked && a.label == b.label && holds([]string{a.label}, "encryption", "encrypt", "cipher", "decryption"):
		return audit.Possible // the settings of two things: nobody sends the key of a cipher
	case a.weight == named && b.weight == named:
		return a.both(b)
	case a.weight == named && b.weight == hashed:
		return audit.Likely
	case a.weight == named && b.sent && !a.sent:
		return audit.Likely
	case a.weight == named && meaning(a.label) == purpose.Token && meaning(b.label) == purpose.Token && !a.sent:
		return audit.Likely // the token of a message and ours
	case a.weight == named && a.sent && b.stored && meaning(a.label) == purpose.Password:
		return audit.Likely
	case a.weight == named && a.sent && b.label != "" && !b.sent:
		return audit.Possible
	case a.weight == hashed:
		return audit.Possible
	}
	return 0
}

// both is about two values whose names say that they are secrets.
func (a side) both(b side) audit.Confidence {
	typed := holds([]string{a.label, b.label}, typedWords...)
	switch {
	case typed && meaning(a.label) == purpose.Password:
		return 0
	case meaning(a.label) == purpose.Password && a.label != b.label && (a.sent && b.sent || strings.TrimRight(a.label, "0123456789") == strings.TrimRight(b.label, "0123456789")):
		return 0
	}
	return audit.Likely
}

// tells says what who measures the time learns.
func (a side) tells() string {
	if a.forged {
		return "the time tells how much of a forged one is right"
	}
	return "the time tells how much of a guess is right"
}

func (a side) severity() audit.Severity {
	if a.weight == hashed {
		return audit.Low
	}
	return audit.Medium
}
