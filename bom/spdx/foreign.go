package spdx

import (
	"sync"

	"nacre/bom"
	"nacre/jsondoc"
)

// cyclonedx is what the model holds of a CycloneDX document, from 1.2 to 1.7:
// the keys of each kind of object, and behind a colon the kind of what stands
// there. A key without a kind is held whole.
var cyclonedx = sync.OnceValue(func() bom.Shapes {
	return bom.ParseShapes(map[string]string{
		"document": `$schema bomFormat specVersion serialNumber version metadata:metadata components dependencies:dependency
		compositions:composition externalReferences:reference properties:property signature vulnerabilities`,
		"metadata": `timestamp lifecycles:lifecycle tools:tools authors:party component manufacturer:party manufacture:party supplier:party
		licenses:choice properties:property distributionConstraints:constraints`,
		"lifecycle":   `phase`,
		"constraints": `tlp`,
		"tools":       `components:tool vendor name version hashes externalReferences:nothing`,
		"tool": `type bom-ref vendor name version purl hashes group publisher author authors:nothing supplier:nothing manufacturer:nothing
		description:nothing licenses:nothing externalReferences:nothing properties:nothing`,
		"party": `bom-ref name email url contact:party`,
		"component": `type bom-ref supplier:party manufacturer:party authors:party author publisher group name version versionRange isExternal
		description scope hashes licenses:choice copyright cpe purl omniborId swhid swid:swid pedigree:pedigree
		externalReferences:reference components evidence:evidence properties:property`,
		"swid":        `tagId`,
		"choice":      `license:license expression acknowledgement bom-ref`,
		"license":     `id name text:text url acknowledgement bom-ref`,
		"text":        `content contentType`,
		"property":    `name value`,
		"reference":   `type url comment hashes`,
		"dependency":  `ref dependsOn`,
		"composition": `aggregate assemblies dependencies`,
		"evidence":    `identity:identity occurrences:occurrence licenses:choice copyright:notice`,
		"identity":    `field confidence concludedValue methods`,
		"occurrence":  `location line`,
		"notice":      `text`,
		"pedigree":    `ancestors:component commits:commit patches:patch notes`,
		"commit":      `uid url`,
		"patch":       `type diff:diff resolves:issue`,
		"diff":        `url text:text`,
		"issue":       `type id source:source references`,
		"source":      `name url`,
		"nothing":     ``,
	})
})

// spdx2 is what of a document of SPDX 2 has its place in SPDX 3 too.
var spdx2 = sync.OnceValue(func() bom.Shapes {
	return bom.ParseShapes(map[string]string{
		"document": `spdxVersion dataLicense SPDXID name documentNamespace creationInfo:creation packages:package relationships
		documentDescribes comment hasExtractedLicensingInfos:text annotations`,
		"creation": `created creators comment`,
		"package": `SPDXID name versionInfo packageFileName supplier originator downloadLocation filesAnalyzed checksums homepage
		licenseConcluded licenseDeclared licenseComments copyrightText description externalRefs primaryPackagePurpose releaseDate
		annotations summary`,
		"text": `licenseId extractedText name seeAlsos`,
	})
})

// spdx3 is what of an element of SPDX 3 has its place in SPDX 2 too, by classes.
// What is common to all elements is listed with each.
var spdx3 = sync.OnceValue(func() bom.Shapes {
	const all = "type spdxId @id creationInfo name "
	return bom.ParseShapes(map[string]string{
		"CreationInfo": all + "specVersion created createdBy createdUsing", "Person": all + "externalIdentifier externalRef",
		"Organization": all + "externalIdentifier externalRef", "Agent": all + "externalIdentifier externalRef",
		"SoftwareAgent": all + "externalIdentifier", "Tool": all + "externalIdentifier",
		"SpdxDocument":  all + "rootElement element dataLicense profileConformance comment",
		"software_Sbom": all + "software_sbomType rootElement element profileConformance",
		"software_Package": all + `software_packageVersion software_packageUrl software_primaryPurpose software_copyrightText
			software_downloadLocation software_homePage suppliedBy originatedBy releaseTime summary description verifiedUsing
			externalIdentifier externalRef`,
		"software_File":               all + "software_additionalPurpose verifiedUsing",
		"Relationship":                all + "from to relationshipType completeness comment",
		"LifecycleScopedRelationship": all + "from to relationshipType completeness comment scope",
		"Annotation":                  all + "annotationType subject statement",

		"simplelicensing_LicenseExpression":       all + "simplelicensing_licenseExpression simplelicensing_customIdToUri",
		"simplelicensing_SimpleLicensingText":     all + "simplelicensing_licenseText",
		"expandedlicensing_ListedLicense":         all,
		"expandedlicensing_ConjunctiveLicenseSet": all + "expandedlicensing_member",
		"expandedlicensing_DisjunctiveLicenseSet": all + "expandedlicensing_member",
		"expandedlicensing_OrLaterOperator":       all + "expandedlicensing_subjectLicense",
	})
})

// foreign lists what a bill that was read from another family holds and cannot
// be carried.
func foreign(b *bom.Bill) []bom.Loss {
	var losses []bom.Loss
	lose := func(pointer, what string) { losses = append(losses, bom.Loss{Pointer: pointer, What: what}) }
	switch familyOf(b.Raw) {
	case familyOther:
		losses = cyclonedx().Beyond(b.Raw, "", "document", "SPDX")
		for c := range b.All() {
			if familyOf(c.Raw) == familyOther {
				losses = append(losses, cyclonedx().Beyond(c.Raw, c.Pointer, "component", "SPDX")...)
			}
		}
	case family2:
		losses = spdx2().Beyond(b.Raw, "", "document", "SPDX 3", none, noAssertion)
		if r, err := read2(b.Raw); err == nil {
			for i, n := range b.Raw.Get("relationships").List() {
				k := r.facts[n]
				if f := r.assembly.facts[k]; !r.assembly.modelled[k] && f.kind != factNeedsNone && f.kind != factHoldsNone {
					lose(jsondoc.Pointer("relationships", i), "the model does not hold the relationship "+n.Get("relationshipType").Str())
				}
			}
		}
		strangers := func(n *jsondoc.Node, pointer string) {
			for i, a := range n.Get("annotations").List() {
				if !ours(a) {
					lose(pointer+jsondoc.Pointer("annotations", i), "the model does not hold annotations of others")
				}
			}
		}
		strangers(b.Raw, "")
		for i, n := range b.Raw.Get("packages").List() {
			strangers(n, jsondoc.Pointer("packages", i))
		}
	case family3:
		r, err := read3(b.Raw)
		if err != nil {
			break
		}
		for _, n := range r.items {
			kind, at := typeOf(n), r.pointer(n)
			needless := kind == "software_File" && r.links[n] == nil || kind == "Annotation" && n.Get("name").Str() != noteName || kind == "Relationship" && !r.modelled(n)
			if _, known := spdx3()[kind]; !known || needless {
				lose(at, "the model does not hold this "+kind)
				continue
			}
			losses = append(losses, spdx3().Beyond(n, at, kind, "SPDX 2")...)
		}
	}
	if b.Vulnerabilities > 0 {
		lose("/vulnerabilities", "vulnerabilities have no place in SPDX as Nacre writes it: write VEX beside it")
	}
	if b.Signed {
		lose("/signature", "the signature is of the document that was read")
	}
	return losses
}

// modelled reports whether the bill holds all that a relationship says.
func (r *reading3) modelled(n *jsondoc.Node) bool {
	switch n.Get("relationshipType").Str() {
	case "hasDeclaredLicense", "hasConcludedLicense", "hasDistributionArtifact":
		return true
	}
	for _, k := range r.facts[n] {
		if f := r.assembly.facts[k]; f.kind != factNone && !r.assembly.modelled[k] {
			return false
		}
	}
	return len(r.facts[n]) > 0
}
