package sbom

import (
	"slices"
	"strings"

	"nacre/perlver"
)

// versOf writes a requirement in the vers syntax, its constraints in the order
// of their versions:
//
//	0                          vers:cpan/*
//	1.2                        vers:cpan/>=1.2
//	== 1.5                     vers:cpan/1.5
//	>= 1.2, != 1.5, < 2.0      vers:cpan/>=1.2|!=1.5|<2.0
//
// Versions compare as perl has it; the vers specification names cpan in a table
// and says no more.
func versOf(r *perlver.Requirement) string {
	if r == nil || r.IsAny() {
		return "vers:cpan/*"
	}
	type constraint struct {
		comparator, text string
		version          perlver.Version
	}
	var all []constraint
	for clause := range strings.SplitSeq(r.String(), ", ") {
		c := constraint{comparator: ">=", text: clause}
		if op, version, ok := strings.Cut(clause, " "); ok {
			c.comparator, c.text = op, version
		}
		if c.comparator == "==" {
			c.comparator = ""
		}
		c.version, _ = perlver.Parse(c.text)
		all = append(all, c)
	}
	slices.SortStableFunc(all, func(a, b constraint) int { return a.version.Compare(b.version) })
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = c.comparator + c.text
	}
	return "vers:cpan/" + strings.Join(out, "|")
}
