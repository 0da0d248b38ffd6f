// Loops that go back to a character, and that nothing stops where the text begins:
//
//	while (*p != '/') p--;
//	while (p >= start && *p != ':') p--;  if (*p == ':') ...

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// before looks at a cursor that goes back to the start of a text, and is read
// when it stands before it:
//
//	while (p >= start && *p != ':') p--;
//	if (*p == ':')
func (r *review) before() {
	f := r.file
	for _, i := range r.uses["while"] {
		open := i + 1
		if f.Text(open) != "(" {
			continue
		}
		end := f.Match(open)
		if end <= open+4 || f.Text(open+2) != ">=" || !f.Is(open+1, csrc.Word) || f.Text(open+4) != "&&" {
			continue
		}
		name := f.Text(open + 1)
		last := end + 1
		if f.Text(last) == "{" {
			last = f.Match(last)
		} else {
			last = r.bodyOf(end).End
		}
		if last <= end || last-end > 40 || !strings.Contains(f.Span(end, last), name+"--") && !strings.Contains(f.Span(end, last), "--"+name) {
			continue
		}
		for k := last + 1; k < last+8 && k < r.fn.End; k++ {
			if f.Text(k) == name && f.Text(k-1) == "*" && f.Text(k-2) == "(" && f.Text(k-3) == "if" {
				r.found(k, audit.Likely, audit.Medium, "CWE-127", name+" may stand before the start of the text when it is read here",
					r.shows(i, end+1))
			}
			if f.Text(k) == "{" {
				break
			}
		}
	}
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

// unbounded looks at one loop: what goes back in a step, and the condition.
func (r *review) unbounded(at int, cond, step csrc.Arg) {
	f := r.file
	name := ""
	down := map[string]bool{} // what goes back in a step, a count of what is left among it
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
		down[name] = true
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
		case down[text] && text != name && f.Text(i-1) != "*" && !r.indexes(i, cond.First) && f.Text(i+1) != "[":
			other = true // while (left && p[-1] == ' ') left--, p--;
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
