package merge

import (
	"cmp"
	"maps"
	"slices"

	"nacre/advisory"
	"nacre/cpan"
)

// part is what one item says about one distribution: the unit that is joined.
type part struct {
	item     *item
	dist     cpan.Dist
	affected *advisory.Affected
}

// grouped are the parts of one record.
type grouped struct {
	id    advisory.ID // the CVE that leads, or else the first other id
	parts []part      // in the items' order
	bare  []*item     // those that name no distribution
	// rejected are the CVEs that an assigner has rejected, of the whole set.
	rejected map[string]bool
}

// isEmpty says whether there are corrections only, which make no record.
func (g *grouped) isEmpty() bool {
	return !slices.ContainsFunc(g.parts, func(p part) bool { return !p.item.rank.isCuration() }) &&
		!slices.ContainsFunc(g.bare, func(it *item) bool { return !it.rank.isCuration() })
}

// sets joins indexes into sets, by union and find.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) find(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

// join makes one set of two; its name is the lower index, so that names do not
// depend on the order of joins.
func (s sets) join(i, j int) int {
	i, j = s.find(i), s.find(j)
	if j < i {
		i, j = j, i
	}
	s[j] = i
	return i
}

// inDist is an id within a distribution.
type inDist struct {
	dist cpan.Dist
	id   string
}

// group finds the parts that are one record. Items are sorted.
func group(items []*item) []*grouped {
	rejected := map[string]bool{}
	var parts []part
	for _, it := range items {
		if it.rank.isCNA() && it.record.IsWithdrawn() && len(it.cves) > 0 {
			rejected[it.cves[0].Key()] = true
		}
		for i := range it.record.Affected {
			a := &it.record.Affected[i]
			parts = append(parts, part{it, a.Dist, a})
		}
	}
	joined := joinWithin(parts)

	// Components: the parts of one distribution that are one record.
	members := map[int][]int{}
	for i := range parts {
		r := joined.find(i)
		members[r] = append(members[r], i)
	}
	roots := slices.Sorted(maps.Keys(members))

	byLead := map[string]*grouped{}
	var groups []*grouped
	add := func(key string, id advisory.ID, component []int) {
		g := byLead[key]
		if g == nil {
			g = &grouped{id: id, rejected: rejected}
			byLead[key] = g
			groups = append(groups, g)
		}
		for _, i := range component {
			g.parts = append(g.parts, parts[i])
		}
	}
	var unnamed [][]int                          // components without a CVE
	leads := map[string]map[string]advisory.ID{} // by other id, the CVEs of records that have it
	for _, r := range roots {
		lead := leadOf(parts, members[r], rejected)
		if lead == "" {
			unnamed = append(unnamed, members[r])
			continue
		}
		add(lead.Key(), lead, members[r])
		for _, i := range members[r] {
			for _, id := range parts[i].item.ids {
				if leads[id.Key()] == nil {
					leads[id.Key()] = map[string]advisory.ID{}
				}
				leads[id.Key()][lead.Key()] = lead
			}
		}
	}
	across := newSets(len(unnamed))
	seen := map[string]int{}
	for c, component := range unnamed {
		for _, i := range component {
			for _, id := range parts[i].item.ids {
				if first, ok := seen[id.Key()]; ok {
					across.join(first, c)
				} else {
					seen[id.Key()] = c
				}
			}
		}
	}
	// A set of components whose ids are those of one record with a CVE, in
	// another distribution, belongs to it.
	lent := make([]map[string]advisory.ID, len(unnamed))
	for c, component := range unnamed {
		r := across.find(c)
		if lent[r] == nil {
			lent[r] = map[string]advisory.ID{}
		}
		for _, i := range component {
			for _, id := range parts[i].item.ids {
				maps.Copy(lent[r], leads[id.Key()])
			}
		}
	}
	for c, component := range unnamed {
		r := across.find(c)
		if len(lent[r]) == 1 {
			for key, id := range lent[r] {
				add(key, id, component)
			}
			continue
		}
		id := parts[unnamed[r][0]].item.record.ID
		add("\x00"+id.Key(), id, component)
	}
	groups = attach(items, groups, rejected)
	groups = slices.DeleteFunc(groups, (*grouped).isEmpty)
	for _, g := range groups {
		slices.SortStableFunc(g.parts, func(a, b part) int {
			return cmp.Or(compareItems(a.item, b.item), cmp.Compare(a.dist, b.dist))
		})
	}
	return groups
}

// joinWithin joins the parts of each distribution: by CVE, then by other ids,
// then those that have only a GHSA id to the one that lists it.
func joinWithin(parts []part) sets {
	s := newSets(len(parts))
	first := map[inDist]int{}
	hasCVE := make([]bool, len(parts)) // of the set, at its name
	unite := func(i, j int) {
		has := hasCVE[s.find(i)] || hasCVE[s.find(j)]
		hasCVE[s.join(i, j)] = has
	}
	for i, p := range parts {
		hasCVE[i] = len(p.item.cves) > 0
	}
	for i, p := range parts {
		for _, id := range p.item.cves {
			k := inDist{p.dist, id.Key()}
			if j, ok := first[k]; ok {
				unite(j, i)
			} else {
				first[k] = i
			}
		}
	}
	named := map[inDist]int{} // the first part that has an id
	for i, p := range parts {
		for _, id := range p.item.ids {
			k := inDist{p.dist, id.Key()}
			// Two sets that both have CVEs have none in common, or they would
			// be one by now: they stay apart.
			if j, ok := named[k]; !ok {
				named[k] = i
			} else if !hasCVE[s.find(i)] || !hasCVE[s.find(j)] {
				unite(j, i)
			}
		}
	}
	listed := map[inDist][]int{}
	for i, p := range parts {
		if onlyGHSA(p.item) {
			continue
		}
		for _, id := range p.item.ghsas {
			k := inDist{p.dist, id.Key()}
			if r := s.find(i); !slices.Contains(listed[k], r) {
				listed[k] = append(listed[k], r)
			}
		}
	}
	for i, p := range parts {
		if !onlyGHSA(p.item) {
			continue
		}
		for _, id := range p.item.ghsas {
			k := inDist{p.dist, id.Key()}
			if l := listed[k]; len(l) == 1 {
				unite(l[0], i)
			} else if j, ok := first[k]; ok && len(l) == 0 {
				unite(j, i)
			} else {
				first[k] = i
			}
		}
	}
	return s
}

func onlyGHSA(it *item) bool { return len(it.cves) == 0 && len(it.ids) == 0 }

// leadOf gives the CVE that a component goes by: what stands before what was
// rejected, that of a correction, which links several distributions, before all
// others, the first of an entry with several before that of an entry with one, and
// else the lowest. It is empty where nobody states a CVE.
func leadOf(parts []part, component []int, rejected map[string]bool) advisory.ID {
	type candidate struct {
		id       advisory.ID
		rejected bool
		found    bool // by no correction
		single   bool
	}
	order := func(a, b candidate) int {
		return cmp.Or(compareBool(a.rejected, b.rejected), compareBool(a.found, b.found), compareBool(a.single, b.single), compareIDs(a.id, b.id))
	}
	var best candidate
	for _, i := range component {
		ids := parts[i].item.cves
		if len(ids) == 0 {
			continue
		}
		c := candidate{ids[0], rejected[ids[0].Key()], !parts[i].item.rank.isCuration() || len(ids) == 1, len(ids) == 1}
		for _, id := range ids {
			if !rejected[id.Key()] {
				c.id, c.rejected = id, false
				break
			}
		}
		if best.id == "" || order(c, best) < 0 {
			best = c
		}
	}
	return best.id
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

// attach adds the items that name no distribution to the groups that have
// their id: as the leading one if any has, else as an alias. One that finds
// none is a record of its own when it is the field's CNA that speaks, and else
// stays out.
func attach(items []*item, groups []*grouped, rejected map[string]bool) []*grouped {
	leads, known := map[string][]*grouped{}, map[string][]*grouped{}
	note := func(m map[string][]*grouped, id advisory.ID, g *grouped) {
		if k := id.Key(); len(m[k]) == 0 || m[k][len(m[k])-1] != g {
			m[k] = append(m[k], g)
		}
	}
	for _, g := range groups {
		note(leads, g.id, g)
		for _, p := range g.parts {
			for _, ids := range [][]advisory.ID{p.item.cves, p.item.ids, p.item.ghsas} {
				for _, id := range ids {
					note(known, id, g)
				}
			}
		}
	}
	for _, it := range items {
		if len(it.record.Affected) > 0 {
			continue
		}
		var to []*grouped
		for _, m := range []map[string][]*grouped{leads, known} {
			for _, id := range slices.Concat(it.cves, it.ids, it.ghsas) {
				if to == nil {
					to = m[id.Key()]
				}
			}
		}
		if to == nil && it.rank == fromCPANSec {
			g := &grouped{id: it.record.ID, rejected: rejected}
			groups = append(groups, g)
			to = []*grouped{g}
			note(leads, g.id, g)
		}
		for _, g := range to {
			g.bare = append(g.bare, it)
		}
	}
	return groups
}
