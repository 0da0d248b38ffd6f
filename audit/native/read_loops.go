// Loops and elements at one less than a number that may be 0:
//
//	for (i = 0; i < len - 1; i++)
//	    if (s[i] == s[i + 1])

package native

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// ends looks at loops that begin or end at one less than a number that may be 0.
func (r *review) ends() {
	f := r.file
	for _, i := range r.uses["for"] {
		open := i + 1
		end := r.match(open)
		if f.Text(open) != "(" || end <= open || end-open > 80 {
			continue
		}
		semi := r.semicolons(open, end)
		if len(semi) != 2 {
			continue
		}
		body := r.bodyOf(end)
		r.downFrom(i, open, semi, end, body)
		r.upTo(csrc.Arg{First: semi[0] + 1, End: semi[1]}, body)
	}
	for _, i := range r.uses["while"] {
		open := i + 1
		if end := r.match(open); f.Text(open) == "(" && end > open && end-open < 60 && f.Text(end+1) != ";" {
			r.upTo(csrc.Arg{First: open + 1, End: end}, csrc.Arg{First: open + 1, End: r.bodyOf(end).End})
		}
	}
}

// at reports whether an array is indexed by a variable somewhere.
func (r *review) indexedBy(name string, in csrc.Arg) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i >= in.First && i < in.End && (f.Text(i-1) == "[" || f.Text(i-1) == "+" && f.Text(i-3) == "[") {
			return true
		}
	}
	return false
}

// downFrom looks at for (i = n - 1; ...): where n is 0, an unsigned i is the
// largest number there is, and i >= 0 is always true; and one that goes up from
// there begins before the first.
func (r *review) downFrom(at, open int, semi []int, end int, body csrc.Arg) {
	f := r.file
	k := semi[0] - 1
	if f.Text(k) != "1" || f.Text(k-1) != "-" {
		k = 0
	}
	i := open + 1
	for i < semi[0] && f.Text(i+1) != "=" {
		i++
	}
	name := f.Text(i)
	v := r.vars[name]
	if i >= semi[0] || !r.indexedBy(name, body) {
		return
	}
	cond := r.squeezed(semi[0]+1, semi[1])
	down := strings.Contains(r.squeezed(semi[1]+1, end), "--")
	switch {
	case down && v != nil && v.unsigned && (cond == name+">=0" || cond == name+">-1"):
		r.found(at, audit.Likely, audit.Medium, "CWE-835", name+" is never below 0, since it has no sign: behind 0 comes the largest number there is")
	case k > 0 && !down && k == i+4 && r.is(i+2, csrc.Word) && strings.HasPrefix(cond, name+"<") && r.countMayBeNone(f.Text(i+2), at):
		r.found(at, audit.Likely, audit.Medium, "CWE-129", "the loop begins at -1 where "+f.Text(i+2)+" is 0, and nothing asks for that")
	case !down && strings.HasPrefix(cond, name+"<") && isTop(f.Text(i+2)) && r.match(i+3) == semi[0]-1 && !r.topAsked(at):
		r.found(at, audit.Likely, audit.Medium, "CWE-129", "the loop begins at -1 where "+f.Span(i+4, semi[0]-1)+" has no elements, and nothing asks for that")
	}
}

// isTop tells what gives the index of an array's last element, -1 where there is none.
func isTop(name string) bool { return slices.Contains(tops, name) }

// tops are the ways to ask for that index.
var tops = []string{"AvFILL", "AvFILLp", "av_len", "av_top_index", "av_tindex"}

// topAsked reports whether the index of an array's last element is compared before,
// in whichever way it is asked for.
func (r *review) topAsked(at int) bool {
	f := r.file
	for _, name := range tops {
		for _, i := range r.uses[name] {
			if m := r.match(i + 1); i < at && m > i && (isCompare(f.Text(m+1)) || isCompare(f.Text(i-1))) {
				return true
			}
		}
	}
	return false
}

// lastElement looks at AvARRAY(av)[n - 1] and AvARRAY(av)[AvFILL(av)].
func (r *review) lastElement() {
	f := r.file
	for _, i := range r.uses["AvARRAY"] {
		open := r.match(i+1) + 1
		if open <= i+2 || f.Text(open) != "[" || r.match(open) <= open {
			continue
		}
		end := r.match(open)
		switch name := f.Text(open + 1); {
		case isTop(name) && r.match(open+2) == end-1 && !r.topAsked(i) && len(r.uses["av_count"]) == 0:
			r.found(open, audit.Likely, audit.Medium, "CWE-129", "the last element is taken, at -1 where there are none, and nothing asks for that")
		case end == open+4 && f.Text(open+2) == "-" && f.Text(open+3) == "1" && r.isCount(name, i) && r.countMayBeNone(name, i) && !r.positive(name, r.fn.First, i):
			r.found(open, audit.Likely, audit.Medium, "CWE-129", "it is at -1 where "+name+" is 0, and nothing asks for that")
		}
	}
}

// isCount reports whether a number is how many elements an array has.
func (r *review) isCount(name string, at int) bool {
	f := r.file
	set, moved := r.last(name, at)
	if set == 0 || moved {
		return false
	}
	return f.Text(set+2) == "av_count" || isTop(f.Text(set+2)) && f.Text(r.match(set+3)+1) == "+"
}

// countMayBeNone reports whether a number says how many there are of something,
// and is not known to be above 0.
func (r *review) countMayBeNone(name string, at int) bool {
	f := r.file
	set, _ := r.last(name, at)
	if set == 0 {
		if v := r.vars[name]; v == nil || !v.param && !v.lenOf {
			return false
		}
	} else if text := f.Text(set + 2); f.Text(set+3) != "(" || text == "(" || text == "sizeof" {
		return false
	}
	return !r.nonzero(name, at)
}

// upTo looks at i < len - 1 where len has no sign: one less than 0 is the largest
// number there is.
func (r *review) upTo(cond, body csrc.Arg) {
	f := r.file
	for i := cond.First; i+4 <= cond.End; i++ {
		if op := f.Text(i + 1); op != "<" && op != "<=" || !r.is(i, csrc.Word) || !r.is(i+2, csrc.Word) || f.Text(i+3) != "-" || !r.is(i+4, csrc.Number) {
			continue
		}
		name, bound := f.Text(i), f.Text(i+2)
		if i+5 < cond.End && f.Text(i+5) != "&&" && f.Text(i+5) != ")" || r.field(i) {
			continue
		}
		v := r.vars[bound]
		if v == nil || !v.unsigned || !v.lenOf && !v.param || !r.indexedBy(name, body) || r.positive(bound, r.fn.First, i) || r.compared(bound, cond.First) {
			continue
		}
		what := v.what
		if what == "" {
			what = bound
		}
		r.found(i, audit.Likely, audit.Medium, "CWE-191", what+" may be less than "+f.Text(i+4)+", and "+f.Span(i+2, i+5)+" is the largest number there is then", r.step(v)...)
		return
	}
}
