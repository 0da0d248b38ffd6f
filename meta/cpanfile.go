package meta

import (
	"io"
	"slices"

	"nacre/fault"
	"nacre/limit"
	"nacre/perlsrc"
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
// 1.10 is 1.1), v-strings, comments and POD. A loop over literal values, as in
//
//	requires $_ => 0 for qw(Foo Bar);
//	for my $m ('A', 'B') { requires "Foo::$m" }
//
// is what it says, if its body holds nothing but requirements. Everything else
// is Unresolved.
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
	Repeated    bool // the statement is in a loop, and stands for other requirements, too
	EndLine     int  // the line of its last character
	Span        Span // the statement, from its first word to its last argument
	Version     Span // the version argument; empty and behind the module where there is none; {-1, -1} where it is not literal

	// Where the file says to take the module from, instead of the index.
	Dist   string // "AUTHOR/Foo-Bar-1.0.tar.gz", an exact release
	URL    string
	Git    string // not from CPAN
	Ref    string
	Mirror string

	// Ignores are the advisories that a comment on one of the statement's lines
	// says to ignore, as written: # ignore=CVE-2099-0001, CPANSA-Foo-2099-001.
	Ignores []string
}

// Span is a range of bytes in the file: from Start to before End.
type Span struct{ Start, End int }

// Construct is a piece of Perl that is not literal.
type Construct struct {
	Line int
	What string // as in "if", "variable", "use if"
}

// maxStatements bounds requirements and unresolved constructs of one file.
const maxStatements = 50_000

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
	p := &cpanfileReader{t: perlsrc.Parse(b)}
	p.out.src = b
	p.check()
	p.statements(0, scope{phase: "runtime"})
	if p.err != nil {
		return Cpanfile{}, p.err
	}
	// A call within another one was read before it.
	slices.SortStableFunc(p.out.Requires, func(a, b Statement) int { return a.Span.Start - b.Span.Start })
	slices.SortStableFunc(p.out.Unresolved, func(a, b Construct) int { return a.Line - b.Line })
	p.ignores()
	return p.out, nil
}

// scope is what the blocks and loops around a statement say.
type scope struct {
	phase       string // empty where it is not literal
	feature     string
	conditional bool
	loop        *loop // the innermost; nil outside of all
}

// cpanfileReader reads the tree of a file.
type cpanfileReader struct {
	t        *perlsrc.Tree
	out      Cpanfile
	comments []ignoreComment
	steps    int // of loops
	err      error
}

// fail ends the reading with an error.
func (p *cpanfileReader) fail(line int, format string, args ...any) {
	if p.err == nil {
		p.err = fault.Wrap(fault.Invalid, fault.New(fault.Invalid, format, args...), "line %d", line).
			WithHint("perl -c says more about what is wrong with the file")
	}
}

// unresolved notes what is not literal, once for all rounds of a loop.
func (p *cpanfileReader) unresolved(line int, what string, s scope) {
	if s.loop.again() {
		return
	}
	p.out.Unresolved = append(p.out.Unresolved, Construct{line, what})
	p.count(line)
}

func (p *cpanfileReader) count(line int) {
	if len(p.out.Unresolved)+len(p.out.Requires) > maxStatements {
		p.fail(line, "more than %d statements (limit: cpanfile statements)", maxStatements)
	}
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
