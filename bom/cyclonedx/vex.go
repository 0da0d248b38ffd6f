package cyclonedx

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
)

// Schema is the address of the JSON schema of the version that is written.
const Schema = "http://cyclonedx.org/schema/bom-1.6.schema.json"

// VEX is a whole document: it lists the components of a product that have
// vulnerabilities, and says of each vulnerability whether the product can be
// attacked through it.
//
//	{
//	  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
//	  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
//	  "components": [{"type": "library", "bom-ref": "Foo-Bar@1.29",
//	    "name": "Foo-Bar", "version": "1.29", "purl": "pkg:cpan/Foo-Bar@1.29"}],
//	  "vulnerabilities": [{"id": "CVE-2099-0001",
//	    "analysis": {"state": "not_affected", "justification": "code_not_reachable"},
//	    "affects": [{"ref": "Foo-Bar@1.29"}]}]
//	}
//
// One whose required fields are set is written as a document that the published
// schema accepts, the same bytes for the same VEX, and its serial number is a
// digest of what it says.
type VEX struct {
	Schema          string          `json:"$schema"`
	Format          string          `json:"bomFormat"`
	SpecVersion     string          `json:"specVersion"`
	Serial          string          `json:"serialNumber,omitempty"`
	Version         int             `json:"version"`
	Metadata        Metadata        `json:"metadata"`
	Components      []Component     `json:"components"`      // none twice
	Vulnerabilities []Vulnerability `json:"vulnerabilities"` // none twice
}

// Metadata says what the document is about and what made it.
type Metadata struct {
	Timestamp string     `json:"timestamp,omitempty"` // RFC 3339
	Tools     Tools      `json:"tools"`
	Component *Component `json:"component,omitempty"`
}

// Tools are the programs that made the document.
type Tools struct {
	Components []Component `json:"components"`
}

// Component is a piece of software. Ref is unique in the document and not
// empty, but for tools.
type Component struct {
	Type    string `json:"type"` // "application", "library"
	Ref     string `json:"bom-ref,omitempty"`
	Name    string `json:"name"`
	Version string `json:"version,omitempty"` // at most [MaxVersion] characters
	PURL    string `json:"purl,omitempty"`
}

// MaxVersion is the longest version that the schema allows, in characters.
const MaxVersion = 1024

// Vulnerability is one vulnerability, what is thought of it, and the
// components that have it.
type Vulnerability struct {
	Ref            string      `json:"bom-ref,omitempty"`
	ID             string      `json:"id"`
	Source         *Source     `json:"source,omitempty"`
	References     []Reference `json:"references,omitempty"`
	Ratings        []Rating    `json:"ratings,omitempty"`
	CWEs           []int       `json:"cwes,omitempty"` // from 1
	Description    string      `json:"description,omitempty"`
	Recommendation string      `json:"recommendation,omitempty"`
	Advisories     []Advisory  `json:"advisories,omitempty"`
	Published      string      `json:"published,omitempty"` // RFC 3339
	Updated        string      `json:"updated,omitempty"`   // RFC 3339
	Analysis       Analysis    `json:"analysis"`
	Affects        []Affects   `json:"affects"` // none twice
}

// Source is who published something.
type Source struct {
	Name string `json:"name,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Reference is another name of the vulnerability.
type Reference struct {
	ID     string `json:"id"`
	Source Source `json:"source"`
}

// Rating is how bad a vulnerability is, by one method.
type Rating struct {
	Score    *float64 `json:"score,omitempty"`
	Severity string   `json:"severity,omitempty"` // critical, high, medium, low, none, unknown
	Method   string   `json:"method,omitempty"`   // "CVSSv2", "CVSSv3", "CVSSv31", "CVSSv4", "other"
	Vector   string   `json:"vector,omitempty"`
}

// Advisory is a link to a text about the vulnerability.
type Advisory struct {
	URL string `json:"url"`
}

// State is what an analysis came to.
type State string

// The states of a scan.
const (
	Exploitable State = "exploitable"
	InTriage    State = "in_triage"
	NotAffected State = "not_affected"
)

// Justification says why a product is not affected.
type Justification string

// The justifications that one of OpenVEX's maps to.
const (
	CodeNotPresent        Justification = "code_not_present"
	CodeNotReachable      Justification = "code_not_reachable"
	RequiresEnvironment   Justification = "requires_environment"
	ProtectedByMitigation Justification = "protected_by_mitigating_control"
)

// Analysis is what is thought of a vulnerability in a product.
type Analysis struct {
	State         State         `json:"state"`
	Justification Justification `json:"justification,omitempty"`
	Response      []string      `json:"response,omitempty"` // "update", "workaround_available", ...
	Detail        string        `json:"detail,omitempty"`
}

// Affects names a component that has the vulnerability, by its Ref.
type Affects struct {
	Ref      string            `json:"ref"`
	Versions []AffectedVersion `json:"versions,omitempty"`
}

// AffectedVersion is one version of a component and whether it is "affected",
// "unaffected" or "unknown".
type AffectedVersion struct {
	Version string `json:"version"`
	Status  string `json:"status"`
}

// New gives the first version of a document. Its serial number is made from a
// digest of what it says, so that the same statements have the same number.
func New(m Metadata, components []Component, vulnerabilities []Vulnerability) (VEX, error) {
	if components == nil {
		components = []Component{}
	}
	if vulnerabilities == nil {
		vulnerabilities = []Vulnerability{}
	}
	v := VEX{
		Schema: Schema, Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata: m, Components: components, Vulnerabilities: vulnerabilities,
	}
	said, err := json.Marshal(v)
	if err != nil {
		return VEX{}, err
	}
	v.Serial = serial(sha256.Sum256(said))
	return v, nil
}

// serial makes a version 8 UUID (RFC 9562, 5.8) of a digest.
func serial(sum [sha256.Size]byte) string {
	sum[6] = sum[6]&0x0f | 0x80
	sum[8] = sum[8]&0x3f | 0x80
	h := hex.EncodeToString(sum[:16])
	return "urn:uuid:" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// Write writes the document, indented and with a line feed at the end.
func (v VEX) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}
