package decode

import (
	"strings"

	"nacre/audit"
	"nacre/audit/purpose"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// wide are templates of unpack that may give more than 65535: a count of bytes
// that fills the memory.
var wide = lazyregexp.New(`[NVLlQqJjIiw]`)

// lengths reports reads of as many bytes as the data itself says, without a
// bound: read($fh, $buf, unpack 'N', $head).
func lengths(p *audit.Pass) {
	f, t := p.File, p.File.Tree
	known := statedIn(f)
	for n := range f.Calls("read", "sysread", "recv", "read_bytes", "getbytes", "_read_bytes", "read_exactly", "readn") {
		call := t.Call(n)
		at := 2
		switch {
		case call.Method && (call.Callee == "read" || call.Callee == "sysread" || call.Callee == "recv"):
			at = 1
		case call.Method:
			at = 0
		case call.Callee != "read" && call.Callee != "sysread" && call.Callee != "recv":
			at = len(call.Args) - 1
		}
		if call.Dynamic || at < 0 || len(call.Args) <= at {
			continue
		}
		handle := call.Invocant
		if !call.Method {
			handle = call.Args[0]
		}
		known.taken(p, n, call.Args[at], isOwnFile(f, handle))
	}
	frames(p, known)
}

// hold is what a variable is compared with.
type hold uint8

const (
	free    hold = iota
	waiting      // with how much there is
	capped       // with a bound
)

// place is a variable of a sub, by its name; sub 0 is the file outside of all.
type place struct {
	sub  perlsrc.NodeID
	name string
}

// stated are the lengths that a file unpacks from data: where each is unpacked,
// and what it is compared with.
type stated struct {
	from map[place]perlsrc.NodeID
	hold map[place]hold
}

// maxExpr bounds the text of an expression that is looked through.
const maxExpr = 500

// statedIn reads them, each node once.
func statedIn(f *audit.File) *stated {
	t := f.Tree
	s := &stated{from: map[place]perlsrc.NodeID{}}
	for a := range f.All(perlsrc.AssignNode) {
		value := t.LastChild(a)
		if !unpacks(t, value) && !entrySize(t, a, value) {
			continue
		}
		for c := range t.Children(a) {
			if c != value {
				s.put(t, a, c, true)
			}
		}
	}
	if len(s.from) > 0 {
		s.hold = holdsIn(f, func(at place) bool { return s.from[at] != 0 })
	}
	return s
}

// holdsIn tells what the variables of a file that are asked about are compared
// with.
func holdsIn(f *audit.File, asked func(place) bool) map[place]hold {
	t, out := f.Tree, map[place]hold{}
	for e := range f.All(perlsrc.ExprNode, perlsrc.CallNode) {
		text := t.Text(e)
		if len(text) > maxExpr {
			continue
		}
		h := free
		if t.Nodes[e].Kind == perlsrc.CallNode {
			if c := t.Callee(e); c == "min" || strings.Contains(c, "check") || strings.Contains(c, "valid") {
				h = capped
			}
		} else {
			h = compared(t, e, string(text))
		}
		if h == free {
			continue
		}
		for _, name := range numeral.FindAll(text, 20) {
			if at := (place{t.EnclosingSub(e), string(name)}); asked(at) {
				out[at] = max(out[at], h)
			}
		}
	}
	return out
}

// put takes what an unpacked number is assigned to: a variable, alone or declared,
// or one of a list that is called as a length is.
func (s *stated) put(t *perlsrc.Tree, at, n perlsrc.NodeID, alone bool) {
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		if name := string(t.Text(n)); strings.HasPrefix(name, "$") && (alone || lengthy(name)) {
			s.from[place{t.EnclosingSub(at), name}] = at
		}
	case perlsrc.DeclareNode, perlsrc.ListNode:
		for c := range t.Children(n) {
			s.put(t, at, c, alone && t.Nodes[n].Kind == perlsrc.DeclareNode)
		}
	}
}

// compared tells what an expression compares its variables with.
func compared(t *perlsrc.Tree, e perlsrc.NodeID, text string) hold {
	for c := range t.Children(e) {
		switch t.Operator(c) {
		case "<", ">", "<=", ">=", "<=>":
			for _, harmless := range []string{"length", "read", "recv", "> 0", "< 0", "< 1"} {
				if strings.Contains(text, harmless) {
					return waiting
				}
			}
			return capped
		}
	}
	return free
}

// taken reports a length at a place where that many bytes are taken, if it is
// unpacked from data and held to nothing.
func (s *stated) taken(p *audit.Pass, n, length perlsrc.NodeID, ours bool) {
	t := p.File.Tree
	confidence, severity := audit.Likely, audit.Medium
	if ours || isLocal(p.File, n) {
		confidence, severity = audit.Possible, audit.Low
	}
	if unpacks(t, length) {
		p.Report(audit.Found{Node: n, Confidence: confidence, Severity: severity, Message: "as much is read as the data says, up to 4 GB"})
		return
	}
	at := place{t.EnclosingSub(length), string(t.Text(length))}
	from := s.from[at]
	if from == 0 || s.hold[at] == capped {
		return
	}
	p.Report(audit.Found{
		Node: n, Confidence: confidence, Severity: severity, Steps: p.StepsAt(from),
		Message: "as much is read as the data says in " + at.name + ", and nothing bounds that",
	})
}

// unpacks reports whether a node is a number unpacked from bytes, 32 bits or more.
func unpacks(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	if t.Nodes[n].Kind != perlsrc.CallNode {
		return false
	}
	call := t.Call(n)
	if call.Callee == "hex" && len(call.Args) == 1 && t.Nodes[call.Args[0]].Kind == perlsrc.TermNode {
		return true
	}
	if call.Callee != "unpack" || len(call.Args) == 0 {
		return false
	}
	template, ok := t.Literal(call.Args[0])
	return ok && wide.MatchString(template) && !strings.ContainsAny(template, "/")
}

// sized are words of packages that read records with a header.
var sized = []string{"tar", "zip", "archive", "cpio", "ar", "chunk", "packet", "frame", "riff", "png", "iff"}

var sizeOf = lazyregexp.New(`(?:->|->\{|\{)\s*(?:size|length|data_?len(?:gth)?|content_?length|body_?len)\b`)

// entrySize reports whether a value is the size that the header of an entry
// states.
func entrySize(t *perlsrc.Tree, at, value perlsrc.NodeID) bool {
	return firstOf(sized, t.EnclosingPackage(at)) != "" && sizeOf.Match(t.Text(value))
}

// lengthy reports whether a variable is called as a length is.
func lengthy(name string) bool {
	for _, w := range purpose.Words(name) {
		switch w {
		case "len", "length", "size", "bytes", "count", "n", "l", "sz":
			return true
		}
	}
	return false
}

// frames reports a buffer that grows until it holds as much as the data says:
//
//	$buf .= $bytes;
//	my $len = unpack 'N', $buf;
//	return if length($buf) < 4 + $len;
func frames(p *audit.Pass, known *stated) {
	f, t := p.File, p.File.Tree
	var grows map[string]bool
	for n := range f.Calls("unpack") {
		if !unpacks(t, n) {
			continue
		}
		dest := t.Dest(n)
		if dest.Use != perlsrc.Assigned || len(dest.Targets) == 0 {
			continue
		}
		target := dest.Targets[0]
		name := string(t.Text(target))
		if t.Nodes[target].Kind != perlsrc.TermNode {
			if i := strings.IndexByte(name, '$'); i >= 0 {
				name = strings.TrimRight(name[i:], ") ;")
			}
		}
		if !strings.HasPrefix(name, "$") || strings.ContainsAny(name, " ,{[") || !lengthy(name) {
			continue
		}
		call := t.Call(n)
		if len(call.Args) < 2 || known.hold[place{t.EnclosingSub(n), name}] != waiting {
			continue
		}
		if grows == nil {
			grows = grown(f)
		}
		if !grows[whole(t, call.Args[1])] {
			continue
		}
		p.Report(audit.Found{
			Node: n, Confidence: audit.Likely, Severity: audit.Medium,
			Message: "the buffer grows until it holds as much as the sender says in " + name + ", and nothing bounds that",
		})
	}
}

// grown gives what a file appends to, as it is written.
func grown(f *audit.File) map[string]bool {
	t, out := f.Tree, map[string]bool{}
	for a := range f.All(perlsrc.AssignNode) {
		first := t.Nodes[a].Child
		if next := t.Nodes[first].Next; next != 0 && t.Operator(next) == ".=" {
			out[string(t.Text(first))] = true
		}
	}
	for c := range f.Calls("sysread", "read") {
		if call := t.Call(c); len(call.Args) == 4 {
			out[string(t.Text(call.Args[1]))] = true
		}
	}
	return out
}

// whole is what a length is unpacked from, as it is written: the first argument
// of substr($buf, 0, 4).
func whole(t *perlsrc.Tree, n perlsrc.NodeID) string {
	if t.Nodes[n].Kind == perlsrc.CallNode && len(t.Call(n).Args) > 0 {
		n = t.Call(n).Args[0]
	}
	return string(t.Text(n))
}
