package spdx

import (
	"nacre/bom"
)

// cyclonedx is what the model holds of a CycloneDX document, from 1.2 to 1.7:
// the keys of each kind of object, and behind a colon the kind of what stands
// there. A key without a kind is held whole.
var cyclonedx = bom.ParseShapes(map[string]string{
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

// foreign lists what a bill that was read from another family holds and cannot
// be carried.
func foreign(b *bom.Bill) []bom.Loss {
	var losses []bom.Loss
	if familyOf(b.Raw) == familyOther {
		losses = cyclonedx.Beyond(b.Raw, "", "document", "SPDX")
		for c := range b.All() {
			if familyOf(c.Raw) == familyOther {
				losses = append(losses, cyclonedx.Beyond(c.Raw, c.Pointer, "component", "SPDX")...)
			}
		}
	}
	if b.Vulnerabilities > 0 {
		losses = append(losses, bom.Loss{Pointer: "/vulnerabilities", What: "vulnerabilities have no place in SPDX 2: write VEX beside it"})
	}
	if b.Signed {
		losses = append(losses, bom.Loss{Pointer: "/signature", What: "the signature is of the document that was read"})
	}
	return losses
}
