// Package junit is the part of JUnit's XML reports that Nacre writes: one suite
// of test cases, each of which passes, fails, is skipped or could not be done.
//
//	<?xml version="1.0" encoding="UTF-8"?>
//	<testsuites name="nacre" tests="2" failures="1" errors="0" skipped="0">
//	  <testsuite name="petshop" tests="2" failures="1" errors="0" skipped="0" timestamp="2099-07-01T12:00:00">
//	    <testcase name="Foo-Bar 1.29" classname="petshop" file="cpanfile.snapshot">
//	      <failure type="CVE-2099-0001" message="critical: …">1.29 is in &lt;1.3</failure>
//	    </testcase>
//	    <testcase name="94 other components" classname="petshop"></testcase>
//	  </testsuite>
//	</testsuites>
//
// Promised: well-formed XML that the schema of Jenkins' xUnit plugin accepts, and
// counts that are those of the cases: a case counts once, however many failures
// it has. The values of attributes must be of one line. No attribute is written
// that not every reader knows, but for file.
// Not promised: the rest of the format; nothing is read.
//
// Source: there is no standard. The schema junit-10.xsd of Jenkins' xUnit plugin
// is what most readers follow.
package junit

import (
	"bytes"
	"encoding/xml"
	"io"
)

// Report is a whole document.
type Report struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Skipped  int      `xml:"skipped,attr"`
	Suites   []Suite  `xml:"testsuite"`
}

// Suite is a list of cases.
type Suite struct {
	Name      string     `xml:"name,attr"`
	Tests     int        `xml:"tests,attr"`
	Failures  int        `xml:"failures,attr"`
	Errors    int        `xml:"errors,attr"`
	Skipped   int        `xml:"skipped,attr"`
	Timestamp string     `xml:"timestamp,attr,omitempty"` // ISO 8601, of no zone
	Props     []Property `xml:"properties>property,omitempty"`
	Cases     []Case     `xml:"testcase"`
	Out       string     `xml:"system-out,omitempty"`
}

// Property is a fact about a suite.
type Property struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

// Case is one test. It failed if it has Failures, could not be done if it has an
// Error, and is passed over if it is Skipped; else it passed.
type Case struct {
	Name     string    `xml:"name,attr"`
	Class    string    `xml:"classname,attr"`
	File     string    `xml:"file,attr,omitempty"`
	Skipped  *Result   `xml:"skipped"`
	Error    *Result   `xml:"error"`
	Failures []Failure `xml:"failure"`
	Out      string    `xml:"system-out,omitempty"`
}

// Result is why a case is skipped or could not be done.
type Result struct {
	Message string `xml:"message,attr"`
}

// Failure is one failure of a case.
type Failure struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// New gives a report of one suite and counts its cases.
func New(tool string, s Suite) Report {
	s.Tests = len(s.Cases)
	for i := range s.Cases {
		switch c := &s.Cases[i]; {
		case len(c.Failures) > 0:
			s.Failures++
		case c.Error != nil:
			s.Errors++
		case c.Skipped != nil:
			s.Skipped++
		}
	}
	return Report{
		Name: tool, Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Skipped: s.Skipped,
		Suites: []Suite{s},
	}
}

// Write writes the document, indented and with a line feed at the end.
func (r Report) Write(w io.Writer) error {
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	b, err := xml.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	// A line feed of a text stays one, for people who read the file.
	b = append(bytes.ReplaceAll(b, []byte("&#xA;"), []byte("\n")), '\n')
	_, err = w.Write(b)
	return err
}
