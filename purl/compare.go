package purl

import (
	"strings"

	"nacre/cpan"
)

// Match is what comparing one part of two package URLs gives.
type Match uint8

// The three outcomes. A part that one of the two lacks is Unspecified, never
// Different.
const (
	Unspecified Match = iota
	Equal
	Different
)

// String gives the outcome's name.
func (m Match) String() string {
	switch m {
	case Equal:
		return "equal"
	case Different:
		return "different"
	}
	return "unspecified"
}

// Comparison is the comparison of two package URLs in two stages: what they
// name, then what speaks for or against its being the same archive.
type Comparison struct {
	Name    Match // type and name; of types other than cpan the namespace too
	Version Match // as spelled: 1.10 is not 1.1

	Author   Match // of cpan only, in whichever place it stands
	Distpath Match
	Checksum Match // of the algorithms that both have
}

// Same says whether both name one distribution and not two versions of it.
func (c Comparison) Same() bool { return c.Name == Equal && c.Version != Different }

// Confirmed says whether something of the second stage is equal, and nothing
// of it different.
func (c Comparison) Confirmed() bool {
	return !c.Contradicted() && (c.Author == Equal || c.Distpath == Equal || c.Checksum == Equal)
}

// Contradicted says whether something of the second stage is different: the
// same name and version, perhaps, but not the same archive.
func (c Comparison) Contradicted() bool {
	return c.Author == Different || c.Distpath == Different || c.Checksum == Different
}

// Compare compares two package URLs.
func Compare(a, b PURL) Comparison {
	c := Comparison{
		Name:     match(a.Name(), b.Name()),
		Version:  match(a.Version(), b.Version()),
		Author:   match(string(a.Author()), string(b.Author())),
		Distpath: match(distpath(a), distpath(b)),
		Checksum: matchDigests(a.Qualifier("checksum"), b.Qualifier("checksum")),
	}
	if a.Type() != b.Type() || !a.IsCPAN() && a.Namespace() != b.Namespace() {
		c.Name = Different
	}
	return c
}

func match(a, b string) Match {
	switch {
	case a == "" || b == "":
		return Unspecified
	case a == b:
		return Equal
	}
	return Different
}

// distpath gives the path in one spelling, with or without authors/id/ in
// front being the same.
func distpath(p PURL) string {
	raw := p.Qualifier("distpath")
	if path := cpan.ParsePath(raw).Path; path != "" {
		return path
	}
	return raw
}

// matchDigests compares two lists of "algorithm:hex". One digest that differs
// outweighs others that are equal.
func matchDigests(a, b string) Match {
	of := map[string]string{}
	for digest := range strings.SplitSeq(strings.ToLower(a), ",") {
		alg, hex, _ := strings.Cut(digest, ":")
		of[alg] = hex
	}
	result := Unspecified
	for digest := range strings.SplitSeq(strings.ToLower(b), ",") {
		alg, hex, _ := strings.Cut(digest, ":")
		result = max(result, match(of[alg], hex))
	}
	return result
}
