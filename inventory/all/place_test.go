package all

import "testing"

func TestLayerOf(t *testing.T) {
	for place, want := range map[string]layer{
		// Debian
		"usr/local/share/perl/5.36.0":                {"usr", site},
		"usr/local/lib/x86_64-linux-gnu/perl/5.36.0": {"usr", site},
		"usr/share/perl5":                            {"usr", vendor},
		"usr/lib/x86_64-linux-gnu/perl5/5.36":        {"usr", vendor},
		"usr/lib/x86_64-linux-gnu/perl-base":         {"usr", core},
		"usr/share/perl/5.36.0":                      {"usr", core},
		"usr/lib/x86_64-linux-gnu/perl/5.36":         {"usr", core},
		// Fedora
		"usr/local/share/perl5":       {"usr", site},
		"usr/local/lib64/perl5":       {"usr", site},
		"usr/share/perl5/vendor_perl": {"usr", vendor},
		"usr/lib64/perl5/vendor_perl": {"usr", vendor},
		// Alpine
		"usr/share/perl5/core_perl":       {"usr", core},
		"usr/local/share/perl5/site_perl": {"usr", site},
		// perl's own layout
		"usr/local/lib/perl5/site_perl/5.38.2":              {"usr/local", site},
		"usr/local/lib/perl5/site_perl/5.38.2/x86_64-linux": {"usr/local", site},
		"usr/local/lib/perl5/5.38.2":                        {"usr/local", core},
		"opt/perl/lib/perl5/5.38.2":                         {"opt/perl", core},
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
