package reach

import (
	"bytes"
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
	words    []string      // other strings that could be the last part of a module's name, each once
	packages []string
	libs     []string // folders that the file adds to @INC
	compiled []compiled
	broken   bool // it could not be read, or not to its end
}

// load is a place that loads a module or a file.
type load struct {
	module  cpan.Module
	file    string
	line    int
	dynamic bool
	prefix  string   // the literal part that a computed name begins with; "" none
	plugins string   // all modules that begin so are loaded
	below   []string // modules that the expression names, and below which the name may be
	expr    string
	pkg     string
}

func readSource(fsys fs.FS, path string) ([]byte, error) {
	return limit.ReadFile(fsys, path, maxFile, "Perl source file size")
}

// compiled is a load of a package's compiled half.
type compiled struct {
	pkg  string
	line int
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
		if l.Module == "lib" && l.How == facts.Use {
			s.libs = append(s.libs, l.Imports...)
		}
		if l.How == facts.XS {
			continue
		}
		if l.Module == "XSLoader" || l.Module == "DynaLoader" {
			for _, p := range s.packages {
				s.compiled = append(s.compiled, compiled{p, l.Line})
			}
		}
		if l.How == facts.No && l.Module == "" || l.Module == "perl" {
			continue
		}
		out := load{module: cpan.Module(l.Module), file: l.File, line: l.Line, dynamic: l.Dynamic, expr: l.Expr, pkg: l.Package}
		if l.Dynamic {
			if (l.How == facts.Pluggable || l.How == facts.Find) && l.Module != "" {
				out.plugins = strings.TrimSuffix(l.Module, "::") + "::"
			}
			out.prefix, out.below = literalPrefix(l.Expr), namedIn(l.Expr)
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
	s.mentions, s.words = mentions(src)
	return s
}

// namedIn are the modules that the strings in an expression name, as in
// load_class($backend, "Plack::Handler").
func namedIn(expr string) []string {
	var out []string
	for expr != "" {
		at := strings.IndexAny(expr, `"'`)
		if at < 0 {
			break
		}
		quote := expr[at]
		text, rest, ok := strings.Cut(expr[at+1:], string(quote))
		if !ok {
			break
		}
		if text = strings.TrimSuffix(text, "::"); looksLikeModule(text) && strings.Contains(text, "::") {
			out = append(out, text+"::")
		}
		expr = rest
	}
	return out
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

// literalPrefix is the literal part of an expression that begins with a string,
// "Foo::$x" or 'Foo::' . $x, or of a statement in an evaluated one, require
// Foo::, behind which something is interpolated.
func literalPrefix(expr string) string {
	expr = strings.TrimLeft(expr, "( ")
	for _, word := range []string{"require ", "use "} {
		if name, ok := strings.CutPrefix(expr, word); ok && name != "" && name[0] != '$' {
			return modulePrefix(strings.TrimRight(name, ":") + "::")
		}
	}
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

// mentions are the modules that the strings and barewords of a source name, and
// the words among the strings.
func mentions(src []byte) (modules []cpan.Module, words []string) {
	seen := map[string]bool{}
	add := func(s string, quoted bool) {
		s = strings.TrimSuffix(strings.TrimPrefix(s, "+"), "::")
		if seen[s] || !looksLikeModule(s) {
			return
		}
		seen[s] = true
		modules = append(modules, cpan.Module(s))
		if quoted && !strings.Contains(s, "::") {
			words = append(words, s)
		}
	}
	sc := perlsrc.NewScanner(src)
	for t, ok := sc.Next(); ok; t, ok = sc.Next() {
		if t.End-t.Start > maxMention && t.Kind != perlsrc.Words {
			continue
		}
		switch text := string(t.Text(src)); t.Kind {
		case perlsrc.Word:
			if strings.Contains(text, "::") {
				add(text, false)
			}
		case perlsrc.Quote:
			add(strings.Trim(text, `'"`), true)
		case perlsrc.Words:
			for _, w := range strings.FieldsFunc(text, func(r rune) bool { return r != ':' && r != '+' && (r > 0x7f || !isWord(byte(r))) }) {
				add(w, true)
			}
		}
	}
	return modules, words
}

// compiledNames are the modules that the strings of a compiled half name: C code
// that loads a module names it so.
func compiledNames(object []byte) []cpan.Module {
	var out []cpan.Module
	for rest := object; ; {
		at := bytes.Index(rest, []byte("::"))
		if at < 0 {
			return out
		}
		from, to := at, at+2
		for from > 0 && at-from < maxMention && isWord(rest[from-1]) {
			from--
		}
		for to < len(rest) && to-at < maxMention && (isWord(rest[to]) || rest[to] == ':') {
			to++
		}
		// A string of C ends with a zero byte; it may be the end of a longer one.
		if name := string(rest[from:to]); to < len(rest) && rest[to] == 0 && looksLikeModule(name) {
			out = append(out, cpan.Module(name))
		}
		rest = rest[to:]
	}
}

// maxMention bounds the names that are looked for in strings, in bytes.
const maxMention = 200

// looksLikeModule asks for a capital, which modules that are loaded by a
// computed name have: "strict" and "name" are words.
func looksLikeModule(s string) bool {
	if s == "" || len(s) > maxMention || s[0] < 'A' || s[0] > 'Z' {
		return false
	}
	_, err := cpan.ParseModule(s)
	return err == nil
}
