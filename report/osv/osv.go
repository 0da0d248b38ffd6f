// Package osv is a record of the Open Source Vulnerability format as Nacre
// writes it.
//
//	{
//	  "schema_version": "1.7.5", "id": "CVE-2099-0001",
//	  "modified": "2099-01-02T00:00:00Z",
//	  "aliases": ["CPANSA-Foo-Bar-2099-01"],
//	  "summary": "Foo::Bar follows links while unpacking",
//	  "affected": [{
//	    "package": {"ecosystem": "CPAN", "name": "Foo-Bar", "purl": "pkg:cpan/Foo-Bar"},
//	    "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.3"}]}],
//	    "versions": ["1.0", "1.2"]
//	  }]
//	}
//
// Promised: a Record that keeps the rules stated at its fields is written as the
// published schema wants it, but for two lists of that schema: it knows no
// ecosystem CPAN, and no ids that begin with CPANSA. The same Record gives the
// same bytes. Nothing is read; advisory/osv does that.
//
// Source: github.com/ossf/osv-schema, schema 1.7.
package osv

import (
	"bytes"
	"encoding/json"
	"time"

	"nacre/perlver"
)

// Schema is the version of the format that is written.
const Schema = "1.7.5"

// Ecosystem is the name of CPAN as an ecosystem, which is not registered.
const Ecosystem = "CPAN"

// Record is one record.
type Record struct {
	SchemaVersion string      `json:"schema_version"`
	ID            string      `json:"id"`
	Modified      time.Time   `json:"modified"` // UTC
	Published     time.Time   `json:"published,omitzero"`
	Withdrawn     time.Time   `json:"withdrawn,omitzero"`
	Aliases       []string    `json:"aliases,omitempty"`
	Related       []string    `json:"related,omitempty"`
	Summary       string      `json:"summary,omitempty"`
	Details       string      `json:"details,omitempty"`
	Severity      []Severity  `json:"severity,omitempty"`
	Affected      []Affected  `json:"affected,omitempty"`
	References    []Reference `json:"references,omitempty"`
	// DatabaseSpecific is a value that encodes as an object, or nil.
	DatabaseSpecific any `json:"database_specific,omitempty"`
}

// Severity is one score. Type is CVSS_V2, CVSS_V3 or CVSS_V4, Score the vector.
type Severity struct {
	Type  string `json:"type"`
	Score string `json:"score"`
}

// Affected is what a record says about one package. The specific parts are
// values that encode as objects, or nil.
type Affected struct {
	Package           Package            `json:"package"`
	Ranges            []perlver.OSVRange `json:"ranges,omitempty"`
	Versions          []string           `json:"versions,omitempty"`
	EcosystemSpecific any                `json:"ecosystem_specific,omitempty"`
	DatabaseSpecific  any                `json:"database_specific,omitempty"`
}

// Package names a package.
type Package struct {
	Ecosystem string `json:"ecosystem"`
	Name      string `json:"name"`
	PURL      string `json:"purl"`
}

// Reference is a link. Type is one of the schema's words, URL an absolute URI.
type Reference struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

// Encode gives the record as one line of JSON with a line feed at its end.
func (r *Record) Encode() ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(r)
	return b.Bytes(), err
}
