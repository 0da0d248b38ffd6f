package license

// Named is what a licence's name in a META file means.
type Named struct {
	// Expression is the licence. It is zero for "unknown", and for a name that
	// the specification does not have.
	Expression Expression
	// Known is set where CPAN::Meta::Spec 2 has the name.
	Known bool
	// Confidence is how surely the author means Expression, from 0 to 1. A name
	// that leaves no choice has 0.9: it is a statement, and no text.
	Confidence float64
	// Note is what a reader must know of the reading; "" for nothing.
	Note string
}

const (
	// stated is the confidence of a name that leaves no choice.
	stated = 0.9
	// read is that of a name which leaves one, as the specification reads.
	read = 0.5
)

// FromMeta says what one entry of "license" in a META file of spec 2 means.
// Several entries of one file are not joined by it: the specification does not
// say whether all of them hold or one may be chosen.
//
// Source: CPAN::Meta::Spec 2, "license".
func FromMeta(name string) Named {
	for _, row := range metaNames {
		if row.name == name {
			e, err := Parse(row.expression)
			if err != nil {
				return Named{Known: true, Note: row.note}
			}
			return Named{Expression: e, Known: true, Confidence: row.confidence, Note: row.note}
		}
	}
	switch name {
	case "open_source", "restricted", "unrestricted":
		return Named{
			Expression: Ref("CPAN-META-" + name), Known: true, Confidence: stated,
			Note: "the name says what sort of licence it is, and not which",
		}
	case "unknown":
		return Named{Known: true, Note: "META says that the licence is not known"}
	}
	return Named{Note: "CPAN::Meta::Spec 2 has no such name"}
}

const noLater = "META cannot say whether later versions hold; read as this version alone"

// metaNames are the names of CPAN::Meta::Spec 2 that mean one licence.
var metaNames = []struct {
	name, expression string
	confidence       float64
	note             string
}{
	{"agpl_3", "AGPL-3.0-only", read, noLater},
	{"apache_1_1", "Apache-1.1", stated, ""},
	{"apache_2_0", "Apache-2.0", stated, ""},
	{"artistic_1", "Artistic-1.0", read, "perl's own text is Artistic-1.0-Perl; the licence's file tells"},
	{"artistic_2", "Artistic-2.0", stated, ""},
	{"bsd", "BSD-3-Clause", stated, ""},
	{"freebsd", "BSD-2-Clause", stated, ""},
	{"gfdl_1_2", "GFDL-1.2-only", read, noLater},
	{"gfdl_1_3", "GFDL-1.3-only", read, noLater},
	{"gpl_1", "GPL-1.0-only", read, noLater},
	{"gpl_2", "GPL-2.0-only", read, noLater},
	{"gpl_3", "GPL-3.0-only", read, noLater},
	{"lgpl_2_1", "LGPL-2.1-only", read, noLater},
	{"lgpl_3_0", "LGPL-3.0-only", read, noLater},
	{"mit", "MIT", stated, ""},
	{"mozilla_1_0", "MPL-1.0", stated, ""},
	{"mozilla_1_1", "MPL-1.1", stated, ""},
	{"openssl", "OpenSSL", stated, ""},
	{"perl_5", perlTerms, stated, ""},
	{"qpl_1_0", "QPL-1.0", stated, ""},
	{"ssleay", "SSLeay-standalone", stated, "older versions of the SPDX list lack this id"},
	{"sun", "SISSL", stated, ""},
	{"zlib", "Zlib", stated, ""},
}

// perlTerms are the terms of perl itself.
const perlTerms = "Artistic-1.0-Perl OR GPL-1.0-or-later"
