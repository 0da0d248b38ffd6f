package facts

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// maxAhead bounds, in tokens, how far a construct is looked at from its first
// word; what goes on behind it is dynamic.
const maxAhead = 1000

// maxDepth bounds the strings in strings that are evaluated.
const maxDepth = 3

// context is what holds for the statements of a block.
type context struct {
	pkg      string
	sub      string
	phase    Phase
	cond     string
	optional bool
	loops    *loop
}

// frame is a bracket that is open, and what holds again when it closes.
type frame struct {
	open   byte
	start  int  // its token
	stmt   int  // the first token of the statement that it is in
	isStmt bool // its end is that statement's
	outer  context
}

// opener is a word that says what the next block is: sub, package, class.
type opener struct {
	inner context
	depth int // of the frames
	named bool
	pkg   *Package
}

// walker goes through a file's tokens once.
type walker struct {
	src    []byte
	scan   tokens
	toks   []perlsrc.Token // the significant ones, as far as they were read
	ended  bool
	read   int                     // tokens that were dropped from toks
	bodies map[int32]perlsrc.Token // the lines of here-documents, by their numbers
	line   int                     // that is added to those of tokens, in an evaluated string
	inText int                     // how many evaluated strings this one is in

	inCode bool // it is the replacement of an s///e

	file *File // nil where only versions are asked for
	versions

	frames  []frame
	stmt    int // the first token of the statement; -1 within what is none
	pending *opener
	context
	budget int // steps that are left for looking ahead
	skip   int // words before this token are a part of something that was read

	spent bool // the budget was

	used map[string]bool // modules that were loaded before here
	dsn  map[string]bool // variables that hold a DBI data source
}

// tokens gives those of a source in order, as perlsrc.Scanner does.
type tokens interface {
	Next() (perlsrc.Token, bool)
	Err() error
}

// cut are the tokens of a source that was cut into them before.
type cut struct {
	rest []perlsrc.Token
	err  error
}

func (c *cut) Next() (t perlsrc.Token, ok bool) {
	if len(c.rest) == 0 {
		return t, false
	}
	t, c.rest = c.rest[0], c.rest[1:]
	return t, true
}

func (c *cut) Err() error { return c.err }

// newWalker starts with room for so many significant tokens.
func newWalker(src []byte, from tokens, room int) *walker {
	w := &walker{src: src, scan: from, toks: make([]perlsrc.Token, 0, room)}
	w.context = context{pkg: "main", phase: Run}
	w.budget = 1000
	return w
}

// has reports whether there is a token i, and reads up to it.
func (w *walker) has(i int) bool {
	for i >= len(w.toks) {
		if w.ended {
			return false
		}
		t, ok := w.scan.Next()
		switch {
		case !ok:
			w.ended = true
			return false
		case t.Kind.Significant():
			w.toks = append(w.toks, t)
			w.budget += stepsPerToken
		case t.Kind == perlsrc.HereBody:
			if w.bodies == nil {
				w.bodies = map[int32]perlsrc.Token{}
			}
			w.bodies[t.Here] = t
		case t.Kind == perlsrc.Pod && w.file != nil && w.inText == 0:
			w.file.pod(t, w.src)
		}
	}
	return true
}

// stepsPerToken bounds the work on constructs that are looked at ahead of their
// turn, so that nesting them costs no more than time linear in the source.
const stepsPerToken = 64

// step takes one step of those, and reports whether there are any left. Where
// there are none, constructs end early, and a fact says so.
func (w *walker) step() bool {
	if w.budget--; w.budget >= 0 {
		return true
	}
	if !w.spent {
		w.spent = true
		w.dynamic(len(w.toks)-1, "limit", "constructs nested too deeply to be read whole (limit: 64 steps a token)")
	}
	return false
}

// is reports whether token i is s, and no text in quotes.
func (w *walker) is(i int, s string) bool {
	if i < 0 || !w.has(i) {
		return false
	}
	t := w.toks[i]
	return t.End-t.Start == len(s) && t.Kind < perlsrc.Quote && string(w.src[t.Start:t.End]) == s
}

func (w *walker) text(i int) string {
	if i < 0 || !w.has(i) {
		return ""
	}
	return string(w.toks[i].Text(w.src))
}

func (w *walker) kind(i int) perlsrc.Kind {
	if i < 0 || !w.has(i) {
		return perlsrc.Unknown
	}
	return w.toks[i].Kind
}

func (w *walker) lineOf(i int) int {
	if i < 0 || !w.has(i) {
		return w.line
	}
	return w.toks[i].Line + w.line
}

// word gives token i where it is a word, else "".
func (w *walker) word(i int) string {
	if w.kind(i) != perlsrc.Word {
		return ""
	}
	return w.text(i)
}

// between is the source of the tokens [from,to), blanks and line ends as one
// blank, cut at 200 bytes.
func (w *walker) between(from, to int) string {
	if from < 0 || from >= to || !w.has(from) {
		return ""
	}
	w.has(to - 1)
	to = min(to, len(w.toks))
	if from >= to {
		return ""
	}
	return clip(w.src[w.toks[from].Start:w.toks[to-1].End])
}

// maxClip is how much of the source a fact repeats, in bytes.
const maxClip = 200

// clip is a piece of source on one line, cut where it is long.
func clip(b []byte) string {
	cut := false
	if len(b) > 2*maxClip {
		b, cut = b[:2*maxClip], true
	}
	s := strings.Join(strings.Fields(strings.ToValidUTF8(string(b), "\ufffd")), " ")
	if len(s) > maxClip {
		s, cut = strings.ToValidUTF8(s[:maxClip], ""), true
	}
	if cut {
		s += "..."
	}
	return s
}

// opening and closing give the bracket that token i is, or 0.
func (w *walker) opening(i int) byte {
	if w.kind(i) == perlsrc.Structure {
		if c := w.src[w.toks[i].Start]; c == '(' || c == '[' || c == '{' {
			return c
		}
	}
	return 0
}

func (w *walker) closing(i int) byte {
	if w.kind(i) == perlsrc.Structure {
		if c := w.src[w.toks[i].Start]; c == ')' || c == ']' || c == '}' {
			return c
		}
	}
	return 0
}

// end gives the token behind the statement or the argument list that goes on
// at i: a semicolon, or a bracket that closes what was open before i. whole is
// false where it is too far away.
func (w *walker) end(i int) (end int, whole bool) {
	depth := 0
	for ; w.has(i); i++ {
		if !w.step() {
			return i, false
		}
		if w.toks[i].Kind != perlsrc.Structure {
			if w.toks[i].Kind == perlsrc.EndMark {
				return i, true
			}
			continue
		}
		switch w.src[w.toks[i].Start] {
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return i, true
			}
		case ';':
			if depth == 0 {
				return i, true
			}
		}
		if end++; end > maxAhead {
			return i, false
		}
	}
	return i, true
}

// close gives the token that closes the bracket at i, or the one behind the
// last where none does.
func (w *walker) close(i int) int {
	depth := 0
	for n := 0; w.has(i) && n < maxAhead && w.step(); i, n = i+1, n+1 {
		switch {
		case w.opening(i) != 0:
			depth++
		case w.closing(i) != 0:
			if depth--; depth <= 0 {
				return i
			}
		}
	}
	return i
}

// walk goes through the whole file, or until stop says so.
func (w *walker) walk(stop func(int) bool) {
	for i := 0; w.has(i); i++ {
		if w.file == nil && i >= few/2 && i == w.stmt && len(w.frames) == 0 {
			// Nobody looks back further than to the statement's first token.
			w.toks = w.toks[:copy(w.toks, w.toks[i:])]
			w.read += i
			w.computed, w.skip = w.computed-i, w.skip-i
			i, w.stmt = 0, 0
		}
		t := w.toks[i]
		if stop != nil && stop(i) {
			return
		}
		switch t.Kind {
		case perlsrc.Structure:
			w.structure(i)
		case perlsrc.Label:
			if i == w.stmt {
				w.stmt = i + 1
			}
		case perlsrc.Word:
			w.keyword(i)
		case perlsrc.Variable:
			w.variable(i)
		case perlsrc.Quote:
			if w.file != nil {
				w.quote(i)
			}
		case perlsrc.Substitute:
			if w.file != nil {
				w.replacement(i)
			}
		case perlsrc.Glob:
			w.implicit(i, "File::Glob")
		case perlsrc.Cast:
			if w.file != nil {
				w.cast(i)
			}
		case perlsrc.EndMark:
			for w.file != nil && w.has(len(w.toks)) { // the POD behind it
			}
			return
		}
	}
}

func (w *walker) structure(i int) {
	switch c := w.src[w.toks[i].Start]; c {
	case '{':
		w.open(i)
	case '(', '[':
		w.frames = append(w.frames, frame{open: c, start: i, stmt: w.stmt, outer: w.context})
	case ')', ']', '}':
		w.leave(i, c)
	case ';':
		if n := len(w.frames); n == 0 || w.frames[n-1].open == '{' {
			w.stmt = i + 1
			w.pending = nil
		}
	}
}

// leave closes the innermost bracket of a kind; a brace also closes what was
// left open in it.
func (w *walker) leave(i int, c byte) {
	open := c - 2 // [ and {
	if c == ')' {
		open = '('
	}
	for n := len(w.frames); n > 0; n-- {
		f := w.frames[n-1]
		if f.open != open && c != '}' {
			return
		}
		w.frames = w.frames[:n-1]
		if f.open != open {
			continue
		}
		if c == '}' {
			w.context = f.outer
			w.stmt = f.stmt
			if f.isStmt {
				w.stmt = i + 1
			}
		}
		return
	}
	if c == '}' { // one too many
		w.stmt = i + 1
	}
}

// compound are the words of statements that end with their block.
func compound(word string) bool {
	switch word {
	case "if", "elsif", "unless", "while", "until", "for", "foreach", "given", "when", "try", "catch", "switch", "case":
		return true
	}
	return false
}

// open begins a brace: a block, an anonymous hash or a subscript.
func (w *walker) open(i int) {
	f := frame{open: '{', start: i, stmt: w.stmt, outer: w.context}
	inner := i + 1
	prev := w.word(i - 1)
	if w.kind(i-1) == perlsrc.Word && w.is(i-2, "->") {
		prev = "->"
	}
	switch {
	case w.pending != nil && w.pending.depth == len(w.frames):
		w.context = w.pending.inner
		f.isStmt = w.pending.named
		if w.pending.pkg != nil {
			w.pending.pkg.Block = true
		}
		w.pending = nil
	case i == w.stmt:
		f.isStmt = true
	case prev == "eval" || prev == "try":
		w.conditionOf(i - 1)
		w.optional = true
		f.isStmt = prev == "try" && i-1 == w.stmt
	case prev == "do", prev == "defer", prev == "finally":
		w.conditionOf(i - 1)
		f.isStmt = prev != "do" && i-1 == w.stmt
	case prev == "else" || prev == "continue" || prev == "default":
		w.cond = prev
		f.isStmt = i-1 == w.stmt
	case prev == "catch":
		w.cond = prev
	case i-1 == w.stmt && isPhaser(prev):
		f.isStmt = true
		if prev != "END" && prev != "ADJUST" {
			w.phase = Compile
		}
		w.sub, w.cond, w.optional = "", "", false
	case w.closing(i-1) == ')' && w.stmt >= 0 && compound(w.word(w.stmt)):
		f.isStmt = true
		switch word := w.word(w.stmt); word {
		case "for", "foreach":
			if w.file != nil {
				w.loop(i)
			}
		case "try":
		default:
			w.cond = w.between(w.stmt, i)
		}
	case prev != "" && prev != "->" && prev != "return":
		// map, grep, sort, and what other modules give a block to.
	default:
		inner = -1
	}
	w.frames = append(w.frames, f)
	w.stmt = inner
}

// conditionOf makes what the expression at i depends on hold for its block.
func (w *walker) conditionOf(i int) {
	if w.file != nil {
		w.cond = w.condition(i)
	}
}

func isPhaser(word string) bool {
	switch word {
	case "BEGIN", "UNITCHECK", "CHECK", "INIT", "END", "ADJUST":
		return true
	}
	return false
}

// isKey reports whether the word at i is only a string: left of =>, or alone
// in a subscript.
func (w *walker) isKey(i int) bool {
	return w.is(i+1, "=>") || w.is(i-1, "{") && w.is(i+1, "}") && w.stmt != i
}

// begin finds the start of the expression's statement, as far back as there
// is one.
func (w *walker) begin() int {
	if w.stmt >= 0 {
		return w.stmt
	}
	if n := len(w.frames); n > 0 {
		return w.frames[n-1].start + 1
	}
	return 0
}

// moduleFile turns "Foo/Bar.pm" into Foo::Bar.
func moduleFile(file string) (string, bool) {
	name, ok := strings.CutSuffix(file, ".pm")
	if !ok || name == "" || strings.HasPrefix(name, "/") || strings.HasPrefix(name, ".") {
		return "", false
	}
	name = strings.ReplaceAll(name, "/", "::")
	return name, isModule(name)
}

// isModule reports whether a string can be the name of a module.
func isModule(s string) bool {
	if s == "" || len(s) > 250 {
		return false
	}
	part := 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == ':':
			if part == 0 || i+1 >= len(s) || s[i+1] != ':' {
				return false
			}
			i++
			part = 0
		case !isWordByte(c), i == 0 && c >= '0' && c <= '9':
			return false
		default:
			part++
		}
	}
	return part > 0
}

// moduleName is a bareword as the name of a module: Foo'Bar and Foo:: are
// others for Foo::Bar and Foo.
func moduleName(word string) string {
	word = strings.TrimSuffix(word, "::")
	return strings.TrimPrefix(strings.ReplaceAll(word, "'", "::"), "::")
}

func hasLine(src []byte, prefix string) bool {
	return bytes.HasPrefix(src, []byte(prefix)) || bytes.Contains(src, []byte("\n"+prefix))
}
