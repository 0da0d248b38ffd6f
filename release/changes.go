package release

import (
	"bytes"
	"slices"
	"strings"

	"nacre/perlver"
)

const (
	maxEntries = 10_000
	maxCVEs    = 1_000
	// maxHead is the longest line that is looked at for the head of an entry.
	maxHead = 500
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
// is a version, behind marks of headings, "version", "release", "v" or a name:
//
//	1.20  2024-05-16
//	## [1.20] - 2024-05-16
//	Revision history ... Foo-Bar 1.20, released on May 16, 2024
//	=head2 1.20 (Thu May 16 2024)
//
// A word counts as a version where it has a dot, or a date follows.
func ReadChanges(text []byte) *Changes {
	c := &Changes{}
	line, ids := 0, 0
	for row := range bytes.Lines(text) {
		line++
		if len(c.Entries) < maxEntries && len(row) <= maxHead {
			if e, ok := entryHead(strings.TrimRight(string(row), " \t\r\n")); ok {
				e.Line = line
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

// entryHead reads a line as the first of an entry.
func entryHead(row string) (Entry, bool) {
	rest := row
	marked := false // by a heading's marks, which only headings have
	for _, mark := range []string{"=head1 ", "=head2 ", "=head3 ", "=item ", "###", "##", "#"} {
		if after, ok := strings.CutPrefix(rest, mark); ok {
			rest, marked = strings.TrimSpace(after), true
			break
		}
	}
	indented := rest != strings.TrimLeft(rest, " \t") || strings.HasPrefix(rest, "- ") || strings.HasPrefix(rest, "* ")
	words := strings.FieldsFunc(rest, func(r rune) bool { return strings.ContainsRune(" \t,;()[]*", r) })
	for i, word := range words[:min(len(words), 3)] {
		if strings.TrimSpace(word) == "-" {
			continue
		}
		if version, ok := versionWord(word); ok {
			date := dateIn(words[i+1:])
			if date == "" && (indented || i > 0 && !marked && len(words) > i+4 || !strings.Contains(version, ".")) {
				return Entry{}, false // a sentence that names a version
			}
			if _, isDate := isoDate(word); isDate {
				return Entry{}, false
			}
			return Entry{Version: version, Date: date}, true
		}
		switch strings.TrimRight(strings.ToLower(word), ":") {
		case "version", "release", "ver", "v", "rel":
		default:
			if i > 0 || !isTitle(word) {
				return Entry{}, false
			}
		}
	}
	return Entry{}, false
}

// isTitle reports whether a word may be the name of a distribution or module
// before a version.
func isTitle(word string) bool {
	return word != "" && ('A' <= word[0] && word[0] <= 'Z') && strings.Trim(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:-") == ""
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
	if digits == "" || digits[0] < '0' || '9' < digits[0] {
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
	if first.Date != "" && last.Date != "" && first.Date != last.Date {
		if first.Date < last.Date {
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
