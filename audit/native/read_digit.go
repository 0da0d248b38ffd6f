// A character less another one, which is below 0 for the characters before that:
//
//	while ((unsigned char)*s - '0' < 10)
//	    s++;
//
// takes every character before the digits for a digit, and the NUL, too: C counts
// with an int, whatever the character's type is.
//
//	seen[*s - 'a']++;
//
// writes before the array.

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// digits looks at differences of characters that are held to be numbers from 0 on.
func (r *review) digits() {
	f := r.file
	for i := r.fn.First + 2; i+2 < r.fn.End; i++ {
		if f.Text(i) != "-" || r.unary(i) || !f.Is(past(f, i+1), csrc.Char) || isNUL(f.Text(past(f, i+1))) {
			continue
		}
		name, first, ok := r.oneCharacter(i - 1)
		if !ok {
			continue
		}
		end := past(f, i+1) + 1
		// (*s - '0') is what (d = *s - '0') is, and what d can be.
		for f.Text(first-1) == "(" && f.Text(end) == ")" && f.Match(end) == first-1 && !f.Is(first-2, csrc.Word) {
			first, end = first-1, end+1
			if r.castBefore(first) == toSigned {
				first = f.Match(first - 1)
			}
		}
		if r.castBefore(first) != noCast {
			continue // (U8)(*s - '0')
		}
		if f.Text(first-1) == "=" && f.Is(first-2, csrc.Word) && !r.field(first-2) && f.Text(first-3) == "(" && f.Match(first-3) == end {
			if v := r.vars[f.Text(first-2)]; v == nil || !v.short || r.limits(f.Text(first-2), first, r.fn.End).low {
				continue
			}
			first, end = first-3, end+1
		}
		switch before, op := f.Text(first-1), f.Text(end); {
		case (op == "<" || op == "<=") && r.signedNumber(end+1) && r.within(i, "while") && !r.askedOfChar(name, i):
			r.found(i, audit.Likely, audit.Medium, "CWE-125", "characters before "+f.Text(past(f, i+1))+", NUL among them, give a number below 0, which is "+op+" "+f.Text(end+1)+", too")
		case before == "[" && op == "]" && f.Is(first-2, csrc.Word) && !r.askedOfChar(name, i):
			r.found(i, audit.Likely, audit.Medium, "CWE-129", f.Span(first, end)+" is a place of "+f.Text(first-2)+", and nothing asks which character it is: those before "+f.Text(past(f, i+1))+" give a number below 0")
		}
	}
}

// oneCharacter gives the name of the text that an operand which ends at a token is a
// character of, or of the character, and where the operand begins: (U8)*s, s[i], c.
// What has no sign and is as wide as an int does not go below 0.
func (r *review) oneCharacter(last int) (name string, first int, ok bool) {
	f := r.file
	at := last
	switch {
	case f.Text(at) == ")" && f.Match(at) > r.fn.First && !f.Is(f.Match(at)-1, csrc.Word):
		name, first, ok = r.oneCharacter(at - 1)
		if !ok || first-1 != f.Match(at) {
			return "", 0, false
		}
		first--
	case f.Text(at) == "++" && r.points(at-2):
		name, first = f.Text(at-1), at-2
	case f.Text(at) == "]" && f.Match(at) > r.fn.First:
		name, first = f.Text(f.Match(at)-1), f.Match(at)-1
	case f.Is(at, csrc.Word) && r.points(at-1):
		name, first = f.Text(at), at-1
	case f.Is(at, csrc.Word) && !r.field(at):
		name, first = f.Text(at), at
	default:
		return "", 0, false
	}
	v := r.vars[name]
	if v == nil || v.unsigned {
		return "", 0, false
	}
	if many := v.chars || v.bytes || v.array; first == last && !v.char && !(v.noSign && !v.bytes) || first != last && !many && f.Text(last) != ")" {
		return "", 0, false
	}
	for kind := r.castBefore(first); kind != noCast; kind = r.castBefore(first) {
		if kind == toUnsigned {
			return "", 0, false
		}
		first = f.Match(first - 1)
	}
	return name, first, true
}

// points reports whether a token is the * of *s or of (U8)*s.
func (r *review) points(at int) bool {
	f := r.file
	if f.Text(at) != "*" || f.Text(at-1) != ")" {
		return f.Text(at) == "*" && r.unary(at)
	}
	return r.castBefore(at) != noCast && r.castBefore(at) != toUnsigned
}

// A cast, by what it makes of a number below 0.
type castKind uint8

const (
	noCast     castKind = iota
	toSigned            // (int), (char): it stays below 0
	toByte              // (unsigned char): one of 0 to 255, which is an int again when C counts
	toUnsigned          // and others: the largest there is
)

// castBefore tells the cast that ends before a token.
func (r *review) castBefore(at int) castKind {
	open := r.file.Match(at - 1)
	if r.file.Text(at-1) != ")" || !cast(r.file, open) {
		return noCast
	}
	typ := strings.Join(strings.Fields(r.file.Span(open+1, at-1)), " ")
	switch oneByte, signed := charType(typ); {
	case oneByte && !signed:
		return toByte
	case oneByte || isInteger(typ) && !isUnsigned(typ):
		return toSigned
	}
	return toUnsigned
}

// signedNumber reports whether a token is a number that has a sign: 10, and not 10u.
func (r *review) signedNumber(at int) bool {
	return r.file.Is(at, csrc.Number) && !strings.ContainsAny(r.file.Text(at), "uU") && !isOrder(r.file.Text(at+1))
}

// maxAsked bounds how many tokens around a difference are looked at for a question.
const maxAsked = 400

// askedOfChar reports whether the character is asked for near a token: compared,
// handed to isdigit or to a switch, or looked up in a text.
func (r *review) askedOfChar(name string, at int) bool {
	f := r.file
	head := r.endOf(at)
	for _, i := range r.uses[name] {
		if i < at-maxAsked || i > head {
			continue
		}
		before, behind := i-1, i+1
		if r.points(before) {
			before--
		}
		for f.Text(before) == ")" && cast(f, f.Match(before)) {
			before = f.Match(before) - 1
		}
		if f.Text(behind) == "++" {
			behind++
		}
		if f.Text(behind) == "[" && f.Match(behind) > behind {
			behind = f.Match(behind) + 1
		}
		for f.Text(before) == "(" && f.Text(behind) == ")" && !f.Is(before-1, csrc.Word) {
			before, behind = before-1, behind+1
		}
		op, other := f.Text(behind), f.Text(before)
		switch {
		case isOrder(op) || isEqual(op) || isOrder(other) || isEqual(other) || other == "!" || op == "&&" || other == "&&":
			return true
		case other == "(" && (op == ")" || op == ","):
			if w := f.Text(before - 1); w == "switch" || w == "if" || w == "while" || isClass(w) || strings.HasPrefix(strings.ToLower(w), "is") {
				return true
			}
		case other == "," || op == ",":
			if c := r.inCall(i); c == "strchr" || c == "memchr" || c == "strspn" || c == "strcspn" || isCheck(c) {
				return true
			}
		}
	}
	return false
}
