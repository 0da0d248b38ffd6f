package merge

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"nacre/advisory"
	"nacre/cpan"
)

// joinedRecord is a record with what it was made of.
type joinedRecord struct {
	record advisory.Record
	items  []*item // the most authoritative first
	// origin lists, for each Affected and each statement of it, the parts that
	// state it.
	origin [][][]part
}

// joiner makes one record of a group.
type joiner struct {
	group     *grouped
	items     []*item // all, most authoritative first
	sources   map[string]int
	record    advisory.Record
	withdrawn bool
	osvOnly   bool
}

func (g *grouped) join() *joinedRecord {
	j := &joiner{group: g, record: advisory.Record{ID: g.id, Provenance: map[string][]int{}}}
	seen := map[*item]bool{}
	for _, p := range g.parts {
		if !seen[p.item] {
			seen[p.item] = true
			j.items = append(j.items, p.item)
		}
	}
	j.items = append(j.items, g.bare...)
	leads := func(it *item) bool {
		return it.record.ID.Equal(g.id) || len(it.cves) > 0 && it.cves[0].Equal(g.id)
	}
	slices.SortStableFunc(j.items, func(a, b *item) int {
		// The record of the leading id stands before those of the others.
		return cmp.Or(cmp.Compare(a.rank, b.rank), compareBool(!leads(a), !leads(b)), compareItems(a, b))
	})
	j.osvOnly = !slices.ContainsFunc(j.items, func(it *item) bool { return it.rank != fromOSV && !it.rank.isCuration() })
	j.nameSources()
	j.ids()
	j.state()
	j.texts()
	j.severity()
	j.references()
	j.dates()
	origin := j.affected()
	return &joinedRecord{j.record, j.items, origin}
}

// nameSources lists each source once, by the lowest of its ids; of two states
// of a source the one that says which it is.
func (j *joiner) nameSources() {
	j.sources = map[string]int{}
	for _, it := range j.items {
		s := it.source
		if s.ID == "" {
			s.ID = it.native
		}
		if s.File == "" {
			s.File = it.where
		}
		i, ok := j.sources[s.Name]
		if !ok {
			j.sources[s.Name] = len(j.record.Sources)
			j.record.Sources = append(j.record.Sources, s)
			continue
		}
		old := j.record.Sources[i]
		if cmp.Or(
			compareIDs(advisory.ID(s.ID), advisory.ID(old.ID)),
			-cmp.Compare(s.Commit, old.Commit),
			-s.Time.Compare(old.Time),
			cmp.Compare(s.File, old.File),
		) < 0 {
			j.record.Sources[i] = s
		}
	}
}

// from notes which source a field came from.
func (j *joiner) from(field string, it *item) {
	i := j.sources[it.source.Name]
	if !slices.Contains(j.record.Provenance[field], i) {
		j.record.Provenance[field] = append(j.record.Provenance[field], i)
		slices.Sort(j.record.Provenance[field])
	}
}

func (j *joiner) ids() {
	r := &j.record
	for _, it := range j.items {
		for _, id := range slices.Concat(it.cves, it.ids, it.ghsas) {
			if id.Equal(r.ID) {
				j.from("id", it)
				continue
			}
			r.Aliases = append(r.Aliases, id)
			j.from("aliases", it)
		}
	}
	r.Aliases = advisory.SortIDs(r.Aliases)
}

// state finds out whether the record is withdrawn, and since when.
func (j *joiner) state() {
	cves, rejected, all, struck := 0, 0, true, false
	for _, it := range j.items {
		if it.rank.isCuration() {
			struck = struck || it.record.IsWithdrawn() && it.record.ID.Equal(j.group.id)
			continue
		}
		all = all && it.record.IsWithdrawn()
		for _, id := range it.cves {
			cves++
			if j.group.rejected[id.Key()] {
				rejected++
			}
		}
	}
	j.withdrawn = struck || all || cves > 0 && rejected == cves
	r := &j.record
	for _, it := range j.items {
		if it.record.Disputed {
			r.Disputed = true
			j.from("disputed", it)
		}
		if !j.withdrawn || !it.record.IsWithdrawn() {
			continue
		}
		if r.Withdrawn.IsZero() && !it.record.Withdrawn.IsZero() {
			r.Withdrawn = it.record.Withdrawn
			j.from("withdrawn", it)
		}
		if r.WithdrawnReason == "" && it.record.WithdrawnReason != "" {
			r.WithdrawnReason = it.record.WithdrawnReason
			j.from("withdrawn_reason", it)
		}
	}
	if j.withdrawn && !r.IsWithdrawn() {
		r.WithdrawnReason = "rejected by its assigner"
	}
}

func (j *joiner) texts() {
	r := &j.record
	// Corrections fill in what nobody states.
	items := slices.Clone(j.items)
	slices.SortStableFunc(items, func(a, b *item) int { return compareBool(a.rank.isCuration(), b.rank.isCuration()) })
	for _, it := range items {
		if r.Title == "" && it.record.Title != "" {
			r.Title = it.record.Title
			j.from("title", it)
		}
		if r.Description == "" && it.record.Description != "" {
			r.Description = it.record.Description
			j.from("description", it)
		}
	}
	if r.Title == "" && r.Description != "" {
		r.Title = titleOf(r.Description)
		r.Provenance["title"] = r.Provenance["description"]
	}
	// Weaknesses: all that the first source with any states.
	var source string
	for _, it := range items {
		if len(it.record.CWEs) > 0 && (source == "" || source == it.source.Name) {
			source = it.source.Name
			r.CWEs = append(r.CWEs, it.record.CWEs...)
			j.from("cwes", it)
		}
	}
	slices.SortFunc(r.CWEs, func(a, b string) int {
		return cmp.Or(cmp.Compare(cweNumber(a), cweNumber(b)), cmp.Compare(a, b))
	})
	r.CWEs = slices.Compact(r.CWEs)
}

func cweNumber(s string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(s, "CWE-"))
	if err != nil {
		return 1 << 30
	}
	return n
}

// severity takes CPANSA's word, the worst of several; else the highest score
// gives one; else anybody's word.
func (j *joiner) severity() {
	r := &j.record
	word := func(of func(*item) bool) {
		for _, it := range j.items {
			if of(it) && it.record.Severity > r.Severity {
				r.Severity = it.record.Severity
			}
		}
		for _, it := range j.items {
			if of(it) && r.Severity != advisory.SeverityUnknown && it.record.Severity == r.Severity {
				j.from("severity", it)
			}
		}
	}
	word(func(it *item) bool { return it.rank == fromCPANSA })
	var best float64
	for _, it := range j.items {
		for _, score := range it.record.CVSS {
			if !slices.Contains(r.CVSS, score) {
				r.CVSS = append(r.CVSS, score)
			}
			j.from("cvss", it)
			best = max(best, score.Base)
		}
	}
	slices.SortFunc(r.CVSS, func(a, b advisory.CVSS) int {
		return cmp.Or(-cmp.Compare(a.Version, b.Version), -cmp.Compare(a.Base, b.Base), cmp.Compare(a.Vector, b.Vector))
	})
	if r.Severity == advisory.SeverityUnknown && best > 0 {
		r.Severity = severityOf(best)
		for _, it := range j.items {
			if slices.ContainsFunc(it.record.CVSS, func(s advisory.CVSS) bool { return s.Base == best }) {
				j.from("severity", it)
			}
		}
	}
	if r.Severity == advisory.SeverityUnknown {
		word(func(*item) bool { return true })
	}
}

// severityOf gives the word for a base score, by the qualitative scale of CVSS
// 3 and 4.
func severityOf(base float64) advisory.Severity {
	switch {
	case base >= 9:
		return advisory.SeverityCritical
	case base >= 7:
		return advisory.SeverityHigh
	case base >= 4:
		return advisory.SeverityMedium
	case base > 0:
		return advisory.SeverityLow
	}
	return advisory.SeverityUnknown
}

// plainReference is the kind of a link that nobody described.
const plainReference = "WEB"

func (j *joiner) references() {
	r := &j.record
	at := map[string]int{}
	for _, it := range j.items {
		if it.rank == fromOSV && !j.osvOnly {
			continue
		}
		for _, ref := range it.record.References {
			i, ok := at[ref.URL]
			if !ok {
				at[ref.URL] = len(r.References)
				r.References = append(r.References, ref)
			} else if old := &r.References[i]; old.Kind == plainReference || old.Kind == "" {
				old.Kind = cmp.Or(ref.Kind, old.Kind)
			}
			j.from("references", it)
		}
	}
}

// dates takes the first report, the leading source's publication and the last
// change.
func (j *joiner) dates() {
	r := &j.record
	for _, it := range j.items {
		d := it.record
		if !d.Reported.IsZero() && (r.Reported.IsZero() || d.Reported.Time().Before(r.Reported.Time())) {
			r.Reported = d.Reported
		}
		if r.Published.IsZero() && !d.Published.IsZero() {
			r.Published = d.Published
			j.from("published", it)
		}
		if d.Modified.Time().After(r.Modified.Time()) {
			r.Modified = d.Modified
		}
	}
	for _, it := range j.items {
		if d := it.record.Reported; !d.IsZero() && d == r.Reported {
			j.from("reported", it)
		}
		if d := it.record.Modified; !d.IsZero() && d == r.Modified {
			j.from("modified", it)
		}
	}
}

// affected joins what is said about each distribution.
func (j *joiner) affected() (origin [][][]part) {
	byDist := map[cpan.Dist][]part{}
	for _, p := range j.group.parts {
		byDist[p.dist] = append(byDist[p.dist], p)
	}
	for _, d := range slices.Sorted(maps.Keys(byDist)) {
		a, from := j.join(d, byDist[d])
		j.record.Affected = append(j.record.Affected, a)
		origin = append(origin, from)
	}
	return origin
}

// stated is a statement with the parts that make it.
type stated struct {
	statement advisory.Statement
	content   string
	parts     []part
}

func (j *joiner) join(d cpan.Dist, parts []part) (advisory.Affected, [][]part) {
	a := advisory.Affected{Dist: d}
	// OSV is heard where nobody else says anything about the distribution.
	heard := func(p part) bool {
		return p.item.rank != fromOSV && !p.item.rank.isCuration() && len(p.affected.Statements) > 0 && !j.silent(p.item)
	}
	others := slices.ContainsFunc(parts, heard)
	byContent := map[string]*stated{}
	for _, p := range parts {
		a.Darkpan = a.Darkpan || p.affected.Darkpan
		a.Library = joinLibraries(a.Library, p.affected.Library)
		if p.item.rank == fromOSV && others {
			continue
		}
		a.Modules = append(a.Modules, p.affected.Modules...)
		a.Files = append(a.Files, p.affected.Files...)
		a.Routines = append(a.Routines, p.affected.Routines...)
		j.from("affected", p.item)
		if j.silent(p.item) {
			continue
		}
		for _, st := range p.affected.Statements {
			st.Source = j.sources[p.item.source.Name]
			content := contentOf(st)
			if byContent[content] == nil {
				byContent[content] = &stated{st, content, nil}
			}
			s := byContent[content]
			if len(s.parts) == 0 || s.parts[len(s.parts)-1] != p {
				s.parts = append(s.parts, p)
			}
		}
	}
	all := slices.SortedFunc(maps.Values(byContent), func(a, b *stated) int {
		return cmp.Or(
			cmp.Compare(a.statement.Source, b.statement.Source),
			compareIDs(advisory.ID(a.statement.Entry), advisory.ID(b.statement.Entry)),
			cmp.Compare(a.content, b.content),
		)
	})
	var origin [][]part
	for _, s := range all {
		a.Statements = append(a.Statements, s.statement)
		origin = append(origin, s.parts)
	}
	a.Modules = sortedSet(a.Modules)
	a.Files = sortedSet(a.Files)
	a.Routines = sortedSet(a.Routines)
	return a, origin
}

// silent says whether an item's ranges are left out: a source that withdrew
// its entry no longer says anything about versions, unless the whole record is
// withdrawn and the statements are only kept to be shown.
func (j *joiner) silent(it *item) bool { return it.record.IsWithdrawn() && !j.withdrawn }

// contentOf is a text that equal statements of one entry share: ids are equal
// without regard to case.
func contentOf(s advisory.Statement) string {
	s.Entry = strings.ToLower(s.Entry)
	b, err := json.Marshal(s)
	if err != nil { // a statement has no value that JSON lacks
		return err.Error()
	}
	return string(b)
}

func sortedSet[T cmp.Ordered](s []T) []T {
	slices.Sort(s)
	return slices.Compact(s)
}

// joinLibraries joins what two entries say about the library. Of two names the
// first by text stays: they are two spellings, or a slip in one of them.
func joinLibraries(a, b *advisory.Library) *advisory.Library {
	switch {
	case a == nil && b == nil:
		return nil
	case a == nil:
		a, b = b, a
	}
	out := advisory.Library{Name: a.Name, Bundled: slices.Clone(a.Bundled), Affected: slices.Clone(a.Affected)}
	if b != nil {
		if out.Name == "" || b.Name != "" && b.Name < out.Name {
			out.Name = b.Name
		}
		out.Bundled = append(out.Bundled, b.Bundled...)
		out.Affected = append(out.Affected, b.Affected...)
	}
	out.Affected = sortedSet(out.Affected)
	slices.SortFunc(out.Bundled, func(a, b advisory.Bundled) int {
		return cmp.Or(cmp.Compare(a.Releases, b.Releases), cmp.Compare(a.Version, b.Version))
	})
	out.Bundled = slices.Compact(out.Bundled)
	return &out
}
