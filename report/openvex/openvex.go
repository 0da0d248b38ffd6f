// Package openvex is an OpenVEX document as Nacre writes it: for each
// vulnerability of each part of a product, whether the product is affected, and
// why or what to do.
//
//	{
//	  "@context": "https://openvex.dev/ns/v0.2.0",
//	  "@id": "https://openvex.dev/docs/public/vex-0f…",
//	  "author": "nacre", "timestamp": "2099-01-02T03:04:05Z", "version": 1,
//	  "statements": [{
//	    "vulnerability": {"name": "CVE-2099-0001"},
//	    "products": [{"@id": "pkg:generic/petshop",
//	      "subcomponents": [{"@id": "pkg:cpan/Foo-Bar@1.29"}]}],
//	    "status": "not_affected",
//	    "justification": "vulnerable_code_not_in_execute_path"
//	  }]
//	}
//
// Promised: a [Document] whose statements keep the rules stated at [Statement]
// is written as a valid document, the same bytes for the same Document, and the id
// that [New] gives is a digest of what it says. Nothing is read.
//
// Source: OpenVEX Specification v0.2.0.
package openvex

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
)

// Context is the @context of the version that is written.
const Context = "https://openvex.dev/ns/v0.2.0"

// Document is a whole document.
type Document struct {
	Context    string      `json:"@context"`
	ID         string      `json:"@id"`
	Author     string      `json:"author"`
	Role       string      `json:"role,omitempty"`
	Timestamp  string      `json:"timestamp"` // RFC 3339
	Updated    string      `json:"last_updated,omitempty"`
	Version    int         `json:"version"` // from 1, and greater with every change
	Tooling    string      `json:"tooling,omitempty"`
	Statements []Statement `json:"statements"`
}

// Status is what is known about a product and a vulnerability.
type Status string

// The statuses. A scan says nothing of what is fixed: it is not found.
const (
	NotAffected        Status = "not_affected"
	Affected           Status = "affected"
	Fixed              Status = "fixed"
	UnderInvestigation Status = "under_investigation"
)

// Justification says why a product is not affected.
type Justification string

// The justifications.
const (
	ComponentNotPresent     Justification = "component_not_present"
	CodeNotPresent          Justification = "vulnerable_code_not_present"
	CodeNotInExecutePath    Justification = "vulnerable_code_not_in_execute_path"
	CodeCannotBeControlled  Justification = "vulnerable_code_cannot_be_controlled_by_adversary"
	MitigationsAlreadyExist Justification = "inline_mitigations_already_exist"
)

// Valid reports whether j is one of the five.
func (j Justification) Valid() bool {
	switch j {
	case ComponentNotPresent, CodeNotPresent, CodeNotInExecutePath, CodeCannotBeControlled, MitigationsAlreadyExist:
		return true
	}
	return false
}

// Statement says one thing about one vulnerability in products. NotAffected
// needs a Justification or an ImpactStatement, Affected needs an
// ActionStatement, and each of these fields goes with its status alone.
type Statement struct {
	Vulnerability   Vulnerability `json:"vulnerability"`
	Products        []Product     `json:"products"`
	Status          Status        `json:"status"`
	StatusNotes     string        `json:"status_notes,omitempty"`
	Justification   Justification `json:"justification,omitempty"`
	ImpactStatement string        `json:"impact_statement,omitempty"`
	ActionStatement string        `json:"action_statement,omitempty"`
}

// Vulnerability names a vulnerability. ID is an IRI where one is known.
type Vulnerability struct {
	ID          string   `json:"@id,omitempty"`
	Name        string   `json:"name"`
	Description string   `json:"description,omitempty"`
	Aliases     []string `json:"aliases,omitempty"`
}

// Product is a piece of software, by IRI, and those of its parts that the
// statement is about.
type Product struct {
	Component
	Subcomponents []Component `json:"subcomponents,omitempty"`
}

// Component is a piece of software, by IRI and by other identifiers, of which
// "purl" is the one in use here.
type Component struct {
	ID          string            `json:"@id"`
	Identifiers map[string]string `json:"identifiers,omitempty"`
}

// New gives the first version of a document that makes statements at a time.
// Its id is a digest of author, time, tooling and statements.
func New(author, role, tooling, timestamp string, statements []Statement) (Document, error) {
	if statements == nil {
		statements = []Statement{}
	}
	d := Document{
		Context: Context, Author: author, Role: role, Timestamp: timestamp,
		Version: 1, Tooling: tooling, Statements: statements,
	}
	said, err := json.Marshal(d)
	if err != nil {
		return Document{}, err
	}
	sum := sha256.Sum256(said)
	d.ID = "https://openvex.dev/docs/public/vex-" + hex.EncodeToString(sum[:])
	return d, nil
}

// Write writes the document, indented and with a line feed at the end.
func (d Document) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(d)
}
