package audit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"nacre/csrc"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

// allowance is what a comment lets stand.
type allowance struct {
	line   int
	alone  bool     // nothing else is on the line: it is about the next one, too
	ids    []string // rules, or policies of Perl::Critic; none for every policy
	reason string
	critic bool
	used   bool
}

var (
	allowTag  = lazyregexp.New(`#+\s*nacre:\s*allow\b(.*)`)
	allowTagC = lazyregexp.New(`(?m)(?:/\*+|//+)[ \t]*nacre:[ \t]*allow\b(.*?)(?:\*/|$)`)
	allowIDs  = lazyregexp.New(`\A\s*((?:[A-Z]{2,4}[0-9]{2}\b[\s,]*)+)(.*)\z`)
	criticNo  = lazyregexp.New(`##\s*no critic\b\s*(?:qw)?\s*(?:\(([^)]*)\))?`)
)

// maxAllow is how many comments of a file may allow something.
const maxAllow = 1000

// allowances reads the comments of a file:
//
//	## nacre: allow RND01 the id is no secret, only unique
//	## no critic (ProhibitStringyEval)
//	/* nacre: allow XS01 the buffer is as long as the string */
//
// of which those for nacre need a reason. What cannot be read is told as notes.
func allowances(f *File, critic bool) (all []*allowance, notes []Note) {
	ours := bytes.Contains(f.Src, []byte("nacre:"))
	if !ours && (!critic || f.Tree == nil || !bytes.Contains(f.Src, []byte("no critic"))) {
		return nil, nil
	}
	full := func(line int) bool {
		if len(all)+len(notes) < maxAllow {
			return false
		}
		notes = append(notes, Note{File: f.Path, Line: line, Partial: true, What: fmt.Sprintf("from here on comments allow nothing (limit: %d of a file)", maxAllow)})
		return true
	}
	add := func(line int, alone bool, text, how string) {
		ids := allowIDs.FindStringSubmatch(text)
		lacks := ""
		switch {
		case ids == nil:
			lacks = "names no rule"
		case reason(ids[2]) == "":
			lacks = "gives no reason"
		default:
			all = append(all, &allowance{line: line, alone: alone, ids: strings.FieldsFunc(ids[1], isSeparator), reason: reason(ids[2])})
			return
		}
		notes = append(notes, Note{File: f.Path, Line: line, What: "allow " + lacks + ", so it allows nothing: " + how})
	}
	if f.Tree == nil {
		tokens, _ := f.C() // with an error, as far as it was read
		for _, m := range allowTagC.FindAllSubmatchIndex(f.Src, -1) {
			if !quotedC(tokens, m[0]) {
				f.index()
				line := f.lineAt(m[0])
				if full(line + 1) {
					break
				}
				rest, _, _ := bytes.Cut(f.Src[m[1]:], []byte("\n"))
				alone := isBlank(f.Src[f.lines[line]:m[0]]) && isBlank(rest)
				add(line+1, alone, string(f.Src[m[2]:m[3]]), "/* nacre: allow RULE reason */")
			}
		}
		return all, notes
	}
	for _, tok := range f.Tree.Tokens[:f.Tree.Outer] {
		if tok.Kind != perlsrc.Comment {
			continue
		}
		text := tok.Text(f.Src)
		ours, theirs := allowTag.FindSubmatch(text), [][]byte(nil)
		if critic {
			theirs = criticNo.FindSubmatch(text)
		}
		if (ours != nil || theirs != nil) && full(tok.Line) {
			break
		}
		alone := strings.HasPrefix(f.Line(tok.Line), "#")
		if ours != nil {
			add(tok.Line, alone, string(ours[1]), "## nacre: allow RULE reason")
		}
		if theirs != nil {
			all = append(all, &allowance{line: tok.Line, alone: alone, ids: strings.FieldsFunc(string(theirs[1]), isSeparator), reason: "no critic", critic: true})
		}
	}
	return all, notes
}

// reason is what stands behind the rules of an allowance.
func reason(s string) string { return strings.Trim(s, " \t\r\n:-") }

func isSeparator(r rune) bool { return r == ',' || r == ' ' || r == '\t' }

func isBlank(b []byte) bool { return len(bytes.TrimSpace(b)) == 0 }

// quotedC reports whether a place in C is within a string.
func quotedC(f *csrc.File, at int) bool {
	i, found := slices.BinarySearchFunc(f.Tokens, at, func(t csrc.Token, at int) int { return cmp.Compare(t.Start, at) })
	if !found {
		i--
	}
	if i < 0 || i >= len(f.Tokens) {
		return false
	}
	t := f.Tokens[i]
	return (t.Kind == csrc.String || t.Kind == csrc.Char) && at < t.End
}

// allowances are those of a file that a rule about the whole release found
// something in.
func (r *Release) allowances(name string, critic bool) []*allowance {
	src, err := r.ReadFile(name, MaxFile)
	if err != nil || !bytes.Contains(src, []byte("nacre:")) && !(critic && bytes.Contains(src, []byte("no critic"))) {
		return nil
	}
	all, _ := allowances(NewFile(name, RoleOf(name, src), src), critic)
	return all
}

// allow marks a finding that one of the comments is about.
func allow(found *Finding, all []*allowance, doc *Doc) {
	for _, a := range all {
		if a.covers(found, doc) {
			a.used = true
			found.Allowed = &Allowance{Line: a.line, Reason: a.reason}
			return
		}
	}
}

// covers reports whether a comment on the finding's line, or alone on the line
// above, is about it.
func (a *allowance) covers(found *Finding, doc *Doc) bool {
	if a.line != found.Line && (a.line != found.Line-1 || !a.alone) {
		return false
	}
	if !a.critic {
		return slices.Contains(a.ids, doc.ID)
	}
	if len(a.ids) == 0 {
		return len(doc.Critic) > 0
	}
	for _, id := range a.ids {
		for _, policy := range doc.Critic {
			// Perl::Critic takes the words as patterns over the policies' names.
			if strings.Contains(strings.ToLower(policy), strings.ToLower(strings.TrimPrefix(id, "Perl::Critic::Policy::"))) {
				return true
			}
		}
	}
	return false
}

// idle tells of comments that are about nothing that was found.
func (out *Result) idle(f *File, all []*allowance, opt Options) {
	elsewhere := func(id string) bool {
		i := slices.IndexFunc(opt.Rules, func(r *Rule) bool { return r.Doc.ID == id })
		if i < 0 {
			return opt.Chosen
		}
		return opt.Rules[i].Release != nil
	}
	for _, a := range all {
		if !a.used && !a.critic && !slices.ContainsFunc(a.ids, elsewhere) {
			out.Notes = append(out.Notes, Note{File: f.Path, Line: a.line, What: "allow is about nothing that was found here"})
		}
	}
}
