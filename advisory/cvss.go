package advisory

import (
	"strings"

	cvss20 "github.com/pandatix/go-cvss/20"
	cvss30 "github.com/pandatix/go-cvss/30"
	cvss31 "github.com/pandatix/go-cvss/31"
	cvss40 "github.com/pandatix/go-cvss/40"

	"nacre/fault"
)

// maxVector is the longest vector that is read, in bytes; one with every
// metric of version 4.0 has under 200.
const maxVector = 400

// ParseCVSS reads a vector of CVSS 2.0, 3.0, 3.1 or 4.0 and computes its base
// score. A score that a source states beside a vector is not used: the vector
// is what both can be checked against.
func ParseCVSS(vector string) (CVSS, error) {
	vector = strings.TrimSpace(vector)
	if len(vector) > maxVector {
		return CVSS{}, fault.New(fault.Invalid, "CVSS vector %.40q... is longer than %d bytes (limit: vector length)", vector, maxVector)
	}
	var out CVSS
	var err error
	switch {
	case strings.HasPrefix(vector, "CVSS:4.0/"):
		var v *cvss40.CVSS40
		if v, err = cvss40.ParseVector(vector); err == nil {
			out = CVSS{"4.0", v.Vector(), v.Score()}
		}
	case strings.HasPrefix(vector, "CVSS:3.1/"):
		var v *cvss31.CVSS31
		if v, err = cvss31.ParseVector(vector); err == nil {
			out = CVSS{"3.1", v.Vector(), v.BaseScore()}
		}
	case strings.HasPrefix(vector, "CVSS:3.0/"):
		var v *cvss30.CVSS30
		if v, err = cvss30.ParseVector(vector); err == nil {
			out = CVSS{"3.0", v.Vector(), v.BaseScore()}
		}
	default:
		var v *cvss20.CVSS20
		// Version 2.0 has no prefix; some write it in parentheses.
		if v, err = cvss20.ParseVector(strings.TrimSuffix(strings.TrimPrefix(vector, "("), ")")); err == nil {
			out = CVSS{"2.0", v.Vector(), v.BaseScore()}
		}
	}
	if err != nil {
		return CVSS{}, fault.Wrap(fault.Invalid, err, "CVSS vector %q", vector)
	}
	return out, nil
}

// AddCVSS adds a score unless the record has the vector already, or more than
// Check allows.
func (r *Record) AddCVSS(c CVSS) {
	if len(r.CVSS) > MaxAliases {
		return
	}
	for _, have := range r.CVSS {
		if have.Vector == c.Vector {
			return
		}
	}
	r.CVSS = append(r.CVSS, c)
}
