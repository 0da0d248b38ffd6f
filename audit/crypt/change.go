package crypt

import (
	"bytes"

	"nacre/perlsrc"
)

// Who asks whether his own token or password is still the same compares, too, and
// nobody guesses there.

// beforeWords are of names of what was there before, or is there by default.
var beforeWords = []string{"last", "previous", "prev", "cached", "default", "before"}

// takesOver reports whether a comparison asks for a change: one side is put in the
// place of the other where they differ, or what differs is kept in a list.
func (v view) takesOver(n, left, right perlsrc.NodeID, op string) bool {
	if op != "ne" {
		return false
	}
	for up := v.t.Nodes[n].Parent; up != 0; up = v.t.Nodes[up].Parent {
		if v.kind(up) == perlsrc.CallNode && v.t.Callee(up) == "grep" {
			return true
		}
		if v.kind(up) == perlsrc.SubNode {
			break
		}
	}
	_, end := v.t.Span(n)
	_, last := v.t.Span(v.t.EnclosingStatement(n))
	if last <= end {
		return false
	}
	rest := v.t.Src[end:last]
	for _, side := range []perlsrc.NodeID{left, right} {
		text := bytes.TrimSpace(v.t.Text(side))
		if at := bytes.Index(rest, text); len(text) > 1 && at >= 0 {
			after := bytes.TrimLeft(rest[at+len(text):], " \t")
			if len(after) > 1 && after[0] == '=' && after[1] != '=' && after[1] != '~' {
				return true
			}
		}
	}
	return false
}
