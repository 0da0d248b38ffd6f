// Package spdx reads and writes bills of materials in SPDX: 2.2 and 2.3 as JSON
// and as tag-value, and 3.0.1 as JSON-LD.
//
//	{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "Foo-Bar-1.20",
//	 "packages": [{"SPDXID": "SPDXRef-pkg-cpan-Foo-Bar-1.20", "name": "Foo-Bar",
//	   "versionInfo": "1.20", "downloadLocation": "NOASSERTION",
//	   "externalRefs": [{"referenceCategory": "PACKAGE-MANAGER",
//	     "referenceType": "purl", "referenceLocator": "pkg:cpan/Foo-Bar@1.20"}]}],
//	 "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT",
//	   "relationshipType": "DESCRIBES", "relatedSpdxElement": "SPDXRef-pkg-cpan-Foo-Bar-1.20"}]}
//
// What the model has and SPDX has no word for stands in one annotation of the
// element, by the annotator "Tool: nacre", a line for each:
//
//	cpan:unknown=copyright,hashes
//	cpan:provenance:licenses=author-stated META.json license
//	cpan:bom:scope="required"
//
// A line NAME=VALUE is a property. Lines cpan:bom:FIELD=JSON hold a field of
// package bom in its own words. A line is written where SPDX's own fields, read
// back, would not give the value, and only there; it counts as long as they say
// what they said then, so that what another tool wrote into them is not covered by
// an old note. docs/formats/bom-spdx.md has the whole table.
//
// Promised: a document that is read and written again in its own family (2 or 3)
// without a change gives the same tree. After a change everything that the model
// does not know is still there: files, snippets, annotations of others, keys and
// their order. What a bill that was read from another format holds, and neither
// the model nor SPDX has, is a Loss. The same bill gives the same bytes.
//
// Not promised: files and snippets are no components of the model, and elements
// that a document does not have stay names.
//
// Sources: SPDX 2.2 and 2.3 (ISO/IEC 5962:2021) and 3.0.1, each with its JSON
// schema.
package spdx

import (
	"bytes"
	"strings"

	"nacre/bom"
	"nacre/fault"
	"nacre/jsondoc"
)

// Read reads a document of any of the forms, which it tells by its content.
func Read(b []byte) (*bom.Bill, error) {
	if len(b) > bom.MaxSize {
		return nil, fault.New(fault.Invalid, "read SPDX: larger than %d bytes (limit: bill size)", bom.MaxSize)
	}
	if head := bytes.TrimLeft(bytes.TrimPrefix(b, []byte("\ufeff")), " \t\r\n"); !bytes.HasPrefix(head, []byte("{")) {
		tree, err := parseTags(b)
		if err != nil {
			return nil, fault.Wrap(fault.KindOf(err), err, "read SPDX tag-value")
		}
		return billOf(tree, "tag-value")
	}
	tree, err := jsondoc.Parse(b, jsondoc.Limits{Depth: bom.MaxDepth, Name: "bill", Unique: true})
	if err != nil {
		return nil, fault.Wrap(fault.KindOf(err), err, "read SPDX")
	}
	return billOf(tree, "json")
}

// billOf reads a tree by what names its version.
func billOf(tree *jsondoc.Node, encoding string) (*bom.Bill, error) {
	switch familyOf(tree) {
	case family2:
		version := strings.TrimPrefix(tree.Get("spdxVersion").Str(), "SPDX-")
		if version != "2.2" && version != "2.3" {
			return nil, fault.New(fault.Invalid, "read SPDX: version %s is not known", fault.Quote(version)).WithHint("versions 2.2, 2.3 and 3.0.1 are read")
		}
		r, err := read2(tree)
		if err != nil {
			return nil, err
		}
		r.bill.Format = bom.Format{Name: "SPDX", Version: version, Encoding: encoding}
		return r.bill, nil
	}
	if version, ok := version3(tree); ok {
		if version != "3.0" && !strings.HasPrefix(version, "3.0.") {
			return nil, fault.New(fault.Invalid, "read SPDX: version %s is not known", fault.Quote(version)).WithHint("versions 2.2, 2.3 and 3.0.1 are read")
		}
		r, err := read3(tree)
		if err != nil {
			return nil, err
		}
		r.bill.Format = bom.Format{Name: "SPDX", Version: version, Encoding: encoding}
		return r.bill, nil
	}
	return nil, fault.New(fault.Invalid, "read SPDX: no key spdxVersion, and no @context of SPDX 3").WithHint("is it a document of SPDX?")
}

// Write writes a bill in one of the forms: version "2.2" or "2.3" as "json" or
// "tag-value", version "3.0.1" as "json". An empty version is 2.3, an empty encoding JSON. What cannot be
// carried is listed, first what the document that was read holds.
func Write(b *bom.Bill, f bom.Format) ([]byte, []bom.Loss, error) {
	if f.Name != "" && f.Name != "SPDX" {
		return nil, nil, fault.New(fault.Invalid, "write SPDX: the format is %s", fault.Quote(f.Name))
	}
	if f.Version == "" {
		f.Version = "2.3"
	}
	if f.Encoding == "" {
		f.Encoding = "json"
	}
	switch {
	case (f.Version == "2.2" || f.Version == "2.3") && (f.Encoding == "json" || f.Encoding == "tag-value"):
		tree, losses, err := write2(b, f.Version)
		if err != nil {
			return nil, nil, err
		}
		if f.Encoding == "json" {
			if b.Format.Encoding == "tag-value" {
				tree, losses = withoutTags(tree, "", losses)
			}
			return tree.Append(nil), losses, nil
		}
		text, more := formatTags(tree)
		return text, append(losses, more...), nil
	case strings.HasPrefix(f.Version, "3.0") && f.Encoding == "json":
		tree, losses, err := write3(b)
		if err != nil {
			return nil, nil, err
		}
		return tree.Append(nil), losses, nil
	}
	return nil, nil, fault.New(fault.Invalid, "write SPDX: no version %s as %s", fault.Quote(f.Version), fault.Quote(f.Encoding)).
		WithHint("2.2 and 2.3 are written as json or tag-value, 3.0.1 as json")
}

// version3 is the version that a JSON-LD context names.
func version3(tree *jsondoc.Node) (string, bool) {
	for _, n := range several(tree.Get("@context")) {
		if _, rest, ok := strings.Cut(n.Str(), "spdx.org/rdf/"); ok {
			version, _, _ := strings.Cut(rest, "/")
			return version, true
		}
	}
	return "", false
}

type family uint8

const (
	familyNone  family = iota
	family2            // a document or element of SPDX 2
	family3            // of SPDX 3
	familyOther        // CycloneDX
)

// familyOf tells what a document or an element was read from.
func familyOf(n *jsondoc.Node) family {
	switch {
	case n == nil:
		return familyNone
	case n.Get("spdxVersion") != nil, n.Get("SPDXID") != nil:
		return family2
	case n.Get("@context") != nil, n.Get("spdxId") != nil, n.Get("@id") != nil, n.Get("creationInfo") != nil:
		return family3
	}
	return familyOther
}
