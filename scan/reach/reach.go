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
	"context"
	"io/fs"

	"nacre/cpan"
	"nacre/inventory"
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
