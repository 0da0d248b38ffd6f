package check

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/limit"
	"nacre/perlsrc"
	"nacre/perlsrc/entry"
	"nacre/perlsrc/facts"
	"nacre/perlsrc/inc"
	"nacre/perlver"
)

// The limits of a reading: files of Perl, and bytes of one.
const (
	maxFiles = 50_000
	maxFile  = 8 << 20
)

// area is who uses something.
type area uint8

const (
	run    area = iota // the program and its library
	test               // t/
	author             // xt/
	areas
)

// load is the first place that loads a module.
type load struct {
	at   inventory.Evidence
	soft string // why a project without it works; "" where it does not
}

// use is how a module is used.
type use struct {
	hard, soft [areas]*load
	named      [areas]bool     // a class or a string names it
	version    perlver.Version // the highest that is asked for; zero for none
	inherited  bool            // every load is by a word that takes packages of the same file, too
}

// anywhere reports whether an area uses it in any way.
func (u *use) anywhere(a area) bool { return u.hard[a] != nil || u.soft[a] != nil || u.named[a] }

// computed is a load whose name only running would tell.
type computed struct {
	at     inventory.Evidence
	area   area
	prefix string // the literal part that the name begins with; "" none
}

// uses are what a project's own sources use.
type uses struct {
	modules  map[cpan.Module]*use
	own      map[cpan.Module]bool // that have a file in the project
	packages map[cpan.Module]bool // that a file of the project declares
	computed []computed
	// perl is the highest perl that run-time sources ask for; zero for none.
	perl    perlver.Version
	perlAt  inventory.Evidence
	files   [areas]int // how many were read
	notices []inventory.Notice
}

// reader reads a project's sources.
type reader struct {
	*uses
	fsys     fs.FS
	interest map[cpan.Module]bool
	dirs     []string // where the project looks for its own modules
	seen     map[string]bool
	queue    []source
	there    map[string]bool // caches which files are there
}

// source is a file to read.
type source struct {
	path string
	area area
	// skips is set for a test that may be skipped as a whole.
	skips bool
}

// read reads what a project uses: programs and library first, then tests.
func read(ctx context.Context, fsys fs.FS, inv *inventory.Inventory, interest map[cpan.Module]bool) (*uses, error) {
	p, err := entry.Find(ctx, fsys)
	if err != nil {
		return nil, err
	}
	r := &reader{
		uses: &uses{modules: map[cpan.Module]*use{}, own: map[cpan.Module]bool{}, packages: map[cpan.Module]bool{}},
		fsys: fsys, interest: interest, dirs: []string{"lib", "t/lib", "xt/lib", "t", "inc", "."}, seen: map[string]bool{}, there: map[string]bool{},
	}
	for _, m := range inv.Own {
		r.own[m] = true
	}
	for _, m := range p.Modules {
		r.own[m] = true
	}
	for _, name := range slices.Concat(p.Programs, p.Libraries, besides(fsys)) {
		r.push(name, run)
	}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	for _, name := range slices.Concat(p.Tests, p.Parts) {
		if strings.HasPrefix(name, "xt/") {
			r.push(name, author)
		} else {
			r.push(name, test)
		}
	}
	if err := r.run(ctx); err != nil {
		return nil, err
	}
	if p.Cut || len(r.seen) >= maxFiles {
		r.notices = append(r.notices, inventory.Notice{Partial: true, Text: fmt.Sprintf(
			"the project has more files than are read (limits: %d of a kind, %d in all)", entry.Max, maxFiles)})
	}
	if p.Closed != "" {
		r.notices = append(r.notices, inventory.Notice{
			Partial: true, Text: "what may be a source cannot be read", At: inventory.Evidence{File: p.Closed, How: "source"},
		})
	}
	return r.uses, nil
}

// besides are the modules in folders that are called like a module in a
// project's top folder, as old releases have them: Parser/Style.pm beside
// Parser.pm.
func besides(fsys fs.FS) []string {
	tops, err := fs.Glob(fsys, "*.pm")
	if err != nil {
		return nil // of a pattern
	}
	var names []string
	for _, top := range tops {
		_ = fs.WalkDir(fsys, strings.TrimSuffix(top, ".pm"), func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil, len(names) > maxFiles:
				return fs.SkipDir // mostly, it is not there
			case !d.IsDir() && path.Ext(p) == ".pm":
				names = append(names, p)
			}
			return nil
		})
	}
	return names
}

func (r *reader) push(name string, a area) {
	if !r.seen[name] && len(r.seen) < maxFiles {
		r.seen[name] = true
		r.queue = append(r.queue, source{path: name, area: a})
	}
}

func (r *reader) run(ctx context.Context) error {
	for ; len(r.queue) > 0; r.queue = r.queue[1:] {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		r.read(r.queue[0])
	}
	return nil
}

// read takes up one file.
func (r *reader) read(s source) {
	src, err := limit.ReadFile(r.fsys, s.path, maxFile, "Perl source file size")
	at := inventory.Evidence{File: s.path, How: "source"}
	if err != nil {
		if p, ok := errors.AsType[*fs.PathError](err); ok {
			err = p.Err // the place names the file
		}
		r.notices = append(r.notices, inventory.Notice{Partial: true, Text: "a source was not read: " + err.Error(), At: at})
		return
	}
	r.files[s.area]++
	if s.area == test && (bytes.Contains(src, []byte("AUTHOR_TESTING")) || bytes.Contains(src, []byte("RELEASE_TESTING"))) {
		s.area = author // as the Lancaster consensus has it
	}
	s.skips = s.area != run && bytes.Contains(src, []byte("skip_all"))
	f := facts.Read(src)
	if f.Broken != nil {
		at.Line = f.Broken.Line
		r.notices = append(r.notices, inventory.Notice{Partial: true, Text: "a source was read up to here only: " + f.Broken.What, At: at})
	}
	for i := range f.Packages {
		name := f.Packages[i].Name
		r.packages[cpan.Module(name)] = true
		if name[strings.LastIndex(name, ":")+1:]+".pm" == path.Base(s.path) {
			r.own[cpan.Module(name)] = true // this is its file
		}
	}
	for i := range f.Loads { // before what they are for
		if l := &f.Loads[i]; l.Module == "lib" && l.How == facts.Use {
			r.lib(l.Imports)
		}
	}
	for i := range f.Loads {
		r.load(s, &f.Loads[i])
	}
	r.name(s.area, src)
}

// lib notes folders that a file adds to @INC, as far as they are the project's.
func (r *reader) lib(dirs []string) {
	for _, d := range dirs {
		d = path.Clean(d)
		if _, _, installed := inc.Split(d + "/X.pm"); installed || !fs.ValidPath(d) || slices.Contains(r.dirs, d) {
			continue
		}
		if top, _, _ := strings.Cut(d, "/"); top != "local" && top != "blib" {
			r.dirs = append(r.dirs, d)
		}
	}
}

// load takes up one load.
func (r *reader) load(s source, l *facts.Load) {
	at := inventory.Evidence{File: s.path, Line: l.Line, How: "source"}
	switch {
	case l.Dynamic:
		prefix := literal(l.Expr)
		if l.Module != "" {
			prefix = strings.TrimSuffix(l.Module, "::") + "::"
		}
		r.computed = append(r.computed, computed{at, s.area, prefix})
		return
	case l.How == facts.Implicit || l.How == facts.XS:
		return
	case l.Module == "perl":
		if v, err := perlver.Parse(l.Version); err == nil && s.area == run && l.How != facts.No && (r.perl.IsZero() || v.Compare(r.perl) > 0) {
			r.perl, r.perlAt = v, at
		}
		return
	case l.Module == "":
		if name := r.file(s.path, l.File); name != "" {
			r.push(name, s.area)
		}
		return
	}
	m := cpan.Module(l.Module)
	if name := r.find(strings.ReplaceAll(l.Module, "::", "/")+".pm", s.path); name != "" {
		r.own[m] = true
		if !strings.HasPrefix(name, "inc/") {
			r.push(name, s.area)
		}
		return
	}
	u := r.modules[m]
	if u == nil {
		u = &use{inherited: true}
		r.modules[m] = u
	}
	place := &u.hard[s.area]
	first := &load{at: at, soft: soft(l)}
	if first.soft == "" && s.skips && l.Phase != facts.Compile {
		first.soft = "by a test that may be skipped"
	}
	if first.soft != "" {
		place = &u.soft[s.area]
	}
	if *place == nil {
		*place = first
	}
	switch l.How {
	case facts.Extends, facts.With, facts.ClassISA, facts.MojoBase, facts.Parent, facts.Base, facts.Components:
	default:
		u.inherited = false
	}
	if v, err := perlver.Parse(l.Version); l.Version != "" && err == nil && first.soft == "" && (u.version.IsZero() || v.Compare(u.version) > 0) {
		u.version = v
	}
}

// soft says why a project works without what a load loads; "" where it does not.
func soft(l *facts.Load) string {
	switch {
	case l.How == facts.TestRequires:
		return "a test that is skipped without it"
	case strings.Contains(l.If, "$^O"), strings.Contains(l.If, "OSNAME"):
		return "on some systems only"
	case l.Optional:
		return "where it is there"
	}
	return ""
}

// literal is the beginning of a module's name that an expression states before
// what it computes: "Foo::Plugin::" of "Foo::Plugin::$x" and 'Foo::Plugin::' . $x.
func literal(expr string) string {
	for rest := expr; ; {
		at := strings.Index(rest, "::")
		if at < 0 {
			return ""
		}
		from, to := at, at
		for from > 0 && isWord(rest[from-1]) {
			from--
		}
		for to < len(rest) && (rest[to] == ':' || isWord(rest[to])) {
			to++
		}
		if name := rest[from:to]; strings.HasSuffix(name, "::") && name[0] >= 'A' && name[0] <= 'Z' {
			return name
		}
		rest = rest[to:]
	}
}

func isWord(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// file gives the project's file that a require or do names, "" where there is
// none.
func (r *reader) file(from, name string) string {
	if p := path.Join(path.Dir(from), name); r.has(p) {
		return p
	}
	return r.find(path.Clean(name), from)
}

// find looks for a file where the project has its own modules.
func (r *reader) find(rel, from string) string {
	for _, d := range append([]string{path.Join(path.Dir(from), "lib"), path.Join(path.Dir(from), "../lib")}, r.dirs...) {
		if p := path.Join(d, rel); r.has(p) {
			return p
		}
	}
	return ""
}

func (r *reader) has(name string) bool {
	if !fs.ValidPath(name) {
		return false
	}
	yes, known := r.there[name]
	if !known {
		info, err := fs.Stat(r.fsys, name)
		yes = err == nil && info.Mode().IsRegular()
		r.there[name] = yes
	}
	return yes
}

// name notes the modules of interest that classes and strings name: Foo->new,
// Foo::Bar::baz(), "Foo::Bar".
func (r *reader) name(a area, src []byte) {
	note := func(s string) {
		m := cpan.Module(strings.TrimSuffix(strings.TrimPrefix(s, "+"), "::"))
		if !r.interest[m] {
			return
		}
		u := r.modules[m]
		if u == nil {
			u = &use{}
			r.modules[m] = u
		}
		u.named[a] = true
	}
	class := "" // the word before
	sc := perlsrc.NewScanner(src)
	for t, ok := sc.Next(); ok; t, ok = sc.Next() {
		if !t.Kind.Significant() {
			continue
		}
		text := string(t.Text(src))
		if class != "" && text == "->" {
			note(class)
		}
		class = ""
		switch t.Kind {
		case perlsrc.Word:
			if at := strings.LastIndex(text, "::"); at > 0 {
				note(text)
				note(text[:at])
			}
			class = text
		case perlsrc.Quote:
			if text = strings.Trim(text, `'"`); strings.Contains(text, "::") {
				note(text)
			}
		case perlsrc.Words:
			for _, w := range strings.FieldsFunc(text, func(c rune) bool { return c != ':' && c != '+' && (c > 0x7f || !isWord(byte(c))) }) {
				if strings.Contains(w, "::") {
					note(w)
				}
			}
		}
	}
}
