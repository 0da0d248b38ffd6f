package inject

import (
	"iter"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// text is a string that the file builds: literal pieces and values between them.
type text struct {
	node   perlsrc.NodeID
	pieces []piece
}

// piece is a value in a text, with the literal text around it.
type piece struct {
	node   perlsrc.NodeID // 0 for the text behind the last value
	before string         // all of the text before it, with a \x00 for each value
	after  string         // the same, behind it
	quoted bool           // it stands behind \Q
}

// whole gives all of a text, with a NUL for each value.
func (x *text) whole() string {
	if len(x.pieces) == 0 {
		return ""
	}
	p := x.pieces[0]
	return p.before + "\x00" + p.after
}

type textsKey struct{}

// texts gives the strings that a file builds with values in them, each as the
// largest expression of literals and values: a string, a here-document, several
// joined by dots, or a sprintf.
func texts(f *audit.File) []*text {
	return f.Memo(textsKey{}, func() any {
		var all []*text
		for n := range f.All(perlsrc.TermNode, perlsrc.ExprNode, perlsrc.CallNode) {
			if x := textOf(f, n); x != nil && !isPiece(f.Tree, n) {
				all = append(all, x)
			}
		}
		return all
	}).([]*text)
}

// isPiece reports whether a node is a part of a larger text.
func isPiece(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	up := t.Nodes[n].Parent
	for t.Nodes[up].Kind == perlsrc.ListNode {
		up = t.Nodes[up].Parent
	}
	switch t.Nodes[up].Kind {
	case perlsrc.ExprNode:
		return dotted(t, up)
	case perlsrc.CallNode:
		return (t.Callee(up) == "sprintf" || t.Callee(up) == "printf") && t.Arg(up, 0) == n || t.Callee(up) == "join" && t.Arg(up, 0) != n
	}
	return false
}

// dotted reports whether an expression is of dots alone.
func dotted(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	first := t.Nodes[n].Child
	if first == 0 || t.Nodes[first].Next == 0 || t.Nodes[first].First != t.Nodes[n].First {
		return false
	}
	for c := range t.Children(n) {
		if c != first && t.Operator(c) != "." {
			return false
		}
	}
	return true
}

// maxText bounds the literal text of one string that is kept.
const (
	maxText   = 16 << 10
	maxPieces = 64
	maxAway   = 10000 // tokens between a here-document's name and its lines
)

// builder puts a text together.
type builder struct {
	file    *audit.File
	text    strings.Builder
	values  []perlsrc.NodeID
	at      []int  // where each stands in text
	behind  []bool // which stand behind \Q
	quoting bool   // \Q has begun
}

func (b *builder) literal(s string) {
	if b.text.Len()+len(s) <= maxText {
		b.text.WriteString(strings.ReplaceAll(s, "\x00", ""))
	}
}

func (b *builder) value(n perlsrc.NodeID) {
	if lineEnd(b.file.Tree, n) {
		b.literal("\r\n")
		return
	}
	if len(b.values) < maxPieces {
		b.values, b.at, b.behind = append(b.values, n), append(b.at, b.text.Len()), append(b.behind, b.quoting)
		b.text.WriteByte(0)
	}
}

// textOf reads a node as a text; nil where it holds no literal or no value.
func textOf(f *audit.File, n perlsrc.NodeID) *text {
	b := &builder{file: f}
	t := f.Tree
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		switch t.Token(n).Kind {
		case perlsrc.Quote, perlsrc.HereDoc, perlsrc.Command:
		default:
			return nil
		}
		if t.Nodes[n].Child == 0 {
			return nil
		}
	case perlsrc.ExprNode:
		if !dotted(t, n) {
			return nil
		}
	case perlsrc.CallNode:
		switch t.Callee(n) {
		case "sprintf", "printf", "join":
		default:
			return nil
		}
	default:
		return nil
	}
	b.add(n, 0)
	if len(b.values) == 0 || b.text.Len() == len(b.values) {
		return nil
	}
	x := &text{node: n}
	whole := b.text.String()
	for i, v := range b.values {
		x.pieces = append(x.pieces, piece{node: v, before: whole[:b.at[i]], after: whole[b.at[i]+1:], quoted: b.behind[i]})
	}
	return x
}

// add appends what a node holds.
func (b *builder) add(n perlsrc.NodeID, depth int) {
	t := b.file.Tree
	if v, ok := t.Literal(n); ok {
		b.literal(v)
		return
	}
	if depth > 20 {
		b.value(n)
		return
	}
	switch t.Nodes[n].Kind {
	case perlsrc.TermNode:
		switch t.Token(n).Kind {
		case perlsrc.Quote, perlsrc.HereDoc, perlsrc.Command:
			b.quoted(n)
			return
		}
	case perlsrc.ExprNode:
		if dotted(t, n) {
			for c := range t.Children(n) {
				b.add(c, depth+1)
			}
			return
		}
	case perlsrc.ListNode:
		if c := t.Nodes[n].Child; c != 0 && t.Nodes[c].Next == 0 {
			b.add(c, depth+1)
			return
		}
	case perlsrc.CallNode:
		switch t.Callee(n) {
		case "sprintf", "printf":
			b.sprintf(n)
			return
		case "join":
			if sep, ok := t.Literal(t.Arg(n, 0)); ok {
				i := 0
				for a := range t.Args(n) {
					if i > 1 {
						b.literal(sep)
					}
					if i > 0 {
						b.add(a, depth+1)
					}
					i++
				}
				return
			}
		}
	}
	b.value(n)
}

// lineEnd reports whether a value is a line end by its name: $CRLF, EOL.
func lineEnd(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	start, end := t.Span(n)
	if end-start > 20 {
		return false
	}
	switch strings.ToLower(strings.Trim(string(t.Src[start:end]), "${}()@[] ")) {
	case "crlf", "eol", "nl", "lf", "newline", "net_eol", "self->{eol", "self->{crlf":
		return true
	}
	return false
}

// quoted appends a string with its interpolations.
func (b *builder) quoted(n perlsrc.NodeID) {
	t := b.file.Tree
	for part, child := range partsOf(t, n) {
		if child != 0 {
			b.value(child)
			continue
		}
		plain := strings.ReplaceAll(part, `\\`, "")
		if q, e := strings.LastIndex(plain, `\Q`), strings.LastIndex(plain, `\E`); q != e {
			b.quoting = q > e
		}
		b.literal(unescape(part))
	}
	b.quoting = false
}

// partsOf gives the literal parts and the interpolations of a string in order.
func partsOf(t *perlsrc.Tree, n perlsrc.NodeID) iter.Seq2[string, perlsrc.NodeID] {
	return func(yield func(string, perlsrc.NodeID) bool) {
		tok := t.Token(n)
		body := tok.Quoted(t.Src).Body
		if tok.Kind == perlsrc.HereDoc {
			body = hereBody(t, n)
		}
		at := body.Start
		for c := range t.Children(n) {
			if t.Nodes[c].Kind != perlsrc.InterpolationNode {
				continue
			}
			start, end := t.Span(c)
			if start > 0 && start-1 >= at && (t.Src[start-1] == '$' || t.Src[start-1] == '@') {
				start--
			}
			if start < at || end > body.End {
				continue
			}
			if start > at && !yield(string(t.Src[at:start]), 0) {
				return
			}
			if !yield("", c) {
				return
			}
			at = end
		}
		if at < body.End {
			yield(string(t.Src[at:body.End]), 0)
		}
	}
}

// hereBody gives the lines of a here-document.
func hereBody(t *perlsrc.Tree, n perlsrc.NodeID) perlsrc.Span {
	doc, first := t.Token(n), int(t.Nodes[n].First)
	if first >= t.Outer {
		return perlsrc.Span{} // within a string
	}
	for _, tok := range t.Tokens[first:min(t.Outer, first+maxAway)] {
		if tok.Kind == perlsrc.HereBody && tok.Here == doc.Here {
			return perlsrc.HereLines(t.Src, tok)
		}
	}
	return perlsrc.Span{}
}

// unescape turns the escapes of line ends and quotes into what they mean.
func unescape(s string) string {
	return escapes.Replace(s)
}

var escapes = strings.NewReplacer(`\r`, "\r", `\n`, "\n", `\015`, "\r", `\012`, "\n", `\x0d`, "\r", `\x0a`, "\n", `\x0D`, "\r", `\x0A`, "\n", `\t`, "\t", `\"`, `"`, `\\`, `\`, `\@`, "@", `\$`, "$")

// sprintf appends a format with its values.
func (b *builder) sprintf(n perlsrc.NodeID) {
	t := b.file.Tree
	format, ok := t.Literal(t.Arg(n, 0))
	if !ok {
		b.value(n)
		return
	}
	i := 1
	for {
		at := strings.IndexByte(format, '%')
		if at < 0 {
			b.literal(format)
			return
		}
		b.literal(format[:at])
		format = strings.TrimLeft(format[at+1:], "-+ #0123456789.lhqLV*$")
		if format == "" {
			return
		}
		verb := format[0]
		format = format[1:]
		if verb == '%' {
			b.literal("%")
			continue
		}
		a := t.Arg(n, i)
		i++
		switch {
		case a == 0:
		case strings.IndexByte("duioxXeEfgGbBc", verb) >= 0:
			b.literal("0")
		default:
			b.value(a)
		}
	}
}
