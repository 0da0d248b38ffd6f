package release

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"nacre/perlver"
)

const (
	maxEntries = 10_000
	maxCVEs    = 1_000
	// maxHead is the longest line that is looked at for the head of an entry.
	maxHead = 500
	// near is how many lines below a date its version is looked for.
	near = 8
)

// Changes is a changelog.
type Changes struct {
	File    string
	Entries []Entry // in the file's order; at most 10,000
	// CVEs are the ids that stand above all entries; at most 1,000 of a file
	// are kept.
	CVEs []string
}

// Entry is what a changelog says of one release.
type Entry struct {
	Version string // as written, without "v" only where it is written without
	Date    string // "2006-01-02"; "" where none is stated, or in doubt which
	Line    int
	CVEs    []string // the ids that it names, each once, in order
}

// ReadChanges reads a changelog. An entry begins with a line whose first word
// is a version, behind marks of headings, "version", "release", "v" or a name,
// or with a date that a version follows, there or on one of the next lines:
//
//	1.20  2024-05-16
//	## [1.20] - 2024-05-16
//	=head2 Changes in Foo-Bar 1.20 - 16th May 2024
//	2024-05-16  A. U. Thor (1.20)
//	2024-05-16  A. U. Thor <author@example.org>
//		* Version 1.20
//
// A word counts as a version where it has a dot, or a date follows.
func ReadChanges(text []byte) *Changes {
	c := &Changes{}
	line, ids := 0, 0
	day, until := "", 0 // a date that stands alone, and the last line it is for
	for row := range bytes.Lines(text) {
		line++
		if len(c.Entries) < maxEntries && len(row) <= maxHead {
			row := strings.TrimRight(string(row), " \t\r\n")
			e, ok := entryHead(row)
			if date := dayHead(row); date != "" {
				if e, ok = dayEntry(row, date); !ok {
					day, until = date, line+near
				}
			} else if !ok && line <= until {
				if e, ok = listed(row, day); !ok && line == until-near+1 && strings.HasSuffix(row, ")") {
					e, ok = dayEntry(row, day) // the authors' names went over the line
				}
			}
			if ok {
				e.Line, until = line, 0
				c.Entries = append(c.Entries, e)
			}
		}
		list := &c.CVEs
		if n := len(c.Entries); n > 0 {
			list = &c.Entries[n-1].CVEs
		}
		for _, id := range cves(row) {
			if ids < maxCVEs && !slices.Contains(*list, id) {
				*list = append(*list, id)
				ids++
			}
		}
	}
	return c
}

// wordsOf splits a line into words, without brackets and bullets.
func wordsOf(row string) []string {
	return strings.FieldsFunc(row, func(r rune) bool { return strings.ContainsRune(" \t,;()[]*$", r) })
}

// entryHead reads a line as the first of an entry.
func entryHead(row string) (Entry, bool) {
	rest, marked := row, false // by a heading's marks, which only headings have
	for _, mark := range []string{"=head1 ", "=head2 ", "=head3 ", "=item ", "###", "##", "#"} {
		if after, ok := strings.CutPrefix(rest, mark); ok {
			rest, marked = strings.TrimSpace(after), true
			break
		}
	}
	indented := rest != strings.TrimLeft(rest, " \t") || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "* ")
	words := wordsOf(rest)
	most := 3
	if marked {
		most = 5
	}
	for i, word := range words[:min(len(words), most)] {
		if version, ok := versionWord(word); ok {
			if _, isDate := isoDate(word); isDate {
				return Entry{}, false
			}
			date := dateIn(words[i+1:])
			if date == "" && (indented || i > 0 && !marked && len(words) > i+4 || !strings.Contains(version, ".")) {
				return Entry{}, false // a sentence that names a version
			}
			return Entry{Version: version, Date: date}, true
		}
		switch strings.TrimRight(strings.ToLower(word), ":") {
		case "version", "release", "ver", "v", "rel", "revision", "-":
		default:
			if marked && (isLetters(word) || isTitle(word)) {
				continue
			}
			if i > 0 || !isTitle(word) {
				return Entry{}, false
			}
		}
	}
	return Entry{}, false
}

// dayHead gives the date that a line begins with, "" for none.
func dayHead(row string) string {
	word, _, _ := strings.Cut(strings.ReplaceAll(row, "\t", " "), " ")
	date, _ := isoDate(word)
	return date
}

// dayEntry reads a line that begins with a date and goes on with a version, or
// ends with one in parentheses.
func dayEntry(row, date string) (Entry, bool) {
	words := wordsOf(row)
	if len(words) < 2 {
		return Entry{}, false
	}
	at := 1
	for at < len(words)-1 && isPlainWord(words[at]) {
		at++
	}
	if strings.HasSuffix(row, ")") {
		at = len(words) - 1
	}
	version, ok := versionWord(words[at])
	return Entry{Version: version, Date: date}, ok && strings.Contains(version, ".")
}

func isPlainWord(word string) bool {
	switch strings.ToLower(word) {
	case "version", "release", "released", "v", "-":
		return true
	}
	return false
}

// listed reads "* Version 1.20", "* Released 1.20" and "o Made release 1.20."
// below a date.
func listed(row, date string) (Entry, bool) {
	words := wordsOf(row)
	if len(words) > 0 && (words[0] == "o" || words[0] == "+" || words[0] == "-") {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 3 {
		return Entry{}, false
	}
	for _, word := range words[:len(words)-1] {
		if !isPlainWord(word) && !strings.EqualFold(word, "made") {
			return Entry{}, false
		}
	}
	version, ok := versionWord(words[len(words)-1])
	return Entry{Version: version, Date: date}, ok && strings.Contains(version, ".")
}

// isTitle reports whether a word may be the name of a distribution or module
// before a version.
func isTitle(word string) bool {
	return word != "" && ('A' <= word[0] && word[0] <= 'Z') && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:-") == ""
}

func isLetters(word string) bool {
	return strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == ""
}

// versionWord reads a word as a version: "1.20", "v1.2.3", "1.20:",
// "1.20_01-TRIAL", "5".
func versionWord(word string) (string, bool) {
	word = strings.TrimRight(word, ":.,-")
	bare := word
	for _, end := range []string{"-TRIAL", "-trial", "_TRIAL"} {
		bare = strings.TrimSuffix(bare, end)
	}
	digits := strings.TrimPrefix(bare, "v")
	if len(word) > 100 || digits == "" || digits[0] < '0' || '9' < digits[0] {
		return "", false
	}
	if _, err := perlver.Parse(bare); err != nil {
		return "", false
	}
	return word, true
}

// cves gives the ids of CVE that a line names.
func cves(row []byte) []string {
	var ids []string
	for {
		i := bytes.Index(row, []byte("CVE-"))
		if i < 0 {
			return ids
		}
		row = row[i+4:]
		if len(row) < 9 || !allDigits(row[:4]) || row[4] != '-' {
			continue
		}
		end := 5
		for end < len(row) && end < 24 && '0' <= row[end] && row[end] <= '9' {
			end++
		}
		if end >= 9 {
			ids = append(ids, "CVE-"+string(row[:end]))
		}
	}
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if c < '0' || '9' < c {
			return false
		}
	}
	return len(b) > 0
}

// Newest is the entry of the latest release: the first, or the last of a
// changelog that is written downwards; false where there is none.
func (c *Changes) Newest() (Entry, bool) {
	if c == nil || len(c.Entries) == 0 {
		return Entry{}, false
	}
	first, last := c.Entries[0], c.Entries[len(c.Entries)-1]
	var top, bottom string // the first and the last date of the file, whichever way it is written
	for _, e := range c.Entries {
		if e.Date != "" {
			top = cmp.Or(top, e.Date)
			bottom = e.Date
		}
	}
	if top != bottom {
		if top < bottom {
			return last, true
		}
		return first, true
	}
	a, aerr := perlver.Parse(first.Version)
	b, berr := perlver.Parse(last.Version)
	if aerr == nil && berr == nil && a.Compare(b) < 0 {
		return last, true
	}
	return first, true
}

// Of gives the entry of a release by its version as written, or by one of the
// same value; false where there is none.
func (c *Changes) Of(version string) (Entry, bool) {
	if c == nil || version == "" {
		return Entry{}, false
	}
	for _, e := range c.Entries {
		if e.Version == version {
			return e, true
		}
	}
	want, err := perlver.Parse(version)
	if err != nil {
		return Entry{}, false
	}
	for _, e := range c.Entries {
		if v, err := perlver.Parse(e.Version); err == nil && v.Compare(want) == 0 {
			return e, true
		}
	}
	return Entry{}, false
}
