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
	for i := range f.files {
		file := &f.files[i]
		at := slices.IndexFunc(cores, func(c core) bool { return slices.Contains(c.folders, file.place()) })
		if at < 0 || file.owner >= 0 {
			continue
		}
		f.inv.Claim(file.path)
		if m, err := file.module(); err == nil {
			ships[at] = append(ships[at], m)
		}
	}
	for i, c := range cores {
		slices.Sort(ships[i])
		f.perl(c, slices.Compact(ships[i]))
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
	for _, c := range cores {
		at := slices.IndexFunc(out, func(o core) bool { return o.with(c.tree) })
		if at < 0 {
			out = append(out, c)
			continue
		}
		o := &out[at]
		o.folders = append(o.folders, c.place)
		if c.strict && (!o.strict || path.Base(o.place) == "perl-base") {
			o.place, o.strict = c.place, true
		}
	}
	slices.SortFunc(out, func(a, b core) int { return strings.Compare(a.place, b.place) })
	return out
}

// privlib adds the folders that Config.pm names, which need not hold strict.pm.
// On Debian the names are those of links: usr/share/perl/5.36 to 5.36.0.
func (f *finder) privlib(c *core, named map[string]bool) {
	for _, place := range f.all {
		stem := place
		for !named[stem] && strings.HasPrefix(path.Base(stem), "5.") && strings.Count(path.Base(stem), ".") > 1 {
			stem = stem[:strings.LastIndexByte(stem, '.')]
		}
		if !named[stem] || !c.with(treeOf(place)) || slices.Contains(c.folders, place) {
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
func (f *finder) perl(c core, ships []cpan.Module) {
	for i := range f.inv.Components[:f.modules] {
		if p := &f.inv.Components[i]; p.Kind == inventory.Interpreter && p.Place != "" &&
			(p.Place == c.place || c.with(treeOf(p.Place))) {
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
