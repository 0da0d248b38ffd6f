package facts

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// versions are the packages of a file and what they state as their version.
type versions struct {
	packages []*Package
	byName   map[string]*Package
	vars     map[string][]value // that calc knows
	computed int                // up to this token, assignments were computed
	inSub    map[*Package]Version
	constant map[*Package]Version
	first    *Package // the one that states a version first
}

// declare gives the package of a name, and makes it where it is new.
func (v *versions) declare(name string, line int) *Package {
	if p := v.byName[name]; p != nil {
		return p
	}
	if v.byName == nil {
		v.byName = map[string]*Package{}
	}
	p := &Package{Name: name, Line: line}
	v.byName[name] = p
	v.packages = append(v.packages, p)
	return p
}

// state records what is said about a package's version. A later statement of
// the same line goes on from the first, one on a later line changes what perl
// sees and not what parse_version does.
func (v *versions) state(p *Package, ver Version) {
	switch old := &p.Version; {
	case !old.Stated():
		*old = ver
		if v.first == nil {
			v.first = p
		}
	case old.Line == ver.Line && ver.Dynamic && !old.Dynamic:
		*old = ver
	case old.Line == ver.Line && !ver.Dynamic && !old.Dynamic:
		old.Text = ver.Text
		if ver.How == VersionEval {
			old.How = ver.How
		}
	case !ver.Dynamic && !old.Dynamic && ver.Text != old.Text:
		old.Later = ver.Text
	}
}

// finish gives the packages that state nothing else what a sub or a constant
// says.
func (v *versions) finish() {
	for _, p := range v.packages {
		if ver, ok := v.inSub[p]; ok && !p.Version.Stated() {
			v.state(p, ver)
		}
		if ver, ok := v.constant[p]; ok && !p.Version.Stated() {
			p.Version = ver
		}
	}
}

// versionOf gives the package whose $VERSION a variable's token is.
func versionOf(token, pkg string) (string, bool) {
	if len(token) < 8 || token[0] != '$' && token[0] != '*' || token[len(token)-7:] != "VERSION" {
		return "", false
	}
	name := strings.ReplaceAll(token[1:len(token)-7], "'", "::")
	switch {
	case name == "":
		return pkg, true
	case name == "::" || name == "main::":
		return "main", true
	case strings.HasSuffix(name, "::"):
		return strings.TrimPrefix(strings.TrimSuffix(name, "::"), "::"), true
	}
	return "", false
}

// version takes notice of a $VERSION at token i, where something is assigned
// to it.
func (w *walker) version(i int) {
	t := w.toks[i]
	if n := t.End - t.Start; n < 8 || string(w.src[t.End-7:t.End]) != "VERSION" || i < w.computed {
		return
	}
	pkg, ok := versionOf(w.text(i), w.pkg)
	if !ok || !w.isAssigned(i) {
		return
	}
	begin := w.begin()
	if w.kind(begin) == perlsrc.Word && compound(w.word(begin)) {
		return
	}
	end, whole := w.end(i)
	for n := begin; n < i && w.step(); n++ { // within parentheses the statement goes on
		if !whole {
			break
		}
		if w.closing(end) == ')' || w.closing(end) == ']' {
			end, whole = w.end(end + 1)
			continue
		}
		break
	}
	w.computed = end
	c := calc{src: w.src, toks: w.toks, pos: begin, end: min(end, len(w.toks)), pkg: w.pkg, vars: w.vars}
	if c.vars == nil {
		c.vars = map[string][]value{}
		w.vars = c.vars
	}
	if whole && c.end-c.pos <= maxStatement {
		c.block(false)
	} else {
		c.bad = true
	}
	c.bad = c.bad || c.pos != c.end
	line := t.Line + w.line
	ver := Version{Line: line, Source: w.assigned(i, end), How: c.how()}
	if c.bad || w.onCondition(t.Line) {
		ver.Dynamic, ver.Of = true, c.of
		w.stated(pkg, line, ver)
		return
	}
	done := map[string]bool{}
	for _, name := range c.set {
		pkg, ok := versionOf(name, w.pkg)
		if !ok || done[name] {
			continue
		}
		done[name] = true
		v := c.scalar(c.vars[name])
		if v.sort == undefined || v.sort == reference {
			continue
		}
		one := ver
		if text, ok := v.verdict(); ok {
			one.Text = text
		} else {
			one.Text, one.Invalid = clip([]byte(v.s)), true
		}
		w.stated(pkg, line, one)
	}
}

// stated records a version for a package, as what a sub does where it stands
// in one.
func (w *walker) stated(pkg string, line int, ver Version) {
	p := w.declare(pkg, line)
	if w.phase != Call || w.sub == "" {
		w.state(p, ver)
		return
	}
	if w.inSub == nil {
		w.inSub = map[*Package]Version{}
	}
	if _, ok := w.inSub[p]; !ok {
		w.inSub[p] = ver
	}
}

// onCondition reports whether a line begins with if, unless or elsif, and what
// stands on it in their block. parse_version passes over such lines.
func (w *walker) onCondition(line int) bool {
	for n := len(w.frames) - 1; n >= 0; n-- {
		f := w.frames[n]
		if f.open != '{' {
			continue
		}
		if f.stmt < 0 || w.lineOf(f.stmt) != line+w.line {
			return false
		}
		switch w.word(f.stmt) {
		case "if", "unless", "elsif":
			return true
		}
	}
	return false
}

// isAssigned reports whether the variable at i gets a value: by an operator
// that follows, or as a part of a list that gets one.
func (w *walker) isAssigned(i int) bool {
	switch w.word(i - 1) {
	case "my", "local", "state":
		// With the word on a line of its own, the variable is lexical for perl,
		// and the version for parse_version.
		if w.lineOf(i-1) == w.lineOf(i) || w.is(i-1, "local") {
			return false
		}
	}
	next := i + 1
	if w.is(next, ":") { // our $VERSION : shared
		for next++; w.kind(next) == perlsrc.Attribute && w.step(); next++ {
		}
	}
	if w.is(next, ",") || w.is(next, ")") {
		n := len(w.frames)
		if n == 0 || w.frames[n-1].open != '(' {
			return false
		}
		open := w.frames[n-1].start
		switch w.word(open - 1) {
		case "my", "local", "state":
			return false
		case "our", "":
		default:
			return false
		}
		return w.is(w.close(open)+1, "=")
	}
	switch w.text(next) {
	case "=", "||=", "//=", "&&=", ".=", "+=", "*=", "-=", "++", "--":
		return w.kind(next) == perlsrc.Operator
	case "=~":
		k := w.kind(next + 1)
		return k == perlsrc.Substitute || k == perlsrc.Translate
	}
	return false
}

// assigned is the source of what a variable gets.
func (w *walker) assigned(i, end int) string {
	for n := i + 1; n < end && n < i+20; n++ {
		if w.kind(n) == perlsrc.Operator && strings.HasSuffix(w.text(n), "=") {
			return w.between(n+1, end)
		}
	}
	return w.between(i, end)
}

// how is the form of a version, by what was used to compute it.
func (c *calc) how() VersionHow {
	switch {
	case c.match:
		return VersionRevision
	case c.object:
		return VersionObject
	case c.eval:
		return VersionEval
	case c.format:
		return VersionFormat
	case c.copied:
		return VersionCopy
	}
	return VersionLiteral
}

// few is how many tokens of a file are read before anybody asks how far it is
// worth while.
const few = 100

// ReadVersion gives the package of src that module names, with its version,
// and reads no further than it must. Where src states no version for such a
// package, or module is "", it is the first package that has one, as
// parse_version of ExtUtils::MakeMaker has it; and where none has, the package
// of that name, or the first, or the zero Package.
//
// The version is what parse_version says of the file, with these exceptions:
//
//   - parse_version evaluates one line, and takes the first that gives a value,
//     whatever package that is for. Here the version is the module's own.
//   - A statement of several lines, one that shares its line with "package
//     Foo;" or with the brace of a block, and package NAME VERSION with a
//     comment or a line end in it, are read; parse_version says "undef".
//   - What stands behind __END__ and in a here-document or string of several
//     lines is not read; parse_version takes it for code.
//   - $VERSION = $Other::VERSION is known where the file states that one.
//   - Where only running would tell, it is dynamic. parse_version evaluates the
//     line, and says what came of it on this machine.
func ReadVersion(src []byte, module string) Package {
	w := newWalker(src, perlsrc.NewScanner(src), few)
	last, lastPackage := -1, -1
	w.walk(func(i int) bool {
		t := w.toks[i]
		if w.read+i >= few && last < 0 {
			last, lastPackage = lastMention(src)
		}
		if last >= 0 && t.Start > last && (w.stmt == i || len(w.packages) > 0 || t.Start > lastPackage) {
			return true
		}
		p := w.first
		if module != "" {
			p = w.byName[module]
		}
		return p != nil && p.Version.Stated() && t.Line > p.Version.Line && i >= w.computed && t.End < len(src)
	})
	w.finish()
	named := w.byName[module]
	switch {
	case named != nil && named.Version.Stated():
		return *named
	case w.first != nil:
		return *w.first
	case named != nil:
		return *named
	}
	for _, p := range w.packages {
		return *p
	}
	return Package{}
}

// lastMention is the last place of a file that may state a version, as far as
// that can be told from the text around: $VERSION and its like, VERSION => of a
// constant, and package NAME and a digit. It is the end of a file with classes.
// lastPackage is the last place of the word package.
func lastMention(src []byte) (last, lastPackage int) {
	if hasLine(src, "class ") {
		return len(src), len(src)
	}
	mentions(src, "VERSION", func(at int) {
		if at == 0 {
			return
		}
		after := bytes.TrimLeft(src[at+7:min(at+27, len(src))], " \t\r\n")
		if strings.IndexByte("$*:'", src[at-1]) >= 0 || bytes.HasPrefix(after, []byte("=>")) || bytes.HasPrefix(after, []byte(",")) || len(after) == 0 {
			last = at
		}
	})
	mentions(src, "package", func(at int) {
		lastPackage = at
		fields := bytes.Fields(src[at+7 : min(at+300, len(src))])
		if len(fields) == 1 || len(fields) > 1 && (bytes.IndexByte([]byte("0123456789v#"), fields[1][0]) >= 0 || fields[0][0] == '#') {
			last = max(last, at)
		}
	})
	return last, lastPackage
}

// mentions gives every place of a word.
func mentions(src []byte, word string, each func(at int)) {
	for at := 0; ; at += len(word) {
		next := bytes.Index(src[at:], []byte(word))
		if next < 0 {
			return
		}
		at += next
		each(at)
	}
}
