package random

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// widths are the bits of the numbers that unpack reads.
var widths = map[byte]int{'c': 8, 'C': 8, 'U': 8, 's': 16, 'S': 16, 'n': 16, 'v': 16, 'l': 32, 'L': 32, 'N': 32, 'V': 32, 'i': 32, 'I': 32, 'j': 64, 'J': 64, 'q': 64, 'Q': 64}

// template reads a template of numbers: the bits of its first, and whether it reads
// more than one. ok is false for templates with anything else in them.
func template(s string) (bits int, more, ok bool) {
	items := 0
	for i := 0; i < len(s); {
		c := s[i]
		i++
		if c == ' ' {
			continue
		}
		width, known := widths[c]
		if !known {
			return 0, false, false
		}
		if items++; items == 1 {
			bits = width
		}
		for i < len(s) && strings.IndexByte("<>!", s[i]) >= 0 {
			i++
		}
		start := i
		for i < len(s) && (s[i] == '*' || s[i] >= '0' && s[i] <= '9') {
			i++
		}
		if count := s[start:i]; count == "*" {
			more = true
		} else if n, err := strconv.Atoi(count); err == nil && n > 1 {
			more = true
		}
	}
	return bits, more || items > 1, items > 0
}

// shortUnpacks finds secrets for which unpack takes one number of many bytes.
func shortUnpacks(p *audit.Pass) {
	v := look(p)
	for n := range v.f.Calls("unpack") {
		c := v.t.Call(n)
		if len(c.Args) != 2 {
			continue
		}
		text, ok := v.t.Literal(c.Args[0])
		if !ok {
			continue
		}
		bits, more, ok := template(text)
		if !ok || bits > 32 && !more || !v.ofGoodBytes(c.Args[1]) {
			continue
		}
		one, sure := v.scalar(n)
		if !one {
			continue
		}
		best, ok := worst(v.follow(source{node: n, name: "unpack", made: true}))
		if !ok {
			continue
		}
		v.doubt(&best)
		if !sure {
			best.sure = min(best.sure, audit.Likely)
		}
		p.Report(audit.Found{
			Node: n, Confidence: best.sure, Severity: min(best.severity, audit.High), Steps: v.steps(best),
			Message: fmt.Sprintf("%s is only the first number of %d bits that unpack gives", best.what, bits),
		})
	}
}

// scalar reports whether one value of a list is taken: by a scalar, by a list of one
// variable, by an operator, or, where the caller decides, by return; sure is false
// for the last.
func (v *view) scalar(n perlsrc.NodeID) (one, sure bool) {
	for at := n; ; {
		up := v.t.Nodes[at].Parent
		switch v.t.Nodes[up].Kind {
		case perlsrc.ExprNode, perlsrc.LogicNode, perlsrc.TernaryNode:
			if op := v.t.Operator(at); op == "%" || op == "+" || op == "." || op == "^" {
				return true, true
			}
			at = up
			continue
		case perlsrc.CallNode:
			if v.t.Callee(up) == "scalar" || v.t.Callee(up) == "int" {
				return true, true
			}
		}
		break
	}
	d := v.t.Dest(n)
	switch d.Use {
	case perlsrc.Assigned:
		if len(d.Targets) == 0 {
			return false, false
		}
		target := d.Targets[0]
		text := strings.TrimSpace(string(v.t.Text(target)))
		switch v.t.Nodes[target].Kind {
		case perlsrc.ListNode, perlsrc.DeclareNode:
			return strings.Count(text, "$") == 1 && !strings.ContainsAny(text, "@%"), true
		}
		return strings.HasPrefix(text, "$"), true
	case perlsrc.Returned:
		return true, false
	}
	return false, false
}

// ofGoodBytes reports whether a value comes from a good source, or was read from
// its device.
func (v *view) ofGoodBytes(n perlsrc.NodeID) bool {
	if len(v.goodIn(n)) > 0 {
		return true
	}
	origins, _ := v.g.Origins(n)
	for _, o := range origins {
		if _, ok := slices.BinarySearch(v.goodSources(), o.Node); ok {
			return true
		}
	}
	// read $fh, my $bytes, 16
	name := strings.TrimPrefix(string(v.t.Text(n)), "my ")
	sub := v.t.EnclosingSub(n)
	for read := range v.f.Calls("read", "sysread") {
		if v.t.EnclosingSub(read) != sub || strings.TrimPrefix(string(v.t.Text(v.t.Arg(read, 1))), "my ") != name {
			continue
		}
		return len(v.goodIn(sub)) > 0
	}
	return false
}
