package random

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// guessable are functions whose result others know or can try.
var guessable = map[string]string{
	"time": "the time", "times": "the time", "gettimeofday": "the time", "steady_time": "the time", "localtime": "the time", "gmtime": "the time", "clock": "the time", "clock_gettime": "the time", "tv_interval": "the time", "strftime": "the time",
	"getpid": "the process id", "getppid": "the process id",
	"hostname": "the host's name", "hostfqdn": "the host's name", "uname": "the host's name", "gethostbyname": "the host's name",
	"getlogin": "the user's name", "getpwuid": "the user's name",
	"refaddr": "the address of a reference", "StrVal": "the address of a reference", "id": "the address of a reference",
}

// guessableVars are perl's own variables of that kind.
var guessableVars = map[string]string{
	"$$": "the process id", "$PID": "the process id", "$PROCESS_ID": "the process id", "$^T": "the time", "$BASETIME": "the time", "$0": "the program's name", "$PROGRAM_NAME": "the program's name", "$<": "the user's number", "$>": "the user's number",
}

// openWords are names of parameters and fields that others know as well.
var openWords = []string{"self", "class", "this", "c", "app", "user", "username", "login", "email", "mail", "name", "host", "ip", "addr", "address", "remote", "agent", "uri", "url", "id", "uid", "pkg", "package", "count", "counter", "seq", "realm", "r", "session", "nick", "number", "n", "length", "len", "size"}

// parts is what a value is mixed of.
type parts struct {
	kinds   []string // "the time", "the process id": each once
	unknown bool     // something else is in it
	good    bool     // something secret or random is
	digest  bool     // a digest is on its way
}

// mixes finds secrets that are mixed of what can be guessed.
func mixes(p *audit.Pass) {
	v := look(p)
	// A mix with rand in which a counter is counted on.
	for _, d := range v.verdicts() {
		if d.rule == "RND05" {
			p.Report(audit.Found{
				Node: d.source.node, Confidence: d.sure, Severity: d.severity, Steps: v.steps(d.use),
				Message: fmt.Sprintf("%s is mixed of a counter, the time, rand and the like, which can be guessed", d.what),
			})
		}
	}
	told := map[perlsrc.NodeID]bool{}
	for _, n := range v.digests() {
		v.mixed(n, told)
	}
	for n := range v.f.All(perlsrc.AssignNode) {
		v.mixedAssign(n, told)
	}
	for n := range v.f.All(perlsrc.SubNode) {
		v.mixedSub(n, told)
	}
}

// digestNames finds the functions of digests, as they are called in Digest::MD5,
// Digest::SHA, Crypt::Digest and Mojo::Util.
var digestNames = lazyregexp.New(`\A(?:md5|sha1|sha224|sha256|sha384|sha512|whirlpool|blake2b_\d+|blake2s_\d+|ripemd160|sha3_\d+|md4|crc32)(?:_hex|_base64|_b64|_b64u|_sum)?\z`)

// digests gives the calls of digests, and, of a digest's object, the finishing one.
func (v *view) digests() []perlsrc.NodeID {
	var out []perlsrc.NodeID
	for n := range v.f.All(perlsrc.CallNode) {
		c := v.t.Call(n)
		name := audit.Unqualified(c.Callee)
		if digestNames.MatchString(name) && len(c.Args) > 0 || c.Method && slices.Contains(finishers, name) {
			out = append(out, n)
		}
	}
	return out
}

// mixed reports a digest over what can be guessed, if it is for a secret.
func (v *view) mixed(n perlsrc.NodeID, told map[perlsrc.NodeID]bool) {
	m := v.partsOf(n)
	if m.unknown || m.good || len(m.kinds) == 0 {
		return
	}
	best, ok := worst(v.follow(source{node: n, name: "a digest", made: true}))
	if !ok {
		return
	}
	at := n
	if c := v.t.Call(n); c.Method && len(c.Args) == 0 {
		at = v.firstAdd(n, c)
	}
	v.tellMix(at, best, m, told)
}

// tellMix reports a mix once for each statement.
func (v *view) tellMix(n perlsrc.NodeID, best use, m parts, told map[perlsrc.NodeID]bool) {
	statement := v.t.EnclosingStatement(n)
	if told[statement] {
		return
	}
	told[statement] = true
	v.doubt(&best)
	message := fmt.Sprintf("%s is mixed of nothing but %s, which can be guessed", best.what, list(m.kinds))
	if len(m.kinds) == 1 {
		message = fmt.Sprintf("%s is made of nothing but %s, which can be guessed", best.what, m.kinds[0])
	}
	v.p.Report(audit.Found{Node: n, Confidence: best.sure, Severity: best.severity, Steps: v.steps(best), Message: message})
}

func list(kinds []string) string {
	if len(kinds) < 2 {
		return strings.Join(kinds, "")
	}
	return strings.Join(kinds[:len(kinds)-1], ", ") + " and " + kinds[len(kinds)-1]
}

// firstAdd gives the first call that adds to the object whose digest a call
// finishes: the same variable in the same sub.
func (v *view) firstAdd(finish perlsrc.NodeID, c perlsrc.Call) perlsrc.NodeID {
	object := string(v.t.Text(c.Invocant))
	sub := v.t.EnclosingSub(finish)
	for n := range v.f.Calls("add") {
		a := v.t.Call(n)
		if a.Method && string(v.t.Text(a.Invocant)) == object && v.t.EnclosingSub(n) == sub {
			return n
		}
	}
	return finish
}

// mixedAssign reports a secret that is assigned without a digest: time . $$.
func (v *view) mixedAssign(n perlsrc.NodeID, told map[perlsrc.NodeID]bool) {
	var last perlsrc.NodeID
	for c := range v.t.Children(n) {
		if last != 0 {
			name := v.lastName(last)
			if g := goalOf(name, v.around(n)); g.sure == audit.Certain && plainSecret(name) {
				var value perlsrc.NodeID
				for c := range v.t.Children(n) {
					value = c
				}
				v.undigested(value, g, told)
				return
			}
		}
		last = c
	}
}

// mixedSub reports a secret that a sub returns without a digest.
func (v *view) mixedSub(n perlsrc.NodeID, told map[perlsrc.NodeID]bool) {
	name := v.t.Sub(n).Name
	g := goalOf(name, v.around(n))
	if g.sure < audit.Certain || !plainSecret(name) || !gives(name) {
		return
	}
	for _, c := range v.returns()[n] {
		v.undigested(c, g, told)
	}
	// The last statement.
	if block := v.t.Sub(n).Block; block != 0 {
		var last perlsrc.NodeID
		for c := range v.t.Children(block) {
			if v.t.Nodes[c].Form == perlsrc.Plain {
				last = c
			}
		}
		if last != 0 && v.t.Nodes[last].Child != 0 {
			v.undigested(v.t.Nodes[last].Child, g, told)
		}
	}
}

// returns gives what each sub returns by a return.
func (v *view) returns() map[perlsrc.NodeID][]perlsrc.NodeID {
	return v.f.Memo(returnsKey{}, func() any {
		returns := map[perlsrc.NodeID][]perlsrc.NodeID{}
		for c := range v.f.Calls("return") {
			if value := v.t.Arg(c, 0); value != 0 {
				sub := v.t.EnclosingSub(c)
				returns[sub] = append(returns[sub], value)
			}
		}
		return returns
	}).(map[perlsrc.NodeID][]perlsrc.NodeID)
}

type returnsKey struct{}

// plainSecret reports whether the last word of a name is a secret's own, so that
// session_start and token_time are none; a state and a nonce may well be the time.
func plainSecret(name string) bool {
	words := purpose.Words(name)
	if len(words) == 0 {
		return false
	}
	return slices.Contains([]string{"sid", "sessid", "sessionid", "token", "password", "passwd", "salt", "secret", "csrf", "otp", "apikey", "pw", "iv", "nonce"}, words[len(words)-1]) ||
		len(words) > 1 && slices.Contains([]string{"id", "key", "code"}, words[len(words)-1]) && purpose.Of(name).Secret()
}

// undigested reports a value without a digest that is mixed of two things or more,
// in characters and not in structures.
func (v *view) undigested(n perlsrc.NodeID, g goal, told map[perlsrc.NodeID]bool) {
	switch v.t.Nodes[n].Kind {
	case perlsrc.HashNode, perlsrc.ArrayNode, perlsrc.SubNode:
		return
	}
	if c := v.t.Call(n); c.Method || strings.Contains(strings.ToLower(c.Callee), "time") {
		return
	}
	m := v.partsOf(n)
	if m.unknown || m.good || m.digest || len(m.kinds) < 2 {
		return
	}
	v.tellMix(n, use{goal: g, source: source{node: n, name: "the mix"}, end: n}, m, told)
}

// partsOf tells what a value is mixed of.
func (v *view) partsOf(n perlsrc.NodeID) parts {
	var m parts
	origins, whole := v.g.Origins(n)
	m.unknown = !whole
	for _, o := range origins {
		for _, f := range o.Through {
			if strings.Contains(f, "hmac") || strings.Contains(f, "crypt") {
				m.good = true
			}
			m.digest = m.digest || digest(f)
		}
		kind, open := v.partOf(o)
		switch {
		case kind != "":
			if !slices.Contains(m.kinds, kind) {
				m.kinds = append(m.kinds, kind)
			}
		case !open:
			m.unknown = true
		}
	}
	if v.mixedIn(n) {
		m.good = true
	}
	return m
}

// partOf tells what kind of guessable thing an origin is, or that it is open: a
// constant, or a name that others know.
func (v *view) partOf(o flow.Origin) (kind string, open bool) {
	if v.counter(o.Node) {
		return "a counter", true
	}
	switch o.Kind {
	case flow.Constant:
		if k := v.t.Nodes[o.Node].Kind; k == perlsrc.HashNode || k == perlsrc.ArrayNode {
			return "the address of a reference", true
		}
		return "", true
	case flow.Result:
		name := audit.Unqualified(o.Name)
		switch {
		case guessable[name] != "" && (name != "id" || strings.Contains(o.Name, "::")):
			return guessable[name], true
		case name == "new" && strings.HasPrefix(o.Class, "Digest") || name == "stat" || name == "-M":
			return "", true
		}
		return "", false
	case flow.Global:
		if k := guessableVars[o.Name]; k != "" {
			return k, true
		}
		if o.Name == "%ENV" && (strings.HasPrefix(o.Key, "REMOTE_") || strings.HasPrefix(o.Key, "HTTP_") || strings.HasPrefix(o.Key, "SERVER_")) {
			return "what the request says", true
		}
		return "", false
	case flow.Param, flow.Field:
		words := purpose.Words(o.Name)
		if len(words) > 0 && slices.Contains(openWords, words[len(words)-1]) {
			return "", true
		}
		return "", false
	}
	switch v.t.Nodes[o.Node].Kind {
	case perlsrc.HashNode, perlsrc.ArrayNode:
		return "the address of a reference", true
	}
	return "", false
}

// counter reports whether a node is a variable that is counted up somewhere.
func (v *view) counter(n perlsrc.NodeID) bool {
	names := v.f.Memo(countersKey{}, func() any { return counted(v.f.Src) }).(map[string]bool)
	start, end := v.t.Span(n)
	return end-start < 60 && names[strings.Trim(string(v.t.Src[start:end]), "+ ")]
}

type countersKey struct{}

// maxName bounds the names that counted finds.
const maxName = 40

// counted gives what is counted up in a source, as $n++ and ++$n are.
func counted(src []byte) map[string]bool {
	out := map[string]bool{}
	isName := func(c byte) bool {
		return c == '_' || c == ':' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
	}
	for at := 0; ; {
		i := bytes.Index(src[at:], []byte("++"))
		if i < 0 {
			return out
		}
		i += at
		at = i + 2
		start := i
		for start > 0 && i-start <= maxName && isName(src[start-1]) {
			start--
		}
		if start > 0 && src[start-1] == '$' && start < i {
			out[string(src[start-1:i])] = true
		}
		if at < len(src) && src[at] == '$' {
			end := at + 1
			for end < len(src) && end-at <= maxName && isName(src[end]) {
				end++
			}
			out[string(src[at:end])] = true
		}
	}
}

// mix is what stands beside rand in one value.
type mix struct{ counter, clock, address, secret bool }

// mixedWith tells what else is in the value that a node is a part of. Where the
// counter and the clock are, rand carries only a part.
func (v *view) mixedWith(n perlsrc.NodeID) mix {
	top := n
	for up := v.t.Nodes[n].Parent; up != 0 && slices.Contains([]perlsrc.NodeKind{perlsrc.ExprNode, perlsrc.ListNode, perlsrc.CallNode, perlsrc.AccessNode}, v.t.Nodes[up].Kind); up = v.t.Nodes[up].Parent {
		top = up
	}
	var m mix
	for c := range v.t.All(top, perlsrc.ExprNode, perlsrc.CallNode, perlsrc.TermNode, perlsrc.HashNode, perlsrc.ArrayNode) {
		switch v.t.Nodes[c].Kind {
		case perlsrc.ExprNode:
			text := string(v.t.Text(c))
			m.counter = m.counter || strings.HasPrefix(text, "++$") || strings.HasSuffix(text, "++")
		case perlsrc.CallNode:
			m.clock = m.clock || guessable[v.t.Callee(c)] == "the time"
			m.address = m.address || v.t.Callee(c) == "refaddr"
		case perlsrc.TermNode:
			text := string(v.t.Text(c))
			m.clock = m.clock || text == "$$"
			switch purpose.Of(text) {
			case purpose.Key, purpose.Password:
				// A seed that stands beside rand is a sum of what is known.
				if slices.Contains(purpose.Words(text), "seed") {
					continue
				}
				m.secret = m.secret || text[0] == '$' || v.t.Nodes[v.t.Nodes[c].Parent].Kind == perlsrc.SubscriptNode
			}
		default:
			m.address = m.address || v.t.Nodes[c].Child == 0
		}
	}
	return m
}
