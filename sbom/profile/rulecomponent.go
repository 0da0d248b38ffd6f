package profile

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"nacre/advice"
	"nacre/bom"
	"nacre/fault"
	"nacre/license"
)

// component asks about one component by itself.
func (r *ruler) component(c *bom.Component) {
	r.packageURL(c)
	r.licenses(c)
	r.versions(c)
	for i, h := range c.Hashes {
		r.digest(c, fmt.Sprintf("hashes/%d", i), h)
	}
	for i, ref := range c.References {
		for j, h := range ref.Hashes {
			r.digest(c, fmt.Sprintf("externalReferences/%d/hashes/%d", i, j), h)
		}
	}
	if c.Released != "" {
		if err := checkTime(c.Released); err != nil {
			r.say("R10", advice.Error, c, "", "the day of its release: "+err.Error())
		}
	}
	if c.Type != "file" && r.bill.Format.Name == "CycloneDX" && !r.entries[c.Ref] && r.dependencies[c.Ref] == "" {
		r.say("R06", advice.Warning, c, "", "has no entry in dependencies: what it needs is not stated")
	}
	for _, name := range c.Unknown {
		if stated(c, name) {
			r.say("R15", advice.Warning, c, "", "has "+name+", and says that it is not known")
		}
	}
}

// stated reports whether a component has an attribute that can be marked; SPDX's
// word for "nobody says" states nothing.
func stated(c *bom.Component, name string) bool {
	switch name {
	case "licenses":
		return slices.ContainsFunc(c.Licenses, func(l bom.License) bool { return l.String() != noAssertion })
	case "copyright":
		return c.Copyright != "" && c.Copyright != noAssertion
	}
	return c.Has(name)
}

// licenses asks whether licences can be read by a program.
func (r *ruler) licenses(c *bom.Component) {
	expressions := 0
	for i, l := range c.Licenses {
		path := fmt.Sprintf("licenses/%d", i)
		if l.Expression != "" {
			expressions++
		}
		switch word := l.String(); {
		case l.Name != "":
			if e, err := license.Parse(l.Name); err == nil && len(e.Unknown()) == 0 && !e.IsNone() && !e.IsNoAssertion() {
				r.say("R08", advice.Warning, c, path, "the name "+quote(l.Name)+" is an SPDX expression, and stands where programs do not read it as one")
			}
		case word == "NONE" || word == noAssertion:
			if r.bill.Format.Name == "CycloneDX" {
				r.say("R08", advice.Error, c, path, word+" is SPDX's word, and no licence in CycloneDX")
			}
		default:
			e, err := license.Parse(word)
			if err != nil {
				r.say("R08", advice.Error, c, path, oneLine(err))
				break
			}
			if unknown := e.Unknown(); len(unknown) > 0 {
				r.say("R08", advice.Error, c, path, "not on the SPDX list: "+cut(strings.Join(unknown, ", ")))
			}
			for _, d := range e.Deprecated() {
				m := d.ID + " is deprecated"
				if d.Successor != "" {
					m += "; its successor is " + d.Successor
				}
				r.say("R08", advice.Warning, c, path, m)
			}
		}
	}
	if f := r.bill.Format; expressions > 0 && len(c.Licenses) > 1 && f.Name == "CycloneDX" && compareVersions(f.Version, "1.7") < 0 {
		r.say("R09", advice.Error, c, "licenses", "CycloneDX "+f.Version+" takes one expression or a list of licences, not both")
	}
}

// versions asks about versions, ranges and names.
func (r *ruler) versions(c *bom.Component) {
	switch {
	case c.Version != "" && c.Range != "":
		r.say("R11", advice.Error, c, "versionRange", "has a version and a range")
	case c.Raw.Get("versionRange") != nil && !c.External: // as a property it may stand anywhere
		r.say("R11", advice.Error, c, "versionRange", "a range is for external components only")
	case c.External && c.Scope == bom.Excluded:
		r.say("R11", advice.Warning, c, "isExternal", "external components are those that are needed at run time; its scope is excluded")
	}
	if c.Range != "" {
		if err := checkVers(c.Range); err != nil {
			r.say("R11", advice.Error, c, "versionRange", oneLine(err))
		}
	}
	if c.Version != "" && strings.HasSuffix(c.Name, "-"+c.Version) {
		r.say("R16", advice.Warning, c, "name", "the name "+quote(c.Name)+" carries the version")
	}
}

// sizes are how many hexadecimal digits a digest has.
var sizes = map[string]int{
	"MD5": 32, "SHA-1": 40, "SHA-224": 56, "SHA-256": 64, "SHA-384": 96, "SHA-512": 128,
	"SHA3-224": 56, "SHA3-256": 64, "SHA3-384": 96, "SHA3-512": 128,
	"BLAKE2B-256": 64, "BLAKE2B-384": 96, "BLAKE2B-512": 128, "BLAKE3": 0,
	"STREEBOG-256": 64, "STREEBOG-512": 128, "MD2": 32, "MD4": 32, "MD6": 0, "ADLER32": 8,
}

func (r *ruler) digest(c *bom.Component, path string, h bom.Hash) {
	size, known := sizes[strings.ToUpper(h.Algorithm)]
	switch {
	case !known:
		r.say("R12", advice.Warning, c, path, "no algorithm "+quote(h.Algorithm)+" is known")
	case h.Value == "" || strings.Trim(h.Value, "0123456789abcdefABCDEF") != "":
		r.say("R12", advice.Error, c, path, "the "+h.Algorithm+" "+quote(h.Value)+" is not hexadecimal")
	case size > 0 && len(h.Value) != size:
		r.say("R12", advice.Error, c, path, fmt.Sprintf("a %s has %d hexadecimal digits, this one %d", h.Algorithm, size, len(h.Value)))
	}
}

// bytes asks whether one package stands for different bytes.
func (r *ruler) bytes() {
	first := map[string]*bom.Component{}
	for c := range r.bill.All() {
		if c.PURL == "" || c.Version == "" && !strings.Contains(c.PURL, "@") {
			continue
		}
		was := first[c.PURL]
		if was == nil {
			first[c.PURL] = c
			continue
		}
		if alg := bom.OtherBytes(was, c); alg != "" {
			r.say("R13", advice.Error, c, "hashes", "has the package URL of "+label(was)+", and another "+alg)
			continue
		}
		r.say("R14", advice.Note, c, "purl", "has the package URL of "+label(was))
	}
}

// checkTime says whether a text is a time as RFC 3339 writes it, or a day.
func checkTime(s string) error {
	if _, err := time.Parse(time.RFC3339Nano, s); err == nil {
		return nil
	}
	if _, err := time.Parse(time.DateOnly, s); err == nil {
		return nil
	}
	return fault.New(fault.Invalid, "%s is no time of RFC 3339", fault.Quote(s))
}

// elsewhere reports whether a ref leads out of the document: a BOM-Link, or
// SPDX's reference into another document.
func elsewhere(ref string) bool {
	return strings.HasPrefix(ref, "urn:cdx:") || strings.HasPrefix(ref, "DocumentRef-") ||
		ref == "NONE" || ref == noAssertion || strings.HasPrefix(ref, "SPDXRef-DOCUMENT")
}

func label(c *bom.Component) string {
	s := nameOf(c)
	if c.Pointer != "" {
		s += " (" + c.Pointer + ")"
	}
	return s
}

func quote(s string) string { return fault.Quote(s) }

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", " ") }

func nameOf(c *bom.Component) string { return strings.TrimSuffix(c.Name+" "+c.Version, " ") }
