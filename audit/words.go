package audit

import (
	"bytes"

	"nacre/lazyregexp"
)

// words tells which words a file holds. Most rules' words are in few files: the
// triples of bytes that a file holds say so of most words without a look at it.
type words struct {
	triples [1 << 16 / 64]uint64
	asked   map[string]bool
}

// triple gives a bit for three bytes; those of lower-case letters differ.
func triple(a, b, c byte) uint16 { return uint16(a) ^ uint16(b)<<5 ^ uint16(c)<<10 }

func (w *words) read(src []byte) {
	w.asked = map[string]bool{}
	for i := 2; i < len(src); i++ {
		t := triple(src[i-2], src[i-1], src[i])
		w.triples[t>>6] |= 1 << (t & 63)
	}
}

func (w *words) mayHold(word string) bool {
	for i := 2; i < len(word); i++ {
		t := triple(word[i-2], word[i-1], word[i])
		if w.triples[t>>6]>>(t&63)&1 == 0 {
			return false
		}
	}
	return true
}

// Holds reports whether a file holds one of these texts. Each is looked for once.
func (f *File) Holds(texts ...string) bool {
	if f.words == nil {
		f.words = &words{}
		f.words.read(f.Src)
	}
	for _, t := range texts {
		if !f.words.mayHold(t) {
			continue
		}
		holds, ok := f.words.asked[t]
		if !ok {
			holds = bytes.Contains(f.Src, []byte(t))
			f.words.asked[t] = holds
		}
		if holds {
			return true
		}
	}
	return false
}

// Matches reports whether a pattern matches somewhere in a file. Each pattern is
// tried once.
func (f *File) Matches(p *lazyregexp.Regexp) bool {
	return f.Memo(p, func() any { return p.Match(f.Src) }).(bool)
}
