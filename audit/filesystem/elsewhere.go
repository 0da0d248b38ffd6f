package filesystem

import (
	"bytes"
	"regexp"
	"strings"

	"nacre/audit"
	"nacre/perlsrc"
)

// The bounds of a search in the other files of a release.
const (
	maxOthers = 200
	maxOther  = 256 << 10
)

// heldElsewhere reports whether one of some names is a field that another module
// of the release holds to a pattern as a whole, and refuses otherwise:
//
//	$session->{data}{id} =~ /^[0-9a-f]+$/ or die "bad id";
//
// It is asked of few names, and reads the modules anew for each.
func heldElsewhere(p *audit.Pass, names []perlsrc.NodeID) bool {
	t := p.File.Tree
	for _, n := range names {
		if t.Nodes[n].Kind != perlsrc.AccessNode {
			continue
		}
		key := audit.NameOf(t, n)
		if len(key) < 4 { // id and the like are fields of everything
			continue
		}
		if p.File.Memo(heldKey(key), func() any { return held(p, key) }).(bool) {
			return true
		}
	}
	return false
}

type heldKey string

func held(p *audit.Pass, key string) bool {
	pattern, err := regexp.Compile(`\{\s*['"]?` + regexp.QuoteMeta(key) + `['"]?\s*\}\s*[=!]~\s*m?[/{!#|](?:\^|\\A)[^\n]*(?:\$|\\z)[/}!#|]a?\)?\s*(?:(?:or|\|\|)\s*(?:die|croak|confess|throw|return)|\)\s*\{\s*(?:die|croak|confess|throw|return))`)
	if err != nil {
		return false
	}
	asked := 0
	for _, name := range p.Release.Files {
		if !strings.HasSuffix(name, ".pm") || name == p.File.Path || strings.HasPrefix(name, "t/") {
			continue
		}
		if asked++; asked > maxOthers || p.File.Late() {
			return false
		}
		src, err := p.Release.ReadFile(name, maxOther)
		if err == nil && bytes.Contains(src, []byte(key)) && pattern.Match(src) {
			return true
		}
	}
	return false
}
