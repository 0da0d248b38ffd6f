package meta

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"nacre/fault"
	"nacre/jsondoc"
)

// tinyYAML reads the part of YAML that CPAN's own tools read: CPAN::Meta::YAML
// 0.018, which is YAML::Tiny. It knows one value a line, no flow style but []
// and {}, no tags, no anchors; null is ~ alone, and every other value is text.
// Some files it reads otherwise than YAML does ("[a, b]" is a text), and what
// it refuses no installer reads.
type tinyYAML struct {
	lines  []tinyLine
	values budget
}

// tinyLine is a line that is neither empty nor a comment.
type tinyLine struct {
	number int
	text   string
}

// parseTinyYAML gives the last document, as Parse::CPAN::Meta does; nil where
// there is none.
func parseTinyYAML(b []byte) (*jsondoc.Node, error) {
	t := &tinyYAML{}
	number := 1
	b = bytes.TrimPrefix(b, []byte("\ufeff"))
	for len(b) > 0 {
		n, skip := bytes.IndexAny(b, "\r\n"), 0
		if n < 0 {
			n = len(b)
		}
		switch end := b[n:]; {
		case bytes.HasPrefix(end, []byte("\r\r\n")):
			skip = 3
		case bytes.HasPrefix(end, []byte("\r\n")):
			skip = 2
		case len(end) > 0:
			skip = 1
		}
		text := string(b[:n])
		if s := strings.TrimLeftFunc(text, isSpace); s != "" && s[0] != '#' {
			t.lines = append(t.lines, tinyLine{number: number, text: text})
		}
		b = b[n+skip:]
		number++
	}
	if len(t.lines) > 0 && isYAMLDirective(t.lines[0].text, true) {
		t.next()
	}
	return t.documents()
}

// isYAMLDirective says that s is like %YAML 1.0, and with more that more may
// follow.
func isYAMLDirective(s string, more bool) bool {
	rest, ok := strings.CutPrefix(s, "%YAML")
	if !ok || rest == "" || rest[0] != ':' && rest[0] != ' ' {
		return false
	}
	after := strings.TrimLeftFunc(rest[1:], func(r rune) bool { return unicode.IsDigit(r) || r == '.' })
	return after != rest[1:] && (more || after == "")
}

// next takes the first line away.
func (t *tinyYAML) next() tinyLine {
	l := t.lines[0]
	t.lines = t.lines[1:]
	return l
}

// refuse is the error of a line that CPAN::Meta::YAML does not read.
func refuse(l tinyLine, why string) error {
	return fault.New(fault.Invalid, "line %d: %s", l.number, why).
		WithHint("CPAN's tools read a small part of YAML: one key and value a line, values with odd characters in quotes")
}

func (t *tinyYAML) documents() (*jsondoc.Node, error) {
	var last *jsondoc.Node
	any, inside := false, false
	for len(t.lines) > 0 {
		l := t.lines[0]
		if rest, ok := strings.CutPrefix(l.text, "---"); ok {
			head := strings.TrimFunc(rest, isSpace)
			t.next()
			if head != "" && !(len(head) > 1 && head[0] == '#') && !isYAMLDirective(head, false) {
				n, err := t.scalar(tinyLine{l.number, head}, []int{-1})
				if err != nil {
					return nil, err
				}
				last, any = n, true
				continue
			}
			inside = true
		}
		switch {
		case len(t.lines) == 0 || isBoundary(t.lines[0].text):
			last, any, inside = nil, true, false
			t.skipToNext()
		case !inside && any:
			return nil, refuse(t.lines[0], "stands behind the document")
		case isItem(t.lines[0].text, true):
			n, err := t.array([]int{0})
			if err != nil {
				return nil, err
			}
			last, any = n, true
		default:
			n, err := t.hash([]int{indentOf(t.lines[0].text)})
			if err != nil {
				return nil, err
			}
			last, any = n, true
		}
	}
	return last, nil
}

func startsWithSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return s != "" && isSpace(r)
}

// isBoundary says that a document ends before this line.
func isBoundary(s string) bool {
	return strings.HasPrefix(s, "---") || strings.HasPrefix(s, "...")
}

// skipToNext passes over the lines before the next document.
func (t *tinyYAML) skipToNext() {
	for len(t.lines) > 0 && !strings.HasPrefix(t.lines[0].text, "---") {
		t.next()
	}
}

// indentOf counts the characters of white space in front.
func indentOf(s string) int {
	return utf8.RuneCountInString(s) - utf8.RuneCountInString(strings.TrimLeftFunc(s, isSpace))
}

// isItem says that a line begins with a dash that makes it an item of a list;
// at the root also with nothing but dashes.
func isItem(s string, root bool) bool {
	rest, ok := strings.CutPrefix(strings.TrimLeftFunc(s, isSpace), "-")
	return ok && (rest == "" || startsWithSpace(rest) || root && strings.Trim(rest, "-") == "")
}

// level looks at the line's indent: done where the structure ends before it.
func (t *tinyYAML) level(indent []int) (done bool, err error) {
	l := t.lines[0]
	if isBoundary(l.text) {
		t.skipToNext()
		return true, nil
	}
	switch here, last := indentOf(l.text), indent[len(indent)-1]; {
	case here < last:
		return true, nil
	case here > last:
		return false, refuse(l, "is indented further than the lines before it")
	}
	return false, nil
}

// deeper adds a level.
func (t *tinyYAML) deeper(indent []int, n int) ([]int, error) {
	if len(indent) > maxLevels {
		return nil, fault.New(fault.Invalid, "line %d: nested deeper than %d (limit: metadata depth)", t.lines[0].number, maxLevels).
			WithHint("metadata has a handful of levels; check that it is the right file")
	}
	return append(indent[:len(indent):len(indent)], n), nil
}

func (t *tinyYAML) node(kind jsondoc.Kind, number int) (*jsondoc.Node, error) {
	return &jsondoc.Node{Kind: kind, Line: number}, t.values.take()
}

// array reads items; indent are the indents of the structures around it and,
// last, its own.
func (t *tinyYAML) array(indent []int) (*jsondoc.Node, error) {
	list, err := t.node(jsondoc.KindArray, t.lines[0].number)
	for err == nil && len(t.lines) > 0 {
		var done bool
		if done, err = t.level(indent); err != nil || done {
			break
		}
		l := t.lines[0]
		rest, isDash := strings.CutPrefix(strings.TrimLeftFunc(l.text, isSpace), "-")
		var item *jsondoc.Node
		switch text := strings.TrimFunc(rest, isSpace); {
		case !isDash && len(indent) > 1 && indent[len(indent)-2] == indent[len(indent)-1]:
			return list, nil // a key beside the list that it follows
		case !isDash:
			return nil, refuse(l, "is neither an item of the list nor outside it")
		case text == "":
			t.next()
			item, err = t.below(indent, l.number, false)
		default:
			if dash, ok := inlineHash(l.text); ok {
				item, err = t.inline(indent, dash)
			} else {
				t.next()
				item, err = t.scalarBelow(tinyLine{l.number, text}, indent)
			}
		}
		list.Items = append(list.Items, item)
	}
	return list, err
}

// inlineHash gives the width up to a key that stands behind the dash:
// "- name: x".
func inlineHash(s string) (width int, ok bool) {
	body := strings.TrimLeftFunc(s, isSpace)
	rest, isDash := strings.CutPrefix(body, "-")
	if !isDash || !startsWithSpace(rest) {
		return 0, false
	}
	text := strings.TrimLeftFunc(rest, isSpace)
	blanks := utf8.RuneCountInString(rest) - utf8.RuneCountInString(text)
	if text == "" {
		return 0, false
	}
	width = utf8.RuneCountInString(s) - utf8.RuneCountInString(body) + 1 + blanks
	first, size := utf8.DecodeRuneInString(text)
	if first != '\'' && first != '"' && endsInColon(text[size:]) {
		return width, true
	}
	// Behind two blanks the second counts as the key's first character, and
	// that one may be a quote's neighbour. What follows is then refused for
	// its indent.
	if blanks > 1 && endsInColon(text) {
		return width - 1, true
	}
	return 0, false
}

// endsInColon says that a run of characters that are not blank ends in a colon
// that a blank or the end follows, or has one behind blanks.
func endsInColon(s string) bool {
	end := strings.IndexFunc(s, isSpace)
	if end < 0 {
		return strings.HasSuffix(s, ":")
	}
	if strings.HasSuffix(s[:end], ":") {
		return true
	}
	rest, ok := strings.CutPrefix(strings.TrimLeftFunc(s[end:], isSpace), ":")
	return ok && (rest == "" || startsWithSpace(rest))
}

// inline reads the map that begins behind a dash.
func (t *tinyYAML) inline(indent []int, width int) (*jsondoc.Node, error) {
	t.lines[0].text = strings.Replace(t.lines[0].text, "-", " ", 1)
	inner, err := t.deeper(indent, width)
	if err != nil {
		return nil, err
	}
	return t.hash(inner)
}

// below reads what stands on the lines below a dash alone, or below a key that
// has no value beside it.
func (t *tinyYAML) below(indent []int, number int, isKey bool) (*jsondoc.Node, error) {
	if len(t.lines) == 0 {
		return t.node(jsondoc.KindNull, number)
	}
	here, own := indentOf(t.lines[0].text), indent[len(indent)-1]
	isDash := strings.HasPrefix(strings.TrimLeftFunc(t.lines[0].text, isSpace), "-")
	if isKey && !isDash && here <= own || !isKey && isDash && here == own {
		return t.node(jsondoc.KindNull, number)
	}
	inner, err := t.deeper(indent, here)
	switch {
	case err != nil:
		return nil, err
	case isDash:
		return t.array(inner)
	}
	return t.hash(inner)
}
