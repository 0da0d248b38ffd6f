// Package csaf is the part of the Common Security Advisory Framework 2.0 that
// Nacre writes: what is known of vulnerabilities in the parts of one product, by
// the profile VEX, and single advisories, by the profile Security Advisory. A
// product is a name and a package URL, and a part of another by a relationship
// or a version of it by its branch; a vulnerability lists products by status:
//
//	{
//	  "document": {
//	    "category": "csaf_vex", "csaf_version": "2.0", "title": "…",
//	    "publisher": {"category": "user", "name": "…", "namespace": "…"},
//	    "tracking": {"id": "…", "status": "draft", "version": "0", "revision_history": […], …}
//	  },
//	  "product_tree": {
//	    "full_product_names": [
//	      {"product_id": "CSAFPID-0001", "name": "petshop"},
//	      {"product_id": "CSAFPID-0002", "name": "Foo-Bar 1.29",
//	       "product_identification_helper": {"purl": "pkg:cpan/Foo-Bar@1.29"}}],
//	    "relationships": [{
//	      "category": "default_component_of",
//	      "product_reference": "CSAFPID-0002", "relates_to_product_reference": "CSAFPID-0001",
//	      "full_product_name": {"product_id": "CSAFPID-0003", "name": "Foo-Bar 1.29 in petshop"}}]
//	  },
//	  "vulnerabilities": [{
//	    "cve": "CVE-2099-0001", "notes": […],
//	    "product_status": {"known_affected": ["CSAFPID-0003"]},
//	    "remediations": [{"category": "vendor_fix", "details": "…", "product_ids": ["CSAFPID-0003"]}]
//	  }]
//	}
//
// Who publishes documents on a web site lays beside them a [Provider], which says
// where they are, and a [Feed], which lists them.
//
// Promised: the same bytes for the same [Document], and of a draft an id that is
// a digest of what it says. A document that keeps the rules stated at the fields
// is valid by the schema and by the mandatory tests. Not promised: the rest of
// the format; nothing is read.
//
// Source: OASIS Common Security Advisory Framework Version 2.0 Errata 01. The
// comments name its sections.
package csaf

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
)

// Document is a whole document. A list that is empty is left out: the format
// has no empty lists.
type Document struct {
	Meta            Meta            `json:"document"`
	Products        *ProductTree    `json:"product_tree,omitempty"`
	Vulnerabilities []Vulnerability `json:"vulnerabilities,omitempty"`
}

// Meta is about the document itself (3.2.1).
type Meta struct {
	Severity     *Severity     `json:"aggregate_severity,omitempty"`
	Category     Category      `json:"category"`
	Version      string        `json:"csaf_version"` // "2.0"
	Distribution *Distribution `json:"distribution,omitempty"`
	Lang         string        `json:"lang,omitempty"`
	Notes        []Note        `json:"notes,omitempty"`
	Publisher    Publisher     `json:"publisher"`
	References   []Reference   `json:"references,omitempty"`
	Title        string        `json:"title"`
	Tracking     Tracking      `json:"tracking"`
}

// Severity is how bad the publisher calls the whole, in a word of its own.
type Severity struct {
	Text string `json:"text"`
}

// Distribution is how a document may be shared (3.2.1.5).
type Distribution struct {
	TLP TLP `json:"tlp"`
}

// TLP is a label of the Traffic Light Protocol 1.0; "WHITE" is for everybody.
type TLP struct {
	Label string `json:"label"`
	URL   string `json:"url"`
}

// White is the label of what is public.
func White() *Distribution {
	return &Distribution{TLP: TLP{Label: "WHITE", URL: "https://www.first.org/tlp/v1/"}}
}

// Category is the profile that a document keeps (4).
type Category string

// The profiles in use. VEX and Advisory ask for products and vulnerabilities; a
// document without a vulnerability can only be a Base one.
const (
	Base     Category = "csaf_base"
	VEX      Category = "csaf_vex"
	Advisory Category = "csaf_security_advisory"
)

// Publisher is who answers for a document (3.2.1.8). None of it but Contact is
// empty.
type Publisher struct {
	Category  string `json:"category"` // "user": who uses the products, "vendor", "other", ...
	Contact   string `json:"contact_details,omitempty"`
	Name      string `json:"name"`
	Namespace string `json:"namespace"` // a URI
}

// Tracking is which document it is, and which version of it (3.2.1.12).
type Tracking struct {
	ID        string     `json:"id"`
	Status    string     `json:"status"`  // "draft", "interim" or "final"
	Version   string     `json:"version"` // of the last revision: 0 is a draft's, else 3 or 1.2.3
	Initial   string     `json:"initial_release_date"`
	Current   string     `json:"current_release_date"`
	Revisions []Revision `json:"revision_history"`
	Generator *Generator `json:"generator,omitempty"`
}

// Revision is one version of a document.
type Revision struct {
	Date    string `json:"date"`
	Number  string `json:"number"`
	Summary string `json:"summary"`
}

// Generator is the program that wrote a document.
type Generator struct {
	Engine Engine `json:"engine"`
}

// Engine is a program; a Version that is not known is "".
type Engine struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// Note is a text (3.1.5). Category is "summary", "description", "details",
// "general", "legal_disclaimer" or "other"; Text is not empty.
type Note struct {
	Category string `json:"category"`
	Title    string `json:"title,omitempty"`
	Text     string `json:"text"`
}

// ProductTree names products (3.2.2). The id of a Product is in one place of it
// only.
type ProductTree struct {
	Branches      []Branch       `json:"branches,omitempty"`
	Products      []Product      `json:"full_product_names,omitempty"`
	Relationships []Relationship `json:"relationships,omitempty"`
}

// Branch is a step from a family of products to a version of one (3.1.2); it
// has branches or is a product. Category is "product_family", "product_name",
// "product_version", or "product_version_range", whose name is a range in the
// syntax of vers: "vers:cpan/<1.3". Other names must not look like one:
// [IsVersionName].
type Branch struct {
	Category string   `json:"category"`
	Name     string   `json:"name"`
	Branches []Branch `json:"branches,omitempty"`
	Product  *Product `json:"product,omitempty"`
}

// Product is one product (3.1.3). Name is not empty.
type Product struct {
	ID     string  `json:"product_id"`
	Name   string  `json:"name"`
	Helper *Helper `json:"product_identification_helper,omitempty"`
}

// Helper identifies a product to programs.
type Helper struct {
	PURL string `json:"purl"`
}

// Relationship makes a product of one product in another (3.2.2.4).
type Relationship struct {
	Category string  `json:"category"` // "default_component_of"
	Product  Product `json:"full_product_name"`
	Part     string  `json:"product_reference"`
	Whole    string  `json:"relates_to_product_reference"`
}

// Vulnerability is one vulnerability (3.2.3). It has a CVE or an ID, a note, and
// a product status. No two have the same CVE.
type Vulnerability struct {
	Title        string        `json:"title,omitempty"`
	CVE          string        `json:"cve,omitempty"`
	IDs          []ID          `json:"ids,omitempty"` // its names in other systems than CVE
	Notes        []Note        `json:"notes"`
	References   []Reference   `json:"references,omitempty"`
	ReleaseDate  string        `json:"release_date,omitempty"` // RFC 3339
	Status       Status        `json:"product_status"`
	Flags        []Flag        `json:"flags,omitempty"`
	Threats      []Threat      `json:"threats,omitempty"`
	Remediations []Remediation `json:"remediations,omitempty"`
	Scores       []Score       `json:"scores,omitempty"`
}

// ID is a name of a vulnerability, and whose it is.
type ID struct {
	System string `json:"system_name"`
	Text   string `json:"text"`
}

// Reference is a page (3.1.10). No field is empty.
type Reference struct {
	Category string `json:"category"` // "external", or "self" for the document itself
	Summary  string `json:"summary"`
	URL      string `json:"url"`
}

// Status lists the ids of products by what is known of them (3.2.3.9). A product
// is in one list only. What is not affected has a Flag or a Threat of the
// category "impact", what is affected a Remediation.
type Status struct {
	Fixed              []string `json:"fixed,omitempty"`
	Affected           []string `json:"known_affected,omitempty"`
	NotAffected        []string `json:"known_not_affected,omitempty"`
	UnderInvestigation []string `json:"under_investigation,omitempty"`
}

// Flag is why products are not affected (3.2.3.5): one of the five words that
// VEX has. A product has one flag at most.
type Flag struct {
	Label    string   `json:"label"`
	Products []string `json:"product_ids"`
}

// Threat is, in the category "impact", why products are not affected, in words
// (3.2.3.14).
type Threat struct {
	Category string   `json:"category"`
	Details  string   `json:"details"`
	Products []string `json:"product_ids"`
}

// Remediation is what can be done (3.2.3.12): a "vendor_fix", or
// "none_available".
type Remediation struct {
	Category string   `json:"category"`
	Details  string   `json:"details"`
	Products []string `json:"product_ids"`
}

// Draft gives a document that nobody has released yet, as of a time of RFC 3339:
// a VEX one, or a Base one where there are no vulnerabilities. Its id is a digest
// of all of it.
func Draft(title string, by Publisher, with Engine, time string, notes []Note, products *ProductTree, all []Vulnerability) (Document, error) {
	d := Document{
		Meta: Meta{
			Category: VEX, Version: "2.0", Lang: "en", Notes: notes, Publisher: by, Title: title,
			Tracking: Tracking{
				Status: "draft", Version: "0", Initial: time, Current: time,
				Revisions: []Revision{{Date: time, Number: "0", Summary: "Draft."}},
				Generator: &Generator{Engine: with},
			},
		},
		Products: products, Vulnerabilities: all,
	}
	if len(all) == 0 {
		d.Meta.Category = Base
	}
	said, err := json.Marshal(d)
	if err != nil {
		return Document{}, err
	}
	sum := sha256.Sum256(said)
	d.Meta.Tracking.ID = "nacre-" + hex.EncodeToString(sum[:16])
	return d, nil
}

// Write writes the document, indented and with a line feed at the end.
func (d Document) Write(w io.Writer) error { return write(w, d) }
