package page

import (
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
)

// funcs are what templates may call.
func funcs() template.FuncMap {
	return template.FuncMap{
		"web":          web,
		"commit":       func(s string) string { return s[:min(len(s), 12)] },
		"contact":      contact,
		"number":       number,
		"outcome":      outcome,
		"doubt":        func(k merge.Kind) string { return doubtWords[k] },
		"badge":        badge,
		"distPath":     func(d cpan.Dist) string { return distPath(string(d)) },
		"advisoryPath": advisoryPath,
		"count":        count,
		"severity":     severityBadge,
	}
}

// web gives an address of http or https that a reader may follow, and "" for any
// other.
func web(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil {
		return ""
	}
	return s
}

// contact gives a link to a mail address or to an address of the web, and "" for
// what is neither.
func contact(s string) string {
	s = strings.TrimPrefix(s, "mailto:")
	name, host, ok := strings.Cut(s, "@")
	if ok && name != "" && strings.Contains(host, ".") && !strings.ContainsAny(s, " <>\"'()[]\\,;:?&#%/") && !strings.Contains(host, "@") {
		return "mailto:" + s
	}
	return web(s)
}

// number writes a number with its thousands apart: 12,345.
func number(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// count writes how many there are of what: "1 advisory", "2 advisories".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return number(n) + " " + many
}

// badge is a severity or a status in its colour. The word alone tells it; the
// colour and the shape say it again.
func badge(word string) template.HTML {
	class := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' {
			return r
		}
		return '-'
	}, word)
	return template.HTML(`<span class="badge ` + class + `">` + template.HTMLEscapeString(word) + `</span>`)
}

// severityBadge is the badge of a severity. An unknown one is one that nobody
// rated.
func severityBadge(s advisory.Severity) template.HTML {
	if s == advisory.SeverityUnknown {
		return `<span class="badge unknown">not rated</span>`
	}
	return badge(s.String())
}

// outcome says what became of an entry.
func outcome(o merge.Outcome) string {
	switch o {
	case merge.Became:
		return "became this advisory"
	case merge.Merged:
		return "adds to it"
	}
	return o.String()
}

// doubtWords say what the kinds of contradictions are.
var doubtWords = map[merge.Kind]string{
	merge.Overlap:    "Known releases are both affected and fixed",
	merge.Unreadable: "A clause cannot be read",
	merge.NoRange:    "No affected versions are stated",
	merge.MatchNone:  "No known release is affected",
	merge.MatchAll:   "Every known release is affected",
	merge.OpenEnd:    "A range ends with a release, and no fix is stated",
	merge.Gap:        "Known releases are neither affected nor fixed",
	merge.Doubtful:   "A clause was read with a doubt",
	merge.OtherDist:  "The id names another distribution",
	merge.Repeated:   "One source has several entries of one id",
	merge.Reused:     "One id stands for different CVEs",
	merge.Disagree:   "Sources disagree on known releases",
	merge.BadRelease: "Known releases that version.pm refuses",
}
