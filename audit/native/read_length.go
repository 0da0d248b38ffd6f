// Lengths that a text states, and that nobody compares with what is left of it:
//
//	n = *p++;
//	sv = newSVpvn(p, n);

package native

import (
	"slices"
	"strings"

	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

// maxForward bounds how many tokens behind a length are looked at.
const maxForward = 1500

// believed looks at lengths that were read from a text, and by which bytes of it
// are taken, where nothing asks whether so many are left. What the function asks
// for another such length, or the end that it is told, says that it should.
func (r *review) believed() {
	f := r.file
	for i := r.fn.First; i+2 < r.fn.End; i++ {
		if !r.is(i, csrc.Word) || f.Text(i+1) != "=" || r.field(i) || f.Text(i-1) == "*" && r.unary(i-1) || r.File.Late() {
			continue
		}
		end := i + 2
		for end < r.fn.End && end < i+60 && f.Text(end) != ";" && f.Text(end) != "{" {
			end++
		}
		if f.Text(end) != ";" {
			continue
		}
		name := f.Text(i)
		if v := r.vars[name]; v != nil && (v.chars || v.bytes || v.char) {
			continue
		}
		from := r.fromInput(i+2, end)
		if from == "" {
			continue
		}
		call, checked := r.taken(name, end)
		if checked || call.At == 0 {
			continue
		}
		if why := r.shouldAsk(name, i, from, call); why != "" {
			r.found(i, audit.Likely, audit.Medium, "CWE-125", name+" is read from the input, and "+call.Name+" takes that many bytes of it: nothing asks whether so many are left"+why,
				r.shows(call.At, r.match(call.At+1)+1))
		}
	}
}

// readers are parts of names of functions that read a number from a text.
var readers = lazyregexp.New(`(?i)varint|ntoh[sl]|(?:read|get|load|fetch|unpack|decode|peek)_?\w*(?:len|size|count|u?int|[uU]?(?:8|16|24|32|64)|[bl]e|byte|short|long)|(?:[bl]e|u)(?:16|24|32)`)

// lengthOf are parts of names of macros that take a length out of a tag.
var lengthOf = lazyregexp.New(`(?i)len|size|count`)

// fromInput tells whether an expression is a number that was read from a text, and
// by which pointer; "" for no.
func (r *review) fromInput(first, end int) string {
	f := r.file
	from := ""
	for i := first; i < end; i++ {
		text := f.Text(i)
		switch t := f.Tokens[i]; {
		case text == "?" || text == "strlen" || text == "sizeof":
			return ""
		case t.Kind != csrc.Word:
		case isEnd(text) || strings.Contains(strings.ToLower(text), "remain"):
			return "" // it knows the end
		case f.Text(i-1) == "*" && r.unary(i-1) && (f.Text(i-2) != "(" || f.Text(i-3) != "sizeof"):
			if r.bytes(text) {
				from = text
			}
		case f.Text(i+1) == "[":
			if r.bytes(text) {
				from = text
			}
		case f.Text(i+1) == "(" && readers.MatchString(text):
			for _, a := range f.Args(i + 1) {
				if n := r.plain(a); n != "" && r.bytes(n) {
					from = n
				}
			}
			if from == "" && i == first {
				from = text
			}
		case f.Text(i+1) != "(" && r.isTag(text, first) && (f.Text(i+1) == "&" || f.Text(i-1) == "(" && lengthOf.MatchString(f.Text(i-2))):
			from = text
		}
	}
	return from
}

// bytes reports whether a variable points to characters.
func (r *review) bytes(name string) bool {
	v := r.vars[name]
	return v != nil && (v.chars || v.fromSV || v.bytes)
}

// isTag reports whether a variable holds a byte that was read from a text.
func (r *review) isTag(name string, at int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i >= at {
			break
		}
		if f.Text(i+1) != "=" || r.field(i) {
			continue
		}
		for k := i + 2; k < i+6; k++ {
			if f.Text(k) == "*" && r.unary(k) && r.is(k+1, csrc.Word) && f.Text(k+2) == "++" {
				return true
			}
			if f.Text(k) == ";" {
				break
			}
		}
	}
	return false
}

// takers are functions that take as many bytes of a text as they are told, and which
// argument says so.
var takers = map[string]int{
	"newSVpvn": 2, "newSVpvn_flags": 2, "newSVpvn_utf8": 2, "newSVpvn_share": 2, "savepvn": 2, "strndup": 2, "gv_stashpvn": 2, "mPUSHp": 2,
	"sv_setpvn": 3, "sv_catpvn": 3, "sv_setpvn_mg": 3, "hv_fetch": 3, "hv_store": 3, "hv_exists": 3, "hv_delete": 3, "hv_common": 4,
	"memcpy": 3, "memmove": 3, "memcmp": 3, "Copy": 3, "Move": 3,
}

// asks are parts of names of macros and functions that ask whether there is enough.
var asks = lazyregexp.New(`(?i)assert|check|space|need|ensure|requir|avail|remain|left|have|bound|limit|valid|enough|safe|verify|expect_bytes|guard`)

// taken goes on from a length to what is done with it first: it is asked for, or a
// call takes so many bytes.
func (r *review) taken(name string, from int) (call csrc.Call, checked bool) {
	f := r.file
	last := false // the statement is the last one
	block := 0    // the end of the last block that began behind the length
	for i, steps := from, 0; i < r.fn.End && steps < maxForward; i, steps = i+1, steps+1 {
		text := f.Text(i)
		if text == "{" {
			block = max(block, r.match(i))
		}
		switch {
		case text == ";" && last:
			return csrc.Call{}, false
		case text == "}" && r.match(i) > 0 && r.match(i) < from:
			// The other branches are not for this one.
			for f.Text(i+1) == "else" {
				k := i + 2
				for k < r.fn.End && f.Text(k) != "{" && f.Text(k) != ";" {
					if m := r.match(k); f.Text(k) == "(" && m > k {
						k = m
					}
					k++
				}
				m := r.match(k)
				if f.Text(k) != "{" || m <= k {
					break
				}
				i = m
			}
		case text == "break" || text == "goto" || text == "return" || text == "continue":
			last = block < i && f.Text(i-1) != ")" && f.Text(i-1) != "else" // nothing is asked before
		case text != name || !r.is(i, csrc.Word) || r.field(i):
		case f.Text(i+1) == "=":
			return csrc.Call{}, false
		case isCompare(f.Text(i+1)) && f.Text(i+1) != "&" || isCompare(f.Text(i-1)) && f.Text(i-1) != "&":
			return csrc.Call{}, true
		default:
			c := r.callAround(i)
			switch {
			case c.Name == "if" || c.Name == "while" || c.Name == "for" || c.Name == "switch" || asks.MatchString(c.Name):
				return csrc.Call{}, true
			case takers[c.Name] > 0:
				if n := takers[c.Name]; len(c.Args) >= n && c.Args[n-1].First <= i && i < c.Args[n-1].End {
					return c, false
				}
			}
			// p + n > end
			for k := i + 1; k < i+4; k++ {
				if isOrder(f.Text(k)) {
					return csrc.Call{}, true
				}
			}
		}
	}
	return csrc.Call{}, false
}

// shouldAsk tells by what the function shows that a length has to be looked at: it
// does so for another one, or it knows how much there is; "" for neither.
func (r *review) shouldAsk(name string, at int, from string, call csrc.Call) string {
	f := r.file
	if slices.ContainsFunc(r.askedFor(name), func(i int) bool { return i != at }) {
		return ", as is asked elsewhere"
	}
	// The text is one whose length is known here.
	for _, a := range call.Args {
		for i := a.First; i < a.End; i++ {
			if f.Text(i) == from && r.knownLength(from) && !r.sizeAsked(from, at) {
				return ", though the length of the text is known"
			}
		}
	}
	return ""
}

// maxSet bounds how many places where a length is set are looked at.
const maxSet = 20

// askedFor gives the first two places where a length is set and then asked for.
func (r *review) askedFor(name string) []int {
	if at, known := r.sets[name]; known {
		return at
	}
	var out []int
	n := 0
	for _, i := range r.uses[name] {
		if r.file.Text(i+1) != "=" || r.field(i) {
			continue
		}
		if _, checked := r.taken(name, r.endOf(i)); checked {
			out = append(out, i)
		}
		if n++; n > maxSet || len(out) == 2 {
			break
		}
	}
	r.sets[name] = out
	return out
}

// knownLength reports whether a function knows where the text of a pointer ends: it
// is a string of Perl's with its length, or it is compared with an end.
func (r *review) knownLength(name string) bool {
	f := r.file
	v := r.vars[name]
	if v == nil {
		return false
	}
	if v.fromSV && v.length != "" {
		return true
	}
	for _, i := range r.uses[name] {
		if end := r.vars[f.Text(i+2)]; isOrder(f.Text(i+1)) && f.Text(i-1) != "*" && (isEnd(f.Text(i+2)) || end != nil && end.param && (end.bytes || end.chars)) {
			return true
		}
		if f.Text(i+1) == "=" && r.is(i+2, csrc.Word) {
			if s := r.vars[f.Text(i+2)]; s != nil && s.fromSV && s.length != "" {
				return true
			}
		}
	}
	return false
}

// sizeAsked reports whether the length of a text is compared with something that
// the text itself says: len != 4 + s[0].
func (r *review) sizeAsked(name string, at int) bool {
	f := r.file
	v := r.vars[name]
	if v == nil || v.length == "" {
		return false
	}
	for _, i := range r.uses[v.length] {
		if i < at && (isOrder(f.Text(i+1)) || isEqual(f.Text(i+1))) && !r.is(i+2, csrc.Number) {
			return true
		}
	}
	for _, i := range r.uses[v.length] {
		if i > at && (isCompare(f.Text(i+1)) || isCompare(f.Text(i-1))) {
			return true
		}
	}
	return false
}
