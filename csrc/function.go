package csrc

import "strings"

// functions finds the functions of C among the tokens before end.
func (f *File) functions(end int) {
	open := -1 // the parenthesis of the last list in parentheses outside of all braces
	for i := 0; i < end; i++ {
		t := f.Tokens[i]
		if t.Kind != Punct {
			continue
		}
		switch f.Text(i) {
		case ";", "=":
			open = -1
		case "(":
			m := int(t.Match)
			if m == 0 || m >= end {
				continue
			}
			if n := f.before(i); n >= 0 && f.Tokens[n].Kind == Word && !isKeyword(f.Text(n)) {
				if open < 0 || !strings.HasPrefix(f.Text(n), "__") {
					open = i
				}
			}
			i = m
		case "{":
			m := int(t.Match)
			if i > 0 && f.Tokens[i-1].Kind == String { // extern "C" {
				continue
			}
			if open > 0 && m > 0 {
				n := f.before(open)
				f.Functions = append(f.Functions, Function{
					Name: f.Text(n), Line: f.Tokens[n].Line,
					Params: f.params(open), First: i + 1, End: m,
				})
			}
			open = -1
			if m > i && m < end {
				i = m
			}
		}
	}
}

// before gives the token before another, without directives: names and types of a
// function may stand in branches of an #if, with its parameters behind them. It
// gives -1 where there is none.
func (f *File) before(i int) int {
	for i--; i >= 0 && f.Tokens[i].Kind == Directive; i-- {
	}
	return i
}

func isKeyword(w string) bool {
	switch w {
	case "if", "while", "for", "switch", "return", "sizeof", "__attribute__", "__declspec", "defined", "do", "else", "case":
		return true
	}
	return false
}

// params reads a list of parameters.
func (f *File) params(open int) []Param {
	var out []Param
	for _, a := range f.Args(open) {
		if p, ok := f.param(a.First, a.End); ok {
			out = append(out, p)
		}
		if len(out) == 200 {
			break
		}
	}
	return out
}

// param reads "const char *name", "char name[]", "int name = 0" and "pTHX_ SV *sv".
func (f *File) param(first, end int) (Param, bool) {
	name, at := "", -1
	for i := first; i < end; i++ {
		if text := f.Text(i); text == "=" || text == "[" {
			end = i
			break
		}
	}
	for i := first; i < end; i++ {
		if f.Tokens[i].Kind == Word {
			name, at = f.Text(i), i
		}
	}
	if at < 0 || name == "void" && at == first {
		return Param{}, false
	}
	typ := f.words(first, at)
	return Param{Type: strings.TrimPrefix(strings.TrimPrefix(typ, "pTHX_ "), "const "), Name: name}, true
}

// words gives tokens with one blank between them.
func (f *File) words(first, end int) string {
	var b strings.Builder
	for i := first; i < end && i-first < 20; i++ {
		if i > first {
			b.WriteByte(' ')
		}
		b.WriteString(f.Text(i))
	}
	return b.String()
}

// Arg is an argument of a call: tokens from First to End, without the last.
type Arg struct{ First, End int }

// Args gives the arguments between a parenthesis and its match.
func (f *File) Args(open int) []Arg {
	if open < 0 || open >= len(f.Tokens) || f.Tokens[open].Match == 0 {
		return nil
	}
	end := int(f.Tokens[open].Match)
	var out []Arg
	first := open + 1
	for i := first; i < end; i++ {
		if f.Tokens[i].Kind != Punct {
			continue
		}
		if m := int(f.Tokens[i].Match); m > i {
			i = m
			continue
		}
		if f.Text(i) == "," {
			out = append(out, Arg{first, i})
			first = i + 1
		}
	}
	if first < end || len(out) > 0 {
		out = append(out, Arg{first, end})
	}
	return out
}

// Call is a call of a function or a macro by its name.
type Call struct {
	Name string
	At   int // the token of the name
	Args []Arg
}

// Calls gives the calls among the tokens from first to end, outer ones before
// those in their arguments.
func (f *File) Calls(first, end int, yield func(Call) bool) {
	for i := max(first, 0); i+1 < min(end, len(f.Tokens)); i++ {
		if f.Tokens[i].Kind == Word && f.Tokens[i+1].Kind == Punct && f.Src[f.Tokens[i+1].Start] == '(' && f.Tokens[i+1].Match != 0 && !isKeyword(f.Text(i)) {
			if !yield(Call{Name: f.Text(i), At: i, Args: f.Args(i + 1)}) {
				return
			}
		}
	}
}
