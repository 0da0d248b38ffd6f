// What stands one before something that may be the first:
//
//	if (*p == '"' && p[-1] != '\\')
//	for (i = 0; line[i]; i++) if (line[i - 1] == ' ')

package native

import (
	"slices"

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
	if length != "" && r.positive(length, r.fn.First, at) || r.asksIfEmpty(what, at) {
		return
	}
	for _, i := range r.uses["assert"] {
		if i > at && i < at+30 && r.heldBetween(name, i, i+12) {
			return
		}
	}
	r.found(at, audit.Likely, audit.Medium, "CWE-127", "the byte before "+name+" is read, and "+name+" may be at the beginning of "+what,
		r.statement(set))
}

// asksIfEmpty reports whether SvCUR of the scalar behind a string is asked for before
// a token: if (!SvCUR(line) || end[-1] != '\n').
func (r *review) asksIfEmpty(text string, before int) bool {
	f := r.file
	for _, i := range r.uses["SvCUR"] {
		if i >= before || !isName(f.Text(i+2)) || !holdsWord(text, f.Text(i+2)) {
			continue
		}
		last := f.Text(f.Match(i+1) + 1)
		if first := f.Text(i - 1); first == "!" || isCompare(first) || isCompare(last) || first == "&&" || last == "&&" || first == "(" && last == ")" && (f.Text(i-2) == "if" || f.Text(i-2) == "while") {
			return true
		}
	}
	return false
}

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
		case v.array:
			return name, ""
		}
		s, moved := r.last(name, set)
		switch {
		case moved: // p = s, and s has gone on by then
			return "", ""
		case v.fromSV, v.param && v.chars:
			return name, ""
		}
		if s > 0 && s != set && f.Text(s+1) == "=" {
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
