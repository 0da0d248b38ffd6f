package native

import (
	"maps"
	"slices"
	"strconv"
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
		if file.Tokens[i].Kind == csrc.Char {
			b.chars++
			if _, seen := b.char[file.Text(i)]; !seen {
				b.char[file.Text(i)] = i
			}
		}
		if file.Tokens[i].Kind == csrc.Word {
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

// maxBrief bounds how many tokens of the source a message shows.
const maxBrief = 40

// brief gives tokens as written, the first of them where they are many.
func (b *body) brief(first, end int) string {
	if end > first+maxBrief {
		return b.file.Span(first, first+maxBrief) + " ..."
	}
	return b.file.Span(first, end)
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

func isInteger(typ string) bool {
	switch strings.TrimPrefix(typ, "unsigned ") {
	case "int", "long", "IV", "UV", "I32", "U32", "SSize_t", "ssize_t", "size_t", "STRLEN", "short", "unsigned", "long long", "long int", "int32_t", "uint32_t", "int64_t":
		return true
	}
	return false
}

func isUnsigned(typ string) bool {
	switch typ {
	case "STRLEN", "size_t", "Size_t", "UV", "U32", "unsigned", "unsigned int", "unsigned long", "uint32_t", "uint64_t", "uint":
		return true
	}
	return false
}

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
			case f.Tokens[k].Kind == csrc.Word && f.Text(k-1) == "*" && (f.Text(k+1) == ";" || f.Text(k+1) == "=" || f.Text(k+1) == ","):
				v := b.variable(text)
				v.chars, v.bytes, v.noSign = v.chars || signed, v.bytes || !signed, v.noSign || !signed
				if f.Text(k+1) == "=" {
					return
				}
			case text == "*" || f.Tokens[k].Kind == csrc.Word && f.Text(k+1) != "[":
				if end := f.Text(k + 1); text != "*" && (end == ";" || end == "=" || end == ",") {
					v := b.variable(text)
					v.char, v.noSign = v.char || signed, v.noSign || !signed
				}
			case f.Tokens[k].Kind == csrc.Word && f.Text(k+1) == "[":
				end := int(f.Tokens[k+1].Match)
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
		case f.Tokens[k].Kind == csrc.Word && (f.Text(k+1) == ";" || f.Text(k+1) == "," || f.Text(k+1) == "="):
			yield(b.variable(text))
		case text == ",":
		default:
			return
		}
	}
}

// svStrings are the macros that give a string of Perl's, and whether the second
// argument takes its length.
var svStrings = map[string]bool{
	"SvPV": true, "SvPVbyte": true, "SvPVutf8": true, "SvPV_force": true, "SvPV_const": true, "SvPVbyte_force": true, "SvPVutf8_force": true, "SvPV_nomg": true,
	"SvPVbyte_nomg": true, "SvPV_nomg_const": true, "SvPVx": true, "sv_2pv": true, "SvPV_flags": true, "SvPV_flags_const": true, "sv_2pvbyte": true,
	"SvPV_nolen": false, "SvPV_nolen_const": false, "SvPVbyte_nolen": false, "SvPVutf8_nolen": false, "SvPVX": false, "SvPVX_const": false, "SvPV_force_nolen": false,
	"SvPVbyte_force_nolen": false, "sv_2pv_nolen": false, "SvPVX_mutable": false, "getenv": false, "PerlEnv_getenv": false,
	// Names of packages and globs are chosen by Perl code, too.
	"HvNAME": false, "HvNAME_get": false, "HvENAME": false, "GvNAME": false,
}

// perlString reports whether a token is a macro or a function that gives a string of
// Perl's, and whether its second argument takes the length. What sv_reftype gives is
// the name of a class only where it is asked for.
func perlString(f *csrc.File, i int) (withLength, ok bool) {
	if f.Text(i) == "sv_reftype" || f.Text(i) == "sv_ref" {
		args := f.Args(i + 1)
		return false, len(args) > 0 && (f.Text(args[len(args)-1].First) == "TRUE" || f.Text(args[len(args)-1].First) == "1")
	}
	withLength, ok = svStrings[f.Text(i)]
	return withLength, ok
}

// assigned reads "name = SvPV(sv, len)", "name = SvIV(sv)" and "name = strlen(s)".
func (b *body) assigned(i int) {
	f := b.file
	callee := f.Text(i)
	withLength, isString := perlString(f, i)
	number := callee == "SvIV" || callee == "SvUV" || callee == "SvNV" || callee == "SvIVX" || callee == "POPi" || callee == "SvUVX" || callee == "POPl" || readsNumber(f, i)
	length := callee == "SvCUR" || callee == "strlen" || callee == "sv_len" || callee == "SvCUR_get"
	if !isString && !number && !length || callee != "POPi" && callee != "POPl" && f.Text(i+1) != "(" {
		return
	}
	name := b.target(i)
	if copies := f.Text(i - 2); name == "" && f.Text(i-1) == "(" && (copies == "savepv" || copies == "strdup" || copies == "savesharedpv") {
		name = b.target(i - 2)
	}
	var args []csrc.Arg
	if f.Text(i+1) == "(" {
		args = f.Args(i + 1)
	}
	text := callee
	if len(args) > 0 {
		text = b.brief(i, int(f.Tokens[i+1].Match)+1)
	}
	if isString && withLength && len(args) >= 2 {
		if l := strings.TrimLeft(f.Span(args[1].First, args[1].End), "&( "); isName(strings.TrimRight(l, ") ")) {
			l = strings.TrimRight(l, ") ")
			v := b.variable(l)
			v.lenOf, v.set, v.what, v.line = true, i, "the length of "+b.brief(args[0].First, args[0].End), f.Tokens[i].Line
			if name != "" {
				b.variable(name).length = l
			}
		}
	}
	if name == "" {
		return
	}
	v := b.variable(name)
	v.set, v.line, v.what = i, f.Tokens[i].Line, text
	switch {
	case isString:
		v.fromSV = true
	case number:
		v.stated, v.signed = true, v.short && callee != "SvUV"
	case length:
		v.lenOf = true
	}
}

// target gives the variable that an expression is assigned to right away, with
// casts between them; "" for none.
func (b *body) target(i int) string {
	f := b.file
	for i--; i > b.fn.First; i-- {
		switch text := f.Text(i); {
		case text == ")":
			if m := int(f.Tokens[i].Match); m > 0 && m < i && i-m < 8 {
				i = m
				continue
			}
			return ""
		case text == "=":
			if f.Tokens[i-1].Kind == csrc.Word && f.Text(i-2) != "." && f.Text(i-2) != "->" {
				return f.Text(i - 1)
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

func isName(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '_' && (c|32 < 'a' || c|32 > 'z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// compared reports whether a number is looked at before a token: compared, or
// handed to a check, or held by a macro whose name says so.
func (b *body) compared(name string, before int) bool {
	f := b.file
	return b.first("compared", name, func(i int) bool {
		around := []string{f.Text(i - 1), f.Text(i + 1)}
		if around[1] == "-" || around[1] == "+" { // len + 1 > sizeof buf
			around = append(around, f.Text(i+3))
		}
		if f.Text(i-1) == "(" && f.Text(i+1) == ")" && (f.Text(i+2) == ")" || isCompare(f.Text(i+2))) {
			around = append(around, f.Text(i+2))
		}
		for _, a := range around {
			if isCompare(a) {
				return true
			}
		}
		c := b.inCall(i)
		return isCheck(c) || c == "switch" || c == "if"
	}) < before
}

// isCheck tells by its name what a number is handed to in order to hold it in bounds.
func isCheck(callee string) bool {
	c := strings.ToLower(callee)
	return strings.Contains(c, "min") || strings.Contains(c, "check") || strings.Contains(c, "valid") || strings.Contains(c, "assert")
}

func isCompare(op string) bool {
	switch op {
	case "<", ">", "<=", ">=", "==", "!=", "?", "%", "&":
		return true
	}
	return false
}

// inCall gives the function whose only or early argument a token is.
func (b *body) inCall(i int) string {
	f := b.file
	for k := i - 1; k > b.fn.First && k > i-6; k-- {
		if f.Text(k) == "(" {
			return f.Text(k - 1)
		}
		if f.Text(k) == ";" || f.Text(k) == "{" {
			break
		}
	}
	return ""
}

// plain gives the variable that an argument is, without casts, & and brackets.
func (b *body) plain(a csrc.Arg) string {
	f := b.file
	for a.First < a.End {
		switch text := f.Text(a.First); {
		case text == "(":
			m := int(f.Tokens[a.First].Match)
			if m == a.End-1 {
				a.First, a.End = a.First+1, m
				continue
			}
			if m > a.First && m < a.End { // a cast
				a.First = m + 1
				continue
			}
			return ""
		case text == "&" || text == "*":
			a.First++
		case a.End == a.First+1 && f.Tokens[a.First].Kind == csrc.Word:
			return text
		default:
			return ""
		}
	}
	return ""
}

// number gives the value of an argument that is a number.
func (b *body) number(a csrc.Arg) (int, bool) {
	if a.End != a.First+1 {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimRight(b.file.Text(a.First), "uUlL"), 0, 32)
	return int(n), err == nil
}
