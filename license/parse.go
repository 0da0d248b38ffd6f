package license

import (
	"strings"

	"nacre/fault"
)

const (
	// maxLength and maxDepth bound what Parse reads: an expression of all ids of
	// the list has some 14,000 bytes, and parentheses in use nest three deep.
	maxLength = 64 << 10
	maxDepth  = 100
)

const (
	documentRef = "DocumentRef-"
	licenseRef  = "LicenseRef-"
	additionRef = "AdditionRef-"
)

// Parse reads an expression of at most 65,536 bytes, with parentheses at most
// 100 deep. Blanks around it are no part of it.
func Parse(s string) (Expression, error) {
	if len(s) > maxLength {
		return Expression{}, fault.New(fault.Invalid, "parse licence expression: longer than %d bytes (limit: licence expression size)", maxLength)
	}
	p := parser{src: s}
	p.next()
	root, err := p.expression(0)
	if err == nil && p.token != "" {
		err = p.unexpected("the end, AND or OR")
	}
	if err != nil {
		return Expression{}, fault.Wrap(fault.Invalid, err, "parse licence expression %s", fault.Quote(s)).
			WithHint("%s", p.hint)
	}
	return Expression{root}, nil
}

// parser reads from src; token is the one to be read next, "" at the end.
type parser struct {
	src   string
	at    int // behind token
	token string
	start int
	hint  string
}

// next moves to the next token: a parenthesis, or a word with all that is no
// blank and no parenthesis.
func (p *parser) next() {
	for p.at < len(p.src) && blank(p.src[p.at]) {
		p.at++
	}
	p.start = p.at
	for p.at < len(p.src) && !blank(p.src[p.at]) {
		c := p.src[p.at]
		paren := c == '(' || c == ')'
		if paren && p.at > p.start {
			break
		}
		p.at++
		if paren {
			break
		}
	}
	p.token = p.src[p.start:p.at]
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// expression reads what OR joins, down to a closing parenthesis or the end.
func (p *parser) expression(depth int) (*node, error) {
	return p.chain(or, func() (*node, error) {
		return p.chain(and, func() (*node, error) { return p.term(depth) })
	})
}

func (p *parser) chain(op operator, part func() (*node, error)) (*node, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	var parts []*node
	for more := first; ; {
		if more.op == op {
			parts = append(parts, more.parts...)
		} else {
			parts = append(parts, more)
		}
		if p.token == "" || operatorOf(p.token) != op {
			break
		}
		p.next()
		if more, err = part(); err != nil {
			return nil, err
		}
	}
	if len(parts) == 1 {
		return parts[0], nil
	}
	for _, part := range parts {
		if part.alone() {
			return nil, fault.New(fault.Invalid, "%s stands in an expression, and means something alone only", part.id)
		}
	}
	return &node{op: op, parts: parts}, nil
}

func operatorOf(token string) operator {
	switch token {
	case "AND", "and":
		return and
	case "OR", "or":
		return or
	}
	return leaf
}

// alone reports whether a node is NONE or NOASSERTION.
func (n *node) alone() bool { return n.op == leaf && (n.id == none || n.id == noAssertion) }

// term reads one licence with its exception, or what is in parentheses.
func (p *parser) term(depth int) (*node, error) {
	switch {
	case p.token == "(":
		if depth == maxDepth {
			return nil, fault.New(fault.Invalid, "parentheses nest deeper than %d (limit: licence expression depth)", maxDepth)
		}
		p.next()
		inner, err := p.expression(depth + 1)
		if err != nil {
			return nil, err
		}
		if p.token != ")" {
			return nil, p.unexpected("a closing parenthesis, AND or OR")
		}
		p.next()
		if inner.alone() {
			return nil, fault.New(fault.Invalid, "%s stands in parentheses, and means something alone only", inner.id)
		}
		return inner, nil
	case p.token == "", p.token == ")", operatorOf(p.token) != leaf, isWith(p.token):
		return nil, p.unexpected("a licence")
	}
	n, err := p.licence()
	if err != nil {
		return nil, err
	}
	p.next()
	if !isWith(p.token) {
		return n, nil
	}
	if n.alone() {
		return nil, p.unexpected("the end")
	}
	p.next()
	if err := p.addition(n); err != nil {
		return nil, err
	}
	p.next()
	return n, nil
}

func isWith(token string) bool { return token == "WITH" || token == "with" }

// licence reads the token as a licence.
func (p *parser) licence() (*node, error) {
	if p.token == none || p.token == noAssertion {
		return &node{id: p.token}, nil
	}
	if p.reference(licenseRef) {
		return &node{id: p.token}, nil
	}
	name, plus := strings.CutSuffix(p.token, "+")
	if lower := strings.ToLower(name); strings.HasPrefix(lower, "licenseref-") || strings.HasPrefix(lower, "documentref-") {
		p.hint = "a reference is LicenseRef- or DocumentRef-...:LicenseRef-, in this case, with letters, digits, . and - behind it, and without +"
		return nil, p.unexpected("a licence")
	}
	if !isID(name) {
		return nil, p.unexpected("a licence")
	}
	n := &node{id: name, plus: plus}
	if l, ok := Lookup(name); ok {
		n.id, n.listed = l.ID, true
	}
	return n, nil
}

// addition reads the token as what stands behind WITH.
func (p *parser) addition(n *node) error {
	switch {
	case p.reference(additionRef):
		n.with, n.known = p.token, true
	case p.token == "", operatorOf(p.token) != leaf, isWith(p.token), !isID(p.token):
		return p.unexpected("an exception")
	default:
		n.with = p.token
		if l, ok := LookupException(p.token); ok {
			n.with, n.known = l.ID, true
		}
	}
	return nil
}

// reference reports whether the token is a reference of the given kind.
func (p *parser) reference(kind string) bool {
	token := p.token
	if rest, ok := strings.CutPrefix(token, documentRef); ok {
		document, name, found := strings.Cut(rest, ":")
		if !found || !isID(document) {
			return false
		}
		token = name
	}
	name, ok := strings.CutPrefix(token, kind)
	return ok && isID(name)
}

// isID reports whether s is an idstring.
func isID(s string) bool {
	for i := range len(s) {
		if !inID(s[i]) {
			return false
		}
	}
	return s != ""
}

func inID(c byte) bool {
	return '0' <= c && c <= '9' || 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '-' || c == '.'
}

func (p *parser) unexpected(wanted string) error {
	switch upper := strings.ToUpper(p.token); {
	case p.token == "":
		return fault.New(fault.Invalid, "it ends where %s is expected", wanted)
	case upper != p.token && (upper == "AND" || upper == "OR" || upper == "WITH"):
		p.hint = "operators are written in upper case, or wholly in lower case"
	case strings.ContainsAny(p.token, "/|,;"):
		p.hint = "licences are joined by AND or OR: MIT OR Apache-2.0"
	}
	return fault.New(fault.Invalid, "%s at byte %d where %s is expected", fault.Quote(p.token), p.start+1, wanted)
}
