package audit

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"nacre/lazyregexp"
)

// Doc is what a rule's file says.
type Doc struct {
	ID         string
	Title      string   // "a session id or token that can be guessed"
	CWE        []string // "CWE-338"
	CERT       []string // rules of the SEI CERT Perl Coding Standard: "IDS35-PL"
	Critic     []string // policies of Perl::Critic that look for the same words: "InputOutput::ProhibitTwoArgOpen"
	What       string   // what the rule looks for; Markdown, as are the next two
	Why        string
	Fix        string
	References []string // ids of advisories, addresses
	Insecure   Case     // the example of what is found
	Secure     Case     // the same, made right
	Cases      []Case   // variations of both, and innocent look-alikes
}

// Case is a small distribution, and what the rule must find there.
type Case struct {
	Name  string
	Files []txtar.File
	Want  []Want // in the order of files and lines
}

// Want is a finding that a case must have; all other findings of the rule it
// must not have.
type Want struct {
	File       string
	Line       int
	Confidence Confidence // 0 for likely or certain
}

var (
	ruleID  = lazyregexp.New(`\A[A-Z]{2,4}[0-9]{2}\z`)
	cweID   = lazyregexp.New(`\ACWE-[1-9][0-9]*\z`)
	wantTag = lazyregexp.New(`(?:#|/\*|//)\s*want(?:\s+(possible|likely|certain))?\s*(?:\*/)?\s*$`)
)

// ParseDoc reads a rule's file: a txtar archive whose comment has one
// "name: value" a line, and whose files are texts, examples and cases.
//
//	id: RND01
//	title: a session id or token that can be guessed
//	cwe: CWE-338
//	cert: MSC32-PL
//	critic: InputOutput::ProhibitTwoArgOpen
//	-- what --
//	...
//	-- why --
//	...
//	-- fix --
//	...
//	-- references --
//	CVE-2025-40931
//	https://perldoc.perl.org/functions/rand
//	-- insecure/lib/Acme/Session.pm --
//	sub new_id { md5_hex(time . $$ . rand) } # want
//	-- secure/lib/Acme/Session.pm --
//	...
//	-- case/through a helper/lib/Acme/Session.pm --
//	...
//
// cwe, cert and critic may stand several times. A line of an example or a case
// that the rule must find ends in the comment "# want", in C "/* want */", with
// the confidence behind it where that matters. A file that takes no comments has
// its lines in a file "want" of the case: "META.json:12 likely".
func ParseDoc(text string) (Doc, error) {
	ar := txtar.Parse([]byte(text))
	var d Doc
	for line := range strings.Lines(string(ar.Comment)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		name, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		switch name {
		case "id":
			d.ID = value
		case "title":
			d.Title = value
		case "cwe":
			d.CWE = append(d.CWE, value)
		case "cert":
			d.CERT = append(d.CERT, value)
		case "critic":
			d.Critic = append(d.Critic, value)
		default:
			return d, fmt.Errorf("rule %s: %q is not id, title, cwe, cert or critic", d.ID, name)
		}
	}
	texts := map[string]*string{"what": &d.What, "why": &d.Why, "fix": &d.Fix}
	for _, f := range ar.Files {
		if to := texts[f.Name]; to != nil {
			*to = strings.TrimSpace(string(f.Data))
			continue
		}
		if f.Name == "references" {
			d.References = strings.Fields(string(f.Data))
			continue
		}
		where, rest, _ := strings.Cut(f.Name, "/")
		to := &d.Insecure
		switch where {
		case "insecure":
		case "secure":
			to = &d.Secure
		case "case":
			var name string
			name, rest, _ = strings.Cut(rest, "/")
			if len(d.Cases) == 0 || d.Cases[len(d.Cases)-1].Name != name {
				if slices.ContainsFunc(d.Cases, func(c Case) bool { return c.Name == name }) {
					return d, fmt.Errorf("rule %s: the files of case %q do not stand together", d.ID, name)
				}
				d.Cases = append(d.Cases, Case{Name: name})
			}
			to = &d.Cases[len(d.Cases)-1]
		default:
			return d, fmt.Errorf("rule %s: the file %q is no part of a rule", d.ID, f.Name)
		}
		if err := to.add(rest, f.Data); err != nil {
			return d, fmt.Errorf("rule %s: %w", d.ID, err)
		}
	}
	d.Insecure.Name, d.Secure.Name = "insecure", "secure"
	return d, d.check()
}

// add takes a file of a case, and what it says must be found.
func (c *Case) add(name string, data []byte) error {
	if name == "want" {
		for line := range strings.Lines(string(data)) {
			var w Want
			place, word, _ := strings.Cut(strings.TrimSpace(line), " ")
			i := strings.LastIndexByte(place, ':')
			if i < 0 {
				return fmt.Errorf("case %q: want %q is not file:line", c.Name, place)
			}
			w.File = place[:i]
			if _, err := fmt.Sscanf(place[i+1:], "%d", &w.Line); err != nil {
				return fmt.Errorf("case %q: want %q is not file:line", c.Name, place)
			}
			if word != "" {
				var err error
				if w.Confidence, err = ParseConfidence(word); err != nil {
					return fmt.Errorf("case %q: %w", c.Name, err)
				}
			}
			c.Want = append(c.Want, w)
		}
		return nil
	}
	if name == "" || path.Clean(name) != name || strings.HasPrefix(name, "/") || strings.HasPrefix(name, "../") {
		return fmt.Errorf("case %q: %q is no path", c.Name, name)
	}
	n := 0
	for line := range bytes.Lines(data) {
		n++
		if m := wantTag.FindSubmatch(bytes.TrimRight(line, "\r\n")); m != nil {
			w := Want{File: name, Line: n}
			if len(m[1]) > 0 {
				w.Confidence, _ = ParseConfidence(string(m[1]))
			}
			c.Want = append(c.Want, w)
		}
	}
	c.Files = append(c.Files, txtar.File{Name: name, Data: data})
	return nil
}

// check holds a rule's file to what all of them have.
func (d *Doc) check() error {
	switch {
	case !ruleID.MatchString(d.ID):
		return fmt.Errorf("rule %q: the id is not letters and two digits", d.ID)
	case d.Title == "" || d.What == "" || d.Why == "" || d.Fix == "":
		return fmt.Errorf("rule %s: title, what, why or fix is missing", d.ID)
	case len(d.CWE) == 0 || slices.ContainsFunc(d.CWE, func(s string) bool { return !cweID.MatchString(s) }):
		return fmt.Errorf("rule %s: the ids of CWE %q are none", d.ID, d.CWE)
	case len(d.Insecure.Want) == 0 || len(d.Secure.Files) == 0 || len(d.Secure.Want) != 0:
		return fmt.Errorf("rule %s: an insecure example with what must be found, and a secure one without, are needed", d.ID)
	}
	return nil
}

// CutWant takes the mark of a wanted finding off a line of an example, and
// reports whether there was one.
func CutWant(line string) (string, bool) {
	if at := wantTag.FindStringIndex(line); at != nil {
		return strings.TrimRight(line[:at[0]], " \t"), true
	}
	return line, false
}
