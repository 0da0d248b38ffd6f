package merge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxTitle is the longest title made out of a description, in characters: at
// 200, nearly all first sentences are whole.
const maxTitle = 200

// titleOf makes a title of a description: its first sentence on one line, cut
// between words where it is long.
func titleOf(description string) string {
	words := strings.Fields(description)
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
	const more = " ..."
	cut, n := 0, 0 // the last blank that leaves room
	for i, r := range title {
		if n > maxTitle-len(more) {
			break
		}
		if r == ' ' {
			cut = i
		}
		n++
	}
	if cut == 0 { // one very long word
		return string([]rune(title)[:maxTitle-len("...")]) + "..."
	}
	return strings.TrimRight(title[:cut], " ,;:") + more
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
