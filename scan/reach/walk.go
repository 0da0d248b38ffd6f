package reach

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync"

	"nacre/cpan"
	"nacre/inventory"
)

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
