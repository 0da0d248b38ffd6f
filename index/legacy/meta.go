package legacy

import (
	"slices"
	"strings"
	"time"

	"nacre/cpan"
	"nacre/index"
)

// MetaSchema names the format of cpansa-feed.meta.json.
const MetaSchema = "nacre.cpansa-feed.meta/1"

// meta is what is to be said about the feed, which has no room for it: its
// members are distributions.
type meta struct {
	Schema        string         `json:"schema"`
	Generator     string         `json:"generator"`
	GeneratedAt   time.Time      `json:"generated_at"` // the day
	Distributions int            `json:"distributions"`
	Records       int            `json:"records"`
	Aliases       int            `json:"aliases"` // keys that cpansa-feed-aliases.json has besides
	Sources       []index.Health `json:"sources"`
	Skipped       []left         `json:"skipped"` // not in the feed
	Partial       []left         `json:"partial"` // in it, with versions left open
}

// withAliases adds distributions under the names that their modules have with
// dashes, LWP-UserAgent for libwww-perl: who takes modules for distributions asks
// for that. Only those that are named otherwise than their main module get them,
// as nobody finds them without; to have all modules of all would make the file
// fifty times as large, most of it perl's own. A name that is a distribution's
// is that distribution's.
func withAliases(m *index.Model, keys []keyed) []keyed {
	all := slices.Clone(keys)
	taken := map[string]bool{}
	for _, k := range keys {
		taken[k.key] = true
	}
	for _, k := range keys {
		d := m.ByDist(cpan.Dist(k.key))
		if d.Main == "" || dashed(d.Main) == k.key || k.key == "perl" {
			continue
		}
		for _, module := range slices.Concat([]cpan.Module{d.Main}, d.Modules) {
			if alias := dashed(module); !taken[alias] {
				taken[alias] = true
				all = append(all, keyed{alias, k.records})
			}
		}
	}
	slices.SortFunc(all, func(a, b keyed) int { return strings.Compare(a.key, b.key) })
	return all
}

func dashed(m cpan.Module) string { return strings.ReplaceAll(string(m), "::", "-") }
