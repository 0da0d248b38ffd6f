package advisory

import "nacre/perlver"

// Statement is what one entry of one source says about the versions of one
// distribution. Exactly one of CPANSA, CVE and OSV is set.
type Statement struct {
	Source int    `json:"source"` // index into the record's Sources
	Entry  string `json:"entry"`  // the entry's own id in that source

	CPANSA *CPANSA `json:"cpansa,omitempty"`
	CVE    *CVE    `json:"cve,omitempty"`
	OSV    *OSV    `json:"osv,omitempty"`
}

// CPANSA is a pair of lists in the grammar of the CPAN Security Advisory
// database: any element makes a list true, all clauses make an element true.
type CPANSA struct {
	Affected []string `json:"affected"`
	Fixed    []string `json:"fixed,omitempty"`
}

// CVE is the version part of one affected product of a CVE 5 record.
type CVE struct {
	DefaultStatus string               `json:"defaultStatus,omitempty"`
	Versions      []perlver.CVEVersion `json:"versions,omitempty"`
}

// excludesAll says whether no version at all is affected.
func (c *CVE) excludesAll() bool { return len(c.Versions) == 0 && c.DefaultStatus == "unaffected" }

// OSV is the version part of one affected package of an OSV record.
type OSV struct {
	Ranges   []perlver.OSVRange `json:"ranges,omitempty"`
	Versions []string           `json:"versions,omitempty"`
}

// Ranges gives the statement's affected and fixed ranges. CVE and OSV
// records state no separate fixed range; theirs holds for no version.
func (s *Statement) Ranges() (affected, fixed perlver.Range) {
	switch {
	case s.CPANSA != nil:
		return perlver.ParseCPANSA(s.CPANSA.Affected), perlver.ParseCPANSAFixed(s.CPANSA.Fixed)
	case s.CVE != nil:
		affected = perlver.ParseCVE(s.CVE.DefaultStatus, s.CVE.Versions)
	case s.OSV != nil:
		affected = perlver.ParseOSV(s.OSV.Ranges, s.OSV.Versions)
	default: // nothing stated is nothing known
		affected = perlver.ParseCPANSA(nil)
	}
	return affected, perlver.ParseCPANSAFixed(nil)
}
