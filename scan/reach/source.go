package reach

import (
	"bytes"
	"cmp"
	"io/fs"
	"regexp"
	"strings"

	"nacre/cpan"
	"nacre/limit"
	"nacre/perlsrc"
	"nacre/perlsrc/facts"
)

// sourceFacts is what following needs of a file's facts.
type sourceFacts struct {
	size     int // bytes of the source
	loads    []load
	mentions []cpan.Module // modules that strings and barewords name, each once
	words    []string      // other strings that could be the last part of a module's name, each once
	packages []string
	libs     []string // folders that the file adds to @INC
	compiled []compiled
	split    bool // it loads the rest of itself from files below auto
	// loadsRest is set where what stands behind its end is code, too.
	loadsRest bool
	broken    *broken // it could not be read, or not to its end; nil for a whole one
}

// broken is where a file stops being Perl that can be read.
type broken struct {
	line  int // 0 for a file of which nothing could be read
	why   string
	names []cpan.Module // that the part which is not read may load
}

// load is a place that loads a module or a file.
type load struct {
	module  cpan.Module
	file    string
	line    int
	dynamic bool
	prefix  string   // what a computed name begins with in any case; "" nothing
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
		return &sourceFacts{broken: &broken{why: err.Error()}}
	}
	f := facts.Read(src)
	s := &sourceFacts{size: len(src)}
	for i := range f.Packages {
		s.packages = append(s.packages, f.Packages[i].Name)
	}
	s.switches(f.Shebang)
	s.take(f, 0)
	if s.loadsRest {
		if rest, line := behindEnd(src); rest != nil {
			s.take(facts.Read(rest), line-1)
		}
	}
	if f.Broken != nil {
		s.broken = &broken{f.Broken.Line, f.Broken.What, namesFrom(src, f.Broken.Line)}
	}
	s.mentions, s.words = mentions(src)
	return s
}

// switches takes up the modules that a first line loads: perl -MFoo=bar, -d:Foo.
func (s *sourceFacts) switches(shebang string) {
	for _, word := range strings.Fields(shebang) {
		name, ok := strings.CutPrefix(word, "-M")
		if !ok {
			name, ok = strings.CutPrefix(word, "-m")
		}
		if debug, is := strings.CutPrefix(word, "-d:"); is {
			name, ok = "Devel::"+debug, true
		}
		name, _, _ = strings.Cut(name, "=")
		if _, err := cpan.ParseModule(name); ok && err == nil {
			s.loads = append(s.loads, load{module: cpan.Module(name), line: 1})
		}
	}
}

// take takes up what a source loads, whose first line is that many lines below
// the file's.
func (s *sourceFacts) take(f *facts.File, above int) {
	for i := range f.Loads {
		l := &f.Loads[i]
		line := l.Line + above
		if l.Module == "lib" && l.How == facts.Use {
			s.libs = append(append(s.libs, l.Imports...), foldersIn(l.Args)...)
		}
		if l.How == facts.XS {
			continue
		}
		switch l.Module {
		case "XSLoader", "DynaLoader":
			if s.compiled == nil {
				for _, p := range s.packages {
					s.compiled = append(s.compiled, compiled{p, line})
				}
			}
		case "AutoLoader":
			s.split, s.loadsRest = true, true // the installer has split what is behind __END__
		case "SelfLoader":
			s.loadsRest = true
		}
		if l.How == facts.No && l.Module == "" || l.Module == "perl" {
			continue
		}
		out := load{module: cpan.Module(l.Module), file: l.File, line: line, dynamic: l.Dynamic, expr: l.Expr, pkg: l.Package}
		if l.Dynamic {
			if (l.How == facts.Pluggable || l.How == facts.Find) && l.Module != "" {
				out.plugins = strings.TrimSuffix(l.Module, "::") + "::"
			}
			out.prefix, out.below = cmp.Or(l.Prefix, literalPrefix(l.Expr)), namedIn(l.Expr)
			if out.expr == "" {
				out.expr = string(l.How)
			}
		}
		s.loads = append(s.loads, out)
	}
	// A string that is evaluated may load what its text names.
	for i := range f.Dynamic {
		if d := &f.Dynamic[i]; d.What == "inc" {
			s.libs = append(s.libs, foldersIn(d.Text)...)
		} else if d.What == "eval" && mayLoad(d.Text) {
			s.loads = append(s.loads, load{line: d.Line + above, dynamic: true, expr: d.Text, prefix: evalPrefix(d.Text), pkg: d.Package})
		}
	}
}

// behindEnd gives what stands behind __END__ or __DATA__, and on which line it
// begins: for SelfLoader, and AutoLoader before it is installed, that is code.
func behindEnd(src []byte) (rest []byte, line int) {
	sc := perlsrc.NewScanner(src)
	for t, ok := sc.Next(); ok; t, ok = sc.Next() {
		if t.Kind == perlsrc.EndMark {
			return src[t.End:], t.Line
		}
	}
	return nil, 0
}

// loading finds what looks like a load in text that is not read as Perl.
var loading = regexp.MustCompile(`\b(?:use|require)\s+([A-Z]\w*(?:::\w+)*)|\b([A-Z]\w*(?:::\w+)+)`)

// inString finds what a string would load, were it evaluated.
var inString = regexp.MustCompile(`\b(?:use|require)\s+([A-Z]\w*(?:::\w+)*)`)

// namesFrom are the modules that a source seems to load from a line on.
func namesFrom(src []byte, line int) []cpan.Module {
	for ; line > 1; line-- {
		_, rest, ok := bytes.Cut(src, []byte("\n"))
		if !ok {
			break
		}
		src = rest
	}
	var out []cpan.Module
	seen := map[string]bool{}
	for _, m := range loading.FindAllSubmatch(src, -1) {
		if name := string(m[1]) + string(m[2]); !seen[name] && looksLikeModule(name) {
			seen[name] = true
			out = append(out, cpan.Module(name))
		}
	}
	return out
}

// quoted finds strings, without what they begin with that only running would
// tell: "$FindBin::Bin/../lib", dirname(__FILE__) . '/lib'.
var quoted = regexp.MustCompile(`["'](?:\$\{?[\w:]+\}?)?([\w./-]+)["']`)

// foldersIn are the folders that an expression names, which adds to @INC.
func foldersIn(expr string) []string {
	var out []string
	for _, m := range quoted.FindAllStringSubmatch(expr, -1) {
		out = append(out, m[1])
	}
	return out
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

// mayLoad reports whether an evaluated string may load something: one that says
// so, and one in which a variable may say so, at the beginning or behind a
// statement.
func mayLoad(text string) bool {
	return strings.Contains(text, "require") || strings.Contains(text, "use ") || !strings.ContainsAny(text, `"'{`) || statement.MatchString(text)
}

// statement finds a variable that may hold a whole statement.
var statement = regexp.MustCompile(`(?:^|[;{}"(])\s*[$@]\{?\w+\}?\s*(?:$|[;{}"])`)

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
		if b := t.Text(src); (t.Kind == perlsrc.Quote || t.Kind == perlsrc.HereBody) && (bytes.Contains(b, []byte("use")) || bytes.Contains(b, []byte("require"))) { // code that is evaluated, in a string
			for _, m := range inString.FindAllSubmatch(b, -1) {
				add(string(m[1]), false)
			}
		}
		if t.End-t.Start > maxMention && t.Kind != perlsrc.Words {
			continue
		}
		if t.Kind != perlsrc.Quote && t.Kind != perlsrc.Words && (t.Kind != perlsrc.Word || !bytes.Contains(t.Text(src), []byte("::"))) {
			continue // most tokens are none of these, and cost no string
		}
		switch text := string(t.Text(src)); t.Kind {
		case perlsrc.Word:
			if at := strings.LastIndex(text, "::"); at >= 0 {
				add(text, false)
				add(text[:at], false) // of Foo::bar()
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
