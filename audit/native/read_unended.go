// Strings that are read up to a NUL, and that nothing ended:
//
//	strncpy(buf, s, sizeof buf);
//	sv = newSVpv(buf, 0);

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
	"nacre/lazyregexp"
)

// unended looks at strings that are taken to end in NUL, and that nothing ended.
func (r *review) unended(c csrc.Call) {
	if len(c.Args) == 0 {
		return
	}
	if c.Name == "newSVpv" && (len(c.Args) < 2 || r.file.Span(c.Args[1].First, c.Args[1].End) != "0") {
		return
	}
	at := 0
	if strings.HasPrefix(c.Name, "sv_") {
		at = 1
	}
	if len(c.Args) <= at {
		return
	}
	name := r.plain(c.Args[at])
	v := r.vars[name]
	if name == "" || len(r.uses[name]) > 200 {
		return
	}
	filled, how := r.filledWithout(name, v, c.At)
	if filled == 0 {
		return
	}
	r.found(c.At, audit.Likely, audit.Medium, "CWE-170", how+" puts no NUL behind "+name+", and "+c.Name+" reads up to one",
		audit.Step{Line: r.file.Tokens[filled].Line, What: how})
}

// filledWithout gives the call that filled a buffer without a NUL at its end, if
// nothing else put one there.
func (r *review) filledWithout(name string, v *variable, before int) (at int, how string) {
	f := r.file
	zeroed := false
	for _, i := range r.uses[name] {
		if i >= before {
			break
		}
		if f.Text(i+1) == "[" {
			if m := f.Match(i + 1); m > i && f.Text(m+1) == "=" {
				if isNUL(f.Text(m + 2)) {
					return 0, ""
				}
			}
		}
		if f.Text(i-1) == "*" && f.Text(i+1) == "=" || f.Text(i-1) == "=" && f.Text(i-2) == "]" {
			return 0, ""
		}
		switch callee := r.inCall(i); callee {
		case "Zero", "memzero", "memset", "bzero", "Newxz", "Newz", "ZeroD", "calloc", "sprintf", "snprintf", "my_snprintf", "strcpy", "strcat", "fgets", "strlcpy", "my_strlcpy":
			zeroed = true
		case "strncpy":
			if f.Text(i-1) == "(" && r.wholeBuffer(i, name, v) {
				at, how = i, "strncpy of the whole length"
			}
		case "readlink", "read", "recv", "fread", "recvfrom", "PerlLIO_read", "PerlSock_recv":
			at, how = i, callee
		}
		if f.Text(i+1) == "=" && f.Text(i-1) != "*" {
			switch f.Text(i + 2) {
			case "calloc", "strdup", "savepv", "savepvn", "newSV", "SvPVX":
				zeroed = true
			}
		}
	}
	if zeroed || v != nil && v.array && strings.Contains(f.Span(max(v.set, r.fn.First), before), name+"["+v.size+"] = ") {
		return 0, ""
	}
	return at, how
}

// wholeBuffer reports whether strncpy(name, s, n) may fill all of the buffer: n is
// its size, or what it was allocated with.
func (r *review) wholeBuffer(i int, name string, v *variable) bool {
	f := r.file
	args := f.Args(i - 1)
	if len(args) != 3 {
		return false
	}
	n := f.Span(args[2].First, args[2].End)
	if v != nil && v.array {
		return n == v.size || n == "sizeof("+name+")" || n == "sizeof "+name
	}
	for b := range r.blocks().to(name) {
		if b.at < i && f.Span(b.size.First, b.size.End) == n {
			return true
		}
	}
	return false
}

// secretName tells parameters that hold bytes of which none may be lost.
var secretName = lazyregexp.New(`(?i)pass|secret|\bpw\b|pin$`)

// truncated looks at secrets of an XSUB that end at their first NUL.
func (r *review) truncated(c csrc.Call) {
	if c.Name != "strlen" || len(c.Args) != 1 || !r.fn.XSUB {
		return
	}
	name := r.plain(c.Args[0])
	if v := r.vars[name]; v != nil && v.fromSV && secretName.MatchString(name) {
		r.found(c.At, audit.Likely, audit.Medium, "CWE-626", name+" ends at its first NUL, and what Perl has behind it is lost")
	}
}
