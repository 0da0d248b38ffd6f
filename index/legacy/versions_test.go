package legacy

import (
	"regexp"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/index"
	"nacre/perlver"
)

var clausePattern = regexp.MustCompile(`^(<=|>=|<|>)v?[0-9._]+$`)

// FuzzAffectedVersions holds what is written for any statement to the few
// characters that it is made of, and to the statement's verdict on a version.
func FuzzAffectedVersions(f *testing.F) {
	f.Add(">=1.0,<1.3|>1.4", "1.2")
	f.Add("<1.2|1.20_01|!=7", "1.20_01")
	f.Add("undef|latest", "0")
	f.Add("<= v1.2 , > .5", "1")
	f.Fuzz(func(t *testing.T, elements, text string) {
		v, err := perlver.ParseExact(text)
		if err != nil || len(elements) > 400 {
			return
		}
		stated := &advisory.Affected{Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: strings.Split(elements, "|")}}}}
		of := &index.Affected{Affected: stated, Judge: stated.Compile()}
		written, partly := affectedVersions(of)
		for _, e := range written {
			for c := range strings.SplitSeq(e, ",") {
				if !clausePattern.MatchString(c) {
					t.Fatalf("%q is written as %q", elements, written)
				}
			}
		}
		status := of.Judge.Status(v)
		if status == advisory.StatusUnknown {
			if partly == "" {
				t.Fatalf("%q is unknown in %q, and nothing says so", text, elements)
			}
			return
		}
		if len(written) == 0 { // none, or all where partly says so
			if status.IsAffected() {
				t.Fatalf("%q is %s in %q, and nothing is written", text, status, elements)
			}
			return
		}
		if got, _ := perlver.ParseCPANSA(written).Contains(v); (got == perlver.True) != status.IsAffected() || got == perlver.Unknown {
			t.Fatalf("%q is %s in %q, and %s in %q", text, status, elements, got, written)
		}
	})
}
