// How wide what sprintf writes may be:
//
//	char buf[6];
//	sprintf(buf, "%d%c", row, letter);

package native

import (
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// endless is the width of a text of any length.
const endless = 1 << 20

// width is how many characters something writes at most, as far as anybody sees:
// what nothing is known of counts as nothing.
type width struct {
	most   int
	what   string // the widest part of it: "SvPV_nolen(name)", "count"
	read   int    // the call that read a number of it out of a text, where nothing looked at that; 0
	full   int    // how many characters it is with the largest of the numbers that were read
	counts bool   // it is wide by a number
	given  bool   // it is wide by a number that Perl or a text states
}

// printed gives the width of what sprintf writes by a format.
func (r *review) printed(c csrc.Call, at int) width {
	var out width
	if at >= len(c.Args) {
		return out
	}
	format := r.literal(c.Args[at])
	arg, widest := at+1, 0
	for _, m := range conversion.FindAllStringSubmatch(format, -1) {
		whole, verb := strings.Index(format, m[0]), m[3][0]
		plain := characters(format[:whole])
		out.most, out.full = out.most+plain, out.full+plain
		format = format[whole+len(m[0]):]
		if verb == '%' {
			out.most, out.full = out.most+1, out.full+1
			continue
		}
		arg += stars(m)
		if arg >= len(c.Args) {
			return width{}
		}
		w := r.converted(c.Args[arg], verb, strings.Contains(m[0], "l"), c.At)
		if n, err := strconv.Atoi(strings.TrimPrefix(m[2], ".")); verb == 's' && m[2] != "" {
			w = width{most: n}
			if err != nil {
				w.most = 0
			}
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			w.most = max(w.most, n)
		}
		out.full += max(w.full, w.most)
		if out.most += w.most; w.most > widest && w.what != "" {
			widest, out.what, out.counts, out.given = w.most, w.what, w.counts, w.given
		}
		if w.read != 0 {
			out.read = w.read
		}
		arg++
	}
	plain := characters(format)
	out.most, out.full = out.most+plain, out.full+plain
	return out
}

// converted gives the width of one argument of sprintf.
func (r *review) converted(a csrc.Arg, verb byte, long bool, at int) width {
	digits := 0
	switch verb {
	case 'c':
		return width{most: 1}
	case 's':
		if text := r.literal(a); text != "" {
			return width{most: characters(text)}
		}
		what, _, known, v := r.source(a)
		if !known || r.measured(a, v, at) {
			return width{}
		}
		return width{most: endless, what: what}
	case 'd', 'i':
		digits = 11
	case 'u':
		digits = 10
	case 'x', 'X':
		digits = 8
	case 'o':
		digits = 11
	default:
		return width{}
	}
	if long {
		digits = min(2*digits, 20)
		if verb == 'o' {
			digits = 22
		}
	}
	return r.counted(a, digits, at)
}

// counted gives the width of a number, if the function counts with it, or Perl or
// a text states it; digits are those of the largest.
func (r *review) counted(a csrc.Arg, digits, at int) width {
	f := r.file
	i := past(f, a.First)
	if f.Text(i) == "++" || f.Text(i) == "--" {
		i++
	}
	end := a.End
	if f.Text(end-1) == "++" || f.Text(end-1) == "--" {
		end--
	}
	if i+1 != end || !f.Is(i, csrc.Word) {
		return width{}
	}
	name := f.Text(i)
	if v := r.vars[name]; v != nil && v.stated {
		if r.first("limited", name, func(i int) bool { l := r.limit(i); return i > v.set && (l.low || l.high) }) < at {
			return width{}
		}
		w := width{most: digits, what: v.what, counts: true, given: true}
		if numberReaders[f.Text(v.set)] {
			w.read = v.set
		}
		return w
	}
	values, _ := r.assignments(name)
	w := width{what: name, counts: true}
	for _, k := range values {
		from := r.vars[f.Text(k)]
		switch {
		case f.Text(k+1) != ";" && f.Text(k+1) != ",":
			return width{}
		case f.Is(k, csrc.Number):
		case from != nil && from.stated && from.set < k && !r.limits(f.Text(k), from.set, k).high:
			if numberReaders[f.Text(from.set)] {
				w.read = from.set
			}
		default:
			return width{}
		}
	}
	if !r.raised(name) {
		return width{}
	}
	l := r.limits(name, r.fn.First, r.fn.End)
	if l.low && l.high {
		w.read = 0
	}
	// A number that was read may be negative under its high limit; what is counted is
	// not.
	if w.read != 0 {
		w.full = digits
	}
	if w.most = min(digits, maxCounted); l.high {
		w.most = l.digits
	}
	return w
}

// maxCounted is how many digits a number may have that a function counts up to: a
// text with ten million marks may come, CVE-2026-14739 is about 1.2 million.
const maxCounted = 8

// tooWide looks at numbers of Perl's, or out of a text, that are printed into an
// array with too few places for the largest.
func (r *review) tooWide(c csrc.Call, name, size string) {
	n, err := strconv.Atoi(size)
	if err != nil {
		return
	}
	if w := r.printed(c, 1); w.counts && w.given && w.most < endless && w.most >= n {
		r.found(c.At, audit.Likely, audit.Medium, "CWE-787", "up to "+strconv.Itoa(w.most)+" characters and a NUL, with "+w.what+", go to "+name+" of "+size+" bytes")
	}
}
