// Loops that go on to a character, and that nothing stops where the text ends:
//
//	while (*p != '\n') p++;

package native

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// forward looks at loops that go on to a character, and that nothing stops where
// the text ends:
//
//	while (*p != '\n') p++;
//
// goes over the NUL, and
//
//	while (p < end) { while (*p == ' ') p++; ... }
//
// asks for the end in one loop and not in the other, of a text that need not have
// a NUL.
func (r *review) forward() {
	f := r.file
	for _, i := range r.uses["while"] {
		open := i + 1
		end := r.match(open)
		if f.Text(open) != "(" || end <= open || end-open > 80 || r.File.Late() {
			continue
		}
		cond := csrc.Arg{First: open + 1, End: end}
		name := r.onlyMoves(cond, end)
		if name == "" {
			continue
		}
		if v := r.vars[name]; v == nil || v.stated || v.lenOf || v.short || v.unsigned {
			continue
		}
		switch {
		case !r.stopsAtNUL(name, cond):
			if r.searched(name, cond, i) || r.ofCaller(name, i) {
				continue
			}
			r.found(i, audit.Likely, audit.Medium, "CWE-125", "it goes on with "+name+" up to a character that the text need not have, and goes over its end")
		case r.endless(name, i):
			r.found(i, audit.Likely, audit.Medium, "CWE-125", "it goes on with "+name+" and does not ask for the end, as the loop around it does")
		}
	}
}

// onlyMoves gives the pointer that a loop moves on as long as its characters are
// such, and nothing else; "" for other loops.
func (r *review) onlyMoves(cond csrc.Arg, end int) string {
	f := r.file
	name := ""
	switch k := end + 1; {
	case f.Text(k) == ";":
		for i := cond.First; i < cond.End; i++ {
			if f.Text(i) == "++" && f.Text(i-2) == "*" {
				name = f.Text(i - 1)
			} else if f.Text(i) == "++" && f.Text(i-1) == "*" {
				name = f.Text(i + 1)
			}
		}
	default:
		if f.Text(k) == "{" {
			k++
		}
		switch {
		case f.Text(k) == "++" && f.Text(k+2) == ";":
			name = f.Text(k + 1)
		case f.Text(k+1) == "++" && f.Text(k+2) == ";":
			name = f.Text(k)
		}
		if name != "" && f.Text(end+1) == "{" && f.Text(k+3) != "}" {
			return ""
		}
	}
	if name == "" || !isName(name) {
		return ""
	}
	tests := r.charTests(cond)
	for i := cond.First; i < cond.End; i++ {
		switch text := f.Text(i); {
		case isOrder(text):
			return ""
		case text == name:
			if f.Text(i-1) != "*" && f.Text(i-2) != "*" && (f.Text(i+1) != "[" || !r.is(i+2, csrc.Number)) {
				return ""
			}
		case text == "unsigned" || text == "char" || text == "U8":
			// a cast
		case r.is(i, csrc.Word) && f.Text(i+1) != "(":
			return "" // something else is asked
		case r.is(i, csrc.Word) && !isClass(text):
			return ""
		}
	}
	if tests == 0 {
		return ""
	}
	return name
}

// stopsAtNUL reports whether a condition on characters is false for NUL.
func (r *review) stopsAtNUL(name string, cond csrc.Arg) bool {
	f := r.file
	if end := r.match(cond.First + 1); f.Text(cond.First) == "!" && f.Text(cond.First+1) == "(" && end == cond.End-1 {
		return r.holdsForNUL(csrc.Arg{First: cond.First + 2, End: end})
	}
	differs := false
	for i := cond.First; i < cond.End; i++ {
		switch text := f.Text(i); {
		case isNUL(text) && f.Text(i-1) != "[":
			return true
		case text == "==":
			return true
		case isClass(text):
			if f.Text(i-1) != "!" {
				return true
			}
			differs = true
		case text == "!=":
			differs = true
		case text == name:
			// *p && ..., and *p alone
			before, behind := f.Text(i-2), f.Text(i+1)
			if behind == "++" {
				behind = f.Text(i + 2)
			}
			if behind == "[" { // p[1] && ...
				before, behind = f.Text(i-1), f.Text(r.match(i+1)+1)
				if (before == "(" || before == "&&") && (behind == "&&" || behind == ")") && !isClass(f.Text(i-2)) {
					return true
				}
			}
			if f.Text(i-1) == "*" && (before == "(" && f.Text(i-3) != "!" || before == "&&") && (behind == "&&" || behind == ")") && !isClass(f.Text(i-3)) {
				return true
			}
		}
	}
	return !differs
}

// holdsForNUL reports whether a condition on characters may be true for NUL: that of
// while (!(*p == '*' && p[1] == '/')) is not, so that the loop goes on.
func (r *review) holdsForNUL(cond csrc.Arg) bool {
	for i := cond.First; i < cond.End; i++ {
		if text := r.file.Text(i); text == "!" || text == "!=" || isNUL(text) && r.file.Text(i-1) != "[" {
			return true
		}
	}
	return false
}

// searched reports whether the character was looked for before, so that it is known
// to be there.
func (r *review) searched(name string, cond csrc.Arg, at int) bool {
	f := r.file
	for _, word := range append([]string{"strcmp", "strncmp", "strEQ", "strnEQ", "sscanf", "sprintf", "snprintf"}, finders...) {
		for _, i := range r.uses[word] {
			if i < at {
				return true
			}
		}
	}
	for i := cond.First; i < cond.End; i++ {
		if first, seen := r.char[f.Text(i)]; r.is(i, csrc.Char) && seen && first < at {
			return true
		}
	}
	return r.heldBetween(name, r.fn.First, at) && !r.knowsEnd()
}

// ofCaller reports whether a pointer is a parameter that was not moved, so that
// only the caller knows what comes.
func (r *review) ofCaller(name string, at int) bool {
	v := r.vars[name]
	if v == nil || !v.param || r.fn.XSUB {
		return false
	}
	set, _ := r.last(name, at)
	return set == 0
}

// endless reports whether a loop around a place asks for the end of a text whose
// length a caller states, by this pointer.
func (r *review) endless(name string, at int) bool {
	f := r.file
	if len(r.uses["strlen"]) > 0 || r.ofPerl(name, 0) {
		return false
	}
	found := false
	r.back(at, func(i int) bool {
		if w := f.Text(i); w != "while" && w != "for" || f.Text(i+1) != "(" {
			return true
		}
		end := r.match(i + 1)
		if end <= i || end > at || f.Text(end+1) == "{" && r.match(end+1) < at || f.Text(end+1) != "{" {
			return true
		}
		for k := i + 2; k < end; k++ {
			if f.Text(k) == name && f.Text(k-1) != "*" && (f.Text(k+1) == "<" || f.Text(k+1) == "!=") && r.is(k+2, csrc.Word) && r.endOfCaller(f.Text(k+2)) {
				found = true
			}
		}
		return !found
	})
	return found && !r.heldSinceBlock(name, at)
}

// heldSinceBlock reports whether the pointer is compared in the block of a place,
// before it.
func (r *review) heldSinceBlock(name string, at int) bool {
	first := at
	for first > r.fn.First && r.file.Text(first) != "{" {
		if m := r.match(first); r.file.Text(first) == "}" && m > 0 && m < first {
			first = m
		}
		first--
	}
	return r.heldBetween(name, first, at)
}

// endOfCaller reports whether a variable is the end of a text that a caller of C
// states: a parameter, or a parameter and a number of one.
func (r *review) endOfCaller(name string) bool {
	f := r.file
	v := r.vars[name]
	if v == nil {
		return false
	}
	if v.param {
		return !r.fn.XSUB
	}
	for _, i := range r.uses[name] {
		if f.Text(i+1) == "=" && f.Text(i+3) == "+" {
			s, n := r.vars[f.Text(i+2)], r.vars[f.Text(i+4)]
			return s != nil && n != nil && s.param && n.param && !r.fn.XSUB
		}
	}
	return false
}

// ofPerl reports whether a pointer goes over a string of Perl's or over one of C,
// which have a NUL behind them.
func (r *review) ofPerl(name string, depth int) bool {
	f := r.file
	v := r.vars[name]
	if v == nil || v.fromSV || v.lenOf {
		return true
	}
	for _, i := range r.uses[name] {
		if f.Text(i+1) != "=" || r.field(i) || depth > 3 {
			continue
		}
		if _, is := svStrings[f.Text(i+2)]; is {
			return true
		}
		if next := f.Text(i + 2); next != name && r.is(i+2, csrc.Word) && f.Text(i+3) != "(" && f.Text(i+3) != "->" && r.vars[next] != nil && r.ofPerl(next, depth+1) {
			return true
		}
	}
	return false
}

// pairs looks at functions that are given a cursor without its end, and look at
// the character behind it.
func (r *review) pairs() {
	f := r.file
	if r.fn.XSUB || len(r.fn.Params) == 0 || len(r.fn.Params) > 2 || r.fn.End-r.fn.First > 120 {
		return
	}
	p := r.fn.Params[0]
	if !strings.Contains(p.Type, "char *") && !strings.Contains(p.Type, "U8 *") || !slices.Contains([]string{"char *", "const char *", "unsigned char *", "U8 *"}, p.Type) {
		return
	}
	for _, i := range r.uses[p.Name] {
		next := f.Text(i+1) == "[" && f.Text(i+2) == "1" && f.Text(i+3) == "]" || f.Text(i-1) == "(" && f.Text(i-2) == "*" && f.Text(i+1) == "+" && f.Text(i+2) == "1"
		if !next || r.knowsEnd() {
			continue
		}
		// *p == '\r' && p[1] == '\n': the first is at the end, perhaps.
		and := i
		for and > r.fn.First && and > i-8 && f.Text(and) != "&&" {
			and--
		}
		if f.Text(and) != "&&" || !r.unit.handsCursor(r.fn.Name) {
			continue
		}
		r.found(i, audit.Likely, audit.Medium, "CWE-125", "the character behind "+p.Name+" is read, and "+r.fn.Name+" is not told where the text ends, as its callers know")
		return
	}
}
