package crypt

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// What looks like a fixed vector or like ECB may do no harm: who only reads what
// another wrote must do as that one did; a nonce that is counted up never comes
// again; under a key that is fresh for every text, or behind random first bytes,
// a vector may be fixed; and modes of their own are built on single blocks.

// unless lowers the confidence of a finding that something around mitigates.
func (v view) unless(sure audit.Confidence, n perlsrc.NodeID, keys []perlsrc.NodeID) audit.Confidence {
	if v.freshIn(v.t.EnclosingSub(n)) {
		return audit.Possible
	}
	for _, k := range keys {
		if k == 0 {
			continue
		}
		if m := v.made(k); holds(m.names, freshWords...) || holds(m.through, freshWords...) {
			return audit.Possible
		}
	}
	return sure
}

// freshWords are of calls and names that are another for every text.
var freshWords = []string{"random", "urandom", "rand", "makerandom", "getrandom", "salt", "ephemeral"}

// freshIn reports whether a sub takes random bytes.
func (v view) freshIn(sub perlsrc.NodeID) bool {
	if sub == 0 {
		return false
	}
	for n := range v.t.All(sub, perlsrc.CallNode) {
		if callee := v.t.Callee(n); callee != "srand" && holds([]string{audit.Unqualified(callee)}, freshWords...) {
			return true
		}
	}
	return false
}

// onlyOpens reports whether what is set up at a node only decrypts: in its sub, or
// where that does neither, in the file.
func (v view) onlyOpens(n perlsrc.NodeID) bool {
	seals, opens := v.does(v.t.EnclosingSub(n))
	if !seals && !opens {
		seals, opens = v.does(0)
	}
	return opens && !seals
}

// does reports whether anything is encrypted or decrypted by the calls below a node.
func (v view) does(region perlsrc.NodeID) (seals, opens bool) {
	type key perlsrc.NodeID
	type done struct{ seals, opens bool }
	d := v.f.Memo(key(region), func() any {
		var d done
		for n := range v.t.All(region, perlsrc.CallNode) {
			callee := strings.TrimLeft(audit.Unqualified(v.t.Callee(n)), "_")
			d.seals = d.seals || strings.HasPrefix(callee, "encrypt") || strings.HasSuffix(callee, "_encrypt") || callee == "start"
			d.opens = d.opens || strings.HasPrefix(callee, "decrypt") || strings.HasSuffix(callee, "_decrypt")
		}
		return d
	}).(done)
	return d.seals, d.opens
}

// counts reports whether a value is made of something that the file counts up.
func (v view) counts(n perlsrc.NodeID) bool {
	at := []perlsrc.NodeID{n}
	for _, o := range v.origins(n) {
		for _, s := range o.Steps {
			at = append(at, s.Node)
		}
	}
	for _, n := range at {
		for _, name := range word.FindAll(v.t.Text(v.t.EnclosingStatement(n)), maxNames) {
			if v.counted()[string(name)] {
				return true
			}
		}
	}
	return false
}

var word = lazyregexp.New(`[A-Za-z_]\w*`)

type countedKey struct{}

// counted gives the names of what the file counts up: $n++, ++$n, $self->{n} += 1.
func (v view) counted() map[string]bool {
	return v.f.Memo(countedKey{}, func() any {
		names := map[string]bool{}
		for _, m := range countsUp.FindAllSubmatch(v.f.Src, -1) {
			names[string(bytes.Join(m[1:], nil))] = true
		}
		return names
	}).(map[string]bool)
}

var countsUp = lazyregexp.New(`(\w+)['"]?[}\]]?\s?(?:\+\+|\+=)|\+\+\s?\$(?:\w+(?:->)?\{['"]?)?(\w+)`)

// primitive reports whether single blocks are what is asked for at a node: for a
// mode of one's own, to wrap a key, or as a table of modes offers it.
func (v view) primitive(n perlsrc.NodeID) bool {
	if key, ok := v.t.Key(n); ok && strings.EqualFold(strings.TrimLeft(key, "-"), "ecb") {
		return true
	}
	if up := v.t.Nodes[n].Parent; v.kind(up) == perlsrc.CallNode {
		c := v.t.Call(up)
		if c.Invocant == n && strings.HasPrefix(c.Callee, "encrypt") && len(c.Args) > 0 && (v.constantSide(c.Args[0]) || bytes.Contains(v.t.Text(c.Args[0]), []byte("++"))) {
			return true
		}
	}
	return holds([]string{v.place(n)}, "wrap", "unwrap", "keywrap", "keystream", "gcm", "cmac", "omac", "mac", "ctr", "siv", "xts", "eax", "ccm", "ocb", "cbc", "cfb", "ofb", "drbg", "prng", "fortuna", "kcv")
}

// choosesECB reports whether the mode at a node is one of several that somebody
// names: a condition around it is about ECB.
func (v view) choosesECB(n perlsrc.NodeID) bool {
	for g := range setting.Guards(v.t, n) {
		if ecbWord.Match(v.t.Text(g.Node)) {
			return true
		}
	}
	return false
}

var ecbWord = lazyregexp.New(`(?i)(?:\b|_)ecb(?:\b|_)`)
