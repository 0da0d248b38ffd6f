package output

import (
	"iter"
	"strings"
)

// block is a piece of a rule's text.
type block struct {
	text string
	code bool
}

// blocks cuts the little Markdown of rules' files into paragraphs, items of
// lists, and code, which is indented by four or fenced.
func blocks(text string) iter.Seq[block] {
	return func(yield func(block) bool) {
		var lines []string
		code, fenced := false, false
		flush := func() bool {
			if len(lines) == 0 {
				return true
			}
			b := block{strings.Join(lines, " "), code}
			if code {
				b.text = strings.TrimRight(strings.Join(lines, "\n"), "\n")
			}
			lines = nil
			return yield(b)
		}
		for line := range strings.Lines(text) {
			line = strings.TrimRight(line, " \t\r\n")
			indented := strings.HasPrefix(line, "    ")
			switch {
			case strings.HasPrefix(line, "```"):
				if !flush() {
					return
				}
				fenced = !fenced
				code = fenced
				continue
			case fenced:
			case line == "" && code: // code may have empty lines
			case line == "":
				if !flush() {
					return
				}
				continue
			case indented != code, strings.HasPrefix(line, "- "):
				if !flush() {
					return
				}
				code = indented
			}
			if code && !fenced {
				line = strings.TrimPrefix(line, "    ")
			} else if !code {
				line = strings.TrimSpace(line)
			}
			lines = append(lines, line)
		}
		flush()
	}
}
