package pattern

import (
	"strconv"
	"strings"
)

// escape reads what a backslash begins; nil for what is nothing by itself.
func (r *reader) escape() *piece {
	if r.at+1 >= len(r.text) {
		r.bad = true
		r.at = len(r.text)
		return nil
	}
	c := r.text[r.at+1]
	switch c {
	case 'A', 'G':
		r.at += 2
		return &piece{op: opAssert, start: true, look: 'A'}
	case 'Z':
		r.at += 2
		return &piece{op: opAssert, end: true, look: 'Z'}
	case 'z':
		r.at += 2
		return &piece{op: opAssert, strict: true, look: 'z'}
	case 'b', 'B':
		r.at += 2
		if r.peek("{") {
			r.pastBrace()
		}
		return &piece{op: opAssert, look: c}
	case 'K':
		r.at += 2
		return &piece{}
	case 'Q':
		r.at += 2
		end := strings.Index(r.text[r.at:], `\E`)
		if end < 0 {
			end = len(r.text) - r.at
		}
		r.at += end
		return &piece{op: opOpaque}
	case 'E', 'U', 'L', 'u', 'l', 'F':
		r.at += 2
		return nil
	case 'R':
		r.at += 2
		return char(of("\n\r\f\v\x85"))
	case 'X', 'C':
		r.at += 2
		return char(anything())
	case 'g', 'k':
		r.at += 2
		for r.more() && strings.ContainsAny(r.text[r.at:r.at+1], "-0123456789") {
			r.at++
		}
		if r.peek("{") || r.peek("<") || r.peek("'") {
			r.pastBrace()
		}
		return &piece{op: opOpaque}
	case '1', '2', '3', '4', '5', '6', '7', '8', '9':
		r.at += 2
		for r.more() && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
			r.at++
		}
		return &piece{op: opOpaque}
	}
	s, digit, ok := r.escaped()
	if !ok {
		return &piece{op: opOpaque}
	}
	p := char(r.folded(s))
	p.digit = digit
	return p
}

// pastBrace goes behind a {...} or <...>.
func (r *reader) pastBrace() {
	i := strings.IndexAny(r.text[r.at+1:], "}>'")
	if i < 0 {
		r.bad = true
		return
	}
	r.at += i + 2
}

// escaped reads a backslash and what it stands for as a set: also within
// brackets. ok is false for sets that are not known here.
func (r *reader) escaped() (s set, digit, ok bool) {
	if r.at+1 >= len(r.text) {
		r.bad = true
		r.at = len(r.text)
		return set{}, false, false
	}
	c := r.text[r.at+1]
	r.at += 2
	switch c {
	case 'd':
		return digits(), true, true
	case 'D':
		return digits().not(), false, true
	case 'w':
		return words(), false, true
	case 'W':
		return words().not(), false, true
	case 's':
		return blanks(), false, true
	case 'S':
		return blanks().not(), false, true
	case 'h':
		return of(" \t\xa0"), false, true
	case 'H':
		return of(" \t\xa0").not(), false, true
	case 'v':
		return of("\n\r\f\v\x85"), false, true
	case 'V':
		return of("\n\r\f\v\x85").not(), false, true
	case 'N':
		if r.peek("{") {
			r.pastBrace()
			return span(other, other), false, true
		}
		return of("\n").not(), false, true
	case 'p', 'P':
		name := ""
		if r.peek("{") {
			from := r.at + 1
			r.pastBrace()
			if r.bad {
				return set{}, false, false
			}
			name = r.text[from : r.at-1]
		} else if r.more() {
			name = r.text[r.at : r.at+1]
			r.at++
		}
		s, ok = named(strings.TrimSpace(name))
		if c == 'P' {
			s = s.not()
		}
		return s, false, ok
	case 'n':
		return of("\n"), false, true
	case 'r':
		return of("\r"), false, true
	case 't':
		return of("\t"), false, true
	case 'f':
		return of("\f"), false, true
	case 'e':
		return of("\x1b"), false, true
	case 'a':
		return of("\a"), false, true
	case 'x', 'o':
		base, digits := 16, ""
		if c == 'o' {
			base = 8
		}
		if r.peek("{") {
			from := r.at + 1
			r.pastBrace()
			if r.bad {
				return set{}, false, false
			}
			digits = strings.TrimSpace(r.text[from : r.at-1])
		} else {
			for len(digits) < 2 && r.more() && strings.ContainsAny(r.text[r.at:r.at+1], "0123456789abcdefABCDEF") {
				digits += r.text[r.at : r.at+1]
				r.at++
			}
		}
		v, err := strconv.ParseUint(digits, base, 31)
		if err != nil {
			v = 0
		}
		return one(int(v)), false, true
	case 'c':
		if r.more() {
			r.at++
		}
		return of("\x00"), false, true
	case '0':
		v := 0
		for i := 0; i < 3 && r.more() && r.text[r.at] >= '0' && r.text[r.at] <= '7'; i++ {
			v = v*8 + int(r.text[r.at]-'0')
			r.at++
		}
		return one(v), false, true
	}
	if c >= 0x80 {
		return span(other, other), false, true
	}
	return one(int(c)), false, true
}

func one(c int) (s set) {
	s.add(c)
	return s
}

// class reads what is in brackets, behind the first.
func (r *reader) class() *piece {
	negated := r.take("^")
	var s set
	digit, known, first := false, true, true
	before := -1 // the character before, if it may begin a range
	for ; ; first = false {
		if !r.more() {
			r.bad = true
			return nil
		}
		switch {
		case r.peek("]") && !first:
			r.at++
			if negated {
				s = s.not()
			}
			if !known {
				return &piece{op: opOpaque}
			}
			p := char(r.folded(s))
			p.digit = digit && !negated
			return p
		case r.peek("[:"):
			end := strings.Index(r.text[r.at+2:], ":]")
			if end < 0 {
				s.add('[')
				r.at++
				continue
			}
			name := r.text[r.at+2 : r.at+2+end]
			r.at += end + 4
			in, ok := named(strings.TrimPrefix(name, "^"))
			if strings.HasPrefix(name, "^") {
				in = in.not()
			}
			s, known, before = s.union(in), known && ok, -1
		case r.peek("-") && before >= 0 && r.at+1 < len(r.text) && r.text[r.at+1] != ']':
			r.at++
			to, single := r.member()
			if single >= 0 {
				s.addRange(before, single)
			} else {
				s.add('-')
				s = s.union(to)
			}
			before = -1
		case r.peek("$") && nameLength(r.text[r.at+1:]) > 0, r.peek("@") && nameLength(r.text[r.at+1:]) > 0:
			r.at += 1 + nameLength(r.text[r.at+1:])
			known, before = false, -1
		default:
			if r.peek(`\d`) {
				digit = true
			}
			if r.peek(`\E`) || r.peek(`\Q`) {
				r.at += 2
				continue
			}
			if r.peek(`\b`) {
				r.at += 2
				s.add(8)
				continue
			}
			in, single := r.member()
			if single < 0 && in.empty() {
				known = false
			}
			s, before = s.union(in), single
		}
	}
}

// member reads one member of a class: a set, and which character it is, or -1.
func (r *reader) member() (s set, single int) {
	c := r.text[r.at]
	if c == '\\' {
		s, _, _ = r.escaped()
		if s.size() == 1 && !s.has(other) {
			for i := range other {
				if s.has(i) {
					return s, i
				}
			}
		}
		return s, -1
	}
	r.at++
	if c >= 0x80 {
		for r.more() && r.text[r.at]&0xc0 == 0x80 {
			r.at++
		}
		return span(other, other), other
	}
	return one(int(c)), int(c)
}
