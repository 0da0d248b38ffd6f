package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// before looks at a cursor that goes back to the start of a text, and is read
// when it stands before it:
//
//	while (p >= start && *p != ':') p--;
//	if (*p == ':')
func (r *review) before() {
	f := r.file
	for _, i := range r.uses["while"] {
		open := i + 1
		if f.Text(open) != "(" {
			continue
		}
		end := int(f.Tokens[open].Match)
		if end <= open+4 || f.Text(open+2) != ">=" || f.Tokens[open+1].Kind != csrc.Word || f.Text(open+4) != "&&" {
			continue
		}
		name := f.Text(open + 1)
		last := end + 1
		if f.Text(last) == "{" {
			last = int(f.Tokens[last].Match)
		} else {
			for last < r.fn.End && f.Text(last) != ";" {
				last++
			}
		}
		if last <= end || last-end > 40 || !strings.Contains(f.Span(end, last), name+"--") && !strings.Contains(f.Span(end, last), "--"+name) {
			continue
		}
		for k := last + 1; k < last+8 && k < r.fn.End; k++ {
			if f.Text(k) == name && f.Text(k-1) == "*" && f.Text(k-2) == "(" && f.Text(k-3) == "if" {
				r.found(k, audit.Likely, audit.Medium, "CWE-127", name+" may stand before the start of the text when it is read here",
					audit.Step{Line: f.Tokens[i].Line, What: f.Span(i, end+1)})
			}
			if f.Text(k) == "{" {
				break
			}
		}
	}
}

// fencepost looks at a stack that grows when its index has reached its size, and
// is filled one behind the index:
//
//	if (top >= size) grow();
//	stack[++top] = x;
func (r *review) fencepost() {
	f := r.file
	for i := r.fn.First; i+4 < r.fn.End; i++ {
		if f.Text(i) != "[" || f.Text(i+1) != "++" || f.Tokens[i].Match == 0 {
			continue
		}
		index := r.squeezed(i+2, int(f.Tokens[i].Match))
		for k := i - 1; k > r.fn.First && k > i-120; k-- {
			if f.Text(k) != ">=" {
				continue
			}
			first := k
			for first > r.fn.First && first > k-8 && f.Text(first-1) != "(" && f.Text(first-1) != ";" {
				first--
			}
			if r.squeezed(first, k) == index {
				r.found(i, audit.Likely, audit.High, "CWE-193", "the place behind "+index+" is filled, and the memory grows only where "+index+" itself is too large",
					audit.Step{Line: f.Tokens[k].Line, What: f.Span(first, min(k+4, i))})
			}
			break
		}
	}
}

// squeezed gives tokens without blanks between them.
func (r *review) squeezed(first, end int) string {
	return strings.Join(strings.Fields(r.file.Span(first, end)), "")
}
