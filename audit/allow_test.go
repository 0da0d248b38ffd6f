package audit_test

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"nacre/audit"
)

func TestAllow(t *testing.T) {
	files := map[string]string{"lib/Foo.pm": `bad(1); ## nacre: allow TST01 it is only a test
## nacre: allow TST01 the line below
bad(2);
bad(3); ## nacre: allow TST01
bad(4); ## nacre: allow because
my $s = "## nacre: allow TST01 not a comment"; bad(5);
good(6); ## nacre: allow TST01 nothing is here
bad(7); ## no critic (ProhibitBad)
bad(8); ## nacre: allow TST02 another rule
`}
	want := []string{
		"lib/Foo.pm:1 certain high allowed: it is only a test",
		"lib/Foo.pm:3 certain high allowed: the line below",
		"lib/Foo.pm:4 certain high",
		"lib/Foo.pm:5 certain high",
		"lib/Foo.pm:6 certain high",
		"lib/Foo.pm:8 certain high",
		"lib/Foo.pm:9 certain high",
		"lib/Foo.pm:4 note: allow gives no reason, so it allows nothing: ## nacre: allow RULE reason (partial false)",
		"lib/Foo.pm:5 note: allow names no rule, so it allows nothing: ## nacre: allow RULE reason (partial false)",
		"lib/Foo.pm:7 note: allow is about nothing that was found here (partial false)",
		"lib/Foo.pm:9 note: allow is about nothing that was found here (partial false)",
	}
	if d := gocmp.Diff(want, run(t, files, audit.Options{})); d != "" {
		t.Error(d)
	}
	want[5] += " allowed: no critic"
	if d := gocmp.Diff(want, run(t, files, audit.Options{Critic: true})); d != "" {
		t.Errorf("with no critic:\n%s", d)
	}
}

// TestAllowText holds what is taken for an allowance.
func TestAllowText(t *testing.T) {
	for comment, want := range map[string]string{
		"## nacre: allow TST01 it is public":         "it is public",
		"# nacre:allow TST01, RND01: it is public":   "it is public",
		"##nacre: allow RND01 TST01 - it is public.": "it is public.",
		"## nacre: allow TST01 :":                    "",
		"## nacre: allow TST011 it is public":        "",
		"## nacre: allow TST01s it is public":        "",
		"## nacre: allow tst01 it is public":         "",
		"## nacre: allowed TST01 it is public":       "",
	} {
		r := audit.Check(audit.NewFile("lib/Foo.pm", audit.Library, []byte("bad(1); "+comment+"\n")), &audit.Release{}, audit.Options{Rules: rules(t)})
		got := ""
		if a := r.Findings[0].Allowed; a != nil {
			got = a.Reason
		}
		if got != want {
			t.Errorf("%s: %q, not %q", comment, got, want)
		}
	}
}

// TestAllowMuch holds that what is not read of many comments is told.
func TestAllowMuch(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"Perl": {"lib/Foo.pm": strings.Repeat("## nacre: allow TST01 so be it\n", 1500) + "bad(1);\n"},
		"C":    {"Foo.c": strings.Repeat("// nacre: allow TST01 so be it\n", 1500) + "bad(1);\n"},
	} {
		got := strings.Join(run(t, files, audit.Options{Rules: native(t)}), "\n")
		if !strings.Contains(got, ":1001 note: from here on comments allow nothing (limit: 1000 of a file) (partial true)") || strings.Contains(got, "allowed:") {
			t.Errorf("%s: %.300s", name, got)
		}
	}
}

// FuzzAllow holds that any bytes are read for comments, and that one that allows
// stands on the finding's line or on that above.
func FuzzAllow(f *testing.F) {
	f.Add([]byte("bad(1); ## nacre: allow TST01 so be it\n"), false)
	f.Add([]byte("/* nacre: allow TST01 so be it */\nbad(1);\n"), true)
	f.Add([]byte("char *s = \"// nacre: allow TST01 a string\"; bad(1);\n"), true)
	all := native(f)
	f.Fuzz(func(t *testing.T, src []byte, c bool) {
		file := audit.NewFile("lib/Foo.pm", audit.Library, src)
		if c {
			file = audit.NewFile("Foo.c", audit.Native, src)
		}
		for _, found := range audit.Check(file, &audit.Release{}, audit.Options{Rules: all, Critic: true}).Findings {
			if a := found.Allowed; a != nil && (a.Reason == "" || a.Line != found.Line && a.Line != found.Line-1) {
				t.Errorf("line %d: %+v", found.Line, *a)
			}
		}
	})
}

// native gives a rule that finds bad in C.
func native(t testing.TB) []*audit.Rule {
	all := rules(t)
	all[0].Native = func(p *audit.Pass) {
		for i, line := range strings.Split(string(p.File.Src), "\n") {
			if strings.Contains(line, "bad(") {
				p.Report(audit.Found{Line: i + 1, Confidence: audit.Likely, Severity: audit.High, Message: "bad is called"})
			}
		}
	}
	return all
}

func TestAllowInC(t *testing.T) {
	got := run(t, map[string]string{"Foo.xs": `bad(1); /* nacre: allow TST01 long enough */
// nacre: allow TST01 the line below
bad(2);
/* nacre: allow TST01 this line alone */ bad(3);
bad(4);
char *s = "/* nacre: allow TST01 a string */"; bad(5);
bad(6); /* nacre: allow TST01 */
good(7); // nacre: allow TST01 nothing is here
`}, audit.Options{Rules: native(t)})
	want := []string{
		"Foo.xs:1 likely high allowed: long enough",
		"Foo.xs:3 likely high allowed: the line below",
		"Foo.xs:4 likely high allowed: this line alone",
		"Foo.xs:5 likely high",
		"Foo.xs:6 likely high",
		"Foo.xs:7 likely high",
		"Foo.xs:7 note: allow gives no reason, so it allows nothing: /* nacre: allow RULE reason */ (partial false)",
		"Foo.xs:8 note: allow is about nothing that was found here (partial false)",
	}
	if d := gocmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

// TestAllowOfOthers holds that a comment is not called idle whose rule was not
// asked, or is asked about the whole release, whose findings it allows, too.
func TestAllowOfOthers(t *testing.T) {
	files := map[string]string{"lib/Foo.pm": "good(1); ## nacre: allow TST02 another\ngood(2); ## nacre: allow TST01 the whole\n"}
	whole := rules(t)
	whole[0].Perl, whole[0].Release = nil, func(p *audit.Pass) {
		for line := 1; line <= 2; line++ {
			p.Report(audit.Found{Path: "lib/Foo.pm", Line: line, Confidence: audit.Likely, Severity: audit.Low, Message: "something"})
		}
	}
	want := []string{"lib/Foo.pm:1 likely low", "lib/Foo.pm:2 likely low allowed: the whole"}
	if d := gocmp.Diff(want, run(t, files, audit.Options{Rules: whole, Chosen: true})); d != "" {
		t.Error(d)
	}
	want = append([]string{"lib/Foo.pm:1 note: allow is about nothing that was found here (partial false)"}, want...)
	if d := gocmp.Diff(want, run(t, files, audit.Options{Rules: whole})); d != "" {
		t.Errorf("all rules:\n%s", d)
	}
}
