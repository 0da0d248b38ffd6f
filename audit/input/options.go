package input

import (
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// gatherOptions remembers the variables that the command line fills.
func (r *reader) gatherOptions(call perlsrc.NodeID) {
	t := r.tree
	for a := range t.Args(call) {
		if spec, ok := t.Literal(a); ok {
			r.ownVariables(audit.Unqualified(t.Callee(call)), spec)
			continue
		}
		text := strings.TrimLeft(string(t.Text(a)), `\ (`)
		text = strings.TrimSpace(strings.TrimPrefix(text, "my "))
		if end := strings.IndexAny(text[min(1, len(text)):], "{[ )-"); end >= 0 {
			name := text[:end+1]
			if strings.HasPrefix(text[len(name):], "{") {
				name = "%" + name[min(1, len(name)):]
			}
			text = name
		}
		if len(text) > 1 && strings.IndexByte("$@%", text[0]) >= 0 {
			r.options[text] = true
		}
	}
}

// maxSpec bounds the bytes of an option's name, and of the letters of getopts.
const maxSpec = 100

// ownVariables remembers the variables that an option fills where none is named
// for it: $opt_x of getopts('x:'), $opt_width of GetOptions('width=i').
func (r *reader) ownVariables(by, spec string) {
	if len(spec) > maxSpec {
		return
	}
	if by != "getopts" && by != "getopt" {
		if end := strings.IndexAny(spec, "|=:!+"); end >= 0 {
			spec = spec[:end]
		}
		r.options["$opt_"+spec] = true
		return
	}
	for _, letter := range strings.ReplaceAll(spec, ":", "") {
		r.options["$opt_"+string(letter)] = true
	}
}

// option reports whether a variable is filled by the options of the command line.
func (r *reader) option(n perlsrc.NodeID) (string, bool) {
	text, ok := r.text(n)
	if !ok {
		return "", false
	}
	if r.options[text] {
		return text, true
	}
	if i := strings.IndexAny(text, "{-["); i > 1 && text[0] == '$' {
		base := text[1:i]
		if text[i] == '{' && r.options["%"+base] || r.options["$"+base] || text[i] == '[' && r.options["@"+base] {
			return text, true
		}
	}
	return "", false
}
