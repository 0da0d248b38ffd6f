package crypt

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// maxNames bounds how many nodes of one expression are looked at.
const maxNames = 200

// name is one that a value has, or that a part of it has.
type name struct {
	text string
	node perlsrc.NodeID
	call bool // of a function or method
}

// asked are the functions that tell something about a value without giving it.
var asked = []string{"length", "defined", "ref", "exists", "scalar", "wantarray", "blessed", "bytes::length", "keys", "looks_like_number"}

// readers are the methods and functions that give what somebody sent, by a
// literal name that says what it is: param('token'), header('X-Signature').
var readers = []string{
	"param", "params", "parameters", "cookie", "cookies", "header", "headers", "header_in", "get", "query_param", "body_param",
	"every_param", "session", "stash", "config", "conf", "setting", "option", "upload", "header_value", "url_param", "raw_cookie", "body_parameters", "query_parameters", "get_header",
}

// isRemote says that a function or method gives what a client sent.
func isRemote(function string) bool {
	switch function {
	case "param", "params", "parameters", "cookie", "cookies", "header", "headers", "header_in", "query_param", "body_param", "every_param", "upload", "url_param", "raw_cookie", "body_parameters", "query_parameters", "get_header":
		return true
	}
	return false
}

// names gives what an expression calls the parts that its value is made of.
func (v view) names(n perlsrc.NodeID) []name {
	var all []name
	left := maxNames
	v.gather(n, &all, &left)
	return all
}

func (v view) gather(n perlsrc.NodeID, all *[]name, left *int) {
	if *left--; *left < 0 {
		return
	}
	add := func(s string, call bool) {
		if s != "" && s != "self" && s != "class" && s != "_" && s != "this" && s != "c" {
			*all = append(*all, name{s, n, call})
		}
	}
	switch v.kind(n) {
	case perlsrc.TermNode:
		if tok := v.t.Token(n); tok.Kind == perlsrc.Variable {
			add(strings.TrimLeft(string(tok.Text(v.t.Src)), "$@%&*#{}"), false)
			return
		}
	case perlsrc.CallNode:
		c := v.t.Call(n)
		if !c.Method && slices.Contains(asked, c.Callee) {
			return
		}
		add(audit.Unqualified(c.Callee), true)
		if len(c.Args) > 0 && slices.Contains(readers, c.Callee) {
			if s, ok := v.t.Literal(c.Args[0]); ok {
				add(s, false)
				return
			}
		}
	case perlsrc.SubscriptNode:
		for c := range v.t.Children(n) {
			if s, ok := v.t.Literal(c); ok {
				add(s, false)
			} else if v.kind(c) != perlsrc.TermNode {
				v.gather(c, all, left)
			}
		}
		return
	case perlsrc.SubNode:
		return
	}
	for c := range v.t.Children(n) {
		v.gather(c, all, left)
	}
}

// label is the one name that says best what a value is: the last key of a field,
// the method or function that gave it, the variable.
func (v view) label(n perlsrc.NodeID) string {
	n = v.bare(n)
	switch v.kind(n) {
	case perlsrc.AccessNode:
		for _, c := range slices.Backward(slices.Collect(v.t.Children(n))) {
			if v.kind(c) != perlsrc.SubscriptNode {
				return v.label(c)
			}
			if key := v.t.Nodes[c].Child; key != 0 {
				if s, ok := v.t.Literal(key); ok && !isNumber(s) {
					return s
				}
			}
		}
	case perlsrc.TermNode:
		if tok := v.t.Token(n); tok.Kind == perlsrc.Variable {
			return strings.TrimLeft(string(tok.Text(v.t.Src)), "$@%&*#{}")
		}
		if c := v.t.Nodes[n].Child; c != 0 && v.t.Nodes[c].Next == 0 {
			return v.label(c) // "$x"
		}
	case perlsrc.InterpolationNode, perlsrc.CastNode:
		if c := v.t.Nodes[n].Child; c != 0 {
			return v.label(c)
		}
	case perlsrc.CallNode:
		c := v.t.Call(n)
		if len(c.Args) > 0 && slices.Contains(readers, c.Callee) {
			if s, ok := v.t.Literal(c.Args[0]); ok {
				return s
			}
		}
		switch c.Callee {
		case "lc", "uc", "trim", "encode_utf8", "encode", "decode_base64", "encode_base64", "pack", "unpack", "substr", "chomp":
			for _, a := range c.Args {
				if s := v.label(a); s != "" {
					return s
				}
			}
		}
		return audit.Unqualified(c.Callee)
	case perlsrc.LogicNode, perlsrc.ExprNode:
		// $x || '' is $x.
		if c := v.t.Nodes[n].Child; c != 0 {
			return v.label(c)
		}
	}
	return ""
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789-") == "" }

// made is what a value is made of: the names on its way, and the functions that
// it went through.
type made struct {
	names   []string
	through []string
	param   bool // an argument of the sub that somebody else calls
	// captured says that a part of it was cut out by a pattern.
	captured bool
	origins  []flow.Origin
}

// made asks the expression and the flow.
func (v view) made(n perlsrc.NodeID) made {
	var m made
	for _, x := range v.names(n) {
		if x.call {
			m.through = append(m.through, x.text)
		}
		m.names = append(m.names, x.text)
	}
	m.origins = v.origins(n)
	for _, o := range m.origins {
		m.through = append(m.through, o.Through...)
		m.param = m.param || o.Kind == flow.Param && !v.builds(o.Sub)
		m.captured = m.captured || o.Kind == flow.Captured && o.Direct
		switch o.Kind {
		case flow.Param, flow.Field, flow.Global:
			m.names = append(m.names, strings.TrimLeft(o.Name, "$@%"), o.Key)
		case flow.Result:
			m.names = append(m.names, audit.Unqualified(o.Name), o.Key)
			m.through = append(m.through, audit.Unqualified(o.Name))
			if slices.Contains(readers, o.Name) && v.kind(o.Node) == perlsrc.CallNode {
				if s, ok := v.t.Literal(v.t.Arg(o.Node, 0)); ok {
					m.names = append(m.names, s)
				}
			}
		}
	}
	for i, s := range m.through {
		m.through[i] = audit.Unqualified(s)
	}
	return m
}

// builds says that a sub makes an object, whose arguments are its settings.
func (v view) builds(sub perlsrc.NodeID) bool {
	if sub == 0 {
		return false
	}
	name := v.t.Sub(sub).Name
	return name == "new" || strings.HasPrefix(name, "BUILD") || name == "_init" || name == "init" || name == "import" || name == "configure"
}

// keyWords stand before key where that is a secret.
var keyWords = []string{"crypto", "crypt", "encrypt", "encryption", "decryption", "cipher", "hmac", "mac", "sign", "signing", "signature", "digest", "blowfish", "des", "rijndael", "aes", "admin", "shared", "master", "auth", "access", "license"}

// meaning is purpose.Of, and knows what is written in one word: storedpassword.
func meaning(name string) purpose.Purpose {
	p := purpose.Of(name)
	if p != purpose.None {
		return p
	}
	if ws := purpose.Words(name); len(ws) > 1 && ws[len(ws)-1] == "key" && slices.Contains(keyWords, ws[len(ws)-2]) {
		return purpose.Key
	}
	name = strings.ToLower(name)
	for _, end := range []struct {
		word string
		p    purpose.Purpose
	}{{"password", purpose.Password}, {"passwd", purpose.Password}, {"passphrase", purpose.Password}, {"secret", purpose.Key}, {"apikey", purpose.Token}, {"secretkey", purpose.Key}, {"authtoken", purpose.Token}, {"csrftoken", purpose.Token}} {
		if strings.HasSuffix(name, end.word) {
			return end.p
		}
	}
	return purpose.None
}

// folders is what a file speaks of whose pwd is the folder it works in.
var folders = lazyregexp.New(`\b(?:get)?cwd\b|\bCwd\b|\bchdir\b`)

// isFolder says that a pwd is a folder and no password.
func (v view) isFolder(name string) bool {
	return strings.HasSuffix(strings.ToLower(name), "pwd") && v.speaks(folders)
}

// secret says whether one of the names is of at least that weight: a password,
// a key.
func secret(names []string, least purpose.Purpose) (string, bool) {
	for _, s := range names {
		if meaning(s) >= least {
			return s, true
		}
	}
	return "", false
}

// holds says whether one of the words is among the words of the names.
func holds(names []string, words ...string) bool {
	return slices.ContainsFunc(names, func(s string) bool {
		return slices.ContainsFunc(purpose.Words(s), func(w string) bool { return slices.Contains(words, w) })
	})
}
