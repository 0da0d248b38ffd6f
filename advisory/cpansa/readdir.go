package cpansa

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// folders are where a checkout of the database keeps its reports.
var folders = [...]string{"cpansa", "external_reports", "generated_reports"}

// ReadDir reads a checkout of the database, or any of its three folders, or a
// folder that holds reports directly. Items are in the order of file names,
// Where being the path below fsys. A report that cannot be read is one refused
// item. The batch's time is the newest last_checked of its reports. An error is
// returned where fsys has no reports or cannot be read.
func ReadDir(fsys fs.FS) (advisory.Batch, error) { return readDir(fsys, nil) }

func readDir(fsys fs.FS, memo Memo) (advisory.Batch, error) {
	d := dir{
		memo:  memo,
		batch: advisory.Batch{Source: source(), Main: map[cpan.Dist]cpan.Module{}},
		cover: newCoverage(),
		libs:  map[string]*library{},
	}
	files, err := reports(fsys)
	if err != nil {
		return advisory.Batch{}, err
	}
	parsed := make([]report, len(files))
	for i, file := range files {
		if parsed[i], err = d.parse(fsys, file); err != nil {
			return advisory.Batch{}, err
		}
	}
	// Reports of distributions come first: a library's advisories are compared
	// with what they cover.
	for i := range parsed {
		d.distribution(&parsed[i])
		if t := lastChecked(parsed[i].top); t.After(d.batch.Source.Time) {
			d.batch.Source.Time = t
		}
	}
	for i := range parsed {
		r := &parsed[i]
		if r.library != nil {
			for n := range r.library.entries {
				r.items = append(r.items, r.library.read(n, &d.cover))
			}
		}
		d.batch.Items = append(d.batch.Items, r.items...)
	}
	if d.cover.lacking > 0 {
		d.batch.Warn("reports of distributions lack %d ranges that carry an affected version, of %d advisories of libraries",
			d.cover.lacking, d.cover.outdated)
	}
	return d.batch, nil
}

// lastChecked is when a report was last compared with the world, in seconds
// since 1970; the zero time where it does not say.
func lastChecked(top value) time.Time {
	text, err := top.get("last_checked").str("last_checked")
	if err != nil {
		return time.Time{}
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil || seconds <= 0 || seconds > maxSeconds {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// maxSeconds is the end of the year 9999, the last that a date can be of.
const maxSeconds = 253402300799

// reports lists the reports of a folder, sorted.
func reports(fsys fs.FS) ([]string, error) {
	var files []string
	found := false
	for _, folder := range folders {
		names, err := yamlFiles(fsys, folder)
		if err != nil {
			if fault.KindOf(err) == fault.NotFound {
				continue
			}
			return nil, err
		}
		found = true
		files = append(files, names...)
	}
	if !found {
		var err error
		if files, err = yamlFiles(fsys, "."); err != nil {
			return nil, err
		}
	}
	switch {
	case len(files) == 0:
		return nil, fault.New(fault.NotFound, "no CPANSA reports here").
			WithHint("name a folder that holds cpansa/, generated_reports/ or external_reports/, or CPANSA-*.yml files")
	case len(files) > maxFiles:
		return nil, fault.New(fault.Invalid, "%d reports are more than %d (limit: reports)", len(files), maxFiles)
	}
	slices.Sort(files)
	return files, nil
}

// yamlFiles lists the YAML files directly in a folder.
func yamlFiles(fsys fs.FS, folder string) ([]string, error) {
	entries, err := fs.ReadDir(fsys, folder)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, e := range entries {
		if ext := path.Ext(e.Name()); !e.IsDir() && (ext == ".yml" || ext == ".yaml") && !strings.HasPrefix(e.Name(), ".") {
			files = append(files, path.Join(folder, e.Name()))
		}
	}
	return files, nil
}

// dir is the reading of one folder.
type dir struct {
	memo   Memo // nil is none
	batch  advisory.Batch
	budget budget
	cover  coverage
	libs   map[string]*library // by base name of the file
}

// report is one file.
type report struct {
	file    string
	top     value
	library *library // set for a library's report
	items   []advisory.Item
}

// parse reads one file. What is wrong with its content is a refused item; an
// error is one of reading.
func (d *dir) parse(fsys fs.FS, file string) (report, error) {
	r := report{file: file}
	data, err := limit.ReadFile(fsys, file, maxReport, "report size")
	if err != nil && fault.KindOf(err) != fault.Invalid {
		return r, err
	}
	if err == nil {
		r.top, err = d.tree(data)
	}
	if err == nil && r.top.kind != mapping {
		err = fault.New(fault.Invalid, "the document is %s, not a report", r.top.kind)
	}
	// A library's report speaks about no distribution of its own.
	if err == nil && !r.top.get("distribution").isSet() {
		if r.library, err = parseLibrary(&d.batch, file, r.top); err == nil {
			d.libs[path.Base(file)] = r.library
		}
	}
	if err != nil {
		r.top, r.library = value{}, nil
		r.refuse(err)
	}
	return r, nil
}

// tree gives what a report says, parsed now or before.
func (d *dir) tree(data []byte) (value, error) {
	if d.memo == nil {
		return d.budget.parseYAML(data)
	}
	sum := Sum(sha256.Sum256(data))
	if text, ok := d.memo.Get(sum); ok {
		if v, ok := d.budget.unpackReport(text); ok {
			return v, nil
		}
	}
	v, err := d.budget.parseYAML(data)
	if err == nil {
		d.memo.Put(sum, string(pack([]byte(packed), v)))
	}
	return v, err
}

// refuse gives the report up as a whole.
func (r *report) refuse(err error) {
	r.items = []advisory.Item{{Where: r.file, Refused: fault.Wrap(fault.Invalid, err, "read %s", r.file)}}
}

// distribution reads a report of a distribution.
func (d *dir) distribution(r *report) {
	if r.library != nil || r.items != nil {
		return
	}
	p := parent{source: d.batch.Source, darkpan: isTrue(r.top.get("darkpan"))}
	name, err := r.top.get("distribution").str("distribution")
	if err == nil {
		p.dist, err = cpan.ParseDist(name)
	}
	advisories := r.top.get("advisories")
	if err == nil && advisories.kind != list {
		err = fault.New(fault.Invalid, "advisories are %s, not a list", advisories.kind)
	}
	from := ""
	if err == nil {
		from, err = r.top.get("generated").get("from").str("from of generated")
	}
	if err != nil {
		r.refuse(err)
		return
	}
	if from != "" {
		if p.library = d.libs[path.Base(from)]; p.library == nil {
			p.library = &library{file: from, name: libraryName(from)}
		}
		from = p.library.file
	}
	d.mainModule(r, p.dist)
	for n, v := range advisories.list {
		item := p.read(v, fmt.Sprintf("%s#%d", r.file, n+1))
		if item.Record != nil {
			d.cover.add(item.Record, from)
		}
		r.items = append(r.items, item)
	}
}

// mainModule takes note of a distribution's main module, where the report
// names one.
func (d *dir) mainModule(r *report, dist cpan.Dist) {
	name, err := r.top.get("main_module").str("main_module")
	if err == nil && name != "" {
		var m cpan.Module
		if m, err = cpan.ParseModule(name); err == nil {
			d.batch.Main[dist] = m
		}
	}
	if err != nil {
		d.batch.Warn("%s: main_module: %v", r.file, err)
	}
}
