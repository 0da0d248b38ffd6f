package perlver

import (
	"slices"
	"strings"
)

// CVEVersion is one entry of versions[] of a CVE record.
type CVEVersion struct {
	Version         string      `json:"version"`
	Status          string      `json:"status"` // affected, unaffected or unknown
	VersionType     string      `json:"versionType,omitempty"`
	LessThan        string      `json:"lessThan,omitempty"`
	LessThanOrEqual string      `json:"lessThanOrEqual,omitempty"`
	Changes         []CVEChange `json:"changes,omitempty"`
}

// CVEChange is a version within an entry at which the status changes.
type CVEChange struct {
	At     string `json:"at"`
	Status string `json:"status"`
}

// ParseCVE reads versions[] of one affected product of a CVE record. True is
// affected, False is unaffected.
//
//	[{"version":"1.5","lessThan":"1.9","status":"affected",
//	  "changes":[{"at":"1.8","status":"unaffected"}]}]
//
// An entry without an upper bound speaks about that version; one with a bound
// about version <= v and v < lessThan or v <= lessThanOrEqual, "*" being no
// bound. Within it the last change whose at is not above v gives the status.
// The first entry that speaks about v decides, and defaultStatus where none
// does (unknown where it is empty). Entries that overlap are warned about.
//
// Versions are compared in version.pm's order. A text that cannot be read
// (n/a, unspecified, prose) is an unknown clause. The numbers of an entry of
// versionType git or semver are not those of a distribution: beside entries of
// another type it is passed over with a warning, and where there is no other
// it is an unknown clause as a whole.
//
// Source: the CVE record format 5, docs/versions.md.
func ParseCVE(defaultStatus string, versions []CVEVersion) Range {
	r := Range{}
	if defaultStatus != "" || len(versions) > 0 {
		r.stated = statedRules
	}
	r.otherwise = r.status(defaultStatus, "defaultStatus")
	ofPerl := slices.ContainsFunc(versions, func(e CVEVersion) bool { return !isForeign(e.VersionType) })
	intervals := make([]*interval, 0, len(versions))
	for i := range versions {
		e := &versions[i]
		text := cveText(e)
		name := "the entry " + quote(text)
		if ofPerl && isForeign(e.VersionType) {
			r.warn(name + " is passed over: " + foreignType(e.VersionType))
			continue
		}
		clauses := r.entry(e, text, name)
		if x, ok := intervalOf(clauses); ok {
			x.name = name
			intervals = append(intervals, &x)
		}
		last := Version{}
		for _, change := range e.Changes {
			if v, err := ParseExact(change.At); err == nil {
				if v.Compare(last) < 0 {
					r.warn("the changes of " + name + " are not in order; the last that fits decides")
					break
				}
				last = v
			}
		}
		for _, change := range slices.Backward(e.Changes) {
			r.rule(r.status(change.Status, "changes of "+name),
				append(slices.Clip(clauses), compareWith(greaterOrEqual, change.At))...)
		}
		r.rule(r.status(e.Status, name), clauses...)
	}
	r.overlaps(intervals)
	return r
}

// isForeign says that versions of this versionType of CVE, or type of a range
// of OSV, are commits or numbers that are ordered in another way.
func isForeign(typ string) bool {
	return strings.EqualFold(typ, "git") || strings.EqualFold(typ, "semver")
}

// foreignType is why entries and ranges of a foreign type say nothing here.
func foreignType(typ string) string {
	return "type " + quote(typ) + " is not the order of Perl versions"
}

// status reads a status; where says where it stands.
func (r *Range) status(s, where string) Truth {
	switch s {
	case "affected":
		return True
	case "unaffected":
		return False
	case "unknown", "":
		return Unknown
	}
	r.warn("status " + quote(s) + " of " + where + " is read as unknown")
	return Unknown
}

// entry gives the clauses of one entry, changes left out; text and name stand
// for it in messages.
func (r *Range) entry(e *CVEVersion, text, name string) []clause {
	if isForeign(e.VersionType) {
		return []clause{unread(text, foreignType(e.VersionType))}
	}
	switch strings.ToLower(e.VersionType) {
	case "", "custom", "perl", "cpan":
	default:
		r.warn("versionType " + quote(e.VersionType) + " of " + name + " is read as Perl versions")
	}
	if e.LessThan == "" && e.LessThanOrEqual == "" {
		if len(e.Changes) > 0 {
			r.warn(name + " has changes and no upper bound")
		}
		return []clause{compareWith(equal, e.Version)}
	}
	clauses := []clause{compareWith(greaterOrEqual, e.Version)}
	switch {
	case e.LessThan != "" && e.LessThanOrEqual != "":
		clauses = append(clauses, unread(text, "lessThan and lessThanOrEqual in one entry"))
	case e.LessThan == "*" || e.LessThanOrEqual == "*":
	case e.LessThan != "":
		clauses = append(clauses, compareWith(less, e.LessThan))
	default:
		clauses = append(clauses, compareWith(lessOrEqual, e.LessThanOrEqual))
	}
	return clauses
}

// cveText is an entry in the words of the CNA's YAML.
func cveText(e *CVEVersion) string {
	switch {
	case e.LessThan != "":
		return e.Version + " < " + e.LessThan
	case e.LessThanOrEqual != "":
		return e.Version + " <= " + e.LessThanOrEqual
	}
	return e.Version
}

// interval is an entry that could be read whole.
type interval struct {
	from, to Version // to is the zero Version where there is no end
	closed   bool    // to is part of it
	name     string  // of the entry, for messages
}

func intervalOf(clauses []clause) (x interval, ok bool) {
	for _, c := range clauses {
		switch c.op {
		case equal:
			x.from, x.to, x.closed = c.v, c.v, true
		case greaterOrEqual:
			x.from = c.v
		case less:
			x.to = c.v
		case lessOrEqual:
			x.to, x.closed = c.v, true
		default:
			return interval{}, false
		}
	}
	return x, true
}

// reaches says whether v is not beyond the end of x.
func (x *interval) reaches(v *Version) bool {
	if x.to.IsZero() {
		return true
	}
	order := compare(v, &x.to)
	return order < 0 || order == 0 && x.closed
}

// overlaps warns about intervals that are empty or share versions.
func (r *Range) overlaps(intervals []*interval) {
	slices.SortStableFunc(intervals, func(a, b *interval) int { return compare(&a.from, &b.from) })
	var far *interval // of those before, the one that reaches farthest
	for _, x := range intervals {
		if !x.reaches(&x.from) {
			r.warn(x.name + " is empty: it ends before it starts")
			continue
		}
		if far != nil && far.reaches(&x.from) {
			r.warn(far.name + " and " + x.name + " overlap; the first in the list decides")
		}
		if far == nil || !far.to.IsZero() && (x.to.IsZero() || x.to.Compare(far.to) > 0 ||
			x.closed && x.to.Equal(far.to)) {
			far = x
		}
	}
}
