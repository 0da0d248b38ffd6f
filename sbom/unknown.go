package sbom

import (
	"slices"

	"nacre/bom"
)

// standard are the attributes of which each component says the value, or that
// it is not known.
var standard = []string{
	"archive", "copyright", "description", "distribution", "executable", "filename", "hashes", "licenses", "manufacturer", "purl",
	"security-contact", "source", "structured", "supplier", "version",
}

// missing marks what of the standard attributes a component does not have.
func missing(c *bom.Component) {
	has := func(types ...string) bool {
		return slices.ContainsFunc(c.References, func(r bom.Reference) bool { return slices.Contains(types, r.Type) })
	}
	for _, field := range standard {
		var known bool
		switch field {
		case "archive":
			known = c.File.Archive != ""
		case "executable":
			known = c.File.Executable != ""
		case "filename":
			known = c.File.Name != ""
		case "structured":
			known = c.File.Structured != ""
		case "copyright":
			known = c.Copyright != ""
		case "description":
			known = c.Description != ""
		case "distribution":
			known = has("distribution")
		case "hashes":
			known = len(c.Hashes) > 0
		case "licenses":
			known = len(c.Licenses) > 0
		case "manufacturer":
			known = c.Manufacturer != nil
		case "purl":
			known = c.PURL != ""
		case "security-contact":
			known = has("security-contact", "rfc-9116")
		case "source":
			known = has("source-distribution", "vcs")
		case "supplier":
			known = c.Supplier != nil
		case "version":
			known = c.Version != "" || c.Range != ""
		}
		if !known {
			c.SetUnknown(field)
		}
	}
}

// unstated are the attributes of the bill itself that are asked for in the
// CPAN Security Group's list, and that nobody stated.
func (m *maker) unstated() []string {
	open := []string{"access-control", "encryption", "error-handling", "update-frequency"}
	if len(m.opt.Authors) == 0 {
		open = append(open, "authors")
	}
	if m.opt.Manufacturer == nil {
		open = append(open, "manufacturer")
	}
	if m.opt.Location == "" {
		open = append(open, "location")
	}
	slices.Sort(open)
	return open
}
