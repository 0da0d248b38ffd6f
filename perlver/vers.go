package perlver

import (
	"net/url"
	"strings"

	"nacre/fault"
)

// ParseVers reads a range in the vers syntax of the type cpan, which is
// one interval, or one version. An empty text is any version. Several
// intervals or versions, which vers joins with "or" and CPAN's requirements cannot
// say, are an error.
func ParseVers(s string) (Requirement, error) {
	list, ok := strings.CutPrefix(s, "vers:cpan/")
	if s != "" && !ok {
		return Requirement{}, fault.New(fault.Invalid, "read a range: %.60q does not begin with vers:cpan/", s)
	}
	if s == "" || list == "*" {
		return Requirement{}, nil
	}
	var clauses []string
	bounds := map[byte]int{}
	for c := range strings.SplitSeq(list, "|") {
		version := strings.TrimLeft(c, "<>=!")
		op := c[:len(c)-len(version)]
		version, err := url.PathUnescape(version)
		if err != nil {
			return Requirement{}, fault.Wrap(fault.Invalid, err, "read the range %.60q", s)
		}
		switch op {
		case "", "=":
			clauses = append(clauses, "== "+version)
		default:
			clauses = append(clauses, op+" "+version)
			bounds[op[0]]++
		}
	}
	if equal := len(clauses) - bounds['<'] - bounds['>'] - bounds['!']; equal > 0 && len(clauses) > 1 || bounds['<'] > 1 || bounds['>'] > 1 {
		return Requirement{}, fault.New(fault.Invalid, "read the range %.60q: several intervals or versions", s)
	}
	r, err := ParseRequirement(strings.Join(clauses, ", "))
	if err != nil {
		return r, fault.Wrap(fault.Invalid, err, "read the range %.60q", s)
	}
	return r, nil
}
