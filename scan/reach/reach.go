// Package reach says which parts of an inventory a project loads, by reading its
// sources and those of what it loads, from its entry points on. Nothing is run.
//
//	bin/shop:3 loads Acme::Shop (lib/Acme/Shop.pm)
//	lib/Acme/Shop.pm:5 loads Plack::Builder (local/lib/perl5/Plack/Builder.pm)
//	local/lib/perl5/Plack/Builder.pm:8 loads Plack::Util
//
// makes the distribution Plack loaded, with these lines as its chain. The three
// answers, for a component, or for the module, file or routine of it that an
// advisory names:
//
//	loaded    a chain of lines that load each other leads to it. Loads under a
//	          condition, in an eval or in a sub that may never be called count, and
//	          so does what Module::Pluggable finds below a literal search_path
//	unknown   no such chain does, but something that only running would tell may
//	          load it: see below
//	not seen  neither
//
// What may be loaded by a line that computes the name:
//
//   - every module that begins with the literal part of the name, as in
//     "Foo::Plugin::$x"; where that is one word, as in "DBD::$x", those with one
//     word more
//   - every module below one that a string in the expression names:
//     load_class($x, "Foo::Handler")
//   - where the name has no literal part, modules in the namespace of the
//     distribution that the line stands in, and modules that a string, or a
//     bareword with "::" in it, of any file that is certainly loaded names: a
//     name that is computed was mostly written down somewhere
//   - all of those load what they load in turn
//
// A string that is evaluated counts as such a line where it may hold a load, and
// what a string would load, were it evaluated, counts as named. Of a file that
// stops being Perl, what the rest of it names may be loaded; where a file or a
// folder may not be read, or a limit is hit, nothing is "not seen" any more.
//
// A name that comes from outside of the sources (a configuration, a user) is
// therefore "not seen": the word says that nothing was seen, and not that it
// cannot be. That is why it ranks findings and is evidence, and never decides
// that a flaw does not matter.
//
// A module whose source is not there, as in a project that is only locked,
// cannot be followed. What it may load is unknown: every component that it
// requires by the inventory, and what those require; modules in the namespace of
// its distribution; and modules that a string or a bareword names.
//
// Of a module that is there twice, for two perls or in two folders of @INC that no
// layout orders, the copy that was found first counts, and the others are
// unknown. A lock's copy and an installed one of another version are both what
// runs, now or later, and so they have the same state.
//
// A routine counts as called where a file that is loaded has its name as a word,
// and where perl calls it by itself. It is unknown where a string holds the name,
// a method's name is computed, or a file that may be loaded calls it.
//
// Entry points are the programs of the project (bin, script, *.psgi, *.pl, its
// lib as a library), and by themselves its tests: what those compute is not
// followed.
//
// Sources: perlfunc on use and require, perlvar on @INC, perlrun.
package reach

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/scan"
)

// The states of scan.Reach.
const (
	Loaded  = "loaded"
	NotSeen = "not seen"
	Unknown = "unknown"
)

// Options are what Read needs beside the sources.
type Options struct {
	// Entries are the entry points, slash paths in the root; none are found.
	Entries []string
	// Modules are loaded before them, as perl -MFoo does.
	Modules []cpan.Module
	// Jobs bounds the files that are read at a time; below 1 is one.
	Jobs int
	// Progress is told how many files were read; nil for nobody.
	Progress func(files int)
}

// The limits of a reading: files of Perl, bytes of one, and of all.
const (
	maxFiles = 100_000
	maxFile  = 8 << 20
	maxBytes = 2 << 30 // of all files: links make many files of one
	atATime  = 256     // files whose facts are in memory together
)

// Map is what a project loads.
type Map struct {
	ctx     context.Context // of the scan that asks
	inv     *inventory.Inventory
	index   *index
	files   map[string]*file
	order   []*file                // in the order of discovery
	named   map[cpan.Module]*visit // modules that were loaded and are not there
	entered bool                   // there is an entry point other than tests
	opaque  []int                  // components with a file that nothing could be read of

	states  []state // by component
	anyName *doubt  // the first load whose name has no literal part
	cut     string  // what was not looked at, "" nothing: with it, nothing is "not seen"

	words *words // nil until they are needed
}

// visit is how something was reached the first time.
type visit struct {
	from *file // nil for an entry point
	line int
	test bool   // from tests only
	by   *doubt // set where it is not certain
}

// doubt is a construct that only running would tell.
type doubt struct {
	at  inventory.Evidence
	why string
}

// file is a file of Perl that was reached.
type file struct {
	path   string
	module cpan.Module // "" for one that is no module
	visit
	facts *sourceFacts // nil once they were followed
}

// state is the state of a component.
type state struct {
	state  string
	file   *file       // the first one of it that was reached; nil for a module that is not there
	module cpan.Module // the first
	visit  *visit
	doubt  *doubt
}

// Read follows what the project in fsys loads.
func Read(ctx context.Context, fsys fs.FS, inv *inventory.Inventory, opt Options) (*Map, error) {
	m := &Map{
		ctx: ctx, inv: inv, files: map[string]*file{}, named: map[cpan.Module]*visit{},
		states: make([]state, len(inv.Components)),
	}
	e := entryPoints{programs: opt.Entries}
	if len(opt.Entries) == 0 {
		var err error
		if e, err = entries(ctx, fsys); err != nil {
			return nil, err
		}
	}
	m.index = newIndex(fsys, inv, e.programs)
	m.entered = len(e.programs)+len(e.libraries) > 0
	m.cut = e.lacks
	w := walker{Map: m, ctx: ctx, fsys: fsys, jobs: max(opt.Jobs, 1), progress: opt.Progress, mentions: map[cpan.Module]*file{}, plugged: map[string]bool{}}
	for _, module := range opt.Modules {
		w.load(nil, module, "", visit{})
	}
	// What a program loads is told with the program as its beginning, and what
	// computed names may be is asked when all that is certain is read.
	for _, step := range []struct {
		paths []string
		test  bool
		then  func() error
	}{
		{e.programs, false, w.run},
		{e.libraries, false, w.doubtful},
		{e.tests, true, w.run}, // what tests compute says nothing of the program
	} {
		for _, path := range step.paths {
			w.push(path, e.modules[path], visit{test: step.test})
		}
		if err := step.then(); err != nil {
			return nil, err
		}
	}
	m.lack(m.index.lacks)
	m.judge()
	return m, nil
}

// walker reads files, a level at a time.
type walker struct {
	*Map
	ctx      context.Context
	fsys     fs.FS
	jobs     int
	progress func(int)
	level    []*file
	// pending are loads with a computed name, of certain files first.
	pending []computed
	// mentions are the modules that files name, each with the first file.
	mentions map[cpan.Module]*file
	mention  []cpan.Module
	plugged  map[string]bool // see again; and the compiled halves that were taken up
	bytes    int64           // of the sources so far
}

// computed is a load whose name only running would tell.
type computed struct {
	file *file
	load *load
}

// lack notes what was not looked at; the first counts.
func (m *Map) lack(why string) { m.cut = cmp.Or(m.cut, why) }

// push adds a file that is loaded, once.
func (w *walker) push(path string, module cpan.Module, v visit) *file {
	if f, ok := w.files[path]; ok {
		return f
	}
	if len(w.files) >= maxFiles {
		w.lack(fmt.Sprintf("more than %d files would have to be read (limit: files)", maxFiles))
		return nil
	}
	f := &file{path: path, module: module, visit: v}
	w.files[path] = f
	w.order = append(w.order, f)
	w.level = append(w.level, f)
	return f
}

// run reads until nothing new is reached.
func (w *walker) run() error {
	for len(w.level) > 0 {
		level := w.level
		w.level = nil
		for files := range slices.Chunk(level, atATime) {
			if w.bytes > maxBytes {
				w.lack(fmt.Sprintf("the sources have more than %d bytes (limit: bytes of sources)", int64(maxBytes)))
				break
			}
			if err := w.read(files); err != nil {
				return err
			}
			for _, f := range files {
				if err := w.ctx.Err(); err != nil {
					return err
				}
				w.bytes += int64(f.facts.size)
				w.follow(f)
				f.facts = nil // they are larger than all else that is kept
			}
		}
		if w.progress != nil {
			w.progress(len(w.files))
		}
	}
	return nil
}

// read reads the facts of files, with the workers that are allowed.
func (w *walker) read(level []*file) error {
	var wg sync.WaitGroup
	next := make(chan *file)
	for range min(w.jobs, len(level)) {
		wg.Go(func() {
			for f := range next {
				f.facts = readFacts(w.fsys, f.path)
			}
		})
	}
	for _, f := range level {
		if w.ctx.Err() != nil {
			break
		}
		next <- f
	}
	close(next)
	wg.Wait()
	return w.ctx.Err()
}

// follow takes up what a file loads.
func (w *walker) follow(f *file) {
	w.index.use(f)
	for i := range f.facts.loads {
		l := &f.facts.loads[i]
		if l.plugins != "" {
			if w.again(f, l.plugins) {
				continue
			}
			for _, m := range w.index.below(l.plugins, false) {
				w.load(f, m, "", visit{from: f, line: l.line, test: f.test, by: f.by})
			}
			continue
		}
		if l.dynamic && loaders[f.module] {
			continue
		}
		if l.dynamic {
			w.pending = append(w.pending, computed{f, l})
			continue
		}
		w.load(f, l.module, l.file, visit{from: f, line: l.line, test: f.test, by: f.by})
	}
	for _, c := range f.facts.compiled {
		w.compiled(f, c)
	}
	if f.facts.split {
		for _, pkg := range f.facts.packages {
			for _, part := range w.index.parts(pkg) {
				w.push(part, "", visit{from: f, test: f.test, by: f.by})
			}
		}
	}
	if b := f.facts.broken; b != nil {
		w.broken(f, b)
	}
	if f.by != nil {
		return // what may be loaded only, may name much that is not
	}
	note := func(m cpan.Module) {
		if _, ok := w.mentions[m]; !ok {
			w.mentions[m] = f
			w.mention = append(w.mention, m)
		}
	}
	for _, m := range f.facts.mentions {
		note(m)
	}
	// implementations => ['XS', 'PP'] are below the package that says so.
	words := map[string]bool{}
	for _, word := range f.facts.words {
		words[word] = true
	}
	for _, pkg := range f.facts.packages {
		if len(words) == 0 {
			break
		}
		for _, word := range w.index.beside(pkg) {
			if words[word] {
				note(cpan.Module(pkg + "::" + word))
			}
		}
	}
}

// again reports whether plugins of that name were taken up already, from a file
// that is as certain.
func (w *walker) again(f *file, plugins string) bool {
	key := fmt.Sprint(plugins, f.by == nil, f.test, len(w.index.dirs))
	if w.plugged[key] {
		return true
	}
	w.plugged[key] = true
	return false
}

// broken takes up what a file that cannot be read to its end may load: what the
// rest of it names, or, where nothing of it can be read, anything.
func (w *walker) broken(f *file, b *broken) {
	if b.line == 0 {
		w.lack(b.why)
		return
	}
	d := &doubt{
		at:  inventory.Evidence{File: f.path, Line: b.line, How: "source"},
		why: "the file cannot be read as Perl from here on: " + b.why,
	}
	for _, m := range b.names {
		w.load(f, m, "", visit{from: f, line: b.line, test: f.test, by: d})
	}
	w.opaque = append(w.opaque, w.index.components(f.path, f.module)...)
}

// load takes up one load.
func (w *walker) load(f *file, m cpan.Module, name string, v visit) {
	if m == "" {
		if path := w.index.file(f, name); path != "" {
			w.push(path, "", v)
		}
		return
	}
	if path := w.index.module(m); path != "" {
		if _, again := w.files[path]; !again {
			w.push(path, m, v)
			w.copies(path, m, v)
		}
		return
	}
	if _, ok := w.named[m]; !ok {
		w.named[m] = &v
	}
}

// copies takes up the other copies of a module, which another perl, or the same
// with another @INC, loads instead of the one that was found first.
func (w *walker) copies(first string, m cpan.Module, v visit) {
	of := w.index.byName[m]
	if len(of) < 2 {
		return
	}
	for _, i := range of {
		c := &w.inv.Components[i]
		path := w.index.in(c.Place, m)
		if c.Kind != inventory.Exact || path == "" || path == first {
			continue
		}
		v.by = &doubt{
			at:  inventory.Evidence{File: path, How: "source"},
			why: first + " holds " + string(m) + ", too, and only a running perl tells which of them it loads",
		}
		w.push(path, m, v)
	}
}

// compiled takes up what the compiled half of a package names, which may load
// it.
func (w *walker) compiled(f *file, c compiled) {
	rel := strings.ReplaceAll(c.pkg, "::", "/")
	path := w.index.lookup("auto/" + rel + "/" + rel[strings.LastIndexByte(rel, '/')+1:] + ".so")
	if path == "" || w.plugged[path] {
		return // linked into perl, not here, or taken up
	}
	w.plugged[path] = true
	object, err := readSource(w.fsys, path)
	if err != nil {
		return
	}
	w.bytes += int64(len(object))
	for _, m := range compiledNames(object) {
		if w.index.module(m) != "" {
			w.load(f, m, "", visit{from: f, line: c.line, test: f.test, by: &doubt{
				at:  inventory.Evidence{File: f.path, Line: c.line, How: "source"},
				why: "the compiled half of " + c.pkg + " names " + string(m) + ", and may load it",
			}})
		}
	}
}

// doubtful reads on, and takes up what computed names may be, until nothing new
// is reached.
func (w *walker) doubtful() error {
	for _, m := range byPerl {
		if len(w.order) > 0 {
			w.load(w.order[0], m, "", visit{from: w.order[0], by: &doubt{
				at:  inventory.Evidence{How: "perl"},
				why: "perl loads " + string(m) + " by itself where a program uses what it stands for",
			}})
		}
	}
	asked := 0
	namespaces := map[string]bool{}
	for {
		if err := w.run(); err != nil {
			return err
		}
		for len(w.pending) > 0 {
			if err := w.ctx.Err(); err != nil {
				return err
			}
			p := w.pending[0]
			w.pending = w.pending[1:]
			d := &doubt{
				at:  inventory.Evidence{File: p.file.path, Line: p.load.line, How: "source"},
				why: p.load.expr + " loads by a computed name",
			}
			if w.anyName == nil && p.load.prefix == "" {
				w.anyName = d
			}
			spaces := append([]string{p.load.prefix}, p.load.below...)
			if p.load.prefix == "" {
				spaces[0] = w.namespace(p.file, p.load.pkg)
			}
			for _, space := range spaces {
				// What begins with "IO::" is many people's.
				shallow := space == p.load.prefix && strings.Count(space, "::") == 1
				if key := fmt.Sprint(space, shallow); space == "" || namespaces[key] {
					continue
				} else {
					namespaces[key] = true
				}
				for _, m := range w.index.below(space, shallow) {
					w.load(p.file, m, "", visit{from: p.file, line: p.load.line, test: p.file.test, by: d})
				}
			}
		}
		w.absentSpaces(namespaces)
		if w.anyName != nil {
			for ; asked < len(w.mention); asked++ {
				m := w.mention[asked]
				f := w.mentions[m]
				if w.index.module(m) == "" && len(w.index.byName[m]) == 0 {
					continue // a string like many
				}
				w.load(f, m, "", visit{from: f, test: f.test, by: &doubt{
					at:  w.anyName.at,
					why: w.anyName.why + ", and " + f.path + " names " + string(m),
				}})
			}
		}
		if len(w.level) == 0 {
			return nil
		}
	}
}

// absentSpaces takes up what modules may load that are loaded and not here to be
// read: what is named like their distribution, as its plugins are, and what is
// named anywhere.
func (w *walker) absentSpaces(namespaces map[string]bool) {
	for _, m := range w.absent() {
		v := w.named[m]
		if v.by != nil {
			continue
		}
		for _, i := range w.index.byName[m] {
			c := &w.inv.Components[i]
			space := strings.ReplaceAll(string(c.Dist), "-", "::") + "::"
			if c.Kind == inventory.Core || c.Kind == inventory.Interpreter || c.Dist == "" || namespaces[space] {
				continue
			}
			namespaces[space] = true
			away := doubt{why: c.Ref() + " is not here to be read"}
			if len(c.Evidence) > 0 {
				away.at = c.Evidence[0]
			}
			if w.anyName == nil && !v.test {
				w.anyName = &away
			}
			d := &doubt{away.at, away.why + ", and may load what is named like it"}
			for _, below := range w.index.below(space, false) {
				w.load(v.from, below, "", visit{from: v.from, line: v.line, test: v.test, by: d})
			}
		}
	}
}

// loaders load the compiled halves of modules, which walker.compiled takes up;
// the .bs files that DynaLoader runs beside them load nothing.
var loaders = map[cpan.Module]bool{"DynaLoader": true, "XSLoader": true}

// byPerl are the modules that perl loads without being told: for layers of
// PerlIO, %!, %+, \N{...}, glob, attributes, m/\p{...}/ and use of UTF-8
// (perlvar, PerlIO, perlunicode; the calls of load_module in perl's sources).
var byPerl = []cpan.Module{
	"PerlIO", "PerlIO::scalar", "PerlIO::encoding", "PerlIO::via", "Errno", "Tie::Hash::NamedCapture", "charnames", "_charnames",
	"File::Glob", "attributes", "utf8", "mro", "feature", "Unicode::UCD",
}

// namespace is the part of a package's name that plugins share with it: the
// distribution's, where that is how it begins, else its first two words.
func (w *walker) namespace(f *file, pkg string) string {
	if pkg == "" || pkg == "main" {
		return ""
	}
	for _, i := range w.index.components(f.path, f.module) {
		if main := strings.ReplaceAll(string(w.inv.Components[i].Dist), "-", "::") + "::"; strings.HasPrefix(pkg+"::", main) {
			return main
		}
	}
	parts := strings.SplitN(pkg, "::", 3)
	return strings.Join(parts[:min(2, len(parts))], "::") + "::"
}

// judge gives every component its state.
func (m *Map) judge() {
	note := func(i int, s state) {
		old := &m.states[i]
		if rank(s.state) > rank(old.state) || rank(s.state) == rank(old.state) && old.visit != nil && old.visit.test && !s.visit.test {
			*old = s
		}
	}
	for _, f := range m.order {
		v := &f.visit
		for _, i := range m.index.components(f.path, f.module) {
			note(i, state{state: stateOf(v), file: f, module: f.module, visit: v, doubt: f.by})
		}
	}
	opaque := m.opaque
	ofPerl := false
	for _, module := range m.absent() {
		v := m.named[module]
		for _, i := range m.index.components("", module) {
			note(i, state{state: stateOf(v), module: module, visit: v, doubt: v.by})
			opaque = append(opaque, i)
			kind := m.inv.Components[i].Kind
			ofPerl = ofPerl || (kind == inventory.Core || kind == inventory.Interpreter) && !leaves[module]
		}
	}
	m.spread(opaque, note)
	if ofPerl {
		d := &doubt{why: "perl's own modules are not here to be read, and load each other"}
		for i := range m.states {
			if m.inv.Components[i].Kind == inventory.Core {
				note(i, state{state: Unknown, visit: &visit{by: d}, doubt: d})
			}
		}
	}
	for i := range m.states {
		if c := &m.inv.Components[i]; c.Itself || c.Kind == inventory.Interpreter && c.Place == "" {
			m.states[i] = state{state: Loaded} // what is looked at, and what runs it
		}
		if m.states[i].state == "" {
			m.states[i].state = NotSeen
		}
	}
}

// absent are the modules that are loaded and are not there.
func (m *Map) absent() []cpan.Module { return slices.Sorted(maps.Keys(m.named)) }

// leaves are modules of perl that load nothing of another distribution.
var leaves = map[cpan.Module]bool{
	"strict": true, "warnings": true, "utf8": true, "vars": true, "integer": true, "bytes": true, "feature": true,
	"constant": true, "parent": true, "base": true, "lib": true, "overload": true, "Exporter": true, "Carp": true,
}

// spread makes unknown what components may load that are loaded and whose
// sources are not there: what they require, and so on.
func (m *Map) spread(opaque []int, note func(int, state)) {
	out := make([][]int, len(m.inv.Components))
	for _, e := range m.inv.Edges {
		if e.From >= 0 && e.To >= 0 && e.Scope <= inventory.Merged {
			out[e.From] = append(out[e.From], e.To)
		}
	}
	seen := make([]bool, len(out))
	for len(opaque) > 0 {
		from := opaque[0]
		opaque = opaque[1:]
		if seen[from] {
			continue
		}
		seen[from] = true
		for _, to := range out[from] {
			v := m.states[from].visit
			if v == nil {
				v = &visit{}
			}
			c := &m.inv.Components[from]
			d := &doubt{why: c.Ref() + " requires it, and is not here to be read"}
			if len(c.Evidence) > 0 {
				d.at = c.Evidence[0]
			}
			note(to, state{state: Unknown, visit: &visit{test: v.test, by: d}, doubt: d})
			opaque = append(opaque, to)
		}
	}
}

func rank(s string) int {
	return slices.Index([]string{"", NotSeen, Unknown, Loaded}, s)
}

func stateOf(v *visit) string {
	if v.by != nil {
		return Unknown
	}
	return Loaded
}

// File gives the state of a file, a slash path in the root.
func (m *Map) File(path string) string {
	if f, ok := m.files[path]; ok {
		return stateOf(&f.visit)
	}
	return NotSeen
}

// Component gives the state of a component of the inventory.
func (m *Map) Component(i int) scan.Reach { return m.reach(&m.states[i]) }

// noEntry is why nothing is known of what a project loads.
const noEntry = "no entry point of the project was found"

// Blind says why nothing can be told to be not seen, "" where it can.
func (m *Map) Blind() string {
	if !m.entered {
		return noEntry
	}
	return m.cut
}

// reach is a state as findings show it.
func (m *Map) reach(s *state) scan.Reach {
	r := scan.Reach{State: s.state, What: string(s.module)}
	switch {
	case s.state == Unknown && s.doubt != nil:
		r.Why, r.At = s.doubt.why, s.doubt.at
	case s.state == NotSeen:
		switch {
		case m.Blind() != "":
			r.State, r.Why = Unknown, m.Blind()
		case m.anyName != nil:
			r.Why, r.At = "nothing that is read names it, though "+m.anyName.why, m.anyName.at
		}
		return r
	}
	if s.visit != nil {
		r.Chain = m.chain(s)
	}
	return r
}

// chain leads from an entry point to where a state was found.
func (m *Map) chain(s *state) []scan.Step {
	var steps []scan.Step
	v, module, path := s.visit, s.module, ""
	if s.file != nil {
		path = s.file.path
	}
	for v != nil && v.from != nil {
		steps = append(steps, scan.Step{
			At: inventory.Evidence{File: v.from.path, Line: v.line, How: "source"}, Module: module, File: path, Test: v.test,
		})
		module, path = v.from.module, v.from.path
		v = &v.from.visit
	}
	if len(steps) == 0 && path != "" { // an entry point itself
		steps = append(steps, scan.Step{At: inventory.Evidence{File: path, How: "entry point"}, Module: module, File: path, Test: v.test})
	}
	slices.Reverse(steps)
	return steps
}
