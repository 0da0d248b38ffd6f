package input

import (
	"slices"
	"strconv"
	"strings"

	"nacre/perlsrc"
)

// isMatch reports whether a node is a pattern that captures.
func (r *reader) isMatch(n perlsrc.NodeID) bool {
	if n == 0 || r.tree.Nodes[n].Kind != perlsrc.TermNode || r.tree.Token(n).Kind != perlsrc.Match {
		return false
	}
	up := r.tree.Nodes[n].Parent
	return r.tree.Nodes[up].Kind != perlsrc.CallNode || r.tree.Callee(up) != "split"
}

// captured tells where $1 comes from: what the nearest pattern before it was
// asked about, held to the group.
func (r *reader) captured(s Source, depth int) []Source {
	s.Who, s.What = Unknown, "what a pattern captured"
	if up := r.tree.Nodes[s.Node].Parent; r.tree.Nodes[up].Kind == perlsrc.CallNode && r.tree.Callee(up) == "split" {
		return r.split(s, up, depth)
	}
	match, number := s.Node, -1
	if !r.isMatch(match) {
		start, _ := r.tree.Span(s.Node)
		match = r.lastMatch(r.tree.EnclosingSub(s.Node), start)
		if n, err := strconv.Atoi(strings.TrimLeft(string(r.tree.Text(s.Node)), "${")); err == nil {
			number = n
		}
	}
	if match == 0 || depth > maxAsked || r.left <= 0 {
		return []Source{s}
	}
	q := r.tree.Token(match).Quoted(r.tree.Src)
	body := string(q.Body.Text(r.tree.Src))
	if number >= 0 {
		if text, ok := group(body, number); ok {
			s.Check |= groupCheck(text)
			if few.MatchString(text) {
				s.Check |= Few
			}
		}
	} else {
		s.Check |= groupCheck(strings.Trim(body, `^$`))
	}
	return r.beyond(s, r.subject(match), depth)
}

// split tells where the parts of a split come from, of what it is given or of $_.
func (r *reader) split(s Source, call perlsrc.NodeID, depth int) []Source {
	if subject := r.tree.Arg(call, 1); subject != 0 {
		return r.beyond(s, []perlsrc.NodeID{subject}, depth)
	}
	return r.beyond(s, r.topic(call), depth)
}

// beyond gives the sources of what a source was made of.
func (r *reader) beyond(s Source, subjects []perlsrc.NodeID, depth int) []Source {
	if len(subjects) == 0 || depth > maxAsked {
		return []Source{s}
	}
	var out []Source
	for _, subject := range subjects {
		for _, p := range r.parts(subject) {
			for _, in := range r.sourcesIn(p, depth+1) {
				in.Check |= s.Check
				in.From.Through = append(slices.Clone(s.From.Through), in.From.Through...)
				if len(in.From.Through) == 0 {
					in.From.Through = []string{"m"} // a piece of it
				}
				in.Part, in.Steps = s.Part, append(slices.Clone(in.Steps), s.Steps...)
				out = append(out, in)
			}
		}
	}
	return out
}

// lastMatch gives the last pattern of a sub before a byte.
func (r *reader) lastMatch(sub perlsrc.NodeID, before int) perlsrc.NodeID {
	all := r.matches[sub]
	i, _ := slices.BinarySearchFunc(all, before, func(n perlsrc.NodeID, before int) int {
		start, _ := r.tree.Span(n)
		return start - before
	})
	// The replacement of s/(x)/$1/ stands behind the beginning of its own.
	if i == 0 {
		return 0
	}
	return all[i-1]
}

// subject gives what a pattern is asked about.
func (r *reader) subject(match perlsrc.NodeID) []perlsrc.NodeID {
	if op := r.tree.Operator(match); op != "=~" && op != "!~" {
		return r.topic(match)
	}
	var before perlsrc.NodeID
	for c := range r.tree.Children(r.tree.Nodes[match].Parent) {
		if c == match {
			break
		}
		before = c
	}
	if before == 0 {
		return nil
	}
	return []perlsrc.NodeID{before}
}
