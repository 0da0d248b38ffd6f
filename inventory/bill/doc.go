// Package bill is the source of components that a bill of materials lists, in
// whatever format it was read from (package bom).
//
//	{
//	  "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
//	  "metadata": {"component": {"bom-ref": "shop", "name": "Acme-Shop", "type": "application"}},
//	  "components": [
//	    {"bom-ref": "1", "type": "library", "name": "Foo-Bar", "version": "1.20",
//	     "purl": "pkg:cpan/Foo-Bar@1.20?author=AUTHOR"}
//	  ],
//	  "dependencies": [{"ref": "shop", "dependsOn": ["1"]}]
//	}
//
// makes the component Foo-Bar 1.20, required by the project itself, with the
// line of its object as evidence. What a component is says its package URL:
//
//	pkg:cpan/Foo-Bar@1.20       a distribution; also with the author in front, or behind
//	pkg:cpan/Foo-Bar            a requirement: versionRange says which, else any version
//	pkg:cpan/perl@5.36.0        perl itself; with a path behind, a part of it, left out
//	pkg:generic/perl@5.36.0     perl itself, as programs that look at files write it
//	pkg:cpan/Foo::Bar@1.20      a module's, which is against the rules and common: by name
//	pkg:deb/debian/libfoo-bar-perl@1.20-3?distro=debian-12
//	                            a package of an operating system; also apk and rpm
//
// A package of an operating system is one of Perl's by its name, where it is a
// well-known application (cpanminus), or where it is built from the source package
// perl: all of those together are perl itself. Its distribution is the release of
// CPAN in its pedigree; where that has none, it is a guess from its name, in which Debian and Alpine write no upper case and none has "_":
// ByName of the component is set, its Modules are empty, and a notice says that
// the inventory is not whole. Package inventory/all spells it as the advisory data
// does. The source package is what the qualifier
// upstream (Syft) or Trivy's properties say, else the package itself.
//
// What else a bill lists is counted, and not judged. The thing that a bill is
// about (metadata.component, documentDescribes, rootElement) is the project; it
// is a component, too, where it is a release of CPAN.
//
// Where one component depends on another, that is an edge with its target set;
// no module is named. What depends on something and has no package URL is taken
// for a part of the project; a library without one may be anything, and makes the
// inventory partial. Scopes: CycloneDX's required is run time, optional
// is optional, excluded is develop; SPDX's relationships name theirs.
//
// A bill that says of itself that it is incomplete, or that it does not know what
// components need, makes the inventory partial; that it does not know their parts is
// told, and leaves open what other sources of components leave open too. A perl of
// which it says only a range is the project's minimum. Signatures, digests, licences and
// vulnerabilities in it are not looked at.
//
// Sources: the CycloneDX specification 1.7 (ECMA-424) and its JSON schemas; SPDX
// 2.3, clauses 7 and 11, and 3.0.1 with its JSON-LD context; package-url's
// types deb, apk and rpm; the qualifiers and properties that Syft 1 and Trivy 0.5
// write.
package bill
