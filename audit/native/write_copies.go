// Copies into memory of a fixed size:
//
//	char buf[64];
//	strcpy(buf, SvPV_nolen(name));
//	memcpy(buf, s, len);

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

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

// otherLength looks at a copy of as many bytes as one string has, into memory that
// was taken for as many as another has.
func (r *review) otherLength(c csrc.Call, to, count csrc.Arg) {
	n, name := r.plain(count), r.plain(to)
	v := r.vars[n]
	if v == nil || !v.lenOf || name == "" || r.compared(n, c.At) {
		return
	}
	if values, only := r.assignments(n); len(values) > 1 || !only {
		return
	}
	found := 0
	var of string
	for b := range r.blocks().to(name) {
		if b.name != name {
			continue
		}
		if found != 0 || b.at > c.At || grows(r.file.Text(b.at)) {
			return
		}
		found, of = b.at, r.brief(b.size.First, b.size.End)
	}
	if found == 0 || holdsWord(of, n) {
		return
	}
	m := oneLength.FindStringSubmatch(of)
	if m == nil {
		return
	}
	if strings.HasPrefix(v.what, "strlen") && holdsWord(v.what, m[2]) {
		return
	}
	if l := r.vars[m[2]]; m[1] == "" && (l == nil || !l.lenOf || l.what == v.what) {
		return
	}
	r.found(c.At, audit.Likely, audit.High, "CWE-787", "as many bytes as "+v.what+" says go to "+name+", for which "+of+" were taken", append(r.step(v), r.shows(found, r.match(found+1)+1))...)
}

// oneLength is a size that is one length and a constant: strlen(s) + 1, len.
var oneLength = lazyregexp.New(`^(strlen\s*\()?\s*(\w+)\s*\)?\s*(?:\+\s*\d+)?$`)
