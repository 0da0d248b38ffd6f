package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

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

// measured reports whether a string's length is asked for before a token:
// strlen(s), or a comparison of the length that came with it.
func (r *review) measured(a csrc.Arg, v *variable, before int) bool {
	name := r.plain(a)
	for _, i := range r.uses["strlen"] {
		if i < before && name != "" && r.file.Text(i+2) == name {
			return true
		}
	}
	text := r.brief(a.First, a.End)
	if v != nil {
		text += " " + v.what
	}
	return v != nil && v.length != "" && r.compared(v.length, before) || r.asksSV(text, before)
}

// array gives the buffer of fixed size that an argument is.
func (r *review) array(a csrc.Arg) (string, *variable) {
	name := r.plain(a)
	if v := r.vars[name]; v != nil && v.array && constantSize(v.size) {
		return name, v
	}
	return "", nil
}

// constantSize tells a number or a macro from a size that is computed.
func constantSize(size string) bool {
	return size != "" && (strings.ToUpper(size) == size || strings.HasPrefix(size, "sizeof")) && !strings.Contains(size, "(len")
}

func (r *review) copyString(c csrc.Call) {
	if len(c.Args) < 2 {
		return
	}
	name, size := r.fixed(c.Args[0])
	if size == "" {
		return
	}
	what, perl, known, v := r.source(c.Args[1])
	if !known || r.measured(c.Args[1], v, c.At) {
		return
	}
	r.overflow(c.At, name, size, what, perl, v)
}

// className is code that gives the name of a class, or of a glob.
var className = lazyregexp.New(`\b(?:HvE?NAME(?:_get)?|GvNAME|sv_ref(?:type)?)\b`)

// overflow reports a string of any length in a buffer of a fixed size.
func (r *review) overflow(at int, name, size, what string, perl bool, v *variable) {
	confidence, severity := audit.Likely, audit.High
	switch {
	case !perl:
		confidence, severity = audit.Possible, audit.Medium
	case className.MatchString(what):
		severity = audit.Medium // the program chooses its classes
	}
	r.found(at, confidence, severity, "CWE-787", "a string of any length, "+what+", goes to "+name+" of "+size+" bytes", r.step(v)...)
}

// conversion finds %s without a bound in a format.
var conversion = lazyregexp.New(`%[-+ #0]*(\*|[0-9]+)?(\.\*|\.[0-9]+)?(?:hh|h|ll|l|q|j|z|t|L)?([a-zA-Z%])`)

func (r *review) printInto(c csrc.Call) {
	if len(c.Args) < 3 || c.Name == "vsprintf" {
		return
	}
	name, size := r.fixed(c.Args[0])
	if size == "" {
		return
	}
	r.tooWide(c, name, size)
	for _, at := range endlessArgs(r.file, c, 1) {
		what, perl, known, v := r.source(c.Args[at])
		if known && !r.measured(c.Args[at], v, c.At) {
			r.overflow(c.At, name, size, what, perl, v)
			return
		}
	}
}

// copyBytes looks at a copy of as many bytes as the source has, or as somebody
// says, into a buffer of a fixed size, and at one of a fixed number from a string
// that may be shorter.
func (r *review) copyBytes(c csrc.Call) {
	if len(c.Args) < 3 {
		return
	}
	to, from, count := c.Args[0], c.Args[1], c.Args[2]
	if c.Name[0] == 'C' || c.Name[0] == 'M' || c.Name == "bcopy" {
		to, from = from, to
	}
	if name, size := r.fixed(to); size != "" {
		confidence := audit.Likely
		if strings.ContainsAny(name, ".>") {
			confidence = audit.Possible // who fills a structure may have looked before
		}
		if n := r.plain(count); n != "" {
			v := r.vars[n]
			if v != nil && (v.lenOf || v.stated) && !r.compared(n, c.At) {
				r.found(c.At, confidence, audit.High, "CWE-787", "as many bytes as "+v.what+" says go to "+name+" of "+size+" bytes, and nothing looks at the number", r.step(v)...)
				return
			}
		} else if text := r.file.Span(count.First, count.End); (strings.HasPrefix(text, "SvCUR(") || strings.HasPrefix(text, "sv_len(")) && !r.asksSV(text, count.First) {
			r.found(c.At, confidence, audit.High, "CWE-787", "as many bytes as "+text+" says go to "+name+" of "+size+" bytes, and nothing looks at the number")
			return
		}
	}
	r.otherLength(c, to, count)
	// A fixed number of bytes from a string whose length nobody knows.
	text := r.file.Span(count.First, count.End)
	n, isNumber := r.number(count)
	if !isNumber && !strings.HasPrefix(text, "sizeof") || isNumber && n < 2 || c.Name == "strncpy" {
		return
	}
	name := r.plain(from)
	v := r.vars[name]
	if v == nil || !v.fromSV || v.param && r.fn.XSUB && v.length == "" && r.asksLength(name) {
		return
	}
	if v.length != "" && r.comparedSince(v.length, v.set, c.At) || r.measured(from, nil, c.At) || r.asksSV(v.what, r.fn.End) {
		return
	}
	r.found(c.At, audit.Likely, audit.Medium, "CWE-125", text+" bytes are read from "+v.what+", which may be shorter", r.step(v)...)
}

// asksLength reports whether the length of a parameter is asked for.
func (r *review) asksLength(name string) bool {
	for _, word := range []string{"strlen", "SvCUR", "sv_len"} {
		for _, i := range r.uses[word] {
			if r.file.Text(i+2) == name {
				return true
			}
		}
	}
	return false
}

// asksSV reports whether SvCUR or sv_len of the scalar behind a string is asked for
// before a token.
func (r *review) asksSV(text string, before int) bool {
	for _, word := range []string{"SvCUR", "sv_len", "SvLEN"} {
		for _, i := range r.uses[word] {
			sv := r.file.Text(i + 2)
			if i < before && isName(sv) && holdsWord(text, sv) {
				return true
			}
		}
	}
	return false
}

// holdsWord reports whether a name stands in a piece of source.
func holdsWord(text, name string) bool {
	for at := 0; name != ""; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		i += at
		at = i + len(name)
		if (i == 0 || !isName("_"+text[i-1:i])) && (at == len(text) || !isName("_"+text[at:at+1])) {
			return true
		}
	}
	return false
}

// comparedSince is compared behind the place where the length was taken: one that
// was looked at for another string before says nothing.
func (r *review) comparedSince(name string, since, before int) bool {
	for _, i := range r.uses[name] {
		if i > since+6 && i < before && (isCompare(r.file.Text(i-1)) || isCompare(r.file.Text(i+1))) {
			return true
		}
	}
	return false
}

// wished looks at lengths that say how long a text would be, and not how much of
// it is there.
func (r *review) wished(c csrc.Call) {
	if len(c.Args) < 3 {
		return
	}
	buffer, count := r.plain(c.Args[0]), r.target(c.At)
	if buffer == "" || count == "" {
		return
	}
	left := r.bodyEnd(c.At)
	for _, i := range r.uses[count] {
		if i <= c.At {
			continue
		}
		if isCompare(r.file.Text(i+1)) || isCompare(r.file.Text(i-1)) || r.file.Text(i+1) == "=" && i < left {
			return
		}
		switch callee := r.inCall(i); callee {
		case "newSVpvn", "newSVpvn_flags", "hv_store", "sv_setpvn", "sv_catpvn", "write", "fwrite", "memcpy", "send", "hv_fetch":
			open := i
			for open > c.At && r.file.Text(open) != "(" {
				open--
			}
			if strings.Contains(r.file.Span(open, min(i, r.fn.End)), buffer) {
				r.found(i, audit.Likely, audit.Medium, "CWE-125", c.Name+" gives how long the text would be, and "+callee+" takes that many bytes of "+buffer,
					audit.Step{Line: r.file.Tokens[c.At].Line, What: r.file.Span(c.At, min(int(r.file.Tokens[c.At+1].Match)+1, c.At+40))})
				return
			}
		}
	}
}

// bodyEnd gives where the block of a token ends.
func (r *review) bodyEnd(at int) int {
	for i := at; i < r.fn.End; i++ {
		if m := r.match(i); m > i {
			i = m
		} else if r.file.Text(i) == "}" {
			return i
		}
	}
	return r.fn.End
}
