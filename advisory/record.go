// Package advisory is one advisory about distributions of CPAN: the record,
// what each source states about affected versions, and the verdict on one
// version of one distribution.
//
// A record has one id, all other names it goes by as aliases, and one
// [Affected] for each distribution. Each Affected carries [Statement]s: what
// each source says, in the source's own words and grammar, the most
// authoritative source first. Nothing is translated when it is stored, so a
// verdict can always quote what it rests on:
//
//	{
//	  "id": "CVE-2099-0001",
//	  "aliases": ["CPANSA-Foo-Bar-2099-01"],
//	  "title": "Foo::Bar before 1.3 for Perl follows links while unpacking",
//	  "severity": "high",
//	  "affected": [{
//	    "dist": "Foo-Bar",
//	    "statements": [
//	      {"source": 0, "entry": "CVE-2099-0001", "cve": {"defaultStatus": "unaffected",
//	       "versions": [{"version": "0", "status": "affected", "lessThan": "1.3"}]}},
//	      {"source": 1, "entry": "CPANSA-Foo-Bar-2099-01", "cpansa": {"affected": ["<1.3"], "fixed": [">=1.3"]}}
//	    ]
//	  }],
//	  "sources": [{"name": "CPANSec", ...}, {"name": "CPANSA", ...}],
//	  "provenance": {"title": [0], "severity": [1]}
//	}
//
// That JSON, schema nacre.advisory/1, is what `nacre db show --format json`
// prints and what the starter set is written in. Encoding a record and decoding
// it gives an equal record.
//
// Promised: a clause that cannot be read is never silently true or false, and
// a range is judged by version.pm's order alone, never by a list of known
// releases. Not promised: the text of reasons.
//
// The formats that records are read from are in advisory/cpansa, advisory/cve
// and advisory/osv; the rules that join them in advisory/merge; the database
// file in advisory/db.
package advisory

import (
	"time"

	"nacre/cpan"
)

// Record is one advisory.
type Record struct {
	// ID is the CVE id, or the CPANSA id where there is none, or else what
	// the source calls it.
	ID ID `json:"id"`
	// Aliases are all other ids of the same advisory, sorted, without ID.
	Aliases []ID `json:"aliases,omitempty"`

	Title       string   `json:"title,omitempty"`       // one line
	Description string   `json:"description,omitempty"` // prose, plain text
	Severity    Severity `json:"severity"`              // unknown is a value
	CVSS        []CVSS   `json:"cvss,omitempty"`
	CWEs        []string `json:"cwes,omitempty"` // "CWE-79", sorted by number

	References []Reference `json:"references,omitempty"`

	Reported  Date `json:"reported,omitzero"`
	Published Date `json:"published,omitzero"`
	Modified  Date `json:"modified,omitzero"`
	// Withdrawn is when the record was rejected or withdrawn. A withdrawn
	// record stays in every set as a tombstone and matches nothing.
	Withdrawn       Date   `json:"withdrawn,omitzero"`
	WithdrawnReason string `json:"withdrawn_reason,omitempty"`
	// Disputed is set where the assigner marks the record as disputed.
	Disputed bool `json:"disputed,omitempty"`

	Affected []Affected `json:"affected,omitempty"` // sorted by Dist

	// Sources are the documents this record was made of, the most
	// authoritative first.
	Sources []Source `json:"sources,omitempty"`
	// Provenance names, for each field that is set (by its JSON name), the
	// sources it came from, as indexes into Sources.
	Provenance map[string][]int `json:"provenance,omitempty"`
}

// IsWithdrawn reports whether the record was rejected or withdrawn.
func (r *Record) IsWithdrawn() bool {
	return !r.Withdrawn.IsZero() || r.WithdrawnReason != ""
}

// For gives what the record says about a distribution, nil if nothing.
func (r *Record) For(d cpan.Dist) *Affected {
	for i := range r.Affected {
		if r.Affected[i].Dist == d {
			return &r.Affected[i]
		}
	}
	return nil
}

// Add gives what the record says about a distribution, making it where there
// is nothing yet, at the end of Affected. It gives nil where the record has
// more than Check allows. The result is valid until the next Add.
func (r *Record) Add(d cpan.Dist) *Affected {
	if a := r.For(d); a != nil {
		return a
	}
	if len(r.Affected) > MaxAffected {
		return nil
	}
	r.Affected = append(r.Affected, Affected{Dist: d})
	return &r.Affected[len(r.Affected)-1]
}

// Has reports whether the record is known by id, as its own or as an alias.
func (r *Record) Has(id ID) bool {
	if r.ID.Equal(id) {
		return true
	}
	for _, a := range r.Aliases {
		if a.Equal(id) {
			return true
		}
	}
	return false
}

// AliasesFor gives the aliases that whoever asks about one distribution looks
// for: first the ids of the entries about it, then all that are not ids of
// entries about other distributions, which are counted.
func (r *Record) AliasesFor(d cpan.Dist) (ids []ID, others int) {
	here, elsewhere := map[string]bool{}, map[string]bool{}
	for i := range r.Affected {
		to := elsewhere
		if r.Affected[i].Dist == d {
			to = here
		}
		for j := range r.Affected[i].Statements {
			to[ID(r.Affected[i].Statements[j].Entry).Key()] = true
		}
	}
	var rest []ID
	for _, id := range r.Aliases {
		switch k := id.Key(); {
		case here[k]:
			ids = append(ids, id)
		case elsewhere[k]:
			others++
		default:
			rest = append(rest, id)
		}
	}
	return append(ids, rest...), others
}

// Affected is what a record says about one distribution.
type Affected struct {
	Dist cpan.Dist `json:"dist"`
	// Modules, Files (paths inside the distribution) and Routines are where
	// the flaw is, as far as a source says so; empty is "not stated".
	Modules  []cpan.Module `json:"modules,omitempty"`
	Files    []string      `json:"files,omitempty"`
	Routines []string      `json:"routines,omitempty"`
	// Darkpan marks a distribution that the source says is not on CPAN.
	Darkpan bool `json:"darkpan,omitempty"`
	// Library is set where the flaw is in a library that the distribution
	// carries a copy of.
	Library *Library `json:"library,omitempty"`
	// Statements are what the sources say, by index of source, lowest first.
	Statements []Statement `json:"statements,omitempty"`
}

// Library is a foreign library of which a distribution carries copies.
type Library struct {
	Name string `json:"name"` // "zlib"
	// Bundled says which releases of the distribution carry which version of
	// the library; empty where no source says. Records may share the rows: they
	// are read and never changed.
	Bundled []Bundled `json:"bundled,omitempty"`
	// Affected are the library's own affected versions in the library's own
	// words, for people to read.
	Affected []string `json:"affected,omitempty"`
}

// Bundled is one row of a library's history inside a distribution.
type Bundled struct {
	Releases string `json:"releases"`          // a CPANSA element, ">=1.0,<1.2"
	Version  string `json:"version,omitempty"` // the library's version; "" is unknown
}

// Reference is a link that a source gives.
type Reference struct {
	// Kind is the meaning in OSV's words (ADVISORY, FIX, REPORT, PACKAGE,
	// ARTICLE, EVIDENCE, WEB), WEB where the source states none.
	Kind string `json:"kind"`
	URL  string `json:"url"`
}

// CVSS is one score. Vector is the canonical vector string.
type CVSS struct {
	Version string  `json:"version"` // "2.0", "3.0", "3.1" or "4.0"
	Vector  string  `json:"vector"`
	Base    float64 `json:"base"` // 0 to 10
}

// Source is one document that a record was made of.
type Source struct {
	// Name is the publisher in the field's words: "CPANSec" (the CNA), "CPANSA",
	// "OSV", or the short name of another CNA.
	Name string `json:"name"`
	// ID is what the source calls the record.
	ID string `json:"id"`
	// File is the document's path below the folder or archive it was read
	// from, with "#N" for the Nth entry in it, from 1.
	File string `json:"file,omitempty"`
	// Commit or Time say which state of the source it was.
	Commit string    `json:"commit,omitempty"`
	Time   time.Time `json:"time,omitzero"`
	// Licence is an SPDX expression or a name; Attribution is the line that
	// the licence asks for.
	Licence     string `json:"licence,omitempty"`
	Attribution string `json:"attribution,omitempty"`
}

// Known is one release of a distribution that a source knows of.
type Known struct {
	Version string    `json:"version"` // as written in the source
	Date    time.Time `json:"date,omitzero"`
	// Perl is the perl release that this version appeared in and only there,
	// "" for a release on CPAN.
	Perl string `json:"perl,omitempty"`
	// Author is who released it, and Developer says that the source calls it a
	// developer's release, where the source knows. A database file has neither.
	Author    cpan.Author `json:"author,omitempty"`
	Developer bool        `json:"developer,omitempty"`
}
