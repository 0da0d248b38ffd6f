package output

import (
	"fmt"
	"io"
	"strings"

	"nacre/report/junit"
	"nacre/report/sarif"
	"nacre/scan"
	"nacre/terminal"
)

// printJUnit writes a test case for each component that has findings and one for
// all that have none. What decides the exit status is a failure; what does not is
// told in the output of its case, which passes, or is skipped where all that was
// found is ignored. A partial answer is an error of a case of its own.
func printJUnit(w io.Writer, s *stream, _ Options) error {
	name := line(project(&s.config), maxName)
	suite := junit.Suite{Name: name, Timestamp: strings.TrimSuffix(utc(s.config.Time), "Z")}
	d := &s.config.Database
	suite.Props = []junit.Property{
		{Name: "tool", Value: line(s.config.Tool, maxName)},
		{Name: "path", Value: line(s.config.Path, maxName)},
		{Name: "database", Value: line(d.Path, maxName)},
		{Name: "database.built", Value: line(d.Built, maxName)},
		{Name: "database.advisories", Value: fmt.Sprint(d.Advisories)},
	}
	at := map[string]int{}
	silent := map[int]bool{}      // cases of nothing but ignored findings
	remarks := map[int][]string{} // what cases tell without failing
	for i := range s.findings {
		f := &s.findings[i]
		key := seat(&f.Component)
		index, seen := at[key]
		if !seen {
			index = len(suite.Cases)
			at[key], silent[index] = index, true
			suite.Cases = append(suite.Cases, junitCase(s, f, name))
		}
		silent[index] = silent[index] && f.Ignored != nil
		c := &suite.Cases[index]
		if f.Counts {
			c.Failures = append(c.Failures, junitFailure(f, s.fixOf(f)))
		} else {
			remarks[index] = append(remarks[index], junitRemark(f)+"\n")
		}
	}
	for index, said := range remarks {
		suite.Cases[index].Out = strings.Join(said, "")
	}
	for index, all := range silent {
		if all {
			suite.Cases[index].Skipped = &junit.Result{Message: "all that is known of it is ignored"}
		}
	}
	if s.summary != nil {
		if rest := s.summary.Components - len(at); rest > 0 {
			suite.Cases = append(suite.Cases, junit.Case{
				Name: count(rest, "other component", "other components") + " without a finding that is told", Class: name,
			})
		}
		if n := s.summary.Hidden; n > 0 {
			suite.Cases = append(suite.Cases, junit.Case{
				Name: count(n, "finding", "findings") + " of what is not loaded", Class: name,
				Skipped: &junit.Result{Message: "left out, because only what is seen to be loaded was asked for"},
			})
		}
	}
	complete := junit.Case{Name: "the answer is complete", Class: name}
	if s.partial() {
		complete.Error = &junit.Result{Message: "not everything could be judged: the output of the suite says what"}
	}
	suite.Cases = append(suite.Cases, complete)
	said := []string{sentence(headline(s)) + "\n"}
	for _, n := range warningsFirst(s.notices) {
		said = append(said, notice(&n)+"\n")
	}
	suite.Out = strings.Join(said, "")
	tool, _ := tool(&s.config)
	return junit.New(line(tool, maxName), suite).Write(w)
}

// junitCase is the case of a component, without its findings.
func junitCase(s *stream, f *scan.Finding, class string) junit.Case {
	c := &f.Component
	name := called(c)
	if where := carrier(c); where != "" {
		name += " (" + where + ")"
	}
	return junit.Case{Name: line(name, maxName), Class: class, File: line(s.homeOf(f).File, maxProse)}
}

// junitFailure is a finding that counts.
func junitFailure(f *scan.Finding, fix *remedyPlan) junit.Failure {
	c, a := &f.Component, &f.Advisory
	text := []string{account(f), action(f, fix)}
	for _, path := range f.Paths {
		text = append(text, "path: "+list(path))
	}
	for i, e := range c.Evidence {
		if i < maxEvidence {
			text = append(text, "found in: "+e.String())
		}
	}
	if uri := home(a); uri != "" {
		text = append(text, uri)
	}
	for i := range text {
		text[i] = line(text[i], maxMessage)
	}
	return junit.Failure{
		Type:    line(string(a.ID), maxName),
		Message: line(word(a.Severity)+": "+title(a), maxProse),
		Text:    "\n" + strings.Join(text, "\n") + "\n",
	}
}

// junitRemark is a finding that does not count, in a line.
func junitRemark(f *scan.Finding) string {
	why := f.Verdict.String()
	switch {
	case f.Ignored != nil:
		why = "ignored"
	case f.Known:
		why = "known before"
	case f.Admits:
		why = "admitted by the requirement"
	}
	return line(fmt.Sprintf("%s (%s, %s): %s %s", f.Advisory.ID, word(f.Advisory.Severity), why, stopped(title(&f.Advisory)), account(f)), maxMessage)
}

// notice is a notice in a line.
func notice(n *scan.Notice) string {
	s := "info: "
	if warns(n) {
		s = "warning: "
	}
	if at := place(n.At); at != "" {
		s += at + ": "
	}
	s += n.Text
	if n.Hint != "" {
		s += " (hint: " + n.Hint + ")"
	}
	return line(s, maxMessage)
}

// maxMessage is the longest text of a finding in a document, in characters.
const maxMessage = sarif.MaxText

// line makes a text from outside one of printable characters, at most n of them.
func line(s string, n int) string { return sarif.Clip(terminal.Visible(s), n) }
