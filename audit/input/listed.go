package input

import (
	"bytes"

	"nacre/perlsrc"
)

// look is a key that is looked up in a hash, of which nothing is said yet: what
// the file fills itself by the same key is no list.
type look struct {
	key, question perlsrc.NodeID
	at            place // the element, as written
}

// gatherAccess remembers the keys of a hash that decides, as in if ($ok{$name}),
// and those that are counted up.
func (r *reader) gatherAccess(n perlsrc.NodeID) {
	t := r.tree
	up := t.Nodes[n].Parent
	negated := false
	if t.Nodes[up].Kind == perlsrc.ExprNode && t.Nodes[up].Child == n && t.Nodes[n].Next == 0 {
		if op := t.Operator(n); op == "!" || op == "not" {
			negated = true
		} else if text := t.Text(up); bytes.HasPrefix(text, plus) || bytes.HasSuffix(text, plus) {
			r.fills(n)
		}
	}
	if d := t.Dest(n); d.Use == perlsrc.Condition && (d.Direct || negated) {
		r.keys(n, n)
	}
}

var plus = []byte("++")

// keys remembers that the keys of an access are looked up by a question.
func (r *reader) keys(access, question perlsrc.NodeID) {
	for key, at := range r.elements(access) {
		r.looked = append(r.looked, look{key, question, at})
	}
}

// fills remembers that an element is given a value.
func (r *reader) fills(n perlsrc.NodeID) {
	if r.tree.Nodes[n].Kind != perlsrc.AccessNode {
		return
	}
	start, _ := r.tree.Span(n)
	for _, at := range r.elements(n) {
		if len(r.filled[at]) < maxGuards {
			r.filled[at] = append(r.filled[at], start)
		}
	}
}

// maxKeys bounds the subscripts of an access that are looked at, each with all that
// stands before it.
const maxKeys = 8

// elements gives the keys of an access that are no literals, with what each
// leads to: $h{$a} and $h{$a}{$b}.
func (r *reader) elements(access perlsrc.NodeID) func(func(perlsrc.NodeID, place) bool) {
	return func(yield func(perlsrc.NodeID, place) bool) {
		t := r.tree
		start, _ := t.Span(access)
		left := maxKeys
		for s := range t.Children(access) {
			if left--; left < 0 {
				return
			}
			key := t.Nodes[s].Child
			if t.Nodes[s].Kind != perlsrc.SubscriptNode || key == 0 {
				continue
			}
			if _, ok := r.text(key); !ok && t.Nodes[key].Kind != perlsrc.ListNode {
				continue
			}
			_, end := t.Span(s)
			if !yield(key, place{t.EnclosingSub(access), unquoted.Replace(string(t.Src[start:end]))}) {
				return
			}
		}
	}
}

// lists turns what was looked up into checks, where it may be a list.
func (r *reader) lists() {
	for _, l := range r.looked {
		if !r.fillsItself(l) {
			r.only(l.key, l.question, true)
		}
	}
	r.looked, r.filled = nil, nil
}

// fillsItself reports whether the sub that asks for an element also gives it a
// value, for others than those that it finds in there: a cache, what was seen.
func (r *reader) fillsItself(l look) bool {
	fills := r.filled[l.at]
	if len(fills) == 0 {
		return false
	}
	d := r.decide(l.question, true)
	statement := r.span(r.compound(l.question), r.compound(l.question))
	for _, at := range fills {
		good := in(at, statement) || d.leavesBad && at >= statement[1]
		for _, bad := range d.bad {
			good = good && !in(at, bad)
		}
		if !good {
			return true
		}
	}
	return false
}

// maxReplaced bounds the bytes that are looked through for an assignment.
const maxReplaced = 1000

// replaced reports whether a variable gets another value in one of the spans.
func (r *reader) replaced(n perlsrc.NodeID, spans [][2]int) bool {
	text, ok := r.text(n)
	if !ok {
		return false
	}
	for _, s := range spans {
		code := r.tree.Src[s[0]:min(s[1], s[0]+maxReplaced)]
		for {
			i := bytes.Index(code, []byte(text))
			if i < 0 {
				break
			}
			code = bytes.TrimLeft(code[i+len(text):], " \t\n")
			if len(code) > 1 && code[0] == '=' && code[1] != '=' && code[1] != '~' {
				return true
			}
		}
	}
	return false
}
