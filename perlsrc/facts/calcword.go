package facts

import (
	"strconv"
	"strings"

	"nacre/perlsrc"
	"nacre/perlver"
)

// word computes a function or a keyword.
func (c *calc) word(want bool) []value {
	word := c.at(0)
	if c.at(1) == "=>" {
		c.pos++
		return []value{str(word)}
	}
	c.pos++
	switch word {
	case "our", "my":
		if c.kind() == perlsrc.Variable {
			return c.element(want)
		}
	case "do", "eval":
		if c.accept("{") {
			c.eval = c.eval || word == "eval"
			out := c.block(want)
			c.expect("}")
			return out
		}
		if word == "eval" {
			return c.evalString()
		}
	case "sprintf":
		if args := c.args(); len(args) > 0 {
			c.format = true
			if s, ok := format(args[0].s, args[1:]); ok {
				return []value{str(s)}
			}
		}
	case "join":
		if args := c.args(); len(args) > 0 {
			c.format = true
			var parts []string
			size := 0
			for _, a := range args[1:] {
				parts = append(parts, a.s)
				size += len(a.s) + len(args[0].s)
			}
			if size <= maxText {
				return []value{str(strings.Join(parts, args[0].s))}
			}
		}
	case "split":
		return c.split(want)
	case "substr":
		return c.substr()
	case "length", "int", "lc", "uc", "scalar", "defined":
		paren := c.accept("(")
		var vs []value
		if paren {
			vs = c.list(false)
			c.expect(")")
		} else {
			vs = c.climb(5, false)
		}
		v := c.scalar(vs)
		switch word {
		case "length":
			v = num(float64(len(v.s)))
		case "int":
			v = num(float64(int64(v.number())))
		case "lc":
			v = str(strings.ToLower(v.s))
		case "uc":
			v = str(strings.ToUpper(v.s))
		case "defined":
			v = truthValue(v.sort != undefined)
		}
		return []value{v}
	case "undef":
		if c.closes() || c.at(0) == "," {
			return []value{{}}
		}
	case "qv", "version::qv":
		c.object = true
		if args := c.args(); len(args) == 1 {
			if v, ok := newVersion(args[0], true); ok {
				return []value{v}
			}
		}
	case "version", "version::":
		if c.at(0) == "->" {
			return c.versionObject()
		}
	case "new":
		if c.at(0) == "version" {
			c.object = true
			c.pos++
			if args := c.args(); len(args) == 1 {
				if v, ok := newVersion(args[0], false); ok {
					return []value{v}
				}
			}
		}
	default:
		if c.of == "" {
			c.of = word
		}
	}
	return c.fail()
}

// args are the arguments of a list operator, with parentheses or without.
func (c *calc) args() []value {
	if c.accept("(") {
		vs := c.list(true)
		c.expect(")")
		return vs
	}
	return c.list(true)
}

// versionObject is version->new(...) and its like, from the arrow on, and
// what is called on the object.
func (c *calc) versionObject() []value {
	c.object = true
	c.pos++
	method := c.at(0)
	c.pos++
	var args []value
	if c.accept("(") {
		args = c.list(true)
		c.expect(")")
	}
	if c.bad || len(args) == 0 || len(args) > 2 {
		return c.fail()
	}
	// version->new(qw$Revision: 1.5 $) takes the second as the version.
	v := args[0]
	if len(args) == 2 {
		v = str("v" + args[1].s)
	}
	declare := false
	switch method {
	case "new", "parse":
	case "declare", "qv":
		declare = true
	default:
		return c.fail()
	}
	v, ok := newVersion(v, declare)
	for ok && c.accept("->") {
		parsed, err := perlver.Parse(v.s)
		if err != nil {
			return c.fail()
		}
		switch c.at(0) {
		case "normal":
			v = str(parsed.Normal())
		case "numify":
			v = str(parsed.Numify())
		case "stringify":
			v = str(v.s)
		default:
			return c.fail()
		}
		c.pos++
		if c.accept("(") {
			c.expect(")")
		}
	}
	if !ok {
		return c.fail()
	}
	return []value{v}
}

// evalString is eval of a string: its text is read as Perl again.
func (c *calc) evalString() []value {
	c.eval = true
	var v value
	if c.closes() {
		return c.fail() // of $_
	}
	if c.accept("(") {
		v = c.scalar(c.list(false))
		c.expect(")")
	} else {
		v = c.scalar(c.climb(5, false))
	}
	if c.bad || c.depth > 2 || v.sort != text && v.sort != number || len(v.s) > maxText {
		return c.fail()
	}
	toks, err := perlsrc.Tokenize([]byte(v.s))
	if err != nil {
		return c.fail()
	}
	inner := calc{src: []byte(v.s), pkg: c.pkg, vars: c.vars, depth: c.depth + 1, steps: c.steps + maxSteps/8}
	for _, t := range toks {
		if t.Kind.Significant() {
			inner.toks = append(inner.toks, t)
		}
	}
	inner.end = len(inner.toks)
	if inner.end > maxStatement {
		return c.fail()
	}
	out := inner.block(false)
	if inner.bad || inner.pos != inner.end {
		return c.fail()
	}
	c.set = append(c.set, inner.set...)
	return []value{c.scalar(out)}
}

// split is split of a pattern and a string.
func (c *calc) split(want bool) []value {
	paren := c.accept("(")
	if c.pos >= c.end || !want {
		return c.fail()
	}
	t := c.toks[c.pos]
	q := quotedParts(c.src, t)
	awk := t.Kind == perlsrc.Quote && q.body == " "
	if t.Kind != perlsrc.Match && t.Kind != perlsrc.Quote {
		return c.fail()
	}
	re, ok := compile(q.body, q.modifiers)
	c.pos++
	if !ok || !c.accept(",") {
		return c.fail()
	}
	args := c.list(true)
	if paren {
		c.expect(")")
	}
	if len(args) != 1 || re.NumSubexp() > 0 || len(args[0].s) > maxText {
		return c.fail()
	}
	c.match = true
	if awk {
		return words(args[0].s)
	}
	parts := re.Split(args[0].s, -1)
	for len(parts) > 0 && parts[len(parts)-1] == "" {
		parts = parts[:len(parts)-1]
	}
	var out []value
	for _, p := range parts {
		out = append(out, str(p))
	}
	return out
}

func words(s string) []value {
	var out []value
	for _, w := range strings.Fields(s) {
		out = append(out, str(w))
	}
	return out
}

// substr is substr of two or three arguments.
func (c *calc) substr() []value {
	args := c.args()
	if c.bad || len(args) < 2 || len(args) > 3 {
		return c.fail()
	}
	s, at := args[0].s, int(args[1].number())
	if at < 0 {
		at += len(s)
	}
	if at < 0 || at > len(s) {
		return c.fail()
	}
	s = s[at:]
	if len(args) == 3 {
		n := int(args[2].number())
		if n < 0 {
			n += len(s)
		}
		s = s[:min(max(n, 0), len(s))]
	}
	c.format = true
	return []value{str(s)}
}

// maxWidth bounds the widths of a format.
const maxWidth = 100

// format is sprintf.
func format(f string, args []value) (string, bool) {
	var b strings.Builder
	next := func() value {
		if len(args) == 0 {
			return value{}
		}
		v := args[0]
		args = args[1:]
		return v
	}
	for i := 0; i < len(f); i++ {
		if f[i] != '%' {
			b.WriteByte(f[i])
			continue
		}
		i++
		flags := i
		for i < len(f) && strings.IndexByte("-+ 0#", f[i]) >= 0 {
			i++
		}
		flag := f[flags:i]
		width, ok := 0, true
		width, i, ok = formatNumberAt(f, i)
		precision, hasPrecision := 0, false
		if ok && i < len(f) && f[i] == '.' {
			hasPrecision = true
			precision, i, ok = formatNumberAt(f, i+1)
		}
		for i < len(f) && (f[i] == 'l' || f[i] == 'h') {
			i++
		}
		if !ok || i >= len(f) {
			return "", false
		}
		var s string
		switch f[i] {
		case '%':
			s = "%"
		case 's':
			v := next()
			if v.sort == vstring { // the characters that its numbers are
				return "", false
			}
			if s = v.s; hasPrecision {
				s = s[:min(precision, len(s))]
			}
		case 'd', 'i', 'u':
			n := int64(next().number())
			s = strconv.FormatInt(n, 10)
			if hasPrecision {
				for len(s) < precision {
					s = "0" + s
				}
			}
			if strings.Contains(flag, "+") && n >= 0 {
				s = "+" + s
			}
		case 'f', 'g', 'e':
			if !hasPrecision {
				precision = 6
			}
			s = strconv.FormatFloat(next().number(), f[i], precision, 64)
		case 'v':
			v := next()
			if i++; i >= len(f) || f[i] != 'd' || v.sort != vstring || strings.Contains(v.s, "_") {
				return "", false
			}
			s = strings.TrimPrefix(v.s, "v")
		default:
			return "", false
		}
		for len(s) < width {
			switch {
			case strings.Contains(flag, "-"):
				s += " "
			case strings.Contains(flag, "0") && strings.HasPrefix(s, "-"):
				s = "-0" + s[1:]
			case strings.Contains(flag, "0"):
				s = "0" + s
			default:
				s = " " + s
			}
		}
		b.WriteString(s)
		if b.Len() > maxText {
			return "", false
		}
	}
	return b.String(), true
}

func formatNumberAt(f string, i int) (n, end int, ok bool) {
	for ; i < len(f) && f[i] >= '0' && f[i] <= '9'; i++ {
		if n = n*10 + int(f[i]-'0'); n > maxWidth {
			return 0, i, false
		}
	}
	return n, i, true
}
