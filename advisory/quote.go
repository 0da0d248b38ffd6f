package advisory

import (
	"strings"

	"nacre/perlver"
)

// maxQuote is the most of a range that a reason quotes, in bytes: some records
// enumerate hundreds of releases.
const maxQuote = 60

// quote collects the parts of a range up to what a reason quotes; all of them
// where whole is set.
type quote struct {
	b     strings.Builder
	whole bool
}

// add adds a part, and reports whether there is room for more.
func (q *quote) add(part string) bool {
	if q.b.Len() > 0 {
		part = " | " + part
	}
	if !q.whole && q.b.Len()+len(part) > maxQuote {
		if q.b.Len() == 0 {
			q.b.WriteString(strings.ToValidUTF8(part[:maxQuote], ""))
		}
		q.b.WriteString(" ...")
		return false
	}
	q.b.WriteString(part)
	return true
}

// quoteAffected is the statement's affected range in the source's own words,
// cut for a reason.
func (s *Statement) quoteAffected() string {
	var q quote
	s.affectedTo(&q)
	return q.b.String()
}

// quoteFixed is the same of the fixed range.
func (s *Statement) quoteFixed() string {
	var q quote
	s.fixedTo(&q)
	return q.b.String()
}

func (s *Statement) affectedTo(q *quote) {
	switch {
	case s.CPANSA != nil:
		for _, e := range s.CPANSA.Affected {
			if !q.add(e) {
				break
			}
		}
	case s.CVE != nil:
		for _, e := range s.CVE.Versions {
			if !q.add(quoteCVE(e, q.whole)) {
				break
			}
		}
		switch {
		case s.CVE.excludesAll():
			q.add("no version")
		case len(s.CVE.Versions) == 0:
			q.add("default status " + s.CVE.DefaultStatus)
		}
	case s.OSV != nil:
		s.OSV.quote(q)
	}
}

func (s *Statement) fixedTo(q *quote) {
	if s.CPANSA != nil {
		for _, e := range s.CPANSA.Fixed {
			if !q.add(e) {
				break
			}
		}
	}
}

// quoteCVE writes an entry of versions[] as CPANSec writes ranges for people:
// "0 < 1.3", "1.5 <= 1.7", "1.05". It stops where nothing more is quoted, unless the
// whole is asked for.
func quoteCVE(e perlver.CVEVersion, whole bool) string {
	var b strings.Builder
	if e.Status != "affected" {
		b.WriteString(e.Status + " ")
	}
	b.WriteString(e.Version)
	switch {
	case e.LessThan != "":
		b.WriteString(" < " + e.LessThan)
	case e.LessThanOrEqual != "":
		b.WriteString(" <= " + e.LessThanOrEqual)
	}
	for _, c := range e.Changes {
		if !whole && b.Len() > maxQuote {
			break
		}
		b.WriteString(", " + c.Status + " at " + c.At)
	}
	return b.String()
}

func (o *OSV) quote(q *quote) {
	for _, r := range o.Ranges {
		if !q.add(quoteEvents(r.Events, q.whole)) {
			return
		}
	}
	for _, v := range o.Versions {
		if !q.add(v) {
			return
		}
	}
}

// quoteEvents writes the events of a range; it stops where nothing more is
// quoted, unless the whole is asked for.
func quoteEvents(events []perlver.OSVEvent, whole bool) string {
	var b strings.Builder
	sep := ""
	for _, e := range events {
		if !whole && b.Len() > maxQuote {
			break
		}
		switch {
		case e.Introduced != "":
			b.WriteString(sep + "introduced " + e.Introduced)
		case e.Fixed != "":
			b.WriteString(sep + "fixed " + e.Fixed)
		case e.LastAffected != "":
			b.WriteString(sep + "last affected " + e.LastAffected)
		case e.Limit != "":
			b.WriteString(sep + "limit " + e.Limit)
		default:
			continue
		}
		sep = ", "
	}
	return b.String()
}
