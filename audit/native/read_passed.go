// Cursors that pass more than was looked at, and those that never move on:
//
//	if (*p == '%') p += 2;          the end may be behind the first
//	again: c = *p; switch (c) { ... } goto again;

package native

import (
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// moves looks at a cursor that goes further than was looked ahead: the end of the
// text may be among the characters between.
func (r *review) moves() {
	f := r.file
	cursors := map[string]bool{}
	for i := r.fn.First; i+2 < r.fn.End; i++ {
		if f.Text(i+1) != "+=" || !f.Is(i, csrc.Word) || !f.Is(i+2, csrc.Number) || f.Text(i+3) != ";" {
			continue
		}
		n, err := strconv.Atoi(f.Text(i + 2))
		name := f.Text(i)
		if err != nil || n < 2 || n > 64 || r.File.Late() {
			continue
		}
		cursor, known := cursors[name]
		if !known {
			cursor = r.walks(name) && !r.leftKnown(name)
			cursors[name] = cursor
		}
		if !cursor {
			continue
		}
		if seen := r.ahead(i, name); seen < n-1 {
			r.found(i, audit.Likely, audit.Medium, "CWE-125", strconv.Itoa(n)+" characters are passed, and "+strconv.Itoa(seen+1)+" of them looked at: the end of the text may be among the rest")
		}
	}
}

// walks reports whether a function reads a text by this cursor, a character at a
// time up to a NUL.
func (r *review) walks(name string) bool {
	f := r.file
	reads := 0
	for _, i := range r.uses[name] {
		behind := f.Text(i + 1)
		if behind == "[" {
			if m := f.Match(i + 1); m > i {
				behind = f.Text(m + 1)
			}
		}
		switch {
		case f.Text(i-1) != "*" && f.Text(i+1) != "[":
		case f.Text(i-1) == "*" && f.Is(i-2, csrc.Word) && f.Text(i-2) != "return" && f.Text(i-2) != "case":
			// char *p = text declares it.
		case behind == "=" || behind == "++" && f.Text(i+2) == "=":
			return false // it is written to
		case f.Text(i-1) == "*" && (isCompare(behind) || f.Text(i-2) == "=" || f.Text(i-2) == "(" && f.Text(i-3) == "switch"):
			reads++
		}
	}
	return reads > 0 && r.chars >= parserChars
}

// parserChars is how many characters a function has that takes a text apart; one
// that skips a few goes by what its caller knows.
const parserChars = 4

// maxAhead bounds how many tokens before a move are looked at.
const maxAhead = 400

// ahead gives how far behind the cursor characters were looked at since it moved:
// by the conditions around, and not in blocks and cases that are left by then.
func (r *review) ahead(at int, name string) int {
	f := r.file
	most := 0
	for i, steps := at-1, 0; i > r.fn.First && steps < maxAhead; i, steps = i-1, steps+1 {
		switch text := f.Text(i); {
		case text == "}" && f.Match(i) != 0:
			i = f.Match(i)
		case text == "case" || text == "default" || text == ":" && f.Is(i-1, csrc.Word) && (f.Text(i-2) == ";" || f.Text(i-2) == "}"):
			if text == ":" && f.Text(i-1) != "default" {
				return most // a label, to which other ways lead
			}
			// The other cases are left: what the switch asked comes next.
			for ; i > r.fn.First && steps < 10*maxAhead && (f.Text(i) != "{" || f.Match(i) < at); i, steps = i-1, steps+1 {
				if f.Text(i) == "}" && f.Match(i) != 0 {
					i = f.Match(i)
				}
			}
		case text == name:
			if behind := f.Text(i + 1); behind == "++" || behind == "+=" || behind == "=" || f.Text(i-1) == "++" {
				return most
			}
			most = max(most, r.looked(i))
		}
	}
	return most
}

// looked gives how far behind the cursor one look goes: *(p+2), p[2],
// strncmp(p + 3, "begin", 5).
func (r *review) looked(i int) int {
	f := r.file
	number := func(at int) int {
		n, err := strconv.Atoi(f.Text(at))
		if err != nil || n > 1000 {
			return 0
		}
		return n
	}
	switch f.Text(i + 1) {
	case "+":
		switch {
		case f.Text(i+3) == "," && f.Is(i+4, csrc.String):
			return number(i+2) + max(number(i+6), 1) - 1
		case f.Text(i-1) == "(" && f.Text(i-2) == "*":
			return number(i + 2)
		}
	case "[":
		return number(i + 2)
	case ",":
		if callee := f.Text(i - 2); f.Text(i-1) == "(" && f.Is(i-2, csrc.Word) && !strings.Contains(callee, "cmp") && !strings.Contains(callee, "EQ") && !strings.Contains(callee, "NE") {
			return 1000 // whoever is called looked
		}
		switch text := f.Text(i + 2); {
		case !strings.HasPrefix(text, `"`):
			if strings.HasPrefix(f.Text(i-2), `"`) {
				return max(number(i+2), 1) - 1 // memcmp("begin", p, 5)
			}
		case f.Text(i+3) == ",":
			return max(number(i+4), 1) - 1
		default:
			return len(text) - 2 // all of it is there
		}
	}
	return 0
}

// stands looks at a goto back to a label between which nothing moves on.
func (r *review) stands() {
	f := r.file
	for i := r.fn.First + 1; i+2 < r.fn.End; i++ {
		if f.Text(i) != "goto" || f.Text(i-1) != "}" || f.Match(i-1) == 0 {
			continue
		}
		label := f.Text(i + 1)
		for _, at := range r.uses[label] {
			if at >= i || f.Text(at+1) != ":" || f.Text(at-1) == "?" || f.Text(at-1) == "case" {
				continue
			}
			if i-at < 2000 && r.nothingMoves(at+2, i) {
				r.found(i, audit.Likely, audit.Medium, "CWE-835", "it goes back to "+label+" for every other character and has not moved on, so it never ends",
					audit.Step{Line: f.Tokens[at].Line, What: label + ":"})
			}
		}
	}
}

// nothingMoves reports whether what stands between two tokens, outside of all
// braces, reads a character and chooses by it, and changes nothing else.
func (r *review) nothingMoves(first, end int) bool {
	f := r.file
	chooses := false
	for i := first; i < end; i++ {
		switch text := f.Text(i); {
		case text == "{":
			m := f.Match(i)
			if m <= i || m > end {
				return false
			}
			for k := i; k < m; k++ {
				if f.Text(k) == "default" {
					return false
				}
			}
			i = m
		case text == "switch":
			chooses = true
			if m := f.Match(i + 1); m > i {
				i = m
			}
		case text == "++" || text == "--" || text == "+=" || text == "-=" || text == "goto" || text == "if" || text == "while" || text == "for" || text == "return" || text == "break":
			return false
		case text == "=" && f.Text(i+1) != "*":
			return false
		case text == "printf" || text == "fprintf":
			if m := f.Match(i + 1); m > i {
				i = m
			}
		case f.Is(i, csrc.Word) && f.Text(i+1) == "(":
			return false
		}
	}
	return chooses
}

// search looks at searches that may go behind the end.
func (r *review) search(c csrc.Call) {
	if len(c.Args) < 3 {
		return
	}
	a := c.Args[2]
	if c.Name == "memchr" {
		// len - 1 of a string that may be empty.
		if a.End == a.First+3 && r.file.Text(a.First+1) == "-" {
			name := r.file.Text(a.First)
			if v := r.vars[name]; v != nil && v.lenOf && !v.short && !r.compared(name, c.At) && !r.positive(name, r.fn.First-1, c.At) {
				r.found(c.At, audit.Likely, audit.Medium, "CWE-191", v.what+" may be 0, and one less is the largest number there is", r.step(v)...)
			}
		}
		return
	}
	n, ok := r.number(a)
	if !ok || n < 3 {
		return
	}
	literal := c.Args[1]
	if !r.file.Is(literal.First, csrc.String) {
		return
	}
	if r.knowsEnd() {
		return
	}
	r.found(c.At, audit.Possible, audit.Medium, "CWE-125", r.file.Text(a.First)+" bytes are compared, and nothing in "+r.fn.Name+" knows how many there are")
}
