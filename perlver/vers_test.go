package perlver_test

import (
	"testing"

	"nacre/perlver"
)

// TestVers reads ranges in the form of vers.
func TestVers(t *testing.T) {
	for vers, want := range map[string]string{
		"vers:cpan/*": "0", "vers:cpan/>=1.2": "1.2", "vers:cpan/1.5": "== 1.5", "vers:cpan/>=1.2|!=1.5|<2.0": ">= 1.2, < 2.0, != 1.5",
		"": "0", "vers:npm/1": "error", "vers:cpan/|": "error", "vers:cpan/": "error",
		"vers:cpan/>1|1.5|<2": "error", "vers:cpan/1|!=1.5": "error", "vers:cpan/>=1|>=3": "error", "vers:cpan/<1|>=2": "error", "vers:cpan/1|2": "error",
	} {
		r, err := perlver.ParseVers(vers)
		got := r.String()
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%q is %q, want %q", vers, got, want)
		}
	}
}

// FuzzParseVers reads any text as a range: what is read is written and read back
// as the same range.
func FuzzParseVers(f *testing.F) {
	for _, s := range []string{"vers:cpan/*", "vers:cpan/>=1.2|!=1.5|<2.0", "vers:cpan/v1.2.3", "vers:cpan/=1_1|", "vers:cpan/1|2", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := perlver.ParseVers(s)
		if err != nil {
			return
		}
		again, err := perlver.ParseRequirement(r.String())
		if err != nil || again.String() != r.String() {
			t.Errorf("%q is %q, which is read as %q (%v)", s, r.String(), again.String(), err)
		}
	})
}
