package audit

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"nacre/perlsrc"
	"nacre/unified"
)

// Pass is one rule asked about one file, or about the whole release.
type Pass struct {
	File    *File    // nil where a rule is asked about the release
	Release *Release // never nil; its Facts are nil where nothing is known
	rule    *Rule
	found   []Finding
	clock   *clock // of a rule about the release
}

// Late reports whether the time for the file, or for the release where the rule
// is about that, is over, or the whole run: a rule that loops over much asks it
// and returns.
func (p *Pass) Late() bool {
	if p.File != nil {
		return p.File.Late()
	}
	return p.clock.tick()
}

// Report adds a finding. One in code that is never reached, as the source itself
// says, is none.
func (p *Pass) Report(f Found) {
	if p.File != nil && f.Node != 0 && p.File.Tree != nil && dead(p.File.Tree, f.Node) {
		return
	}
	out := Finding{
		Rule: p.rule.Doc.ID, Title: p.rule.Doc.Title, CWE: p.rule.Doc.CWE,
		File: f.Path, Line: f.Line,
		Confidence: f.Confidence.String(), Severity: f.Severity.String(), Message: f.Message,
		Likeness: f.Likeness, Steps: f.Steps,
	}
	if len(f.CWE) > 0 {
		out.CWE = f.CWE
	}
	if p.File != nil {
		p.inFile(&out, f)
	} else {
		out.Code = p.Release.line(f.Path, f.Line)
		if f.Fix != nil && len(p.found) < MaxFound {
			out.Fix = p.Release.patch(cmp.Or(f.Fix.Path, f.Path), f.Fix)
		}
	}
	if len(out.Steps) > maxSteps {
		out.Steps = append(out.Steps[:maxSteps-1:maxSteps-1], out.Steps[len(out.Steps)-1])
	}
	p.found = append(p.found, out)
}

const (
	maxSteps = 10
	maxCode  = 200
)

// inFile fills what the file tells of a finding.
func (p *Pass) inFile(out *Finding, f Found) {
	file := p.File
	out.File, out.Role = file.Path, string(file.Role)
	if f.Node != 0 {
		out.Line = file.Tree.Line(f.Node)
		out.Package = file.Tree.EnclosingPackage(f.Node)
		out.Sub = file.SubName(f.Node)
	}
	out.Code, out.Column = file.code(out.Line, f.Node)
	out.Steps = file.way(out.Steps, out.Line, out.Sub)
	if file.Role == Build && f.Confidence > Possible && !strings.HasPrefix(out.Rule, "BLD") {
		// It runs where somebody builds the release, on files of its author.
		out.Confidence = Possible.String()
	}
	if file.Role == Example && f.Severity > Low {
		// An example runs where somebody copies it.
		out.Severity = (f.Severity - 1).String()
	}
	if f.Fix != nil && len(p.found) < MaxFound {
		out.Fix = file.patch(f.Fix)
	}
}

// Line gives a line of the source for people: without blanks around it, cut at
// 200 bytes. It is empty where there is none.
func (f *File) Line(n int) string {
	f.index()
	if n < 1 || n > len(f.lines) {
		return ""
	}
	line, _, _ := bytes.Cut(f.Src[f.lines[n-1]:], []byte("\n"))
	line = bytes.TrimSpace(line)
	if len(line) > maxCode {
		return strings.ToValidUTF8(string(line[:maxCode]), "")
	}
	return string(line)
}

// maxLines bounds the lines that are looked at for what a node goes on with.
const maxLines = 40

// code gives the line of a finding, and where in it a node begins: in bytes from 1,
// 0 where that is not shown, or in another line. The lines that a node goes on over
// follow.
func (f *File) code(n int, node perlsrc.NodeID) (text string, column int) {
	text = f.Line(n)
	if node == 0 || text == "" {
		return text, 0
	}
	start, end := f.Tree.Span(node)
	for next := n; next < min(len(f.lines), n+maxLines) && f.lines[next] < end && len(text) < maxCode; next++ {
		if more := f.Line(next + 1); more != "" && more[0] != '#' {
			text += " " + more
		}
	}
	if len(text) > maxCode {
		text = strings.ToValidUTF8(text[:maxCode], "")
	}
	begins := f.lines[n-1]
	begins += len(f.Src[begins:]) - len(bytes.TrimLeft(f.Src[begins:], " \t\r\f\v"))
	column = start - begins + 1
	if column < 1 || column > len(text) || n < len(f.lines) && start >= f.lines[n] {
		column = 0
	}
	return text, column
}

// index finds where each line begins.
func (f *File) index() {
	if f.lines != nil {
		return
	}
	f.lines = []int{0}
	for i, b := range f.Src {
		if b == '\n' {
			f.lines = append(f.lines, i+1)
		}
	}
}

// maxPatch is how much of a file a change may show, in bytes.
const maxPatch = 16 << 10

// patch gives a change as a diff; nil where the edits do not fit, change nothing,
// or are too far apart to be looked at.
func (f *File) patch(fix *Fix) *Patch {
	at := 0
	for _, e := range fix.Edits {
		if e.Start < at || e.End < e.Start || e.End > len(f.Src) {
			return nil
		}
		at = e.End
	}
	if len(fix.Edits) == 0 {
		return nil
	}
	// The lines of the edits, and those around them: a file may have many fixes.
	f.index()
	above := max(0, f.lineAt(fix.Edits[0].Start)-unified.Around)
	start, end := f.lines[above], len(f.Src)
	if below := f.lineAt(at) + unified.Around + 1; below < len(f.lines) {
		end = f.lines[below]
	}
	if end-start > maxPatch {
		return nil
	}
	var fixed []byte
	at = start
	for _, e := range fix.Edits {
		fixed = append(append(fixed, f.Src[at:e.Start]...), e.New...)
		at = e.End
	}
	fixed = append(fixed, f.Src[at:end]...)
	d := unified.Part(f.Path, above, unified.Lines(f.Src[start:end]), unified.Lines(fixed))
	if d.IsEmpty() {
		return nil
	}
	return &Patch{Title: fix.Title, Diff: d.String()}
}

// lineAt gives the line of a byte, from 0.
func (f *File) lineAt(at int) int {
	line, begins := slices.BinarySearch(f.lines, at)
	if !begins {
		line--
	}
	return line
}

// fingerprint tells findings of a file apart without their lines: by rule,
// file, sub and code, and by the how-manieth such it is.
func fingerprint(f *Finding, seen map[string]int) string {
	key := strings.Join([]string{f.Rule, f.File, f.Package, f.Sub, strings.Join(strings.Fields(f.Code), " ")}, "\x00")
	n := seen[key]
	seen[key]++
	sum := sha256.Sum256(fmt.Appendf(nil, "%s\x00%d", key, n))
	return hex.EncodeToString(sum[:16])
}

// StepsAt makes the steps of a way through the file's tree.
func (p *Pass) StepsAt(nodes ...perlsrc.NodeID) []Step {
	var steps []Step
	for _, n := range nodes {
		steps = append(steps, Step{Line: p.File.Tree.Line(n), What: p.File.Line(p.File.Tree.Line(n))})
	}
	return steps
}
