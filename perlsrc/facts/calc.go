package facts

import (
	"strings"

	"nacre/perlsrc"
)

// maxStatement bounds, in tokens, the statements that are computed, and
// maxSteps the work on each.
const (
	maxStatement = 400
	maxSteps     = 4000
)

// calc computes a statement that assigns to a $VERSION, where it uses nothing
// but literals, what was computed before, and a closed list of operators and
// functions:
//
//	= ||= //= .= += -= *= , => ?: || // && == != < > <= >= eq ne lt gt le ge
//	+ - . * / % x ** ! \ =~ with m//, s/// and tr///
//	my our (lists) [slices] do BLOCK eval BLOCK eval STRING
//	sprintf join split substr length scalar int defined lc uc undef qw
//	version->new, parse, declare, qv, and ->numify, normal, stringify of it
//
// Everything else makes it bad: only running would tell.
type calc struct {
	src   []byte
	toks  []perlsrc.Token
	pos   int
	end   int
	pkg   string
	vars  map[string][]value // by sigil and name, "$Foo::VERSION" and "@r"
	set   []string           // the variables that were assigned to, in order
	depth int                // of eval STRING

	groups []string // of the last match: $1 is groups[1]
	last   string   // the scalar that the last parenthesis assigned to
	steps  int
	bad    bool
	of     string // the first variable or module that is not known

	// What was used, for VersionHow.
	object, match, format, eval, copied bool
}

func (c *calc) fail() []value {
	c.bad = true
	return nil
}

// at gives the text of the token at pos+ahead, "" behind the end. What stands
// in quotes is never an operator, and given as "”".
func (c *calc) at(ahead int) string {
	if c.pos+ahead >= c.end {
		return ""
	}
	t := c.toks[c.pos+ahead]
	switch t.Kind {
	case perlsrc.Word, perlsrc.Operator, perlsrc.Structure, perlsrc.Variable, perlsrc.Cast:
		return string(t.Text(c.src))
	}
	return "''"
}

func (c *calc) kind() perlsrc.Kind {
	if c.pos >= c.end {
		return perlsrc.Unknown
	}
	return c.toks[c.pos].Kind
}

func (c *calc) accept(s string) bool {
	if c.at(0) != s {
		return false
	}
	c.pos++
	return true
}

func (c *calc) expect(s string) {
	if !c.accept(s) {
		c.bad = true
	}
}

// name is the variable that a token means: VERSION belongs to the package, and
// what has no package is taken as lexical.
func (c *calc) name(token string) string {
	sigil, name := token[:1], strings.ReplaceAll(token[1:], "'", "::")
	if sigil == "*" {
		sigil = "$"
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "::"), "main::")
	if name == "VERSION" {
		name = c.pkg + "::VERSION"
	}
	return sigil + name
}

// block computes statements up to the end or a brace that closes it, and gives
// the value of the last.
func (c *calc) block(list bool) []value {
	var out []value
	for !c.bad && c.pos < c.end && c.at(0) != "}" {
		if c.accept(";") {
			continue
		}
		out = c.statement(list)
		if c.pos < c.end && c.at(0) != ";" && c.at(0) != "}" {
			return c.fail()
		}
	}
	return out
}

// statement computes one, with its modifier.
func (c *calc) statement(list bool) []value {
	end, modifier, depth := c.end, -1, 0
scan:
	for i := c.pos; i < c.end; i++ {
		t := c.toks[i]
		switch t.Kind {
		case perlsrc.Structure:
			switch c.src[t.Start] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				if depth--; depth < 0 {
					end = i
					break scan
				}
			case ';':
				if depth == 0 {
					end = i
					break scan
				}
			}
		case perlsrc.Word:
			if depth == 0 && modifier < 0 && i > c.pos {
				if w := string(t.Text(c.src)); w == "if" || w == "unless" {
					modifier = i
				}
			}
		}
	}
	c.accept("return")
	if modifier < 0 {
		return c.list(list)
	}
	outer, start := c.end, c.pos
	word := string(c.toks[modifier].Text(c.src))
	c.pos, c.end = modifier+1, end
	cond := c.scalar(c.list(false))
	if !c.bad && c.pos != end {
		c.bad = true
	}
	var out []value
	if !c.bad && cond.truth() == (word == "if") {
		c.pos, c.end = start, modifier
		out = c.list(list)
		if c.pos != modifier {
			c.bad = true
		}
	}
	c.pos, c.end = end, outer
	return out
}

// scalar is the value of a list in scalar context: its last.
func (c *calc) scalar(vs []value) value {
	if len(vs) == 0 {
		return value{}
	}
	return vs[len(vs)-1]
}

// closes reports whether what follows ends an expression.
func (c *calc) closes() bool {
	switch c.at(0) {
	case "", ")", "]", "}", ";":
		return true
	}
	return false
}

func (c *calc) list(want bool) []value {
	if c.closes() {
		return nil
	}
	out := c.assign(want)
	for !c.bad && (c.accept(",") || c.accept("=>")) {
		if c.closes() {
			break
		}
		more := c.assign(want)
		if !want {
			out = more
			continue
		}
		out = append(out, more...)
	}
	return out
}

// target is what can be assigned to: one scalar, array or glob, or a list.
type target struct {
	names  []string
	isList bool
	glob   bool
	my     bool
}

func (c *calc) target() (target, bool) {
	var t target
	switch c.at(0) {
	case "our":
		c.pos++
	case "my", "state":
		t.my = true
		c.pos++
	}
	for c.kind() == perlsrc.Word && t.names == nil { // "our Foo $x"
		return t, false
	}
	one := func() bool {
		if c.kind() != perlsrc.Variable {
			return c.accept("undef")
		}
		s := c.at(0)
		if len(s) < 2 || s[0] != '$' && s[0] != '@' && s[0] != '*' || s[1] == '#' {
			return false
		}
		t.glob = s[0] == '*'
		t.isList = t.isList || s[0] == '@'
		t.names = append(t.names, c.name(s))
		c.pos++
		return true
	}
	if c.accept("(") {
		t.isList = true
		for c.at(0) != ")" {
			if !one() {
				return t, false
			}
			if !c.accept(",") && c.at(0) != ")" {
				return t, false
			}
		}
		c.pos++
	} else if !one() {
		return t, false
	}
	if c.accept(":") { // our $VERSION : shared
		for c.kind() == perlsrc.Attribute {
			c.pos++
		}
	}
	return t, true
}

func (c *calc) assign(want bool) []value {
	if c.steps++; c.steps > maxSteps || c.bad {
		return c.fail()
	}
	start := c.pos
	t, ok := c.target()
	if !ok {
		c.pos = start
		return c.ternary(want)
	}
	op := c.at(0)
	switch op {
	case "=":
	case "||=", "//=", "&&=", ".=", "+=", "-=", "*=", "x=":
		if t.isList {
			return c.fail()
		}
	default:
		c.pos = start
		return c.ternary(want)
	}
	c.pos++
	values := c.assign(t.isList)
	if c.bad {
		return nil
	}
	if t.isList {
		rest := values
		for _, name := range t.names {
			if name[0] == '@' {
				c.put(name, rest)
				rest = nil
				continue
			}
			var v []value
			if len(rest) > 0 {
				v, rest = rest[:1], rest[1:]
			} else {
				v = []value{{}}
			}
			c.put(name, v)
		}
		if !want {
			return []value{num(float64(len(values)))}
		}
		return values
	}
	name, v := t.names[0], c.scalar(values)
	if t.glob {
		if v.sort != reference {
			return c.fail()
		}
		v = value{sort: sort(v.n), s: v.s}
		if v.sort == number {
			v = num(value{sort: text, s: v.s}.number())
		}
	}
	if op != "=" {
		old := c.scalar(c.vars[name])
		if old.sort == undefined && !strings.HasSuffix(name, "::VERSION") {
			return c.fail()
		}
		switch {
		case op == "||=" && old.truth(), op == "//=" && old.sort != undefined, op == "&&=" && !old.truth():
			v = old
		case op == "||=" || op == "//=" || op == "&&=":
		default:
			v = c.binary(strings.TrimSuffix(op, "="), old, v)
		}
	}
	c.put(name, []value{v})
	c.last = name
	return []value{v}
}

func (c *calc) put(name string, vs []value) {
	size := 0
	for _, v := range vs {
		size += len(v.s)
	}
	if size > maxText || len(vs) > maxStatement {
		c.bad = true
		return
	}
	c.vars[name] = vs
	c.set = append(c.set, name)
}

func (c *calc) ternary(want bool) []value {
	left := c.climb(1, want)
	if !c.accept("?") {
		return left
	}
	cond := c.scalar(left).truth()
	yes := c.assign(want)
	c.expect(":")
	no := c.assign(want)
	if cond {
		return yes
	}
	return no
}

// precedence of the binary operators, low to high.
func precedence(op string) int {
	switch op {
	case "||", "//":
		return 1
	case "&&":
		return 2
	case "==", "!=", "eq", "ne":
		return 3
	case "<", ">", "<=", ">=", "lt", "gt", "le", "ge":
		return 4
	case "+", "-", ".":
		return 5
	case "*", "/", "%", "x":
		return 6
	case "=~", "!~":
		return 7
	case "**":
		return 9
	}
	return 0
}

// climb computes operators that bind at least as tightly as least.
func (c *calc) climb(least int, want bool) []value {
	if c.steps++; c.steps > maxSteps || c.bad {
		return c.fail()
	}
	start := c.pos
	left := c.unary(want)
	if want && !c.bad && precedence(c.at(0)) >= least && precedence(c.at(0)) > 0 {
		c.pos = start // an operand is a scalar
		left = c.unary(false)
	}
	for !c.bad {
		op := c.at(0)
		p := precedence(op)
		if p == 0 || p < least {
			break
		}
		c.pos++
		if p == 7 {
			left = c.bind(c.scalar(left), op == "!~", want)
			continue
		}
		next := p + 1
		if op == "**" {
			next = p
		}
		right := c.scalar(c.climb(next, false))
		if c.bad {
			return nil
		}
		left = []value{c.binary(op, c.scalar(left), right)}
	}
	return left
}

func (c *calc) unary(want bool) []value {
	switch c.at(0) {
	case "!":
		c.pos++
		return []value{truthValue(!c.scalar(c.climb(8, false)).truth())}
	case "-":
		c.pos++
		return []value{num(-c.scalar(c.climb(9, false)).number())}
	case "+":
		c.pos++
		return c.climb(8, want)
	case `\`:
		c.pos++
		v := c.scalar(c.climb(8, false))
		return []value{{sort: reference, s: v.s, n: float64(v.sort)}}
	}
	return c.primary(want)
}

func truthValue(b bool) value {
	if b {
		return num(1)
	}
	return str("")
}

// literal is the value of a token in quotes, or a number.
func (c *calc) literal(t perlsrc.Token) (value, bool) {
	s := string(t.Text(c.src))
	switch t.Kind {
	case perlsrc.Number:
		n, ok := perlsrc.NumberValue(s)
		if !ok {
			return value{}, false
		}
		return value{sort: number, s: n, n: str(n).number()}, true
	case perlsrc.VString:
		if !strings.HasPrefix(s, "v") {
			s = "v" + s
		}
		return value{sort: vstring, s: s}, true
	case perlsrc.Quote:
		if s, ok := unquote(c.src, t); ok {
			return str(s), len(s) <= maxText
		}
		return c.interpolate(t)
	}
	return value{}, false
}

// interpolate fills in the variables of a string, where they are known.
func (c *calc) interpolate(t perlsrc.Token) (value, bool) {
	body := quotedParts(c.src, t).body
	var b strings.Builder
	for i := 0; i < len(body); i++ {
		switch ch := body[i]; ch {
		case '\\', '@':
			return value{}, false
		case '$':
			rest := strings.TrimPrefix(body[i+1:], "{")
			n := 0
			for n < len(rest) && (isWordByte(rest[n]) || rest[n] == ':' && strings.HasPrefix(rest[n:], "::")) {
				if rest[n] == ':' {
					n++
				}
				n++
			}
			after := rest[n:]
			if braced := len(rest) != len(body)-i-1; n == 0 || braced != strings.HasPrefix(after, "}") && braced {
				return value{}, false
			} else if braced {
				after = after[1:]
			}
			if strings.HasPrefix(after, "[") || strings.HasPrefix(after, "{") || strings.HasPrefix(after, "->") {
				return value{}, false
			}
			v, ok := c.variable("$" + rest[:n])
			if !ok {
				return value{}, false
			}
			b.WriteString(v.s)
			i = len(body) - len(after) - 1
		default:
			b.WriteByte(ch)
		}
	}
	return str(b.String()), b.Len() <= maxText
}

// variable is the value of a scalar. A $VERSION that nothing was assigned to
// is undefined, as it is for parse_version; another one is not known.
func (c *calc) variable(token string) (value, bool) {
	if len(token) == 2 && token[1] >= '1' && token[1] <= '9' {
		if n := int(token[1] - '0'); n < len(c.groups) {
			return str(c.groups[n]), true
		}
		return value{}, false
	}
	name := c.name(token)
	if vs, ok := c.vars[name]; ok {
		if strings.HasSuffix(name, "::VERSION") {
			c.copied = true
		}
		return c.scalar(vs), true
	}
	if name == "$"+c.pkg+"::VERSION" {
		return value{}, true
	}
	if c.of == "" {
		c.of = token
	}
	return value{}, false
}

func (c *calc) primary(want bool) []value {
	if c.pos >= c.end {
		return c.fail()
	}
	t := c.toks[c.pos]
	switch t.Kind {
	case perlsrc.Number, perlsrc.VString, perlsrc.Quote:
		v, ok := c.literal(t)
		if !ok {
			return c.fail()
		}
		c.pos++
		if c.at(0) == "->" {
			if v.sort == text && v.s == "version" {
				return c.versionObject()
			}
			return c.fail()
		}
		return []value{v}
	case perlsrc.Words:
		c.pos++
		return words(quotedParts(c.src, t).body)
	case perlsrc.Match: // of $_
		return c.fail()
	case perlsrc.Variable:
		return c.element(want)
	case perlsrc.Structure:
		if c.at(0) == "(" {
			return c.parenthesis(want)
		}
	case perlsrc.Word:
		return c.word(want)
	}
	return c.fail()
}

// element is a variable: $x, @r, $#r, $r[0].
func (c *calc) element(want bool) []value {
	token := c.at(0)
	c.pos++
	switch {
	case strings.HasPrefix(token, "$#"):
		vs, ok := c.vars["@"+token[2:]]
		if !ok {
			return c.fail()
		}
		return []value{num(float64(len(vs) - 1))}
	case token[0] == '@':
		vs, ok := c.vars[token]
		switch {
		case !ok || c.at(0) == "[" || c.at(0) == "{":
			return c.fail()
		case want:
			return vs
		}
		return []value{num(float64(len(vs)))}
	case token[0] != '$' || c.at(0) == "{" || c.at(0) == "->":
		if c.of == "" {
			c.of = token
		}
		return c.fail()
	case c.at(0) == "[":
		vs, ok := c.vars["@"+token[1:]]
		if !ok {
			return c.fail()
		}
		return c.subscript(vs)
	}
	v, ok := c.variable(token)
	if !ok {
		return c.fail()
	}
	return []value{v}
}

// subscript takes elements out of a list.
func (c *calc) subscript(vs []value) []value {
	c.pos++
	var out []value
	for _, i := range c.list(true) {
		n := int(i.number())
		if n < 0 {
			n += len(vs)
		}
		if n < 0 || n >= len(vs) {
			out = append(out, value{})
		} else {
			out = append(out, vs[n])
		}
	}
	c.expect("]")
	return out
}

// parenthesis is a list in parentheses, and a slice of it where one follows.
func (c *calc) parenthesis(want bool) []value {
	isSlice, depth := false, 0
	for i := c.pos; i < c.end; i++ {
		if t := c.toks[i]; t.Kind == perlsrc.Structure {
			switch c.src[t.Start] {
			case '(', '[', '{':
				depth++
			case ')', ']', '}':
				depth--
			}
			if depth == 0 {
				isSlice = i+1 < c.end && c.toks[i+1].Kind == perlsrc.Structure && c.src[c.toks[i+1].Start] == '['
				break
			}
		}
		c.steps++
	}
	c.pos++
	c.last = ""
	vs := c.list(want || isSlice)
	last := c.last
	c.expect(")")
	if isSlice {
		return c.subscript(vs)
	}
	c.last = last
	return vs
}

// binary computes one operator.
func (c *calc) binary(op string, a, b value) value {
	if a.sort == vstring || b.sort == vstring || a.sort == object || b.sort == object || a.sort == reference || b.sort == reference {
		c.bad = true // their text is not what they hold
		return value{}
	}
	x, y := a.number(), b.number()
	switch op {
	case "||":
		if a.truth() {
			return a
		}
		return b
	case "//":
		if a.sort != undefined {
			return a
		}
		return b
	case "&&":
		if a.truth() {
			return b
		}
		return a
	case "==":
		return truthValue(x == y)
	case "!=":
		return truthValue(x != y)
	case "<":
		return truthValue(x < y)
	case ">":
		return truthValue(x > y)
	case "<=":
		return truthValue(x <= y)
	case ">=":
		return truthValue(x >= y)
	case "eq":
		return truthValue(a.s == b.s)
	case "ne":
		return truthValue(a.s != b.s)
	case "lt":
		return truthValue(a.s < b.s)
	case "gt":
		return truthValue(a.s > b.s)
	case "le":
		return truthValue(a.s <= b.s)
	case "ge":
		return truthValue(a.s >= b.s)
	case "+":
		return num(x + y)
	case "-":
		return num(x - y)
	case "*":
		return num(x * y)
	case "/":
		if y != 0 {
			return num(x / y)
		}
	case "%":
		if m := int64(y); m > 0 && x >= 0 && x < 1<<62 {
			return num(float64(int64(x) % m))
		}
	case "**":
		if p := power(x, y); p != 0 {
			return num(p)
		}
	case ".":
		c.format = true
		if len(a.s)+len(b.s) <= maxText {
			return str(a.s + b.s)
		}
	case "x":
		c.format = true
		if n := max(0, int(y)); n <= maxText && len(a.s)*n <= maxText {
			return str(strings.Repeat(a.s, n))
		}
	}
	c.bad = true
	return value{}
}

func power(x, y float64) float64 {
	if y < 0 || y > 60 || y != float64(int(y)) {
		return 0
	}
	p := 1.0
	for range int(y) {
		p *= x
	}
	return p
}

// bind computes =~ and !~.
func (c *calc) bind(v value, not, want bool) []value {
	name := c.last
	if name == "" && c.pos >= 2 { // $VERSION =~ s/_//
		if t := c.toks[c.pos-2]; t.Kind == perlsrc.Variable {
			name = c.name(string(t.Text(c.src)))
		}
	}
	if c.pos >= c.end || v.sort == vstring || v.sort == object || v.sort == reference || len(v.s) > maxText {
		return c.fail()
	}
	t := c.toks[c.pos]
	q := quotedParts(c.src, t)
	switch t.Kind {
	case perlsrc.Match, perlsrc.Pattern, perlsrc.Substitute:
		re, ok := compile(q.body, q.modifiers)
		if !ok || t.Kind == perlsrc.Pattern && q.modifiers != "" {
			return c.fail()
		}
		c.pos++
		all := strings.Contains(q.modifiers, "g")
		if t.Kind == perlsrc.Substitute {
			return c.substitute(v, name, q, re.FindAllStringSubmatchIndex(v.s, -1), all)
		}
		c.match = true
		found := re.FindAllStringSubmatch(v.s, -1)
		if len(found) > 0 {
			c.groups = found[0]
		}
		if not || !want {
			if all && !not {
				return c.fail() // goes on where the last one ended
			}
			return []value{truthValue((len(found) > 0) != not)}
		}
		if !all {
			found = found[:min(1, len(found))]
		}
		var out []value
		for _, m := range found {
			switch {
			case len(m) > 1:
				for _, g := range m[1:] {
					out = append(out, str(g))
				}
			case all:
				out = append(out, str(m[0]))
			default:
				out = append(out, num(1))
			}
		}
		return out
	case perlsrc.Translate:
		s, ok := translate(v.s, q.body, q.second, q.modifiers)
		if !ok || not {
			return c.fail()
		}
		c.pos++
		if strings.Contains(q.modifiers, "r") {
			return []value{str(s)}
		}
		return c.change(name, v, s, v.s != s)
	}
	return c.fail()
}

func (c *calc) substitute(v value, name string, q quoted, found [][]int, all bool) []value {
	var b strings.Builder
	at := 0
	for i, m := range found {
		if i > 0 && !all {
			break
		}
		var groups []string
		for g := 0; g+1 < len(m); g += 2 {
			if m[g] < 0 {
				groups = append(groups, "")
				continue
			}
			groups = append(groups, v.s[m[g]:m[g+1]])
		}
		to, ok := replacement(q.second, groups)
		if !ok {
			return c.fail()
		}
		b.WriteString(v.s[at:m[0]])
		b.WriteString(to)
		at = m[1]
	}
	b.WriteString(v.s[at:])
	if strings.Contains(q.modifiers, "r") {
		return []value{str(b.String())}
	}
	return c.change(name, v, b.String(), len(found) > 0)
}

// change gives a variable the text that s/// or tr/// made of it.
func (c *calc) change(name string, v value, s string, changed bool) []value {
	if name == "" || v.sort == undefined {
		return c.fail()
	}
	if changed {
		v = str(s)
	}
	c.put(name, []value{v})
	return []value{truthValue(changed)}
}
