package facts

import (
	"strings"

	"nacre/perlsrc"
)

// keyword takes notice of the word at i.
func (w *walker) keyword(i int) {
	t := w.toks[i]
	if i < w.skip {
		return
	}
	word := w.src[t.Start:t.End]
	switch string(word) {
	case "package":
		if i == w.stmt {
			w.packageAt(i)
		}
		return
	case "class", "role":
		if i == w.stmt {
			w.classAt(i)
		}
		return
	case "sub":
		w.subAt(i, false)
		return
	case "method":
		if i == w.stmt || w.is(i-1, "=") {
			w.subAt(i, true)
		}
		return
	case "fun", "func": // of Function::Parameters and its like
		if i == w.stmt && w.word(i+1) != "" {
			w.subAt(i, true)
		}
		return
	case "format":
		if i == w.stmt {
			w.formatAt(i)
		}
		return
	}
	if i == w.stmt && w.is(i, "use") && w.is(i+1, "constant") {
		w.constants(i + 2)
	}
	if w.file != nil {
		w.load(i, string(word))
	}
}

// constants reads use constant VERSION => ..., also in a hash, from behind the
// module's name.
func (w *walker) constants(i int) {
	if w.is(i, "{") {
		i++
	}
	for end, _ := w.end(i); i < end && w.has(i) && w.step(); i++ {
		if w.opening(i) != 0 {
			i = w.close(i)
			continue
		}
		if !w.is(i, "VERSION") || !w.is(i+1, "=>") && !w.is(i+1, ",") {
			continue
		}
		stop := i + 2
		for stop < end && !w.is(stop, ",") && w.step() {
			stop++
		}
		p := w.declare(w.pkg, w.lineOf(i))
		ver := Version{Line: w.lineOf(i), Source: w.between(i+2, stop), How: VersionConstant, Dynamic: true}
		c := calc{src: w.src, toks: w.toks, pos: i + 2, end: stop, pkg: w.pkg, vars: map[string][]value{}}
		if stop-i <= maxStatement {
			if text, ok := c.scalar(c.assign(false)).verdict(); ok && !c.bad && c.pos == stop {
				ver.Text, ver.Dynamic = text, false
			}
		}
		if w.constant == nil {
			w.constant = map[*Package]Version{}
		}
		w.constant[p] = ver
		return
	}
}

// versionFollows reports whether token i is a version.
func (w *walker) versionFollows(i int) bool {
	k := w.kind(i)
	return k == perlsrc.Number || k == perlsrc.VString
}

// packageAt reads "package NAME VERSION" at i.
func (w *walker) packageAt(i int) {
	name := moduleName(w.word(i + 1))
	if !isModule(name) {
		return
	}
	p := w.declare(name, w.lineOf(i))
	w.namespace(i+2, p)
}

// classAt reads "class NAME VERSION :isa(NAME VERSION)" at i.
func (w *walker) classAt(i int) {
	name := moduleName(w.word(i + 1))
	if !isModule(name) {
		return
	}
	next := i + 2
	if w.versionFollows(next) {
		next++
	}
	switch {
	case w.is(next, "{"), w.is(next, ";"):
	case w.is(next, ":") && w.kind(next+1) == perlsrc.Attribute:
	case w.is(next, "extends"), w.is(next, "isa"), w.is(next, "with"), w.is(next, "does"):
	default:
		return
	}
	p := w.declare(name, w.lineOf(i))
	p.Class = true
	w.namespace(i+2, p)
}

// namespace makes p the package from here on, or of the block that follows.
// The tokens from i on are its version and its attributes.
func (w *walker) namespace(i int, p *Package) {
	if w.versionFollows(i) {
		w.state(p, Version{Text: w.text(i), Source: w.text(i), Line: w.lineOf(i), How: VersionPackage})
		i++
	}
	inner := context{pkg: p.Name, phase: w.phase, cond: w.cond, optional: w.optional}
	isBlock := false
	for ; w.has(i) && w.step(); i++ {
		switch k := w.kind(i); {
		case w.is(i, ":"), w.is(i, ","), k == perlsrc.Quote, k == perlsrc.Words:
			continue
		case k == perlsrc.Attribute:
			w.isaAttribute(i, p)
			continue
		case k == perlsrc.Word && !w.is(i-1, ","):
			if word := w.text(i); word == "extends" || word == "isa" || word == "with" || word == "does" {
				how := Extends
				if word == "with" || word == "does" {
					how = With
				}
				if parent := moduleName(w.word(i + 1)); isModule(parent) {
					p.inherit(parent)
					w.add(Load{Module: parent, How: how, Line: w.lineOf(i), Phase: Compile, Package: p.Name})
					i++
				}
				continue
			}
		}
		isBlock = w.is(i, "{")
		break
	}
	if isBlock {
		w.pending = &opener{inner: inner, depth: len(w.frames), named: true, pkg: p}
		return
	}
	w.pkg = p.Name
}

// isaAttribute reads :isa(NAME VERSION) of a class.
func (w *walker) isaAttribute(i int, p *Package) {
	arg, ok := strings.CutPrefix(w.text(i), "isa(")
	if !ok {
		return
	}
	words := strings.Fields(strings.TrimSuffix(arg, ")"))
	if len(words) == 0 || !isModule(words[0]) {
		return
	}
	p.inherit(words[0])
	l := Load{Module: words[0], How: ClassISA, Line: w.lineOf(i), Phase: Compile, Package: p.Name}
	if len(words) > 1 {
		l.Version = words[1]
	}
	w.add(l)
}

func (p *Package) inherit(name string) {
	if len(p.ISA) >= maxAhead {
		p.DynamicISA = true
		return
	}
	for _, n := range p.ISA {
		if n == name {
			return
		}
	}
	p.ISA = append(p.ISA, name)
}

// formatAt reads "format NAME =" at i, behind whose lines a statement begins.
func (w *walker) formatAt(i int) {
	end := i + 1
	if w.word(end) != "" {
		end++
	}
	if w.is(end, "=") && w.lineOf(end+1) > w.lineOf(end) {
		w.stmt = end + 1
	}
}

// subAt reads "sub NAME (...)" or an anonymous sub at i.
func (w *walker) subAt(i int, method bool) {
	if w.is(i-1, "->") || w.is(i+1, "=>") || w.is(i-1, "{") && w.is(i+1, "}") {
		return
	}
	inner := context{pkg: w.pkg, sub: w.sub, phase: Call}
	name := w.word(i + 1)
	if name == "" {
		if method && !w.is(i+1, "{") && !w.is(i+1, "(") {
			return
		}
		w.pending = &opener{inner: inner, depth: len(w.frames)}
		return
	}
	if method && !w.is(i+2, "{") && !w.is(i+2, "(") && !w.is(i+2, ":") && !w.is(i+2, ";") && w.kind(i+2) != perlsrc.Prototype {
		return
	}
	w.skip = i + 2
	s := Sub{Name: moduleName(name), Package: w.pkg, Line: w.lineOf(i), Method: w.is(i, "method")}
	if at := strings.LastIndex(s.Name, "::"); at >= 0 {
		s.Package, s.Name = s.Name[:at], s.Name[at+2:]
	}
	switch w.word(i - 1) {
	case "my", "our", "state":
		s.Lexical = true
	}
	next := i + 2
	for n := 0; n < 20; n++ {
		switch {
		case w.kind(next) == perlsrc.Prototype:
			s.Prototype = clip(w.toks[next].Text(w.src))
			s.Prototype = strings.TrimSuffix(strings.TrimPrefix(s.Prototype, "("), ")")
			s.HasPrototype = true
			next++
			continue
		case w.is(next, ":"), w.kind(next) == perlsrc.Attribute:
			next++
			continue
		case w.is(next, "("):
			end := w.close(next)
			s.Signature = w.between(next, end+1)
			next = end + 1
			continue
		}
		break
	}
	s.Forward = !w.is(next, "{")
	if s.Forward && strings.HasPrefix(w.text(i), "fun") { // a call of what is named so
		w.skip = i + 1
		return
	}
	inner.sub = s.Name
	if s.Package != w.pkg {
		inner.sub = s.Package + "::" + s.Name
	}
	if !s.Forward {
		w.pending = &opener{inner: inner, depth: len(w.frames), named: true}
	}
	if isPhaser(s.Name) && w.pending != nil {
		w.pending.inner.phase = Compile
		w.pending.inner.sub = ""
		return
	}
	if w.file == nil {
		return
	}
	w.file.Subs = append(w.file.Subs, s)
	if s.Name == "AUTOLOAD" && !s.Forward {
		w.dynamic(i, "autoload", "sub AUTOLOAD")
	}
}

// add records a load.
func (w *walker) add(l Load) {
	if w.file == nil || l.Module == "" && l.File == "" && !l.Dynamic {
		return
	}
	if l.Package == "" {
		l.Package = w.pkg
	}
	l.InString = l.InString || w.inText > 0 && !w.inCode
	w.file.Loads = append(w.file.Loads, l)
	if l.Module != "" {
		w.used[l.Module] = true
		for _, family := range []string{"Mojo", "DBIx::Class"} {
			if strings.HasPrefix(l.Module, family) {
				w.used[family] = true
			}
		}
	}
	if l.Dynamic {
		w.file.Dynamic = append(w.file.Dynamic, Dynamic{Line: l.Line, What: "load", Text: l.Expr, Package: l.Package, Sub: l.Sub})
	}
}

// dynamic records what only running would tell.
func (w *walker) dynamic(i int, what, text string) {
	if w.file != nil {
		w.file.Dynamic = append(w.file.Dynamic, Dynamic{Line: w.lineOf(i), What: what, Text: text, Package: w.pkg, Sub: w.sub})
	}
}
