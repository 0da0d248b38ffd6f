package spdx_test

import (
	"slices"
	"testing"

	"nacre/bom"
	"nacre/bom/spdx"
	"nacre/jsondoc"
)

// FuzzRead holds that what is read and written again without a change is the
// same tree, in each form, and that tag-value between two readings of JSON
// changes no component.
func FuzzRead(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := spdx.Read(text)
		if err != nil {
			return
		}
		unchanged(t, b)
		for _, form := range []bom.Format{{Version: "2.3"}, {Version: "2.2"}, {Version: "2.3", Encoding: "tag-value"}, {Version: "3.0.1"}} {
			out, _, err := spdx.Write(b, form)
			if err != nil {
				t.Fatalf("write %v: %v", form, err)
			}
			if form.Encoding != "tag-value" {
				if _, err := spdx.Read(out); err != nil {
					t.Fatalf("read again what was written as %v: %v\n%s", form, err, out)
				}
			}
		}
	})
}

// unchanged fails where a bill that was read is not written as it was.
func unchanged(t *testing.T, b *bom.Bill) {
	t.Helper()
	out, losses, err := spdx.Write(b, b.Format)
	if err != nil {
		t.Fatal(err)
	}
	if len(losses) > 0 && b.Format.Encoding == "json" {
		t.Fatalf("losses of an unchanged document: %v", losses)
	}
	if b.Format.Encoding == "json" {
		if want := b.Raw.Append(nil); string(out) != string(want) {
			t.Fatalf("written otherwise than it was read:\n%s\nwas\n%s", out, want)
		}
		return
	}
	again, err := spdx.Read(out)
	if err != nil {
		t.Fatalf("read again: %v\n%s", err, out)
	}
	if len(losses) == 0 && !again.Raw.Equal(b.Raw) {
		t.Fatalf("tag-value reads otherwise when it was written again:\n%s\n%s\nwas\n%s", out, again.Raw.Append(nil), b.Raw.Append(nil))
	}
}

// FuzzEdit holds that a change of one thing changes that one thing.
func FuzzEdit(f *testing.F) {
	for _, s := range seeds {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := spdx.Read(text)
		if err != nil || b.Format.Encoding != "json" {
			return
		}
		b.Comment += "!"
		out, _, err := spdx.Write(b, b.Format)
		if err != nil {
			t.Fatal(err)
		}
		now, err := jsondoc.Parse(out, jsondoc.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		if b.Raw.Get("spdxVersion") != nil {
			was := b.Raw.Clone()
			was.Remove("comment")
			now.Remove("comment")
			if !was.Equal(now) {
				t.Fatalf("the comment was changed, and more:\n%s\nwas\n%s", now.Append(nil), was.Append(nil))
			}
			return
		}
		items, before := now.Get("@graph").List(), b.Raw.Get("@graph").List()
		has := slices.ContainsFunc(before, func(n *jsondoc.Node) bool { return n.Get("type").Str() == "SpdxDocument" })
		for _, n := range before {
			switch n.Get("type").Str() {
			case "SpdxDocument":
				continue // of which one holds the comment
			case "software_Sbom", "Bom", "Bundle":
				if !has {
					continue // it names the notes of the document that had to be made
				}
			}
			at := slices.IndexFunc(items, n.Equal)
			if at < 0 {
				t.Fatalf("the comment was changed, and this is gone:\n%s\nnow\n%s", n.Append(nil), out)
			}
			items = items[at+1:]
		}
	})
}

var seeds = []string{
	`{"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "Foo", "dataLicense": "CC0-1.0", "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: a-1", "Person: A (a@example.org)"]},
 "packages": [{"SPDXID": "SPDXRef-a", "name": "Foo", "versionInfo": "1", "downloadLocation": "git+https://example.org", "supplier": "Person: B ()",
  "checksums": [{"algorithm": "SHA1", "checksumValue": "AB"}], "licenseDeclared": "LicenseRef-x", "externalRefs": [{"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:cpan/Foo@1"}],
  "annotations": [{"annotator": "Tool: nacre", "annotationDate": "2026-01-01T00:00:00Z", "annotationType": "OTHER", "comment": "cpan:unknown=a,b\ncpan:bom:ref=\"x\"\ncpan:bom:scope=\"required\"\nfoo=bar\ncpan:provenance:name=index x"}]},
  {"SPDXID": "SPDXRef-b", "name": "p", "hasFiles": ["SPDXRef-f"]}, {"SPDXID": "SPDXRef-c", "name": "c", "annotations": [{"annotator": "Tool: nacre", "comment": "cpan:bom:ref=\"x\""}]}],
 "files": [{"SPDXID": "SPDXRef-f", "fileName": "./f", "checksums": [{"algorithm": "SHA1", "checksumValue": "AB"}]}],
 "snippets": [{"SPDXID": "SPDXRef-s", "snippetFromFile": "SPDXRef-f", "name": "s", "ranges": [{"startPointer": {"reference": "SPDXRef-f", "offset": 1}, "endPointer": {"reference": "SPDXRef-f", "offset": 2}}]}],
 "hasExtractedLicensingInfos": [{"licenseId": "LicenseRef-x", "extractedText": "text", "seeAlsos": ["https://example.org"]}],
 "documentDescribes": ["SPDXRef-a"],
 "relationships": [{"spdxElementId": "SPDXRef-a", "relationshipType": "CONTAINS", "relatedSpdxElement": "SPDXRef-c", "comment": "part"},
  {"spdxElementId": "SPDXRef-a", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NOASSERTION"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "PATCH_FOR", "relatedSpdxElement": "SPDXRef-a"},
  {"spdxElementId": "SPDXRef-c", "relationshipType": "ANCESTOR_OF", "relatedSpdxElement": "SPDXRef-b"},
  {"spdxElementId": "SPDXRef-b", "relationshipType": "TEST_DEPENDENCY_OF", "relatedSpdxElement": "SPDXRef-a"}]}`,
	"SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: Foo\nCreator: Tool: a-1\nCreated: 2026-01-01T00:00:00Z\n" +
		"PackageName: Foo\nSPDXID: SPDXRef-a\nPackageChecksum: SHA1: ab\nFilesAnalyzed: false\nPackageComment: <text>a\n b</text>\nExternalRef: SECURITY cpe23Type cpe:2.3:a\nExternalRefComment: c\nPackageVerificationCode: ab (excludes: ./x)\n" +
		"FileName: ./f\nSPDXID: SPDXRef-f\nFileChecksum: SHA1: ab\nSnippetSPDXID: SPDXRef-s\nSnippetFromFileSPDXID: SPDXRef-f\nSnippetByteRange: 1:2\nSnippetLineRange: 1:2\n" +
		"LicenseID: LicenseRef-x\nExtractedText: <text>t</text>\nRelationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a\nRelationshipComment: c\nAnnotator: Person: A\nSPDXREF: SPDXRef-a\nAnnotationComment: c\nX-Other: y\n",
	`{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": [
 {"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1", "created": "2026-01-01T00:00:00Z", "createdBy": ["urn:x#p"], "createdUsing": ["urn:x#t"]},
 {"type": "Person", "spdxId": "urn:x#p", "creationInfo": "_:c", "name": "A", "externalIdentifier": [{"type": "ExternalIdentifier", "externalIdentifierType": "email", "identifier": "a@example.org"}]},
 {"type": "Tool", "spdxId": "urn:x#t", "creationInfo": "_:c", "name": "t-1"},
 {"type": "SpdxDocument", "spdxId": "urn:x", "creationInfo": "_:c", "rootElement": ["urn:x#s"], "element": ["urn:x#s", "urn:x#a"], "dataLicense": "https://spdx.org/licenses/CC0-1.0"},
 {"type": "software_Sbom", "spdxId": "urn:x#s", "creationInfo": "_:c", "rootElement": ["urn:x#a"], "software_sbomType": ["build"]},
 {"type": "software_Package", "spdxId": "urn:x#a", "creationInfo": "_:c", "name": "a", "software_packageVersion": "1", "suppliedBy": {"type": "Organization", "spdxId": "urn:x#o", "creationInfo": "_:c", "name": "O"},
  "originatedBy": ["urn:x#p"], "verifiedUsing": [{"type": "Hash", "algorithm": "sha256", "hashValue": "AB"}], "externalRef": [{"type": "ExternalRef", "externalRefType": "vcs", "locator": ["https://example.org", "https://example.com"]}]},
 {"type": "software_Package", "spdxId": "urn:x#b", "creationInfo": "_:c", "name": "b", "software_packageUrl": "pkg:cpan/B@1"},
 {"type": "software_Package", "spdxId": "urn:x#d", "creationInfo": "_:c", "name": "d"},
 {"type": "software_File", "spdxId": "urn:x#f", "creationInfo": "_:c", "name": "a.tar.gz", "software_additionalPurpose": ["archive"], "verifiedUsing": [{"type": "Hash", "algorithm": "sha512", "hashValue": "CD"}]},
 {"type": "Relationship", "spdxId": "urn:x#r1", "creationInfo": "_:c", "from": "urn:x#b", "relationshipType": "hasDistributionArtifact", "to": ["urn:x#f"]},
 {"type": "Relationship", "spdxId": "urn:x#r2", "creationInfo": "_:c", "from": "urn:x#a", "relationshipType": "dependsOn", "to": ["urn:x#b", "urn:x#f"], "completeness": "incomplete"},
 {"type": "LifecycleScopedRelationship", "spdxId": "urn:x#r3", "creationInfo": "_:c", "from": "urn:x#b", "relationshipType": "dependsOn", "to": ["NoneElement"], "completeness": "complete", "scope": "runtime"},
 {"type": "LifecycleScopedRelationship", "spdxId": "urn:x#r6", "creationInfo": "_:c", "from": "urn:x#a", "relationshipType": "dependsOn", "to": ["urn:x#b"], "scope": "runtime"},
 {"type": "Relationship", "spdxId": "urn:x#r4", "creationInfo": "_:c", "from": "urn:x#a", "relationshipType": "contains", "to": ["urn:x#d"], "comment": "part"},
 {"type": "Relationship", "spdxId": "urn:x#r5", "creationInfo": "_:c", "from": "urn:x#b", "relationshipType": "hasDeclaredLicense", "to": ["urn:x#l"]},
 {"type": "Relationship", "spdxId": "urn:x#r7", "creationInfo": "_:c", "from": "urn:x#a", "relationshipType": "patchedBy", "to": ["urn:x#q"]},
 {"type": "software_Package", "spdxId": "urn:x#q", "creationInfo": "_:c", "name": "q", "software_downloadLocation": "https://example.org/q"},
 {"type": "simplelicensing_LicenseExpression", "spdxId": "urn:x#l", "creationInfo": "_:c", "simplelicensing_licenseExpression": "LicenseRef-x", "simplelicensing_customIdToUri": [{"type": "DictionaryEntry", "key": "LicenseRef-x", "value": "urn:x#lt"}]},
 {"type": "simplelicensing_SimpleLicensingText", "spdxId": "urn:x#lt", "creationInfo": "_:c", "simplelicensing_licenseText": "t"},
 {"type": "Annotation", "spdxId": "urn:x#n", "creationInfo": "_:c", "name": "nacre", "annotationType": "other", "subject": "urn:x#b", "statement": "cpan:bom:ref=\"b\"\ncpan:unknown=copyright\nfoo=bar"}]}`,
}
