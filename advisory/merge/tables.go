package merge

import (
	"cmp"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// releases joins the lists of releases.
func releases(batches []advisory.Batch) map[cpan.Dist][]advisory.Known {
	all := map[cpan.Dist][]advisory.Known{}
	for i := range batches {
		for d, known := range batches[i].Releases {
			all[d] = append(all[d], known...)
		}
	}
	for d, known := range all {
		all[d] = sortReleases(known)
	}
	return all
}

// sortReleases drops repetitions of a version's text and sorts. Of two rows of
// one text, the release on CPAN stays before one in a perl, and the earlier
// date before the later; who released it, and that it is a developer's release,
// is taken from the others where the one that stays does not say.
func sortReleases(known []advisory.Known) []advisory.Known {
	slices.SortFunc(known, func(a, b advisory.Known) int {
		return cmp.Or(
			cmp.Compare(a.Version, b.Version),
			compareBool(a.Perl != "", b.Perl != ""),
			compareBool(a.Date.IsZero(), b.Date.IsZero()),
			a.Date.Compare(b.Date),
			cmp.Compare(a.Perl, b.Perl),
			cmp.Compare(a.Author, b.Author),
		)
	})
	known = compact(known)
	type parsed struct {
		known advisory.Known
		v     perlver.Version
	}
	order := make([]parsed, len(known))
	for i, k := range known {
		v, err := perlver.Parse(k.Version)
		if err != nil {
			v = perlver.Version{}
		}
		order[i] = parsed{k, v}
	}
	slices.SortStableFunc(order, func(a, b parsed) int {
		// By version, those without one last, then by date and by text.
		return cmp.Or(
			compareBool(a.v.IsZero(), b.v.IsZero()),
			a.v.Compare(b.v),
			a.known.Date.Compare(b.known.Date),
			cmp.Compare(a.known.Version, b.known.Version),
		)
	})
	out := make([]advisory.Known, len(order))
	for i := range order {
		out[i] = order[i].known
	}
	return out
}

// compact keeps the first of the rows of each version.
func compact(known []advisory.Known) []advisory.Known {
	kept := known[:0]
	for _, k := range known {
		n := len(kept)
		if n == 0 || kept[n-1].Version != k.Version {
			kept = append(kept, k)
			continue
		}
		first := &kept[n-1]
		first.Developer = first.Developer || k.Developer
		if first.Perl == "" && k.Perl == "" {
			first.Author = cmp.Or(first.Author, k.Author)
		}
	}
	return kept
}

// table joins the batches' tables. Where two disagree the source with more
// authority is followed, and of equals the name that is first by text.
func table[K comparable, V cmp.Ordered](batches []advisory.Batch, of func(*advisory.Batch) map[K]V) map[K]V {
	type choice struct {
		value V
		rank  authority
	}
	best := map[K]choice{}
	for i := range batches {
		rank := authorityOf(batches[i].Source)
		for k, v := range of(&batches[i]) {
			old, ok := best[k]
			if !ok || cmp.Or(cmp.Compare(rank, old.rank), cmp.Compare(v, old.value)) < 0 {
				best[k] = choice{v, rank}
			}
		}
	}
	all := make(map[K]V, len(best))
	for k, c := range best {
		all[k] = c.value
	}
	return all
}

// sources lists the batches' sources, each state of one once.
func sources(batches []advisory.Batch) []advisory.Source {
	var all []advisory.Source
	for i := range batches {
		all = append(all, batches[i].Source)
	}
	slices.SortFunc(all, func(a, b advisory.Source) int {
		return cmp.Or(
			cmp.Compare(authorityOf(a), authorityOf(b)),
			cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID), cmp.Compare(a.File, b.File),
			cmp.Compare(a.Commit, b.Commit), a.Time.Compare(b.Time),
			cmp.Compare(a.Licence, b.Licence), cmp.Compare(a.Attribution, b.Attribution),
		)
	})
	return slices.CompactFunc(all, func(a, b advisory.Source) bool {
		t := a.Time.Equal(b.Time)
		a.Time = b.Time
		return t && a == b
	})
}
