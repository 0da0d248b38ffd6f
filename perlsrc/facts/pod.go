package facts

import (
	"bytes"
	"strings"

	"nacre/perlsrc"
)

// pod adds the commands of a POD block that stand for its structure.
func (f *File) pod(t perlsrc.Token, src []byte) {
	line := t.Line
	text := t.Text(src)
	for len(text) > 0 {
		row, rest, _ := bytes.Cut(text, []byte("\n"))
		if len(row) < 2 || row[0] != '=' || row[1] < 'a' || row[1] > 'z' {
			line++
			text = rest
			continue
		}
		at := line
		paragraph := [][]byte{row}
		line++
		for len(rest) > 0 {
			var next []byte
			next, after, _ := bytes.Cut(rest, []byte("\n"))
			if len(bytes.TrimSpace(next)) == 0 || len(paragraph) > 20 {
				break
			}
			paragraph = append(paragraph, next)
			rest = after
			line++
		}
		text = rest
		command, title, _ := strings.Cut(clip(bytes.Join(paragraph, []byte(" "))), " ")
		if command = command[1:]; command != "cut" {
			f.Pod = append(f.Pod, Section{Command: command, Title: title, Line: at})
		}
	}
}
