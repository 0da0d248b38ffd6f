package merge

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// check finds the contradictions of a merge.
func (l *Ledger) check(joined []*joinedRecord, releases map[cpan.Dist][]advisory.Known) {
	c := checker{ledger: l, releases: releases, known: map[cpan.Dist][]perlver.Version{}}
	for _, d := range slices.Sorted(maps.Keys(releases)) {
		c.badReleases(d)
	}
	for _, j := range joined {
		c.entries(j)
		for i := range j.record.Affected {
			a := &j.record.Affected[i]
			for s := range a.Statements {
				if IsCuration(j.record.Sources[a.Statements[s].Source].Name) {
					continue // whose own rules hold
				}
				c.statement(&j.record, a.Dist, &a.Statements[s], j.origin[i][s])
			}
			c.sources(&j.record, a)
		}
	}
	c.reused(joined)
	kinds := Kinds()
	slices.SortStableFunc(l.Contradictions, func(a, b Contradiction) int {
		return cmp.Or(
			cmp.Compare(slices.Index(kinds, a.Kind), slices.Index(kinds, b.Kind)),
			cmp.Compare(a.Dist, b.Dist), compareIDs(a.Record, b.Record),
			cmp.Compare(a.Entry, b.Entry), cmp.Compare(a.Text, b.Text),
		)
	})
}

type checker struct {
	ledger   *Ledger
	releases map[cpan.Dist][]advisory.Known
	known    map[cpan.Dist][]perlver.Version // parsed, those that can be
}

func (c *checker) add(x Contradiction) {
	c.ledger.Contradictions = append(c.ledger.Contradictions, x)
}

// versions gives the known releases of a distribution that can be read, in
// order.
func (c *checker) versions(d cpan.Dist) []perlver.Version {
	vs, ok := c.known[d]
	if !ok {
		for _, k := range c.releases[d] {
			if v, err := perlver.Parse(k.Version); err == nil {
				vs = append(vs, v)
			}
		}
		c.known[d] = vs
	}
	return vs
}

func (c *checker) badReleases(d cpan.Dist) {
	var bad []string
	for _, k := range c.releases[d] {
		if _, err := perlver.Parse(k.Version); err != nil {
			bad = append(bad, k.Version)
		}
	}
	if len(bad) > 0 {
		c.add(Contradiction{
			Kind: BadRelease, Dist: d, Releases: len(bad),
			Text: "version.pm refuses " + sample(bad),
		})
	}
}

// statement checks what one entry says about one distribution.
func (c *checker) statement(r *advisory.Record, d cpan.Dist, s *advisory.Statement, origin []part) {
	affected, fixed := s.Ranges()
	where := wheres(origin)
	add := func(k Kind, touched []string, format string, args ...any) {
		c.add(Contradiction{
			Kind: k, Dist: d, Record: r.ID, Entry: s.Entry, Where: where,
			Text: fmt.Sprintf(format, args...), Releases: len(touched),
		})
	}
	if affected.IsZero() {
		add(NoRange, nil, "no affected versions are stated")
	}
	if bad := slices.Concat(affected.Unreadable(), fixed.Unreadable()); len(bad) > 0 {
		add(Unreadable, nil, "%s", sample(bad))
	}
	if doubts := slices.Concat(affected.Warnings(), fixed.Warnings()); len(doubts) > 0 {
		add(Doubtful, nil, "%s", sample(doubts))
	}
	versions := c.versions(d)
	if len(versions) == 0 || affected.IsZero() {
		return
	}
	var both, neither []string
	in, unknown := 0, 0
	for _, v := range versions {
		isIn, _ := affected.Contains(v)
		isFixed, _ := fixed.Contains(v)
		switch {
		case isIn == perlver.Unknown:
			unknown++
		case isIn == perlver.True:
			in++
			if isFixed == perlver.True {
				both = append(both, v.String())
			}
		case isFixed == perlver.False && !fixed.IsZero():
			neither = append(neither, v.String())
		}
	}
	if len(both) > 0 {
		add(Overlap, both, "affected and fixed: %s", sample(both))
	}
	if in == 0 && unknown == 0 {
		add(MatchNone, nil, "none of %d known releases is affected", len(versions))
	}
	if in == len(versions) {
		add(MatchAll, nil, "all %d known releases are affected", len(versions))
	}
	if last, next, ok := openEnd(r.For(d), affected, versions); ok {
		add(OpenEnd, nil, "ends with %s, no fixed version is stated, and %s is there", last, next)
	}
	if len(neither) > 0 {
		add(Gap, neither, "neither affected nor fixed: %s", sample(neither))
	}
}

// openEnd says whether a range ends with a known release although no source
// states what mends it: it may be that nobody looked at the releases since. A
// range that ends below the next release ("<1.3") states it. Of a library's flaw
// it is not asked: there the copies that releases carry say where a range ends.
func openEnd(a *advisory.Affected, affected perlver.Range, versions []perlver.Version) (last, next perlver.Version, ok bool) {
	isFixed := func(s advisory.Statement) bool { return s.CPANSA != nil && len(s.CPANSA.Fixed) > 0 }
	if a.Library != nil || slices.ContainsFunc(a.Statements, isFixed) {
		return last, next, false
	}
	i := len(versions) - 1
	for i >= 0 && !isIn(affected, versions[i]) {
		i--
	}
	if i < 0 || i == len(versions)-1 {
		return last, next, false
	}
	last, next = versions[i], versions[i+1]
	above, err := perlver.Parse(last.Normal() + ".0.1") // and below every release that follows
	return last, next, err == nil && !isIn(affected, above)
}

func isIn(r perlver.Range, v perlver.Version) bool {
	in, _ := r.Contains(v)
	return in == perlver.True
}

// sources checks whether the sources agree on the known releases.
func (c *checker) sources(r *advisory.Record, a *advisory.Affected) {
	if n := len(a.Statements); n == 0 || a.Statements[0].Source == a.Statements[n-1].Source {
		return
	}
	judge := a.Compile()
	var apart []string
	why := ""
	for _, v := range c.versions(a.Dist) {
		verdict := judge.Judge(v)
		if verdict.Disagreement != "" {
			apart = append(apart, v.String())
			if why == "" {
				why = verdict.Reason + ", but " + verdict.Disagreement
			}
		}
	}
	if len(apart) > 0 {
		c.add(Contradiction{
			Kind: Disagree, Dist: a.Dist, Record: r.ID, Releases: len(apart),
			Text: fmt.Sprintf("on %s: %s", sample(apart), why),
		})
	}
}

// entries checks the ids of a record's entries: whether CPANSA's name the
// distribution they are about, and whether a source repeats one.
func (c *checker) entries(j *joinedRecord) {
	type entry struct {
		batch  int
		native string
		dist   cpan.Dist
	}
	type name struct {
		native string
		dist   cpan.Dist
	}
	times := map[entry][]string{}
	misnamed := map[name][]string{}
	for _, it := range j.items {
		for i := range it.record.Affected {
			d := it.record.Affected[i].Dist
			times[entry{it.batch, it.native, d}] = append(times[entry{it.batch, it.native, d}], it.where)
			if it.rank == fromCPANSA && namesAnother(it.native, d) {
				misnamed[name{it.native, d}] = append(misnamed[name{it.native, d}], it.where)
			}
		}
	}
	for n, where := range misnamed {
		c.add(Contradiction{
			Kind: OtherDist, Dist: n.dist, Record: j.record.ID, Entry: n.native, Where: sortedSet(where),
			Text: fmt.Sprintf("%s is about %s", n.native, n.dist),
		})
	}
	repeated := map[name][]string{}
	for e, where := range times {
		if n := (name{e.native, e.dist}); len(where) > 1 {
			repeated[n] = append(repeated[n], where...)
		}
	}
	for n, where := range repeated {
		c.add(Contradiction{
			Kind: Repeated, Dist: n.dist, Record: j.record.ID, Entry: n.native, Where: sortedSet(where),
			Text: "several entries of one id in one source",
		})
	}
}

// namesAnother says whether an id of CPANSA is that of another distribution:
// CPANSA, the distribution, and a year or the X- of an id that no CVE has.
func namesAnother(id string, d cpan.Dist) bool {
	if !advisory.ID(id).IsCPANSA() {
		return false
	}
	rest, ok := strings.CutPrefix(id, "CPANSA-"+string(d)+"-")
	return !ok || rest == "" || (rest[0] < '0' || rest[0] > '9') && !strings.HasPrefix(rest, "X-")
}

// reused finds ids of entries about one distribution that ended in different
// records. Readers put an entry's own id among its record's ids.
func (c *checker) reused(joined []*joinedRecord) {
	type use struct {
		records []advisory.ID
		where   []string
	}
	uses := map[inDist]*use{}
	spelled := map[inDist]string{}
	for _, j := range joined {
		for _, it := range j.items {
			for i := range it.record.Affected {
				k := inDist{it.record.Affected[i].Dist, strings.ToLower(it.native)}
				if it.rank != fromCPANSA || it.native == "" {
					continue
				}
				if uses[k] == nil {
					uses[k] = &use{}
					spelled[k] = it.native
				}
				u := uses[k]
				u.where = append(u.where, it.where)
				if !slices.Contains(u.records, j.record.ID) {
					u.records = append(u.records, j.record.ID)
				}
			}
		}
	}
	for k, u := range uses {
		if len(u.records) > 1 {
			c.add(Contradiction{
				Kind: Reused, Dist: k.dist, Record: u.records[0], Entry: spelled[k], Where: sortedSet(u.where),
				Text: fmt.Sprintf("one id for %s", join(u.records)),
			})
		}
	}
}

func join(ids []advisory.ID) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = string(id)
	}
	return strings.Join(s, ", ")
}

func wheres(parts []part) []string {
	out := make([]string, 0, len(parts))
	for _, p := range parts {
		out = append(out, p.item.where)
	}
	slices.SortFunc(out, compareWhere)
	return out
}

// maxSample is how many examples a text gives.
const maxSample = 5

func sample(texts []string) string {
	if len(texts) <= maxSample {
		return strings.Join(texts, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(texts[:maxSample], ", "), len(texts)-maxSample)
}
