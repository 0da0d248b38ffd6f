// The last character of what may be empty:
//
//	s = SvPV(sv, len);
//	if (s[len - 1] == '\n')

package native

import (
	"nacre/audit"
	"nacre/csrc"
)

// lastOf looks at s[n - 1]: n is how long s is, or an index that begins with 0.
func (r *review) lastOf(first, open int, n csrc.Arg, at int) {
	f := r.file
	if n.First >= n.End {
		return
	}
	base := f.Span(first, open)
	for n.First < n.End && f.Text(n.First) == "(" && r.match(n.First) < n.End-1 && r.match(n.First) > n.First {
		n.First = r.match(n.First) + 1 // a cast
	}
	switch name := f.Text(n.First); {
	case n.End == n.First+1 && r.is(n.First, csrc.Word):
		v := r.vars[name]
		switch {
		case v != nil && v.lenOf && v.set > 0 && v.set < at:
			if r.longer(v, at) || r.positive(name, r.fn.First, at) || r.begun(base, at) {
				return
			}
			if s, _ := r.last(name, at); s > v.set {
				return // it has another value by now
			}
			r.shortText(at, base, v.what, r.step(v)...)
		default:
			r.firstTurn(base, name, at)
		}
	case (name == "strlen" || name == "SvCUR" || name == "sv_len") && n.End > n.First+2 && r.match(n.First+1) == n.End-1:
		text := r.plain(csrc.Arg{First: n.First + 2, End: n.End - 1})
		v := r.vars[text]
		if name == "strlen" && (v == nil || !v.fromSV && !(v.param && v.chars)) || text == "" || r.begun(text, at) {
			return
		}
		for _, i := range r.uses[name] {
			if i >= at-2-(n.End-n.First) {
				break
			}
			if m := r.match(i + 1); f.Text(i+2) == text && m > i && (isCompare(f.Text(m+1)) || isCompare(f.Text(i-1)) || f.Text(m+1) == "&&" || f.Text(i-1) == "!" || f.Text(i-1) == "(" && f.Text(m+1) == ")") {
				return
			}
		}
		r.shortText(at, base, f.Span(n.First, n.End))
	case r.field(n.End-1) && r.chain(n.End-1) == n.First:
		r.lastOfNode(first, open, n, at)
	}
}

func (r *review) shortText(at int, base, length string, steps ...audit.Step) {
	r.found(at, audit.Likely, audit.Medium, "CWE-127", "the last character of "+base+" is read, and "+length+" may be 0", steps...)
}

// longer reports whether a length is set to more than that of the text, or whether
// the scalar is known not to be empty.
func (r *review) longer(v *variable, at int) bool {
	f := r.file
	if m := r.match(v.set + 1); m > v.set && f.Text(m+1) == "+" {
		return true
	}
	for _, i := range r.uses["SvTRUE"] {
		if i < at {
			return true
		}
	}
	return false
}

// firstTurn looks at s[i - 1] where i begins with 0.
func (r *review) firstTurn(base, name string, at int) {
	f := r.file
	set, moved := r.last(name, at)
	if set == 0 || moved || f.Text(set+1) != "=" || f.Text(set+2) != "0" || f.Text(set+3) != ";" && f.Text(set+3) != "," || f.Text(set-1) == "*" {
		return
	}
	if r.positive(name, set, at) {
		return
	}
	if f.Text(set-1) != "(" || f.Text(set-2) != "for" {
		// An index of what is put out: a state may say that something was.
		if v := r.vars[base]; v == nil || !v.array && r.allocation(base, at) == 0 || r.stateful(set, at) {
			return
		}
	} else if end := r.match(set - 1); end > at || r.bodyOf(end).End < at {
		return // it is the loop before
	}
	r.found(at, audit.Likely, audit.Medium, "CWE-127", "what stands before "+base+"["+name+"] is read, and "+name+" begins with 0",
		r.statement(set))
}

// allocation gives where a pointer is set to memory, or to that of a string of
// Perl's; 0 for neither.
func (r *review) allocation(name string, at int) int {
	set, moved := r.last(name, at)
	if set == 0 || moved {
		return 0
	}
	if _, is := svStrings[r.file.Text(set+2)]; is || allocates(r.file.Text(set+2)) || r.file.Text(set+1) == "," {
		return set
	}
	return 0
}

// stateful reports whether conditions around a place, behind another one, ask for
// something but characters: state == 1, seen && ...
func (r *review) stateful(from, at int) bool {
	f := r.file
	found := false
	r.back(at, func(i int) bool {
		if i <= from {
			return false
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		switch {
		case !r.is(i, csrc.Word) || r.field(i) || before == "*" || behind == "[" || behind == "(":
		case isEqual(behind) && !r.is(i+2, csrc.Char) || behind == "&&" && before != "<" || before == "&&" && !isOrder(behind) || before == "(" && behind == ")" && f.Text(i-2) == "if":
			found = true
		}
		return !found
	})
	return found
}

// lastPlace looks at e = s + len - 1, where *e is read before it is compared.
func (r *review) lastPlace(at int) {
	f := r.file
	k := at - 1 // the end of the length
	length := f.Text(k)
	if f.Text(k) == ")" && r.match(k) > 0 && f.Text(r.match(k)-1) == "strlen" {
		k = r.match(k) - 1
		length = ""
	}
	name, base := f.Text(k-4), f.Text(k-2)
	if f.Text(k-1) != "+" || f.Text(k-3) != "=" || !r.is(k-4, csrc.Word) || r.field(k-4) {
		return
	}
	s := r.vars[base]
	if s == nil || !s.fromSV && !(s.param && s.chars) || r.begun(base, at) {
		return
	}
	what := "strlen(" + base + ")"
	if length != "" {
		v := r.vars[length]
		if v == nil || !v.lenOf || v.set == 0 || v.set > at || r.longer(v, at) || r.positive(length, r.fn.First, at) {
			return
		}
		what = v.what
	}
	for _, i := range r.uses[name] {
		if i <= at || f.Text(i-1) != "*" || !r.unary(i-1) {
			continue
		}
		asked := length != "" && r.positive(length, at, i) || r.begun(base, i)
		if set, moved := r.last(name, i); set == k-4 && !moved && !asked && !r.heldBetween(name, at, i) && r.isRead(i-1, i) && r.straight(at, i) {
			r.found(i, audit.Likely, audit.Medium, "CWE-127", "the last character of "+base+" is read, and "+what+" may be 0",
				r.statement(k-4))
		}
		return
	}
}

// lastOfNode looks at node->text[node->length - 1] where node was found by going
// along a list, and nothing asks whether one was found.
func (r *review) lastOfNode(first, open int, n csrc.Arg, at int) {
	f := r.file
	node := f.Text(n.First)
	if f.Text(first) != node || !isLength(f.Text(n.End-1)) || first == open-1 {
		return
	}
	walk := 0
	for _, i := range r.uses[node] {
		if i >= at {
			break
		}
		if f.Text(i+1) == "=" && f.Text(i+2) == node && f.Text(i+3) == "->" && f.Text(i+5) == ";" {
			walk = i
			continue
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		if before == "!" || behind == "&&" || behind == "?" || isEqual(behind) || isEqual(before) || before == "&&" && behind != "->" || before == "(" && behind == ")" && (f.Text(i-2) == "if" || f.Text(i-2) == "while") {
			return
		}
		// node->length > 0
		if behind == "->" && f.Text(i+2) == f.Text(n.End-1) && i+3 < at && i != n.First && (isCompare(f.Text(i+3)) || isCompare(before) || f.Text(i+3) == "&&" || f.Text(i+3) == ")") {
			return
		}
	}
	if walk > 0 {
		r.found(at, audit.Likely, audit.Medium, "CWE-476", "the last character of "+f.Span(first, open)+" is read, and nothing asks whether there is a "+node+" at all, or whether it is empty",
			r.statement(walk))
	}
}
