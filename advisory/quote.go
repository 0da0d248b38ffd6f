package advisory

import (
	"strings"

	"nacre/perlver"
)

// maxQuote is the most of a range that a reason quotes, in bytes: some records
// enumerate hundreds of releases.
const maxQuote = 60

// quote collects the parts of a range up to what a reason quotes.
type quote struct {
	b strings.Builder
}

// add adds a part, and reports whether there is room for more.
func (q *quote) add(part string) bool {
	if q.b.Len() > 0 {
		part = " | " + part
	}
	if q.b.Len()+len(part) > maxQuote {
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
	switch {
	case s.CPANSA != nil:
		for _, e := range s.CPANSA.Affected {
			if !q.add(e) {
				break
			}
		}
	case s.CVE != nil:
		for _, e := range s.CVE.Versions {
			if !q.add(quoteCVE(e)) {
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
		s.OSV.quote(&q)
	}
	return q.b.String()
}

// quoteFixed is the same of the fixed range.
func (s *Statement) quoteFixed() string {
	var q quote
	if s.CPANSA != nil {
		for _, e := range s.CPANSA.Fixed {
			if !q.add(e) {
				break
			}
		}
	}
	return q.b.String()
}

// quoteCVE writes an entry of versions[] as CPANSec writes ranges for people:
// "0 < 1.3", "1.5 <= 1.7", "1.05". It stops where nothing more is quoted.
func quoteCVE(e perlver.CVEVersion) string {
	s := e.Version
	switch {
	case e.LessThan != "":
		s += " < " + e.LessThan
	case e.LessThanOrEqual != "":
		s += " <= " + e.LessThanOrEqual
	}
	for _, c := range e.Changes {
		if len(s) > maxQuote {
			break
		}
		s += ", " + c.Status + " at " + c.At
	}
	if e.Status != "affected" {
		s = e.Status + " " + s
	}
	return s
}

func (o *OSV) quote(q *quote) {
	for _, r := range o.Ranges {
		if !q.add(quoteEvents(r.Events)) {
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
// quoted.
func quoteEvents(events []perlver.OSVEvent) string {
	s, sep := "", ""
	for _, e := range events {
		if len(s) > maxQuote {
			break
		}
		switch {
		case e.Introduced != "":
			s += sep + "introduced " + e.Introduced
		case e.Fixed != "":
			s += sep + "fixed " + e.Fixed
		case e.LastAffected != "":
			s += sep + "last affected " + e.LastAffected
		case e.Limit != "":
			s += sep + "limit " + e.Limit
		default:
			continue
		}
		sep = ", "
	}
	return s
}
