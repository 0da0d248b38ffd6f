package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"nacre/audit"
	"nacre/fault"
	"nacre/release"
	"nacre/unified"
)

// ruleText is the file of a rule that finds calls of bad.
const ruleText = `id: TST01
title: a call of bad
cwe: CWE-710
critic: Miscellanea::ProhibitBad
-- what --
Calls of ` + "`bad`" + `.
-- why --
They are bad.
-- fix --
Call good.
-- references --
CVE-2099-0001
-- insecure/lib/Foo.pm --
bad(1); # want likely
-- secure/lib/Foo.pm --
good(1);
-- case/two files/lib/Foo.pm --
bad(1); # want
-- case/two files/META.json --
{}
-- case/two files/want --
META.json:1 possible
`

// rules gives the rule, compiled: certain where bad has a literal argument.
func rules(t testing.TB) []*audit.Rule {
	t.Helper()
	r := &audit.Rule{Text: ruleText, Words: []string{"bad"}, Perl: func(p *audit.Pass) {
		for n := range p.File.Calls("bad") {
			f := audit.Found{Node: n, Confidence: audit.Likely, Severity: audit.High, Message: "bad is called"}
			if _, ok := p.File.Tree.Literal(p.File.Tree.Arg(n, 0)); !ok {
				f.Steps = []audit.Step{{Line: 90, What: "where it comes from"}}
			}
			if text, ok := p.File.Tree.Literal(p.File.Tree.Arg(n, 0)); ok {
				f.Confidence = audit.Certain
				if text == "fix" {
					start, end := p.File.Tree.Span(n)
					f.Fix = &audit.Fix{Title: "call good", Edits: []audit.Edit{{Start: start, End: end, New: "good()"}}}
				}
			}
			p.Report(f)
		}
	}}
	all := []*audit.Rule{r}
	if err := audit.Compile(all); err != nil {
		t.Fatal(err)
	}
	return all
}

func TestParseDoc(t *testing.T) {
	d, err := audit.ParseDoc(ruleText)
	if err != nil {
		t.Fatal(err)
	}
	if d.ID != "TST01" || d.Title != "a call of bad" || d.What != "Calls of `bad`." || !slices.Equal(d.References, []string{"CVE-2099-0001"}) {
		t.Errorf("%+v", d)
	}
	want := []audit.Want{{File: "lib/Foo.pm", Line: 1}, {File: "META.json", Line: 1, Confidence: audit.Possible}}
	if diff := gocmp.Diff(want, d.Cases[0].Want); diff != "" {
		t.Error(diff)
	}
	for name, change := range map[string][2]string{
		"no id":                 {"id: TST01", "id: T1"},
		"no title":              {"title: a call of bad\n", ""},
		"no weakness":           {"CWE-710", "710"},
		"a field that is none":  {"critic:", "critik:"},
		"a part that is none":   {"-- why --", "-- because --"},
		"nothing to find":       {"# want likely", ""},
		"something secure":      {"good(1);", "good(1); # want"},
		"a path that leads out": {"-- case/two files/META.json --", "-- case/two files/../META.json --"},
		"cases torn apart":      {"-- case/two files/META.json --", "-- case/one/META.json --"},
		"a want without a line": {"META.json:1 possible", "META.json"},
		"a want in doubt":       {"META.json:1 possible", "META.json:1 perhaps"},
	} {
		if text := strings.Replace(ruleText, change[0], change[1], 1); text == ruleText {
			t.Errorf("%s: nothing changed", name)
		} else if _, err := audit.ParseDoc(text); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	twice := append(rules(t), rules(t)...)
	if err := audit.Compile(twice); err == nil {
		t.Error("two rules of one id: no error")
	}
}

func FuzzParseDoc(f *testing.F) {
	f.Add(ruleText)
	f.Fuzz(func(t *testing.T, text string) {
		d, err := audit.ParseDoc(text)
		if err == nil && (d.ID == "" || len(d.CWE) == 0 || len(d.Insecure.Want) == 0) {
			t.Errorf("accepted without an id, a weakness or an example: %+v", d)
		}
	})
}

func TestCutWant(t *testing.T) {
	for line, want := range map[string]string{
		"bad(1); # want":            "bad(1);",
		"strcpy(a, b); /* want */":  "strcpy(a, b);",
		"bad(1); # want certain":    "bad(1);",
		"bad(1); # they want it so": "bad(1); # they want it so",
	} {
		if got, found := audit.CutWant(line); got != want || found != (line != want) {
			t.Errorf("%q: %q, %v", line, got, found)
		}
	}
}

// run audits files, and gives a line for each finding and note.
func run(t *testing.T, files map[string]string, opt audit.Options) []string {
	t.Helper()
	fsys, names := fstest.MapFS{}, []string{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		names = append(names, name)
	}
	slices.Sort(names)
	rel, err := audit.ReadRelease(context.Background(), fsys, names, release.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if opt.Rules == nil {
		opt.Rules = rules(t)
	}
	var got []string
	if err := audit.Run(context.Background(), rel, opt, func(r audit.Result) bool {
		for _, f := range r.Findings {
			line := fmt.Sprintf("%s:%d %s %s", f.File, f.Line, f.Confidence, f.Severity)
			if f.Allowed != nil {
				line += " allowed: " + f.Allowed.Reason
			}
			got = append(got, line)
		}
		for _, n := range r.Notes {
			got = append(got, fmt.Sprintf("%s:%d note: %s (partial %v)", n.File, n.Line, n.What, n.Partial))
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestRun(t *testing.T) {
	files := map[string]string{
		"bin/tool":       "#!/usr/bin/perl\nbad($x);\n",
		"README":         "bad(1);\n",
		"eg/demo.pl":     "bad($x);\n",
		"lib/Broken.pm":  "bad(1);\nmy $x = 'no end;\n",
		"lib/Foo.pm":     "package Foo;\nbad(1); bad(2);\n\nbad($y);\n1;\n",
		"t/foo.t":        "bad(1);\n",
		"tools/mine.pl":  "bad(1);\n",
		"lib/Foo/tools/": "",
	}
	delete(files, "lib/Foo/tools/")
	want := []string{
		"bin/tool:2 likely high",
		"eg/demo.pl:1 likely medium",
		"lib/Broken.pm:1 certain high",
		"lib/Broken.pm:0 note: line 2: string that begins here never ends (partial true)",
		"lib/Foo.pm:2 certain high",
		"lib/Foo.pm:4 likely high",
	}
	for _, jobs := range []int{0, 1, 3, 16} {
		if d := gocmp.Diff(want, run(t, files, audit.Options{Jobs: jobs})); d != "" {
			t.Errorf("%d workers:\n%s", jobs, d)
		}
	}
	all := run(t, files, audit.Options{All: true})
	if !slices.Contains(all, "t/foo.t:1 certain high") || !slices.Contains(all, "tools/mine.pl:1 certain high") {
		t.Errorf("with tests: %q", all)
	}
}

// TestTime holds that a file whose rules take too long is told, and that others go on.
func TestTime(t *testing.T) {
	now := time.Unix(0, 0)
	slow := rules(t)
	slow[0].Perl = func(p *audit.Pass) {
		if p.File.Path == "lib/Foo.pm" {
			return
		}
		for i := 0; !p.File.Late(); i++ {
			now = now.Add(time.Second)
		}
	}
	got := run(t, map[string]string{"lib/A.pm": "bad(1);", "lib/Foo.pm": "bad(1);"}, audit.Options{
		Rules: slow, MaxTime: 5 * time.Second, Now: func() time.Time { return now },
	})
	want := []string{"lib/A.pm:0 note: the rules took longer than 5s, and ended at TST01 (partial true)"}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestStopped holds that a run that is stopped gives what is done, waits for no
// rule, and says what it did not come to.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	hold := make(chan bool)
	defer close(hold)
	all := rules(t)
	find := all[0].Perl
	all[0].Perl = func(p *audit.Pass) {
		find(p)
		if p.File.Path == "lib/B.pm" {
			stop()
			<-hold
		}
	}
	fsys, files := fstest.MapFS{}, []string{"lib/A.pm", "lib/B.pm", "lib/C.pm", "lib/D.pm"}
	for _, name := range files {
		fsys[name] = &fstest.MapFile{Data: []byte("bad(1);\n")}
	}
	var b strings.Builder
	sum, err := audit.Sift{Confidence: audit.Likely, FailOn: audit.Low}.Tell(audit.Config{Schema: audit.Schema}, audit.NewEncoder(&b), func(yield func(audit.Result) bool) error {
		return audit.Run(ctx, &audit.Release{FS: fsys, Files: files}, audit.Options{Rules: all}, yield)
	})
	if fault.KindOf(err) != fault.Canceled || !sum.Partial || sum.Status != 3 || sum.High != 1 || sum.Files != 1 || sum.Unread != 0 {
		t.Errorf("%v: %+v", err, sum)
	}
	if !strings.Contains(b.String(), `"what":"the audit was stopped before 3 of 4 files were looked at","partial":true`) {
		t.Error(b.String())
	}
}

// TestFingerprint holds that a finding keeps its fingerprint when lines come
// before it, and that two of the same line of code have two.
func TestFingerprint(t *testing.T) {
	prints := func(src string) (all []string) {
		for _, f := range audit.Check(audit.NewFile("lib/Foo.pm", audit.Library, []byte(src)), &audit.Release{}, audit.Options{Rules: rules(t)}).Findings {
			all = append(all, f.Fingerprint)
		}
		return all
	}
	before, after := prints("sub f { bad($x) }\nbad($x);\nbad($x);\n"), prints("\n# new\n\nsub f { bad($x) }\n\n  bad($x);\nbad($x);\n")
	if d := gocmp.Diff(before, after); d != "" {
		t.Error(d)
	}
	slices.Sort(before)
	if len(slices.Compact(before)) != 3 {
		t.Errorf("%q", before)
	}
}

func TestFix(t *testing.T) {
	lines := func(from, to int) string {
		var b strings.Builder
		for i := from; i <= to; i++ {
			fmt.Fprintf(&b, "line(%d);\n", i)
		}
		return b.String()
	}
	for name, c := range map[string]struct{ src, want string }{
		"a short file": {"one();\nbad('fix');\n", "good();\n"},
		"far within":   {lines(1, 90) + "bad('fix');\n" + lines(92, 200), "good();\n"},
		"two lines":    {lines(1, 90) + "bad(\n'fix');\n" + lines(93, 200), "good();\n"},
		"the end":      {lines(1, 90) + "bad('fix')", "good()"},
		"a long line":  {lines(1, 90) + "bad('fix'); # " + strings.Repeat("x", 20_000) + "\n", ""},
	} {
		r := audit.Check(audit.NewFile("lib/Foo.pm", audit.Library, []byte(c.src)), &audit.Release{}, audit.Options{Rules: rules(t)})
		if len(r.Findings) != 1 {
			t.Errorf("%s: %d findings", name, len(r.Findings))
			continue
		}
		got, want := "", ""
		if r.Findings[0].Fix != nil {
			got = r.Findings[0].Fix.Diff
		}
		if c.want != "" {
			// The change is told as if the whole file had been compared.
			start, end := strings.Index(c.src, "bad("), strings.Index(c.src, "'fix')")+len("'fix')")
			want = unified.New("lib/Foo.pm", unified.Lines([]byte(c.src)), unified.Lines([]byte(c.src[:start]+"good()"+c.src[end:]))).String()
			if !strings.Contains(want, "+"+c.want) {
				t.Errorf("%s: the test itself is wrong:\n%s", name, want)
			}
		}
		if d := gocmp.Diff(want, got); d != "" {
			t.Errorf("%s:\n%s", name, d)
		}
	}
}

// TestOneALine holds that of several findings of a rule on one line the surest
// is told.
func TestOneALine(t *testing.T) {
	got := run(t, map[string]string{"lib/Foo.pm": "bad($x); bad(1); bad($y);\n"}, audit.Options{})
	if d := gocmp.Diff([]string{"lib/Foo.pm:1 certain high"}, got); d != "" {
		t.Error(d)
	}
}
