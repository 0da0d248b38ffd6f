// Macros of the file that copy strings, and those that put a character behind a text:
//
//	#define LABEL(buf, text) sprintf(buf, "<%s>", text)
//	#define PUT(buf, n, c) buf[n++] = c; buf[n] = '\0'

package native

import (
	"strings"

	"nacre/csrc"
	"nacre/lazyregexp"
)

// macro is a macro of a file that writes one of its arguments into another, by
// their places.
type macro struct{ to, from int }

// macro notes what a macro with arguments does:
//
//	#define LABEL(buf, text) sprintf(buf, "<%s>", text)
func (s *shelf) macro(text string) {
	if !strings.Contains(text, "strc") && !strings.Contains(text, "sprintf") {
		return
	}
	f, _ := csrc.Parse([]byte(text)) // as far as its limits go
	if len(f.Tokens) < 4 || f.Text(1) != "(" || f.Tokens[1].End != f.Tokens[0].End+1 {
		return
	}
	place := map[string]int{}
	for n, a := range f.Args(1) {
		place[f.Span(a.First, a.End)] = n + 1
	}
	param := func(a csrc.Arg) int { return place[strings.Trim(f.Span(a.First, a.End), "() ")] - 1 }
	f.Calls(f.Match(1)+1, len(f.Tokens), func(c csrc.Call) bool {
		switch {
		case len(c.Args) < 2 || param(c.Args[0]) < 0:
		case c.Name == "strcpy" || c.Name == "strcat":
			if from := param(c.Args[1]); from >= 0 {
				s.macros[f.Text(0)] = macro{to: param(c.Args[0]), from: from}
			}
		case c.Name == "sprintf":
			for _, at := range endlessArgs(f, c, 1) {
				if from := param(c.Args[at]); from >= 0 {
					s.macros[f.Text(0)] = macro{to: param(c.Args[0]), from: from}
				}
			}
		}
		return true
	})
}

// stars gives how many arguments before its own one a conversion takes for its width
// and its precision: %*.*s.
func stars(m []string) int { return strings.Count(m[1]+m[2], "*") }

// endlessArgs gives the arguments of a call that its format writes as strings of any
// length.
func endlessArgs(f *csrc.File, c csrc.Call, format int) []int {
	text := f.Span(c.Args[format].First, c.Args[format].End)
	if !strings.HasPrefix(text, `"`) {
		return nil
	}
	var out []int
	arg := format + 1
	for _, m := range conversion.FindAllStringSubmatch(text, -1) {
		if m[3] == "%" {
			continue
		}
		arg += stars(m)
		if arg >= len(c.Args) {
			break
		}
		if m[3] == "s" && m[2] == "" {
			out = append(out, arg)
		}
		arg++
	}
	return out
}

// appends is what a macro does that puts a character behind a text, and a NUL
// behind that.
var appends = lazyregexp.New(`\+\+\s*\]\s*=(?s:.*)\]\s*=\s*(?:'\\0'|'\\x00'|0)\s*;`)

// appender reports whether a macro of the file is one of these.
func (u *unit) appender(name string) bool {
	if u.appending == nil {
		u.appending = map[string]bool{}
		for _, t := range u.file.Tokens {
			if t.Kind != csrc.Directive {
				continue
			}
			text := string(u.file.Src[t.Start:t.End])
			words := strings.FieldsFunc(text[:min(len(text), 200)], func(c rune) bool { return c == ' ' || c == '\t' || c == '(' || c == '#' })
			if len(words) > 1 && words[0] == "define" && strings.Contains(text, words[1]+"(") && appends.MatchString(text) {
				u.appending[words[1]] = true
			}
		}
	}
	return u.appending[name]
}
