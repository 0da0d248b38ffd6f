package random

import (
	"fmt"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/requirement"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlver"
)

// generatorWords are of what a file holds one that keeps a generator.
var generatorWords = []string{"Bytes::Random::Secure", "Math::Random::", "ISAAC", "Crypt::PK::", "urandom", "random_bytes"}

// stateful are classes for secrets whose objects keep a state that they do not
// make anew in a forked process; those of ISAAC are, too, wherever it is built in.
var stateful = []string{"Bytes::Random::Secure", "Bytes::Random::Secure::Tiny"}

// twisters keep a state, too; they matter where they make secrets at all.
var twisters = []string{"Math::Random::MT", "Math::Random::MT::Perl", "Math::Random::MT::Auto", "Math::Random::Xorshift"}

// forkAware finds what looks at the process, or is told of a fork.
var forkAware = lazyregexp.New(`\$\$\s*(?:!=|==|ne\b|eq\b|\})|(?:!=|==|\bne|\beq)\s*\$\$(?:\W|\z)|\$(?:PID|PROCESS_ID)\b|(?i:at_?fork|after_?fork|post_?fork|child_?init)\b|\bsub\s+CLONE\b`)

// forks finds programs that may fork.
var forks = lazyregexp.New(`\bfork\b|Prefork|Starman|Starlet|Parallel::|Net::Server|Plack|Mojolicious|Dancer|Catalyst|FCGI`)

// sharedGenerators finds generators whose state is shared over fork.
func sharedGenerators(p *audit.Pass) {
	if forkAware.Match(p.File.Src) || p.File.Role == audit.Build || p.File.Role == audit.Program && !forks.Match(p.File.Src) {
		return
	}
	v := look(p)
	for n := range v.f.Calls("new") {
		c := v.t.Call(n)
		where, kept := v.kept(n)
		if !c.Method || !kept {
			continue
		}
		f := audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.High,
			Message: fmt.Sprintf("the generator of %s is kept in %s, and every forked process goes on from the same state", c.Class, where),
		}
		switch {
		case slices.Contains(stateful, c.Class):
		case strings.Contains(c.Class, "::ISAAC"), c.Class == "" && strings.Contains(strings.ToLower(string(v.t.Text(c.Invocant))), "isaac"):
			if !v.unforetold(n) {
				f.Confidence, f.Severity = audit.Possible, audit.Medium
			}
		case slices.Contains(twisters, c.Class):
			if !v.makesSecrets(c.Class) {
				continue
			}
		case strings.HasPrefix(c.Class, "Crypt::PK::") && v.oldCryptX() && v.signs():
			f.Message = fmt.Sprintf("the object of %s is kept in %s, and before CryptX 0.088 every forked process signs with the same nonces", c.Class, where)
		default:
			continue
		}
		v.reportState(f)
	}
	v.ownStates()
	for _, l := range v.f.Facts().Loads {
		if l.Module == "Bytes::Random::Secure" && len(l.Imports) > 0 {
			p.Report(audit.Found{
				Line: l.Line, Confidence: audit.Possible, Severity: audit.Medium,
				Message: "the functions of Bytes::Random::Secure share one generator, and forked processes its state",
			})
		}
	}
}

// reportState reports a shared state; what only shows how ends before it matters.
func (v *view) reportState(f audit.Found) {
	if v.f.Role == audit.Example || v.f.Role == audit.Test {
		f.Confidence = audit.Possible
	}
	v.p.Report(f)
}

type secretsKey string

// makesSecrets reports whether a twister's numbers end in a secret.
func (v *view) makesSecrets(class string) bool {
	return v.f.Memo(secretsKey(class), func() any {
		for _, s := range v.weakCalls() {
			if s.from.module == class {
				if _, ok := worst(v.follow(s)); ok {
					return true
				}
			}
		}
		return false
	}).(bool)
}

// oldCryptX reports whether the release is known to let in a CryptX whose keys
// share a state.
func (v *view) oldCryptX() bool {
	return requirement.Of(v.p.Release).Admits("CryptX", cryptX) == requirement.Yes
}

var cryptX, _ = perlver.Parse("0.088")

// signs reports whether the file makes signatures or encrypts.
func (v *view) signs() bool {
	for _, name := range []string{"sign_message", "sign_hash", "encrypt", "sign_message_rfc7518", "sign_hash_rfc7518"} {
		for range v.f.Calls(name) {
			return true
		}
	}
	return false
}

// kept reports whether a new object outlives the call of the sub that makes it, and
// tells where it is kept.
func (v *view) kept(n perlsrc.NodeID) (where string, kept bool) {
	sub := v.t.EnclosingSub(n)
	if sub != 0 && v.t.Sub(sub).Word == "BEGIN" {
		sub = 0
	}
	d := v.t.Dest(n)
	switch d.Use {
	case perlsrc.Assigned:
		for _, target := range d.Targets {
			return v.keptIn(target, d.Declared, sub)
		}
	case perlsrc.Passed:
		if v.t.Callee(d.Node) == "bless" {
			return fmt.Sprintf("the field %q", d.Key), true
		}
	case perlsrc.Returned:
		if sub == 0 {
			return "", false
		}
		name := v.t.Sub(sub).Name
		if strings.HasPrefix(strings.TrimPrefix(name, "_"), "build_") {
			return "an attribute", true
		}
		if name == "" {
			outer := v.t.Dest(sub)
			return "an attribute", outer.Use == perlsrc.Passed && v.t.Callee(outer.Node) == "has"
		}
	}
	// use constant RNG => ...
	statement := v.t.EnclosingStatement(n)
	return "a constant", v.t.Nodes[statement].Form == perlsrc.Include
}

// keptIn tells whether what is assigned to stays.
func (v *view) keptIn(target perlsrc.NodeID, declared string, sub perlsrc.NodeID) (string, bool) {
	name := v.variable(target)
	if v.t.Nodes[target].Kind == perlsrc.AccessNode {
		base := v.t.Nodes[target].Child
		if !strings.Contains(name, "->") && sub != 0 && v.declaredIn(string(v.t.Text(base)), sub) {
			return "", false
		}
		return v.short(name), true
	}
	switch {
	case declared == "state" || declared == "our" || sub == 0:
		return v.short(name), true
	case declared != "" || v.declaredIn(name, sub):
		return "", false
	}
	return v.short(name), true
}

// variable gives the text of what is assigned to, without the my before it.
func (v *view) variable(target perlsrc.NodeID) string {
	for v.t.Nodes[target].Kind == perlsrc.DeclareNode || v.t.Nodes[target].Kind == perlsrc.ListNode {
		if v.t.Nodes[target].Child == 0 {
			break
		}
		target = v.t.Nodes[target].Child
	}
	return string(v.t.Text(target))
}

// short cuts a name for a message.
func (v *view) short(name string) string {
	if len(name) > 40 {
		return name[:37] + "..."
	}
	return name
}

// declaredIn reports whether a variable is declared by my in a sub.
func (v *view) declaredIn(name string, sub perlsrc.NodeID) bool {
	return v.f.Memo(declaredKey(sub), func() any {
		declared := map[string]bool{}
		for n := range v.t.All(sub, perlsrc.DeclareNode) {
			if word := string(v.t.Token(n).Text(v.t.Src)); word == "my" || word == "local" {
				for c := range v.t.Children(n) {
					declared[strings.TrimLeft(string(v.t.Text(c)), "$@%")] = true
				}
			}
		}
		return declared
	}).(map[string]bool)[strings.TrimLeft(name, "$@%")]
}

type declaredKey perlsrc.NodeID

// ownStates finds a variable of the file that is seeded once, and made into its own
// digest by a sub: a generator of one's own.
func (v *view) ownStates() {
	digests := v.digests()
	for _, seed := range v.goodSources() {
		d := v.t.Dest(seed)
		if d.Use != perlsrc.Assigned || d.Declared == "" || v.t.EnclosingSub(seed) != 0 || len(d.Targets) != 1 {
			continue
		}
		name := v.variable(d.Targets[0])
		for _, n := range digests {
			if v.f.Late() {
				return
			}
			if v.t.EnclosingSub(n) == 0 || !v.holds(n, name) {
				continue
			}
			to := v.t.Dest(n)
			if to.Use == perlsrc.Assigned && len(to.Targets) == 1 && v.variable(to.Targets[0]) == name {
				v.reportState(audit.Found{
					Node: seed, Confidence: audit.Likely, Severity: audit.High, Steps: v.p.StepsAt(seed, n),
					Message: fmt.Sprintf("the state %s is seeded once, and every forked process goes on from it", v.short(name)),
				})
				break
			}
		}
	}
}

// holds reports whether a variable stands below a node.
func (v *view) holds(n perlsrc.NodeID, name string) bool {
	for c := range v.t.All(n, perlsrc.TermNode) {
		if string(v.t.Text(c)) == name {
			return true
		}
	}
	return false
}
