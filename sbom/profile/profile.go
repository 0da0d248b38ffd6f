// Package profile says how far a bill of materials gives what somebody asks
// for: a minimum that an authority has published, or the rules of the formats
// that their schemas cannot state.
//
//	p, _ := profile.Find("ntia")
//	r := profile.Check(b, p)
//	r.Grade               // profile.Fails
//	r.Tallies[0].Passed   // of r.Tallies[0].Asked components
//	for gap := range profile.Gaps(b, p) {
//		gap.Pointer // "/components/3/supplier"
//	}
//
// A profile is data, one file each under profiles/, so that a new text needs no
// code:
//
//	{
//	  "id": "ntia", "version": "2021", "date": "2021-07-12",
//	  "title": "...", "source": "...",
//	  "checks": [
//	    {
//	      "id": "supplier", "title": "supplier name", "of": "component", "level": "required",
//	      "any": ["supplier", "manufacturer"], "attribute": "supplier",
//	      "how": "name who distributes it; for CPAN the uploader",
//	      "paths": {"CycloneDX": "supplier", "SPDX 2": "supplier", "SPDX 3": "suppliedBy"}
//	    }
//	  ]
//	}
//
// A check passes where one field of "any" has a value, all of "all" and none of
// "none". The fields are in fields.go and billfields.go, and what they need
// stands behind a colon: "hash:SHA-512", "reference:vcs". "formats" gives the
// least version of each format; with "gate" nothing else is asked where that
// check fails. "on" are the classes of components that a check is for (see
// Class); without it it is for all but files.
//
// What is not there is a gap, unless the bill itself says that it is not known
// (Component.Unknown, NOASSERTION, a composition of "unknown") or was taken out
// (Component.Redacted): those are counted apart, and a bill whose every gap is
// declared passes with that said. What nobody states is never taken as declared.
//
// Promised: the same bill gives the same report; time grows with the bill times
// the checks.
//
// Not promised: anything about law. That a bill gives what a text asks for
// supports whoever has to answer for a product, and is no statement of theirs.
//
// Sources: NTIA, The Minimum Elements For a Software Bill of Materials (2021);
// CISA, 2025 Minimum Elements, draft for comment; BSI TR-03183-2 2.1.0;
// Regulation (EU) 2024/2847; CPAN Security Group, SBOM roles in a supply chain,
// draft 0.8.7. The profiles' own fields name them.
package profile

import (
	"bytes"
	"embed"
	"encoding/json"
	"slices"
	"strings"

	"nacre/bom"
	"nacre/fault"
)

// Profile is what one text asks of a bill.
type Profile struct {
	ID      string   `json:"id"`
	Aliases []string `json:"aliases,omitempty"`
	Version string   `json:"version"`
	Date    string   `json:"date"` // of the text, YYYY-MM-DD or less where it says less
	Title   string   `json:"title"`
	Source  string   `json:"source"`
	Note    string   `json:"note,omitempty"` // what a reader of a report must know
	Checks  []*Rule  `json:"checks"`
}

// Rule is one thing that a profile asks for.
type Rule struct {
	ID    string `json:"id"`
	Title string `json:"title"` // at most 34 characters
	// Of is "bill", or "component" for each of the components and the root.
	Of    string  `json:"of"`
	On    []Class `json:"on,omitempty"`
	Level Level   `json:"level"`

	Any     []string          `json:"any,omitempty"`
	All     []string          `json:"all,omitempty"`
	None    []string          `json:"none,omitempty"`
	Formats map[string]string `json:"formats,omitempty"`
	Gate    bool              `json:"gate,omitempty"`

	// Attribute is the name by which Unknown and Redacted have it; several
	// between blanks, one of which is enough.
	Attribute string `json:"attribute,omitempty"`
	How       string `json:"how"`
	// Paths say where it stands, by "CycloneDX", "SPDX 2" and "SPDX 3": slash
	// paths from the document or from the component.
	Paths map[string]string `json:"paths,omitempty"`
}

// Level is how much a profile wants something.
type Level string

// The levels. Only what is required decides whether a bill passes.
const (
	Required Level = "required"
	IfKnown  Level = "if-known" // to be given where it exists
	Optional Level = "optional"
)

//go:embed profiles/*.json
var files embed.FS

// order is how the profiles are listed.
var order = [...]string{"ntia", "cisa-2025-draft", "bsi", "cra", "cpansec"}

// MaxSize bounds a profile, in bytes.
const MaxSize = 1 << 20

// All gives every profile that the program has.
func All() ([]*Profile, error) {
	var all []*Profile
	for _, id := range order {
		p, err := Find(id)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// Find gives the profile of an id or alias.
func Find(name string) (*Profile, error) {
	for _, id := range order {
		b, err := files.ReadFile("profiles/" + id + ".json")
		if err != nil {
			return nil, err
		}
		if id != name && !bytes.Contains(b, []byte(`"`+name+`"`)) {
			continue
		}
		p, err := Parse(b)
		if err != nil {
			return nil, err
		}
		if p.ID == name || slices.Contains(p.Aliases, name) {
			return p, nil
		}
	}
	return nil, fault.New(fault.Invalid, "no profile %s", fault.Quote(name)).
		WithHint("there are %s, and none for the rules alone", strings.Join(order[:], ", "))
}

// Parse reads a profile.
func Parse(b []byte) (*Profile, error) {
	if len(b) > MaxSize {
		return nil, fault.New(fault.Invalid, "read profile: larger than %d bytes (limit: profile size)", MaxSize)
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var p Profile
	if err := d.Decode(&p); err != nil {
		return nil, fault.Wrap(fault.Invalid, err, "read profile")
	}
	if d.More() {
		return nil, fault.New(fault.Invalid, "read profile: text after its end")
	}
	if p.ID == "" || p.Title == "" || len(p.Checks) == 0 {
		return nil, fault.New(fault.Invalid, "read profile: id, title and checks are needed")
	}
	ids := map[string]bool{}
	for i, c := range p.Checks {
		switch {
		case c == nil || c.ID == "":
			return nil, fault.New(fault.Invalid, "profile %s: check %d has no id", fault.Quote(p.ID), i+1)
		case ids[c.ID]:
			return nil, fault.New(fault.Invalid, "profile %s: check %s is there twice", fault.Quote(p.ID), fault.Quote(c.ID))
		}
		ids[c.ID] = true
		if err := c.valid(); err != nil {
			return nil, fault.Wrap(fault.Invalid, err, "profile %s: check %s", fault.Quote(p.ID), fault.Quote(c.ID))
		}
	}
	return &p, nil
}

// valid says what is wrong with a check.
func (c *Rule) valid() error {
	switch c.Level {
	case Required, IfKnown, Optional:
	default:
		return fault.New(fault.Invalid, "level %s is none of required, if-known, optional", fault.Quote(string(c.Level)))
	}
	if c.Of != "bill" && c.Of != "component" {
		return fault.New(fault.Invalid, "of %s is neither bill nor component", fault.Quote(c.Of))
	}
	if len(c.Any)+len(c.All)+len(c.None)+len(c.Formats) == 0 {
		return fault.New(fault.Invalid, "asks for nothing")
	}
	if c.Of == "component" && len(c.Formats) > 0 || c.Of == "bill" && len(c.On) > 0 {
		return fault.New(fault.Invalid, "formats are of bills, and classes of components")
	}
	for _, class := range c.On {
		if !slices.Contains(classes[:], class) {
			return fault.New(fault.Invalid, "no class of components is called %s", fault.Quote(string(class)))
		}
	}
	for _, field := range slices.Concat(c.Any, c.All, c.None) {
		name, argument, more := strings.Cut(field, ":")
		known, takes := componentFields[name].known()
		if c.Of == "bill" {
			known, takes = billFields[name].known()
		}
		switch {
		case !known:
			return fault.New(fault.Invalid, "no field is called %s", fault.Quote(name))
		case more != (argument != "") || takes == always && !more || takes == never && more:
			return fault.New(fault.Invalid, "field %s: what stands behind the colon is missing or too much", fault.Quote(field))
		}
	}
	return nil
}

// path says where a format has what a check asks for.
func (c *Rule) path(f bom.Format) string {
	name := f.Name
	if name == "SPDX" {
		major, _, _ := strings.Cut(f.Version, ".")
		name += " " + major
	}
	if p, ok := c.Paths[name]; ok {
		return p
	}
	return c.Paths["CycloneDX"]
}
