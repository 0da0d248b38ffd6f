// Sizes of memory that others choose, and that may be negative, wrap or be huge:
//
//	Newx(out, times * UNIT + 1, char);
//	char *copy = alloca(len + 1);

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// stack looks at memory on the stack of a length that others choose: alloca(len + 1),
// char copy[len + 1].
func (r *review) stack(size csrc.Arg) {
	for i := size.First; i < size.End; i++ {
		name := r.file.Text(i)
		if !r.file.Is(i, csrc.Word) {
			continue
		}
		v := r.vars[name]
		if name == "strlen" && i+2 < size.End {
			if s := r.vars[r.file.Text(i+2)]; s != nil && s.fromSV && !r.measured(csrc.Arg{First: i + 2, End: i + 3}, s, size.First) {
				v = s
			}
		}
		if v == nil || !v.lenOf && !v.stated && !v.fromSV || r.compared(name, size.First) {
			continue
		}
		r.found(size.First, audit.Likely, audit.Medium, "CWE-770", "as much of the stack is taken as "+v.what+" says", r.step(v)...)
		return
	}
}

// allocate looks at sizes that may be negative or wrap.
func (r *review) allocate(c csrc.Call) {
	size := allocations[c.Name] - 1
	if len(c.Args) <= size {
		return
	}
	a := c.Args[size]
	plus, times := false, false
	for i := a.First; i < a.End; i++ {
		switch r.file.Text(i) {
		case "+":
			plus = true
		case "*", "<<":
			times = times || i > a.First
		}
	}
	for i := a.First; i < a.End; i++ {
		name := r.file.Text(i)
		v := r.vars[name]
		if v == nil || !r.file.Is(i, csrc.Word) || r.compared(name, c.At) {
			continue
		}
		switch {
		case v.stated && v.signed && (plus || times) && r.fills(name, c.At):
			r.found(c.At, audit.Likely, audit.High, "CWE-190", v.what+" may be negative or very large, and nothing looks at it before so much memory is taken", r.step(v)...)
		case v.stated && (plus || times):
			r.found(c.At, audit.Possible, audit.Medium, "CWE-190", v.what+" may be so large that the size wraps, and nothing looks at it", r.step(v)...)
		case v.lenOf && v.short && plus:
			r.found(c.At, audit.Possible, audit.Medium, "CWE-190", "an int holds "+v.what+", which may be larger", r.step(v)...)
		case v.lenOf && times && !v.short:
			confidence := audit.Possible
			if per, _ := r.perElement(a, "", c.At); per >= manyTimes {
				confidence = audit.Likely
			}
			r.found(c.At, confidence, audit.Low, "CWE-190", "a multiple of "+v.what+" may wrap where numbers have 32 bits", r.step(v)...)
		default:
			continue
		}
		return
	}
	if per, of := r.perElement(a, "", c.At); times && per >= someTimes && strings.HasPrefix(of, "strlen") {
		r.wraps(c.At, per, of)
	}
}

// A product wraps, where numbers have 32 bits, with a text of 4 GB divided by how
// often its length is taken: there are advisories about seven times, and a program
// may really be given a text of 256 MB.
const (
	someTimes = 6
	manyTimes = 16
)

// wraps reports a multiple of what strlen gives, where nobody asks for that before.
func (r *review) wraps(at, per int, of string) {
	confidence := audit.Possible
	for _, i := range r.uses["strlen"] {
		end := r.match(i + 1)
		if end <= i || r.file.Span(i, end+1) != of {
			continue
		}
		if i < at && (isOrder(r.file.Text(i-1)) || isOrder(r.file.Text(end+1))) {
			return
		}
		if _, perl, _, _ := r.source(csrc.Arg{First: i + 2, End: end}); perl && per >= manyTimes {
			confidence = audit.Likely
		}
	}
	r.found(at, confidence, audit.Low, "CWE-190", "a multiple of "+of+" may wrap where numbers have 32 bits")
}

// fills reports whether a number is used behind a call, by what fills the memory or
// ends a loop.
func (r *review) fills(name string, call int) bool {
	uses := r.uses[name]
	return len(uses) > 0 && uses[len(uses)-1] > r.match(call+1)
}
