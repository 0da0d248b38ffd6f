package osvdir

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// database is vulndb/index/db.json.
type database struct {
	// Modified is when the newest record was modified; a reader who has seen it
	// need not ask on.
	Modified time.Time `json:"modified"`
}

// module is one distribution in vulndb/index/modules.json.
type module struct {
	Path  string       `json:"path"` // the distribution
	Vulns []moduleVuln `json:"vulns"`
}

type moduleVuln struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	// Fixed is a version from which on none is affected or unknown, "" where there
	// is none.
	Fixed string `json:"fixed,omitempty"`
}

// vuln is one record in vulndb/index/vulns.json. Its aliases are those of the record.
type vuln struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	Aliases  []string  `json:"aliases,omitempty"`
}

// lists gives the three lists. A withdrawn record, as that of an id that leads
// elsewhere, is in that of records and not in that of distributions: whoever looks
// for it finds it, and no scan does.
func lists(m *index.Model) ([]index.File, error) {
	var newest database
	vulns := make([]vuln, 0, len(m.Advisories)+len(m.Renamed))
	for _, a := range m.Advisories {
		if a.Modified.After(newest.Modified) {
			newest.Modified = a.Modified
		}
		v := vuln{ID: string(a.ID), Modified: a.Modified}
		v.Aliases, _ = aliases(a)
		vulns = append(vulns, v)
	}
	for i := range m.Renamed {
		r := &m.Renamed[i]
		if r.Modified.After(newest.Modified) {
			newest.Modified = r.Modified
		}
		v := vuln{ID: string(r.ID), Modified: r.Modified}
		v.Aliases, _ = renamedIDs(m, r)
		vulns = append(vulns, v)
	}
	slices.SortFunc(vulns, func(a, b vuln) int { return cmp.Compare(strings.ToLower(a.ID), strings.ToLower(b.ID)) })
	modules := make([]module, 0, len(m.Dists))
	for _, d := range m.Dists {
		one := module{Path: string(d.Name)}
		for _, of := range d.Advisories {
			if a := of.Advisory; !a.IsWithdrawn() {
				one.Vulns = append(one.Vulns, moduleVuln{ID: string(a.ID), Modified: a.Modified, Fixed: fixed(of)})
			}
		}
		if one.Vulns != nil {
			modules = append(modules, one)
		}
	}
	var files []index.File
	for _, list := range []struct {
		name  string
		value any
	}{{"db", newest}, {"modules", modules}, {"vulns", vulns}} {
		var b bytes.Buffer
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(list.value); err != nil {
			return nil, err
		}
		files = append(files, index.File{Path: "vulndb/index/" + list.name + ".json", Data: b.Bytes(), Pack: true})
	}
	return files, nil
}

// fixed gives Affected.Fixed where no later version, known or not, is affected
// or unknown: a client leaves out the record for all versions from there on.
func fixed(of *index.Affected) string {
	v, err := perlver.Parse(of.Fixed)
	if err != nil {
		return ""
	}
	for _, set := range []func(advisory.Status) bool{advisory.Status.IsAffected, isUnknown} {
		runs, err := of.Judge.Runs(set)
		if err != nil {
			return ""
		}
		for _, r := range runs {
			if r.To.IsZero() || r.To.Compare(v) > 0 || !r.Before && r.To.Equal(v) {
				return ""
			}
		}
	}
	return of.Fixed
}
