// Where a value comes from: a string of Perl's, its length, or a number that Perl code
// or a text states.
//
//	s = SvPV(sv, len);         s and len
//	n = SvIV(sv);              n
//	month = atoi(s + 5);       month

package native

import (
	"strings"

	"nacre/csrc"
)

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

// numberReaders read a number out of a text.
var numberReaders = map[string]bool{"atoi": true, "atol": true, "atoll": true, "strtol": true, "strtoul": true, "strtoll": true, "strtoull": true, "Atol": true, "Strtol": true, "Strtoul": true}

// readsNumber reports whether a token is a call that reads a number out of a text
// that is not the program's own, or that of who starts it.
func readsNumber(f *csrc.File, i int) bool {
	if !numberReaders[f.Text(i)] || f.Text(i+1) != "(" {
		return false
	}
	end := f.Match(i + 1)
	switch f.Text(end + 1) {
	case ";", ",", "+", "-", "*":
	case ")":
		if isCompare(f.Text(end + 2)) { // if ((n = atoi(s)) > 10)
			return false
		}
	default:
		return false
	}
	for k := i + 2; k < end; k++ {
		switch text := f.Text(k); {
		case f.Is(k, csrc.String), text == "argv", text == "optarg", strings.HasSuffix(text, "getenv"):
			return false
		}
	}
	return true
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
		text = b.brief(i, f.Match(i+1)+1)
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
			if m := f.Match(i); m > 0 && m < i && i-m < 8 {
				i = m
				continue
			}
			return ""
		case text == "=":
			if f.Is(i-1, csrc.Word) && f.Text(i-2) != "." && f.Text(i-2) != "->" {
				return f.Text(i - 1)
			}
			return ""
		default:
			return ""
		}
	}
	return ""
}

// source tells what an argument is as a string: one of Perl's, or one of any
// caller of C, and how it is called.
func (r *review) source(a csrc.Arg) (what string, perl, known bool, v *variable) {
	if name := r.plain(a); name != "" {
		v := r.vars[name]
		if v == nil || v.array {
			return "", false, false, nil
		}
		if v.fromSV {
			return v.what, true, true, v
		}
		return name, false, v.param && v.what != "", v
	}
	// SvPV_nolen(sv), written in its place.
	for i := a.First; i < a.End && i < a.First+12; i++ {
		if _, ok := perlString(r.file, i); ok && r.file.Text(i+1) == "(" {
			return r.brief(i, r.match(i+1)+1), true, true, nil
		}
	}
	return "", false, false, nil
}

// finders are functions whose answer may be the very first character.
var finders = []string{"strchr", "strrchr", "strstr", "memchr", "strpbrk", "index", "rindex", "ninstr", "instr"}

func allocates(name string) bool {
	switch name {
	case "malloc", "calloc", "safemalloc", "strdup", "savepv", "savepvn", "savesvpv", "SvGROW":
		return true
	}
	return false
}
