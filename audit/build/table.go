package build

import (
	_ "embed"
	"strings"

	"nacre/perlver"
)

var (
	//go:embed fixed.txt
	fixedText string
	//go:embed libraries.txt
	librariesText string
)

// flaw is a published flaw, and the version in which it was fixed.
type flaw struct {
	name  string // of the module or library
	fixed string
	id    string // CVE-2023-31486
}

// table reads lines of "name fixed id".
func table(text string) map[string][]flaw {
	all := map[string][]flaw{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 3 && f[0] != "#" {
			all[f[0]] = append(all[f[0]], flaw{f[0], f[1], f[2]})
		}
	}
	return all
}

// below gives the flaws of a module that a version has, and the version in which
// the last of them is fixed.
func below(flaws []flaw, version perlver.Version) (ids []string, fixed perlver.Version) {
	for _, f := range flaws {
		v, err := perlver.Parse(f.fixed)
		if err != nil || version.Compare(v) >= 0 {
			continue
		}
		ids = append(ids, f.id)
		if len(ids) == 1 || v.Compare(fixed) > 0 {
			fixed = v
		}
	}
	return ids, fixed
}

// list writes ids for a sentence: the first three, and how many more.
func list(ids []string) string {
	if len(ids) > 3 {
		return strings.Join(ids[:3], ", ") + " and others"
	}
	return strings.Join(ids, ", ")
}
