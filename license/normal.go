package license

import (
	"bytes"
	"sort"
)

// normal is a text made comparable: lower case, one blank between words, no
// quotes, no marks of comments at the beginning of lines, no formatting of POD
// and Markdown.
type normal struct {
	text  []byte
	lines []mark // where each line of the original begins in text
}

type mark struct{ at, line int }

// line gives the line of the original that an offset of text is from.
func (n *normal) line(at int) int {
	i := sort.Search(len(n.lines), func(i int) bool { return n.lines[i].at > at })
	return n.lines[max(i-1, 0)].line
}

func normalise(src []byte) *normal {
	n := &normal{text: make([]byte, 0, len(src)), lines: []mark{{0, 1}}}
	line := 0
	for row := range bytes.Lines(src) {
		line++
		n.lines = append(n.lines, mark{len(n.text), line})
		n.row(bytes.TrimLeft(row, " \t#*/;%|>-"))
	}
	return n
}

func (n *normal) row(row []byte) {
	last := bytes.LastIndexByte(row, '>')
	for i := 0; i < len(row); i++ {
		c := row[i]
		switch {
		case 'A' <= c && c <= 'Z':
			if i+1 < len(row) && row[i+1] == '<' && !(i > 0 && isLetter(row[i-1])) { // POD: B<bold>
				i++
				continue
			}
			n.text = append(n.text, c+'a'-'A')
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', bytes.IndexByte([]byte(".,;:()-/+"), c) >= 0:
			n.text = append(n.text, c)
		case c == '\'', c == '"', c == '`', c == '*', c == '<', c == '>':
		case c == 0xE2 && i+2 < len(row) && row[i+1] == 0x80 && 0x98 <= row[i+2] && row[i+2] <= 0x9F: // curly quotes
			i += 2
		case c == '|' && i < last: // POD: L<text|target>
			i += bytes.IndexByte(row[i:], '>')
		case c == '|':
		default:
			n.blank()
		}
	}
	n.blank()
}

func (n *normal) blank() {
	if len(n.text) > 0 && n.text[len(n.text)-1] != ' ' {
		n.text = append(n.text, ' ')
	}
}

func isLetter(c byte) bool { return 'a' <= c|0x20 && c|0x20 <= 'z' }
