package inventory

import (
	"bufio"
	"encoding/json"
	"io"

	"nacre/cpan"
	"nacre/purl"
	"nacre/terminal"
)

// Schema names the format of Encode and its version. Fields are only ever added
// to it; docs/formats/inventory.md describes it.
const Schema = "nacre.inventory/1"

// line is one line of the format; one field is set.
type line struct {
	Config    *configLine    `json:"config,omitempty"`
	Component *componentLine `json:"component,omitempty"`
	Notice    *Notice        `json:"notice,omitempty"`
	Check     *Check         `json:"check,omitempty"`
	Summary   *summaryLine   `json:"summary,omitempty"`
}

type configLine struct {
	Schema string   `json:"schema"`
	Path   string   `json:"path"`
	Name   string   `json:"name,omitempty"`
	Perl   perlLine `json:"perl"`
}

type perlLine struct {
	Version string `json:"version,omitempty"`
	AtLeast bool   `json:"at_least,omitempty"`
	From    string `json:"from,omitempty"`
	InTable bool   `json:"in_table"`
}

type componentLine struct {
	Ref        string         `json:"ref"`
	Dist       cpan.Dist      `json:"dist"`
	Version    string         `json:"version,omitempty"`
	Range      string         `json:"range,omitempty"`
	Shipped    []string       `json:"shipped,omitempty"`
	Kind       string         `json:"kind"`
	Scope      string         `json:"scope"`
	PURL       string         `json:"purl,omitempty"`
	Path       string         `json:"path,omitempty"`
	Direct     bool           `json:"direct,omitempty"`
	Modules    []cpan.Module  `json:"modules,omitempty"`
	RequiredBy []requiredLine `json:"required_by,omitempty"`
	Evidence   []Evidence     `json:"evidence,omitempty"`
	Notes      []string       `json:"notes,omitempty"`
	Place      string         `json:"place,omitempty"`
	ByName     bool           `json:"by_name,omitempty"`
	Itself     bool           `json:"itself,omitempty"`
	Package    *Package       `json:"package,omitempty"`
}

type requiredLine struct {
	By     string      `json:"by"` // a ref, or "" for the project itself
	Module cpan.Module `json:"module"`
	Range  string      `json:"range,omitempty"`
	Scope  string      `json:"scope"`
	At     Evidence    `json:"at"`
	// Ignores are the advisories that a comment beside it says to ignore.
	Ignores []string `json:"ignores,omitempty"`
}

type summaryLine struct {
	Components int  `json:"components"`
	Partial    bool `json:"partial"`
	// Checks counts the advice by its kind; nil where nobody asked.
	Checks map[CheckKind]int `json:"checks,omitzero"`
}

// Encode writes an inventory as JSON Lines of the format Schema. path is what
// was looked at, as a person gave it.
func (inv *Inventory) Encode(w io.Writer, path string) error { return inv.encode(w, path, nil, nil) }

// EncodeChecked is Encode with the advice that a check of the inventory gave.
func (inv *Inventory) EncodeChecked(w io.Writer, path string, checks []Check) error {
	counts := map[CheckKind]int{}
	for i := range checks {
		counts[checks[i].Kind]++
	}
	return inv.encode(w, path, checks, counts)
}

func (inv *Inventory) encode(w io.Writer, path string, checks []Check, counts map[CheckKind]int) error {
	buf := bufio.NewWriterSize(w, 32<<10)
	enc := json.NewEncoder(terminal.Inert(buf))
	enc.SetEscapeHTML(false)
	p := inv.Perl
	if err := enc.Encode(line{Config: &configLine{
		Schema: Schema, Path: path, Name: inv.Name,
		Perl: perlLine{Version: p.Version.String(), AtLeast: p.AtLeast, From: p.From, InTable: p.InTable},
	}}); err != nil {
		return err
	}
	in := inv.Requirers()
	for i := range inv.Components {
		c := &inv.Components[i]
		l := componentLine{
			Ref: c.Ref(), Dist: c.Dist, Version: c.Version, Shipped: c.Shipped, Kind: c.Kind.String(), Scope: c.Scope.String(),
			PURL: c.PURL(), Path: c.Path, Direct: c.Direct, Modules: c.Modules, Evidence: c.Evidence, Notes: c.Notes,
			Place: c.Place, ByName: c.ByName, Itself: c.Itself, Package: c.Package,
		}
		if c.Requirement != nil {
			l.Range = c.Requirement.String()
		}
		for _, e := range in[i] {
			r := requiredLine{Module: e.Module, Range: e.Range, Scope: e.Scope.String(), At: e.Evidence, Ignores: e.Ignores}
			if e.From >= 0 {
				r.By = inv.Components[e.From].Ref()
			}
			l.RequiredBy = append(l.RequiredBy, r)
		}
		if err := enc.Encode(line{Component: &l}); err != nil {
			return err
		}
	}
	for i := range inv.Notices {
		if err := enc.Encode(line{Notice: &inv.Notices[i]}); err != nil {
			return err
		}
	}
	for i := range checks {
		if err := enc.Encode(line{Check: &checks[i]}); err != nil {
			return err
		}
	}
	if err := enc.Encode(line{Summary: &summaryLine{Components: len(inv.Components), Partial: inv.Partial(), Checks: counts}}); err != nil {
		return err
	}
	return buf.Flush()
}

// Requirers gives, for each component, the edges that lead to it, in their
// order.
func (inv *Inventory) Requirers() [][]Edge {
	in := make([][]Edge, len(inv.Components))
	for _, e := range inv.Edges {
		if e.To >= 0 && e.To < len(in) {
			in[e.To] = append(in[e.To], e)
		}
	}
	return in
}

// Partial reports whether the inventory is known not to be whole.
func (inv *Inventory) Partial() bool {
	for _, n := range inv.Notices {
		if n.Partial {
			return true
		}
	}
	return false
}

// PURL is the component's package URL: with version and author as far as they
// are known, and "" for a component without a distribution or with a name that
// no package URL can have.
func (c *Component) PURL() string {
	if c.Dist == "" || c.Elsewhere != "" {
		return ""
	}
	p, err := purl.Identity(cpan.Release{Dist: c.Dist, Version: c.Version, Author: c.Author})
	if c.Version == "" {
		p, err = purl.Selector(c.Dist)
	}
	if err != nil {
		return ""
	}
	return p.String()
}
