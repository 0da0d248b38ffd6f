package all

import (
	"fmt"

	"nacre/corelist"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
)

// perlOf decides which perl runs the project.
func perlOf(inv *inventory.Inventory, opt Options) (inventory.Perl, error) {
	if opt.Perl != "" {
		v, err := perlver.ParseExact(opt.Perl)
		if err != nil {
			return inventory.Perl{}, fault.Wrap(fault.Invalid, err, "perl %q", opt.Perl).
				WithHint("give the version as perl -v prints it, as in --perl 5.36.0")
		}
		if meant, ok := meantDotted(opt.Perl); ok {
			return inventory.Perl{}, fault.New(fault.Invalid, "perl %s is %s to perl itself", opt.Perl, v.Normal()).
				WithHint("did you mean --perl %s?", meant)
		}
		_, in := corelist.Find(v)
		return inventory.Perl{Version: v, From: "--perl", InTable: in}, nil
	}
	return declaredPerl(inv), nil
}

// declaredPerl is the highest minimum that anything declares: what was
// installed together runs on a perl that meets them all.
func declaredPerl(inv *inventory.Inventory) inventory.Perl {
	var p inventory.Perl
	for _, e := range inv.Edges {
		if e.Module != "perl" || e.Scope == inventory.Optional || e.Scope == inventory.Develop {
			continue
		}
		r, err := perlver.ParseRequirement(e.Range)
		if err != nil {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("required perl %q cannot be read: %v", e.Range, err), At: e.Evidence,
			})
			continue
		}
		if meant, ok := meantDotted(e.Range); ok && e.From < 0 {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("perl %s is %s to perl itself; probably v%s was meant", e.Range, minimum(r).Normal(), meant), At: e.Evidence,
			})
		}
		if m := minimum(r); !m.IsZero() && (p.Version.IsZero() || m.Compare(p.Version) > 0) {
			p = inventory.Perl{Version: m, AtLeast: true, From: e.Evidence.String()}
		}
	}
	if !p.Version.IsZero() {
		for range corelist.AtLeast(p.Version) {
			p.InTable = true
			break
		}
	}
	return p
}

func minimum(r perlver.Requirement) perlver.Version {
	v, _ := r.Minimum()
	return v
}

// meantDotted recognises the classic slip of writing perl 5.36 for 5.36.0: a
// decimal with two digits, which to perl is 5.360.
func meantDotted(s string) (string, bool) {
	if len(s) == 4 && s[:2] == "5." && isDigit(s[2]) && isDigit(s[3]) && s[2] != '0' {
		return s + ".0", true
	}
	return "", false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
