package native

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// minusOne looks at what stands one before something: p[-1], *(p - 1), s[i - 1],
// s[len - 1]. Where p and i may still be at the beginning, and where len may be 0,
// that is before the text.
func (r *review) minusOne() {
	f := r.file
	for i := r.fn.First + 2; i+2 < r.fn.End; i++ {
		if r.is(i, csrc.Punct) && f.Text(i) == "--" && f.Text(i-1) == "*" && r.is(i+1, csrc.Word) && r.unary(i-1) && r.isRead(i-1, i+1) {
			r.stepBack(f.Text(i+1), i-1)
			continue
		}
		if !r.is(i, csrc.Punct) || f.Text(i) != "-" || f.Text(i+1) != "1" {
			continue
		}
		if f.Text(i+2) == ";" {
			r.lastPlace(i)
			continue
		}
		open := r.match(i + 2)
		if open <= r.fn.First || open >= i || r.File.Late() {
			continue
		}
		switch f.Text(i + 2) {
		case "]":
			first := r.chain(open - 1)
			if !r.is(open-1, csrc.Word) && f.Text(open-1) != ")" || !r.isRead(first, i+2) {
				continue
			}
			if open+1 == i {
				if first == open-1 {
					r.stepBack(f.Text(first), i)
				}
				continue
			}
			r.lastOf(first, open, csrc.Arg{First: open + 1, End: i}, i)
		case ")":
			if f.Text(open-1) != "*" || !r.unary(open-1) || !r.isRead(open-1, i+2) {
				continue
			}
			switch {
			case open+2 == i && r.is(open+1, csrc.Word):
				r.stepBack(f.Text(open+1), i)
			case f.Text(open+2) == "+" && r.is(open+1, csrc.Word):
				r.lastOf(open+1, open+2, csrc.Arg{First: open + 3, End: i}, i)
			}
		}
	}
}

// stepBack looks at one character before a pointer.
func (r *review) stepBack(name string, at int) {
	set, moved := r.last(name, at)
	if set == 0 || moved {
		return
	}
	what, length := r.begins(set)
	if what == "" || r.heldBetween(name, set, at) {
		return
	}
	if length != "" && r.positive(length, r.fn.First, at) {
		return
	}
	for _, i := range r.uses["assert"] {
		if i > at && i < at+30 && r.heldBetween(name, i, i+12) {
			return
		}
	}
	r.found(at, audit.Likely, audit.Medium, "CWE-127", "the byte before "+name+" is read, and "+name+" may be at the beginning of "+what,
		audit.Step{Line: r.file.Tokens[set].Line, What: r.statement(set)})
}

// statement gives the source from a token to the end of its statement, on one line.
func (r *review) statement(i int) string {
	end := i
	for end < r.fn.End && end < i+20 && r.file.Text(end) != ";" && r.file.Text(end) != "{" {
		end++
	}
	return strings.Join(strings.Fields(r.file.Span(i, end)), " ")
}

// finders are functions whose answer may be the very first character.
var finders = []string{"strchr", "strrchr", "strstr", "memchr", "strpbrk", "index", "rindex", "ninstr", "instr"}

// begins tells what a variable is at the beginning of when it is set: the text or
// the memory that it is set to, and, where it is set to the end of a text, the
// variable that holds how long that is; "" for neither.
func (r *review) begins(set int) (what, length string) {
	f := r.file
	if f.Text(set+1) == "," {
		return "its memory", ""
	}
	k := set + 2
	if m := r.match(k); f.Text(k) == "(" && m > k && f.Text(m-1) == "*" {
		k = m + 1 // a cast
	}
	if !r.is(k, csrc.Word) {
		return "", ""
	}
	name, v := f.Text(k), r.vars[f.Text(k)]
	ends := func(i int) bool { t := f.Text(i); return t == ";" || t == "," }
	switch {
	case ends(k + 1):
		switch {
		case v == nil || name == f.Text(set):
			return "", ""
		case v.array, v.fromSV, v.param && v.chars:
			return name, ""
		}
		if s, moved := r.last(name, set); s > 0 && !moved && s != set && f.Text(s+1) == "=" {
			if _, is := svStrings[f.Text(s+2)]; is || allocates(f.Text(s+2)) {
				return name, ""
			}
		}
		return "", ""
	case f.Text(k+1) == "+" && ends(k+3) && v != nil && (v.fromSV || v.param && v.chars || v.array):
		if l := r.vars[f.Text(k+2)]; l != nil && l.lenOf {
			return name, f.Text(k + 2)
		}
		return "", ""
	case f.Text(k+1) != "(":
		return "", ""
	}
	end := r.match(k + 1)
	if end <= k || !ends(end+1) {
		return "", ""
	}
	if _, is := svStrings[name]; is || allocates(name) {
		return f.Span(k, end+1), ""
	}
	if args := f.Args(k + 1); slices.Contains(finders, name) && len(args) > 1 {
		if q := r.vars[r.plain(args[0])]; q != nil && (q.fromSV || q.param && q.chars) {
			return r.plain(args[0]), ""
		}
	}
	return "", ""
}

func allocates(name string) bool {
	switch name {
	case "malloc", "calloc", "safemalloc", "strdup", "savepv", "savepvn", "savesvpv", "SvGROW":
		return true
	}
	return false
}

// backward looks at loops that go back to a character, and that nothing stops
// where the text begins:
//
//	while (*p != '/') p--;
//	while (s[len - 1] == '\n') len--;
func (r *review) backward() {
	f := r.file
	for _, word := range []string{"while", "for"} {
		for _, i := range r.uses[word] {
			open := i + 1
			end := r.match(open)
			if f.Text(open) != "(" || end <= open || end-open > 60 {
				continue
			}
			first, last := open+1, end
			step := csrc.Arg{First: end + 1, End: min(end+12, r.fn.End)}
			switch {
			case word == "for":
				semi := r.semicolons(open, end)
				if len(semi) != 2 {
					continue
				}
				first, last = semi[0]+1, semi[1]
				step = csrc.Arg{First: semi[1] + 1, End: end}
			case f.Text(end+1) == ";" && f.Text(i-1) == "}" && r.match(i-1) > 0 && f.Text(r.match(i-1)-1) == "do":
				step = csrc.Arg{First: r.match(i-1) + 1, End: i - 1}
				if step.End-step.First > 4 {
					continue
				}
			case f.Text(end+1) == ";":
				step = csrc.Arg{First: first, End: last}
			case f.Text(end+1) == "{":
				step = csrc.Arg{First: end + 2, End: r.match(end + 1)}
				if step.End <= step.First || step.End-step.First > 12 {
					continue
				}
			default:
				k := step.First
				for k < step.End && f.Text(k) != ";" {
					k++
				}
				step.End = k
			}
			r.unbounded(i, csrc.Arg{First: first, End: last}, step)
		}
	}
}

// semicolons gives those between a parenthesis and its match.
func (r *review) semicolons(open, end int) []int {
	var out []int
	for i := open + 1; i < end; i++ {
		if m := r.match(i); m > i {
			i = m
		} else if r.file.Text(i) == ";" {
			out = append(out, i)
		}
	}
	return out
}

// unbounded looks at one loop: what goes back in a step, and the condition.
func (r *review) unbounded(at int, cond, step csrc.Arg) {
	f := r.file
	name := ""
	for i := step.First; i < step.End; i++ {
		switch {
		case f.Text(i) == "if" || f.Text(i) == "break" || f.Text(i) == "return":
			return
		case f.Text(i) != "--":
		case i+1 < step.End && r.is(i+1, csrc.Word) && f.Text(i+2) != "->" && f.Text(i+2) != ".":
			name = f.Text(i + 1)
		case i > step.First && r.is(i-1, csrc.Word) && !r.field(i-1):
			name = f.Text(i - 1)
		}
	}
	if name == "" {
		return
	}
	// The condition looks at a character there, and at nothing else.
	reads, other, differs := false, false, false
	for i := cond.First; i < cond.End; i++ {
		switch text := f.Text(i); {
		case text == "<" || text == ">" || text == "<=" || text == ">=":
			return
		case text == "!=" || text == "!":
			differs = true
		case text == name && r.is(i, csrc.Word):
			star := f.Text(i-1) == "*" && r.unary(i-1) || f.Text(i-1) == "--" && f.Text(i-2) == "*"
			index := f.Text(i+1) == "[" || r.indexes(i, cond.First)
			switch {
			case star || index:
				reads = true
			default:
				other = true
			}
		}
	}
	if !reads || other || r.charTests(cond) == 0 {
		return
	}
	v := r.vars[name]
	if v != nil && v.param && !r.fn.XSUB && !v.lenOf && f.Text(at) != "" {
		if set, _ := r.last(name, at); set == 0 {
			return // where it may go is the caller's to know
		}
	}
	if r.surely(name, at, differs, cond) {
		return
	}
	r.found(at, audit.Likely, audit.Medium, "CWE-127", "it goes back with "+name+" as long as the characters are such, and nothing stops it where the text begins")
}

// indexes reports whether a variable stands in an index: s[i], s[i - 1].
func (r *review) indexes(i, first int) bool {
	for k := i - 1; k >= first && k > i-6; k-- {
		switch r.file.Text(k) {
		case "[":
			return true
		case "(", ")", "]", "&&", "||":
			return false
		}
	}
	return false
}

// charTests counts the tests of a character in a condition: == 'x', isspace(c).
func (r *review) charTests(cond csrc.Arg) int {
	f := r.file
	n := 0
	for i := cond.First; i < cond.End; i++ {
		if r.is(i, csrc.Char) && (isEqual(f.Text(i-1)) || isEqual(f.Text(i+1))) || f.Text(i+1) == "(" && isClass(f.Text(i)) {
			n++
		}
	}
	return n
}

// isClass tells isspace and its kin.
func isClass(name string) bool {
	return strings.HasPrefix(name, "is") && len(name) > 4 && len(name) < 14
}

// surely reports whether a loop that goes back is known to find its character:
// it was searched for, or printed, or the text begins with another one.
func (r *review) surely(name string, at int, differs bool, cond csrc.Arg) bool {
	f := r.file
	for _, word := range append([]string{"sprintf", "snprintf", "my_snprintf", "Gconvert", "my_sprintf"}, finders...) {
		for _, i := range r.uses[word] {
			if i < at {
				return true
			}
		}
	}
	for i := cond.First; i < cond.End; i++ {
		switch first, seen := r.char[f.Text(i)]; {
		case !r.is(i, csrc.Char):
		case f.Text(i) == "'0'":
			return true // a number has other digits, too
		case differs && seen && (first < cond.First || r.comparedText(f.Text(i), at)):
			return true // it is looked at on the way forward
		}
	}
	if differs {
		return false
	}
	// while (isspace(*s)) s++; if (!*s) return;
	for _, i := range r.uses["while"] {
		end := r.match(i + 1)
		if i < at && end > i && end < min(at, i+60) && strings.Contains(f.Span(end, min(end+8, r.fn.End)), "++") && r.charTests(csrc.Arg{First: i + 2, End: end}) > 0 {
			return true
		}
	}
	return false
}

// comparedText reports whether a text with a character in it was compared before.
func (r *review) comparedText(char string, at int) bool {
	f := r.file
	for _, word := range []string{"strncmp", "strcmp", "strEQ", "strnEQ", "memcmp", "memEQ", "strncasecmp"} {
		for _, i := range r.uses[word] {
			for k := i + 2; i < at && k < i+12; k++ {
				if k < len(f.Tokens) && r.is(k, csrc.String) && strings.Contains(f.Text(k), strings.Trim(char, "'")) {
					return true
				}
			}
		}
	}
	return false
}
