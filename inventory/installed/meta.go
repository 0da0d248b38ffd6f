package installed

import (
	"fmt"
	"io"
	"path"
	"slices"
	"strings"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

const howInstall = ".meta install.json"

// record is an install.json and what of it is in the tree.
type record struct {
	Install
	file  string // its path
	dir   string // the folder of @INC that its .meta stands in
	main  int    // the main module's file, -1 for none
	files []int  // of the modules that it provides
}

// installs makes components of install.json.
func (f *finder) installs() error {
	type key struct {
		dir  string
		dist cpan.Dist
	}
	groups := map[key][]*record{}
	var order []key
	for _, name := range f.looker.installs {
		if err := f.ctx.Err(); err != nil {
			return err
		}
		r := &record{file: name, dir: path.Dir(path.Dir(path.Dir(name)))}
		if !f.read(name, howInstall, "the distribution is named from its modules", func(in io.Reader) (err error) {
			r.Install, err = ReadInstall(in)
			return err
		}) {
			continue
		}
		f.locate(r)
		k := key{r.dir, r.Release.Dist}
		if groups[k] == nil {
			order = append(order, k)
		}
		groups[k] = append(groups[k], r)
	}
	for _, k := range order {
		f.install(groups[k])
	}
	return nil
}

// locate finds the files of the modules that a record provides. A package may
// have no file of its own: then the one that the record names is it.
func (f *finder) locate(r *record) {
	r.main = -1
	if m, err := cpan.ParseModule(r.Name); err == nil {
		r.main = f.module(r.dir, m)
	}
	for _, p := range r.Provides {
		i := f.module(r.dir, p.Module)
		if i < 0 {
			if _, rel, ok := strings.Cut("/"+p.File, "/lib/"); ok {
				i = f.relative(r.dir, rel)
			}
		}
		if i >= 0 {
			r.files = append(r.files, i)
		}
	}
	if r.main >= 0 {
		r.files = append(r.files, r.main)
	}
	slices.Sort(r.files)
	r.files = slices.Compact(r.files)
}

// provided gives the version that a record has for its main module, "" where
// it has none.
func (r *record) provided() string {
	for _, p := range r.Provides {
		if string(p.Module) == r.Name {
			return p.Version
		}
	}
	return ""
}

// install makes one component of the records of one distribution in one place.
func (f *finder) install(records []*record) {
	slices.SortStableFunc(records, func(a, b *record) int { return newer(b, a) })
	here := slices.IndexFunc(records, func(r *record) bool { return len(r.files) > 0 || len(r.Provides) == 0 })
	if here < 0 {
		f.notice(records[0].file, howInstall, false,
			"%s was removed, and its record stayed: none of its modules is here", records[0].Release.DistVersion())
		return
	}
	last := records[here]
	c := inventory.Component{Kind: inventory.Exact, Dist: last.Release.Dist, Scope: inventory.Runtime}
	fits, recorded := last, true
	if m, err := cpan.ParseModule(last.Name); err == nil && last.main >= 0 {
		v := f.version(last.main, m)
		text, at := v.Text, f.files[last.main].path
		if v.Dynamic {
			text, _ = f.logOf(f.files[last.main].place(), m)
		}
		if fits = fitting(records, text); fits == nil {
			fits, recorded = last, false
			c.Version = text
			c.Notes = append(c.Notes, fmt.Sprintf("%s is version %s, and no record is of that: it was installed in another way", at, text))
		}
	}
	if recorded {
		c.Version, c.Author, c.Path = fits.Release.Version, fits.Release.Author, fits.Release.Path
	}
	for _, r := range records {
		if r != fits {
			f.notice(r.file, howInstall, false, "the record of %s is left over: %s is installed", r.Release.DistVersion(), c.Ref())
		}
	}
	c.Evidence = []inventory.Evidence{{File: fits.file, How: howInstall}}
	for _, p := range fits.Provides {
		c.Modules = append(c.Modules, p.Module)
	}
	switch {
	case fits.main >= 0:
		c.Place = f.files[fits.main].place()
	case len(fits.files) > 0:
		c.Place = f.files[fits.files[0]].place()
	default:
		c.Place = fits.dir
		c.Notes = append(c.Notes, "the record names no module: nothing shows that it is still here")
	}
	at := f.add(c)
	for _, i := range fits.files {
		f.claim(i, at)
	}
	if recorded {
		f.require(at, fits.dir, path.Join(path.Dir(fits.file), "MYMETA.json"))
	}
}

// fitting gives the newest record whose main module has that version; the
// newest one where none states any, or the file states none; nil where none
// fits.
func fitting(records []*record, version string) *record {
	stated := false
	for _, r := range records {
		if v := r.provided(); v != "" && v != "undef" {
			stated = true
			if same(v, version) {
				return r
			}
		}
	}
	if stated && version != "" {
		return nil
	}
	return records[0]
}

// newer orders releases by version, and those of no readable version by text.
func newer(a, b *record) int {
	v, err := perlver.Parse(a.Release.Version)
	w, werr := perlver.Parse(b.Release.Version)
	if err == nil && werr == nil && !v.Equal(w) {
		return v.Compare(w)
	}
	return strings.Compare(a.file, b.file)
}
