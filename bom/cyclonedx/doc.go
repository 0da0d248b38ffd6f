// Package cyclonedx reads and writes bills of materials in CycloneDX, and writes
// findings as a CycloneDX VEX document ([VEX]).
//
//	{
//	  "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
//	  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
//	  "metadata": {"component": {"type": "application", "bom-ref": "app", "name": "Acme-Demo"}},
//	  "components": [{"type": "library", "bom-ref": "pkg:cpan/Foo-Bar@1.29",
//	    "name": "Foo-Bar", "version": "1.29", "purl": "pkg:cpan/Foo-Bar@1.29",
//	    "properties": [{"name": "cpan:unknown", "value": "copyright"}]}],
//	  "dependencies": [{"ref": "app", "dependsOn": ["pkg:cpan/Foo-Bar@1.29"]}]
//	}
//
// [Read] takes 1.2 to 1.7 as JSON or XML, [Write] gives any of them as JSON and
// [WriteXML] as XML.
//
// # What an edit loses
//
// Nothing. Every value of the model keeps the piece of the document it was read
// from, and a key is written only where the model says something other than that
// piece does. A document that is read and written in its own version without a
// change is the same tree: the same values, in the same order, with the same
// digits. In another version, what that version's schema has no place for is
// taken away and listed as a [bom.Loss], by its place in the document that was
// read; so is what is wrong in the result all the same. A signature is void after any change and is taken away, and listed.
//
// # What is told in properties
//
// What the model knows and the format has no field for stands in properties, and
// is read from there:
//
//	cpan:unknown              Unknown, names with commas between
//	cpan:redacted             Redacted, the same way
//	cpan:provenance:<field>   Origins: "author-stated: META.json license"; from
//	                          1.7 on a citation whose note says that
//	cpan:dist:release_date    Released
//	cpan:external             External ("true"); from 1.7 on isExternal
//	cpan:prereq:range         Range; from 1.7 on versionRange, where it may stand
//	bsi:component:filename, :executable, :archive, :structured   File
//
// and in those of metadata (1.3 and later):
//
//	cpan:sbom:type            Type, beside the phase of the lifecycle (1.5)
//	cpan:sbom:comment         Comment
//	cpan:sbom:tlp             Sharing; from 1.7 on distributionConstraints
//
// # What is no error
//
// Two components with one bom-ref, a reference to none, and dependencies in a
// circle are read as they stand; package sbom/profile tells of them. A document
// that is too large, too deep or has a key twice is refused.
//
// Source: CycloneDX 1.2 to 1.7 (ECMA-424) and its JSON and XML schemas; the
// property taxonomies of CycloneDX and of BSI TR-03183-2.
package cyclonedx
