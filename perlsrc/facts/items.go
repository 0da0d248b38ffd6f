package facts

import (
	"strings"

	"nacre/perlsrc"
)

// item is one element of a list.
type item struct {
	s        string
	ok       bool // s is its value; else only running would tell
	bare     bool // it is a word that only => or the list's user makes a string
	from, to int  // its tokens
	isKey    bool // => follows
	isNested bool // it is an anonymous hash or array, or a sub
}

// items are the elements of the list in the tokens [from,to), with the lists
// of qw and parentheses flattened. Words are taken as strings: use and its
// like are given names so. Of a list that goes on behind maxAhead of them, the
// rest is one element that is not known.
func (w *walker) items(from, to int) []item {
	var out []item
	for i := from; i < to && w.has(i) && w.step(); {
		if len(out) >= maxAhead {
			return append(out, item{from: i, to: to})
		}
		if w.is(i, ",") || w.is(i, "=>") || w.is(i, "(") || w.is(i, ")") || w.is(i, ";") {
			if w.is(i, "=>") && len(out) > 0 {
				out[len(out)-1].isKey = true
			}
			i++
			continue
		}
		end := i
		for depth := 0; end < to && w.has(end) && w.step(); end++ {
			if w.opening(end) != 0 {
				depth++
			} else if w.closing(end) != 0 {
				if depth--; depth < 0 {
					break
				}
			} else if depth == 0 && (w.is(end, ",") || w.is(end, "=>") || w.is(end, ";")) {
				break
			}
		}
		if end == i {
			i++
			continue
		}
		out = append(out, w.element(i, end)...)
		i = end
	}
	return out
}

// element is one element, in the tokens [from,to): several for qw.
func (w *walker) element(from, to int) []item {
	one := item{from: from, to: to}
	if w.kind(from) == perlsrc.Words && to == from+1 {
		var out []item
		for _, word := range perlsrc.SplitWords(w.src, w.toks[from]) {
			out = append(out, item{s: word, ok: true, from: from, to: to})
		}
		return out
	}
	sign := ""
	at := from
	if at+1 < to && (w.is(at, "-") || w.is(at, "+")) {
		sign = w.text(at)
		at++
	}
	if sign == "" && (w.is(at, "{") || w.is(at, "[") || w.is(at, "sub") && to > at+1 || w.is(at, `\`)) {
		one.isNested = true
		return []item{one}
	}
	if to != at+1 {
		return []item{one}
	}
	switch w.kind(at) {
	case perlsrc.Quote, perlsrc.HereDoc:
		one.s, one.ok = w.literal(at)
	case perlsrc.Number:
		one.s, one.ok = perlsrc.NumberValue(w.text(at))
	case perlsrc.VString:
		one.s, one.ok = w.text(at), true
	case perlsrc.Word:
		switch word := w.text(at); word {
		case "__PACKAGE__":
			one.s, one.ok = w.pkg, true
		case "undef", "shift", "pop", "wantarray", "__FILE__", "__LINE__", "__SUB__", "caller", "time":
		default:
			one.s, one.ok, one.bare = strings.TrimSuffix(word, "::"), true, true
		}
	case perlsrc.Operator: // -norequire, where it looks like a file test
		if s := w.text(at); len(s) > 1 && s[0] == '-' && isWordByte(s[1]) {
			one.s, one.ok, one.bare = s, true, true
		}
	}
	if one.ok {
		if sign == "-" {
			one.s = sign + one.s
		}
	}
	return []item{one}
}

// names splits items into literal strings, and says whether that is all.
func names(list []item) (literal []string, all bool) {
	all = true
	for _, it := range list {
		if it.ok {
			literal = append(literal, it.s)
		} else {
			all = false
		}
	}
	return literal, all
}

// call gives the arguments of the function or method at i: from the token
// behind the name to the end, with or without parentheses.
func (w *walker) call(i int) (list []item, end int) {
	if w.is(i+1, "(") {
		end := w.close(i + 1)
		return w.items(i+2, end), end
	}
	end, _ = w.end(i + 1)
	for n := i + 1; n < end && w.step(); n++ { // a modifier ends the list
		switch {
		case w.opening(n) != 0:
			n = w.close(n)
		case w.kind(n) == perlsrc.Word && !w.is(n+1, "=>"):
			switch w.text(n) {
			case "if", "unless", "for", "foreach", "while", "until", "or", "and":
				return w.items(i+1, n), n
			}
		case w.is(n, "?"), w.is(n, ":"), w.is(n, "||"), w.is(n, "&&"), w.is(n, "//"):
			return w.items(i+1, n), n
		}
	}
	return w.items(i+1, end), end
}
