package cpansa

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/perlver"
)

// library is one report on a foreign library: its own advisories, and which
// distributions carry which version of it.
type library struct {
	file     string
	name     string
	entries  []value
	affected map[string][]string // the library's affected versions, by the CVE's key
	carriers []*carrier
	byDist   map[cpan.Dist]*carrier
	batch    *advisory.Batch // takes the warnings about the report as a whole
}

// carrier is one distribution that carries copies of a library. Records share
// its rows.
type carrier struct {
	dist     cpan.Dist
	rows     []advisory.Bundled
	versions []perlver.Version // of the rows, read
	doubts   []string          // of the rows, why a version is not read
}

// maxComparisons bounds how many rows are compared with the ranges of one
// library's advisories.
const maxComparisons = 5_000_000

// libraryName is what a library is called where its report is not at hand:
// "external_reports/zlib.yml" is zlib.
func libraryName(file string) string {
	base := path.Base(file)
	return strings.TrimSuffix(base, path.Ext(base))
}

func (l *library) warn(format string, args ...any) {
	l.batch.Warn("%s: %s", l.file, fmt.Sprintf(format, args...))
}

// parseLibrary reads a library's report.
func parseLibrary(batch *advisory.Batch, file string, top value) (*library, error) {
	l := &library{batch: batch, file: file, affected: map[string][]string{}, byDist: map[cpan.Dist]*carrier{}}
	advisories := top.get("advisories")
	if advisories.kind != list {
		return nil, fault.New(fault.Invalid, "advisories are %s, not a list", advisories.kind)
	}
	l.entries = advisories.list
	name, carriers := top.get("name"), top.get("perl_distributions")
	if !carriers.isSet() {
		// One report has them indented too far, inside its last advisory.
		for _, e := range l.entries {
			if v := e.get("perl_distributions"); v.isSet() {
				carriers = v
				l.warn("perl_distributions stand inside an advisory")
			}
		}
	}
	var err error
	if l.name, err = name.str("name"); err != nil {
		return nil, err
	}
	if l.name == "" {
		l.name = libraryName(file)
		l.warn("the library's name is missing; it is called %s by the file's name", l.name)
	}
	for _, e := range l.entries {
		cve, err := e.get("cve").str("cve")
		if err != nil || cve == "" {
			continue // the entry's own reading says so
		}
		if versions, err := e.get("affected_versions").strs("affected_versions", "null"); err == nil {
			key := advisory.ID(cve).Key()
			l.affected[key] = append(l.affected[key], versions...)
		}
	}
	if carriers.isSet() && carriers.kind != list {
		return nil, fault.New(fault.Invalid, "perl_distributions are %s, not a list", carriers.kind)
	}
	for i, c := range carriers.list {
		if err := l.carrier(c); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "distribution %d of perl_distributions", i+1)
		}
	}
	rows := 0
	for _, c := range l.carriers {
		rows += len(c.rows)
	}
	if rows*len(l.entries) > maxComparisons {
		return nil, fault.New(fault.Invalid, "%d advisories and %d rows (limit: comparisons)", len(l.entries), rows)
	}
	return l, nil
}

// carrier reads one distribution's history of the library.
func (l *library) carrier(v value) error {
	name, err := v.get("name").str("name")
	if err != nil {
		return err
	}
	dist, err := cpan.ParseDist(name)
	if err != nil {
		return err
	}
	c := l.byDist[dist]
	if c == nil {
		c = &carrier{dist: dist}
		l.byDist[dist], l.carriers = c, append(l.carriers, c)
	}
	unstated := 0
	for _, r := range v.get("affected").list {
		if isTrue(r.get("does_not_distribute")) || isTrue(r.get("ignore")) {
			continue
		}
		releases := r.get("perl_module_versions")
		if !releases.isSet() {
			if releases = r.get("perl_module_version"); releases.isSet() {
				l.warn("a row of %s has perl_module_version where perl_module_versions is meant", dist)
			}
		}
		row := advisory.Bundled{}
		if row.Releases, err = releases.str("perl_module_versions"); err != nil {
			return err
		}
		if row.Version, err = r.get("distributed_library_version").str("distributed_library_version"); err != nil {
			return err
		}
		if row.Releases == "" {
			l.warn("a row of %s names no releases and is left out", dist)
			continue
		}
		if row.Version == "" {
			unstated++
		}
		version, err := perlver.ParseExact(row.Version)
		doubt := ""
		switch {
		case row.Version == "":
			doubt = "its version is not stated"
		case err != nil:
			doubt = err.Error()
		}
		c.rows, c.versions, c.doubts = append(c.rows, row), append(c.versions, version), append(c.doubts, doubt)
	}
	if len(c.rows) > advisory.MaxPlaces {
		return fault.New(fault.Invalid, "%d rows of %s are more than %d (limit: rows)", len(c.rows), dist, advisory.MaxPlaces)
	}
	if unstated > 0 {
		l.warn("%d rows of %s state no version of the library", unstated, dist)
	}
	return nil
}

// isTrue reads a flag; what is set and not plainly false is true.
func isTrue(v value) bool {
	if v.kind != scalar {
		return v.isSet()
	}
	switch strings.ToLower(strings.TrimSpace(v.text)) {
	case "", "false", "no", "off", "0":
		return false
	}
	return true
}

// of gives the library as a record of dist carries it.
func (l *library) of(dist cpan.Dist, id advisory.ID, aliases []advisory.ID) *advisory.Library {
	out := &advisory.Library{Name: l.name}
	if c := l.byDist[dist]; c != nil {
		out.Bundled = slices.Clip(c.rows)
	}
	for _, one := range append([]advisory.ID{id}, aliases...) {
		if versions, ok := l.affected[one.Key()]; ok {
			out.Affected = slices.Clip(versions)
			break
		}
	}
	return out
}

// coverage says which CVEs the other reports speak about.
type coverage struct {
	generated map[string]bool            // by library report and CVE
	dists     map[string]map[string]bool // by distribution and CVE: the elements of their ranges
}

func coverKey(of, cve string) string { return of + "\x00" + strings.ToLower(cve) }

// add takes note of what a record of a distribution covers.
func (c *coverage) add(rec *advisory.Record, from string) {
	for _, id := range append([]advisory.ID{rec.ID}, rec.Aliases...) {
		k := coverKey(string(rec.Affected[0].Dist), string(id))
		if c.dists[k] == nil {
			c.dists[k] = map[string]bool{}
		}
		for _, element := range rec.Affected[0].Statements[0].CPANSA.Affected {
			c.dists[k][element] = true
		}
		if from != "" {
			c.generated[coverKey(from, string(id))] = true
		}
	}
}

// read makes an item of one of the library's own advisories.
func (l *library) read(src advisory.Source, n int, cover *coverage) advisory.Item {
	e := &entry{value: l.entries[n], item: advisory.Item{Where: fmt.Sprintf("%s#%d", l.file, n+1)}}
	return e.finish(src, l.record(e, cover))
}

func (l *library) record(e *entry, cover *coverage) error {
	if err := e.common("cve"); err != nil {
		return err
	}
	cve, err := e.get("cve").str("cve")
	if err != nil {
		return err
	}
	if isTrue(e.get("ignore")) {
		return fault.New(fault.Invalid, "library advisory: marked as ignored")
	}
	versions, err := e.get("affected_versions").strs("affected_versions", "null")
	if err != nil {
		return err
	}
	affected := perlver.ParseCPANSA(versions)
	if cover.generated[coverKey(l.file, cve)] {
		l.compare(e, cve, affected, cover)
		return fault.New(fault.Invalid, "library advisory: its distributions come from generated_reports")
	}
	return l.invert(e, cve, affected, cover)
}

// compare warns where generated reports, which are made at other times than
// the library's, leave out releases that carry a version in the range.
func (l *library) compare(e *entry, cve string, affected perlver.Range, cover *coverage) {
	for _, c := range l.carriers {
		known := cover.dists[coverKey(string(c.dist), cve)]
		lacking, first := 0, ""
		for i, row := range c.rows {
			if in, _ := c.carries(i, affected); in == perlver.True && !known[row.Releases] {
				if lacking++; first == "" {
					first = row.Releases
				}
			}
		}
		if lacking > 0 {
			e.item.Warn("generated_reports lack %d ranges of %s that carry an affected version, as %s", lacking, c.dist, first)
		}
	}
}

// invert turns the library's range round: a distribution is affected where a
// row of its history names a version of the library that is in the range. A
// row that cannot be decided, because version.pm cannot read the version or
// the range, or nothing is stated, gets a clause that cannot be read either:
// releases in the row are unknown, and no others.
func (l *library) invert(e *entry, cve string, affected perlver.Range, cover *coverage) error {
	reported := 0
	for _, c := range l.carriers {
		if cover.dists[coverKey(string(c.dist), cve)] != nil {
			reported++ // by a report of its own, whose range is better
			continue
		}
		var releases []string
		doubt := ""
		for i, row := range c.rows {
			switch in, why := c.carries(i, affected); in {
			case perlver.True:
				releases = append(releases, row.Releases)
			case perlver.Unknown:
				releases = append(releases, row.Releases+","+l.undecided(row.Version))
				doubt = why
			}
		}
		if doubt != "" {
			e.item.Warn("%s carries a version of %s that cannot be compared: %s", c.dist, l.name, doubt)
		}
		if len(releases) > 0 {
			e.rec.Affected = append(e.rec.Affected, advisory.Affected{
				Dist:       c.dist,
				Library:    l.of(c.dist, e.rec.ID, e.rec.Aliases),
				Statements: []advisory.Statement{{Entry: e.item.Native, CPANSA: &advisory.CPANSA{Affected: releases}}},
			})
		}
	}
	switch {
	case len(e.rec.Affected) > 0:
		slices.SortFunc(e.rec.Affected, func(a, b advisory.Affected) int { return strings.Compare(string(a.Dist), string(b.Dist)) })
		e.item.Warn("turned round here: no generated report carries it")
		return nil
	case reported > 0:
		return fault.New(fault.Invalid, "library advisory: its distributions have reports of their own")
	}
	return fault.New(fault.Invalid, "library advisory: no distribution listed carries an affected version of %s", l.name)
}

// undecided is the clause that stands for a comparison that cannot be made: no
// parser of ranges reads it, and a person does.
func (l *library) undecided(version string) string {
	if version == "" {
		version = "of no stated version"
	}
	return strings.ReplaceAll(l.name+" "+version+" cannot be compared", ",", " ")
}

// carries says whether a row's version of the library is in a range.
func (c *carrier) carries(row int, affected perlver.Range) (perlver.Truth, string) {
	if c.doubts[row] != "" {
		return perlver.Unknown, c.doubts[row]
	}
	return affected.Contains(c.versions[row])
}
