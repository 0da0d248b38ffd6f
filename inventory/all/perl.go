package all

import (
	"fmt"
	"strings"

	"nacre/corelist"
	"nacre/fault"
	"nacre/inventory"
	"nacre/perlver"
)

// perlOf decides which perl runs the project, and gives the evidence for it.
func perlOf(inv *inventory.Inventory, opt Options) (inventory.Perl, inventory.Evidence, error) {
	if opt.Perl == "" {
		p, at := declaredPerl(inv)
		return p, at, nil
	}
	at := inventory.Evidence{How: "--perl"}
	v, err := perlver.ParseExact(opt.Perl)
	if err != nil {
		return inventory.Perl{}, at, fault.Wrap(fault.Invalid, err, "perl %q", opt.Perl).
			WithHint("give the version as perl -v prints it, as in --perl 5.36.0")
	}
	if meant := meantDotted(v); meant != "" {
		return inventory.Perl{}, at, fault.New(fault.Invalid, "perl %s is %s to perl itself", opt.Perl, v.Normal()).
			WithHint("did you mean --perl %s?", meant)
	}
	_, in := corelist.Find(v)
	return inventory.Perl{Version: v, From: at.String(), InTable: in}, at, nil
}

// declaredPerl is the highest minimum that anything declares: what was
// installed together runs on a perl that meets them all. What only tests and
// authors need says nothing of the perl that runs the project.
func declaredPerl(inv *inventory.Inventory) (inventory.Perl, inventory.Evidence) {
	var p inventory.Perl
	var at inventory.Evidence
	for _, e := range inv.Edges {
		if e.Module != "perl" || e.Scope == inventory.Optional || e.Scope >= inventory.Test {
			continue
		}
		r, err := perlver.ParseRequirement(e.Range)
		if err != nil {
			if e.From >= 0 { // of the project's own, its source told
				inv.Notices = append(inv.Notices, inventory.Notice{
					Text: fmt.Sprintf("required perl %q cannot be read: %v", e.Range, err), At: e.Evidence,
				})
			}
			continue
		}
		v, ok := r.Minimum()
		if !ok || r.IsAny() {
			continue
		}
		if meant := meantDotted(v); meant != "" && e.From < 0 {
			inv.Notices = append(inv.Notices, inventory.Notice{
				Text: fmt.Sprintf("perl %s is %s to perl itself; probably v%s was meant", e.Range, v.Normal(), meant), At: e.Evidence,
			})
		}
		if p.Version.IsZero() || v.Compare(p.Version) > 0 {
			at = e.Evidence
			p = inventory.Perl{Version: v, AtLeast: true, From: at.String()}
		}
	}
	p.InTable = !p.Version.IsZero() && p.Version.Compare(corelist.Newest()) <= 0
	return p, at
}

// meantDotted recognises the classic slip of writing perl 5.36 for 5.36.0: a
// decimal with one or two digits, which to perl is 5.360. It gives what was
// meant, or "". A number in Perl source loses its last zero, so 5.1 is 5.10.
func meantDotted(v perlver.Version) string {
	minor, ok := strings.CutPrefix(v.String(), "5.")
	if !ok || v.IsDotted() || minor == "" || len(minor) > 2 || minor[0] == '0' {
		return ""
	}
	if len(minor) == 1 && minor < "5" {
		minor += "0"
	}
	return "5." + minor + ".0"
}
