package scan

import (
	"testing"

	"nacre/cpan"
	"nacre/perlver"
)

// TestDeveloper: as CPAN::DistnameInfo has it.
func TestDeveloper(t *testing.T) {
	for _, c := range []struct {
		dist    cpan.Dist
		version string
		want    bool
	}{
		{"Foo-Bar", "1.2", false},
		{"Foo-Bar", "1.2_01", true},
		{"Foo-Bar", "1.2-TRIAL", true},
		{"Foo-Bar", "1.2-RC1", false},
		{"perl", "5.36.0", false},
		{"perl", "5.036001", false},
		{"perl", "5.37.3", true},
		{"perl", "5.6.0", false},
		{"perl", "5.7.1", true},
		{"perl", "5.005_03", false},
		{"perl", "5.005_54", true},
		{"perl", "5.004_05", false},
		{"perl", "5.36.1-RC2", true},
	} {
		v, _, err := perlver.Approximate(c.version)
		if err != nil {
			t.Fatal(err)
		}
		if got := isDeveloper(c.dist, c.version, v); got != c.want {
			t.Errorf("%s %s: %v", c.dist, c.version, got)
		}
	}
}
