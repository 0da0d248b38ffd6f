package spdx

import (
	"strings"
	"sync"

	"nacre/bom"
)

// context3 is what names SPDX 3.0.1.
const context3 = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"

// pairs is a table of two words on each line, the model's and SPDX 3's. It is read
// when it is first asked for, because most runs of a program ask for none.
type pairs struct{ to, from map[string]string }

func newPairs(table string) func() pairs {
	return sync.OnceValue(func() pairs {
		p := pairs{map[string]string{}, map[string]string{}}
		for line := range strings.Lines(table) {
			model, word, _ := strings.Cut(strings.TrimSpace(line), " ")
			p.to[model], p.from[word] = word, model
		}
		return p
	})
}

var (
	purposes3 = newPairs(`application application
		framework framework
		library library
		container container
		platform platform
		operating-system operatingSystem
		device device
		device-driver deviceDriver
		firmware firmware
		file file
		machine-learning-model model
		data data`)

	algorithms3 = newPairs(`SHA-1 sha1
		SHA-224 sha224
		SHA-256 sha256
		SHA-384 sha384
		SHA-512 sha512
		SHA3-224 sha3_224
		SHA3-256 sha3_256
		SHA3-384 sha3_384
		SHA3-512 sha3_512
		BLAKE2b-256 blake2b256
		BLAKE2b-384 blake2b384
		BLAKE2b-512 blake2b512
		BLAKE3 blake3
		MD2 md2
		MD4 md4
		MD5 md5
		MD6 md6
		ADLER32 adler32`)

	identifiers3 = newPairs(`purl packageUrl
		cpe22Type cpe22
		cpe23Type cpe23
		gitoid gitoid
		swhid swhid
		swid swid
		cve cve`)

	// Types that are not here are "other", with the word as comment.
	references3 = newPairs(`vcs vcs
		issue-tracker issueTracker
		website altWebPage
		advisories securityAdvisory
		mailing-list mailingList
		social socialMedia
		chat chat
		documentation documentation
		support support
		distribution altDownloadLocation
		source-distribution sourceArtifact
		license license
		build-meta buildMeta
		build-system buildSystem
		release-notes releaseNotes
		rfc-9116 securityPolicy
		attestation secureSoftwareAttestation
		threat-model securityThreatModel
		adversary-model securityAdversaryModel
		risk-assessment riskAssessment
		pentest-report securityPenTestReport
		static-analysis-report staticAnalysisReport
		dynamic-analysis-report dynamicAnalysisReport
		runtime-analysis-report runtimeAnalysisReport
		component-analysis-report componentAnalysisReport
		certification-report certificationReport
		quality-metrics metrics
		vulnerability-assertion vulnerabilityDisclosureReport
		exploitability-statement vulnerabilityExploitabilityAssessment`)

	completeness3 = newPairs(`complete complete
		incomplete incomplete
		unknown noAssertion`)
)

// Elements that stand for none and for unknown ones, by their ends.
const (
	terms3       = "https://spdx.org/rdf/3.0.1/terms/"
	noneElement  = terms3 + "Core/NoneElement"
	openElement  = terms3 + "Core/NoAssertionElement"
	noneLicense  = terms3 + "ExpandedLicensing/NoneLicense"
	licenseList  = "spdx.org/licenses/"
	noteName     = "nacre" // of the annotations that hold notes
	creationInfo = "_:creationinfo"
)

// individual reports whether an id is one of SPDX's own, which is no element of
// the document.
func individual(id, name string) bool {
	return id == name || strings.HasSuffix(id, "/"+name) || strings.HasSuffix(id, "_"+name)
}

// relation3 is how a relationship of SPDX 3 needs, false where it does not.
func relation3(typ, scope, comment string) (bom.Relation, bool) {
	switch typ {
	case "hasOptionalDependency", "hasOptionalComponent":
		return bom.Optional, true
	case "hasProvidedDependency":
		return bom.Provided, true
	case "dependsOn", "hasPrerequisite", "hasStaticLink", "hasDynamicLink":
	default:
		return 0, false
	}
	switch scope {
	case "build":
		if comment == commentConfigure {
			return bom.Configure, true
		}
		return bom.BuildTime, true
	case "test":
		return bom.Test, true
	case "development":
		return bom.Develop, true
	}
	return bom.DependsOn, true
}
