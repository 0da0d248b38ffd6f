package release

import (
	"fmt"
	"strings"
	"time"
)

// dateIn finds a date among words: one word, or a day, a month's name and a year
// in any order that says which is which. "" where there is none, or where it is
// in doubt, as in 05/06/2024.
func dateIn(words []string) string {
	const near = 12 // words: "released on Thu May 16 12:34:56 CEST 2024"
	words = words[:min(len(words), near)]
	day, year := "", ""
	month := time.Month(0)
	for _, word := range words {
		word = strings.TrimRight(word, ".:")
		if date, ok := isoDate(word); ok {
			return date
		}
		if m := monthOf(word); m != 0 {
			if month != 0 {
				break
			}
			month = m
			continue
		}
		for _, end := range []string{"st", "nd", "rd", "th"} {
			word = strings.TrimSuffix(word, end)
		}
		switch {
		case !allDigits([]byte(word)):
			// "Thu May 16": the day's name, a clock, a zone
			if d := strings.Split(word, "-"); len(d) == 3 && len(d[2]) == 4 { // 16-May-2024, May-16-2024
				if m := monthOf(d[1]); m != 0 {
					return dateOf(d[2], m, d[0])
				}
				return dateOf(d[2], monthOf(d[0]), d[1])
			}
		case len(word) == 4 && year == "":
			year = word
		case len(word) <= 2 && day == "":
			day = word
		}
		if day != "" && month != 0 && year != "" {
			break
		}
	}
	return dateOf(year, month, day)
}

func dateOf(year string, month time.Month, day string) string {
	if year == "" || month == 0 || day == "" {
		return ""
	}
	text := fmt.Sprintf("%s-%02d-%02s", year, month, day)
	if _, err := time.Parse(time.DateOnly, text); err != nil {
		return ""
	}
	return text
}

// isoDate reads a word as 2024-05-16, 2024/05/16, 2024.05.16 or 16.05.2024, with
// a time of day behind "T".
func isoDate(word string) (string, bool) {
	word, _, _ = strings.Cut(word, "T")
	for _, layout := range []string{"2006-01-02", "2006/01/02", "2006.01.02", "2006-1-2", "2006/1/2", "02.01.2006"} {
		if t, err := time.Parse(layout, word); err == nil && t.Year() >= 1987 { // Perl's first year
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// monthOf reads the English name of a month, or its first three letters.
func monthOf(word string) time.Month {
	word = strings.ToLower(strings.TrimRight(word, ".,"))
	if len(word) < 3 {
		return 0
	}
	for m := time.January; m <= time.December; m++ {
		if name := strings.ToLower(m.String()); word == name || word == name[:3] || word == "sept" && m == time.September {
			return m
		}
	}
	return 0
}
