package pattern

import (
	"strconv"
	"strings"
)

// op is the kind of a piece of a pattern.
type op uint8

const (
	opEmpty  op = iota // matches no character, and cannot fail
	opAssert           // matches no character, and may fail: $ \b (?=...)
	opChar             // one character of a set
	opOpaque           // something that is not looked into: a variable, an atomic group, \1
	opCat
	opAlt
	opRepeat
)

// piece is a pattern, or a part of one.
type piece struct {
	op       op
	set      set
	sub      []*piece
	min, max int  // of opRepeat; max is -1 for no bound
	start    bool // of opAssert: it holds the pattern at the start: ^ \A \G
	end      bool // of opAssert: it is $ or \Z, which allow a newline behind
	strict   bool // of opAssert: it is \z
	digit    bool // of opChar: it is \d, whatever digits that are
	lazy     bool // of opRepeat: fewer first
	// look says what an opAssert asks for: A Z z b B as behind a backslash, m and e
	// for the ends of lines (^ and $ of /m), = and ! for what follows, < and - for
	// what is before and is not.
	look     byte
	inner    *piece // what is looked for around, or taken without going back
	from, to int    // its bytes in the text
}

// The limits of a pattern that is looked into.
const (
	maxPattern = 8 << 10 // bytes
	maxDeep    = 60      // groups in groups
)

// modifiers are those of a pattern that change what its text means.
type modifiers struct{ fold, dotAll, lines, blanks bool }

func modifiersOf(s string) modifiers {
	return modifiers{
		fold: strings.Contains(s, "i"), dotAll: strings.Contains(s, "s"),
		lines: strings.Contains(s, "m"), blanks: strings.Contains(s, "x"),
	}
}

// reader reads a pattern. vars give the text of a variable in it, if it is known.
type reader struct {
	text string
	at   int
	deep int
	mod  modifiers
	vars func(name string) (text string, mod modifiers, ok bool)
	bad  bool // it was not understood, or is too large
}

// parse reads a pattern as perlre describes it; ok is false for what it does
// not understand.
func parse(text string, mod modifiers, vars func(string) (string, modifiers, bool)) (*piece, bool) {
	if len(text) > maxPattern {
		return nil, false
	}
	r := &reader{text: text, mod: mod, vars: vars}
	p := r.alternatives()
	return p, !r.bad && r.at == len(r.text)
}

func (r *reader) more() bool { return r.at < len(r.text) && !r.bad }

func (r *reader) peek(s string) bool { return strings.HasPrefix(r.text[r.at:], s) }

func (r *reader) take(s string) bool {
	if r.peek(s) {
		r.at += len(s)
		return true
	}
	return false
}

func (r *reader) alternatives() *piece {
	if r.deep++; r.deep > maxDeep {
		r.bad = true
		return &piece{}
	}
	defer func() { r.deep-- }()
	from := r.at
	before := r.mod // (?i) in an alternative holds to the end of the group
	alts := []*piece{r.sequence()}
	for r.more() && r.take("|") {
		alts = append(alts, r.sequence())
	}
	r.mod = before
	if len(alts) == 1 {
		return alts[0]
	}
	return &piece{op: opAlt, sub: alts, from: from, to: r.at}
}

func (r *reader) sequence() *piece {
	out := &piece{op: opCat, from: r.at}
	for r.more() && !r.peek("|") && !r.peek(")") {
		if r.skipped() {
			continue
		}
		from := r.at
		one := r.atom()
		if one == nil {
			continue
		}
		one.from, one.to = from, r.at
		for r.more() && r.skipped() {
		}
		out.sub = append(out.sub, r.repeated(one))
	}
	out.to = r.at
	return out
}

// skipped passes blanks and comments of /x, and (?#...).
func (r *reader) skipped() bool {
	if r.take("(?#") {
		i := strings.IndexByte(r.text[r.at:], ')')
		if i < 0 {
			r.bad = true
			return true
		}
		r.at += i + 1
		return true
	}
	if !r.mod.blanks || !r.more() {
		return false
	}
	switch r.text[r.at] {
	case ' ', '\t', '\n', '\r', '\f':
		r.at++
		return true
	case '#':
		i := strings.IndexByte(r.text[r.at:], '\n')
		if i < 0 {
			i = len(r.text) - r.at
		}
		r.at += i
		return true
	}
	return false
}

// repeated reads the quantifier behind a piece.
func (r *reader) repeated(one *piece) *piece {
	if !r.more() {
		return one
	}
	least, most := 0, -1
	switch {
	case r.take("*"):
	case r.take("+"):
		least = 1
	case r.take("?"):
		most = 1
	case r.peek("{"):
		var ok bool
		if least, most, ok = r.counts(); !ok {
			return one
		}
	default:
		return one
	}
	if r.take("+") { // possessive: nothing is tried again
		all := &piece{op: opRepeat, sub: []*piece{one}, min: least, max: most}
		return &piece{op: opOpaque, inner: all, from: one.from, to: r.at}
	}
	lazy := r.take("?")
	return &piece{op: opRepeat, sub: []*piece{one}, min: least, max: most, lazy: lazy, from: one.from, to: r.at}
}

// counts reads {3}, {3,}, {3,5} and {,5}.
func (r *reader) counts() (least, most int, ok bool) {
	end := strings.IndexByte(r.text[r.at:], '}')
	if end < 0 || end > 20 {
		return 0, 0, false
	}
	low, high, two := strings.Cut(r.text[r.at+1:r.at+end], ",")
	low, high = strings.TrimSpace(low), strings.TrimSpace(high)
	if low == "" && high == "" {
		return 0, 0, false
	}
	var err error
	if low != "" {
		if least, err = strconv.Atoi(low); err != nil || least < 0 {
			return 0, 0, false
		}
	}
	switch {
	case !two:
		most = least
	case high == "":
		most = -1
	default:
		if most, err = strconv.Atoi(high); err != nil || most < 0 {
			return 0, 0, false
		}
	}
	r.at += end + 1
	return least, most, true
}

// atom reads one piece without its quantifier; nil where it is none, as \E.
func (r *reader) atom() *piece {
	c := r.text[r.at]
	switch c {
	case '(':
		return r.group()
	case '[':
		r.at++
		return r.class()
	case '.':
		r.at++
		if r.mod.dotAll {
			return char(anything())
		}
		return char(of("\n").not())
	case '^':
		r.at++
		if r.mod.lines {
			return &piece{op: opAssert, look: 'm'}
		}
		return &piece{op: opAssert, start: true, look: 'A'}
	case '$':
		return r.dollar()
	case '@':
		if i := nameLength(r.text[r.at+1:]); i > 0 {
			r.at += 1 + i
			return &piece{op: opOpaque}
		}
	case '\\':
		return r.escape()
	}
	r.at++
	if c >= 0x80 {
		for r.more() && r.text[r.at]&0xc0 == 0x80 { // one character of UTF-8
			r.at++
		}
		return char(span(other, other))
	}
	return char(r.folded(of(string(rune(c)))))
}

func char(s set) *piece { return &piece{op: opChar, set: s} }

func (r *reader) folded(s set) set {
	if r.mod.fold {
		return s.fold()
	}
	return s
}

// dollar reads a variable or the end of a line.
func (r *reader) dollar() *piece {
	rest := r.text[r.at+1:]
	n := nameLength(rest)
	braced := false
	if strings.HasPrefix(rest, "{") {
		if n = nameLength(rest[1:]); n == 0 || n+1 >= len(rest) || rest[n+1] != '}' {
			n = 0
		} else {
			braced = true
		}
	}
	if n == 0 {
		if rest != "" && rest[0] != ')' && rest[0] != '|' && !(r.mod.blanks && strings.ContainsAny(rest[:1], " \t\n\r#")) {
			// $$, ${ \ f() } and their like are not looked into.
			r.bad = true
		}
		r.at++
		if r.mod.lines {
			return &piece{op: opAssert, look: 'e'}
		}
		return &piece{op: opAssert, end: true, look: 'Z'}
	}
	name := rest[:n]
	r.at += 1 + n
	if braced {
		name = rest[1 : 1+n]
		r.at += 2
	}
	if !braced && r.more() && (r.peek("->") || r.peek("{") || r.peek("[")) {
		// An element, or a class behind a variable: perl guesses.
		r.bad = true
		return &piece{op: opOpaque}
	}
	if r.vars != nil {
		if text, mod, ok := r.vars(name); ok && len(text) < maxPattern {
			in := &reader{text: text, mod: mod, deep: r.deep + 1, vars: r.vars}
			p := in.alternatives()
			if !in.bad && in.at == len(in.text) {
				return p
			}
		}
	}
	return &piece{op: opOpaque}
}

func nameLength(s string) int {
	n := 0
	for n < len(s) && (s[n] == '_' || s[n] == ':' && n > 0 || s[n]|32 >= 'a' && s[n]|32 <= 'z' || n > 0 && s[n] >= '0' && s[n] <= '9') {
		n++
	}
	for n > 0 && s[n-1] == ':' {
		n--
	}
	return n
}

// group reads what is in parentheses.
func (r *reader) group() *piece {
	r.at++
	before := r.mod
	opaque, look := false, byte(0)
	if r.take("?") {
		switch {
		case r.take("="):
			look = '='
		case r.take("!"):
			look = '!'
		case r.take("<="):
			look = '<'
		case r.take("<!"):
			look = '-'
		case r.take(">"):
			opaque = true
		case r.take("|"):
		case r.take("<"), r.take("P<"), r.take("'"):
			i := strings.IndexAny(r.text[r.at:], ">'")
			if i < 0 {
				r.bad = true
				return nil
			}
			r.at += i + 1
		case r.flags():
			if r.take(")") {
				return nil // (?i) holds to the end of the group around it
			}
		default:
			r.bad = true
			return nil
		}
	} else if r.peek("*") {
		r.bad = true
		return nil
	}
	p := r.alternatives()
	if !r.take(")") {
		r.bad = true
		return nil
	}
	r.mod = before
	switch {
	case look != 0:
		return &piece{op: opAssert, look: look, inner: p}
	case opaque:
		return &piece{op: opOpaque, inner: p}
	}
	return &piece{op: opCat, sub: []*piece{p}}
}

// flags reads the modifiers of (?i) and (?^i:...), up to the colon.
func (r *reader) flags() bool {
	start, on := r.at, true
	for r.more() {
		c := r.text[r.at]
		switch c {
		case '^':
			r.mod = modifiers{}
		case '-':
			on = false
		case 'i':
			r.mod.fold = on
		case 's':
			r.mod.dotAll = on
		case 'm':
			r.mod.lines = on
		case 'x':
			r.mod.blanks = on
		case 'a', 'd', 'l', 'u', 'n', 'p':
		case ':':
			r.at++
			return true
		case ')':
			return r.at > start
		default:
			return false
		}
		r.at++
	}
	return false
}
