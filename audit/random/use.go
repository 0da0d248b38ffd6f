package random

import (
	"slices"
	"strings"

	"nacre/audit"

	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// use is something that a weak value is used for.
type use struct {
	goal
	source source
	kind   flow.SinkKind
	end    perlsrc.NodeID // where it ends
	steps  []flow.Step
	// built is set where the value is made into a string: by a digest, by
	// joining, by picking characters.
	built bool
	// local is set where it ends in the sub that it began in.
	local bool
	first string // the first name that it bore
	// compared is set where it is compared for equality in the sub it began in.
	compared bool
	// plain is set where no name says what it is: random_bytes, $result.
	plain bool
}

// The bounds of following one source: how often it goes on behind a sink, and
// how many sinks it may have.
const (
	maxTurns = 4
	maxSinks = 300
)

// walk follows one source.
type walk struct {
	v     *view
	from  source
	seen  map[perlsrc.NodeID]bool
	sinks int
	uses  []use
	seeds bool // the value seeds a generator, and is told as such
	// others are the first names of values that end as something of another trade.
	others   []string
	compared bool // see use
}

// follow gives all uses of a source that mean something, or are built, in order.
func (v *view) follow(s source) []use {
	w := &walk{v: v, from: s, seen: map[perlsrc.NodeID]bool{}}
	w.turn(s.node, nil, nil, nil, 0)
	w.uses = slices.DeleteFunc(w.uses, func(u use) bool { return slices.Contains(w.others, u.first) })
	if v.salts()[s.node] {
		w.uses = append(w.uses, w.use(flow.Sink{Kind: flow.Passed, Node: s.node}, kinds["salt"].goal("crypt", around{}), nil, nil, nil))
	}
	for i := range w.uses {
		w.uses[i].compared = w.compared
	}
	if w.seeds {
		w.uses = slices.DeleteFunc(w.uses, func(u use) bool { return strings.HasPrefix(u.what, "the seed") })
	}
	return w.uses
}

// worst gives the use that matters most.
func worst(uses []use) (use, bool) {
	var best use
	for _, u := range uses {
		if u.beats(best.goal) {
			best = u
		}
	}
	return best, best.sure > 0
}

// through are functions that pass on what they are given, changed; flow tells them
// as sinks where they are methods, or other arguments than it looks at.
var through = map[string]bool{
	"substr": true, "sprintf": true, "join": true, "pack": true, "chr": true, "int": true, "lc": true, "uc": true,
	"to_string": true, "to_hexstring": true, "to_b64string": true, "to_hex": true, "as_string": true, "as_hex": true, "as_base64": true, "string": true,
	"from_hex": true, "from_bin": true, "from_bytes": true, "from_dec": true, "bstr": true, "as_bin": true,
	"en_base64": true, "encode_base64": true, "encode_base64url": true, "encode_base32": true, "bcrypt_base64": true, "b64_encode": true, "md5_sum": true, "sha1_sum": true, "slice": true, "trim": true,
}

// waits are callees whose argument is no secret, whatever it is called.
var waits = []string{"sleep", "usleep", "nanosleep", "select", "timer", "alarm", "ualarm", "splice", "exit", "after", "delay", "recurring", "setPixel", "urandom", "random_bytes", "setsockopt", "utime", "seek"}

// turn follows the value of a node, and goes on where flow ends and the value does not.
func (w *walk) turn(n perlsrc.NodeID, names, way []string, steps []flow.Step, turns int) {
	if w.seen[n] || turns > maxTurns {
		return
	}
	w.seen[n] = true
	sinks, _ := w.v.g.Sinks(n)
	// Flow goes on behind an index; of several things, one is no piece of a secret.
	chosen := false
	for _, s := range sinks {
		chosen = chosen || s.Kind == flow.Indexed && !w.v.picks(s.Node)
	}
	for _, s := range sinks {
		if w.sinks++; w.sinks > maxSinks || w.v.f.Late() {
			return
		}
		if at := slices.Index(s.Through, "[]"); chosen && at >= 0 && !slices.Contains(s.Through[at:], "join") {
			continue
		}
		all := add(names, s.Names...)
		by := add(way, s.Through...)
		path := append(slices.Clip(steps), s.Steps...)
		switch s.Kind {
		case flow.Invoked:
			if through[s.Callee] {
				w.turn(s.Node, all, by, path, turns+1)
			}
		case flow.Passed:
			w.passed(s, all, by, path, turns)
		case flow.Returned:
			w.returned(s, all, by, path)
		case flow.Stored:
			if purpose.Of(s.Key) == purpose.Harmless {
				// $self->{cookie_jar}{expires}: the last key says what it is.
				target := string(w.v.t.Text(w.v.t.Nodes[s.Node].Child))
				all = slices.DeleteFunc(slices.Clone(all), func(name string) bool { return strings.Contains(target, name) })
			}
			if purpose.Of(s.Key) == purpose.ID {
				// my %session = (id => ...)
				all = add(all, w.v.lastName(w.v.t.Nodes[s.Node].Child))
			}
			w.add(s, underKey(add(all, s.Key), s.Key), by, path)
		case flow.Compared:
			// A check such as /^(.+)$/ often stands before it is returned as $1.
			if s.Op == "=~" && w.built(by) {
				w.add(s, all, by, path)
			}
			w.compared = w.compared || (s.Op == "eq" || s.Op == "ne") && w.v.t.EnclosingSub(s.Node) == w.v.t.EnclosingSub(w.from.node)
		}
	}
}

func (w *walk) passed(s flow.Sink, names, way []string, steps []flow.Step, turns int) {
	callee := audit.Unqualified(s.Callee)
	switch {
	case slices.Contains(waits, callee):
	case callee == "srand":
		w.seeds = true
	case through[callee]:
		w.turn(s.Node, names, add(way, callee), steps, turns+1)
	case callee == "new" && strings.HasPrefix(s.Class, "Math::Big"):
		w.turn(s.Node, names, way, steps, turns+1)
	case callee == "cookie" || callee == "set_cookie" || callee == "new" && strings.Contains(s.Class, "Cookie"):
		name := w.v.cookieName(s.Node, s.Key)
		if name == anyCookie && !w.built(way) {
			return // a bucket, a flag
		}
		w.add(s, add(names, name), way, steps)
	case callee == "new" && s.Index == 0 && cipher(s.Class):
		w.add(s, add(names, "encryption key"), way, steps)
	case setter(callee) && s.Index == 0:
		// set_salt($x), $packet->iv($x); in session(csrf => $x) the key says it
		w.add(s, add(names, callee), way, steps)
	default:
		w.add(s, w.v.inStructure(underKey(add(names, s.Key), s.Key)), way, steps)
	}
}

// setter reports whether a callee sets the secret that it is called: salt, set_iv.
func setter(callee string) bool {
	words := purpose.Words(callee)
	if len(words) > 1 && words[0] == "set" {
		words = words[1:]
	}
	return len(words) == 1 && slices.Contains([]string{"salt", "iv", "nonce", "session", "token", "csrf", "sid"}, words[0])
}

// inStructure cuts names behind the key of a pair, for the same reason as underKey:
// in session => { weight => rand }, session says nothing of the number. Only keys
// that the file writes before => and nowhere else are known to be such.
func (v *view) inStructure(names []string) []string {
	for i, name := range names {
		if generic(name) || purpose.Of(name) != purpose.None && purpose.Of(name) != purpose.Harmless {
			continue
		}
		if v.mentions(name+" =>") && !v.mentions("{"+name+"}") && !v.mentions("$"+name) && !v.mentions("@"+name) && !v.mentions("sub "+name) {
			return names[:i+1]
		}
	}
	return names
}

// cookieName gives the name under which a cookie is set: a secret's, or anyCookie.
func (v *view) cookieName(n perlsrc.NodeID, key string) string {
	if strings.TrimLeft(key, "-") != "value" && key != "" {
		return ""
	}
	for a := range v.t.Args(n) {
		if name, ok := v.t.Literal(a); ok && goalOf(name, around{}).sure > 0 {
			return name
		}
	}
	return anyCookie
}

const anyCookie = "cookie"

// cipher reports whether a class is a block or stream cipher, whose new takes a key.
func cipher(class string) bool {
	return slices.Contains([]string{"Crypt::Rijndael", "Crypt::Blowfish", "Crypt::DES", "Crypt::DES_EDE3", "Crypt::IDEA", "Crypt::Twofish", "Crypt::OpenSSL::AES", "Crypt::Cipher", "Crypt::RC4", "Crypt::RC5", "Crypt::RC6", "Crypt::CAST5", "Crypt::Camellia", "Crypt::Serpent", "Crypt::XXTEA", "Crypt::Eksblowfish"}, class)
}

// returned takes a value that a sub returns: to whom is told by the sub's name,
// or by what an anonymous sub is assigned to or passed as.
func (w *walk) returned(s flow.Sink, names, way []string, steps []flow.Step) {
	v := w.v
	sub := s.Node
	name := v.t.Sub(sub).Name
	if name == "" {
		name = v.nameOf(sub)
	}
	name = audit.Unqualified(name)
	if !gives(name) {
		name = ""
		names = slices.DeleteFunc(slices.Clone(names), func(s string) bool { return !gives(s) && v.defines(s) })
		if len(names) == 0 {
			return
		}
	}
	w.add(s, w.v.inStructure(underKey(add(names, s.Key, name), s.Key)), way, steps)
}

// underKey cuts names behind the key under which a value lies in a structure: what
// the structure is called says nothing of it, unless the key is as general as id.
func underKey(names []string, key string) []string {
	at := slices.Index(names, key)
	if key == "" || at < 0 || generic(key) || purpose.Of(key) == purpose.ID {
		return names
	}
	return names[:at+1]
}

// nameOf gives what an anonymous sub is called by those that take it: the attribute
// of has, the variable or glob that it is assigned to, the key or the method that it
// is passed as.
func (v *view) nameOf(sub perlsrc.NodeID) string {
	for range 4 {
		d := v.t.Dest(sub)
		switch d.Use {
		case perlsrc.Assigned:
			for _, target := range d.Targets {
				return v.lastName(target)
			}
		case perlsrc.Passed:
			c := v.t.Call(d.Node)
			if c.Callee == "has" || c.Callee == "attr" || c.Callee == "around" || c.Callee == "option" {
				if len(c.Args) > 0 {
					name, _ := v.t.Literal(c.Args[0])
					return strings.TrimPrefix(name, "+")
				}
			}
			if d.Key != "" && d.Key != "default" && d.Key != "builder" {
				return d.Key
			}
			return c.Callee
		case perlsrc.Returned:
			outer := v.t.EnclosingSub(sub)
			if outer == 0 {
				return d.Key
			}
			if name := v.t.Sub(outer).Name; name != "" {
				return name
			}
			sub = outer
			continue
		}
		return d.Key
	}
	return ""
}

// lastName gives the name of what is assigned to: the variable's, or the last
// literal key behind it.
func (v *view) lastName(n perlsrc.NodeID) string {
	text := strings.TrimRight(string(v.t.Text(n)), "}])'\" \t")
	if i := strings.LastIndexAny(text, "{[>'\" $@%*&:"); i >= 0 {
		text = text[i+1:]
	}
	return text
}

// add keeps a use, if a name says something, or the value is built and may be what
// stands in for good bytes.
func (w *walk) add(s flow.Sink, names, way []string, steps []flow.Step) {
	if slices.ContainsFunc(names, another) {
		w.others = append(w.others, names[0])
		return
	}
	names = add([]string{w.v.label(w.from.node, steps, names)}, names...)
	best, harmless := w.meaning(names, w.v.around(w.from.node), way)
	of := ofPackage(w.v.t.EnclosingPackage(w.from.node))
	plain := !slices.ContainsFunc(names, func(name string) bool { return name != best.name && !generic(name) })
	switch {
	case best.rule == "RND01" && of.rule == "RND07":
		// The token of a package for captchas is one.
		of.sure = best.sure
		best = of
	case best.sure == 0 && (harmless || !w.built(way)):
		return
	case best.sure < audit.Certain && of.sure > 0 && plain && s.Kind != flow.Passed:
		// Nothing says more than the package: Foo::Session::ID::generate.
		best = of
	case best.sure == 0 && s.Kind == flow.Returned && plain && cryptographic(w.v.t.EnclosingPackage(w.from.node)) && bytewise(way):
		best = goal{rule: "RND03", what: "what a package for cryptography takes for random bytes", sure: audit.Likely, severity: audit.High}
	}
	u := w.use(s, best, names, way, steps)
	u.plain = plain
	w.uses = append(w.uses, u)
}

// bytewise reports whether a value was made into bytes.
func bytewise(way []string) bool {
	return slices.Contains(way, "chr") || slices.Contains(way, "pack")
}

// cryptographic reports whether a package's name says that it is about cryptography.
func cryptographic(pkg string) bool {
	return slices.ContainsFunc(purpose.Words(pkg), func(w string) bool {
		return slices.Contains([]string{"crypt", "crypto", "cryptography", "cipher", "csprng", "entropy", "pgp", "ssh", "tls"}, w)
	})
}

// meaning tells what the names on a way say together: the first clear one, since
// what is made of a salt later is no salt, or else a vague one. A value that was
// said to be harmless before stays so, unless it was made into characters.
func (w *walk) meaning(names []string, a around, way []string) (best goal, harmless bool) {
	built := w.built(way)
	letters := slices.ContainsFunc(way, func(f string) bool { return f == "[]" || f == "substr" || f == "chr" || digest(f) })
	for _, name := range names {
		if best.sure < audit.Certain {
			if g := goalOf(name, a); g.beats(best) && (letters || !harmless) && (built || !g.short) {
				best = g
			}
		}
		harmless = harmless || purpose.Of(name) == purpose.Harmless
	}
	return best, purpose.Most(names...) == purpose.Harmless
}

func (w *walk) use(s flow.Sink, g goal, names, way []string, steps []flow.Step) use {
	v := w.v
	first := ""
	if len(names) > 0 {
		first = names[0]
	}
	home := v.t.EnclosingSub(w.from.node)
	end := s.Node
	if s.Kind != flow.Returned {
		end = v.t.EnclosingSub(s.Node)
	}
	return use{goal: g, source: w.from, kind: s.Kind, end: s.Node, steps: steps, built: w.built(way), local: end == home, first: first}
}

// builders make a string of a number: what went through one is no delay or share.
var builders = []string{"[]", "chr", "pack", "join", "sprintf", ".", "x", "encode_base64", "en_base64", "encode_base64url", "substr", "unpack", "to_string", "as_string"}

func (w *walk) built(way []string) bool {
	return w.from.made || slices.ContainsFunc(way, func(f string) bool { return slices.Contains(builders, f) || digest(f) })
}

// digest reports whether a function is a digest, or an object's method that ends one.
func digest(f string) bool {
	f = audit.Unqualified(f)
	return digestNames.MatchString(f) || slices.Contains(finishers, f)
}

// finishers are the methods that give the digest of an object.
var finishers = []string{"hexdigest", "b64digest", "base64digest", "digest"}

// add appends strings that say something.
func add(to []string, more ...string) []string {
	to = slices.DeleteFunc(slices.Clone(to), func(s string) bool { return s == "" })
	for _, s := range more {
		if s != "" && !slices.Contains(to, s) {
			to = append(to, s)
		}
	}
	return to
}
