package decode

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/input"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// unbounded is DES05: what reads data without a bound on its depth, its length,
// or on what becomes of it when it is unpacked.
func unbounded(p *audit.Pass) {
	recursion(p)
	lengths(p)
	bombs(p)
}

var (
	// decoders are words of subs that turn bytes into data; formats are those of
	// packages that know a format of data.
	decoders = []string{"decode", "decoder", "deserialize", "unserialize", "deserialise", "thaw", "inflate", "unmarshal", "demarshal", "unbencode", "bdecode", "unpickle", "undump"}
	formats  = []string{
		"json", "yaml", "cbor", "bson", "bencode", "bencoding", "asn1", "ber", "der", "msgpack", "messagepack", "plist", "amf", "toml", "sexp",
		"xml", "mime", "dns", "php", "pickle", "protobuf", "thrift", "edn", "hocon", "ubjson", "decoder", "decode", "rtf", "netstring", "resp",
	}
	// pieces are words of subs of a parser that belong together.
	pieces = []string{"parse", "parser", "value", "array", "object", "hash", "list", "dict", "element", "node", "item", "part", "parts", "term", "struct", "read", "unpack", "container", "name"}
	// writers walk data of their own.
	writers = []string{"encode", "encoder", "dump", "emit", "write", "format", "print", "stringify", "serialize", "to", "as", "render", "freeze", "marshal", "pretty", "walk", "clone", "merge", "flatten"}

	boundWord = lazyregexp.New(`(?i)depth|level|nest|recurs|too_?deep|\$max|MAX_|_limit|\$limit`)
)

// fileSub is a named sub of the file and whom of the file's subs it calls.
type fileSub struct {
	node  perlsrc.NodeID
	name  string
	calls []edge
}

// edge is a call of another sub of the file.
type edge struct {
	to int
	at perlsrc.NodeID
}

// recursion reports subs of a decoder that call each other for each level of
// what they read, where no word speaks of a depth.
func recursion(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	var subs []fileSub
	index := map[string]int{}
	at := map[perlsrc.NodeID]int{}
	for n := range f.All(perlsrc.SubNode) {
		name := t.Sub(n).Name
		if name == "" || t.Sub(n).Block == 0 {
			continue
		}
		at[n] = len(subs)
		index[t.EnclosingPackage(n)+"::"+audit.Unqualified(name)] = len(subs)
		subs = append(subs, fileSub{node: n, name: audit.Unqualified(name)})
	}
	if len(subs) == 0 || len(subs) > 5000 {
		return
	}
	for n := range f.All(perlsrc.CallNode) {
		callee := t.Callee(n)
		if callee == "" {
			continue
		}
		name := callee
		if !strings.Contains(name, "::") {
			name = t.EnclosingPackage(n) + "::" + name
		}
		to, ok := index[name]
		if !ok {
			continue
		}
		if call := t.Call(n); call.Method && !ownMethod(t, n, call) || call.Dynamic || call.Bare && call.Callee == callee && t.Operator(n) == "->" {
			continue
		}
		if from, ok := namedSub(t, at, n); ok {
			subs[from].calls = append(subs[from].calls, edge{to, n})
		}
	}
	for _, group := range cycles(subs) {
		reportCycle(p, subs, group)
	}
}

// given reports whether a call hands on nothing of the input: a default is
// parsed, which ends.
func given(f *audit.File, n perlsrc.NodeID) bool {
	some := false
	for arg := range f.Tree.Args(n) {
		if some = true; !constant(f, arg) {
			return false
		}
	}
	return some
}

// ownMethod reports whether a method is called on the object itself: another
// object of the same class is a level of what is already there, not of input.
func ownMethod(t *perlsrc.Tree, n perlsrc.NodeID, call perlsrc.Call) bool {
	if call.Class != "" {
		return call.Class == "__PACKAGE__" || call.Class == t.EnclosingPackage(n)
	}
	switch text := string(t.Text(call.Invocant)); text {
	case "$self", "$class", "$this", "shift", "$_[0]", "$s", "$me", "__PACKAGE__", "ref($self)", "(ref $self)", "ref $self", "(ref($self) || $self)", "$parser", "$proto", "$pkg":
		return true
	}
	return false
}

func namedSub(t *perlsrc.Tree, at map[perlsrc.NodeID]int, n perlsrc.NodeID) (int, bool) {
	for s := t.EnclosingSub(n); s != 0; s = t.EnclosingSub(s) {
		if i, ok := at[s]; ok {
			return i, true
		}
	}
	return 0, false
}

// cycles gives the groups of subs that can come back to themselves: the strongly
// connected ones, by Tarjan's way without recursion.
func cycles(subs []fileSub) (groups [][]int) {
	const unseen = -1
	num, low, on := make([]int, len(subs)), make([]int, len(subs)), make([]bool, len(subs))
	for i := range num {
		num[i] = unseen
	}
	type frame struct{ sub, next int }
	var stack []int
	count := 0
	for start := range subs {
		if num[start] != unseen {
			continue
		}
		work := []frame{{start, 0}}
		for len(work) > 0 {
			w := &work[len(work)-1]
			v := w.sub
			if w.next == 0 {
				num[v], low[v] = count, count
				count++
				stack, on[v] = append(stack, v), true
			}
			if w.next < len(subs[v].calls) {
				to := subs[v].calls[w.next].to
				w.next++
				switch {
				case num[to] == unseen:
					work = append(work, frame{to, 0})
				case on[to]:
					low[v] = min(low[v], num[to])
				}
				if w.next < len(subs[v].calls) || num[to] == unseen {
					continue
				}
				continue
			}
			work = work[:len(work)-1]
			if len(work) > 0 {
				low[work[len(work)-1].sub] = min(low[work[len(work)-1].sub], low[v])
			}
			if low[v] != num[v] {
				continue
			}
			i := len(stack) - 1
			for stack[i] != v {
				i--
			}
			group := slices.Clone(stack[i:])
			for _, s := range group {
				on[s] = false
			}
			stack = stack[:i]
			if len(group) > 1 || slices.ContainsFunc(subs[v].calls, func(e edge) bool { return e.to == v }) {
				slices.Sort(group)
				groups = append(groups, group)
			}
		}
	}
	return groups
}

// reportCycle reports a group of subs where its names say that it decodes, it
// consumes its input, and nothing in it speaks of a depth.
func reportCycle(p *audit.Pass, subs []fileSub, group []int) {
	f, t := p.File, p.File.Tree
	if len(group) > 50 {
		return
	}
	decodes, piece, consumes := false, false, fasts
	var names []string
	for _, i := range group {
		s := subs[i]
		start, end := t.Span(s.node)
		if boundWord.Match(t.Src[start:end]) || firstOf(writers, s.name) != "" && firstOf(decoders, s.name) == "" {
			return
		}
		decodes = decodes || firstOf(decoders, s.name) != ""
		piece = piece || firstOf(pieces, s.name) != ""
		consumes = max(consumes, appetiteOf(f, s.node))
		names = append(names, s.name)
	}
	format := firstOf(formats, t.EnclosingPackage(subs[group[0]].node)) != ""
	named := firstOf([]string{"parse", "read", "parts", "multipart", "unpack"}, names...) != ""
	parses := named || firstOf([]string{"parser", "reader"}, t.EnclosingPackage(subs[group[0]].node)) != ""
	if consumes == fasts || consumes == nibbles && !decodes && !named || !decodes && !(piece && (format || parses)) {
		return
	}
	edge, ok := comesBack(f, subs, group)
	if !ok {
		return
	}
	found := audit.Found{Node: edge, Confidence: audit.Likely, Severity: audit.Medium}
	if !decodes && !format || decodes && !format && !piece && len(group) == 1 && !takesBytes(f, subs[group[0]].node) {
		found.Confidence, found.Severity = audit.Possible, audit.Low
	}
	if slices.Contains(names, "new") && !format {
		found.Confidence, found.Severity = audit.Possible, audit.Low // objects in objects, not levels of a text
	}
	for _, i := range group {
		found.Steps = append(found.Steps, p.StepsAt(subs[i].node)...)
	}
	found.Message = names[0] + " calls itself for each level of what it reads, and nothing bounds the depth"
	if len(names) > 1 {
		found.Message = strings.Join(names[:min(len(names), 3)], ", ") + " call each other for each level of what they read, and nothing bounds the depth"
	}
	p.Report(found)
}

// comesBack gives the first call of a group that goes on in it with some of the
// input. A group that only hands on defaults ends at once.
func comesBack(f *audit.File, subs []fileSub, group []int) (at perlsrc.NodeID, ok bool) {
	fewer := make([]fileSub, len(group))
	for k, i := range group {
		for _, e := range subs[i].calls {
			if to := slices.Index(group, e.to); to >= 0 && !given(f, e.at) {
				fewer[k].calls = append(fewer[k].calls, edge{to, e.at})
			}
		}
	}
	for _, g := range cycles(fewer) {
		for _, e := range fewer[g[0]].calls {
			if slices.Contains(g, e.to) {
				return e.at, true
			}
		}
	}
	return 0, false
}

// appetite is how clearly a sub consumes its input.
type appetite uint8

const (
	fasts   appetite = iota
	nibbles          // it takes pieces of strings
	eats             // it goes on where it was: \G, an offset that moves, tokens that are shifted, a handle that is read
)

// appetiteOf tells how clearly a sub consumes its input.
func appetiteOf(f *audit.File, sub perlsrc.NodeID) appetite {
	t, out := f.Tree, fasts
	for n := range t.All(sub, perlsrc.TermNode, perlsrc.CallNode) {
		if t.Nodes[n].Kind == perlsrc.CallNode {
			switch call := t.Call(n); call.Callee {
			case "substr":
				if len(call.Args) == 4 {
					return eats
				}
				out = nibbles
			case "unpack", "ord", "vec", "split":
				out = nibbles
			case "read", "sysread", "getc", "next_token", "peek_token", "get_token", "_next_token", "next_char", "_next_char", "white", "read_bytes", "_read", "get_byte", "next_chr":
				return eats
			case "shift":
				if len(call.Args) == 1 && firstOf([]string{"tokens", "token", "data", "input", "bytes", "lines", "parts", "stream", "buf", "chars"}, string(t.Text(call.Args[0]))) != "" {
					return eats
				}
			}
			continue
		}
		tok := t.Token(n)
		switch q := tok.Quoted(t.Src); tok.Kind {
		case perlsrc.Match:
			if strings.Contains(q.Modifiers, "g") && strings.Contains(q.Modifiers, "c") || bytes.Contains(q.Body.Text(t.Src), []byte(`\G`)) {
				return eats
			}
		case perlsrc.Substitute:
			body := q.Body.Text(t.Src)
			if q.Second.Start == q.Second.End && (bytes.HasPrefix(body, []byte("^")) || bytes.HasPrefix(body, []byte(`\A`))) && len(body) > 4 && !bytes.HasPrefix(body, []byte(`^\s`)) {
				return eats
			}
		}
	}
	return out
}

// takesBytes reports whether a sub works on a string and not on data that is
// already there: it does not dereference its argument.
func takesBytes(f *audit.File, sub perlsrc.NodeID) bool {
	for n := range f.Tree.All(sub, perlsrc.CallNode) {
		if f.Tree.Callee(n) == "ref" || f.Tree.Callee(n) == "reftype" {
			return false
		}
	}
	return true
}

// bombs reports packed data from far away that is unpacked whole.
func bombs(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	for n := range f.Calls("memGunzip", "memBunzip", "uncompress", "gunzip", "bunzip2", "inflate", "anyinflate", "unzip", "rawinflate", "anyuncompress", "unlzma", "unxz") {
		call := t.Call(n)
		if call.Method || len(call.Args) == 0 || call.Dynamic {
			continue
		}
		src := input.Worst(f, call.Args[0], 0)
		if src.Who != input.Remote {
			continue
		}
		p.Report(audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.Medium, Steps: src.Steps,
			Message: audit.Unqualified(call.Callee) + " unpacks " + src.What + " whole, however much comes out of it",
		})
	}
}
