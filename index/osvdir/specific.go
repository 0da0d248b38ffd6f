package osvdir

import (
	"nacre/advisory"
	"nacre/cpan"
)

// about is database_specific of a record.
type about struct {
	Ecosystem       string        `json:"ecosystem"`
	URL             string        `json:"url"` // the page about it
	Severity        string        `json:"severity,omitempty"`
	CWEs            []string      `json:"cwe_ids,omitempty"`
	Reported        advisory.Date `json:"reported,omitzero"`
	WithdrawnReason string        `json:"withdrawn_reason,omitempty"`
	Disputed        bool          `json:"disputed,omitempty"`
	Sources         []source      `json:"sources,omitempty"`
	Warnings        []string      `json:"warnings,omitempty"`
}

// ecosystem says that CPAN is not registered.
const ecosystem = "CPAN is not on OSV's list of ecosystems; go by the package URL"

// source is a document that the record was made of. Which state of it is not
// said here: a record stays as it is while its source changes elsewhere.
type source struct {
	Name        string `json:"name"`
	ID          string `json:"id"`
	Licence     string `json:"licence,omitempty"`
	Attribution string `json:"attribution,omitempty"`
}

// concluded is database_specific of an affected package.
type concluded struct {
	Range           string   `json:"range,omitempty"` // in the words of the source with most authority
	FixedRange      string   `json:"fixed_range,omitempty"`
	Fixed           string   `json:"fixed,omitempty"`
	LatestAffected  *bool    `json:"latest_affected,omitempty"` // nil where nobody can tell
	UnknownVersions []string `json:"unknown_versions,omitempty"`
	Disagreement    []string `json:"disagreement,omitempty"`
	NotOnCPAN       bool     `json:"not_on_cpan,omitempty"`
	Warnings        []string `json:"warnings,omitempty"`
}

// place is ecosystem_specific of an affected package: where in it the flaw is.
type place struct {
	Modules  []cpan.Module `json:"modules,omitempty"`
	Files    []string      `json:"files,omitempty"`
	Routines []string      `json:"routines,omitempty"`
	Library  *library      `json:"library,omitempty"`
}

// library is the one whose copy in the distribution has the flaw; its affected
// versions are its own.
type library struct {
	Name     string   `json:"name"`
	Affected []string `json:"affected_versions,omitempty"`
}

// orNil is nil where nothing is stated.
func (p place) orNil() any {
	if p.Library == nil && len(p.Modules)+len(p.Files)+len(p.Routines) == 0 {
		return nil
	}
	return p
}
