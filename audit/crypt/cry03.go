package crypt

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/requirement"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlver"
)

// The least that a derivation of a key from a password should cost: a number
// below is of another time. Sources: OWASP's Password Storage Cheat Sheet, which
// asks for more than these.
const (
	minIterations = 100_000 // of PBKDF2
	minCost       = 10      // of bcrypt
	minScrypt     = 1 << 14 // N of scrypt
	minArgon      = 7 << 20 // bytes of Argon2
	minRounds     = 5000    // of the crypt of $5$ and $6$
)

// derivation is a function that makes a key or a hash of a password.
type derivation struct {
	modules []string
	calls   []string
	at      int // the argument that says how dear
	least   int
	unset   int // what is taken where it is not said; 0 where it must be
	what    string
}

var derivations = []derivation{
	{[]string{"PBKDF2::Tiny"}, []string{"derive", "derive_hex"}, 3, minIterations, 1000, "iterations of PBKDF2"},
	{[]string{"Crypt::KeyDerivation"}, []string{"pbkdf2"}, 2, minIterations, 5000, "iterations of PBKDF2"},
	{[]string{"Crypt::OpenSSL::PBKDF2"}, []string{"derive", "derive_bin"}, 3, minIterations, 0, "iterations of PBKDF2"},
	{[]string{"Crypt::PBKDF2::XS", "Crypt::PBE::PBKDF2"}, []string{"pbkdf2", "pbkdf2_hex", "PBKDF2", "PBKDF2_hex"}, 2, minIterations, 0, "iterations of PBKDF2"},
	{[]string{"Crypt::Bcrypt"}, []string{"bcrypt", "bcrypt_prehashed"}, 2, minCost, 0, "as the cost of bcrypt"},
	{[]string{"Crypt::ScryptKDF"}, []string{"scrypt_hash", "scrypt_hash_hex", "scrypt_hash_b64", "scrypt_raw", "scrypt_hex", "scrypt_b64"}, 2, minScrypt, 0, "as the N of scrypt"},
	{[]string{"Crypt::Argon2"}, []string{"argon2id_pass", "argon2i_pass", "argon2d_pass", "argon2id_raw", "argon2i_raw", "argon2d_raw"}, 3, minArgon, 0, "bytes for Argon2"},
}

func cheapDerivations(p *audit.Pass) {
	v := look(p)
	for _, d := range derivations {
		for n := range v.f.Calls(d.calls...) {
			c := v.t.Call(n)
			if v.module(c, d.modules...) == "" {
				continue
			}
			switch {
			case len(c.Args) > d.at:
				v.cheap(n, c.Args[d.at], d.least, d.what)
			case d.unset != 0 && len(c.Args) > 0:
				v.tooCheap(n, d.unset, d.least, d.what, " unless it is told otherwise", audit.Likely)
			}
		}
	}
	for n := range v.f.Calls("pbkdf1", "pbkdf1_openssl") {
		if v.module(v.t.Call(n), "Crypt::KeyDerivation") != "" {
			v.report3(n, audit.Certain, "PBKDF1 makes the key, which is a few rounds of an old digest")
		}
	}
	v.constructors()
	v.costsInStrings()
	v.joinedCosts()
	if v.f.Holds("pbkdf2", "PBKDF2") {
		v.namedCounts()
	}
	v.loopsByHand()
}

func (v view) report3(n perlsrc.NodeID, confidence audit.Confidence, message string, steps ...audit.Step) {
	v.pass.Report(audit.Found{Node: n, Confidence: confidence, Severity: audit.Medium, Message: message, Steps: steps})
}

func (v view) tooCheap(n perlsrc.NodeID, have, least int, what, unless string, confidence audit.Confidence, steps ...audit.Step) {
	v.report3(n, confidence, fmt.Sprintf("the password is cheap to guess: %d %s%s, where at least %d is asked for today", have, what, unless, least), steps...)
}

// cheap reports a call whose cost is always, or unless somebody says otherwise,
// below the least.
func (v view) cheap(call, cost perlsrc.NodeID, least int, what string) {
	if v.isOfNetwork(call) {
		return
	}
	if s, ok := v.constant(cost); ok {
		if have, ok := amount(s); ok && have < least {
			v.tooCheap(call, have, least, what, "", audit.Certain, v.way(cost, isConstant)...)
		}
		return
	}
	for _, o := range v.origins(cost) {
		if have, ok := amount(o.Name); ok && isConstant(o) && o.Direct && have > 0 && have < least {
			v.tooCheap(call, have, least, what, " unless it is told otherwise", audit.Likely, v.way(cost, isConstant)...)
			return
		}
	}
}

// isOfNetwork says that a key is that of a wireless network, whose standard says by
// how many rounds it is made.
func (v view) isOfNetwork(call perlsrc.NodeID) bool {
	words := []string{"ssid", "essid", "wpa", "psk", "wifi"}
	if holds([]string{v.place(call)}, words...) {
		return true
	}
	return slices.ContainsFunc(v.names(call), func(x name) bool { return holds([]string{x.text}, words...) })
}

// amount reads a number with a unit of Argon2 behind it: "64M".
func amount(s string) (int, bool) {
	unit := 1
	for suffix, size := range map[string]int{"k": 1 << 10, "M": 1 << 20, "G": 1 << 30} {
		if strings.HasSuffix(s, suffix) {
			s, unit = s[:len(s)-1], size
		}
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || i > 1<<30 {
		return 0, false
	}
	return i * unit, true
}

// since is the release of Crypt::PBKDF2 whose defaults are those of today.
var since, _ = perlver.Parse("0.261630")

// constructors are about classes that are told the cost when they are made.
func (v view) constructors() {
	for n := range v.f.Calls("new") {
		c := v.t.Call(n)
		switch c.Class {
		case "Crypt::PBKDF2":
			if it, ok := v.option(c.Args, "iterations"); ok {
				v.cheap(n, it, minIterations, "iterations of PBKDF2")
				continue
			}
			if v.variableOptions(c.Args) {
				continue
			}
			if requirement.Of(v.pass.Release).Admits("Crypt::PBKDF2", since) != requirement.No {
				v.tooCheap(n, 1000, minIterations, "iterations of PBKDF2, the default before 0.261630", "", audit.Likely)
			}
		case "Authen::Passphrase::BlowfishCrypt", "Digest::Bcrypt", "Crypt::Passphrase::Bcrypt":
			if cost, ok := v.option(c.Args, "cost"); ok {
				v.cheap(n, cost, minCost, "as the cost of bcrypt")
			}
		case "Crypt::Passphrase":
			if enc, ok := v.option(c.Args, "encoder"); ok {
				if cost, ok := v.option([]perlsrc.NodeID{enc}, "cost"); ok {
					v.cheap(n, cost, minCost, "as the cost of bcrypt")
				}
			}
		case "Crypt::CBC":
			v.oldCBC(n, c)
		}
	}
	for n := range v.f.Calls("bcrypt_hash") {
		if cost, ok := v.option(v.t.Call(n).Args, "cost"); ok {
			v.cheap(n, cost, minCost, "as the cost of bcrypt")
		}
	}
}

// variableOptions says that the options are not all in sight: %args, @_.
func (v view) variableOptions(args []perlsrc.NodeID) bool {
	return slices.ContainsFunc(args, func(a perlsrc.NodeID) bool {
		tok := v.t.Token(a)
		return v.kind(a) == perlsrc.CastNode || v.kind(a) == perlsrc.TermNode && tok.Kind == perlsrc.Variable && (v.t.Src[tok.Start] == '%' || v.t.Src[tok.Start] == '@')
	})
}

// oldCBC is about Crypt::CBC, which derives a key from a passphrase by one round
// of MD5 unless it is told better.
func (v view) oldCBC(n perlsrc.NodeID, c perlsrc.Call) {
	kdf, told := v.option(c.Args, "pbkdf")
	if told {
		switch s, _ := v.constant(kdf); s {
		case "opensslv1", "opensslv2", "randomiv", "none":
			v.report3(n, audit.Certain, "the key is made of the passphrase by "+s+", which is one round of a fast digest")
		case "pbkdf2":
			if it, ok := v.option(c.Args, "iter"); ok {
				v.cheap(n, it, minIterations, "iterations of PBKDF2")
			}
		}
		return
	}
	if v.variableOptions(c.Args) {
		return
	}
	if _, raw := v.option(c.Args, "literal_key", "regenerate_key", "literal", "keysize"); raw {
		return
	}
	word, ok := v.option(c.Args, "pass", "key", "passphrase")
	if !ok {
		return
	}
	if header, ok := v.option(c.Args, "header"); ok && meaning(v.label(word)) != purpose.Password {
		if s, _ := v.constant(header); s != "salt" {
			return // it may be a key of the right length
		}
	}
	v.report3(n, audit.Likely, "the passphrase is cheap to guess: Crypt::CBC makes its key of it by one round of MD5, where no -pbkdf is given")
}

var (
	bcryptCost  = lazyregexp.New(`\\?\$2[abxy]?\\?\$(\d{1,2})\\?\$`)
	wholeHash   = lazyregexp.New(`\$[./A-Za-z0-9]{53}\b`)
	cryptRounds = lazyregexp.New(`\\?\$[56]\\?\$rounds=(\d+)`)
)

// costsInStrings finds costs in the settings of crypt and bcrypt.
func (v view) costsInStrings() {
	if !v.f.Holds("$2") && !v.f.Holds("rounds=") {
		return
	}
	for n := range v.f.All(perlsrc.TermNode) {
		if v.t.Token(n).Kind != perlsrc.Quote {
			continue
		}
		text := string(v.t.Text(n))
		if wholeHash.MatchString(text) {
			continue
		}
		if m := bcryptCost.FindStringSubmatch(text); m != nil {
			if have, _ := strconv.Atoi(m[1]); have > 0 && have < minCost {
				v.tooCheap(n, have, minCost, "as the cost of bcrypt", "", audit.Certain)
			}
		}
		if m := cryptRounds.FindStringSubmatch(text); m != nil {
			if have, _ := strconv.Atoi(m[1]); have < minRounds {
				v.tooCheap(n, have, minRounds, "rounds of crypt", "", audit.Certain)
			}
		}
	}
}

// joinedCosts finds settings of bcrypt that are put together, with the cost as a
// part: join '$', '$2a', $cost, $salt.
func (v view) joinedCosts() {
	for n := range v.f.Calls("bcrypt") {
		c := v.t.Call(n)
		if c.Method || len(c.Args) != 2 {
			continue
		}
		scheme, cost := false, 0
		for _, o := range v.origins(c.Args[1]) {
			if !isConstant(o) {
				continue
			}
			if strings.HasPrefix(o.Name, "$2") {
				scheme = true
			} else if have, err := strconv.Atoi(o.Name); err == nil && have >= 4 && have < minCost && len(o.Name) <= 2 {
				cost = have
			}
		}
		if scheme && cost != 0 {
			v.tooCheap(n, cost, minCost, "as the cost of bcrypt", " unless it is told otherwise", audit.Likely)
		}
	}
}

var countWords = []string{"iterations", "iteration", "iter", "iters", "rounds"}

// namedCounts finds numbers that are the iterations of something, in a file
// that speaks of PBKDF2.
func (v view) namedCounts() {
	for n := range v.f.All(perlsrc.TermNode) {
		s, ok := v.t.Literal(n)
		if !ok || s == "" || s[0] < '1' || s[0] > '9' {
			continue
		}
		have, err := strconv.Atoi(s)
		if err != nil || have < 10 || have >= minIterations {
			continue
		}
		if what := v.destination(n); holds([]string{what}, countWords...) && !holds([]string{what}, "max", "min", "minimum", "length", "size") {
			v.tooCheap(n, have, minIterations, "as "+what, " unless it is told otherwise", audit.Likely)
		}
	}
}

// destination names what a literal is the value of: a variable, a key, a
// constant, the attribute whose default it is.
func (v view) destination(n perlsrc.NodeID) string {
	if key, ok := v.t.Key(n); ok && key != "default" {
		return key
	}
	d := v.t.Dest(n)
	switch {
	case d.Use == perlsrc.Assigned && d.Direct && len(d.Targets) == 1:
		return v.label(d.Targets[0])
	case d.Use == perlsrc.Assigned && d.Direct && d.Key != "" && d.Key != "default":
		return d.Key
	case d.Use == perlsrc.Passed && d.Key == "default", d.Use == perlsrc.Returned:
		at := d.Node
		if d.Use == perlsrc.Returned {
			// default => sub { 1000 }
			for at != 0 && v.kind(at) != perlsrc.SubNode {
				at = v.t.Nodes[at].Parent
			}
			if v.t.Sub(at).Name != "" {
				return v.t.Sub(at).Name
			}
			if at = v.t.Dest(at).Node; at == 0 {
				return ""
			}
		}
		if c := v.t.Call(at); v.kind(at) == perlsrc.CallNode && (c.Callee == "has" || c.Callee == "option") && len(c.Args) > 0 {
			s, _ := v.t.Literal(c.Args[0])
			return s
		}
	}
	return ""
}

// loopsByHand finds a digest that is made again and again of its own result
// and of a password.
func (v view) loopsByHand() {
	for n := range v.f.Calls(digestNames...) {
		if !v.iterated(n) {
			continue
		}
		names := v.made(n).names
		if _, ok := v.passwordAmong(names); !ok && purpose.Of(v.f.SubName(n)) != purpose.Password && !hashesPasswords(v.f.SubName(n)) && !holds([]string{v.f.SubName(n)}, "key", "derive", "stretch") {
			continue
		}
		have, ok := v.repeated(n)
		if ok && have == 0 {
			v.report3(n, audit.Likely, "the key is made of the password by one round of a fast digest, until it is long enough")
		} else if ok && have < minIterations {
			v.report3(n, audit.Likely, fmt.Sprintf("the password is cheap to guess: its digest is made %d times in a loop, where PBKDF2 takes at least %d", have, minIterations))
		}
	}
}

// repeated tells how often the loop around a node runs, where it counts to a
// number of the source; 0 where it runs until something is long enough.
func (v view) repeated(n perlsrc.NodeID) (int, bool) {
	for by, why := v.t.Conditional(n); by != 0; by, why = v.t.Conditional(by) {
		if why != "for" && why != "foreach" && why != "while" {
			continue
		}
		most, ok := 0, false
		budget := maxNames
		for c := range v.t.All(by, perlsrc.TermNode, perlsrc.ExprNode) {
			if budget--; budget < 0 {
				break
			}
			op := v.t.Operator(c)
			if op != ".." && op != "<" && op != "<=" {
				continue
			}
			if have, is := v.number(c); is {
				if first := v.t.Nodes[v.t.Nodes[c].Parent].Child; v.kind(first) == perlsrc.CallNode && v.t.Callee(first) == "length" {
					return 0, true
				}
				most, ok = max(most, have), true
			}
		}
		if ok {
			return most, true
		}
	}
	return 0, false
}
