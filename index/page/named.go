package page

import (
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

// fixNamed says whether a source names the release Fixed: as fixed, or as the one
// before which releases are affected, "<1.3". Elsewhere, as with "<=1.2" and a list of
// versions, it is only the first release above what is stated.
func fixNamed(of *index.Affected) bool {
	at := slices.IndexFunc(of.Dist.Releases, func(r index.Release) bool { return r.Version == of.Fixed })
	if at < 0 || of.Fixed == "" {
		return false
	}
	if of.Status[at] == advisory.StatusFixed {
		return true
	}
	v := of.Dist.Releases[at].Parsed
	return slices.ContainsFunc(of.Statements, func(s advisory.Statement) bool {
		one := advisory.Affected{Dist: of.Dist.Name, Statements: []advisory.Statement{s}}
		judge := one.Compile()
		return judge.Status(v) == advisory.StatusFixed || endsAt(&s, v)
	})
}

// endsAt says whether a range that a statement calls affected ends before a version,
// or one that it calls unaffected begins with it.
func endsAt(s *advisory.Statement, v perlver.Version) bool {
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
		return err == nil && w.Equal(v)
	})
}
