// XS01 goes over the functions of a file. Each is read once, as a body, and each kind
// of mistake then looks at it: what is written (write_*.go) and what is read
// (read_*.go). Calls that say enough by themselves are looked at here:
//
//	croak(SvPV_nolen(message));
//
// is a string of Perl's that is taken for a format.

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// buffers is XS01: strings and lengths of Perl's that meet memory of C.
func buffers(p *audit.Pass) {
	file, err := p.File.C()
	if err != nil && len(file.Functions) == 0 {
		return
	}
	rest := shelved(file)
	callers := &unit{file: file}
	made := generated.Match(p.File.Src[:min(len(p.File.Src), 4096)])
	for i := range file.Functions {
		if p.File.Late() {
			return
		}
		b := read(file, &file.Functions[i])
		b.unit = callers
		r := &review{Pass: p, body: b, shelf: rest, sizes: map[string]string{}, sets: map[string][]int{}, made: made}
		r.moves()
		r.stands()
		r.reads()
		r.before()
		r.fencepost()
		r.grown()
		r.digits()
		r.budgets()
		r.readNumbers()
		for _, name := range b.known() {
			if v := b.vars[name]; v.array && !constantSize(v.size) {
				r.stack(v.sized)
			}
		}
		file.Calls(b.fn.First, b.fn.End, func(c csrc.Call) bool {
			r.call(c)
			return !p.File.Late()
		})
	}
}

// review is one function under review.
type review struct {
	*audit.Pass
	*body
	shelf *shelf
	sizes map[string]string // of what names point to, as fixed told them
	sets  map[string][]int  // as askedFor told them
	made  bool              // the file was written by a program
}

// call looks at one call.
func (r *review) call(c csrc.Call) {
	if m, ok := r.shelf.macros[c.Name]; ok && max(m.to, m.from) < len(c.Args) {
		r.copyString(csrc.Call{Name: c.Name, At: c.At, Args: []csrc.Arg{c.Args[m.to], c.Args[m.from]}})
	}
	switch c.Name {
	case "strcpy", "strcat", "stpcpy":
		r.copyString(c)
	case "sprintf", "vsprintf", "my_sprintf":
		r.printInto(c)
		r.format(c, 1)
	case "memcpy", "memmove", "bcopy", "strncpy", "Copy", "Move", "CopyD", "MoveD":
		r.copyBytes(c)
	case "snprintf", "vsnprintf", "OBJ_obj2txt", "strlcpy", "strlcat":
		r.wished(c)
	case "alloca", "_alloca":
		if len(c.Args) == 1 {
			r.stack(c.Args[0])
		}
	case "gets":
		if len(c.Args) == 1 {
			r.found(c.At, audit.Likely, audit.High, "CWE-787", "gets writes a line of any length")
		}
	case "memchr", "memcmp", "memEQ":
		r.search(c)
	case "newSVpv", "strlen", "sv_setpv", "newSVpvf", "XST_mPV", "sv_catpv":
		r.unended(c)
		r.truncated(c)
	case "croak", "warn", "Perl_croak", "Perl_warn", "croak_nocontext", "warn_nocontext", "printf", "PerlIO_stdoutf", "die":
		r.format(c, 0)
	case "PerlIO_printf", "fprintf", "syslog", "sv_setpvf", "sv_catpvf":
		r.format(c, 1)
	default:
		if allocations[c.Name] != 0 {
			r.allocate(c)
		}
	}
}

// found reports a finding at a token.
func (r *review) found(at int, c audit.Confidence, s audit.Severity, cwe, message string, steps ...audit.Step) {
	if r.made && !r.byHand(at) {
		c = audit.Possible
	}
	r.Report(audit.Found{Line: r.file.Tokens[at].Line, Confidence: c, Severity: s, CWE: []string{cwe}, Message: message, Steps: steps})
}

// step says where a variable got what it holds.
func (r *review) step(v *variable) []audit.Step {
	if v == nil || v.what == "" {
		return nil
	}
	return []audit.Step{{Line: v.line, What: v.what}}
}

// reads looks at what is read of a text, and where: before it, behind it, and how
// much of it.
func (r *review) reads() {
	r.indexed()
	r.minusOne()
	r.backward()
	r.ends()
	r.lastElement()
	r.forward()
	r.pairs()
	r.believed()
	r.emptied()
}

// shows is a step: the source from a token to another, on one line.
func (r *review) shows(first, end int) audit.Step {
	return audit.Step{Line: r.file.Tokens[first].Line, What: strings.Join(strings.Fields(r.brief(first, end)), " ")}
}

// statement is a step: the source from a token to the end of its statement, or to
// the block behind it.
func (r *review) statement(i int) audit.Step {
	end := i
	for end < r.fn.End && end <= i+maxBrief && r.file.Text(end) != ";" && r.file.Text(end) != "{" {
		end++
	}
	return r.shows(i, end)
}

// format looks at strings of Perl's that are taken for a format.
func (r *review) format(c csrc.Call, at int) {
	if len(c.Args) > 0 && strings.HasPrefix(r.file.Span(c.Args[0].First, c.Args[0].End), "aTHX_") {
		c.Args[0].First++
	} else if len(c.Args) > 0 && r.file.Text(c.Args[0].First) == "aTHX_" {
		c.Args[0].First++
	}
	if c.Name == "syslog" && len(c.Args) != 2 || len(c.Args) != at+1 {
		return
	}
	what, perl, _, v := r.source(c.Args[at])
	if !perl {
		return
	}
	r.found(c.At, audit.Likely, audit.High, "CWE-134", what+" is taken for the format of "+c.Name, r.step(v)...)
}
