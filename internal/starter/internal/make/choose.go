package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
)

// ours is the source of the titles.
var ours = advisory.Source{Name: "Nacre", Licence: "Apache-2.0"}

// written is what a person writes.
type written struct {
	dists  map[cpan.Dist]bool
	titles map[advisory.ID]string
}

func readWritten(dir string) (written, error) {
	w := written{map[cpan.Dist]bool{}, map[advisory.ID]string{}}
	b, err := os.ReadFile(filepath.Join(dir, "dists.txt"))
	if err != nil {
		return w, err
	}
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, d := range strings.Fields(line) {
			w.dists[cpan.Dist(d)] = true
		}
	}
	if b, err = os.ReadFile(filepath.Join(dir, "titles.tsv")); err != nil {
		return w, err
	}
	for line := range strings.Lines(string(b)) {
		id, title, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || w.titles[advisory.ID(id)] != "" {
			return w, fmt.Errorf("titles.tsv: %q has no title, or a second one", id)
		}
		w.titles[advisory.ID(id)] = title
	}
	return w, nil
}

// choose takes what the set is about out of all that is known.
func (w written) choose(all advisory.Set) (advisory.Set, error) {
	set := advisory.Set{
		Releases: map[cpan.Dist][]advisory.Known{},
		Owners:   map[cpan.Module]cpan.Dist{},
		Main:     map[cpan.Dist]cpan.Module{},
	}
	var missing []string
	unused := maps.Clone(w.titles)
	covered := map[cpan.Dist]bool{}
	for _, r := range all.Records {
		about := slices.DeleteFunc(slices.Clone(r.Affected), func(a advisory.Affected) bool { return !w.dists[a.Dist] })
		if len(about) == 0 {
			continue
		}
		for _, a := range about {
			covered[a.Dist] = true
		}
		if w.titles[r.ID] == "" {
			missing = append(missing, fmt.Sprintf("%s (%s): %s", r.ID, about[0].Dist, r.Title))
			continue
		}
		delete(unused, r.ID)
		set.Records = append(set.Records, facts(r, about, w.titles[r.ID]))
	}
	if len(missing) > 0 {
		return set, fmt.Errorf("titles.tsv has no title of\n%s", strings.Join(missing, "\n"))
	}
	if len(unused) > 0 {
		return set, fmt.Errorf("titles.tsv has titles of no advisory on these distributions: %v", slices.Sorted(maps.Keys(unused)))
	}
	for d := range w.dists {
		if !covered[d] {
			return set, fmt.Errorf("dists.txt: no advisory on %s", d)
		}
		set.Releases[d] = all.Releases[d]
		if m, ok := all.Main[d]; ok {
			set.Main[d] = m
		}
	}
	for m, d := range all.Owners {
		if w.dists[d] {
			set.Owners[m] = d
		}
	}
	return set, nil
}

// facts is a record without its source's prose.
func facts(r advisory.Record, about []advisory.Affected, title string) advisory.Record {
	r.Affected = about
	r.Description = ""
	r.Title = title
	r.References = slices.DeleteFunc(slices.Clone(r.References), isPlaceholder)
	source := ours
	source.ID = string(r.ID)
	r.Sources = append(slices.Clone(r.Sources), source)
	r.Provenance = maps.Clone(r.Provenance)
	delete(r.Provenance, "description")
	r.Provenance["title"] = []int{len(r.Sources) - 1}
	return r
}

// placeholder is the name that the data carries in links whose host it does not
// name. Such a link leads nowhere.
const placeholder = "://package-host.example/"

func isPlaceholder(r advisory.Reference) bool { return strings.Contains(r.URL, placeholder) }
