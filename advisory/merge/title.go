package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTitle is the longest title made out of a description, in characters: two
// lines of a terminal.
const maxTitle = 160

// titleOf makes a title of a description: its first sentence on one line, which
// ends with its paragraph if not before: headings have no full stop. A long one is cut where its last clause begins that does not fit, and else
// between words; "…" says so.
func titleOf(description string) string {
	words := strings.Fields(firstParagraph(description))
	var b strings.Builder
	for i, w := range words {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
		if endsSentence(w) && (i+1 == len(words) || startsSentence(words[i+1])) || b.Len() > 8*maxTitle {
			break
		}
	}
	title := strings.TrimSuffix(b.String(), ".")
	if utf8.RuneCountInString(title) <= maxTitle {
		return title
	}
	word, clause, n := 0, 0, 0 // where to cut, and how many characters are before it
	for i, r := range title {
		if n == maxTitle { // the one before is the place of "…"
			break
		}
		if r == ' ' {
			word = i
			if title[i-1] == ',' && n >= maxTitle/2 {
				clause = i
			}
		}
		n++
	}
	switch {
	case clause > 0:
		return title[:clause-1] + "…"
	case word > 0:
		return strings.TrimRight(title[:word], ",;:") + "…"
	}
	return string([]rune(title)[:maxTitle-1]) + "…" // one very long word
}

// firstParagraph cuts a text at its first empty line, but where that is in the middle
// of what it says.
func firstParagraph(text string) string {
	n, before := 0, "" // bytes read, and the last line that is not empty
	for line := range strings.Lines(text) {
		switch said := strings.TrimSpace(line); {
		case said != "":
			before = said
		case before != "" && !strings.HasSuffix(before, ":") && !strings.HasSuffix(before, ","):
			return text[:n]
		}
		n += len(line)
	}
	return text
}

// endsSentence says whether a word ends one: a full stop after more than an
// abbreviation's letter ("e.g." and "v." end none).
func endsSentence(word string) bool {
	body, ok := strings.CutSuffix(word, ".")
	if !ok {
		return strings.HasSuffix(word, "!") || strings.HasSuffix(word, "?")
	}
	switch strings.ToLower(strings.TrimLeft(body, "(\"'")) {
	case "e.g", "i.e", "etc", "vs", "cf", "ver", "v", "inc", "aka":
		return false
	}
	return true
}

func startsSentence(word string) bool {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(word, "(\"'*-"))
	return !unicode.IsLower(r)
}
