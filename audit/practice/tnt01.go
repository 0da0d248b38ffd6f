package practice

import (
	"bytes"
	"slices"
	"strings"

	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// laundered is TNT01.
func laundered(p *audit.Pass) {
	f := p.File
	t := f.Tree
	said := saysTaint(f)
	for n := range f.All(perlsrc.TermNode) {
		if t.Token(n).Kind == perlsrc.Match && matchesAll(t, n) && isLaundering(f, n, said) {
			report(p, n, sureOf(f, n), harmOf(f, n), "a pattern that matches everything makes the value clean"+unseen(f, n))
		}
	}
	for n := range f.Calls("keys") {
		if k := t.Nodes[n].Child; t.Nodes[k].Kind == perlsrc.CastNode && bytes.HasPrefix(bytes.ReplaceAll(t.Text(k), []byte(" "), nil), []byte("%{{")) && (namesTaint(f.SubName(n)) || said(t.Line(n))) {
			report(p, n, audit.Likely, audit.Medium, "the key of a hash makes the value clean, and nothing was looked at")
		}
	}
	withoutTaint(p)
}

// unseen says what it means that nothing was looked at.
func unseen(f *audit.File, n perlsrc.NodeID) string {
	if to := goesTo(f, n); to != "" {
		return ", and it goes to " + to + " with nothing looked at"
	}
	return ", and nothing was looked at"
}

func report(p *audit.Pass, n perlsrc.NodeID, c audit.Confidence, severity audit.Severity, message string) {
	p.Report(audit.Found{Node: n, Confidence: c, Severity: severity, Message: message})
}

var everything = lazyregexp.New(`\A(?:\^|\\A)?\((?:\?s:|\?<\w+>)?(?:\.|\[\\s\\S\]|\[\\S\\s\]|\[\\w\\W\]|\[\\W\\w\]|\[\\d\\D\])[*+]\)(?:\$|\\z|\\Z)?\z`)

// matchesAll reports whether a pattern captures whatever there is.
func matchesAll(t *perlsrc.Tree, n perlsrc.NodeID) bool {
	q := t.Token(n).Quoted(t.Src)
	return !strings.ContainsAny(q.Modifiers, "mg") && everything.Match(bytes.TrimSpace(q.Body.Text(t.Src)))
}

// isLaundering reports whether what a pattern captured takes the place of what it
// was asked about, or the source says what it is done for.
func isLaundering(f *audit.File, n perlsrc.NodeID, said func(line int) bool) bool {
	t := f.Tree
	if namesTaint(f.SubName(n)) || said(t.Line(n)) {
		return true
	}
	matched, whole := "$_", n
	if up := t.Nodes[n].Parent; t.Nodes[up].Kind == perlsrc.ExprNode && t.Operator(n) == "=~" {
		matched, whole = string(t.Text(t.Nodes[up].Child)), up
	}
	d := t.Dest(whole)
	for _, target := range d.Targets {
		for k := range t.Under(target) {
			name := string(t.Text(k))
			if name == matched || namesTaint(name) {
				return true
			}
		}
	}
	return isPutBack(t, n, matched)
}

// isPutBack reports whether $1 is assigned to what was matched, in the same
// statement or the next.
func isPutBack(t *perlsrc.Tree, n perlsrc.NodeID, matched string) bool {
	s := t.EnclosingStatement(n)
	left := 400 // nodes of a statement
	for _, at := range []perlsrc.NodeID{s, t.Nodes[s].Next} {
		if at == 0 {
			continue
		}
		for k := range t.All(at) {
			if left--; left < 0 {
				return false
			}
			if t.Nodes[k].Kind != perlsrc.AssignNode {
				continue
			}
			target := t.Nodes[k].Child
			if value := t.Nodes[target].Next; string(t.Text(value)) == "$1" && string(t.Text(target)) == matched {
				return true
			}
		}
	}
	return false
}

func namesTaint(name string) bool {
	name = strings.ToLower(name)
	return strings.Contains(name, "taint") || strings.Contains(name, "launder")
}

// saysTaint tells of a line whether a comment on it, or on one of the two lines
// before it, speaks of taint.
func saysTaint(f *audit.File) func(line int) bool {
	var lines []int
	if f.Holds("taint") {
		for _, tok := range f.Tree.Tokens[:f.Tree.Outer] {
			if tok.Kind == perlsrc.Comment && namesTaint(string(tok.Text(f.Src))) {
				lines = append(lines, tok.Line)
			}
		}
	}
	return func(line int) bool {
		i, _ := slices.BinarySearch(lines, line-2)
		return i < len(lines) && lines[i] <= line
	}
}

var taintSwitch = lazyregexp.New(`\A#!.*\bperl.*\s-\w*[tT]`)

// withoutTaint reports a CGI program that starts commands or opens files without
// taint mode.
func withoutTaint(p *audit.Pass) {
	f := p.File
	if f.Role != audit.Program || !bytes.HasPrefix(f.Src, []byte("#!")) {
		return
	}
	first, _, _ := bytes.Cut(f.Src, []byte("\n"))
	if !bytes.Contains(first, []byte("perl")) || taintSwitch.Match(first) {
		return
	}
	if _, ok := f.Loads("CGI", "CGI::Simple", "CGI::Lite", "CGI::Fast", "CGI::Minimal"); !ok {
		return
	}
	for range f.Calls("open", "system", "exec", "qx", "unlink", "opendir", "eval") {
		p.Report(audit.Found{
			Line: 1, Confidence: audit.Possible, Severity: audit.Low,
			Message: "a program that takes requests, and opens files or starts commands, runs without taint mode",
		})
		return
	}
}
