// Memory that a text grows in, where a NUL comes with the first character only:
//
//	char *text = malloc(size);
//	while (*p != '"') PUT(text, n, *p++);
//	node->text = text;

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

// emptied looks at memory that a text grows in, with a NUL behind whatever is put
// there: before the first there is none.
func (r *review) emptied() {
	f := r.file
	seen := map[string]bool{}
	f.Calls(r.fn.First, r.fn.End, func(c csrc.Call) bool {
		if len(c.Args) < 2 || !r.unit.appender(c.Name) {
			return true
		}
		if name := r.plain(c.Args[0]); name != "" && !seen[name] {
			seen[name] = true
			for _, i := range r.uses[name] {
				if end := r.allocated(i); end > 0 && !r.ended(name, i, end) && r.handedOn(name, i, end) {
					r.found(i, audit.Likely, audit.Medium, "CWE-170", "no NUL is behind "+name+" before the first character is put there, and what is handed on may be empty",
						r.shows(c.At, r.match(c.At+1)+1))
				}
			}
		}
		return !r.File.Late()
	})
}

// allocated gives the end of the block in which a variable is set to new memory
// here; 0 where it is not.
func (r *review) allocated(i int) int {
	f := r.file
	callee := strings.ToLower(f.Text(i + 2))
	if f.Text(i+1) != "=" || r.field(i) || f.Text(i+3) != "(" || !strings.Contains(callee, "alloc") || strings.Contains(callee, "calloc") || strings.Contains(callee, "realloc") || strings.Contains(callee, "zero") {
		return 0
	}
	end := r.fn.End
	for k, steps := i, 0; k > r.fn.First && steps < maxBack; k, steps = k-1, steps+1 {
		switch m := r.match(k); {
		case f.Text(k) == "}" && m > 0 && m < k:
			k = m
		case f.Text(k) == "{" && m > i:
			return i + min(m-i, 10*maxBack)
		}
	}
	return end
}

// ended reports whether a character of a text is set between two tokens:
// text[0] = '\0', *text = 0.
func (r *review) ended(name string, from, end int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		if i > from && i < end && (f.Text(i-1) == "*" && f.Text(i+1) == "=" && f.Text(i-2) == ";" || f.Text(i+1) == "[" && f.Text(r.match(i+1)+1) == "=") {
			return true
		}
	}
	return false
}

// handedOn reports whether a text is given to somebody between two tokens.
func (r *review) handedOn(name string, from, end int) bool {
	f := r.file
	for _, i := range r.uses[name] {
		before, behind := f.Text(i-1), f.Text(i+1)
		if i <= from || i >= end || behind != ";" && behind != "," && behind != ")" {
			continue
		}
		if before == "=" && r.field(i-2) || before == "return" || (before == "(" || before == ",") && !r.unit.appender(f.Text(i-2)) && !strings.Contains(strings.ToLower(f.Text(i-2)), "free") && r.is(i-2, csrc.Word) {
			return true
		}
	}
	return false
}
