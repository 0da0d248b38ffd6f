package meta

import (
	"strings"
	"unicode/utf8"

	"nacre/jsondoc"
)

// hash reads keys; indent are the indents of the structures around it and,
// last, its own.
func (t *tinyYAML) hash(indent []int) (*jsondoc.Node, error) {
	m, err := t.node(jsondoc.KindObject, t.lines[0].number)
	for err == nil && len(t.lines) > 0 {
		var done bool
		if done, err = t.level(indent); err != nil || done {
			break
		}
		l := t.lines[0]
		body := strings.TrimLeftFunc(l.text, isSpace)
		if strings.HasPrefix(body, ":") && len(body) < len(l.text) {
			// A key may not begin with a colon, and so takes the blank before it.
			_, size := utf8.DecodeLastRuneInString(l.text[:len(l.text)-len(body)])
			body = l.text[len(l.text)-len(body)-size:]
		}
		key, rest, ok := cutKey(body)
		if !ok {
			return nil, refuse(l, "no key and colon")
		}
		t.next()
		var value *jsondoc.Node
		if rest != "" {
			value, err = t.scalarBelow(tinyLine{l.number, rest}, indent)
		} else {
			value, err = t.below(indent, l.number, true)
		}
		m.Members = append(m.Members, jsondoc.Member{Key: key, Line: l.number, Value: value})
	}
	return m, err
}

// cutKey splits a line without its indent into the key and what is behind the
// colon, without a comment that stands there alone.
func cutKey(s string) (key, rest string, ok bool) {
	for _, quote := range []byte{'\'', '"'} {
		if raw, after, closed := cutQuoted(s, quote); closed {
			if rest, ok = cutColon(after); ok {
				return unquote(raw, quote), rest, true
			}
		}
	}
	if s == "" || s[0] == ':' {
		return "", "", false
	}
	// A colon behind another one ends a key only where nothing else does, and
	// where one stands further in front.
	at := -1
search:
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] != ':' || i+1 < len(s) && !startsWithSpace(s[i+1:]):
			continue
		case s[i-1] == ':':
			if at < 0 && strings.Contains(strings.TrimRight(s[:i], ":"), ":") {
				at = i
			}
			continue
		}
		at = i
		break search
	}
	if at > 0 {
		rest, _ = cutColon(s[at:])
		return strings.TrimRightFunc(s[:at], isSpace), rest, true
	}
	return "", "", false
}

// cutColon takes a colon with the blanks around it away.
func cutColon(s string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(strings.TrimLeftFunc(s, isSpace), ":")
	if !ok || rest != "" && !startsWithSpace(rest) {
		return "", false
	}
	rest = strings.TrimLeftFunc(rest, isSpace)
	if strings.HasPrefix(rest, "#") {
		rest = ""
	}
	return rest, true
}

// cutQuoted splits a text that begins with a quote at the closing one.
func cutQuoted(s string, quote byte) (raw, after string, ok bool) {
	if s == "" || s[0] != quote {
		return "", "", false
	}
	for i := 1; i < len(s); i++ {
		switch {
		case quote == '"' && s[i] == '\\':
			i++
		case s[i] != quote:
		case quote == '\'' && i+1 < len(s) && s[i+1] == quote:
			i++
		default:
			return s[1:i], s[i+1:], true
		}
	}
	return "", "", false
}

func unquote(raw string, quote byte) string {
	if quote == '\'' {
		return strings.ReplaceAll(raw, "''", "'")
	}
	raw = strings.ReplaceAll(raw, `\"`, `"`)
	if !strings.Contains(raw, `\`) {
		return raw
	}
	var b strings.Builder
	for i := 0; i < len(raw); i++ {
		if raw[i] == '\\' && i+1 < len(raw) {
			c := raw[i+1]
			if at := strings.IndexByte(`0zNabtnvfre\`, c); at >= 0 {
				b.WriteRune([]rune("\x00\x00\u0085\a\b\t\n\v\f\r\x1b\\")[at])
				i++
				continue
			}
			if c == 'x' && i+3 < len(raw) && isHex(raw[i+2]) && isHex(raw[i+3]) {
				b.WriteRune(rune(nibble(raw[i+2])<<4 | nibble(raw[i+3])))
				i += 3
				continue
			}
		}
		b.WriteByte(raw[i])
	}
	return b.String()
}

func isHex(c byte) bool { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

func nibble(c byte) int {
	if isDigit(c) {
		return int(c - '0')
	}
	return int(c|0x20-'a') + 10
}

// scalarBelow is scalar within a structure of this indent.
func (t *tinyYAML) scalarBelow(l tinyLine, indent []int) (*jsondoc.Node, error) {
	return t.scalar(l, append(indent[:len(indent):len(indent)], -1))
}

// scalar reads one value, whose first line is l without what is in front of
// it; indent ends with a place for the indent of the lines below.
func (t *tinyYAML) scalar(l tinyLine, indent []int) (*jsondoc.Node, error) {
	n, err := t.node(jsondoc.KindString, l.number)
	if err != nil {
		return nil, err
	}
	s := strings.TrimRightFunc(l.text, isSpace)
	if s == "~" {
		n.Kind = jsondoc.KindNull
		return n, nil
	}
	for _, quote := range []byte{'\'', '"'} {
		if raw, after, closed := cutQuoted(s, quote); closed && isComment(after) {
			n.Text = unquote(raw, quote)
			return n, nil
		}
	}
	switch {
	case strings.HasPrefix(s, "{}") && isComment(s[2:]):
		n.Kind = jsondoc.KindObject
		return n, nil
	case strings.HasPrefix(s, "[]") && isComment(s[2:]):
		n.Kind = jsondoc.KindArray
		return n, nil
	case s != "" && strings.IndexByte(`'"!&`, s[0]) >= 0:
		return nil, refuse(l, "a quote that does not end here, a tag or an anchor")
	case s != "" && (s[0] == '>' || s[0] == '|'):
		n.Text, err = t.block(l, s, indent)
		return n, err
	case s != "" && strings.IndexByte("@%`", s[0]) >= 0, isItem(s, false) && s[0] == '-', hasColon(s):
		return nil, refuse(l, "characters that a text without quotes cannot have here: "+shown(s))
	}
	n.Text = s[:commentAt(s)]
	return n, nil
}

// shown is a text for a message.
func shown(s string) string {
	if len(s) > 60 {
		s = strings.ToValidUTF8(s[:60], "") + "..."
	}
	return "'" + s + "'"
}

// isComment says that nothing but a comment follows.
func isComment(s string) bool {
	return s == "" || startsWithSpace(s) && strings.HasPrefix(strings.TrimLeftFunc(s, isSpace), "#")
}

// commentAt is where the blanks before a comment begin, or the end.
func commentAt(s string) int {
	blank := -1
	for i, r := range s {
		switch {
		case r == '#' && blank >= 0:
			return blank
		case !isSpace(r):
			blank = -1
		case blank < 0:
			blank = i
		}
	}
	return len(s)
}

// hasColon says that a colon is followed by a blank or the end.
func hasColon(s string) bool {
	for i := range len(s) {
		if s[i] == ':' && (i+1 == len(s) || startsWithSpace(s[i+1:])) {
			return true
		}
	}
	return false
}

// block reads the lines of a text that begins with > or |.
func (t *tinyYAML) block(l tinyLine, s string, indent []int) (string, error) {
	if len(t.lines) == 0 {
		return "", refuse(l, "no lines follow this text of several lines")
	}
	own := indentOf(t.lines[0].text)
	if len(indent) > 1 && indent[len(indent)-2] >= 0 && own <= indent[len(indent)-2] {
		return "", refuse(t.lines[0], "is indented too little")
	}
	var lines []string
	for len(t.lines) > 0 && indentOf(t.lines[0].text) >= own {
		lines = append(lines, strings.TrimLeftFunc(t.next().text, isSpace))
	}
	join, end := "\n", "\n"
	if s[0] == '>' {
		join = " "
	}
	if len(s) > 1 && s[1] == '-' {
		end = ""
	}
	return strings.Join(lines, join) + end, nil
}
