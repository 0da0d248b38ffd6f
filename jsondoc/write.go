package jsondoc

import (
	"bytes"
	"encoding/json"
	"io"
	"strings"
)

// Append adds the document to b, with a line feed at the end.
func (n *Node) Append(b []byte) []byte {
	return append(n.append(b, 0), '\n')
}

// Write writes the document, with a line feed at the end.
func (n *Node) Write(w io.Writer) error {
	_, err := w.Write(n.Append(nil))
	return err
}

func (n *Node) append(b []byte, depth int) []byte {
	switch {
	case n.Is(KindNull):
		return append(b, "null"...)
	case n.Kind == KindString:
		return AppendString(b, n.Text)
	case n.Kind == KindArray:
		b = append(b, '[')
		for i, item := range n.Items {
			b = newLine(b, i, depth+1)
			b = item.append(b, depth+1)
		}
		return end(b, ']', len(n.Items), depth)
	case n.Kind == KindObject:
		b = append(b, '{')
		for i, m := range n.Members {
			b = newLine(b, i, depth+1)
			b = append(AppendString(b, m.Key), ": "...)
			b = m.Value.append(b, depth+1)
		}
		return end(b, '}', len(n.Members), depth)
	}
	return append(b, n.Text...)
}

// blanks are as many as a deep level needs at once.
var blanks = strings.Repeat("  ", 32)

func newLine(b []byte, i, depth int) []byte {
	if i > 0 {
		b = append(b, ',')
	}
	return indent(append(b, '\n'), depth)
}

func indent(b []byte, depth int) []byte {
	for ; depth > 32; depth -= 32 {
		b = append(b, blanks...)
	}
	return append(b, blanks[:2*depth]...)
}

func end(b []byte, bracket byte, n, depth int) []byte {
	if n > 0 {
		b = indent(append(b, '\n'), depth)
	}
	return append(b, bracket)
}

// AppendString adds a string as JSON writes it, without the escapes that only
// HTML asks for.
func AppendString(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c == '"' || c == '\\' || c >= 0x7f {
			return appendEscaped(b, s)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

func appendEscaped(b []byte, s string) []byte {
	buf := bytes.NewBuffer(b)
	enc := json.NewEncoder(buf)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil { // no string fails, and no buffer
		panic(err)
	}
	return bytes.TrimSuffix(buf.Bytes(), []byte("\n"))
}
