// A body is one function and what its declarations say of its variables:
//
//	char buf[64], *p;      an array of 64; a pointer to chars
//	STRLEN len;            a number without a sign
//	int n;                 one with a sign

package native

import (
	"maps"
	"slices"
	"strings"

	"nacre/csrc"
)

// variable is what a function's tokens say of a name.
type variable struct {
	array  bool   // a buffer on the stack or in static memory
	size   string // of an array, as written
	sized  csrc.Arg
	fromSV bool   // it is a string of Perl's: SvPV, or a char * parameter of an XSUB
	length string // the variable that SvPV put its length in, "" for none
	short  bool   // it is a signed number, narrower than a length or not
	stated bool   // it is a number that Perl code states: SvIV, or a parameter of an XSUB
	lenOf  bool   // it is the length of a string of Perl's
	signed bool   // stated as a signed number
	param  bool
	chars  bool // a char * whose chars may be signed
	char   bool // one char, which may be signed
	bytes  bool // it points to unsigned characters
	noSign bool // it is one of those, or points to them, somewhere in the function
	// It has no sign, and is as wide as an int at least, so that one less than 0 is
	// the largest number there is.
	unsigned bool
	set      int // the token of its last source
	line     int
	what     string // "SvPV_nolen(name)", "the parameter name"
}

// body is one function and what is known of its variables.
type body struct {
	file *csrc.File
	fn   *csrc.Function
	vars map[string]*variable
	uses map[string][]int // the tokens of each word, in order
	char map[string]int   // the first token of each character, as written
	// How many characters are written out in it.
	chars int
	unit  *unit // the file's other functions

	firsts map[question]int // of questions about names, as first told them
	memory *memories        // what it allocates; nil until it is asked for
	knows  *bool            // whether it knows where its text ends; the same
}

// question is one of those that are put about a name.
type question struct{ kind, name string }

// first gives the first use of a name for which something holds, and the end of the
// function where there is none. What holds is told apart by a kind, and found out
// once: the same is asked at each of a name's uses.
func (b *body) first(kind, name string, holds func(i int) bool) int {
	q := question{kind, name}
	at, known := b.firsts[q]
	if !known {
		at = b.fn.End
		for _, i := range b.uses[name] {
			if holds(i) {
				at = i
				break
			}
		}
		b.firsts[q] = at
	}
	return at
}

// maxUses bounds how many uses of one word in a function are looked at.
const maxUses = 1000

func read(file *csrc.File, fn *csrc.Function) *body {
	b := &body{file: file, fn: fn, vars: map[string]*variable{}, uses: map[string][]int{}, char: map[string]int{}, firsts: map[question]int{}}
	for _, p := range fn.Params {
		v := b.variable(p.Name)
		v.param = true
		v.unsigned = isUnsigned(p.Type)
		oneByte, signed := charType(p.Type)
		v.noSign = oneByte && !signed
		v.bytes = v.noSign && strings.HasSuffix(p.Type, "*")
		v.line, v.set = fn.Line, fn.First
		switch {
		case strings.Contains(p.Type, "char *"):
			v.fromSV = fn.XSUB
			v.chars = oneByte && signed
			v.what = "the parameter " + p.Name
		case p.Type == "char":
			v.char = true
		case fn.XSUB && isInteger(p.Type):
			v.stated, v.signed = true, !strings.Contains(p.Type, "unsigned") && !strings.HasPrefix(p.Type, "U") && p.Type != "size_t" && p.Type != "STRLEN"
			v.short = v.signed
			v.what = "the parameter " + p.Name
		}
	}
	for i := fn.First; i < fn.End; i++ {
		if file.Is(i, csrc.Char) {
			b.chars++
			if _, seen := b.char[file.Text(i)]; !seen {
				b.char[file.Text(i)] = i
			}
		}
		if file.Is(i, csrc.Word) {
			word := file.Text(i)
			if len(b.uses[word]) < maxUses {
				b.uses[word] = append(b.uses[word], i)
			}
			b.declared(i)
			b.assigned(i)
		}
	}
	return b
}

func (b *body) variable(name string) *variable {
	v := b.vars[name]
	if v == nil {
		v = &variable{}
		b.vars[name] = v
	}
	return v
}

// known gives the names of the variables, so that findings come in one order.
func (b *body) known() []string { return slices.Sorted(maps.Keys(b.vars)) }

// declared reads "char name[64]", "int name" and "STRLEN name".
func (b *body) declared(i int) {
	f := b.file
	switch f.Text(i) {
	case "STRLEN", "size_t", "Size_t", "UV", "U32", "uint32_t", "uint64_t", "uint", "unsigned":
		first := i + 1
		if f.Text(i) == "unsigned" && (f.Text(first) == "int" || f.Text(first) == "long") {
			first++
		}
		b.names(first, func(v *variable) { v.unsigned = true })
	}
	switch text := f.Text(i); {
	case charTypes[text] != noChar:
		signed := charTypes[text] == signedChar && !b.unsignedAt(i)
		for k := i + 1; k+2 < b.fn.End && k < i+80; k++ {
			switch text := f.Text(k); {
			case f.Is(k, csrc.Word) && f.Text(k-1) == "*" && (f.Text(k+1) == ";" || f.Text(k+1) == "=" || f.Text(k+1) == ","):
				v := b.variable(text)
				v.chars, v.bytes, v.noSign = v.chars || signed, v.bytes || !signed, v.noSign || !signed
				if f.Text(k+1) == "=" {
					return
				}
			case text == "*" || f.Is(k, csrc.Word) && f.Text(k+1) != "[":
				if end := f.Text(k + 1); text != "*" && (end == ";" || end == "=" || end == ",") {
					v := b.variable(text)
					v.char, v.noSign = v.char || signed, v.noSign || !signed
				}
			case f.Is(k, csrc.Word) && f.Text(k+1) == "[":
				end := f.Match(k + 1)
				if end <= k+1 || f.Text(k-1) == "*" {
					return
				}
				v := b.variable(text)
				v.array, v.size, v.line = true, f.Span(k+2, end), f.Tokens[k].Line
				v.sized = csrc.Arg{First: k + 2, End: end}
				k = end
			case text == "," || text == "=":
				if text == "=" {
					return
				}
			default:
				return
			}
		}
	case text == "int" || text == "long" || text == "I32" || text == "IV" || text == "ssize_t" || text == "SSize_t" || text == "short" || text == "int32_t":
		if i > 0 && (f.Text(i-1) == "unsigned" || f.Text(i-1) == "(") {
			return
		}
		b.names(i+1, func(v *variable) { v.short = true })
	}
}

// names goes over the names of a declaration, up to the first that is given a value.
func (b *body) names(first int, yield func(*variable)) {
	f := b.file
	for k := first; k < b.fn.End && k < first+40; k++ {
		switch text := f.Text(k); {
		case f.Is(k, csrc.Word) && (f.Text(k+1) == ";" || f.Text(k+1) == "," || f.Text(k+1) == "="):
			yield(b.variable(text))
		case text == ",":
		default:
			return
		}
	}
}
