package decode

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/audit/purpose"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// origin is who may have written what is read.
type origin struct {
	confidence audit.Confidence // 0: it is one's own
	severity   audit.Severity
	who        input.Who
	what       string // "the parameter "id" of a request", "$cookie"
	steps      []audit.Step
	names      []string // what its source is called
}

// farWords are what things are called that come from another machine or a user.
var farWords = []string{
	"cookie", "cookies", "cgi", "request", "req", "remote", "client", "peer", "socket", "sock", "network", "packet", "message", "msg",
	"rpc", "soap", "wire", "hidden", "upload", "uploaded", "http", "body", "payload", "response", "reply", "post", "query", "param", "params",
	"received", "recv", "incoming", "untrusted", "frame", "datagram", "mail", "email", "viewstate",
}

// nearWords are what things are called that only the program itself writes.
var nearWords = []string{
	"config", "conf", "cfg", "clone", "copy", "dclone", "default", "test", "fixture", "self", "serialized", "frozen", "cache", "cached",
	"db", "dbh", "row", "column", "disk", "memo", "index", "storage",
}

// written tells who may have written the value of a node.
func written(f *audit.File, n perlsrc.NodeID) origin {
	src := input.Worst(f, n, input.Number|input.Allowed)
	if src.Who == input.Unknown && src.From.Name == "open" && f.Tree.Nodes[src.From.Node].Kind == perlsrc.CallNode {
		// What is read is the file that was opened.
		if src.Who = input.File; own(f, src.From.Node) {
			return origin{}
		}
		src.What = "a file"
	}
	if src.Who == input.Constant && !constant(f, n) {
		src.Who = input.Unknown // it is filled in a way that the file's flow does not see
	}
	switch src.Who {
	case input.Remote:
		return origin{audit.Likely, audit.High, src.Who, src.What, src.Steps, nil}
	case input.Constant:
		return origin{}
	case input.Operator:
		return origin{audit.Possible, audit.Low, src.Who, src.What, src.Steps, nil}
	}
	return origin{audit.Possible, audit.Medium, src.Who, src.What, src.Steps, []string{src.From.Name, src.From.Key}}.named(f, n)
}

// named makes an origin likely where names say that it is far away.
func (out origin) named(f *audit.File, n perlsrc.NodeID) origin {
	if out.what == "" {
		out.what = "what is read here"
	}
	names := append(namesIn(f.Tree, n), out.names...)
	if out.who == input.Caller {
		// %params is what a sub calls its arguments.
		names = slices.DeleteFunc(names, func(name string) bool {
			return slices.Contains([]string{"params", "param", "parameters", "p"}, strings.ToLower(name))
		})
	}
	if firstOf(farWords, names...) != "" {
		out.confidence, out.severity = audit.Likely, audit.High
		return out
	}
	if firstOf(nearWords, names...) == "" && firstOf(farWords, f.SubName(n), f.Tree.EnclosingPackage(n)) != "" {
		out.confidence = audit.Likely
	}
	return out
}

// constant reports whether a value stands in the source.
func constant(f *audit.File, n perlsrc.NodeID) bool {
	if _, ok := f.Tree.Literal(n); ok {
		return true
	}
	origins, _ := f.Flow().Origins(n)
	return len(origins) > 0 && !slices.ContainsFunc(origins, func(o flow.Origin) bool { return o.Kind != flow.Constant })
}

// own reports whether an open names its file in the source.
func own(f *audit.File, open perlsrc.NodeID) bool {
	call := f.Tree.Call(open)
	return len(call.Args) > 1 && input.Worst(f, call.Args[len(call.Args)-1], 0).Who == input.Constant
}

// namesIn gives the names that a value bears in its expression: variables, keys,
// and the functions and methods that give it. What a method is asked with says
// nothing of its answer: the key of a cache, for one.
func namesIn(t *perlsrc.Tree, n perlsrc.NodeID) []string {
	var out []string
	var add func(n perlsrc.NodeID, deep int)
	add = func(n perlsrc.NodeID, deep int) {
		if n == 0 || deep == 0 || len(out) > 100 {
			return
		}
		switch t.Nodes[n].Kind {
		case perlsrc.TermNode:
			switch t.Token(n).Kind {
			case perlsrc.Variable, perlsrc.Word, perlsrc.Readline:
				out = append(out, strings.Trim(string(t.Text(n)), "$@%&*<>"))
				return
			case perlsrc.Quote:
				if v, ok := t.Literal(n); ok && len(v) < 40 {
					out = append(out, v)
				}
			}
		case perlsrc.CallNode:
			call := t.Call(n)
			out = append(out, call.Callee)
			if call.Method && call.Class == "" {
				add(call.Invocant, deep-1)
				if len(call.Args) == 1 {
					// $q->param('cookie')
					if v, ok := t.Literal(call.Args[0]); ok && len(v) < 40 {
						out = append(out, v)
					}
				}
				return
			}
		}
		for c := range t.Children(n) {
			add(c, deep-1)
		}
	}
	add(n, 12)
	return out
}

// firstOf gives the first word of the names that is in the list.
func firstOf(words []string, names ...string) string {
	for _, name := range names {
		for _, w := range purpose.Words(name) {
			if slices.Contains(words, w) {
				return w
			}
		}
	}
	return ""
}

// guards are parts of the names of functions that tell whether data is one's own.
var guards = []string{"hmac", "verify", "signature", "sig", "mac", "decrypt", "authenticate", "unsign", "digest"}

// checked gives for each sub where it first checks a signature, or decrypts, on
// every way and not only where a secret is set. It is gathered when it is first
// asked for.
type checked struct {
	file  *audit.File
	first map[perlsrc.NodeID]int32
}

// before reports whether the sub around a node has checked before it.
func (c *checked) before(n perlsrc.NodeID) bool {
	t := c.file.Tree
	if c.first == nil {
		c.first = map[perlsrc.NodeID]int32{}
		for call := range c.file.All(perlsrc.CallNode) {
			sub := t.EnclosingSub(call)
			if _, ok := c.first[sub]; !ok && firstOf(guards, t.Callee(call)) != "" && !onlyWithSecret(t, call) {
				c.first[sub] = t.Nodes[call].First
			}
		}
	}
	at, ok := c.first[t.EnclosingSub(n)]
	return ok && at <= t.Nodes[n].End
}

// onlyWithSecret reports whether a node is passed by where no secret is set.
func onlyWithSecret(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	for by, why := t.Conditional(n); by != 0; by, why = t.Conditional(by) {
		cond := by
		switch why {
		case "if", "&&", "and":
			if t.Nodes[by].Kind == perlsrc.StatementNode {
				if word, c := t.Modifier(by); word != "" {
					cond = c
				}
			}
			for c := range t.Children(cond) {
				if cond == by && t.Nodes[c].Kind == perlsrc.BlockNode {
					break
				}
				if firstOf([]string{"secret", "key", "salt"}, namesIn(t, c)...) != "" {
					return true
				}
				if why != "if" {
					break
				}
			}
		}
	}
	return false
}
