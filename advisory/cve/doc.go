// Package cve reads CVE records, format 5.0 to 5.2, as the CVE Program
// publishes them and the CPAN Security Group's CNA writes them.
//
//	{"dataType": "CVE_RECORD", "dataVersion": "5.2",
//	 "cveMetadata": {"cveId": "CVE-2099-0001", "state": "PUBLISHED"},
//	 "containers": {"cna": {
//	   "providerMetadata": {"shortName": "CPANSec"},
//	   "title": "Foo::Bar before 1.3 for Perl follows links while unpacking",
//	   "descriptions": [{"lang": "en", "value": "..."}],
//	   "affected": [{"collectionURL": "https://cpan.org/modules",
//	     "packageName": "Foo-Bar", "product": "Foo::Bar", "defaultStatus": "unaffected",
//	     "versions": [{"version": "0", "lessThan": "1.3", "status": "affected", "versionType": "custom"}]}]}}}
//
// # What is read
//
// The CNA's container gives everything that is stated about versions. An
// affected product is a distribution of CPAN where its collectionURL is
// https://cpan.org/modules or its packageURL begins pkg:cpan/; vendor is the
// maintainer of the day and never looked at. A record without such a product
// is a record without distributions: its text still completes what other
// sources say about the same CVE. Containers of other parties (ADP) give
// scores and links, and never ranges. The provider's short name is the name of
// the record's source.
//
// A rejected record is withdrawn, with the reason it states; a reserved one
// says nothing and is refused.
//
// # Promises
//
// versions[] is kept as written, for perlver.ParseCVE to judge. Prose is the
// plain value in English, never the HTML of supportingMedia. A vector of CVSS
// is checked and its score computed; one that is malformed is left out with a
// warning. Names of finders and authors are not read.
//
// Not promised: that a record conforms to the published JSON schema. Keys that
// are unknown here are passed over.
//
// Source: github.com/CVEProject/cve-schema, format 5.2; the CPAN Security
// Group's cna-tool.
package cve
