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
	versions []perlver.Version // of the rows; zero where none is stated or version.pm does not read it
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
			continue // refusal says so
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
		version, _ := perlver.ParseExact(row.Version)
		c.rows, c.versions = append(c.rows, row), append(c.versions, version)
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

// coverage says which CVEs the reports of distributions speak about, and how
// much of the libraries' reports is in none of them: in numbers only, because
// names would point at what no published advisory names.
type coverage struct {
	generated map[string]bool            // by library report and CVE
	ranges    map[string]map[string]bool // by distribution and CVE: the elements of generated ranges
	own       map[string]bool            // by distribution and CVE: a person wrote the range
	lacking   int                        // rows that carry an affected version
	outdated  int                        // advisories of libraries with such a row
}

func newCoverage() coverage {
	return coverage{generated: map[string]bool{}, ranges: map[string]map[string]bool{}, own: map[string]bool{}}
}

func coverKey(of, cve string) string { return of + "\x00" + strings.ToLower(cve) }

// add takes note of what a record of a distribution covers; from is the
// library's report that it was generated from, "" where a person wrote it.
func (c *coverage) add(rec *advisory.Record, from string) {
	for _, id := range append([]advisory.ID{rec.ID}, rec.Aliases...) {
		k := coverKey(string(rec.Affected[0].Dist), string(id))
		if from == "" {
			c.own[k] = true
			continue
		}
		c.generated[coverKey(from, string(id))] = true
		if c.ranges[k] == nil {
			c.ranges[k] = map[string]bool{}
		}
		for _, element := range rec.Affected[0].Statements[0].CPANSA.Affected {
			c.ranges[k][element] = true
		}
	}
}

// read makes an item of one of the library's own advisories, which is never a
// record.
func (l *library) read(n int, cover *coverage) advisory.Item {
	it := advisory.Item{Where: fmt.Sprintf("%s#%d", l.file, n+1)}
	it.Refused = fault.Wrap(fault.Invalid, l.refusal(&it, l.entries[n], cover), "read %s", it.Where)
	return it
}

// refusal says why an advisory of the library is no record. Only
// generated_reports say which distributions are affected: who turns the report
// round anew accuses distributions that no published advisory names.
func (l *library) refusal(it *advisory.Item, e value, cover *coverage) error {
	if e.kind != mapping {
		return fault.New(fault.Invalid, "entry is %s, not a map", e.kind)
	}
	cve, err := e.get("cve").str("cve")
	if err != nil {
		return err
	}
	it.Native = cve
	if isTrue(e.get("ignore")) {
		return fault.New(fault.Invalid, "library advisory: marked as ignored")
	}
	versions, err := e.get("affected_versions").strs("affected_versions", "null")
	if err != nil {
		return err
	}
	if n := l.lacking(cve, perlver.ParseCPANSA(versions), cover); n > 0 {
		cover.lacking += n
		cover.outdated++
	}
	if cover.generated[coverKey(l.file, cve)] {
		return fault.New(fault.Invalid, "library advisory: its distributions come from generated_reports")
	}
	return fault.New(fault.Invalid, "library advisory: no generated report carries it")
}

// lacking counts the rows that carry a version in the range and that no report
// of the distribution has: generated ones are made at other times than the
// library's. Where a person wrote the distribution's range, that one counts.
func (l *library) lacking(cve string, affected perlver.Range, cover *coverage) int {
	n := 0
	for _, c := range l.carriers {
		k := coverKey(string(c.dist), cve)
		if cover.own[k] {
			continue
		}
		for i, row := range c.rows {
			if cover.ranges[k][row.Releases] || c.versions[i].IsZero() {
				continue
			}
			if in, _ := affected.Contains(c.versions[i]); in == perlver.True {
				n++
			}
		}
	}
	return n
}
