package csrc

import (
	"bytes"
	"strings"
)

// xsubs finds the XSUBs behind the first MODULE line. A paragraph begins with a
// line at the left edge behind an empty one, and ends before the next.
func (f *File) xsubs(module int) {
	first := -1
	flush := func(end int) {
		if first >= 0 {
			f.xsub(first, end)
		}
		first = -1
	}
	for i := module; i < len(f.Tokens); i++ {
		t := f.Tokens[i]
		if t.Kind == Directive || f.column(i) != 0 || i > 0 && f.Tokens[i-1].Line == t.Line && f.Tokens[i-1].Kind != Directive {
			continue
		}
		if first >= 0 && !f.blankBefore(i) {
			continue
		}
		flush(i)
		switch text := f.Text(i); {
		case t.Kind != Word:
		case text == "MODULE", text == "BOOT", text == "PROTOTYPES", text == "TYPEMAP", text == "VERSIONCHECK", text == "INCLUDE", text == "INCLUDE_COMMAND", text == "REQUIRE", text == "FALLBACK", text == "EXPORT_XSUB_SYMBOLS", text == "SCOPE":
		default:
			first = i
		}
	}
	flush(len(f.Tokens))
}

// blankBefore reports whether the line before a token is empty.
func (f *File) blankBefore(i int) bool {
	at := f.Tokens[i].Start
	if at == 0 {
		return true
	}
	before := bytes.LastIndexByte(f.Src[:at-1], '\n') + 1
	return len(bytes.TrimSpace(f.Src[before:at-1])) == 0
}

// xsub reads one paragraph: a type, a name with parameters, their types, and
// what it does.
func (f *File) xsub(first, end int) {
	open := -1
	for i := first; i < end && i < first+40; i++ {
		if f.Text(i) == "(" {
			open = i
			break
		}
	}
	if open <= first || f.Tokens[open-1].Kind != Word || f.Tokens[open].Match == 0 || int(f.Tokens[open].Match) >= end {
		return
	}
	body := int(f.Tokens[open].Match) + 1
	fn := Function{Name: f.Text(open - 1), XSUB: true, Line: f.Tokens[open-1].Line, Params: f.params(open), First: body, End: end}
	f.types(&fn, body, end)
	f.Functions = append(f.Functions, fn)
}

// types reads the lines "char * name" before the first section, which give the
// parameters their types.
func (f *File) types(fn *Function, first, end int) {
	for i := first; i < end; {
		line := f.Tokens[i].Line
		next := i
		for next < end && f.Tokens[next].Line == line {
			next++
		}
		if f.Tokens[i].Kind == Word && next > i+1 && f.Text(i+1) == ":" && strings.ToUpper(f.Text(i)) == f.Text(i) && f.Text(i) != "INPUT" {
			return
		}
		stop := next
		if f.Text(stop-1) == ";" {
			stop--
		}
		if p, ok := f.param(i, stop); ok {
			for k := range fn.Params {
				if fn.Params[k].Name == p.Name && fn.Params[k].Type == "" {
					fn.Params[k].Type = p.Type
				}
			}
		}
		i = next
	}
}
