package profile

import "nacre/bom"

// Class is what sort of component a check is for. The words of fully described,
// logical, identified and referenced components are BSI TR-03183-2's; what is
// outside of the delivery is asked for less.
type Class string

// The classes. Every component has one of them; the root has Root besides.
const (
	Root       Class = "root"
	Full       Class = "full"       // delivered, as a file or an archive
	Logical    Class = "logical"    // a product, a platform or a framework that is no file itself
	Identified Class = "identified" // needed, and not delivered
	Referenced Class = "referenced" // described by a bill of its own, which is linked
	File       Class = "file"       // a single file of a component
)

var classes = [...]Class{Root, Full, Logical, Identified, Referenced, File}

// ClassOf says which class a component of a bill is of.
func ClassOf(b *bom.Bill, c *bom.Component) Class {
	switch {
	case c.Type == "file" && c != b.Root:
		return File
	case c != b.Root && reference(c.References, "bom") != nil:
		return Referenced
	case c != b.Root && (c.External || c.Range != ""):
		return Identified
	case isLogical(b, c):
		return Logical
	}
	return Full
}

// isLogical reports whether a component is made of others and no file itself.
func isLogical(b *bom.Bill, c *bom.Component) bool {
	if c.File != (bom.File{}) || len(c.Hashes) > 0 || reference(c.References, "distribution") != nil {
		return false
	}
	switch c.Type {
	case "application", "framework", "platform", "operating-system", "container", "device", "firmware":
		return c == b.Root || len(c.Parts) > 0
	}
	return false
}

// reference gives the first link of a type.
func reference(all []bom.Reference, kind string) *bom.Reference {
	for i := range all {
		if all[i].Type == kind && all[i].URL != "" {
			return &all[i]
		}
	}
	return nil
}
