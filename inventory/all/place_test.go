package all

import "testing"

func TestLayerOf(t *testing.T) {
	for place, want := range map[string]layer{
		// Debian
		"usr/local/share/perl/5.36.0":                {perl: "usr", order: site, version: "5.36.0"},
		"usr/local/lib/x86_64-linux-gnu/perl/5.36.0": {perl: "usr", order: site, version: "5.36.0"},
		"usr/share/perl5":                            {perl: "usr", order: vendor, version: ""},
		"usr/lib/x86_64-linux-gnu/perl5/5.36":        {perl: "usr", order: vendor, version: "5.36"},
		"usr/lib/x86_64-linux-gnu/perl-base":         {perl: "usr", order: core, version: ""},
		"usr/share/perl/5.36.0":                      {perl: "usr", order: core, version: "5.36.0"},
		"usr/lib/x86_64-linux-gnu/perl/5.36":         {perl: "usr", order: core, version: "5.36"},
		// Fedora
		"usr/local/share/perl5":       {perl: "usr", order: site, version: ""},
		"usr/local/lib64/perl5":       {perl: "usr", order: site, version: ""},
		"usr/share/perl5/vendor_perl": {perl: "usr", order: vendor, version: ""},
		"usr/lib64/perl5/vendor_perl": {perl: "usr", order: vendor, version: ""},
		// Alpine
		"usr/share/perl5/core_perl":       {perl: "usr", order: core, version: ""},
		"usr/local/share/perl5/site_perl": {perl: "usr", order: site, version: ""},
		// perl's own layout
		"usr/local/lib/perl5/site_perl/5.38.2":              {perl: "usr/local", order: site, version: "5.38.2"},
		"usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux": {perl: "usr/local", order: site, version: "5.38.2"},
		"usr/local/lib/perl5/5.38.2":                        {perl: "usr/local", order: core, version: "5.38.2"},
		"opt/perl/lib/perl5/5.38.2":                         {perl: "opt/perl", order: core, version: "5.38.2"},
		// perlbrew
		"root/perl5/perlbrew/perls/perl-5.38.2/lib/site_perl/5.38.2": {perl: "root/perl5/perlbrew/perls/perl-5.38.2", order: site, version: "5.38.2"},
		"root/perl5/perlbrew/perls/perl-5.38.2/lib/5.38.2":           {perl: "root/perl5/perlbrew/perls/perl-5.38.2", order: core, version: "5.38.2"},
		// nobody's
		"local/lib/perl5":        {},
		"app/local/lib/perl5":    {},
		"home/x/perl5/lib/perl5": {},
		"srv/app/lib":            {},
		"":                       {},
		"lib":                    {},
	} {
		if got := layerOf(place); got != want {
			t.Errorf("%s: %+v, want %+v", place, got, want)
		}
	}
}
