package transport

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/audit/setting"
	"nacre/perlsrc"
)

// The changes that are right without any thought: a literal that turns the check
// off becomes the one that turns it on. Where a value is chosen on its way, as in
// $args{verify} || 0, somebody must think.

// checked is the change of a setting whose own literal value turns the check off;
// nil for others.
func checked(f *audit.File, s setting.Setting, at perlsrc.NodeID) *audit.Fix {
	if at != s.Value || !exact[s.Name] {
		return nil
	}
	if s.Name == "SSL_verifycn_scheme" {
		return nil // the scheme is the protocol's
	}
	if fix := peer(f, at); fix != nil {
		return fix
	}
	return literal(f, at, "1")
}

// literal is the change of a literal that is false.
func literal(f *audit.File, at perlsrc.NodeID, value string) *audit.Fix {
	if f.Tree.Nodes[at].Kind != perlsrc.TermNode {
		return nil
	}
	if s, ok := f.Tree.Literal(at); !ok || !isFalse(s) && s != "1" {
		return nil
	}
	start, end := f.Tree.Span(at)
	return &audit.Fix{Title: "ask for the check", Edits: []audit.Edit{{Start: start, End: end, New: value}}}
}

// peer is the change of a constant that asks for no check, as SSL_VERIFY_NONE; nil
// where the other constant would have to be imported.
func peer(f *audit.File, at perlsrc.NodeID) *audit.Fix {
	text := f.Tree.Text(at)
	name := audit.Unqualified(strings.TrimRight(string(text), "() \t\n"))
	if name != "SSL_VERIFY_NONE" && name != "VERIFY_NONE" {
		return nil
	}
	if !bytes.Contains(text, []byte("::")) {
		for _, l := range f.Facts().Loads {
			if slices.Contains(l.Imports, name) && !slices.Contains(l.Imports, strings.Replace(name, "NONE", "PEER", 1)) {
				return nil
			}
		}
	}
	start, _ := f.Tree.Span(at)
	start += bytes.LastIndex(text, []byte("NONE"))
	return &audit.Fix{Title: "ask for the check", Edits: []audit.Edit{{Start: start, End: start + len("NONE"), New: "PEER"}}}
}
