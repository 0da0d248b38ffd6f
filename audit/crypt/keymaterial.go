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

// ownNames finds secrets that are a digest of what everybody knows: of the name
// of the class, of the program.
func (v view) ownNames() {
	for n := range v.f.Calls(digestNames...) {
		d := v.t.Dest(n)
		if d.Use != perlsrc.Assigned || len(d.Targets) != 1 || !isSecretName(v.label(d.Targets[0])) {
			continue
		}
		args := v.t.Call(n).Args
		if len(args) > 0 && !slices.ContainsFunc(args, func(a perlsrc.NodeID) bool { return !v.isKnown(a) }) {
			v.told(n, audit.Likely, quoted("the secret", v.label(d.Targets[0]))+" is a digest of what everybody knows, as the name of a class is: anybody can make it, too")
		}
	}
}

// isKnown says that everybody knows a value: a constant, a class's name, $0.
func (v view) isKnown(n perlsrc.NodeID) bool {
	if v.kind(n) == perlsrc.CallNode {
		callee := v.t.Callee(n)
		return callee == "ref" || callee == "moniker" || callee == "hostname" || callee == "blessed"
	}
	return string(v.t.Text(n)) == "$0" || v.constantSide(n)
}

// mixedIn finds a secret of the source that a digest is made of, as people do
// who make a MAC by hand.
func (v view) mixedIn() {
	for n := range v.f.Calls(digestNames...) {
		left := maxNames
		for part := range v.t.All(n, perlsrc.TermNode, perlsrc.CallNode, perlsrc.AccessNode) {
			if left--; left < 0 {
				break
			}
			label := v.label(part)
			if !isSecretName(label) {
				continue
			}
			if s, ok := v.constant(part); ok && isValue(s) && s != label {
				v.told(n, audit.Certain, "the value of "+label+", of which the digest is made, is written in the source")
				break
			}
		}
	}
}

// formNames are the hashes in which programs of the old style keep what a form sent.
var formNames = []string{"form", "in", "input", "query", "params", "cgi"}

// placeholder is a word that stands where no password was given.
var placeholder = lazyregexp.New(`(?i)\A(?:prompt|none|null|undef|false|true|stdin|ask|unset|\*+|x+)\z`)

// openers finds passwords of the source that somebody's form is compared with.
func (v view) openers() {
	for n := range v.f.All(perlsrc.ExprNode) {
		left := v.t.Nodes[n].Child
		right := v.t.Nodes[left].Next
		if op := v.t.Operator(right); op != "eq" && op != "ne" || meaning(v.label(left)) != purpose.Password && meaning(v.label(right)) != purpose.Password {
			continue
		}
		for _, pair := range [][2]perlsrc.NodeID{{left, right}, {right, left}} {
			sent, known := pair[0], pair[1]
			s, ok := v.constant(known)
			if !ok || len(s) < 4 || strings.EqualFold(s, v.label(sent)) || placeholder.MatchString(s) || meaning(v.label(sent)) != purpose.Password {
				continue
			}
			names := v.names(sent)
			if v.isSent(sent) || len(names) > 1 && holds([]string{names[0].text}, formNames...) {
				v.told(n, audit.Likely, "the password that is asked for is written in the source, where everybody can read it")
			}
		}
	}
}

var inDSN = lazyregexp.New(`(?i)[;:](?:password|pwd|passwd)=[^;'"$@{}<>*]{3,}`)

// sources finds passwords in the name of a database.
func (v view) sources() {
	for n := range v.f.Calls("connect", "connect_cached") {
		c := v.t.Call(n)
		if c.Class != "DBI" || len(c.Args) == 0 {
			continue
		}
		dsn := string(v.t.Text(c.Args[0]))
		if s, ok := v.constant(c.Args[0]); ok {
			dsn = s
		}
		if inDSN.MatchString(dsn) {
			v.told(c.Args[0], audit.Certain, "the password of the database is written in the source, where everybody can read it")
		}
	}
}

var privateKey = lazyregexp.New(`-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*\n(?:[A-Za-z-]+: .*\n|\s*\n)*[ \t]*[A-Za-z0-9+/=]{40,}`)

// privateKeys finds private keys in strings, here-documents and data.
func (v view) privateKeys() {
	if !v.f.Holds("PRIVATE KEY-----") {
		return
	}
	for _, tok := range v.t.Tokens[:v.t.Outer] {
		switch tok.Kind {
		case perlsrc.Quote, perlsrc.HereBody, perlsrc.Data:
		default:
			continue
		}
		text := tok.Text(v.f.Src)
		at := privateKey.FindIndex(text)
		if at == nil {
			continue
		}
		confidence := audit.Certain
		if v.isShow(0) {
			confidence = audit.Possible
		}
		v.pass.Report(audit.Found{
			Line: tok.Line + bytes.Count(text[:at[0]], []byte("\n")), Confidence: confidence, Severity: audit.High,
			Message: "a private key is written in the source, where everybody can read it",
		})
	}
}
