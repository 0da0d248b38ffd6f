package meta

import (
	"slices"
	"strconv"
	"strings"

	"nacre/jsondoc"
)

// Spec is a version of the specification: "1.0" to "1.4", or "2".
type Spec string

// The versions, the oldest first.
const (
	Spec10 Spec = "1.0"
	Spec11 Spec = "1.1"
	Spec12 Spec = "1.2"
	Spec13 Spec = "1.3"
	Spec14 Spec = "1.4"
	Spec2  Spec = "2"
)

// specs are all versions, the oldest first.
var specs = []Spec{Spec10, Spec11, Spec12, Spec13, Spec14, Spec2}

// url is the address that meta-spec names for a version.
func (s Spec) url() string {
	if s == Spec2 {
		return "http://search.cpan.org/perldoc?CPAN::Meta::Spec"
	}
	return "http://module-build.sourceforge.net/META-spec-v" + string(s) + ".html"
}

// specOf says which version a document follows, as the Converter finds it: the
// known version of meta-spec; without a map there 1.0; with a version that
// nobody knows, 2 where there are prereqs, 1.4 where there are
// configure_requires, else 1.2.
func specOf(tree *jsondoc.Node) Spec {
	stated := tree.Get("meta-spec")
	if !stated.Is(jsondoc.KindObject) {
		return Spec10
	}
	if v := line(asPerl(stated.Get("version"))); isPlainDecimal(v) {
		if f, err := strconv.ParseFloat(v, 64); err == nil {
			for _, s := range specs {
				if known, _ := strconv.ParseFloat(string(s), 64); known == f {
					return s
				}
			}
		}
	}
	switch {
	case has(tree, "prereqs"):
		return Spec2
	case has(tree, "configure_requires"):
		return Spec14
	}
	return Spec12
}

// isPlainDecimal says that s is digits, or digits on both sides of a dot.
func isPlainDecimal(s string) bool {
	whole, fraction, ok := strings.Cut(s, ".")
	return all(whole, isDigit) && (!ok || all(fraction, isDigit))
}

// statedSpec is the version that the Validator judges by: the text of
// meta-spec.version as it is, or 1.0.
func statedSpec(tree *jsondoc.Node) string {
	if v := tree.At("meta-spec", "version"); isTrue(v) {
		return asPerl(v)
	}
	return string(Spec10)
}

// licenses1 and licenses2 are the names of licences in spec 1.x and in spec 2,
// sorted.
var (
	licenses1 = []string{
		"apache", "artistic", "artistic_2", "bsd", "gpl", "lgpl", "mit", "mozilla",
		"open_source", "perl", "restrictive", "unknown", "unrestricted",
	}
	licenses2 = []string{
		"agpl_3", "apache_1_1", "apache_2_0", "artistic_1", "artistic_2", "bsd",
		"freebsd", "gfdl_1_2", "gfdl_1_3", "gpl_1", "gpl_2", "gpl_3", "lgpl_2_1",
		"lgpl_3_0", "mit", "mozilla_1_0", "mozilla_1_1", "open_source", "openssl",
		"perl_5", "qpl_1_0", "restricted", "ssleay", "sun", "unknown",
		"unrestricted", "zlib",
	}
)

func isLicense(names []string, name string) bool {
	_, ok := slices.BinarySearch(names, name)
	return ok
}
