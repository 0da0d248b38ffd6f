package page

import (
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// fixNamed says whether a source states that the release Fixed mends it: names it as
// fixed, or says that releases before it are affected, "<1.3", or before a version
// that was left out or only for developers. Elsewhere, as with "<=1.2" and a list of
// versions, it is only the first release above what is stated.
func fixNamed(of *index.Affected) bool {
	at := slices.IndexFunc(of.Dist.Releases, func(r index.Release) bool { return r.Version == of.Fixed })
	if at < 0 || of.Fixed == "" {
		return false
	}
	if of.Status[at] == advisory.StatusFixed {
		return true
	}
	v, last := of.Dist.Releases[at].Parsed, perlver.Version{}
	for i, s := range of.Status {
		if s == advisory.StatusAffected || s == advisory.StatusContradictory {
			last = of.Dist.Releases[i].Parsed
		}
	}
	return slices.ContainsFunc(of.Statements, func(s advisory.Statement) bool {
		one := advisory.Affected{Dist: of.Dist.Name, Statements: []advisory.Statement{s}}
		// One that contradicts itself names the release as fixed, too.
		status := one.Compile().Status(v)
		return status == advisory.StatusFixed || status == advisory.StatusContradictory || endsIn(&s, last, v)
	})
}

// endsIn says whether a range that a statement calls affected ends before a version
// that is above one and not above another, or what it calls unaffected begins there.
func endsIn(s *advisory.Statement, above, to perlver.Version) bool {
	var ends []string
	if s.CPANSA != nil {
		for _, element := range s.CPANSA.Affected {
			for clause := range strings.SplitSeq(element, ",") {
				if end, ok := strings.CutPrefix(strings.TrimSpace(clause), "<"); ok {
					ends = append(ends, strings.TrimSpace(end)) // "=1.2" is no version
				}
			}
		}
	}
	if s.CVE != nil {
		for _, r := range s.CVE.Versions {
			switch r.Status {
			case "affected":
				ends = append(ends, r.LessThan)
			case "unaffected":
				ends = append(ends, r.Version)
			}
			for _, c := range r.Changes {
				if c.Status == "unaffected" {
					ends = append(ends, c.At)
				}
			}
		}
	}
	if s.OSV != nil {
		for _, r := range s.OSV.Ranges {
			for _, e := range r.Events {
				ends = append(ends, e.Fixed)
			}
		}
	}
	return slices.ContainsFunc(ends, func(end string) bool {
		w, err := perlver.Parse(end)
		return err == nil && w.Compare(above) > 0 && w.Compare(to) <= 0
	})
}
