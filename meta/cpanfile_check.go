package meta

import (
	"errors"
	"strings"

	"nacre/fault"
	"nacre/perlsrc"
)

// The limits of a cpanfile beside maxStatements: how deep its brackets nest and
// how many arguments a call has, how many here-documents begin in one line.
const (
	maxNesting  = 200
	maxHeredocs = 20
)

// check goes over the tokens: it refuses what is no Perl, and notes comments.
func (p *cpanfileReader) check() {
	type bracket struct {
		open byte
		line int
	}
	var open []bracket
	heredocs, line := 0, 0
	for _, tok := range p.t.Tokens[:p.t.Outer] {
		switch tok.Kind {
		case perlsrc.Comment:
			p.comment(tok)
		case perlsrc.HereDoc:
			if tok.Line != line {
				heredocs, line = 0, tok.Line
			}
			if heredocs++; heredocs > maxHeredocs {
				p.fail(tok.Line, "more than %d here-documents (limit: cpanfile here-documents of a line)", maxHeredocs)
				return
			}
		case perlsrc.Structure:
			switch c := p.t.Src[tok.Start]; c {
			case '(', '[', '{':
				if open = append(open, bracket{c, tok.Line}); len(open) > maxNesting {
					p.fail(tok.Line, "nested deeper than %d (limit: cpanfile nesting)", maxNesting)
					return
				}
			case ')', ']', '}':
				if len(open) == 0 {
					p.fail(tok.Line, "a %q too many", string(c))
					return
				}
				last := open[len(open)-1]
				open = open[:len(open)-1]
				if strings.IndexByte("([{", last.open) != strings.IndexByte(")]}", c) {
					p.fail(tok.Line, "the %q of line %d is not closed", string(last.open), last.line)
					return
				}
			}
		}
	}
	var broken *perlsrc.Broken
	switch {
	case errors.As(p.t.Err, &broken) && strings.Contains(broken.What, "here-document"):
		p.fail(broken.Line, "the here-document is not closed")
	case errors.As(p.t.Err, &broken) && strings.Contains(broken.What, "never ends"):
		p.fail(broken.Line, "the text that begins here is not closed")
	case p.t.Err != nil:
		p.err = fault.Wrap(fault.Invalid, p.t.Err, "read the file as Perl").
			WithHint("perl -c says more about what is wrong with the file")
	case len(open) > 0 && open[len(open)-1].open == '{':
		p.fail(open[len(open)-1].line, "the block that begins in line %d is not closed", open[len(open)-1].line)
	case len(open) > 0:
		p.fail(open[len(open)-1].line, "the %q of line %d is not closed", string(open[len(open)-1].open), open[len(open)-1].line)
	}
}

// ignoreComment is a comment that says which advisories to ignore.
type ignoreComment struct {
	line int
	ids  []string
}

// comment notes "# ignore=CVE-2011-4116" and "# ignore : CPANSA-Foo-2099-001",
// the convention of Test::CVE; several ids may follow each other.
func (p *cpanfileReader) comment(tok perlsrc.Token) {
	text := strings.TrimLeft(string(tok.Text(p.t.Src)), "# \t")
	if len(text) < len("ignore") || !strings.EqualFold(text[:len("ignore")], "ignore") {
		return
	}
	text = strings.TrimLeft(text[len("ignore"):], " \t")
	if text == "" || text[0] != '=' && text[0] != ':' {
		return
	}
	var ids []string
	for _, id := range strings.FieldsFunc(text[1:], func(r rune) bool { return strings.ContainsRune(", \t\r;", r) }) {
		kind, rest, _ := strings.Cut(strings.ToUpper(id), "-")
		if rest == "" || kind != "CVE" && kind != "CPANSA" && kind != "GHSA" || len(ids) == maxNesting {
			break
		}
		ids = append(ids, id)
	}
	if ids != nil {
		p.comments = append(p.comments, ignoreComment{tok.Line, ids})
	}
}

// ignores gives each requirement the comments on its lines. Both are sorted.
func (p *cpanfileReader) ignores() {
	first := 0
	for i := range p.out.Requires {
		s := &p.out.Requires[i]
		for first < len(p.comments) && p.comments[first].line < s.Line {
			first++
		}
		for _, c := range p.comments[first:] {
			if c.line > s.EndLine {
				break
			}
			s.Ignores = append(s.Ignores, c.ids...)
		}
	}
}
