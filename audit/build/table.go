package build

import (
	_ "embed"
	"slices"
	"strconv"
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
	from  string // the first version that has it, or ">" and the last that has not; "" for all before the fixed one
}

// table reads lines of "name fixed id", with the first version that has the flaw
// behind them where older ones have it not, or with ">" and the last of those.
func table(text string) map[string][]flaw {
	all := map[string][]flaw{}
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) < 3 || len(f) > 4 || f[0] == "#" {
			continue
		}
		one := flaw{name: f[0], fixed: f[1], id: f[2]}
		if len(f) == 4 {
			one.from = f[3]
		}
		all[one.name] = append(all[one.name], one)
	}
	return all
}

// begins gives the version that a flaw begins with, or after.
func (f flaw) begins() (v perlver.Version, after, ok bool) {
	text, after := strings.CutPrefix(f.from, ">")
	v, err := perlver.Parse(text)
	return v, after, f.from != "" && err == nil
}

// isIn reports whether a version that is older than the fixed one has the flaw.
func (f flaw) isIn(version perlver.Version) bool {
	v, after, ok := f.begins()
	if !ok {
		return true
	}
	order := version.Compare(v)
	return order > 0 || order == 0 && !after
}

// below gives the flaws of a module that are fixed in versions after this one, and
// the version in which the last of them is.
func below(all []flaw, version perlver.Version) (flaws []flaw, fixed perlver.Version) {
	for _, f := range all {
		v, err := perlver.Parse(f.fixed)
		if err != nil || version.Compare(v) >= 0 {
			continue
		}
		flaws = append(flaws, f)
		if len(flaws) == 1 || v.Compare(fixed) > 0 {
			fixed = v
		}
	}
	return flaws, fixed
}

// list writes flaws for a sentence: up to three, or how many there are, and the last.
func list(flaws []flaw) string {
	of := func(f flaw) string { return f.id + " (fixed in " + f.fixed + ")" }
	switch n := len(flaws); n {
	case 0:
		return ""
	case 1:
		return of(flaws[0])
	case 2:
		return of(flaws[0]) + " and " + of(flaws[1])
	case 3:
		return of(flaws[0]) + ", " + of(flaws[1]) + " and " + of(flaws[2])
	default:
		last := slices.MaxFunc(flaws, func(a, b flaw) int {
			v, errA := perlver.Parse(a.fixed)
			w, errB := perlver.Parse(b.fixed)
			if errA != nil || errB != nil {
				return 0
			}
			return v.Compare(w)
		})
		return strconv.Itoa(n) + " published flaws, the last of them " + of(last)
	}
}
