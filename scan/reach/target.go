package reach

import (
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlsrc"
	"nacre/scan"
)

// Reach says whether the project loads what an advisory is about: the modules
// that it names, or of which it names the files, else the component; and where
// it names routines, whether anything that is loaded calls one.
func (m *Map) Reach(component int, a *advisory.Affected) *scan.Reach {
	modules := modulesOf(a)
	if len(modules) == 0 {
		r := m.reach(&m.states[component])
		return m.routine(component, r, a)
	}
	best := state{}
	for _, module := range modules {
		s := m.moduleState(component, module)
		if rank(s.state) > rank(best.state) {
			best = s
		}
	}
	r := m.reach(&best)
	if whole := &m.states[component]; r.State == NotSeen && whole.state == Loaded && whole.module != "" {
		r.Why = string(whole.module) + " is loaded, but nothing that is read loads " + joined(modules)
	}
	return m.routine(component, r, a)
}

// modulesOf are the modules that an advisory names, and those of the files
// that it names.
func modulesOf(a *advisory.Affected) []cpan.Module {
	out := slices.Clone(a.Modules)
	for _, f := range a.Files {
		rel, ok := strings.CutSuffix(f, ".pm")
		if !ok {
			return nil // a program, or the compiled half: the whole distribution it is
		}
		if _, after, ok := strings.Cut("/"+rel, "/lib/"); ok {
			rel = after
		}
		if m, err := cpan.ParseModule(strings.ReplaceAll(rel, "/", "::")); err == nil && !slices.Contains(out, m) {
			out = append(out, m)
		}
	}
	return out
}

func joined(modules []cpan.Module) string {
	var s []string
	for _, m := range modules {
		s = append(s, string(m))
	}
	return strings.Join(s, " or ")
}

// moduleState is the state of one module of a component.
func (m *Map) moduleState(component int, module cpan.Module) state {
	whole := m.states[component]
	if module == "perl" && m.inv.Components[component].Dist == "perl" {
		return whole // records name it where another's module would stand
	}
	p := m.index.in(m.inv.Components[component].Place, module)
	if p == "" {
		p = m.index.module(module)
	}
	if p != "" {
		if f, ok := m.files[p]; ok {
			return state{state: stateOf(&f.visit), file: f, module: module, visit: &f.visit, doubt: f.by}
		}
		return state{state: NotSeen}
	}
	if v, ok := m.named[module]; ok {
		return state{state: stateOf(v), module: module, visit: v, doubt: v.by}
	}
	if whole.state == NotSeen {
		return whole
	}
	c := &m.inv.Components[component]
	return state{state: Unknown, visit: whole.visit, doubt: &doubt{
		at:  inventory.Evidence{},
		why: c.Ref() + " is loaded, and is not here to be read, so nothing tells of " + string(module),
	}}
}

// routine narrows the state of what is loaded to the routines that an advisory
// names. A call is a word like the routine's name in any file that is loaded.
// It is unknown where only the name stands in a string, a file that may be
// loaded has the call, a call's name is computed, or a module that is loaded is
// not here to be read. What perl calls by itself, such as import and DESTROY,
// is as good as called, and so is what is not written in Perl: functions of C
// are called by other names. Of a routine that no file declares, nothing tells
// what it is.
func (m *Map) routine(component int, r scan.Reach, a *advisory.Affected) *scan.Reach {
	if r.State != Loaded || len(a.Routines) == 0 || m.inv.Components[component].Dist == "perl" || slices.ContainsFunc(a.Files, isCompiled) {
		return &r
	}
	words := m.readWords()
	var names []string
	var maybe *call
	for _, name := range a.Routines {
		name = strings.TrimSuffix(strings.TrimLeft(name, "&"), "()")
		base := name[strings.LastIndexAny(name, ":>")+1:] // Foo::bar, Foo->bar
		if base == "" || calledByPerl(base) {
			return &r
		}
		names = append(names, base)
		if c, ok := words.calls[base]; ok {
			r.What = name
			r.Chain = nil
			if c.file.from != nil {
				r.Chain = m.chain(&state{file: c.file, module: c.file.module, visit: &c.file.visit})
			}
			r.Chain = append(r.Chain, scan.Step{At: inventory.Evidence{File: c.file.path, Line: c.line, How: "call"}, Test: c.file.test})
			return &r
		}
		if c, ok := words.maybe[base]; ok && maybe == nil {
			maybe = &c
		}
	}
	r.Why = r.What + " is loaded, but nothing that is read calls " + strings.Join(names, " or ")
	r.State = NotSeen
	at := func(c *call) inventory.Evidence {
		return inventory.Evidence{File: c.file.path, Line: c.line, How: "source"}
	}
	undeclared := func(name string) bool { return !words.subs[name] }
	switch {
	case maybe != nil:
		r.State, r.At = Unknown, at(maybe)
		r.Why += " for certain; this line may"
	case words.computed != nil:
		r.State, r.At = Unknown, at(words.computed)
		r.Why += "; a call whose name is computed may"
	case m.cut != "":
		r.State = Unknown
		r.Why += "; " + m.cut
	case words.unread != "":
		r.State = Unknown
		r.Why += "; " + words.unread + " is loaded, and is not here to be read"
	case slices.ContainsFunc(names, undeclared):
		r.State = Unknown
		r.Why += "; not all of it is declared in what is read, and what is compiled may be called by another name"
	}
	return &r
}

// isCompiled says whether a file of an advisory is not Perl: C, XS, or a header.
func isCompiled(file string) bool {
	switch strings.ToLower(path.Ext(file)) {
	case ".pm", ".pl", ".pod", ".t", ".psgi", ".cgi", "":
		return false
	}
	return true
}

// calledByPerl recognises the routines that perl calls by itself: those of use,
// and those in capitals (perlobj, perltie, perlmod: DESTROY, AUTOLOAD, FETCH).
func calledByPerl(name string) bool {
	return name == "import" || name == "unimport" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// call is a place that calls something.
type call struct {
	file *file
	line int
}

// words are the first places of what files that are loaded hold.
type words struct {
	calls    map[string]call // words in files that are certainly loaded
	maybe    map[string]call // words in others, and what strings name
	computed *call           // a method call with a computed name
	unread   string          // a module that is loaded and not here
	subs     map[string]bool // that a file declares
}

// readWords reads the words, once.
func (m *Map) readWords() *words {
	if m.words != nil {
		return m.words
	}
	w := &words{calls: map[string]call{}, maybe: map[string]call{}, subs: map[string]bool{}}
	m.words = w
	for _, f := range m.order {
		if m.ctx.Err() != nil || m.cut != "" {
			break // nobody waits for the answer, or it is that nobody knows
		}
		w.read(m.index.fsys, f)
	}
	for _, module := range m.absent() {
		for _, i := range m.index.byName[module] {
			if k := m.inv.Components[i].Kind; k != inventory.Core && k != inventory.Interpreter && w.unread == "" {
				w.unread = string(module)
			}
		}
	}
	return w
}

func (w *words) read(fsys fs.FS, f *file) {
	src, err := readSource(fsys, f.path)
	if err != nil {
		return // its facts said so
	}
	certain := w.calls
	if f.by != nil {
		certain = w.maybe
	}
	note := func(into map[string]call, name string, line int) {
		if _, ok := into[name]; !ok {
			into[name] = call{f, line}
		}
	}
	last := "" // the significant token before
	sc := perlsrc.NewScanner(src)
	for t, ok := sc.Next(); ok; t, ok = sc.Next() {
		if !t.Kind.Significant() {
			continue
		}
		if t.Kind == perlsrc.Unknown && t.End-t.Start > maxMention { // what follows a break
			for name := range strings.FieldsFuncSeq(string(t.Text(src)), notWord) {
				note(w.maybe, name, t.Line)
			}
			continue
		}
		text := string(t.Text(src))
		if t.Kind == perlsrc.Word && (last == "sub" || last == "method") {
			w.subs[text[strings.LastIndexAny(text, ":'")+1:]] = true
		}
		switch {
		case t.Kind == perlsrc.Word && last != "sub" && last != "method" && last != "package" && last != "use",
			t.Kind == perlsrc.Variable && text[0] == '&':
			name := strings.TrimPrefix(text, "&")
			note(certain, name[strings.LastIndexAny(name, ":'")+1:], t.Line)
		case t.Kind == perlsrc.Variable && last == "->" && w.computed == nil:
			w.computed = &call{f, t.Line}
		case t.Kind == perlsrc.Quote && len(text) <= maxMention: // ->can("decode"), "Foo::decode"
			name := strings.Trim(text, "'\"&")
			if name = name[strings.LastIndexByte(name, ':')+1:]; strings.IndexFunc(name, notWord) < 0 {
				note(w.maybe, name, t.Line)
			}
		case t.Kind == perlsrc.Words && last != "use":
			for name := range strings.FieldsFuncSeq(text, notWord) {
				note(w.maybe, name, t.Line)
			}
		}
		last = text
	}
}

func notWord(r rune) bool { return r > 0x7f || !isWord(byte(r)) }
