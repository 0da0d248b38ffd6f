package perlver

import "strings"

// ParseCPANSA reads affected_versions of a CPANSA record: clauses joined by
// commas in an element must all hold, and one element that holds is enough.
//
//	["<1.3", ">=1.5,<1.5.2", "==1.7_01"]
//
// A bare version is equality, = is ==, and blanks around operators do not
// matter. Whatever else stands there is a clause that cannot be read, and so
// is a version that version.pm warns about. No element at all is Unknown for
// every version: a record that names no range does not say "nothing".
//
// Source: cpan-security-advisory's README. CPAN::Audit reads a bare version as
// >=; the records that have them enumerate releases.
func ParseCPANSA(elements []string) Range { return parseCPANSA(elements, equal) }

// ParseCPANSAFixed reads fixed_versions of a CPANSA record, as ParseCPANSA
// with two differences: a bare version is read as >= with a warning, and no
// element at all is False for every version, as no fix is on record.
func ParseCPANSAFixed(elements []string) Range {
	if len(elements) == 0 {
		return Range{stated: statedEmpty}
	}
	return parseCPANSA(elements, greaterOrEqual)
}

func parseCPANSA(elements []string, bare op) Range {
	if len(elements) == 0 {
		return Range{}
	}
	n := 0
	for _, e := range elements {
		n += 1 + strings.Count(e, ",")
	}
	r := Range{clauses: make([]clause, 0, n), stated: statedRules}
	for _, e := range elements {
		for text := range strings.SplitSeq(e, ",") {
			text = strings.Trim(text, " \t")
			o, version := cutOperator(text)
			if o == anyVersion {
				o = bare
			}
			v, err := ParseExact(version)
			if err != nil {
				r.clauses = append(r.clauses, unread(text, reasonOf(err)))
				continue
			}
			if version == text && bare == greaterOrEqual {
				r.warn("the bare version " + quote(text) + " is read as >=" + text)
			}
			r.clauses = append(r.clauses, clause{op: o, v: v})
		}
		end := &r.clauses[len(r.clauses)-1]
		end.last, end.outcome = true, True
	}
	return r
}

// cutOperator splits a clause of CPANSA into operator and version; without an
// operator it is anyVersion.
func cutOperator(text string) (op, string) {
	for _, o := range operators {
		if rest, ok := strings.CutPrefix(text, o.text); ok {
			return o.op, strings.TrimLeft(rest, " \t")
		}
	}
	return anyVersion, text
}

// operators are those of CPANSA, the longer before the shorter.
var operators = [...]struct {
	text string
	op   op
}{
	{"<=", lessOrEqual},
	{">=", greaterOrEqual},
	{"==", equal},
	{"!=", notEqual},
	{"<", less},
	{">", greater},
	{"=", equal},
}
