package installed

import (
	"bytes"
	"io"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/limit"
	"nacre/perlver"
)

// core is a perl of the tree.
type core struct {
	tree
	place    string // where strict.pm is, or else Config.pm
	strict   bool
	evidence inventory.Evidence
	stated   bool     // the version is Config.pm's
	folders  []string // all that it ships modules in
}

// perls makes components of the perls, and claims what they ship.
func (f *finder) perls() error {
	var cores []core
	named := map[string]bool{} // by a Config.pm
	for _, place := range f.all {
		config, strict := f.find(joined(place, "Config.pm")), f.find(joined(place, "strict.pm"))
		version, is := "", false
		if config >= 0 {
			var libs []string
			version, libs, is = f.config(config)
			for _, lib := range libs {
				named[strings.Trim(lib, "/")] = true
			}
		}
		if !is && strict < 0 {
			continue
		}
		c := core{tree: treeOf(place), place: place, strict: strict >= 0, stated: version != "", folders: []string{place}}
		switch {
		case c.stated:
			c.version = version
			c.evidence = inventory.Evidence{File: f.files[config].path, How: "Config.pm"}
		case is:
			c.evidence = inventory.Evidence{File: f.files[config].path, How: "folder"}
		default:
			c.evidence = inventory.Evidence{File: f.files[strict].path, How: "folder"}
		}
		cores = append(cores, c)
	}
	cores = merge(cores)
	for i := range cores {
		f.privlib(&cores[i], named)
	}
	ships := make([][]cpan.Module, len(cores))
	of := map[string]int{} // folders to cores
	for i, c := range slices.Backward(cores) {
		for _, folder := range c.folders {
			of[folder] = i
		}
	}
	for i := range f.files {
		file := &f.files[i]
		at, is := of[file.place()]
		if !is || file.owner >= 0 {
			continue
		}
		f.inv.Claim(file.path)
		if m, err := file.module(); err == nil {
			ships[at] = append(ships[at], m)
		}
	}
	var packaged []branch
	for i := range f.inv.Components[:f.modules] {
		if p := &f.inv.Components[i]; p.Kind == inventory.Interpreter && p.Place != "" {
			packaged = append(packaged, branch{treeOf(p.Place), p.Place})
		}
	}
	for i, c := range cores {
		slices.Sort(ships[i])
		f.perl(c, packaged, slices.Compact(ships[i]))
	}
	return nil
}

func joined(place, name string) string {
	if place == "." {
		return name
	}
	return place + "/" + name
}

// merge makes one of the folders of one perl: the parts of it for every platform
// and for one, and on Debian those of perl-base.
func merge(cores []core) []core {
	// Those that say more come first.
	slices.SortStableFunc(cores, func(a, b core) int { return rank(b) - rank(a) })
	var out []core
	below := map[string][]int{} // prefixes to cores of out
next:
	for _, c := range cores {
		for _, at := range below[c.prefix] {
			if out[at].with(c.tree) {
				out[at].join(c)
				continue next
			}
		}
		below[c.prefix] = append(below[c.prefix], len(out))
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b core) int { return strings.Compare(a.place, b.place) })
	return out
}

// join adds a folder of the same perl.
func (o *core) join(c core) {
	o.folders = append(o.folders, c.place)
	if c.strict && (!o.strict || path.Base(o.place) == "perl-base") {
		o.place, o.strict = c.place, true
	}
}

// privlib adds the folders that Config.pm names, which need not hold strict.pm.
// On Debian the names are those of links: usr/share/perl/5.36 to 5.36.0.
func (f *finder) privlib(c *core, named map[string]bool) {
	for _, b := range f.below[c.prefix] {
		place := b.place
		stem := place
		for !named[stem] && strings.HasPrefix(path.Base(stem), "5.") && strings.Count(path.Base(stem), ".") > 1 {
			stem = stem[:strings.LastIndexByte(stem, '.')]
		}
		if !named[stem] || !c.with(b.tree) || slices.Contains(c.folders, place) {
			continue
		}
		c.folders = append(c.folders, place)
		if strings.Contains("/"+place, "/share/") || path.Base(c.place) == "perl-base" {
			c.place = place
		}
	}
}

func rank(c core) int {
	switch {
	case c.stated:
		return 2
	case c.version != "":
		return 1
	}
	return 0
}

// perl adds one, but for that of a package, which a source asked before knows.
func (f *finder) perl(c core, packaged []branch, ships []cpan.Module) {
	for _, p := range packaged {
		if p.place == c.place || c.with(p.tree) {
			return
		}
	}
	p := inventory.Component{
		Kind: inventory.Interpreter, Dist: "perl", Version: c.version, Place: c.place, Scope: inventory.Runtime,
		Evidence: []inventory.Evidence{c.evidence}, Ships: ships,
	}
	switch {
	case c.version == "":
		p.Notes = append(p.Notes, "nothing here says which perl it is")
	case !c.stated:
		p.Notes = append(p.Notes, "the version is that of the folder's name")
	}
	f.add(p)
}

// maxConfig bounds Config.pm, which has some 4 KiB.
const maxConfig = 1 << 20

// config reads the version that a Config.pm states, and the folders of the
// core; is tells perl's own from others of that name.
func (f *finder) config(i int) (version string, libs []string, is bool) {
	f.read(f.files[i].path, "Config.pm", "the version of that perl is not known", func(r io.Reader) error {
		b, err := limit.ReadAll(r, maxConfig, "Config.pm size")
		version, libs, is = readConfig(b)
		return err
	})
	return version, libs, is
}

// readConfig reads what configpm wrote:
//
//	tie %Config, 'Config', {
//	    archlibexp => '/usr/lib/x86_64-linux-gnu/perl/5.36',
//	    privlibexp => '/usr/share/perl/5.36',
//	    version => '5.36.0',
func readConfig(src []byte) (version string, libs []string, is bool) {
	_, table, is := bytes.Cut(src, []byte("\ntie %Config, 'Config', {"))
	if !is {
		return "", nil, false
	}
	for line := range bytes.Lines(table) {
		text := strings.TrimSpace(string(line))
		if text == "};" {
			break
		}
		key, value, ok := strings.Cut(text, " => '")
		if !ok {
			continue
		}
		value, _, _ = strings.Cut(value, "'")
		switch key {
		case "archlibexp", "privlibexp":
			libs = append(libs, value)
		case "version":
			if _, err := perlver.ParseExact(value); err == nil {
				version = value
			}
		}
	}
	return version, libs, true
}
