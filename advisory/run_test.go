package advisory_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/perlver"
)

func hit(s advisory.Status) bool {
	return s == advisory.StatusAffected || s == advisory.StatusContradictory
}

func draw(runs []advisory.Run) string {
	var out []string
	for _, r := range runs {
		left, right := "[", "]"
		if r.After {
			left = "("
		}
		if r.Before || r.To.IsZero() {
			right = ")"
		}
		out = append(out, left+r.From.String()+" "+r.To.String()+right)
	}
	return strings.Join(out, " ")
}

func TestRuns(t *testing.T) {
	cpansa := func(affected, fixed string) advisory.Statement {
		s := advisory.Statement{Entry: "CPANSA-Foo-Bar-2099-01", CPANSA: &advisory.CPANSA{Affected: strings.Split(affected, "|")}}
		if fixed != "" {
			s.CPANSA.Fixed = strings.Split(fixed, "|")
		}
		return s
	}
	for _, c := range []struct{ affected, fixed, want, unknown string }{
		{affected: "<1.3", want: "[0 1.3)"},
		{affected: "<=1.3", want: "[0 1.3]"},
		{affected: ">1.3", want: "(1.3 )"},
		{affected: ">0", want: "(0 )"},
		{affected: ">=0", want: "[0 )"},
		{affected: "==1.3|=1.4|1.5", want: "[1.3 1.3] [1.4 1.4] [1.5 1.5]"},
		{affected: ">=1.0,<1.2|>=1.2,<1.3", want: "[1.0 1.3)"},
		{affected: ">=1.0,<1.2|>1.2,<1.3", want: "[1.0 1.2) (1.2 1.3)"},
		{affected: ">=5.30.0,<5.34.3|>=5.36.0,<5.36.3", want: "[5.30.0 5.34.3) [5.36.0 5.36.3)"},
		{affected: ">=1.1,<1.10", want: ""},
		{affected: ">=1.0,!=1.2", want: "[1.0 1.2) (1.2 )"},
		{affected: "<1.3", fixed: ">=1.2", want: "[0 1.3)"},
		{affected: ">=1.0|latest", want: "[1.0 )", unknown: "[0 1.0)"},
		{affected: "latest", want: "", unknown: "[0 )"},
	} {
		a := advisory.Affected{Dist: "Foo-Bar", Statements: []advisory.Statement{cpansa(c.affected, c.fixed)}}
		j := a.Compile()
		runs, err := j.Runs(hit)
		if err != nil {
			t.Fatal(err)
		}
		if got := draw(runs); got != c.want {
			t.Errorf("%s, fixed %s: %s, want %s", c.affected, c.fixed, got, c.want)
		}
		runs, err = j.Runs(func(s advisory.Status) bool { return s == advisory.StatusUnknown })
		if err != nil {
			t.Fatal(err)
		}
		if got := draw(runs); got != c.unknown {
			t.Errorf("%s, fixed %s: unknown %s, want %s", c.affected, c.fixed, got, c.unknown)
		}
	}
}

func TestRunString(t *testing.T) {
	for _, c := range []struct{ stated, want string }{
		{"<1.3", "<1.3"},
		{"<=v1.3.0", "<=v1.3.0"},
		{">=0", ">=0"},
		{">0,<=2", ">0,<=2"},
		{">=1.20_01", ">=1.20_01"},
		{"1.05", ">=1.05,<=1.05"},
		{"undef", "<=0"},
		{">undef,<1.2", ">0,<1.2"},
		{">=1.,<2", ">=1.,<2"},
	} {
		a := advisory.Affected{Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: []string{c.stated}}}}}
		runs, err := a.Compile().Runs(hit)
		if err != nil || len(runs) != 1 || runs[0].String() != c.want {
			t.Errorf("%s: %v, want %s; %v", c.stated, runs, c.want, err)
		}
	}
}

func TestRunsBound(t *testing.T) {
	a := advisory.Affected{Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{}}}}
	for i := range advisory.MaxBounds {
		a.Statements[0].CPANSA.Affected = append(a.Statements[0].CPANSA.Affected, fmt.Sprintf("==%d.5", i))
	}
	if _, err := a.Compile().Runs(hit); err == nil || !strings.Contains(err.Error(), "limit: bounds") {
		t.Errorf("error %v", err)
	}
}

// FuzzRuns holds the runs of two statements to the verdicts of both on a third
// version.
func FuzzRuns(f *testing.F) {
	f.Add("<1.3", "1.0 < 1.2", "1.1")
	f.Add(">=1.0,<2|1.5_01", "0.5", "v1.5.1")
	f.Add("!=1.2|latest", "1 <= *", "1.2")
	f.Fuzz(func(t *testing.T, elements, upper, text string) {
		v, err := perlver.ParseExact(text)
		if err != nil || len(elements)+len(upper) > 400 {
			return
		}
		from, to, _ := strings.Cut(upper, " < ")
		a := advisory.Affected{Statements: []advisory.Statement{
			{Source: 0, CVE: &advisory.CVE{DefaultStatus: "unaffected", Versions: []perlver.CVEVersion{{Version: from, LessThan: to, Status: "affected"}}}},
			{Source: 1, CPANSA: &advisory.CPANSA{Affected: strings.Split(elements, "|")}},
		}}
		j := a.Compile()
		for status := range advisory.StatusAffected + 1 {
			runs, err := j.Runs(func(s advisory.Status) bool { return s == status })
			if err != nil {
				t.Fatal(err)
			}
			in := false
			for _, r := range runs {
				low, high := v.Compare(r.From), -1
				if !r.To.IsZero() {
					high = v.Compare(r.To)
				}
				in = in || (low > 0 || low == 0 && !r.After) && (high < 0 || high == 0 && !r.Before)
			}
			if want := j.Status(v) == status; in != want {
				t.Fatalf("%q is in the runs of %s: %v, want %v: %s", text, status, in, want, draw(runs))
			}
		}
	})
}
