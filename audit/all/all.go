// Package all is the list of the audit's rules. A rule is added by writing its
// file and its function in the room of its family, and nowhere else.
package all

import (
	"cmp"
	"slices"

	"nacre/audit"
	"nacre/audit/build"
	"nacre/audit/crypt"
	"nacre/audit/decode"
	"nacre/audit/filesystem"
	"nacre/audit/inject"
	"nacre/audit/native"
	"nacre/audit/pattern"
	"nacre/audit/practice"
	"nacre/audit/random"
	"nacre/audit/transport"
	"nacre/audit/web"
)

// Rules gives all rules in order of their ids, compiled.
func Rules() ([]*audit.Rule, error) {
	rules := slices.Concat[[]*audit.Rule](
		// the rooms, by name
		build.Rules(),
		crypt.Rules(),
		decode.Rules(),
		filesystem.Rules(),
		inject.Rules(),
		native.Rules(),
		pattern.Rules(),
		practice.Rules(),
		random.Rules(),
		transport.Rules(),
		web.Rules(),
	)
	if err := audit.Compile(rules); err != nil {
		return nil, err
	}
	slices.SortFunc(rules, func(a, b *audit.Rule) int { return cmp.Compare(a.Doc.ID, b.Doc.ID) })
	return rules, nil
}
