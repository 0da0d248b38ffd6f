// What a function asks of a number or a pointer before a place.
//
//	if (len > 0 && len < sizeof buf && p < end)
//
// asks of len whether it is 0 and whether it is too large, and of p how much is left.
// What is asked anywhere before counts: which branch it was in is not looked at.

package native

import (
	"slices"
	"strings"

	"nacre/csrc"
)

// compared reports whether a number is looked at before a token: compared, or
// handed to a check, or held by a macro whose name says so.
func (b *body) compared(name string, before int) bool {
	f := b.file
	return b.first("compared", name, func(i int) bool {
		around := []string{f.Text(i - 1), f.Text(i + 1)}
		if around[1] == "-" || around[1] == "+" { // len + 1 > sizeof buf
			around = append(around, f.Text(i+3))
		}
		if f.Text(i-1) == "(" && f.Text(i+1) == ")" && (f.Text(i+2) == ")" || isCompare(f.Text(i+2))) {
			around = append(around, f.Text(i+2))
		}
		for _, a := range around {
			if isCompare(a) {
				return true
			}
		}
		c := b.inCall(i)
		return isCheck(c) || c == "switch" || c == "if"
	}) < before
}

// positive reports whether it is asked before a token that a number is not 0, or
// whether it is below the number of something that is there.
func (r *review) positive(name string, from, at int) bool {
	if from <= r.fn.First {
		return r.first("positive", name, func(i int) bool { return r.asksIfAny(i) }) < at
	}
	for _, i := range r.uses[name] {
		if i >= at {
			break
		}
		if i > from && r.asksIfAny(i) {
			return true
		}
	}
	return false
}

// asksIfAny reports whether a use of a number asks whether it is 0, or hands it to
// what does.
func (r *review) asksIfAny(i int) bool {
	f := r.file
	if r.field(i) {
		return false
	}
	before, behind := f.Text(i-1), f.Text(i+1)
	if before == "(" && behind == ")" && !r.is(i-2, csrc.Word) { // (int)(len) > 0, (len) && ...
		before, behind = f.Text(i-2), f.Text(i+2)
	}
	if before == ")" { // (int)len > 0
		if m := r.match(i - 1); m > 0 && i-m < 6 {
			before = f.Text(m - 1)
		}
	}
	if r.asksNumber(before, behind, i) {
		return true
	}
	c := strings.ToLower(r.inCall(i))
	return isCheck(c) || c == "switch" || strings.Contains(c, "max") || strings.Contains(c, "likely") || strings.Contains(c, "expect")
}

// asksNumber reports whether the tokens around a number ask whether it is 0.
func (r *review) asksNumber(before, behind string, i int) bool {
	f := r.file
	switch {
	case before == "!" || before == "&&" && !isOrder(behind) || behind == "&&" && !isOrder(before) || behind == "||" && !isOrder(before) || behind == "?":
		return true
	case before == "(" && (behind == ")" || behind == "--") && (f.Text(i-2) == "if" || f.Text(i-2) == "while"):
		return true
	case behind == "==" || behind == "!=" && r.is(i+2, csrc.Number) || behind == ">" && !r.tooMany(i) || behind == ">=" && r.is(i+2, csrc.Number):
		return true
	case (behind == "<" || behind == "<=") && (r.is(i+2, csrc.Number) && len(f.Text(i+2)) < 3 || strings.Contains(strings.ToUpper(f.Text(i+2)), "MIN")):
		return true
	case before == "<" || before == "<=" && r.is(i-2, csrc.Number) || before == "==" || before == "!=" && r.is(i-2, csrc.Number):
		return true
	}
	return before == "--" || behind == "--" && f.Text(i-1) == "while"
}

// tooMany reports whether a number is asked whether it is too large, which says
// nothing of 0: what comes next leaves the function.
func (r *review) tooMany(i int) bool {
	f := r.file
	if r.is(i+2, csrc.Number) && len(f.Text(i+2)) < 3 {
		return false
	}
	open := i - 1
	for open > i-6 && f.Text(open) != "(" {
		open--
	}
	end := r.match(open)
	if f.Text(i+2) == "sizeof" || end < i || f.Text(open-1) != "if" {
		return f.Text(i+2) == "sizeof"
	}
	if end++; f.Text(end) == "{" {
		end++
	}
	switch text := f.Text(end); text {
	case "return", "goto", "die", "break", "continue":
		return true
	default:
		return strings.Contains(text, "croak") || strings.HasPrefix(text, "XSRETURN")
	}
}

// nonzero is positive, but for comparisons with other numbers: n that is above one
// which may be 0, too, or that ends a loop, may be 0 before and behind it.
func (r *review) nonzero(name string, at int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i >= at || r.field(i) {
			continue
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		small := f.Is(i+2, csrc.Number)
		switch {
		case before == "!" || behind == "?" || before == "(" && behind == ")" && (f.Text(i-2) == "if" || f.Text(i-2) == "while"):
			return true
		case isCompare(behind) && small || isCompare(before) && f.Is(i-2, csrc.Number):
			return true
		case (before == "&&" || before == "||") && !isCompare(behind) || (behind == "&&" || behind == "||") && !isCompare(before):
			return true
		}
	}
	return false
}

// begun reports whether the first character of a text is looked at before.
func (r *review) begun(name string, at int) bool {
	f := r.file
	return r.first("begun", name, func(i int) bool {
		return f.Text(i-1) == "*" && r.unary(i-1) || f.Text(i+1) == "[" && f.Text(i+2) == "0"
	}) < at
}

// heldBetween tells pointers that are compared with another one between two tokens, or
// whose distance from another one is taken.
func (r *review) heldBetween(name string, from, to int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i <= from || i >= to || r.field(i) {
			continue
		}
		before, behind := f.Text(i-1), f.Text(i+1)
		if before == "*" || behind == "[" || behind == "->" {
			continue
		}
		switch {
		case isOrder(before) || isOrder(behind):
			return true
		case (behind == "+" || behind == "-") && (isOrder(f.Text(i+3)) || isEqual(f.Text(i+3))):
			return true
		case isEqual(behind) && !isNull(f.Text(i+2)) || isEqual(before) && !isNull(f.Text(i-2)):
			return true
		case behind == "-" && r.is(i+2, csrc.Word):
			return true
		case before == "-" && (r.is(i-2, csrc.Word) || f.Text(i-2) == ")"):
			return true
		}
	}
	return false
}

// leftKnown reports whether a function knows how much is left behind a cursor: it is
// compared with another by its order, or its distance from one behind it is taken.
// heldBetween takes the distance from one before it, too, p - start, which says
// nothing of the end.
func (r *review) leftKnown(name string) bool {
	f := r.file
	for _, i := range r.uses[name] {
		before, behind := f.Text(i-1), f.Text(i+1)
		if before != "*" && (isOrder(before) || isOrder(behind) || before == "-" || behind == "+" && isOrder(f.Text(i+3))) {
			return true
		}
	}
	return false
}

// boundWords are parts of the names by which a function knows where its text ends.
var boundWords = []string{"end", "limit", "len", "remain", "left", "stop", "svcur", "avail", "max", "size"}

// knowsEnd reports whether a word of a function speaks of where its text ends.
func (r *review) knowsEnd() bool {
	if r.knows == nil {
		knows := false
		for word := range r.uses {
			w := strings.ToLower(word)
			knows = knows || slices.ContainsFunc(boundWords, func(part string) bool { return strings.Contains(w, part) })
		}
		r.knows = &knows
	}
	return *r.knows
}

// measured reports whether a string's length is asked for before a token:
// strlen(s), or a comparison of the length that came with it.
func (r *review) measured(a csrc.Arg, v *variable, before int) bool {
	name := r.plain(a)
	for _, i := range r.uses["strlen"] {
		if i < before && name != "" && r.file.Text(i+2) == name {
			return true
		}
	}
	text := r.brief(a.First, a.End)
	if v != nil {
		text += " " + v.what
	}
	return v != nil && v.length != "" && r.compared(v.length, before) || r.asksSV(text, before)
}

// asksLength reports whether the length of a parameter is asked for.
func (r *review) asksLength(name string) bool {
	for _, word := range []string{"strlen", "SvCUR", "sv_len"} {
		for _, i := range r.uses[word] {
			if r.file.Text(i+2) == name {
				return true
			}
		}
	}
	return false
}

// asksSV reports whether SvCUR or sv_len of the scalar behind a string is asked for
// before a token.
func (r *review) asksSV(text string, before int) bool {
	for _, word := range []string{"SvCUR", "sv_len", "SvLEN"} {
		for _, i := range r.uses[word] {
			sv := r.file.Text(i + 2)
			if i < before && isName(sv) && holdsWord(text, sv) {
				return true
			}
		}
	}
	return false
}

// comparedSince is compared behind the place where the length was taken: one that
// was looked at for another string before says nothing.
func (r *review) comparedSince(name string, since, before int) bool {
	for _, i := range r.uses[name] {
		if i > since+6 && i < before && (isCompare(r.file.Text(i-1)) || isCompare(r.file.Text(i+1))) {
			return true
		}
	}
	return false
}
