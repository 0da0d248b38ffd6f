package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// piece is a part of a string: text as it stands in the source, or a node whose
// value is put there.
type piece struct {
	text string
	node perlsrc.NodeID
}

const (
	maxPieces = 64
	maxDeep   = 12
	maxCuts   = 500 // nodes that are looked at for one string
)

// pieces takes a string apart, as far as the file says how it is built: through
// interpolation, dots, join, sprintf, catfile and the methods of path objects,
// and through variables that are assigned once.
func pieces(f *audit.File, n perlsrc.NodeID) []piece {
	cuts := maxCuts
	c := cutter{f: f, left: &cuts}
	c.cut(n, 0)
	return c.out
}

type cutter struct {
	f    *audit.File
	out  []piece
	left *int // of maxCuts
}

func (c *cutter) text(s string) {
	if s == "" {
		return
	}
	if i := len(c.out) - 1; i >= 0 && c.out[i].node == 0 {
		c.out[i].text += s
		return
	}
	c.out = append(c.out, piece{text: s})
}

func (c *cutter) value(n perlsrc.NodeID) { c.out = append(c.out, piece{node: n}) }

func (c *cutter) cut(n perlsrc.NodeID, deep int) {
	t := c.f.Tree
	if n == 0 || len(c.out) >= maxPieces {
		return
	}
	if text, ok := t.Literal(n); ok {
		c.text(text)
		return
	}
	if *c.left--; deep > maxDeep || *c.left < 0 {
		c.value(n)
		return
	}
	switch node := t.Nodes[n]; node.Kind {
	case perlsrc.ListNode, perlsrc.InterpolationNode:
		if node.Child != 0 && t.Nodes[node.Child].Next == 0 {
			c.cut(node.Child, deep+1)
			return
		}
	case perlsrc.AssignNode:
		c.cut(t.LastChild(n), deep+1)
		return
	case perlsrc.ExprNode:
		if c.dotted(n) {
			for k := range t.Children(n) {
				c.cut(k, deep+1)
			}
			return
		}
	case perlsrc.TermNode:
		tok := t.Token(n)
		switch tok.Kind {
		case perlsrc.Quote, perlsrc.HereDoc, perlsrc.Command:
			c.string(n, tok, deep)
			return
		case perlsrc.Variable:
			if c.variable(n, deep) {
				return
			}
		}
	case perlsrc.CallNode:
		if c.call(n, deep) {
			return
		}
	}
	c.value(n)
}

// variable takes apart what a variable is made of, where that is a string that
// is built; what it holds otherwise is better asked of the variable, which may
// have been held to something.
func (c *cutter) variable(n perlsrc.NodeID, deep int) bool {
	from := assignedOnce(c.f, n)
	if from == 0 {
		return false
	}
	inner := cutter{f: c.f, left: c.left}
	inner.cut(from, deep+1)
	if len(inner.out) == 1 && inner.out[0].node != 0 {
		return false
	}
	for _, p := range inner.out {
		if p.node != 0 {
			c.value(p.node)
		} else {
			c.text(p.text)
		}
	}
	return true
}

// dotted reports whether an expression only joins.
func (c *cutter) dotted(n perlsrc.NodeID) bool {
	t := c.f.Tree
	first := t.Nodes[n].Child
	for k := range t.Children(n) {
		op := t.Operator(k)
		if k == first && op != "" || k != first && op != "." {
			return false
		}
	}
	return t.Nodes[first].Next != 0
}

// string takes the parts of a string that interpolates.
func (c *cutter) string(n perlsrc.NodeID, tok perlsrc.Token, deep int) {
	t := c.f.Tree
	if tok.Kind == perlsrc.HereDoc { // its text is elsewhere
		for k := range t.Children(n) {
			c.cut(k, deep+1)
		}
		return
	}
	q := tok.Quoted(t.Src)
	if !q.Interpolates {
		c.text(string(q.Body.Text(t.Src)))
		return
	}
	next := t.Nodes[n].Child
	for part := range perlsrc.Interpolated(t.Src, q.Body, false) {
		if !part.Expr {
			c.text(string(part.Text(t.Src)))
			continue
		}
		if next == 0 {
			c.value(n)
			continue
		}
		c.cut(next, deep+1)
		next = t.Nodes[next].Next
	}
}

// call takes the arguments of functions that join; false for others.
func (c *cutter) call(n perlsrc.NodeID, deep int) bool {
	t := c.f.Tree
	call := t.Call(n)
	between := func(args []perlsrc.NodeID, by string) {
		for i, a := range args {
			if i > 0 {
				c.text(by)
			}
			c.cut(a, deep+1)
		}
	}
	switch name := audit.Unqualified(call.Callee); name {
	case "join":
		if by, ok := t.Literal(t.Arg(n, 0)); ok && !call.Method {
			between(call.Args[1:], by)
			return true
		}
	case "sprintf":
		return c.sprintf(call.Args, deep)
	case "catfile", "catdir", "path", "dir", "file":
		if call.Method && (name == "path" || name == "dir" || name == "file") || len(call.Args) == 0 {
			break
		}
		between(call.Args, "/")
		return true
	case "new":
		if call.Class == "Path::Class::File" || call.Class == "Path::Class::Dir" || call.Class == "Mojo::File" || call.Class == "Path::Tiny" {
			between(call.Args, "/")
			return true
		}
	case "stringify", "canonpath", "rel2abs", "absolute", "realpath", "abs_path":
		if call.Method && len(call.Args) == 0 {
			c.cut(call.Invocant, deep+1)
			return true
		}
		if len(call.Args) > 0 {
			c.cut(call.Args[0], deep+1)
			return true
		}
	}
	if call.Method && call.Class == "" && len(call.Args) > 0 && isPathObject(c.f, call.Invocant, 0) {
		switch call.Callee {
		case "child", "file", "subdir", "rel_file":
			c.cut(call.Invocant, deep+1)
			c.text("/")
			between(call.Args, "/")
			return true
		}
	}
	return false
}

// sprintf puts the arguments into a literal format of %s and %d.
func (c *cutter) sprintf(args []perlsrc.NodeID, deep int) bool {
	t := c.f.Tree
	if len(args) == 0 {
		return false
	}
	format, ok := t.Literal(args[0])
	if !ok {
		return false
	}
	args = args[1:]
	for {
		text, rest, ok := strings.Cut(format, "%")
		c.text(text)
		if !ok {
			return true
		}
		if strings.HasPrefix(rest, "%") {
			c.text("%")
			format = rest[1:]
			continue
		}
		verb := strings.TrimLeft(rest, "-+ #0123456789.")
		if verb == "" || len(args) == 0 {
			return true
		}
		if verb[0] == 's' {
			c.cut(args[0], deep+1)
		} else {
			c.text("0") // a number
		}
		args, format = args[1:], verb[1:]
	}
}
