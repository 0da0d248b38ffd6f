package advisory_test

import (
	"testing"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// TestIsDeveloper: as CPAN::DistnameInfo has it.
func TestIsDeveloper(t *testing.T) {
	for _, tt := range []struct {
		dist    cpan.Dist
		version string
		want    bool
	}{
		{"perl", "5.042000", false},
		{"perl", "5.36.0", false},
		{"perl", "5.6.0", false},
		{"perl", "5.005_54", true},
		{"perl", "5.004_05", false},
		{"perl", "5.041013", true},
		{"perl", "v5.43.1", true},
		{"perl", "5.7.0", true},
		{"perl", "5.005", false}, // odd, and from before the rule
		{"perl", "5.005_03", false},
		{"perl", "5.004_70", true},
		{"perl", "5.42.0-RC1", true},
		{"perl", "nonsense", false},
		{"Foo-Bar", "5.041013", false},
		{"Foo-Bar", "1.2_03", true},
		{"Foo-Bar", "1.2-RC1", false},
		{"Foo-Bar", "2.40-TRIAL", true},
		{"Foo-Bar", "2.40", false},
	} {
		v, err := perlver.Parse(tt.version)
		if err != nil {
			v = perlver.Version{}
		}
		if got := advisory.IsDeveloper(tt.dist, tt.version, v); got != tt.want {
			t.Errorf("%s %s: %v", tt.dist, tt.version, got)
		}
	}
}
