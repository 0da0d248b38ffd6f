// Package sarif is the part of the Static Analysis Results Interchange Format
// 2.1.0 that Nacre writes: one run, its rules, and its results. A rule is what
// can be found, a result is one find at one place:
//
//	{
//	  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
//	  "version": "2.1.0",
//	  "runs": [{
//	    "tool": {"driver": {"name": "nacre", "rules": [{"id": "CVE-2099-0001"}]}},
//	    "results": [{
//	      "ruleId": "CVE-2099-0001", "ruleIndex": 0, "level": "error",
//	      "message": {"text": "Foo-Bar 1.29 is affected by CVE-2099-0001"},
//	      "locations": [{"physicalLocation": {
//	        "artifactLocation": {"uri": "cpanfile.snapshot"}, "region": {"startLine": 12}}}]
//	    }]
//	  }]
//	}
//
// Promised: a [Log] whose required fields are set is written as a document that
// the published schema accepts, the same bytes for the same Log. Not promised:
// the rest of the format; nothing is read.
//
// Source: OASIS Static Analysis Results Interchange Format (SARIF) Version
// 2.1.0 Plus Errata 01. The comments name its sections.
package sarif

import (
	"encoding/json"
	"io"
)

// The values that [New] sets.
const (
	Schema  = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
	Version = "2.1.0"
)

// Log is a whole document (3.13).
type Log struct {
	Schema  string `json:"$schema"`
	Version string `json:"version"`
	Runs    []Run  `json:"runs"`
}

// New gives a document with one run.
func New(run Run) Log {
	return Log{Schema: Schema, Version: Version, Runs: []Run{run}}
}

// Write writes the document, indented and with a line feed at the end.
func (l Log) Write(w io.Writer) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(l)
}

// Run is one run of one tool (3.14). Results is an empty list, not nil, where
// the tool looked and found nothing.
type Run struct {
	Tool        Tool                        `json:"tool"`
	Invocations []Invocation                `json:"invocations,omitempty"`
	URIBases    map[string]ArtifactLocation `json:"originalUriBaseIds,omitempty"`
	Results     []Result                    `json:"results"`
}

// Tool is the program that ran (3.18).
type Tool struct {
	Driver Driver `json:"driver"`
}

// Driver is the tool's main part (3.19).
type Driver struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
	Rules   []Rule `json:"rules,omitempty"`
}

// Rule is what can be found (3.49, reportingDescriptor).
type Rule struct {
	ID               string          `json:"id"`
	ShortDescription *Text           `json:"shortDescription,omitempty"`
	HelpURI          string          `json:"helpUri,omitempty"` // an absolute URI
	Help             *Text           `json:"help,omitempty"`
	Default          *Default        `json:"defaultConfiguration,omitempty"`
	Properties       *RuleProperties `json:"properties,omitempty"`
}

// RuleProperties are the properties that code scanning services read.
type RuleProperties struct {
	// SecuritySeverity is a CVSS base score as text, "7.5".
	SecuritySeverity string   `json:"security-severity,omitempty"`
	Tags             []string `json:"tags,omitempty"` // no tag twice
}

// Default is the configuration of a rule that nobody has configured (3.50).
type Default struct {
	Level Level `json:"level"`
}

// Level is how serious a result is (3.27.10).
type Level string

// The levels.
const (
	Error   Level = "error"
	Warning Level = "warning"
	Note    Level = "note"
)

// Text is a text for people (3.11, 3.12). In a message's text, square brackets
// can make a link; a writer escapes those of data with a backslash.
type Text struct {
	Text string `json:"text"`
}

// Result is one find (3.27). RuleIndex points into the driver's rules.
type Result struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        Level             `json:"level"`
	Message      Text              `json:"message"`
	Locations    []Location        `json:"locations,omitempty"`
	Related      []Location        `json:"relatedLocations,omitempty"` // no location twice
	Fingerprints map[string]string `json:"partialFingerprints,omitempty"`
	Baseline     BaselineState     `json:"baselineState,omitempty"` // for all results of a run, or for none
	Suppressions []Suppression     `json:"suppressions,omitempty"`
	Properties   map[string]any    `json:"properties,omitempty"`
}

// BaselineState says whether an earlier run had the result (3.27.24).
type BaselineState string

// The states that a run without removed results has.
const (
	Added     BaselineState = "new"
	Unchanged BaselineState = "unchanged"
)

// Suppression says that somebody has decided to silence a result (3.35).
type Suppression struct {
	Kind          string `json:"kind"`             // "inSource": by a comment; "external": not in the source itself
	Status        string `json:"status,omitempty"` // "accepted"
	Justification string `json:"justification,omitempty"`
}

// Location is a place (3.28).
type Location struct {
	Physical *PhysicalLocation `json:"physicalLocation,omitempty"`
	Logical  []LogicalLocation `json:"logicalLocations,omitempty"`
	Message  *Text             `json:"message,omitempty"`
}

// PhysicalLocation is a place in a file (3.29).
type PhysicalLocation struct {
	Artifact ArtifactLocation `json:"artifactLocation"`
	Region   *Region          `json:"region,omitempty"`
}

// ArtifactLocation is where a file is (3.4): a percent-encoded URI, relative
// to the base of that id where one is set.
type ArtifactLocation struct {
	URI         string `json:"uri,omitempty"`
	BaseID      string `json:"uriBaseId,omitempty"`
	Description *Text  `json:"description,omitempty"`
}

// Region is a part of a file (3.30), by lines from 1.
type Region struct {
	StartLine int `json:"startLine"`
}

// LogicalLocation is a place by name (3.33).
type LogicalLocation struct {
	Name          string `json:"name,omitempty"`
	QualifiedName string `json:"fullyQualifiedName,omitempty"`
	Kind          string `json:"kind,omitempty"`
}

// Invocation is how the tool ran (3.20).
type Invocation struct {
	Successful    bool           `json:"executionSuccessful"`
	EndTime       string         `json:"endTimeUtc,omitempty"` // RFC 3339, UTC
	Notifications []Notification `json:"toolExecutionNotifications,omitempty"`
}

// Notification is something that the tool says about its own run (3.58).
type Notification struct {
	Level     Level      `json:"level"`
	Message   Text       `json:"message"`
	Locations []Location `json:"locations,omitempty"`
}
