package jsondoc

import (
	"strconv"
	"strings"
)

// Pointer writes a path of keys and indexes as a JSON pointer (RFC 6901):
// Pointer("components", 3, "a/b") is "/components/3/a~1b". Parts are strings and
// ints.
func Pointer(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteByte('/')
		switch p := p.(type) {
		case int:
			b.WriteString(strconv.Itoa(p))
		case string:
			b.WriteString(Escape(p))
		}
	}
	return b.String()
}

// Escape writes one key as a part of a JSON pointer, without the slash.
func Escape(key string) string {
	if !strings.ContainsAny(key, "~/") {
		return key
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

// Find gives the value that a JSON pointer leads to, nil where there is none.
func (n *Node) Find(pointer string) *Node {
	if pointer == "" {
		return n
	}
	for part := range strings.SplitSeq(strings.TrimPrefix(pointer, "/"), "/") {
		part = strings.ReplaceAll(strings.ReplaceAll(part, "~1", "/"), "~0", "~")
		switch {
		case n.Is(KindObject):
			n = n.Get(part)
		case n.Is(KindArray):
			i, err := strconv.Atoi(part)
			if err != nil || i < 0 || i >= len(n.Items) || part != strconv.Itoa(i) {
				return nil
			}
			n = n.Items[i]
		default:
			return nil
		}
	}
	return n
}
