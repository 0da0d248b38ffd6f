package csaf

// Score is what products are rated with (3.2.3.13): of each version of CVSS at
// most one for a product.
type Score struct {
	Products []string `json:"products"`
	V2       *CVSS    `json:"cvss_v2,omitempty"`
	V3       *CVSS    `json:"cvss_v3,omitempty"`
}

// CVSS is a score of CVSS 2.0, 3.0 or 3.1; the format knows no newer one. Base
// is what the vector comes to. Version 2.0 has no Severity.
type CVSS struct {
	Version  string  `json:"version"`
	Vector   string  `json:"vectorString"`
	Base     float64 `json:"baseScore"`
	Severity string  `json:"baseSeverity,omitempty"` // "NONE", "LOW", "MEDIUM", "HIGH" or "CRITICAL"
}

// Scored gives the scores that the format has a field for: one of CVSS 2.0, and
// one of the newest of 3.0 and 3.1. Their severities are those of the standard.
func Scored(all []CVSS, products []string) []Score {
	s := Score{Products: products}
	for _, c := range all {
		switch c.Version {
		case "2.0":
			if s.V2 == nil {
				c.Severity = ""
				s.V2 = &c
			}
		case "3.0", "3.1":
			if s.V3 == nil || s.V3.Version < c.Version {
				c.Severity = band(c.Base)
				s.V3 = &c
			}
		}
	}
	if s.V2 == nil && s.V3 == nil {
		return nil
	}
	return []Score{s}
}

// band is the word for a score of CVSS 3 (CVSS 3.1, section 5).
func band(base float64) string {
	switch {
	case base == 0:
		return "NONE"
	case base < 4:
		return "LOW"
	case base < 7:
		return "MEDIUM"
	case base < 9:
		return "HIGH"
	}
	return "CRITICAL"
}
