package build

import (
	"nacre/audit"
	"nacre/audit/requirement"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/perlver"
)

// zero is the version that asks for any.
var zero, _ = perlver.Parse("0")

// minimums finds requirements whose minimum lets in versions with published flaws.
func minimums(p *audit.Pass) {
	stated := requirement.Of(p.Release)
	known := table(fixedText)
	for _, r := range stated.Prereqs {
		if r.Err != nil {
			continue
		}
		least, ok := r.Requirement.Minimum()
		if !ok || least.Equal(zero) {
			continue // no minimum is meant
		}
		ids, fixed := below(known[string(r.Module)], least)
		if len(ids) == 0 || !r.Requirement.Accepts(least) || ships(stated, string(r.Module), fixed) {
			continue
		}
		sure := audit.Likely
		if !partUsed(p.Release, string(r.Module)) {
			sure = audit.Possible
		}
		p.Report(audit.Found{
			Path: stated.File, Line: r.Line, Confidence: sure, Severity: audit.Medium,
			Message: string(r.Module) + " " + least.String() + " is let in, which has " + list(ids) + "; " + fixed.String() + " is the first without",
		})
	}
}

// ships reports whether every perl that the release runs on brings the module at a
// version or a later one.
func ships(stated requirement.Stated, module string, version perlver.Version) bool {
	perl, _, ok := stated.Least("perl")
	if !ok {
		return false
	}
	texts, always := corelist.VersionsSince(perl, cpan.Module(module))
	if !always || len(texts) == 0 {
		return false
	}
	for _, text := range texts {
		if v, err := perlver.Parse(text); err != nil || v.Compare(version) < 0 {
			return false
		}
	}
	return true
}
