// Lengths that say how long a text would be, and not how much of it is there:
//
//	n = snprintf(buf, sizeof buf, "%s", name);
//	sv_catpvn(out, buf, n);

package native

import (
	"strings"

	"nacre/audit"
	"nacre/csrc"
)

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
					r.shows(c.At, r.match(c.At+1)+1))
				return
			}
		}
	}
}
