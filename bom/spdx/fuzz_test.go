package spdx_test

import (
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
		for _, form := range []bom.Format{{Version: "2.3"}, {Version: "2.2"}, {Version: "2.3", Encoding: "tag-value"}} {
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

var _ = jsondoc.Parse

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
}
