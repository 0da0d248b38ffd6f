// Package rules holds a document of the Common Security Advisory Framework to
// those mandatory tests of the standard that what Nacre writes can break, and
// that the schema does not know of.
//
//	for _, wrong := range rules.Broken(&doc) {
//		t.Error("6.1." + wrong) // "6.1.7: Foo-Bar@1.2 is scored twice by CVE-2099-0001"
//	}
//
// Promised: a document that breaks one of the tests 1 to 3, 6 to 10, 13, 14, 16 to
// 18, 21 to 23, 26, 27 and 29 to 33 gets an answer that begins with its number. Not
// promised: that what passes is valid by the schema, and what is not in the
// structs of package csaf.
//
// Source: OASIS Common Security Advisory Framework Version 2.0 Errata 01,
// section 6.1.
package rules

import (
	"fmt"
	"strings"

	"nacre/report/csaf"
)

// checker gathers what is wrong with a document.
type checker struct {
	wrong []string
	ids   map[string]bool // of products
}

func (c *checker) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// Broken gives the tests that a document fails. Each answer begins with the number
// of the test below 6.1.
func Broken(doc *csaf.Document) []string {
	c := &checker{ids: map[string]bool{}}
	c.tree(doc.Products)
	c.tracking(&doc.Meta.Tracking)
	full := doc.Meta.Category == csaf.VEX || doc.Meta.Category == csaf.Advisory
	switch {
	case full && doc.Products == nil:
		c.fail("27.4: a %s without products", doc.Meta.Category)
	case full && len(doc.Vulnerabilities) == 0:
		c.fail("27.11: a %s without vulnerabilities", doc.Meta.Category)
	case !full && doc.Meta.Category != csaf.Base:
		c.fail("26: category %s", doc.Meta.Category)
	}
	cves := map[string]bool{}
	for i := range doc.Vulnerabilities {
		v := &doc.Vulnerabilities[i]
		if cves[v.CVE] && v.CVE != "" {
			c.fail("23: %s is used twice", v.CVE)
		}
		cves[v.CVE] = true
		c.vulnerability(v, doc.Meta.Category)
	}
	return c.wrong
}

// tree checks that products are defined once, and each with a name of its kind.
func (c *checker) tree(tree *csaf.ProductTree) {
	if tree == nil {
		return
	}
	c.branches(tree.Branches)
	for i := range tree.Products {
		c.product(&tree.Products[i])
	}
	for i := range tree.Relationships {
		r := &tree.Relationships[i]
		for _, id := range []string{r.Part, r.Whole} {
			if id == r.Product.ID {
				c.fail("3: %s is a part of itself", id)
			} else if !c.ids[id] {
				c.fail("1: %s is related and not defined", id)
			}
		}
	}
	for i := range tree.Relationships {
		c.product(&tree.Relationships[i].Product)
	}
}

func (c *checker) branches(all []csaf.Branch) {
	for i := range all {
		b := &all[i]
		switch {
		case b.Category == "product_version" && !csaf.IsVersionName(b.Name):
			c.fail("31: version %s reads as a range", b.Name)
		case (b.Product == nil) == (b.Branches == nil):
			c.fail("3.1.2: branch %s is no product, or has branches besides", b.Name)
		}
		if b.Product != nil {
			c.product(b.Product)
		}
		c.branches(b.Branches)
	}
}

func (c *checker) product(p *csaf.Product) {
	if c.ids[p.ID] {
		c.fail("2: %s is defined twice", p.ID)
	}
	c.ids[p.ID] = true
	if p.Helper != nil && !strings.HasPrefix(p.Helper.PURL, "pkg:") {
		c.fail("13: %s", p.Helper.PURL)
	}
}
