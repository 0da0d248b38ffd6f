package policy

import (
	"regexp"
	"strings"
	"time"
)

// stated is a date in a document.
type stated struct {
	text string
	when time.Time // zero where the text tells no day for sure
	good bool      // an HTTP-date, ISO 8601, or the form of the guide's sample
	line int
	said bool // its sentence says that it is the date of the document
}

// dateForm is one way to write a date. The first that matches at a place counts.
type dateForm struct {
	find    func() *regexp.Regexp
	layouts []string // nil: the day cannot be told for sure
	good    bool
}

const (
	dayNames   = `(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*`
	monthNames = `(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)`
)

// dateForms are tried in order. A date within an address or an id is none, and
// neither is a part of a version.
var dateForms = []dateForm{
	{lazy(`\b\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[Zz]| ?[-+]\d{2}:?\d{2})?`), []string{
		time.RFC3339, "2006-01-02T15:04Z07:00", "2006-01-02T15:04:05Z0700", "2006-01-02T15:04:05", "2006-01-02T15:04",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 Z0700", "2006-01-02 15:04:05", "2006-01-02 15:04",
	}, true},
	{lazy(`\b\d{4}-\d{2}-\d{2}\b`), []string{"2006-01-02"}, true},
	// HTTP-date: IMF-fixdate, RFC 850 and asctime.
	{lazy(`\b` + dayNames + `, \d{2} ` + monthNames + ` \d{4} \d{2}:\d{2}:\d{2} GMT\b`), []string{time.RFC1123}, true},
	{lazy(`\b` + dayNames + `, \d{2}-` + monthNames + `-\d{2} \d{2}:\d{2}:\d{2} GMT\b`), []string{"Monday, 02-Jan-06 15:04:05 MST"}, true},
	{lazy(`\b` + dayNames + ` ` + monthNames + ` [ \d]\d \d{2}:\d{2}:\d{2} \d{4}\b`), []string{time.ANSIC, "Mon Jan 2 15:04:05 2006"}, true},
	// The guide's own sample, which is neither; it is read and never written.
	{lazy(`\b` + dayNames + `,? \d{1,2} ` + monthNames + ` \d{4} \d{2}:\d{2}:\d{2} [A-Z]{2,5}\b`), []string{"Mon 2 Jan 2006 15:04:05 MST", "Mon, 2 Jan 2006 15:04:05 MST"}, true},
	{lazy(`\b` + monthNames + `[a-z]* \d{1,2}(?:st|nd|rd|th)?,? \d{4}\b`), []string{"January 2, 2006", "January 2 2006", "Jan 2, 2006", "Jan 2 2006"}, false},
	{lazy(`\b\d{1,2}(?:st|nd|rd|th)?[ -]` + monthNames + `[a-z]*[ -]\d{4}\b`), []string{"2 January 2006", "2 Jan 2006", "2-Jan-2006"}, false},
	{lazy(`\b\d{4}/\d{2}/\d{2}\b`), []string{"2006/01/02"}, false},
	{lazy(`\b\d{1,2}[/.]\d{1,2}[/.]\d{4}\b`), nil, false},
}

// ordinal is a day as in 1st.
var ordinal = lazy(`\b(\d{1,2})(?:st|nd|rd|th)\b`)

// ofDocument are words beside the document's own date.
var ofDocument = lazy(`(?i)\b(?:date|dated|updated|revised|revision|written|valid|effective|as of|last (?:change|review|modified)|current)\b`)

// maxDates bounds the dates that are looked at, paragraph by paragraph; a
// policy has one or two.
const maxDates = 16

// dates gives the dates of a document, in order.
func (d *Document) dates() []stated {
	var out []stated
	for i := range d.paragraphs {
		p := &d.paragraphs[i]
		text := p.text
		for _, f := range dateForms {
			for _, at := range f.find().FindAllStringIndex(text, maxDates) {
				if len(out) == maxDates {
					return out
				}
				if isWithin(text, at[0], at[1]) {
					continue
				}
				s := stated{text: text[at[0]:at[1]], good: f.good, said: ofDocument().MatchString(text), line: p.line}
				for k, l := range p.lines {
					if f.find().MatchString(l) {
						s.line = p.line + k
						break
					}
				}
				for _, layout := range f.layouts {
					if t, err := time.Parse(layout, ordinal().ReplaceAllString(s.text, "$1")); err == nil {
						s.when = t.UTC()
						break
					}
				}
				s.good = s.good && !s.when.IsZero()
				out = append(out, s)
			}
			// What one form has read, no later one reads again.
			text = f.find().ReplaceAllStringFunc(text, func(m string) string { return blanks[:min(len(m), len(blanks))] })
		}
	}
	return out
}

// blanks stand for a date that was read already; none is longer.
const blanks = "                                                                "

// isWithin reports whether what looks like a date is a part of an address, an id
// or a longer number.
func isWithin(text string, start, end int) bool {
	const joins = "/-_=.:"
	before := start > 0 && strings.IndexByte(joins, text[start-1]) >= 0
	after := end < len(text)-1 && strings.IndexByte("/-_=", text[end]) >= 0
	return before || after
}

// dateOf is the date of the document itself: one whose sentence says so, or else
// the first that can be read, or else the first.
func dateOf(all []stated) (stated, bool) {
	var best stated
	found := false
	rank := func(s stated) int {
		n := 0
		if s.said {
			n += 2
		}
		if s.good {
			n++
		}
		return n
	}
	for _, s := range all {
		if !found || rank(s) > rank(best) {
			best, found = s, true
		}
	}
	return best, found
}
