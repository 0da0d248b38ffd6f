// Memory that grows once, by so much, for a number that nobody knows:
//
//	n += got;
//	if (n > size) {
//	    size *= 2;
//	    Renew(out, size, SV *);
//	}
//
// More than twice as many may have come.

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// grown looks at memory that a function makes larger where it asks for room.
func (r *review) grown() {
	f := r.file
	for _, taken := range r.blocks().all {
		if !grows(f.Text(taken.at)) {
			continue
		}
		cond, body := r.roomAsked(taken.at)
		if cond.End <= cond.First {
			continue
		}
		for k := cond.First; k < cond.End; k++ {
			if !isOrder(f.Text(k)) {
				continue
			}
			left, right := r.operand(k-1, -1), r.operand(k+1, 1)
			wanted, size := left, right
			if f.Text(k)[0] == '<' {
				wanted, size = right, left
			}
			more := r.anyNumber(wanted, cond.First)
			if more == "" || !r.steps(size, body, taken.size) || r.named(body, wanted, more) {
				continue
			}
			r.found(taken.at, audit.Likely, audit.High, "CWE-787", "room is made once, and "+more+" may be more than that",
				audit.Step{Line: f.Tokens[k].Line, What: f.Span(cond.First, cond.End)})
			break
		}
	}
}

// maxRoom bounds how many tokens lie between a question for room and where it is made.
const maxRoom = 120

// roomAsked gives the condition of the if around a token, and its statement.
func (r *review) roomAsked(at int) (cond, body csrc.Arg) {
	f := r.file
	for i := at - 1; i >= r.fn.First && i > at-maxRoom; i-- {
		switch m := f.Match(i); {
		case f.Text(i) == "}" && m > 0 && m < i:
			i = m
		case f.Text(i) == "if" && f.Text(i+1) == "(" && f.Match(i+1) > i:
			end := f.Match(i + 1)
			if body := r.bodyOf(end); body.First <= at && at < body.End {
				return csrc.Arg{First: i + 2, End: end}, body
			}
		case f.Text(i) == "while" || f.Text(i) == "for" || f.Text(i) == "do":
			if i+1 < at && f.Text(i+1) != "(" || r.bodyOf(f.Match(i+1)).End > at {
				return csrc.Arg{}, csrc.Arg{}
			}
		}
	}
	return csrc.Arg{}, csrc.Arg{}
}

// anyNumber gives what is added to a number that is asked for room, where that may
// be anything: used + len, or used where used += len stands before.
func (r *review) anyNumber(wanted string, before int) string {
	f := r.file
	for part := range strings.SplitSeq(wanted, "+") {
		if part != wanted && isName(part) && r.anyAmount(part, before) {
			return part
		}
	}
	for i := before - 1; i >= r.fn.First && i > before-maxBehind; i-- {
		if f.Text(i) == "+=" && r.operand(i-1, -1) == wanted {
			if f.Text(i+2) == ";" && f.Is(i+1, csrc.Word) && r.anyAmount(f.Text(i+1), before) {
				return f.Text(i + 1)
			}
			return ""
		}
	}
	return ""
}

// counters are calls whose answer is as large as somebody else likes.
var counters = map[string]bool{
	"call_sv": true, "call_pv": true, "call_method": true, "perl_call_sv": true, "perl_call_pv": true, "perl_call_method": true, "eval_sv": true,
	"strlen": true, "SvCUR": true, "sv_len": true, "av_len": true, "av_count": true, "av_top_index": true,
}

// anyAmount reports whether a number may be anything: a parameter, a length, or how
// many values a sub gave; and nothing asks for its size.
func (r *review) anyAmount(name string, before int) bool {
	v := r.vars[name]
	if v == nil || r.limits(name, r.fn.First, before).high {
		return false
	}
	if v.param || v.lenOf || v.stated {
		return true
	}
	values, _ := r.assignments(name)
	for _, k := range values {
		if !counters[r.file.Text(k)] {
			return false
		}
	}
	return len(values) > 0
}

// steps reports whether a size becomes larger by itself, where room is made, and by
// as much whatever is wanted: size *= 2, size = size + 1024, Renew(p, size * 2, char).
func (r *review) steps(size string, body, taken csrc.Arg) bool {
	f := r.file
	if size == "" {
		return false
	}
	text := r.squeezed(taken.First, taken.End)
	if !strings.Contains(text, size) {
		return false
	}
	for i := body.First; i < body.End; i++ {
		switch op := f.Text(i); op {
		case "*=", "<<=", "+=":
			if r.operand(i-1, -1) == size && (f.Is(i+1, csrc.Number) || constantSize(f.Text(i+1))) && f.Text(i+2) != "*" {
				return true
			}
		case "=":
			if r.operand(i-1, -1) != size {
				continue
			}
			end := r.endOf(i)
			for k := i + 1; k < end; k++ {
				if f.Is(k, csrc.Word) && f.Text(k) != size && !strings.Contains(size, f.Text(k)) && !constantSize(f.Text(k)) {
					return false
				}
			}
			return strings.Contains(r.squeezed(i+1, end), size)
		}
	}
	return false
}

// named reports whether one of the numbers that say how much is wanted stands in a
// piece of source, or whether it goes on until there is room.
func (r *review) named(body csrc.Arg, wanted, more string) bool {
	f := r.file
	for i := body.First; i < body.End; i++ {
		if !f.Is(i, csrc.Word) {
			continue
		}
		switch text := f.Text(i); {
		case text == "while" || text == "for" || text == "do" || text == "goto" || text == more && !r.field(i):
			return true
		case text == lastName(strings.ReplaceAll(wanted, "->", ".")):
			return true
		}
	}
	return false
}
