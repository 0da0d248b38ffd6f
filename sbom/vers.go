package sbom

import (
	"slices"
	"strings"

	"nacre/fault"
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

// ParseVers reads a range in the vers syntax of the type cpan, as versOf writes
// it: one interval, or one version. An empty text is any version. Several
// intervals or versions, which vers joins with "or" and CPAN's requirements cannot
// say, are an error.
func ParseVers(s string) (perlver.Requirement, error) {
	list, ok := strings.CutPrefix(s, "vers:cpan/")
	if s != "" && !ok {
		return perlver.Requirement{}, fault.New(fault.Invalid, "read a range: %.60q does not begin with vers:cpan/", s)
	}
	if s == "" || list == "*" {
		return perlver.Requirement{}, nil
	}
	var clauses []string
	bounds := map[byte]int{}
	for c := range strings.SplitSeq(list, "|") {
		version := strings.TrimLeft(c, "<>=!")
		switch op := c[:len(c)-len(version)]; op {
		case "", "=":
			clauses = append(clauses, "== "+version)
		default:
			clauses = append(clauses, op+" "+version)
			bounds[op[0]]++
		}
	}
	if equal := len(clauses) - bounds['<'] - bounds['>'] - bounds['!']; equal > 0 && len(clauses) > 1 || bounds['<'] > 1 || bounds['>'] > 1 {
		return perlver.Requirement{}, fault.New(fault.Invalid, "read the range %.60q: several intervals or versions", s)
	}
	r, err := perlver.ParseRequirement(strings.Join(clauses, ", "))
	if err != nil {
		return r, fault.Wrap(fault.Invalid, err, "read the range %.60q", s)
	}
	return r, nil
}
