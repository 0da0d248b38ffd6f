package perlsrc

import (
	"bytes"
	"strings"
)

// hunk is a place where two lists of tokens part, up to where they meet again.
type hunk struct {
	before       []significant // up to three that both have
	ours, theirs []significant
}

// hunks aligns two lists by the bytes of their tokens, blanks apart: lists that
// cut the same text otherwise meet again at the next common border. Where one
// has text that the other has not, as what one takes for documentation, they
// meet no more, and the hunk goes to the end.
func hunks(a, b []significant) []hunk {
	var out []hunk
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		if i < len(a) && j < len(b) && a[i] == b[j] {
			i++
			j++
			continue
		}
		h := hunk{before: a[max(i-3, 0):i]}
		fromA, fromB := i, j
		var textA, textB []byte
		for {
			if len(textA) == len(textB) && len(textA) > 0 && (i == len(a) && j == len(b) || i < len(a) && j < len(b) && a[i] == b[j]) {
				if bytes.Equal(textA, textB) {
					break
				}
				i, j = len(a), len(b)
				break
			}
			if len(textA) <= len(textB) && i < len(a) {
				textA = solid(textA, a[i].text)
				i++
			} else if j < len(b) {
				textB = solid(textB, b[j].text)
				j++
			} else if i < len(a) {
				textA = solid(textA, a[i].text)
				i++
			} else {
				break
			}
		}
		h.ours, h.theirs = a[fromA:i], b[fromB:j]
		out = append(out, h)
	}
	return out
}

// solid appends the bytes of text that are no blanks.
func solid(to []byte, text string) []byte {
	for k := range len(text) {
		if !isSpace(text[k]) {
			to = append(to, text[k])
		}
	}
	return to
}

func (h hunk) String() string {
	show := func(tokens []significant) string {
		var b strings.Builder
		for k, t := range tokens {
			if k == 6 {
				b.WriteString(" ...")
				break
			}
			text := t.text
			if len(text) > 40 {
				text = text[:40] + "..."
			}
			b.WriteString(" " + t.class + ":" + strings.ReplaceAll(text, "\n", `\n`))
		}
		return b.String()
	}
	return "after" + show(h.before) + " | ours" + show(h.ours) + " | PPI" + show(h.theirs)
}
