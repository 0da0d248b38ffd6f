package legacy

import (
	"slices"

	"nacre/index"
	"nacre/perlver"
)

// single parts records of several elements into records of one, each with the
// releases that are in it: no two elements hold for one version, so a reader
// reports at most one of them.
func single(keys []keyed) []keyed {
	all := slices.Clone(keys)
	for i, k := range all {
		if !slices.ContainsFunc(k.records, func(e entry) bool { return len(e.AffectedVersions) > 1 }) {
			continue
		}
		var parted []entry
		for _, e := range k.records {
			if len(e.AffectedVersions) < 2 {
				parted = append(parted, e)
				continue
			}
			for _, element := range e.AffectedVersions {
				one := e
				one.AffectedVersions = []string{element}
				one.VersionRange = one.AffectedVersions
				in := perlver.ParseCPANSA(one.AffectedVersions)
				one.AffectedReleases = affectedReleases(e.of, func(r *index.Release) bool {
					holds, _ := in.Contains(r.Parsed)
					return holds == perlver.True
				})
				parted = append(parted, one)
			}
		}
		all[i].records = parted
	}
	return all
}

// affectedReleases names the affected releases of some kind whose author is known.
func affectedReleases(of *index.Affected, some func(*index.Release) bool) []string {
	names := []string{} // null is no list
	for i, s := range of.Status {
		r := &of.Dist.Releases[i]
		if !s.IsAffected() || !some(r) {
			continue
		}
		if name := releaseName(of.Dist, r); name != "" {
			names = append(names, name)
		}
	}
	return names
}
