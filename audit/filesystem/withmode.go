package filesystem

import (
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

var plainScalar = lazyregexp.New(`\A\$\w+\z`)

// withMode gives the mode an argument of its own, where the source says it
// beside the name, or reads the handle behind it; nil where somebody must think.
func withMode(f *audit.File, o *opened) *audit.Fix {
	edits := splitMode(f.Tree, o)
	if edits == nil && o.mode == "" && isRead(f, o) {
		start, _ := f.Tree.Span(o.arg)
		edits = []audit.Edit{{Start: start, End: start, New: "'<', "}}
	}
	if edits == nil {
		return nil
	}
	return &audit.Fix{Title: "give the mode an argument of its own", Edits: edits}
}

// splitMode takes the mode out of ">$name" and ">" . $name.
func splitMode(t *perlsrc.Tree, o *opened) []audit.Edit {
	if o.mode == "" || o.by == "IO::File" {
		return nil
	}
	start, end := t.Span(o.arg)
	switch t.Nodes[o.arg].Kind {
	case perlsrc.TermNode:
		tok := t.Token(o.arg)
		q := tok.Quoted(t.Src)
		if tok.Kind != perlsrc.Quote || q.Op != `"` {
			return nil
		}
		body := string(q.Body.Text(t.Src))
		m := modeAhead.FindString(body)
		if strings.TrimSpace(m) != o.mode {
			return nil
		}
		rest := strings.TrimRight(body[len(m):], " \t")
		if !plainScalar.MatchString(rest) {
			rest = `"` + rest + `"`
		}
		return []audit.Edit{{Start: start, End: end, New: "'" + o.mode + "', " + rest}}
	case perlsrc.ExprNode:
		first := t.Nodes[o.arg].Child
		second := t.Nodes[first].Next
		if mode, ok := t.Literal(first); !ok || strings.TrimSpace(mode) != o.mode || t.Operator(second) != "." {
			return nil
		}
		to, _ := t.Span(second)
		return []audit.Edit{{Start: start, End: to, New: "'" + o.mode + "', "}}
	}
	return nil
}

// isRead reports whether the sub of an open reads lines of its handle.
func isRead(f *audit.File, o *opened) bool {
	t := f.Tree
	if o.by == "IO::File" {
		return false
	}
	handle := t.Arg(o.call, 0)
	if t.Nodes[handle].Kind == perlsrc.DeclareNode {
		handle = t.Nodes[handle].Child
	}
	if t.Nodes[handle].Kind != perlsrc.TermNode {
		return false
	}
	_, ok := lineReads(f)[writtenAt{t.EnclosingSub(o.call), "<" + string(t.Text(handle)) + ">"}]
	return ok
}
