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
// the numbers in it, or on what becomes of it when it is unpacked.
func unbounded(p *audit.Pass) {
	recursion(p)
	lengths(p)
	counts(p)
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

	// The words of values that hold others, of three kinds: two of these are the
	// subs of data, and not of a language.
	lists = []string{"array", "list", "seq", "sequence", "arrayref", "vector", "tuple"}
	maps  = []string{"object", "hash", "dict", "map", "struct", "mapping", "hashref", "table", "pair", "pairs"}
	anys  = []string{"value", "any", "item", "element", "scalar", "data", "thing", "atom", "val"}

	boundWord = lazyregexp.New(`(?i)depth|level|nest|recurs|too_?deep|\$max|MAX_|_limit|\$limit`)
)

// recursion reports subs of a decoder that call each other for each level of
// what they read, where no word speaks of a depth.
func recursion(p *audit.Pass) {
	subs := subsOf(p.File)
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
		if speaksOfDepth(t, s.node) || firstOf(writers, s.name) != "" && firstOf(decoders, s.name) == "" {
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
	data := holdsOthers(names) && consumes == eats
	if consumes == fasts || consumes == nibbles && !decodes && !named || !decodes && !(piece && (format || parses)) && !data {
		return
	}
	edge, ok := comesBack(f, subs, group)
	if !ok {
		return
	}
	found := audit.Found{Node: edge, Confidence: audit.Likely, Severity: audit.Medium}
	if !decodes && !format && !data || decodes && !format && !piece && len(group) == 1 && !takesBytes(f, subs[group[0]].node) {
		found.Confidence, found.Severity = audit.Possible, audit.Low
	}
	if slices.Contains(names, "new") && !format || isLocal(f, edge) || readsOwnFile(f, subs, group) {
		found.Confidence, found.Severity = audit.Possible, audit.Low // objects in objects, or what nobody sends
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

// holdsOthers reports whether names are of two kinds of values at least.
func holdsOthers(names []string) bool {
	kinds := 0
	for _, words := range [][]string{lists, maps, anys} {
		if firstOf(words, names...) != "" {
			kinds++
		}
	}
	return kinds > 1
}

// speaksOfDepth reports whether the code of a sub, without its comments, holds a
// word of a bound.
func speaksOfDepth(t *perlsrc.Tree, sub perlsrc.NodeID) bool {
	for _, tok := range t.Tokens[t.Nodes[sub].First:t.Nodes[sub].End] {
		if tok.Kind.Significant() && boundWord.Match(tok.Text(t.Src)) {
			return true
		}
	}
	return false
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
