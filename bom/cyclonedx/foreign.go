package cyclonedx

import (
	"slices"
	"strings"

	"nacre/bom"
	"nacre/jsondoc"
)

// spdx2 is what the model holds of a document of SPDX 2.
var spdx2 = bom.ParseShapes(map[string]string{
	"document": `spdxVersion dataLicense SPDXID name documentNamespace creationInfo:creation packages:package relationships:relationship
		documentDescribes comment hasExtractedLicensingInfos:text annotations:annotation`,
	"creation": `created creators comment`,
	"package": `SPDXID name versionInfo packageFileName supplier originator downloadLocation filesAnalyzed checksums:checksum homepage
		licenseConcluded licenseDeclared licenseComments copyrightText summary description externalRefs:reference
		primaryPackagePurpose releaseDate annotations:annotation`,
	"relationship": `spdxElementId relationshipType relatedSpdxElement`,
	"reference":    `referenceCategory referenceType referenceLocator comment`,
	"checksum":     `algorithm checksumValue`,
	"annotation":   `annotator annotationDate annotationType comment SPDXID`,
	"text":         `licenseId extractedText name seeAlsos`,
})

// spdx3 is what the model holds of each kind of element of SPDX 3; of a kind
// that is not here it holds nothing.
var spdx3 = bom.ParseShapes(map[string]string{
	"":                 `type spdxId @id creationInfo name comment`,
	"CreationInfo":     `specVersion created createdBy createdUsing`,
	"Person":           `externalIdentifier externalRef`,
	"Organization":     `externalIdentifier externalRef`,
	"SoftwareAgent":    `externalIdentifier`,
	"Agent":            `externalIdentifier`,
	"Tool":             `externalIdentifier verifiedUsing`,
	"SpdxDocument":     `rootElement element dataLicense profileConformance`,
	"software_Sbom":    `software_sbomType rootElement element profileConformance`,
	"Bom":              `rootElement element profileConformance`,
	"Annotation":       `annotationType subject statement`,
	"Relationship":     `from to relationshipType completeness`,
	"software_File":    `software_primaryPurpose software_additionalPurpose verifiedUsing`,
	"software_Package": `software_packageVersion software_packageUrl software_primaryPurpose software_additionalPurpose software_copyrightText software_downloadLocation software_homePage suppliedBy originatedBy releaseTime summary description verifiedUsing externalIdentifier externalRef`,

	"LifecycleScopedRelationship":               `from to relationshipType completeness scope`,
	"simplelicensing_LicenseExpression":         `simplelicensing_licenseExpression simplelicensing_customIdToUri`,
	"simplelicensing_SimpleLicensingText":       `simplelicensing_licenseText`,
	"expandedlicensing_CustomLicense":           `simplelicensing_licenseText`,
	"expandedlicensing_ListedLicense":           `simplelicensing_licenseText`,
	"expandedlicensing_DisjunctiveLicenseSet":   `expandedlicensing_member`,
	"expandedlicensing_ConjunctiveLicenseSet":   `expandedlicensing_member`,
	"expandedlicensing_OrLaterOperator":         `expandedlicensing_subjectLicense`,
	"expandedlicensing_IndividualLicensingInfo": ``,
})

// relations are the relationships of SPDX, 2 and 3, that the model holds.
var relations = strings.Fields(`DESCRIBES DESCRIBED_BY DEPENDS_ON DEPENDENCY_OF OPTIONAL_DEPENDENCY_OF BUILD_DEPENDENCY_OF
	DEV_DEPENDENCY_OF TEST_DEPENDENCY_OF PROVIDED_DEPENDENCY_OF RUNTIME_DEPENDENCY_OF CONTAINS CONTAINED_BY ANCESTOR_OF
	DESCENDANT_OF PATCH_FOR
	describes dependsOn hasOptionalDependency hasProvidedDependency hasDependencyManifest contains ancestorOf descendantOf patchedBy
	hasDeclaredLicense hasConcludedLicense hasDistributionArtifact`)

// foreign lists what a document of SPDX holds and the model does not.
func (w *writer) foreign() {
	doc, title := w.bill.Raw, "CycloneDX "+w.version
	if doc.Get("@graph") == nil {
		w.losses = append(w.losses, spdx2.Beyond(doc, "", "document", title, "NONE", "NOASSERTION")...)
		for i, r := range doc.Get("relationships").List() {
			w.relation(r, jsondoc.Pointer("relationships", i))
		}
		w.annotations(doc, "")
		for i, p := range doc.Get("packages").List() {
			w.annotations(p, jsondoc.Pointer("packages", i))
		}
		return
	}
	for i, e := range doc.Get("@graph").List() {
		at := jsondoc.Pointer("@graph", i)
		kind := strings.TrimPrefix(e.Get("type").Str(), "https://spdx.org/rdf/3.0.1/terms/")
		shape, known := spdx3[kind]
		if !known || kind == "" {
			w.lose(at, "%s has no place in %s", kind, title)
			continue
		}
		rest := jsondoc.Object()
		for _, m := range e.Members {
			if _, common := spdx3[""][m.Key]; !common {
				rest.Set(m.Key, m.Value)
			}
		}
		w.losses = append(w.losses, bom.Shapes{kind: shape}.Beyond(rest, at, kind, title)...)
		if strings.HasSuffix(kind, "Relationship") {
			w.relation(e, at)
		}
	}
}

func (w *writer) relation(r *jsondoc.Node, at string) {
	if kind := r.Get("relationshipType").Str(); !slices.Contains(relations, kind) {
		w.lose(at, "the relationship %s has no place in CycloneDX %s", kind, w.version)
	}
}

// annotations lists those that others made; Nacre's own say what the model
// holds.
func (w *writer) annotations(n *jsondoc.Node, at string) {
	for i, a := range n.Get("annotations").List() {
		if !strings.HasPrefix(a.Get("annotator").Str(), "Tool: nacre") {
			w.lose(at+jsondoc.Pointer("annotations", i), "the annotation by %s has no place in CycloneDX %s", a.Get("annotator").Str(), w.version)
		}
	}
}

// relate lists the edges whose relation neither the scope of what is needed nor
// anything else in CycloneDX can say.
func (w *writer) relate() {
	byRef := w.bill.ByRef()
	for _, e := range w.bill.Edges {
		to := byRef[e.To]
		switch {
		case to == nil, e.Relation == bom.DependsOn:
		case e.Relation == bom.Optional && to.Scope == bom.OptionalUse, e.Relation == bom.Provided && to.External:
		default:
			w.lose(to.Pointer, "that %s needs %s (%s) is written as a dependency like any", e.From, e.To, e.Relation)
		}
	}
}
