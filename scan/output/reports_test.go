package output

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/internal/testkit/document"
	"nacre/inventory"
	"nacre/report/junit"
	"nacre/scan"
)

// children are what may stand in each element of a JUnit report, and required
// what each must say, by the schema of Jenkins' xUnit plugin; file alone is not
// in it.
var (
	junitChildren = map[string][]string{
		"":           {"testsuites"},
		"testsuites": {"testsuite"},
		"testsuite":  {"properties", "testcase", "system-out"},
		"properties": {"property"},
		"testcase":   {"skipped", "error", "failure", "system-out"},
	}
	junitAttributes = map[string][]string{
		"testsuites": {"name", "tests", "failures", "errors", "skipped"},
		"testsuite":  {"name", "tests", "failures", "errors", "skipped", "timestamp"},
		"property":   {"name", "value"},
		"testcase":   {"name", "classname", "file"},
		"failure":    {"type", "message"},
		"error":      {"message"},
		"skipped":    {"message"},
	}
	junitRequired = map[string][]string{
		"testsuite": {"name", "tests", "failures", "errors"},
		"property":  {"name", "value"},
		"testcase":  {"name", "classname"},
	}
)

func checkJUnit(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	d := xml.NewDecoder(strings.NewReader(string(b)))
	open := []string{""}
	for {
		token, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		switch e := token.(type) {
		case xml.StartElement:
			name, parent := e.Name.Local, open[len(open)-1]
			if !slices.Contains(junitChildren[parent], name) {
				t.Errorf("a %s in a %s", name, parent)
			}
			said := map[string]bool{}
			for _, a := range e.Attr {
				if said[a.Name.Local] = true; !slices.Contains(junitAttributes[name], a.Name.Local) {
					t.Errorf("a %s has no %s", name, a.Name.Local)
				}
			}
			for _, need := range junitRequired[name] {
				if !said[need] {
					t.Errorf("a %s without %s", name, need)
				}
			}
			open = append(open, name)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if parent := open[len(open)-1]; len(strings.TrimSpace(string(e))) > 0 && !slices.Contains([]string{"failure", "system-out"}, parent) {
				t.Errorf("text in %s: %s", parent, e)
			}
		case xml.Directive, xml.Comment:
			t.Errorf("%s", e)
		}
	}
	var r junit.Report
	if err := xml.Unmarshal(b, &r); err != nil {
		t.Fatal(err)
	}
	if s := r.Suites[0]; len(r.Suites) != 1 || s.Tests != len(s.Cases) || r.Tests != s.Tests ||
		s.Failures+s.Errors+s.Skipped > s.Tests || r.Failures != s.Failures {
		t.Errorf("counts: %+v", r)
	}
}

// TestXMLLint lets libxml2 read a report.
func TestXMLLint(t *testing.T) {
	lint := testkit.Need(t, "xmllint")
	for _, s := range []string{"", nasty["markup"], nasty["not UTF-8"], nasty["escape sequence"]} {
		c := exec.Command(lint, "--noout", "-")
		c.Stdin = strings.NewReader(string(print(t, "junit", Options{}, filled(t, func(old string) string { return old + s }))))
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	}
}

// TestJUnitCases follows each kind of finding into its case.
func TestJUnitCases(t *testing.T) {
	var r junit.Report
	if err := xml.Unmarshal(print(t, "junit", Options{}, recording(t, "everything.jsonl")), &r); err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, c := range r.Suites[0].Cases {
		var ids []string
		for _, f := range c.Failures {
			ids = append(ids, f.Type)
		}
		what := strings.Join(ids, " ")
		switch {
		case c.Error != nil:
			what += "error"
		case c.Skipped != nil:
			what += "skipped"
		}
		got[c.Name] = what
	}
	for name, want := range map[string]string{
		"Foo-Bar 1.29":     "CVE-2099-0001 CPANSA-Foo-Bar-2099-02", // and not the unknown one
		"Acme-Demo v2.0.1": "CVE-2099-0003",
		"Web-Pets 3.4":     "", // one ignored, one known
		"Yarn-Ball >= 0.5": "", // admitted
		"234 other components without a finding that is told": "",
		"the answer is complete":                              "error",
	} {
		if what, there := got[name]; !there || what != want {
			t.Errorf("case %q: %q, want %q; all: %q", name, what, want, got)
		}
	}
}

func checkCSV(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, []byte(strings.ReplaceAll(string(b), "\r\n", "\n")))
	rows, err := csv.NewReader(strings.NewReader(string(b))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if len(row) != len(columns) {
			t.Errorf("%d cells", len(row))
		}
		for _, cell := range row {
			for part := range strings.SplitSeq(cell, ";") {
				if part = strings.TrimLeft(part, ` "`); part != "" && strings.ContainsRune(formula, []rune(part)[0]) {
					t.Errorf("a formula: %q", cell)
				}
			}
		}
	}
}

// TestCSVHeader is the promise that columns stay where they are.
func TestCSVHeader(t *testing.T) {
	head, _, _ := strings.Cut(string(print(t, "csv", Options{}, recording(t, "everything.jsonl"))), "\r\n")
	const want = "severity,verdict,state,counts,distribution,version,range,advisory,aliases,title,fixed_in,update_to,action," +
		"kind,scope,direct,path,file,line,purl,cvss,cwes,published,url,reason,ignored,installed,vendor,reach"
	if !strings.HasPrefix(head, want) {
		t.Errorf("the header is\n%s, want\n%s", head, want)
	}
}

func TestInert(t *testing.T) {
	for s, want := range map[string]string{
		"":                          "",
		"Foo-Bar 1.29":              "Foo-Bar 1.29",
		">=1.2, <2":                 ">=1.2, <2",
		"=cmd|' /C calc'!A0":        "'=cmd|' /C calc'!A0",
		"+1":                        "'+1",
		"-2":                        "'-2",
		"@SUM(1)":                   "'@SUM(1)",
		"＝1":                        "'＝1",
		` "=1`:                      ` "'=1`,
		"x;=1;y;  +2":               "x;'=1;y;  '+2",
		"a = b; c -1 (d@e.example)": "a = b; c -1 (d@e.example)",
	} {
		if got := inert(s); got != want {
			t.Errorf("inert(%q) = %q, want %q", s, got, want)
		}
	}
}

// command is a workflow command with a level, file, line and title, all of them
// escaped.
var command = regexp.MustCompile(`^::(error|warning|notice) (?:file=([^,:]+),)?(?:line=([1-9][0-9]*),)?title=([^,:]*)::([^\r\n]*)$`)

func checkGitHub(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	n := map[string]int{}
	for _, l := range strings.Split(strings.TrimSuffix(string(b), "\n"), "\n") {
		m := command.FindStringSubmatch(l)
		if m == nil {
			t.Errorf("no command: %s", l)
			continue
		}
		if n[m[1]]++; n[m[1]] > maxAnnotations {
			t.Errorf("more than %d of the level %s", maxAnnotations, m[1])
		}
		for _, rest := range m[2:] {
			if regexp.MustCompile(`%(?:[^023]|$)`).MatchString(rest) {
				t.Errorf("a raw %% in %s", rest)
			}
		}
	}
}

func checkGitLab(t testing.TB, b []byte) {
	t.Helper()
	document.Terminal(t, b)
	var all []gitLabIssue
	strict := json.NewDecoder(strings.NewReader(string(b)))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&all); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, i := range all {
		path := i.Location.Path
		if path == "" || strings.HasPrefix(path, "./") || strings.HasPrefix(path, "/") || i.Location.Lines.Begin < 1 {
			t.Errorf("location %+v", i.Location)
		}
		if seen[i.Fingerprint] || i.Fingerprint == "" {
			t.Errorf("fingerprint %q is not one's own", i.Fingerprint)
		}
		seen[i.Fingerprint] = true
		if !slices.Contains([]string{"info", "minor", "major", "critical", "blocker"}, i.Severity) {
			t.Errorf("severity %s", i.Severity)
		}
	}
}

// TestGitLabSeverities follows findings into the five words.
func TestGitLabSeverities(t *testing.T) {
	got := map[string]string{}
	for _, i := range decoded[[]gitLabIssue](t, "gitlab", recording(t, "everything.jsonl")) {
		got[i.Check] = i.Severity + " " + i.Location.Path + ":" + strconv.Itoa(i.Location.Lines.Begin)
	}
	for id, want := range map[string]string{
		"CVE-2099-0001":          "blocker examples/petshop/cpanfile.snapshot:12",
		"CPANSA-Foo-Bar-2099-02": "critical examples/petshop/cpanfile.snapshot:12", // unrated
		"CVE-2099-0002":          "info examples/petshop/cpanfile.snapshot:12",     // unknown
		"CVE-2099-0004":          "",                                               // ignored
		"CVE-2099-0006":          "major examples/petshop/cpanfile.snapshot:77",    // known before
		"CVE-2099-0009":          "info examples/petshop/META.json:1",              // admitted
	} {
		if got[id] != want {
			t.Errorf("%s is %q, want %q", id, got[id], want)
		}
	}
}

// TestGitHubManyFindings holds that of too many findings the worst are shown, and
// the others counted.
func TestGitHubManyFindings(t *testing.T) {
	old := recording(t, "everything.jsonl")
	stream := old[:1:1]
	for range 25 {
		for _, m := range old {
			if m.Finding != nil {
				stream = append(stream, m)
			}
		}
	}
	stream = append(stream, old[len(old)-1])
	b := print(t, "github", Options{}, stream)
	checkGitHub(t, b)
	for _, want := range []string{
		"::error file=examples/petshop/cpanfile.snapshot,line=12,title=Foo-Bar 1.29%3A CVE-2099-0001::affected, critical: ",
		"::error title=Nacre::66 more, which GitHub would not show: nacre scan lists all.\n",
		"::warning title=Nacre::petshop: 5 known vulnerabilities",
	} {
		if !strings.Contains(string(b), want) {
			t.Errorf("no %q in\n%s", want, b)
		}
	}
}

// TestGitHubUnknownPerl holds that what only some perls have is one annotation.
func TestGitHubUnknownPerl(t *testing.T) {
	stream := recording(t, "everything.jsonl")
	for _, m := range stream {
		if f := m.Finding; f != nil {
			f.Component.Kind, f.Admits, f.Counts, f.Ignored, f.Known = "core", true, false, nil, false
		}
	}
	b := print(t, "github", Options{}, stream)
	checkGitHub(t, b)
	if got := string(b); strings.Count(got, "\n") != 2 || !strings.Contains(got, "title=perl::10 flaws of what perl ships may apply") {
		t.Errorf("%s", got)
	}
}

// TestFromHere holds where a file is for a service: from the folder in which the
// scan was started.
func TestFromHere(t *testing.T) {
	for _, c := range []struct{ path, file, want string }{
		{".", "cpanfile", "cpanfile"},
		{"", "cpanfile", "cpanfile"},
		{"shop", "cpanfile", "shop/cpanfile"},
		{"./shop/", "lib/cpanfile", "shop/lib/cpanfile"},
		{`shop\a`, "cpanfile", "shop/a/cpanfile"},
		{"shop/list.txt", "list.txt", "shop/list.txt"},
		{"list.txt", "list.txt", "list.txt"},
		{"/builds/shop", "cpanfile", "cpanfile"},
		{`C:\shop`, "cpanfile", "cpanfile"},
		{"../shop", "cpanfile", "cpanfile"},
		{"-", "", ""},
		{"shop", "", "shop"},
	} {
		s := stream{config: scan.Config{Path: c.path}}
		if got := s.fromHere(inventory.Evidence{File: c.file}).File; got != c.want {
			t.Errorf("%s in %s is %q, want %q", c.file, c.path, got, c.want)
		}
	}
}

func FuzzCSAF(f *testing.F)   { fuzz(f, "csaf") }
func FuzzJUnit(f *testing.F)  { fuzz(f, "junit") }
func FuzzCSV(f *testing.F)    { fuzz(f, "csv") }
func FuzzGitHub(f *testing.F) { fuzz(f, "github") }
func FuzzGitLab(f *testing.F) { fuzz(f, "gitlab") }
