package bill_test

import (
	"testing"

	"nacre/cpan"
	"nacre/inventory"
	"nacre/inventory/bill"
)

func TestDistOf(t *testing.T) {
	for _, c := range []struct {
		manager, name string
		want          cpan.Dist
	}{
		{"dpkg", "libfoo-bar-perl", "Foo-Bar"},
		{"dpkg", "perl-base", "perl"},
		{"dpkg", "zlib1g", ""},
		{"apk", "perl-foo-bar", "Foo-Bar"},
		{"rpm", "perl-Foo-BAR", "Foo-BAR"},
		{"rpm", "perl-interpreter", "perl"},
	} {
		if got := bill.DistOf(inventory.Package{Manager: c.manager, Name: c.name}); got != c.want {
			t.Errorf("%s %s: got %q, want %q", c.manager, c.name, got, c.want)
		}
	}
}
