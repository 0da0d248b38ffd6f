package scan

import (
	"cmp"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// release is a known release whose version can be compared.
type release struct {
	text      string
	version   perlver.Version
	developer bool
	derived   bool // the version was compared by a guess
	stated    bool // named by an advisory, on no list of releases
}

// perl is the distribution of the interpreter.
const perl = cpan.Dist("perl")

// releasesOf sorts what the database knows of d. Versions that only a perl
// ever shipped are left out, as nobody can install them from CPAN, and so are
// the ones that cannot be compared at all.
func releasesOf(d cpan.Dist, known []advisory.Known) []release {
	rs := make([]release, 0, len(known))
	for _, k := range known {
		if k.Perl != "" && d != perl {
			continue
		}
		v, note, err := perlver.Approximate(k.Version)
		if err != nil {
			continue
		}
		rel := release{
			text: k.Version, version: v, developer: advisory.IsDeveloper(d, k.Version, v),
			derived: note != "" || len(v.Warnings()) > 0,
		}
		if d == perl && !rel.derived {
			rel.text, rel.version = dotted(k.Version, v)
		}
		rs = append(rs, rel)
	}
	slices.SortStableFunc(rs, func(a, b release) int {
		// Of two spellings of one version the stable one is named first.
		return cmp.Or(a.version.Compare(b.version), cmp.Compare(order(a), order(b)), cmp.Compare(a.text, b.text))
	})
	return rs
}

func order(r release) int {
	n := 0
	if r.developer {
		n += 2
	}
	if r.derived {
		n++
	}
	return n
}

// dotted is a version of perl as its archive's name has it since 5.6: 5.42.3
// where the module list says 5.042003.
func dotted(text string, v perlver.Version) (string, perlver.Version) {
	normal := strings.TrimPrefix(v.Normal(), "v")
	if d, err := perlver.ParseExact(normal); err == nil && !v.IsAlpha() && d.Equal(v) && strings.HasPrefix(text, "5.0") && !strings.HasPrefix(text, "5.00") {
		return normal, d
	}
	return text, v
}

// listed says whether a list of releases holds v.
func listed(rs []release, v perlver.Version) bool {
	_, ok := slices.BinarySearchFunc(rs, v, func(r release, v perlver.Version) int { return r.version.Compare(v) })
	return ok
}
