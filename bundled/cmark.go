package bundled

import (
	"bytes"
	"strconv"
	"strings"
)

// head is how much of a file a banner or a text is looked for in.
const head = 64 << 10

// seen is a mark that was found in a file.
type seen struct {
	version string
	line    int
	how     string
}

// defined is a "#define NAME value" of a file.
type defined struct {
	value string
	line  int
}

// defines gives the macros of a source in C that have a value, the first of
// each name.
func defines(src []byte) map[string]defined {
	found := map[string]defined{}
	line := 0
	for row := range bytes.Lines(src) {
		line++
		row = bytes.TrimLeft(row, " \t")
		if len(row) == 0 || row[0] != '#' {
			continue
		}
		row, ok := bytes.CutPrefix(bytes.TrimLeft(row[1:], " \t"), []byte("define"))
		if !ok || len(row) > 500 {
			continue
		}
		fields := strings.TrimSpace(string(row))
		end := strings.IndexAny(fields, " \t(")
		if end < 0 || fields[end] == '(' {
			continue
		}
		name := fields[:end]
		if _, twice := found[name]; !twice {
			found[name] = defined{strings.TrimSpace(fields[end:]), line}
		}
	}
	return found
}

// find looks for the mark in a file.
func (m cMark) find(src []byte, macros map[string]defined) (seen, bool) {
	switch m.verb {
	case "macro":
		d, ok := macros[m.words[0]]
		return seen{literal(d.value), d.line, m.words[0]}, ok
	case "macros":
		s := seen{how: m.words[0]}
		for i, name := range m.words {
			d, ok := macros[name]
			part := literal(d.value)
			if !ok || part == "" {
				return seen{}, false
			}
			if i == 0 {
				s.line = d.line
				s.version = part
			} else {
				s.version += "." + part
			}
		}
		return s, true
	case "packed":
		d, ok := macros[m.words[0]]
		if !ok {
			return seen{}, false
		}
		return seen{unpack(d.value, m.by), d.line, m.words[0]}, true
	case "banner":
		at, version := banner(src, m.words[0])
		return seen{version, lineOf(src, max(at, 0)), "banner"}, at >= 0
	case "text":
		at := bytes.Index(src[:min(len(src), head)], []byte(m.words[0]))
		return seen{"", lineOf(src, max(at, 0)), "mark"}, at >= 0
	}
	return seen{}, false
}

// banner finds text in the head of a file with a version behind it.
func banner(src []byte, text string) (at int, version string) {
	src = src[:min(len(src), head)]
	for from := 0; ; {
		i := bytes.Index(src[from:], []byte(text))
		if i < 0 {
			return -1, ""
		}
		at = from + i
		from = at + len(text)
		rest := bytes.TrimLeft(src[from:min(len(src), from+60)], " \t:")
		if v, ok := bytes.CutPrefix(rest, []byte("v")); ok {
			rest = v
		}
		if version = number(string(rest)); version != "" {
			return at, version
		}
	}
}

func lineOf(src []byte, at int) int { return 1 + bytes.Count(src[:at], []byte("\n")) }

// literal gives the version that the value of a macro holds: of a string what
// begins with its first digit, of a number the number. "" for what has to be
// computed.
func literal(value string) string {
	value = strings.TrimLeft(value, "( \t")
	if value == "" {
		return ""
	}
	if value[0] == '"' {
		text, _, ok := strings.Cut(value[1:], `"`)
		digit := strings.IndexAny(text, "0123456789")
		if !ok || digit < 0 {
			return ""
		}
		return number(text[digit:])
	}
	return number(value)
}

// number gives what a text begins with if that is a version: digits first, then
// letters, digits, ".", "-", "+" and "_". Underscores stand for the dots of a
// version that has none.
func number(text string) string {
	if text == "" || text[0] < '0' || '9' < text[0] {
		return ""
	}
	end := 0
	for end < len(text) && end < 40 && (isWord(text[end]) || strings.IndexByte(".-+", text[end]) >= 0) {
		end++
	}
	version := strings.TrimRight(text[:end], ".-+_")
	if strings.HasPrefix(version, "0x") {
		return ""
	}
	if !strings.Contains(version, ".") {
		version = strings.ReplaceAll(version, "_", ".")
	}
	return version
}

func isWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z' || c == '_'
}

// unpack gives the version of a number that holds its parts.
func unpack(value string, by []int64) string {
	fields := strings.FieldsFunc(value, func(r rune) bool { return strings.ContainsRune(" \t()", r) })
	if len(fields) == 0 {
		return ""
	}
	n, err := strconv.ParseInt(strings.TrimRight(fields[0], "uUlL"), 0, 64)
	if err != nil || n < 0 {
		return ""
	}
	var parts []string
	for _, d := range by {
		parts = append(parts, strconv.FormatInt(n/d, 10))
		n %= d
	}
	return strings.Join(parts, ".")
}
