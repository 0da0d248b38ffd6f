package crypt

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// chosenAlgorithms finds checks of a token that let the token say how it is
// checked.
func chosenAlgorithms(p *audit.Pass) {
	v := look(p)
	v.decoders()
	v.laxOptions()
	v.accessors()
	v.noneAccepted()
	v.dispatches()
	v.namedChecks()
}

func (v view) unchecked(n perlsrc.NodeID, confidence audit.Confidence, message string) {
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: audit.High, Message: message})
}

// decoders are about JSON::WebToken, whose third argument says whether to check,
// and whose fourth which algorithms to take.
func (v view) decoders() {
	for n := range v.f.Calls("decode", "decode_jwt") {
		c := v.t.Call(n)
		switch {
		case c.Method && c.Class != "JSON::WebToken", !c.Method && v.module(c, "JSON::WebToken") == "":
			continue
		}
		if len(c.Args) > 2 {
			if s, ok := v.constant(c.Args[2]); ok && (s == "0" || s == "") {
				confidence := audit.Likely
				if v.checkedElsewhere(n) {
					confidence = audit.Possible
				}
				v.unchecked(n, confidence, "the web token is read without a check of its signature")
				continue
			}
		}
		switch {
		case len(c.Args) > 3:
			if s, ok := v.constant(c.Args[3]); ok && strings.EqualFold(s, "none") {
				v.unchecked(n, audit.Certain, "the web token may be signed by nothing at all")
			} else if v.ofHeader(c.Args[3]) {
				v.unchecked(n, audit.Certain, "the token itself says by which algorithm it is checked")
			}
		case len(c.Args) > 1:
			confidence := audit.Possible
			if holds([]string{v.label(c.Args[1])}, "public", "pub", "pubkey", "cert", "certificate", "jwk", "rsa", "pem") {
				confidence = audit.Likely
			}
			v.unchecked(n, confidence, "no algorithm is named, so the token's own is taken: a public key may serve as the key of a MAC")
		}
	}
}

// checkedElsewhere says that the sub around a node decodes or checks the token
// again, as who looks into the header first to find the key does.
func (v view) checkedElsewhere(n perlsrc.NodeID) bool {
	type key struct{}
	perSub := v.f.Memo(key{}, func() any {
		count := map[perlsrc.NodeID]int{}
		for n := range v.f.Calls("decode", "decode_jwt", "verify", "verify_message") {
			if c := v.t.Call(n); c.Callee != "decode" || len(c.Args) > 1 {
				count[v.t.EnclosingSub(n)]++
			}
		}
		return count
	}).(map[perlsrc.NodeID]int)
	return perSub[v.t.EnclosingSub(n)] > 1
}

// ofHeader says that a value is the algorithm that a token's header names.
func (v view) ofHeader(n perlsrc.NodeID) bool {
	m := v.made(n)
	if holds(m.names, "alg", "algorithm") && holds(m.names, "header", "head", "hdr", "jose", "jwt", "token", "protected") {
		return true
	}
	if slices.ContainsFunc(m.origins, v.fromHeader) {
		return true
	}
	if !holds(m.names, "alg", "algorithm") {
		return false
	}
	// $self->alg was set from the header elsewhere in the file.
	type key struct{}
	return v.f.Memo(key{}, func() any {
		for n := range v.f.Calls("alg", "algorithm", "set_alg") {
			if c := v.t.Call(n); c.Method && len(c.Args) == 1 && v.isHeaderAlg(c.Args[0]) {
				return true
			}
		}
		return false
	}).(bool)
}

var headerWords = []string{"header", "headers", "head", "hdr", "jose", "protected", "h"}

// isHeaderAlg says that an expression is $header->{alg}, under whichever name.
func (v view) isHeaderAlg(n perlsrc.NodeID) bool {
	var names []string
	for _, x := range v.names(n) {
		names = append(names, x.text)
	}
	return slices.Contains(names, "alg") && holds(names, headerWords...)
}

// fromHeader says that a value came from the field alg of a header.
func (v view) fromHeader(o flow.Origin) bool {
	if o.Kind == flow.Field && o.Name == "alg" && holds([]string{o.Key}, headerWords...) {
		return true
	}
	if o.Kind == flow.Constant {
		return false
	}
	return o.Node != 0 && v.isHeaderAlg(o.Node) || slices.ContainsFunc(o.Steps, func(s flow.Step) bool {
		return v.kind(s.Node) == perlsrc.AssignNode && v.isHeaderAlg(v.t.LastChild(s.Node))
	})
}

// laxOptions are about Crypt::JWT, Mojo::JWT and their like.
func (v view) laxOptions() {
	for n := range v.f.Calls("decode_jwt", "new", "decode", "decode_jws") {
		c := v.t.Call(n)
		switch {
		case c.Callee == "new" && !strings.HasSuffix(c.Class, "JWT") && !strings.Contains(c.Class, "JWT::"):
			continue
		case c.Method && c.Callee != "new" && !strings.Contains(c.Class, "JWT"):
			continue
		}
		for _, o := range []struct{ key, message string }{
			{"ignore_signature", "the web token is read without a check of its signature"},
			{"allow_none", "the web token may be signed by nothing at all"},
			{"key_from_jwk_header", "the key that checks the token comes from the token"},
		} {
			if value, ok := v.option(c.Args, o.key); ok {
				if s, ok := v.constant(value); ok && s != "0" && s != "" {
					confidence := audit.Certain
					if o.key == "ignore_signature" && v.checkedElsewhere(n) {
						confidence = audit.Possible
					}
					v.unchecked(value, confidence, o.message)
				}
			}
		}
		if value, ok := v.option(c.Args, "accepted_alg"); ok {
			list, isList := v.t.List(value)
			switch {
			case isList && slices.Contains(list, "none"):
				v.unchecked(value, audit.Certain, "the web token may be signed by nothing at all")
			case v.ofHeader(value):
				v.unchecked(value, audit.Certain, "the token itself says by which algorithm it is checked")
			case isList && mixed(list):
				v.unchecked(value, audit.Likely, "algorithms with a shared key and with a public one are taken alike, so the public key may serve as the key of a MAC")
			}
		}
	}
	for n := range v.f.Calls("allow_none") {
		if c := v.t.Call(n); c.Method && len(c.Args) == 1 {
			if s, ok := v.constant(c.Args[0]); ok && s != "0" && s != "" {
				v.unchecked(n, audit.Certain, "the web token may be signed by nothing at all")
			}
		}
	}
}

// mixed says that a list of algorithms holds MACs and signatures.
func mixed(list []string) bool {
	has := func(prefixes ...string) bool {
		return slices.ContainsFunc(list, func(s string) bool {
			return slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(s, p) })
		})
	}
	return has("HS") && has("RS", "ES", "PS", "EdDSA")
}

// accessors find an object that is told the algorithm of its own token's header.
func (v view) accessors() {
	for n := range v.f.Calls("alg", "algorithm", "set_alg", "set_algorithm") {
		if c := v.t.Call(n); c.Method && len(c.Args) == 1 && v.isHeaderAlg(c.Args[0]) {
			confidence := audit.Possible // each algorithm may have a key of its own
			if v.calls("decode_jwt") || strings.Contains(string(v.f.Src), "JSON::WebToken") {
				confidence = audit.Likely
			}
			v.unchecked(n, confidence, "the token's own header says by which algorithm it is checked")
		}
	}
}

// isAlg says that an expression is the algorithm of a token: by its own name and
// what stands around.
func (v view) isAlg(n perlsrc.NodeID) bool {
	if v.isHeaderAlg(n) {
		return true
	}
	if !holds([]string{v.label(n)}, "alg", "algorithm") {
		return false
	}
	return slices.ContainsFunc(v.origins(n), v.fromHeader)
}

// dispatches find a check that is looked up, or called by a name, by what the
// token says.
func (v view) dispatches() {
	for n := range v.f.Calls("") {
		c := v.t.Call(n)
		if !c.Dynamic {
			continue
		}
		if !holds([]string{v.place(n)}, "verify", "decode", "check", "validate", "jwt", "jws", "token") {
			continue
		}
		target := v.bare(c.Target)
		chosen := v.kind(target) == perlsrc.AccessNode && v.isAlg(v.lastIndex(target))
		if (chosen || slices.ContainsFunc(v.origins(target), v.fromHeader)) && !v.pinned(n) {
			v.unchecked(n, audit.Likely, "the token's own header says by which algorithm it is checked")
		}
	}
}

// namedChecks finds a class of checks whose name the token's header makes.
func (v view) namedChecks() {
	for n := range v.f.Calls("verify", "decode", "check") {
		c := v.t.Call(n)
		if c.Method && c.Class == "" && !v.pinned(n) && slices.ContainsFunc(v.origins(c.Invocant), func(o flow.Origin) bool { return o.Quoted && v.fromHeader(o) }) {
			v.unchecked(n, audit.Likely, "the token's own header says by which algorithm it is checked")
		}
	}
}

// lastIndex gives the key of the last subscript of an Access.
func (v view) lastIndex(n perlsrc.NodeID) perlsrc.NodeID {
	last := perlsrc.NodeID(0)
	for c := range v.t.Children(n) {
		if v.kind(c) == perlsrc.SubscriptNode {
			last = v.t.Nodes[c].Child
		}
	}
	return last
}

// pinned says that the sub around a node compares the algorithm with something
// that it expects, and refuses.
func (v view) pinned(n perlsrc.NodeID) bool {
	sub := v.t.EnclosingSub(n)
	if sub == 0 {
		return false
	}
	budget := 10 * maxNames
	for e := range v.t.All(sub, perlsrc.ExprNode) {
		if budget--; budget < 0 {
			return false
		}
		kids := slices.Collect(v.t.Children(e))
		if len(kids) != 2 {
			continue
		}
		op := v.t.Operator(kids[1])
		if op != "eq" && op != "ne" && op != "=~" && op != "!~" || !v.isAlg(v.inLower(kids[0])) && !v.isAlg(kids[1]) {
			continue
		}
		if s, ok := v.t.Literal(kids[1]); ok && strings.EqualFold(s, "none") {
			continue
		}
		return true
	}
	return false
}
