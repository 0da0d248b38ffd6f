package news

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"nacre/index"
)

// texts are an advisory in 280 and in 180 characters.
func texts(m *index.Model, a *index.Advisory) ([]index.File, error) {
	var files []index.File
	for _, n := range []int{280, 180} {
		path := fmt.Sprintf("text/%s.%d.txt", a.ID, n)
		files = append(files, index.File{Path: path, Data: []byte(short(m, a, n-1) + "\n")})
	}
	return files, nil
}

// tooLong is the text of an advisory whose id alone fills it.
const tooLong = "An advisory of this index has an id that is too long to be told in short."

// short tells an advisory in at most n characters: all of it, or without its title,
// its versions, its distribution and its link, in this order.
func short(m *index.Model, a *index.Advisory, n int) string {
	id, link := string(a.ID), home(m, a)
	if a.IsWithdrawn() {
		id = "Withdrawn: " + id
	}
	subject := id
	if in := where(a); in != "" {
		subject += " in " + in
	}
	ranges := ""
	if len(a.Dists) == 1 && !a.IsWithdrawn() {
		ranges = affected(a.Dists[0])
	}
	title := plain(a.Title)
	if a.IsWithdrawn() {
		title = plain(a.WithdrawnReason)
	}
	for _, tail := range []string{join(ranges, link), link} {
		room := n - utf8.RuneCountInString(subject) - len(": ") - len(" ") - utf8.RuneCountInString(tail)
		if t := cut(title, room); t != "" {
			return subject + ": " + t + " " + tail
		}
		if s := join(subject+".", tail); utf8.RuneCountInString(s) <= n {
			return s
		}
	}
	for _, s := range []string{join(id+".", link), link, id + "."} {
		if utf8.RuneCountInString(s) <= n {
			return s
		}
	}
	return tooLong
}

// join puts a space between two texts that are not empty.
func join(a, b string) string { return strings.TrimSpace(a + " " + b) }

// minTitle is how many characters of a title are worth telling.
const minTitle = 20

// cut makes a sentence of at most n characters out of a title, cut after a word.
// Where less than a few words would be left it gives "". Scripts that put no blanks
// between words are cut after any letter, but not within a character.
func cut(title string, n int) string {
	title = strings.TrimRight(title, ".")
	if title == "" {
		return ""
	}
	end := "."
	if last, _ := utf8.DecodeLastRuneInString(title); strings.ContainsRune("!?…。！？", last) {
		end = ""
	}
	if utf8.RuneCountInString(title)+len(end) <= n {
		return title + end
	}
	if n < minTitle {
		return ""
	}
	kept := string([]rune(title)[:n-1])
	rest, _ := utf8.DecodeRuneInString(title[len(kept):])
	if !unicode.IsSpace(rest) {
		if i := strings.LastIndexFunc(kept, unicode.IsSpace); i > 0 && utf8.RuneCountInString(kept[:i]) >= minTitle/2 {
			kept = kept[:i]
		} else {
			for unicode.Is(unicode.M, rest) && kept != "" { // which belongs to the letter before
				var size int
				rest, size = utf8.DecodeLastRuneInString(kept)
				kept = kept[:len(kept)-size]
			}
		}
	}
	return strings.TrimRightFunc(kept, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsPunct(r) && r != ')' }) + "…"
}
