package spdx

import (
	"strings"
	"sync"
)

// The tags of tag-value, by section, in the order in which SPDX 2.3 describes
// them, each with the key that JSON has for it. The first tag begins a section
// of its kind. Behind the key:
//
//   - may come several times, and is a list
//     ?  true or false
//     =  an algorithm and a digest
//     !  of a form of its own
var sections = sync.OnceValue(func() map[string]*section {
	return map[string]*section{
		"document": newSection(`SPDXVersion spdxVersion
		DataLicense dataLicense
		SPDXID SPDXID
		DocumentName name
		DocumentNamespace documentNamespace
		ExternalDocumentRef externalDocumentRefs*!
		LicenseListVersion creationInfo.licenseListVersion
		Creator creationInfo.creators*
		Created creationInfo.created
		CreatorComment creationInfo.comment
		DocumentComment comment`),
		"package": newSection(`PackageName name
		SPDXID SPDXID
		PackageVersion versionInfo
		PackageFileName packageFileName
		PackageSupplier supplier
		PackageOriginator originator
		PackageDownloadLocation downloadLocation
		FilesAnalyzed filesAnalyzed?
		PackageVerificationCode packageVerificationCode!
		PackageChecksum checksums*=
		PackageHomePage homepage
		PackageSourceInfo sourceInfo
		PackageLicenseConcluded licenseConcluded
		PackageLicenseInfoFromFiles licenseInfoFromFiles*
		PackageLicenseDeclared licenseDeclared
		PackageLicenseComments licenseComments
		PackageCopyrightText copyrightText
		PackageSummary summary
		PackageDescription description
		PackageComment comment
		ExternalRef externalRefs*!
		PackageAttributionText attributionTexts*
		PrimaryPackagePurpose primaryPackagePurpose
		ReleaseDate releaseDate
		BuiltDate builtDate
		ValidUntilDate validUntilDate`),
		"file": newSection(`FileName fileName
		SPDXID SPDXID
		FileType fileTypes*
		FileChecksum checksums*=
		LicenseConcluded licenseConcluded
		LicenseInfoInFile licenseInfoInFiles*
		LicenseComments licenseComments
		FileCopyrightText copyrightText
		FileComment comment
		FileNotice noticeText
		FileContributor fileContributors*
		FileAttributionText attributionTexts*
		FileDependency fileDependencies*`),
		"snippet": newSection(`SnippetSPDXID SPDXID
		SnippetFromFileSPDXID snippetFromFile
		SnippetByteRange ranges*!
		SnippetLineRange ranges*!
		SnippetLicenseConcluded licenseConcluded
		LicenseInfoInSnippet licenseInfoInSnippets*
		SnippetLicenseComments licenseComments
		SnippetCopyrightText copyrightText
		SnippetComment comment
		SnippetName name
		SnippetAttributionText attributionTexts*`),
		"license": newSection(`LicenseID licenseId
		ExtractedText extractedText
		LicenseName name
		LicenseCrossReference seeAlsos*
		LicenseComment comment`),
		"relationship": newSection(`Relationship relationship!
		RelationshipComment comment`),
		"annotation": newSection(`Annotator annotator
		AnnotationDate annotationDate
		AnnotationType annotationType
		SPDXREF !
		AnnotationComment comment`),
		"review": newSection(`Reviewer reviewer
		ReviewDate reviewDate
		ReviewComment comment`),
		"reference": newSection(`ExternalRefComment comment`),
	}
})

// begins are the sections by the tags that begin them, and the lists of the
// document that they stand in.
var begins = map[string]struct{ section, list string }{
	"PackageName":   {"package", "packages"},
	"FileName":      {"file", "files"},
	"SnippetSPDXID": {"snippet", "snippets"},
	"LicenseID":     {"license", "hasExtractedLicensingInfos"},
	"Relationship":  {"relationship", "relationships"},
	"Annotator":     {"annotation", "annotations"},
	"Reviewer":      {"review", "revieweds"},
}

// documentKeys is the order of the document's keys.
var documentKeys = sync.OnceValue(func() []string {
	return strings.Fields(`spdxVersion dataLicense SPDXID name documentNamespace externalDocumentRefs creationInfo comment
	packages files snippets hasExtractedLicensingInfos relationships annotations revieweds`)
})

// otherTags is the key for tags that SPDX does not have, as "Tag: value". It
// stands in no JSON that is written.
const otherTags = "tag-value"

// elsewhere is the key for the element that an annotation is about, where the
// document does not have it.
const elsewhere = "tag-value-SPDXREF"

type tag struct {
	name, key                   string
	list, bool, digest, special bool
}

type section struct {
	tags  []tag
	byTag map[string]*tag
}

func newSection(table string) *section {
	s := &section{byTag: map[string]*tag{}}
	for line := range strings.Lines(table) {
		name, key, _ := strings.Cut(strings.TrimSpace(line), " ")
		t := tag{name: name, key: strings.TrimRight(key, "*?=!")}
		marks := key[len(t.key):]
		t.list, t.bool = strings.Contains(marks, "*"), strings.Contains(marks, "?")
		t.digest, t.special = strings.Contains(marks, "="), strings.Contains(marks, "!")
		s.tags = append(s.tags, t)
	}
	for i := range s.tags {
		s.byTag[s.tags[i].name] = &s.tags[i]
	}
	return s
}

// order is the keys of a section as JSON would have them.
func (s *section) order() []string {
	var out []string
	for _, t := range s.tags {
		if len(out) == 0 || out[len(out)-1] != t.key {
			out = append(out, t.key)
		}
	}
	return out
}
