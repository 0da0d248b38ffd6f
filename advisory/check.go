package advisory

import "nacre/fault"

// What one record may hold. The largest record of the real sources is far
// below each: 2,973 bytes of description, some 90 references and 300 elements
// in a list of versions.
const (
	MaxText       = 64 << 10 // bytes of a description
	MaxLine       = 2 << 10  // bytes of a title, a file's path, a routine's name, a clause
	MaxReferences = 2_000
	MaxAliases    = 500
	MaxAffected   = 2_000  // distributions
	MaxVersions   = 20_000 // elements, entries, events and listed versions of one statement
	MaxPlaces     = 2_000  // modules, files and routines, each; rows of a library's history
)

// Check holds the record to the bounds above. Readers and the database file
// call it on what others made, and the error names the bound that was hit.
func (r *Record) Check() error {
	bounds := []bound{
		{"description length", len(r.Description), MaxText},
		{"reason length", len(r.WithdrawnReason), MaxText},
		{"title length", len(r.Title), MaxLine},
		{"aliases", len(r.Aliases), MaxAliases},
		{"references", len(r.References), MaxReferences},
		{"scores", len(r.CVSS), MaxAliases},
		{"weaknesses", len(r.CWEs), MaxAliases},
		{"affected distributions", len(r.Affected), MaxAffected},
	}
	for i := range r.Affected {
		bounds = r.Affected[i].bounds(bounds)
	}
	for _, b := range bounds {
		if b.have > b.max {
			return fault.New(fault.Invalid, "%s of %s: %d is more than %d (limit: %s)", b.name, r.ID, b.have, b.max, b.name)
		}
	}
	return nil
}

// bound is one number and the most it may be.
type bound struct {
	name      string
	have, max int
}

func (a *Affected) bounds(to []bound) []bound {
	to = append(to,
		bound{"modules", len(a.Modules), MaxPlaces},
		bound{"files", len(a.Files), MaxPlaces},
		bound{"routines", len(a.Routines), MaxPlaces},
		bound{"statements", len(a.Statements), MaxAffected})
	longest := 0
	long := func(texts ...string) {
		for _, s := range texts {
			longest = max(longest, len(s))
		}
	}
	long(a.Files...)
	long(a.Routines...)
	if l := a.Library; l != nil {
		to = append(to, bound{"library releases", len(l.Bundled), MaxPlaces}, bound{"library versions", len(l.Affected), MaxVersions})
		long(l.Name)
		long(l.Affected...)
		for _, b := range l.Bundled {
			long(b.Releases, b.Version)
		}
	}
	for i := range a.Statements {
		n := 0
		switch s := &a.Statements[i]; {
		case s.CPANSA != nil:
			n = len(s.CPANSA.Affected) + len(s.CPANSA.Fixed)
			long(s.CPANSA.Affected...)
			long(s.CPANSA.Fixed...)
		case s.CVE != nil:
			n = len(s.CVE.Versions)
			long(s.CVE.DefaultStatus)
			for _, v := range s.CVE.Versions {
				n += len(v.Changes)
				long(v.Version, v.Status, v.VersionType, v.LessThan, v.LessThanOrEqual)
				for _, c := range v.Changes {
					long(c.At, c.Status)
				}
			}
		case s.OSV != nil:
			n = len(s.OSV.Ranges) + len(s.OSV.Versions)
			long(s.OSV.Versions...)
			for _, x := range s.OSV.Ranges {
				n += len(x.Events)
				long(x.Type)
				for _, e := range x.Events {
					long(e.Introduced, e.Fixed, e.LastAffected, e.Limit)
				}
			}
		}
		to = append(to, bound{"versions", n, MaxVersions})
	}
	return append(to, bound{"text length", longest, MaxLine})
}
