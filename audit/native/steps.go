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
			last = r.bodyOf(end).End
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

// squeezed gives tokens without blanks between them.
func (r *review) squeezed(first, end int) string {
	return strings.Join(strings.Fields(r.file.Span(first, end)), "")
}
