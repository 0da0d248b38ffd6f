package installed

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlsrc/inc"
)

// packlists makes components of .packlist files.
func (f *finder) packlists() error {
	for _, name := range f.packed {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		dir, module, ok := cutAuto(name)
		if !ok {
			continue // perl's own
		}
		var listed []string
		if f.read(name, ".packlist", "the distribution is named from its modules", func(r io.Reader) (err error) {
			listed, err = ReadPacklist(r)
			return err
		}) {
			f.packlist(name, dir, module, listed)
		}
	}
	return nil
}

// packlist makes one component, or gives its files to the one that a better
// record made.
func (f *finder) packlist(name, dir, module string, listed []string) {
	files, gone := f.resolve(dir, listed)
	m, err := cpan.ParseModule(module)
	main := -1
	if err == nil {
		main = f.module(dir, m)
	}
	if main >= 0 && !slices.Contains(files, main) {
		files = append(files, main)
	}
	if main >= 0 && f.files[main].owner >= 0 {
		for _, i := range files {
			if f.files[i].owner < 0 {
				f.claim(i, f.files[main].owner)
			}
		}
		return
	}
	modules := slices.ContainsFunc(listed, func(name string) bool { return strings.HasSuffix(name, ".pm") })
	files = slices.DeleteFunc(files, func(i int) bool { return f.files[i].owner >= 0 })
	switch {
	case len(files) == 0 && gone == 0 && modules:
		return // all are accounted for
	case len(files) == 0 && gone > 0:
		f.notice(name, ".packlist", false, "%s was removed or installed anew: none of its modules is here", module)
		return
	case err != nil:
		m, err = cpan.ParseModule(strings.ReplaceAll(module, "-", "::"))
		if err != nil {
			f.notice(name, ".packlist", true, "the folder %q is no module's name; its modules are named by themselves", module)
			return
		}
	}
	c := inventory.Component{
		Kind: inventory.Exact, Dist: cpan.DistFromModule(m), ByName: true, Place: dir, Scope: inventory.Runtime,
		Evidence: []inventory.Evidence{{File: name, How: ".packlist"}},
	}
	f.date(&c, m, main, dir)
	for _, i := range files {
		if own, err := f.files[i].module(); err == nil {
			c.Modules = append(c.Modules, own)
		}
	}
	slices.Sort(c.Modules)
	c.Modules = slices.Compact(c.Modules)
	at := f.add(c)
	for _, i := range files {
		f.claim(i, at)
	}
}

// date gives a component the version of its main module: what the file states,
// else what perllocal.pod says.
func (f *finder) date(c *inventory.Component, m cpan.Module, main int, dir string) {
	logged, at := f.logOf(dir, m)
	if main >= 0 {
		c.Place = f.files[main].place()
		v := f.version(main, m)
		switch {
		case v.Text != "" && !v.Dynamic:
			c.Version = v.Text
		case v.Dynamic && logged == "":
			c.Notes = append(c.Notes, fmt.Sprintf("only running %s would tell its version (line %d)", f.files[main].path, v.Line))
		case logged == "":
			c.Notes = append(c.Notes, fmt.Sprintf("%s states no version", f.files[main].path))
		}
	} else if logged == "" {
		c.Notes = append(c.Notes, fmt.Sprintf("%s is not here: its version is not known", m))
	}
	if c.Version == "" && logged != "" {
		c.Version = logged
		c.Evidence = append(c.Evidence, at)
	}
}

// resolve gives the modules' files that a .packlist lists. The paths are those
// of the machine that installed: how many folders stand above the tree is
// learned from the first file that is here, and holds for all. gone counts the
// modules that are not here.
func (f *finder) resolve(dir string, listed []string) (files []int, gone int) {
	above := -1 // bytes to cut
	for _, name := range listed {
		if !strings.HasSuffix(name, ".pm") {
			continue
		}
		name = strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, `\`, "/")), "/")
		if above < 0 {
			above = f.above(name)
		}
		i := -1
		if above >= 0 && above < len(name) {
			i = f.find(name[above:])
		}
		if i < 0 {
			if place, _, ok := inc.Split(name); ok { // the tree was moved
				i = f.relative(dir, name[len(place)+1:])
			}
		}
		switch {
		case i >= 0:
			files = append(files, i)
		case !f.inv.Claimed(name): // those of packages are somebody else's
			gone++
		}
	}
	return files, gone
}

// above gives how much of a path stands above the tree, or -1 where no end of it
// is a file here.
func (f *finder) above(name string) int {
	for at := 0; ; {
		if f.find(name[at:]) >= 0 {
			return at
		}
		next := strings.IndexByte(name[at:], '/')
		if next < 0 {
			return -1
		}
		at += next + 1
	}
}
