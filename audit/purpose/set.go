package purpose

import "strings"

// Set is a choice of words, or of whole names.
type Set map[string]bool

// NewSet reads words with blanks between them.
func NewSet(words string) Set {
	s := Set{}
	for w := range strings.FieldsSeq(words) {
		s[w] = true
	}
	return s
}

// In reports whether a name has one of the words.
func (s Set) In(name string) bool {
	for _, w := range Words(name) {
		if s[w] {
			return true
		}
	}
	return false
}
