package web

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/audit/setting"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// stateless finds logins through another site that are not tied to the visitor who
// began them: no state is sent, it is not compared on the way back, or it can be
// guessed.
func stateless(p *audit.Pass) {
	f := p.File
	if !f.Holds("client_id") && !f.Holds("authorization_code") &&
		!f.Holds("OAuth2") && !f.Holds("response_type") || byHand(f) {
		return
	}
	asksWithout(p)
	guessable(p)
	unanswered(p)
}

// byHand reports whether a program's user carries the code to it: no other site can
// bring one.
func byHand(f *audit.File) bool {
	for _, w := range []string{"urn:ietf:wg:oauth:2.0:oob", "redirect_uri=oob", "<STDIN>", "device_code"} {
		if f.Holds(w) {
			return true
		}
	}
	return false
}

// A sub that sends somebody away names the place, and one that takes the answer
// names the secret or the code.
var (
	leaving = lazyregexp.New(`(?i)authoriz(?:e|ation)[_/]?(?:url|uri|endpoint)?|auth(?:entication)?_ur[il]|login_ur[il]|\boauth2?/(?:v2/)?auth\b|dialog/oauth`)
	coming  = lazyregexp.New(`client_secret|grant_type|\bcode\s*=>|\{code\}|access_token|->(?:token|get_token)`)
)

var loopback = lazyregexp.New(`https?://(?:localhost|127\.0\.0\.1)\b`)

// What an address for a login says as text.
var (
	queried = lazyregexp.New(`\bresponse_type=(?:code|token)\b`)
	idGiven = lazyregexp.New(`[?&'"]client_id=`)
)

// asksWithout finds requests for authorization that have no state.
func asksWithout(p *audit.Pass) {
	f := p.File
	t := f.Tree
	done := map[perlsrc.NodeID]bool{} // subs and statements
	tell := func(at perlsrc.NodeID, how audit.Confidence) {
		sub := t.EnclosingSub(at)
		if sub == 0 {
			sub = t.EnclosingStatement(at)
		}
		if done[sub] {
			return
		}
		done[sub] = true
		if f.Role == audit.Program && f.Matches(loopback) {
			how = audit.Possible // the answer comes back to the user's own machine
		}
		p.Report(audit.Found{
			Node: at, Confidence: how, Severity: audit.Medium,
			Message: "the visitor is sent away to log in without a state, so another site can end the login with an account of its own",
		})
	}
	for s := range setting.All(f, "response_type") {
		kind := s.Outcomes(f)
		if len(kind) == 0 || kind[0].Known && kind[0].Value != "code" && kind[0].Value != "token" && kind[0].Value != "code token" || stateAround(f, s.Node) {
			continue
		}
		if s.How == setting.Pair && t.Nodes[t.Nodes[s.Value].Parent].Kind == perlsrc.CallNode && strings.Contains(t.Callee(t.Nodes[s.Value].Parent), "param") && !kind[0].Known {
			continue
		}
		if s.How == setting.Attribute || !bytes.Contains(around(f, s.Node), []byte("client_id")) {
			continue
		}
		how := audit.Likely
		if open(f, s) {
			how = audit.Possible
		}
		tell(s.Node, how)
	}
	for n := range f.All(perlsrc.TermNode) {
		if k := t.Token(n).Kind; k != perlsrc.Quote && k != perlsrc.HereDoc || !queried.Match(t.Text(n)) && !idGiven.Match(t.Text(n)) || stateAround(f, n) {
			continue
		}
		text := around(f, n)
		if bytes.Contains(text, []byte("client_id")) && (queried.Match(t.Text(n)) || leaving.Match(text) && bytes.Contains(text, []byte("redirect_uri=")) && !coming.Match(text)) {
			tell(n, audit.Likely)
		}
	}
	for s := range setting.All(f, "redirect_uri") {
		text := around(f, s.Node)
		if s.How <= setting.Field && bytes.Contains(text, []byte("client_id")) && leaving.Match(text) && !coming.Match(text) && !stateWord.Match(text) {
			tell(s.Node, audit.Likely)
		}
	}
	if _, loads := f.Loads("Net::OAuth2::Client", "Net::OAuth2::Profile::WebServer", "LWP::Authen::OAuth2"); loads {
		for n := range f.Calls("authorize", "authorize_url", "authorization_url", "authorize_response") {
			if t.Call(n).Method && !stateAround(f, n) {
				tell(n, audit.Likely)
			}
		}
	}
}

// steps gives the way from one node to another, where they are on lines of their own.
func steps(p *audit.Pass, from, to perlsrc.NodeID) []audit.Step {
	if p.File.Tree.Line(from) == p.File.Tree.Line(to) {
		return nil
	}
	return p.StepsAt(from, to)
}

// stateAround reports whether the sub around has to do with a state.
func stateAround(f *audit.File, n perlsrc.NodeID) bool {
	return stateWord.Match(around(f, n))
}

var stateWord = lazyregexp.New(`(?i)(?:\b|_|[a-z])state\b|csrf|\bnonce\b|anti_forgery|code_challenge`)

// open reports whether more may be put into the request than stands there.
func open(f *audit.File, s setting.Setting) bool {
	t := f.Tree
	if s.How != setting.Pair {
		return false
	}
	for c := range t.Children(t.Nodes[s.Value].Parent) {
		text := t.Text(c)
		if len(text) > 0 && (text[0] == '%' || text[0] == '@') && (f.Role == audit.Library && !bytes.ContainsRune(text, '{') || f.Matches(stateWord)) {
			return true // a caller of the module may give a state
		}
	}
	return false
}

// unanswered finds where the code that comes back is taken without a look at the
// state.
func unanswered(p *audit.Pass) {
	f := p.File
	t := f.Tree
	if readsState(f) {
		return
	}
	for s := range setting.All(f, "grant_type") {
		kind := s.Outcomes(f)
		if len(kind) != 1 || kind[0].Value != "authorization_code" {
			continue
		}
		scope := t.EnclosingSub(s.Node)
		if at := readsCode(f, scope); at != 0 {
			p.Report(audit.Found{
				Node: at, Confidence: audit.Likely, Severity: audit.Medium,
				Message: "the code that comes back is taken without a look at the state, so another site can end the login with an account of its own",
				Steps:   steps(p, at, s.Node),
			})
		}
	}
}

// readsCode gives the place in a sub where the code is taken from a request.
func readsCode(f *audit.File, sub perlsrc.NodeID) perlsrc.NodeID {
	t := f.Tree
	for n := range t.All(sub, perlsrc.CallNode, perlsrc.AccessNode) {
		if name, of := nameOf(t, n); name == "code" && isRequest(t, n, of) {
			return n
		}
	}
	return 0
}

// isRequest reports whether a name's owner is the parameters of a request.
func isRequest(t *perlsrc.Tree, n perlsrc.NodeID, of string) bool {
	switch of {
	case "param", "params", "parameters", "query_parameters", "query_param", "body_parameters", "query", "req", "request", "query_params":
		return true
	}
	return false
}

// readsState reports whether the file reads a state from a request or compares one.
func readsState(f *audit.File) bool {
	t := f.Tree
	for n := range f.All(perlsrc.CallNode, perlsrc.AccessNode) {
		if name, of := nameOf(t, n); strings.HasSuffix(name, "state") && (isRequest(t, n, of) || of == "session") {
			return true
		}
	}
	for n := range f.All(perlsrc.ExprNode) {
		for c := range t.Children(n) {
			if op := t.Operator(c); (op == "eq" || op == "ne") && stateWord.Match(t.Text(n)) {
				return true
			}
		}
	}
	return f.Holds("check_state", "validate_state", "verify_state")
}

// guessable finds a state that is made of the clock, of rand, or is always the same.
func guessable(p *audit.Pass) {
	f := p.File
	t := f.Tree
	tell := func(at, from perlsrc.NodeID, what string) {
		found := audit.Found{
			Node: at, Confidence: audit.Likely, Severity: audit.Medium, CWE: []string{"CWE-338", "CWE-352"},
			Message: "the state of the login is made of " + what + ", which can be guessed",
		}
		found.Steps = steps(p, from, at)
		p.Report(found)
	}
	for n := range f.Calls("rand") {
		stated := purpose.NewSet("state").In(f.SubName(n))
		for up := t.Nodes[n].Parent; up != 0 && !stated && t.Nodes[up].Kind != perlsrc.StatementNode; up = t.Nodes[up].Parent {
			if t.Nodes[up].Kind == perlsrc.AssignNode {
				name, _ := nameOf(t, t.Nodes[up].Child)
				stated = t.Nodes[t.Nodes[up].Child].Kind != perlsrc.AccessNode && purpose.NewSet("state").In(name)
			}
		}
		if stated {
			tell(n, n, "rand")
		}
	}
	for s := range setting.All(f, "state", "state_generator", "oauth_state") {
		if s.How == setting.Accessor || isForm(t, s) || beside(t, s, "post_logout_redirect_uri") || beside(t, s, "id_token_hint") {
			continue // an address of people, or the way out
		}
		if what, at := weak(f, s.Value); what != "" {
			tell(s.Node, at, what)
		} else if v, ok := t.Literal(s.Value); ok && s.How == setting.Pair && v != "" && beside(t, s, "client_id") && (beside(t, s, "response_type") || beside(t, s, "redirect_uri")) {
			p.Report(audit.Found{
				Node: s.Node, Confidence: audit.Likely, Severity: audit.Medium,
				Message: "the state of the login is always the same, so another site can end the login with an account of its own",
			})
		}
	}
}

func beside(t *perlsrc.Tree, s setting.Setting, name string) bool {
	for key := range setting.Siblings(t, s) {
		if key == name {
			return true
		}
	}
	return false
}

// isForm reports whether state is a part of an address of people.
func isForm(t *perlsrc.Tree, s setting.Setting) bool {
	return beside(t, s, "city") || beside(t, s, "zip") || beside(t, s, "country")
}

// weak tells what a value is made of that can be guessed, and where.
func weak(f *audit.File, n perlsrc.NodeID) (string, perlsrc.NodeID) {
	t := f.Tree
	worst, at := "", n
	look := func(callee string, c perlsrc.NodeID) {
		if callee == "rand" {
			worst, at = "rand", c
		} else if callee == "time" && worst == "" {
			worst, at = "the time", c
		}
	}
	if t.Nodes[n].Kind == perlsrc.CallNode {
		look(t.Callee(n), n)
	}
	for c := range t.All(n, perlsrc.CallNode) {
		look(t.Callee(c), c)
	}
	origins, _ := f.Flow().Origins(n)
	for _, o := range origins {
		look(o.Name, o.Node)
	}
	if worst == "the time" && (bytes.Contains(t.Text(n), []byte("random")) || bytes.Contains(t.Text(n), []byte("hmac"))) {
		return "", 0
	}
	for _, o := range origins {
		if strings.Contains(o.Name, "random") || strings.Contains(o.Name, "secret") || strings.Contains(o.Name, "hmac") {
			return "", 0
		}
	}
	return worst, at
}
