package transport

import (
	"bytes"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

type schemesKey struct{}

// schemes are what the addresses in a file's code, not in its documentation, say.
type schemes struct{ plain, tls bool }

// plainOnly reports whether a client is only used without TLS, as far as the file
// tells: all addresses that its code writes are of http, or of a socket of the
// machine itself, and nothing speaks of TLS.
func plainOnly(f *audit.File, n perlsrc.NodeID) bool {
	t := f.Tree
	s := f.Memo(schemesKey{}, func() any {
		var s schemes
		for q := range f.All(perlsrc.TermNode) {
			switch t.Token(q).Kind {
			case perlsrc.Quote, perlsrc.HereDoc, perlsrc.Match, perlsrc.Substitute:
				text := t.Text(q)
				s.tls = s.tls || bytes.Contains(text, []byte("https"))
				s.plain = s.plain || bytes.Contains(text, []byte("http:")) || bytes.Contains(text, []byte("http+unix:"))
			}
		}
		return s
	}).(schemes)
	if s.tls {
		return false
	}
	for at := t.Nodes[n].Parent; at != 0; at = t.Nodes[at].Parent {
		if t.Nodes[at].Kind == perlsrc.CallNode {
			if strings.Contains(string(t.Text(at)), "http://") {
				return true
			}
			continue
		}
		break
	}
	return s.plain
}
