// Tables that are indexed by a char, which may be negative:
//
//	for (; *s; s++)
//	    n += widths[*s];

package native

import (
	"nacre/audit"
	"nacre/csrc"
)

// indexed looks at tables that are indexed by a char, which may be negative:
// table[*s], table[(int)s[0]], and table[c] where c was read from a text.
func (r *review) indexed() {
	f := r.file
	for i := r.fn.First + 1; i+3 < r.fn.End; i++ {
		if !r.is(i, csrc.Punct) || f.Text(i) != "[" || !r.is(i-1, csrc.Word) && f.Text(i-1) != "]" || r.match(i) == 0 {
			continue
		}
		k, end := i+1, r.match(i)
		// A cast to a wider number comes too late: the sign is there by then.
		for f.Text(k) == "(" && isWide(r.squeezed(k+1, r.match(k))) {
			k = r.match(k) + 1
		}
		name, one := "", false
		switch {
		case f.Text(k) == "*" && k+2 == end:
			name = f.Text(k + 1)
		case f.Text(k) == "*" && f.Text(k+2) == "++" && k+3 == end:
			name = f.Text(k + 1)
		case f.Text(k) == "*" && f.Text(k+1) == "++" && k+3 == end:
			name = f.Text(k + 2)
		case f.Text(k+1) == "[" && r.match(k+1)+1 == end:
			name = f.Text(k)
		case k+1 == end && r.is(k, csrc.Word):
			name, one = f.Text(k), true
		}
		v := r.vars[name]
		if v == nil || v.noSign || !(one && v.char && r.fromText(name, i) || !one && v.chars) || r.below128(name, one, i) {
			continue
		}
		what := "a char of " + name
		if one {
			what = "the char " + name
		}
		table := i - 1
		for f.Text(table) == "]" && r.match(table) > 0 && r.match(table) < table {
			table = r.match(table) - 1
		}
		r.found(i, audit.Likely, audit.Medium, "CWE-125", f.Span(table, i)+" is indexed by "+what+", which is negative for bytes from 128 on where char is signed")
	}
}

// fromText reports whether a char was read from a text before a token, or is a
// parameter.
func (r *review) fromText(name string, at int) bool {
	f := r.file
	if v := r.vars[name]; v.param {
		return true
	}
	return r.first("text", name, func(i int) bool {
		if f.Text(i+1) != "=" {
			return false
		}
		if f.Text(i+2) == "*" {
			if t := r.vars[f.Text(i+3)]; t != nil && t.chars {
				return true
			}
		} else if t := r.vars[f.Text(i+2)]; t != nil && (t.chars || t.array) && f.Text(i+3) == "[" {
			return true
		}
		return false
	}) < at
}

// below128 reports whether it is asked before a token whether a char is of ASCII.
func (r *review) below128(name string, one bool, at int) bool {
	f := r.file
	kind := "ASCII of one"
	if !one {
		kind = "ASCII of many"
	}
	return r.first(kind, name, func(i int) bool {
		behind := f.Text(i + 1)
		switch {
		case one:
		case behind == "[" && r.match(i+1) > i:
			behind = f.Text(r.match(i+1) + 1)
		case f.Text(i-1) != "*" || !r.unary(i-1):
			return false
		}
		return isOrder(behind) || behind == "&" || one && (isOrder(f.Text(i-1)) || behind == "+=") || isClass(r.inCall(i))
	}) < at
}
