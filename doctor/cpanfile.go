package doctor

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/advice"
	"nacre/meta"
	"nacre/perlver"
)

// asked is a requirement's place: two in one place are one requirement.
type asked struct{ phase, module string }

// cpanfileAgainstMeta compares what the cpanfile requires with what META does. In a
// release META counts, and in a checkout the cpanfile may be all that is newer; where
// what META is made of does not read the cpanfile, the next release asks for less
// than its author believes.
func (e *examination) cpanfileAgainstMeta() {
	text, ok := e.text(cpanfile)
	if !ok || len(e.docs) == 0 {
		return
	}
	file, err := meta.ReadCpanfile(strings.NewReader(text))
	if err != nil {
		return // requirements tells of it
	}
	var stated []meta.Prereq
	for _, s := range file.Requires {
		if !s.Conditional {
			stated = append(stated, s.Prereq)
		}
	}
	doc := e.docs[0]
	m, err := doc.Meta()
	if err != nil {
		return // so does metadata
	}
	there := requires(m.Prereqs)
	here := requires(stated)
	var differ []string
	for _, k := range slices.SortedFunc(maps.Keys(here), compareAsked) {
		switch other, ok := there[k]; {
		case !ok:
			differ = append(differ, fmt.Sprintf("%s %s is in the cpanfile only", k.phase, k.module))
		case !sameRange(other, here[k]):
			differ = append(differ, fmt.Sprintf("%s %s is %s in the cpanfile and %s in %s", k.phase, k.module, here[k], other, doc.name))
		}
	}
	if len(file.Unresolved) == 0 { // else the rest of the cpanfile may say it
		for _, k := range slices.SortedFunc(maps.Keys(there), compareAsked) {
			// Build tools add what they need themselves, and the perl that they found.
			if _, ok := here[k]; !ok && k.phase == "runtime" && k.module != "perl" {
				differ = append(differ, fmt.Sprintf("%s %s is in %s only", k.phase, k.module, doc.name))
			}
		}
	}
	if len(differ) == 0 {
		return
	}
	const shown = 5
	how := strings.Join(differ[:min(len(differ), shown)], "; ")
	if more := len(differ) - shown; more > 0 {
		how += fmt.Sprintf("; and %d more", more)
	}
	if e.opt.Archive == "" {
		how += "; " + doc.name + " may be of the last release: make a new one, and where it still differs, say it where META is made"
	} else {
		how += "; META is what installers read: say it where META is made"
	}
	e.add("R05", cpanfile, 0, fmt.Sprintf("the cpanfile and %s ask for different things", doc.name), how)
	if e.opt.Archive == "" {
		e.out[len(e.out)-1].Level = advice.Note
	}
}

func compareAsked(a, b asked) int {
	return strings.Compare(a.phase+" "+a.module, b.phase+" "+b.module)
}

// requires are the requirements that an installer meets, with their ranges: those
// of features, of authors and of later versions of the specification left out, and
// those that cannot be read.
func requires(all []meta.Prereq) map[asked]string {
	byPhase := map[string][]meta.Prereq{}
	for _, p := range all {
		switch p.Phase {
		case "configure", "build", "test", "runtime":
			if p.Relation == "requires" && p.Feature == "" && p.Err == nil {
				byPhase[p.Phase] = append(byPhase[p.Phase], p)
			}
		}
	}
	ranges := map[asked]string{}
	for phase, prereqs := range byPhase {
		for _, m := range meta.Merge(prereqs) {
			r := m.Requirement.String()
			if m.Requirement.IsAny() {
				r = "any version"
			}
			ranges[asked{phase, string(m.Module)}] = r
		}
	}
	return ranges
}

// sameRange reports whether two ranges mean the same; 1.2 is 1.20.
func sameRange(a, b string) bool {
	left, right := strings.Split(a, ", "), strings.Split(b, ", ")
	return slices.EqualFunc(left, right, func(x, y string) bool {
		if x == y {
			return true
		}
		const operators = "<>=! "
		v, errX := perlver.Parse(strings.TrimLeft(x, operators))
		w, errY := perlver.Parse(strings.TrimLeft(y, operators))
		op := func(s string) string { return s[:len(s)-len(strings.TrimLeft(s, operators))] }
		return errX == nil && errY == nil && op(x) == op(y) && v.Compare(w) == 0
	})
}
