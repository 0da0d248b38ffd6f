package reach

import (
	"io/fs"
	"strings"

	"nacre/cpan"
	"nacre/limit"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
)

// sourceFacts is what following needs of a file's facts.
type sourceFacts struct {
	loads    []load
	mentions []cpan.Module // modules that strings and barewords name, each once
	packages []string
	broken   bool // it could not be read, or not to its end
}

// load is a place that loads a module or a file.
type load struct {
	module  cpan.Module
	file    string
	line    int
	dynamic bool
	prefix  string // the literal part that a computed name begins with; "" none
	expr    string
	pkg     string
}

func readSource(fsys fs.FS, path string) ([]byte, error) {
	return limit.ReadFile(fsys, path, maxFile, "Perl source file size")
}

// readFacts reads a file. One that cannot be read has no facts and is broken.
func readFacts(fsys fs.FS, path string) *sourceFacts {
	src, err := readSource(fsys, path)
	if err != nil {
		return &sourceFacts{broken: true}
	}
	f := facts.Read(src)
	s := &sourceFacts{broken: f.Broken != nil}
	for i := range f.Packages {
		s.packages = append(s.packages, f.Packages[i].Name)
	}
	for i := range f.Loads {
		l := &f.Loads[i]
		if l.How == facts.XS || l.How == facts.No && l.Module == "" || l.Module == "perl" {
			continue
		}
		out := load{module: cpan.Module(l.Module), file: l.File, line: l.Line, dynamic: l.Dynamic, expr: l.Expr, pkg: l.Package}
		if l.Dynamic {
			switch {
			case (l.How == facts.Pluggable || l.How == facts.Find) && l.Module != "":
				out.prefix = strings.TrimSuffix(l.Module, "::") + "::"
			default:
				out.prefix = literalPrefix(l.Expr)
			}
			if out.expr == "" {
				out.expr = string(l.How)
			}
		}
		s.loads = append(s.loads, out)
	}
	// A string that is evaluated may load what its text names.
	for i := range f.Dynamic {
		if d := &f.Dynamic[i]; d.What == "eval" && mayLoad(d.Text) {
			s.loads = append(s.loads, load{line: d.Line, dynamic: true, expr: d.Text, prefix: evalPrefix(d.Text), pkg: d.Package})
		}
	}
	s.mentions = mentions(src)
	return s
}

// mayLoad reports whether an evaluated string looks as if it loaded something.
// One that is a variable alone may be anything.
func mayLoad(text string) bool {
	return strings.Contains(text, "require") || strings.Contains(text, "use ") || !strings.ContainsAny(text, `"'{`)
}

// evalPrefix is the literal part behind use or require in a string.
func evalPrefix(text string) string {
	for _, word := range []string{"require ", "use "} {
		if _, after, ok := strings.Cut(text, word); ok {
			return modulePrefix(strings.TrimLeft(after, " "))
		}
	}
	return ""
}

// literalPrefix is the literal part of an expression that begins with a string:
// "Foo::$x", 'Foo::' . $x.
func literalPrefix(expr string) string {
	expr = strings.TrimLeft(expr, "( ")
	if expr == "" || expr[0] != '"' && expr[0] != '\'' {
		return ""
	}
	return modulePrefix(expr[1:])
}

// modulePrefix is the beginning of a text that is a part of a module's name,
// up to its last "::", where it has one; a slash in it counts as "::".
func modulePrefix(text string) string {
	end := 0
	for end < len(text) && (text[end] == ':' || text[end] == '/' || isWord(text[end])) {
		end++
	}
	name := strings.ReplaceAll(text[:end], "/", "::")
	at := strings.LastIndex(name, "::")
	if at <= 0 {
		return ""
	}
	return name[:at+2]
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// mentions are the modules that the strings and barewords of a source name.
func mentions(src []byte) []cpan.Module {
	seen := map[string]bool{}
	var out []cpan.Module
	add := func(s string) {
		s = strings.TrimPrefix(s, "+")
		if !seen[s] && looksLikeModule(s) {
			seen[s] = true
			out = append(out, cpan.Module(s))
		}
	}
	sc := perlsrc.NewScanner(src)
	for t, ok := sc.Next(); ok; t, ok = sc.Next() {
		text := t.Text(src)
		switch t.Kind {
		case perlsrc.Word:
			if len(text) < 200 && strings.Contains(string(text), "::") {
				add(strings.TrimSuffix(string(text), "::"))
			}
		case perlsrc.Quote:
			if len(text) < 200 {
				add(strings.Trim(string(text), `'"`))
			}
		case perlsrc.Words:
			for _, w := range strings.FieldsFunc(string(text), func(r rune) bool { return r != ':' && r != '+' && (r > 0x7f || !isWord(byte(r))) }) {
				add(w)
			}
		}
	}
	return out
}

// looksLikeModule asks for a capital, which modules that are loaded by a
// computed name have: "strict" and "name" are words.
func looksLikeModule(s string) bool {
	if s == "" || len(s) > 200 || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	_, err := cpan.ParseModule(s)
	return err == nil
}
