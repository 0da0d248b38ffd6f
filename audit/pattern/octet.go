package pattern

import (
	"nacre/audit"
	"nacre/lazyregexp"
	"nacre/perlsrc"
)

var (
	// bounds holds a number against the largest part of an address.
	bounds = lazyregexp.New(`(?:[<>]=?|\b[lg][te])\s*\(?25[56]\b|\b25[56]\s*[<>]|\.\.\s*255\b`)
	// masks holds one against the longest mask of a network.
	masks = lazyregexp.New(`[<>]=?\s*\(?(?:32|128)\b|\b(?:32|128)\s*[<>]|\.\.\s*(?:32|128)\b|[<>]=?\s*\$\S*(?i:bits|width|max)`)
	// networks is a text that speaks of addresses and their masks.
	networks = lazyregexp.New(`(?i)(?:\b|_)(?:cidrs?|ipv?[46]?|ip_?addr(?:ess)?|netmask|subnet|network|inet)(?:\b|_)`)
	// releases is one that speaks of versions or object identifiers.
	releases = lazyregexp.New(`(?i)version|release|\$v\b|\bver\b|\boid`)
	// numbered makes numbers of the parts, after which a zero is gone.
	numbered = lazyregexp.New(`<<\s*(?:8|16|24)\b|\*\s*(?:256|65536|16777216)\b|256\s*\*\*|\bpack\b|%0?3?[dbxX]|\bint\b|\+\s*0\b|0\s*\+\s*\$`)
)

// ofAddress reports whether a pattern is held against the parts of an address: the sub
// splits something at its dots, and holds the numbers against 255.
func ofAddress(f *audit.File, u use) bool {
	if !f.Matches(bounds) || !f.Matches(octets) {
		return false
	}
	text := subText(f, u.node)
	return octets.MatchString(text) && bounds.MatchString(text) && (!releases.MatchString(text) || networks.MatchString(text))
}

// ofNetwork reports whether a pattern is held against the length of a network's mask,
// which is then held against 32 or 128.
func ofNetwork(f *audit.File, u use) bool {
	if u.subject == 0 || !f.Matches(masks) {
		return false
	}
	name, text := audit.NameOf(f.Tree, u.subject), ""
	switch {
	case wordsIn(maskWords, name):
		text = subText(f, u.node)
	case wordsIn(lengthWords, name):
		if text = subText(f, u.node); !slashed.MatchString(text) {
			return false
		}
	default:
		return false
	}
	return masks.MatchString(text) && networks.MatchString(text)
}

// Words of names of masks, and of lengths, which are those of masks behind a slash.
var (
	maskWords   = []string{"mask", "masklen", "masklength", "maskbits", "netmask", "prefix", "prefixlen", "prefixlength", "cidr", "plen"}
	lengthWords = []string{"bits", "len", "length"}
	slashed     = lazyregexp.New(`split\W[^;\n]{0,12}/`)
)

// whole reports whether a pattern of a sub that holds numbers against 255 may be
// one of a whole address, kept in a variable.
func whole(f *audit.File, u use) bool {
	return f.Matches(bounds) && bounds.MatchString(subText(f, u.node))
}

// picked tells of an address that is taken out of a text by digits and dots, and
// whose numbers are then held against 255, as if that were all.
func (v *validator) picked(f *audit.File) bool {
	if v.use.kind != perlsrc.Match || !f.Matches(bounds) {
		return false
	}
	text := subText(f, v.node)
	return bounds.MatchString(text) && refuse.MatchString(text) && !checksZero.MatchString(text) && !numbered.MatchString(text)
}
