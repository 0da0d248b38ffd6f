package advisory

import (
	"testing"

	"pgregory.net/rapid"

	"nacre/perlver"
)

// TestStatusIsThatOfJudge: with and without the words, whatever the sources
// say, the status is the same.
func TestStatusIsThatOfJudge(t *testing.T) {
	clauses := rapid.SliceOfN(rapid.SampledFrom([]string{"<1.3", ">=1.1,<1.2", "==1.2", "latest", ">=0", "<0"}), 0, 2)
	versions := []string{"1.0", "1.1", "1.2", "1.3", "1.2;x"}
	rapid.Check(t, func(t *rapid.T) {
		var a Affected
		source := 0
		for range rapid.IntRange(0, 4).Draw(t, "statements") {
			source += rapid.IntRange(0, 1).Draw(t, "another source")
			a.Statements = append(a.Statements, Statement{Source: source, CPANSA: &CPANSA{
				Affected: clauses.Draw(t, "affected"), Fixed: clauses.Draw(t, "fixed"),
			}})
		}
		v, err := perlver.Parse(rapid.SampledFrom(versions).Draw(t, "version"))
		if err != nil {
			t.Fatal(err)
		}
		j := a.Compile()
		if got, want := j.Status(v), j.Judge(v).Status; got != want {
			t.Errorf("%s: status %s, judge says %s", v, got, want)
		}
	})
}
