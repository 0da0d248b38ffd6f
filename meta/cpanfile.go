package meta

import (
	"io"
	"slices"

	"nacre/fault"
	"nacre/limit"
)

// Cpanfile is what a cpanfile says in so many words. The file is a Perl
// program; read are its literal statements:
//
//	requires 'Moo', '>= 2.0, < 3';
//	on 'test' => sub {
//	    requires 'Test::More' => 0.98;
//	};
//	requires 'Win32' if $^O eq 'MSWin32';   # kept, conditional, and unresolved
//
// that is requires, recommends, suggests and conflicts with their shortcuts
// (configure_requires, build_requires, test_requires, author_requires), on,
// feature and mirror, with quoted strings, bare numbers (as perl reads them:
// 1.10 is 1.1), v-strings, comments and POD. Everything else is Unresolved.
type Cpanfile struct {
	Requires   []Statement // in the file's order
	Unresolved []Construct // what only running the file would tell, in the file's order
	Mirrors    []string    // as written; most tools ignore them

	src []byte
}

// Statement is one requirement and where it stands.
type Statement struct {
	Prereq
	Conditional bool // whether it applies depends on what is Unresolved
	EndLine     int  // the line of its last character
	Span        Span // the statement, from its first word to its last argument
	Version     Span // the version argument; empty and behind the module where there is none; {-1, -1} where it is not literal

	// Where the file says to take the module from, instead of the index.
	Dist   string // "AUTHOR/Foo-Bar-1.0.tar.gz", an exact release
	URL    string
	Git    string // not from CPAN
	Ref    string
	Mirror string
}

// Span is a range of bytes in the file: from Start to before End.
type Span struct{ Start, End int }

// Construct is a piece of Perl that is not literal.
type Construct struct {
	Line int
	What string // as in "if", "variable", "use if"
}

// maxStatements bounds requirements and unresolved constructs of one file,
// maxNesting its blocks and brackets.
const (
	maxStatements = 50_000
	maxNesting    = 200
)

// ReadCpanfile reads a cpanfile: at most limit.Metadata bytes, to the end of r.
// Text that is no Perl (a string or a bracket that is never closed) is an
// error.
func ReadCpanfile(r io.Reader) (Cpanfile, error) {
	b, err := limit.ReadAll(r, limit.Metadata, "cpanfile size")
	if err != nil {
		return Cpanfile{}, err
	}
	return parseCpanfile(b)
}

func parseCpanfile(b []byte) (Cpanfile, error) {
	p := &cpanfileParser{lex: lexer{src: string(b), line: 1}}
	p.out.src = b
	p.advance()
	p.block(scope{phase: "runtime"}, 0)
	if p.err == nil && p.tok.kind != tokEnd {
		p.fail("a %q too many", p.tok.text)
	}
	if p.err != nil {
		return Cpanfile{}, p.err
	}
	// A call was read to its end before it was listed; one within it came first.
	slices.SortStableFunc(p.out.Requires, func(a, b Statement) int { return a.Span.Start - b.Span.Start })
	slices.SortStableFunc(p.out.Unresolved, func(a, b Construct) int { return a.Line - b.Line })
	return p.out, nil
}

// scope is what the blocks around a statement say.
type scope struct {
	phase       string // empty where it is not literal
	feature     string
	conditional bool
}

type cpanfileParser struct {
	lex   lexer
	tok   token // the current token
	prev  token // the one before it
	depth int
	err   error
	out   Cpanfile
}

func (p *cpanfileParser) advance() {
	p.prev = p.tok
	if p.err == nil {
		p.tok = p.lex.next()
		if p.lex.err != nil {
			p.err = p.lex.err
		}
	}
	if p.err != nil {
		p.tok = token{kind: tokEnd, start: len(p.lex.src), end: len(p.lex.src), line: p.lex.line}
	}
}

// following gives the token after the current one.
func (p *cpanfileParser) following() token {
	l := p.lex
	return l.next()
}

func (p *cpanfileParser) fail(format string, args ...any) {
	if p.err == nil {
		p.err = fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "line %d", p.tok.line).
			WithHint("perl -c says more about what is wrong with the file")
	}
	p.advance()
}

func (p *cpanfileParser) unresolved(line int, what string) {
	p.out.Unresolved = append(p.out.Unresolved, Construct{line, what})
	p.count()
}

func (p *cpanfileParser) count() {
	if len(p.out.Unresolved)+len(p.out.Requires) > maxStatements {
		p.fail("more than %d statements (limit: cpanfile statements)", maxStatements)
	}
}

// enter guards recursion; leave undoes it.
func (p *cpanfileParser) enter() {
	if p.depth++; p.depth > maxNesting {
		p.fail("nested deeper than %d (limit: cpanfile nesting)", maxNesting)
	}
}

func (p *cpanfileParser) leave() { p.depth-- }

// block reads statements up to a closing brace or the end.
func (p *cpanfileParser) block(s scope, open int) {
	p.enter()
	defer p.leave()
	for !p.tok.is("}") && p.tok.kind != tokEnd {
		p.statement(s)
	}
	if open > 0 && p.tok.kind == tokEnd {
		p.fail("the block that begins in line %d is not closed", open)
	}
}

// braces reads a block and its braces; the current token is the opening one.
func (p *cpanfileParser) braces(s scope) {
	line := p.tok.line
	p.advance()
	p.block(s, line)
	p.advance()
}

// shortcuts are the words that require something: their phase (empty for that
// of the block) and relation.
var shortcuts = map[string][2]string{
	"requires":           {"", "requires"},
	"recommends":         {"", "recommends"},
	"suggests":           {"", "suggests"},
	"conflicts":          {"", "conflicts"},
	"configure_requires": {"configure", "requires"},
	"build_requires":     {"build", "requires"},
	"test_requires":      {"test", "requires"},
	"author_requires":    {"develop", "requires"},
}

// harmless are the pragmas that change nothing here.
var harmless = map[string]bool{"strict": true, "warnings": true, "utf8": true, "feature": true}

func (p *cpanfileParser) statement(s scope) {
	t, first := p.tok, len(p.out.Requires)
	switch {
	case t.is(";"):
		p.advance()
		return
	case t.kind == tokString || t.kind == tokNumber: // the 1; at the end
		if next := p.following(); next.is(";") || next.is("}") || next.kind == tokEnd {
			p.advance()
			return
		}
	case t.is("{"): // a bare block runs once
		p.braces(s)
		return
	case t.kind == tokWord && !p.following().is("=>"):
		if _, ok := shortcuts[t.text]; ok {
			p.requirement(s)
			p.rest(s, first)
			return
		}
		switch t.text {
		case "on", "feature", "mirror":
			p.scoped(s)
			p.rest(s, first)
			return
		case "if", "unless", "elsif", "else", "for", "foreach", "while", "until":
			p.control(s)
			return
		case "use", "no":
			p.pragma(s)
			return
		}
	}
	p.unresolved(t.line, t.describe())
	p.skip(s)
}

// rest reads from behind a call to the end of its statement. What stands there
// decides about the call: its requirements, from number first on, depend on it.
func (p *cpanfileParser) rest(s scope, first int) {
	if p.tok.is(";") || p.tok.is("}") || p.tok.kind == tokEnd {
		return
	}
	for i := range p.out.Requires[first:] {
		p.out.Requires[first+i].Conditional = true
	}
	p.unresolved(p.tok.line, p.tok.describe())
	p.skip(s)
}

// control reads if (...) {...} and its like: what is in the block is kept.
func (p *cpanfileParser) control(s scope) {
	if p.tok.text != "else" && p.tok.text != "elsif" {
		p.unresolved(p.tok.line, p.tok.text)
	}
	s.conditional = true
	p.advance()
	for !p.tok.is("{") && !p.tok.is(";") && !p.tok.is("}") && p.tok.kind != tokEnd {
		p.term(s)
	}
	if p.tok.is("{") {
		p.braces(s)
	}
}

// pragma reads use and no.
func (p *cpanfileParser) pragma(s scope) {
	line, use := p.tok.line, p.tok.text
	p.advance()
	if t := p.tok; t.kind != tokNumber && !(t.kind == tokWord && harmless[t.text]) {
		p.unresolved(line, use+" "+t.text)
	}
	p.skip(s)
}

// skip reads what is not understood, to the end of the statement. Literal
// requirements in it are kept as conditional.
func (p *cpanfileParser) skip(s scope) {
	s.conditional = true
	declaration := p.tok.kind == tokWord && declarations[p.tok.text]
	for !p.tok.is(";") && !p.tok.is("}") && p.tok.kind != tokEnd {
		block := p.tok.is("{")
		p.term(s)
		// A block ends a declaration, and other statements unless something
		// goes on with it.
		if block && (declaration || p.tok.kind == tokWord && !modifiers[p.tok.text]) {
			return
		}
	}
}

// modifiers are the words that go on with a statement.
var modifiers = map[string]bool{
	"if": true, "unless": true, "while": true, "until": true, "for": true, "foreach": true,
	"and": true, "or": true, "xor": true,
}

// declarations are the words of statements that end with their block.
var declarations = map[string]bool{
	"sub": true, "package": true, "BEGIN": true, "UNITCHECK": true, "CHECK": true, "INIT": true, "END": true,
}

// term reads one token, or a bracket with all that is in it.
func (p *cpanfileParser) term(s scope) {
	p.enter()
	defer p.leave()
	t := p.tok
	switch {
	case t.kind == tokWord && shortcuts[t.text][1] != "" && p.called():
		p.requirement(s)
	case t.kind == tokWord && (t.text == "on" || t.text == "feature") && p.called():
		p.scoped(s)
	case t.is("{") && (p.prev.kind == tokWord || p.prev.is(")")) && !p.prev.is("->"):
		p.braces(s)
	case t.is("{") || t.is("(") || t.is("["):
		closing := map[string]string{"{": "}", "(": ")", "[": "]"}[t.text]
		p.advance()
		for !p.tok.is(closing) {
			if p.tok.kind == tokEnd || p.tok.is("}") || p.tok.is(")") || p.tok.is("]") {
				p.fail("the %q of line %d is not closed", t.text, t.line)
				return
			}
			p.term(s)
		}
		p.advance()
	default:
		p.advance()
	}
}

// called says that the current word is no method, key or subscript.
func (p *cpanfileParser) called() bool {
	next := p.following()
	return !p.prev.is("->") && !next.is("=>") && !(p.prev.is("{") && next.is("}"))
}
