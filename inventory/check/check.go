// Package check compares what a project says that it requires with what its own
// sources load, and gives advice with the line of the cpanfile to change. It
// reads; nothing is run.
//
//	phantom       lib/Shop.pm:4 loads HTTP::Date, and no requirement brings it;
//	              it works today because LWP::UserAgent's distribution requires it
//	test-phantom  the same for t/; for xt/, and tests that ask for AUTHOR_TESTING, as a
//	              requirement of developers
//	zombie        cpanfile:9 requires Try::Tiny, and nothing loads a module of it
//	test-only     cpanfile:7 requires Test::Deep at run time, and only tests load it
//	minimum       cpanfile:3 admits versions with known flaws; the lowest that is clean
//	core          perl ships it, at a version that is enough, since 5.14.0
//
// What is used: every load that package perlsrc/facts finds in the programs,
// the library and the tests that package perlsrc/entry does, and in what those
// load of the project itself. A load in an eval, or on some systems only, is an
// option: not declaring it is told with "recommends". For zombies, a class or a
// string that names a module of the distribution is a use, too.
//
// What brings a module: a requirement of it, or of another module of its
// distribution, by the lock, what is installed, or the advisory data's table of
// modules. Where none of these knows a module, one whose name continues that of
// a required module is taken for the same distribution's, and a notice says so.
//
// What perl ships counts from the minimum that the project declares on, else
// from the highest perl that its sources ask for. A module that perl ships only
// later, no longer, or at a lower version than is asked for, is a phantom.
//
// Promised: the same files give the same advice, in order of kind and module. A
// file that cannot be read is a notice that says that the answer is partial.
//
// Not promised: that a zombie is dead. What configuration files name, what is
// run as a program and what other modules load when it is there cannot be seen;
// Unless says so where there is a sign of it. Requirements of the configure,
// build and develop phases are for programs, and are not judged as zombies.
//
// Sources: CPAN::Meta::Spec on phases and relations; Module::CoreList; perlfunc
// on use and require. Phantom and zombie are words of package management.
package check

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"nacre/archive"
	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/meta"
	"nacre/scan"
)

// Modules knows the distributions of modules.
type Modules interface {
	// OwnersOf gives the distribution of each of the modules, in their order,
	// "" where it is not known. The modules ascend and are distinct.
	OwnersOf(ctx context.Context, modules []cpan.Module) ([]cpan.Dist, error)
}

// Options are what a check needs beside the project.
type Options struct {
	Modules    Modules         // nil knows nothing
	Advisories scan.Advisories // nil leaves minimums out
	Now        time.Time       // for the scan of minimums
}

// Report is what a check gives.
type Report struct {
	Checks  []inventory.Check
	Notices []inventory.Notice // to add to the inventory's
}

// Run checks the project in fsys, of which inv is the linked inventory.
func Run(ctx context.Context, fsys fs.FS, inv *inventory.Inventory, opt Options) (Report, error) {
	if archive.IsSystem(fsys) {
		return Report{}, fault.New(fault.Invalid, "this is the root of a system, which has no requirements of its own").
			WithHint("name the folder of one project in it")
	}
	c := &checker{fsys: fsys, inv: inv, opt: opt, told: map[string]int{}}
	c.declare()
	var err error
	if c.used, err = read(ctx, fsys, inv, c.interest()); err != nil {
		return Report{}, err
	}
	c.notices = append(c.notices, c.used.notices...)
	if err := c.own(ctx); err != nil {
		return Report{}, err
	}
	c.core = coreOf(inv, c.used)
	if c.core.note != "" {
		c.notice(c.core.note)
	}
	c.phantoms()
	c.zombies()
	c.inCore()
	if err := c.minimums(ctx); err != nil {
		return Report{}, err
	}
	kinds := inventory.CheckKinds()
	slices.SortStableFunc(c.checks, func(a, b inventory.Check) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
			cmp.Compare(a.Module, b.Module),
		)
	})
	return Report{Checks: c.checks, Notices: c.notices}, nil
}

// checker is the state of one check.
type checker struct {
	fsys fs.FS
	inv  *inventory.Inventory
	opt  Options

	declared []requirement
	provides map[cpan.Module]int       // to the component that has the module
	owners   map[cpan.Module]cpan.Dist // of what is loaded or declared; "" unknown
	via      []int                     // by component: who brings it in, see paths
	used     *uses
	all      *brought // whatever the scope
	signs    *signs   // for zombies
	core     *core

	manifest   string // the cpanfile; "" where there is none
	statements []meta.Statement
	places     map[place]int // to the statement of one module alone

	checks  []inventory.Check
	told    map[string]int // phantoms of one distribution, to the first
	notices []inventory.Notice
}

func (c *checker) notice(text string) {
	c.notices = append(c.notices, inventory.Notice{Text: text})
}

// own finds out which distribution everything belongs to that is loaded or
// declared: by what the components hold, and else by the table.
func (c *checker) own(ctx context.Context) error {
	c.owners = map[cpan.Module]cpan.Dist{}
	var ask []cpan.Module
	add := func(m cpan.Module) {
		if _, done := c.owners[m]; done {
			return
		}
		if i, ok := c.provides[m]; ok {
			c.owners[m] = c.inv.Components[i].Dist
			return
		}
		c.owners[m] = suites[m]
		ask = append(ask, m)
	}
	for _, d := range c.declared {
		add(d.Module)
	}
	for m := range c.used.modules {
		add(m)
	}
	slices.Sort(ask)
	if c.opt.Modules == nil || len(ask) == 0 {
		return nil
	}
	dists, err := c.opt.Modules.OwnersOf(ctx, ask)
	if err != nil {
		return fmt.Errorf("ask for the distributions of modules: %w", err)
	}
	for i, d := range dists {
		if d != "" {
			c.owners[ask[i]] = d
		}
	}
	return nil
}

// suites are distributions of which one module is required, and another loaded,
// in half of all test suites: known where no data knows it.
var suites = map[cpan.Module]cpan.Dist{
	"Test::Simple": "Test-Simple", "Test::More": "Test-Simple", "Test::Builder": "Test-Simple", "Test::Tester": "Test-Simple",
	"Test2::Suite": "Test2-Suite", "Test2::V0": "Test2-Suite", "Test2::Bundle::Extended": "Test2-Suite",
}

// distOf names the distribution of a module, for people: "" where that is not
// known, or what the module is of is perl.
func (c *checker) distOf(m cpan.Module) cpan.Dist {
	if d := c.owners[m]; d != "perl" {
		return d
	}
	return ""
}

// below reports whether one module's name continues another's.
func below(m, above cpan.Module) bool { return strings.HasPrefix(string(m), string(above)+"::") }
