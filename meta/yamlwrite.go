package meta

import (
	"strings"

	"nacre/jsondoc"
)

// AppendYAML adds the document as META.yml has it, in the part of YAML that
// CPAN's tools read: one value a line, every text in quotes that they or other
// readers could take for something else.
func (d *Document) AppendYAML(b []byte) []byte {
	b = append(b, "---\n"...)
	if len(d.Tree.Members) == 0 {
		return append(b[:len(b)-1], " {}\n"...)
	}
	return appendYAML(b, d.Tree, 0)
}

// appendYAML adds the lines of a map or a list that is not empty.
func appendYAML(b []byte, n *jsondoc.Node, depth int) []byte {
	for _, item := range n.Items {
		b = append(b, strings.Repeat("  ", depth)...)
		b = appendYAMLValue(append(b, '-'), item, depth)
	}
	for _, m := range members(n) {
		b = append(b, strings.Repeat("  ", depth)...)
		b = appendYAMLText(b, m.Key)
		b = appendYAMLValue(append(b, ':'), m.Value, depth)
	}
	return b
}

func appendYAMLValue(b []byte, n *jsondoc.Node, depth int) []byte {
	switch {
	case isNull(n):
		return append(b, " ~\n"...)
	case n.Is(jsondoc.KindArray) && len(n.Items) == 0:
		return append(b, " []\n"...)
	case n.Is(jsondoc.KindObject) && len(n.Members) == 0:
		return append(b, " {}\n"...)
	case isNested(n):
		return appendYAML(append(b, '\n'), n, depth+1)
	case n.Is(jsondoc.KindString):
		return append(appendYAMLText(append(b, ' '), n.Text), '\n')
	}
	return append(append(append(b, ' '), asWritten(n)...), '\n')
}

// appendYAMLText writes a text plain where it is a word, else in quotes.
func appendYAMLText(b []byte, s string) []byte {
	isPlain := s != "" && isLetter(s[0]) && !strings.ContainsFunc(s, func(r rune) bool {
		return r >= 0x80 || !isNameByte(byte(r)) && !strings.ContainsRune("-./ :", r)
	}) && !strings.Contains(s, ": ") && !strings.HasSuffix(s, ":") && !strings.HasSuffix(s, " ")
	switch strings.ToLower(s) {
	case "true", "false", "yes", "no", "on", "off", "null", "y", "n":
		isPlain = false
	}
	switch {
	case isPlain:
		return append(b, s...)
	case strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r >= 0x7f && r < 0xa0 }):
		b = append(b, '"')
		for _, r := range s {
			switch {
			case r == '"' || r == '\\':
				b = append(b, '\\', byte(r))
			case r < ' ' || r >= 0x7f && r < 0xa0:
				b = append(b, '\\', 'x', "0123456789abcdef"[r>>4], "0123456789abcdef"[r&15])
			default:
				b = append(b, string(r)...)
			}
		}
		return append(b, '"')
	}
	return append(append(append(b, '\''), strings.ReplaceAll(s, "'", "''")...), '\'')
}
