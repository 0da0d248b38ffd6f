package scan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"nacre/advisory"
	"nacre/corelist"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/perlver"
)

// result is what the judgement of one component gave.
type result struct {
	dist      cpan.Dist // empty where nobody knows it
	onRecord  bool
	hits      []hit
	live      []live    // all records that are not withdrawn
	releases  []release // known ones; nil until they are needed
	loaded    bool
	notes     []string
	withdrawn []advisory.ID // records that would have matched
	open      []advisory.ID // clean because a range ends at the newest release, and no fix is stated
	overruled []hit         // clean, though a source of less authority says affected
	mended    []mended      // in upstream's version, and not in the package
	opposed   []opposed     // clean, though the package's vendor says affected
	// unjudged is set for what is on record, but belongs to a perl that nobody
	// knows.
	unjudged bool
}

// live is a record that has something to say about a distribution.
type live struct {
	record   *advisory.Record
	affected *advisory.Affected
	judge    advisory.Judge
}

// hit is a record whose verdict on a component is not clean.
type hit struct {
	live
	verdict advisory.Verdict
	admits  bool
	base    perlver.Version // a release that mends it is above this one; zero where nothing is known
	vendor  *Vendor         // what the vendor of the package says; nil without a package
	also    []string
}

// gravity is how certain a hit is.
func (h *hit) gravity() gravity {
	return gravityOf(&Finding{Admits: h.admits, Verdict: h.verdict.Status})
}

// judge judges all components with the workers that are allowed. The result
// of each has its own place, so that the order of work does not show.
func (r *run) judge(ctx context.Context) error {
	n := len(r.inv.Components)
	r.results = make([]*result, n)
	r.order = make([]int, n)
	for i := range r.order {
		r.order[i] = i
	}
	slices.SortStableFunc(r.order, func(a, b int) int {
		return inventory.Compare(r.inv.Components[a], r.inv.Components[b])
	})
	if err := r.perlsBeyondTable(ctx); err != nil {
		return err
	}
	if err := r.askVendors(ctx); err != nil {
		return err
	}
	var (
		next  atomic.Int64 // the next place in order that a worker takes
		wg    sync.WaitGroup
		once  sync.Once // guards first
		first error
	)
	work, stop := context.WithCancel(ctx)
	defer stop()
	worker := func() {
		for work.Err() == nil {
			at := int(next.Add(1)) - 1
			if at >= n {
				return
			}
			i := r.order[at]
			res, err := r.component(work, i)
			if err != nil {
				once.Do(func() { first = fmt.Errorf("judge %s: %w", r.inv.Components[i].Ref(), err) })
				stop()
				return
			}
			r.results[i] = res
		}
	}
	for range min(r.opt.Jobs, n) - 1 {
		wg.Go(worker)
	}
	worker()
	wg.Wait()
	if ctx.Err() != nil && (first == nil || errors.Is(first, ctx.Err())) {
		return nil // stopped, which is no error: what is done is told
	}
	return first
}

// perlsBeyondTable finds out, where perl is known as a minimum only, whether
// there are perls that the table of core modules does not hold: one of them
// may be the one that runs the project.
func (r *run) perlsBeyondTable(ctx context.Context) error {
	if !r.inv.Perl.AtLeast {
		return nil
	}
	known, err := r.adv.Releases(ctx, perl)
	if err != nil {
		return fmt.Errorf("list the releases of perl: %w", err)
	}
	newest := corelist.Newest()
	r.newerPerls = slices.ContainsFunc(known, func(k advisory.Known) bool {
		v, err := perlver.Parse(k.Version)
		return err == nil && v.Compare(newest) > 0
	})
	return nil
}

// component judges one component.
func (r *run) component(ctx context.Context, i int) (*result, error) {
	c := &r.inv.Components[i]
	res := &result{dist: c.Dist}
	records, err := r.records(ctx, c, res)
	if err != nil || len(records) == 0 {
		return res, err
	}
	res.onRecord = true
	var dead []live
	for i := range records {
		a := records[i].For(res.dist)
		if a == nil {
			continue
		}
		l := live{record: &records[i], affected: a, judge: a.Compile()}
		if records[i].IsWithdrawn() {
			dead = append(dead, l)
		} else {
			res.live = append(res.live, l)
		}
	}
	s, err := r.subject(ctx, c, res)
	if err != nil {
		return nil, err
	}
	for _, l := range res.live {
		h := s.judge(l)
		if !h.verdict.Status.IsClean() {
			res.hits = append(res.hits, h)
			continue
		}
		if h.verdict.Disagreement != "" {
			res.overruled = append(res.overruled, h)
		}
		if c.Package != nil {
			r.oppose(c, l, res)
		}
		if err := r.checkEnd(ctx, s, l, res); err != nil {
			return nil, err
		}
	}
	if c.Kind == inventory.Interpreter && s.kind == noVersion {
		res.unjudged = true
	}
	if res.unjudged && (c.Kind == inventory.Interpreter || !c.Direct && len(r.graph.in[i]) == 0) {
		// Hundreds of advisories are on perl and on what comes with it; one
		// notice tells about all of them.
		res.hits = nil
	}
	if c.Package != nil {
		r.byVendor(c, res)
	}
	for _, l := range dead {
		if len(l.affected.Statements) > 0 && s.judge(l).verdict.Status >= advisory.StatusContradictory {
			res.withdrawn = append(res.withdrawn, l.record.ID)
		}
	}
	if len(res.hits) > 0 {
		if err := r.load(ctx, res); err != nil {
			return nil, err
		}
		if s.kind == oneVersion && len(res.releases) > 0 && !listed(res.releases, s.version) {
			res.notes = append(res.notes, fmt.Sprintf("version %s is on no list of releases", s.version))
		}
	}
	return res, nil
}

// records asks for the records about a component. Where no source told the
// distribution of a module, the database's own table is asked, and then the
// module's name: it is often the distribution's.
func (r *run) records(ctx context.Context, c *inventory.Component, res *result) ([]advisory.Record, error) {
	if res.dist != "" || len(c.Modules) == 0 {
		return r.adv.ForDist(ctx, res.dist)
	}
	m := c.Modules[0]
	d, err := r.adv.OwnerOf(ctx, m)
	if err != nil {
		return nil, err
	}
	if d != "" {
		res.dist = d
		return r.adv.ForDist(ctx, d)
	}
	guess := cpan.DistFromModule(m)
	records, err := r.adv.ForDist(ctx, guess)
	if err == nil && len(records) > 0 {
		res.dist = guess
		res.notes = append(res.notes, fmt.Sprintf("that %s belongs to %s is a guess by its name", m, guess))
	}
	return records, err
}

// load gets the known releases of a result's distribution, once.
func (r *run) load(ctx context.Context, res *result) error {
	if res.loaded {
		return nil
	}
	known, err := r.adv.Releases(ctx, res.dist)
	if err != nil {
		return err
	}
	res.releases, res.loaded = releasesOf(res.dist, known), true
	return nil
}

// checkEnd notes a clean verdict that rests on nothing but the end of the list
// of releases. The list is read only where a range ends with a version.
func (r *run) checkEnd(ctx context.Context, s *subject, l live, res *result) error {
	if s.kind != oneVersion {
		return nil
	}
	b := boundsOf(l.affected)
	if !slices.ContainsFunc(b.last, func(v perlver.Version) bool { return v.Compare(s.version) < 0 }) {
		return nil
	}
	if err := r.load(ctx, res); err != nil {
		return err
	}
	if len(res.releases) > 0 && openEnded(l.judge, b, s.version, res.releases) {
		res.open = append(res.open, l.record.ID)
	}
	return nil
}

// kind is how much is known of a component's version.
type kind uint8

const (
	noVersion  kind = iota // nothing: doubt says why
	oneVersion             // version, possibly with a doubt
	oneOf                  // one of some versions: choices
)

// subject is a component as advisories judge it.
type subject struct {
	kind    kind
	version perlver.Version
	doubt   string // why a clean verdict on it would not hold; "" where it would
	choices []release
	among   string // what the choices are, for reasons
	open    bool   // the version may be another one than these
}

// subject finds out what is known of a component's version.
func (r *run) subject(ctx context.Context, c *inventory.Component, res *result) (*subject, error) {
	p := &r.inv.Perl
	switch {
	case len(c.Shipped) > 0:
		s := &subject{kind: oneOf, among: "versions that perl " + p.Version.String() + " and later ship", open: c.MayLack}
		if r.newerPerls {
			s.open = true
			res.notes = append(res.notes, "what perls after "+newestPerl()+" ship is not known")
		}
		for _, text := range c.Shipped {
			if v, _, err := perlver.Approximate(text); err == nil {
				s.choices = append(s.choices, release{text: text, version: v})
			} else {
				s.doubt = err.Error()
			}
		}
		if len(s.choices) == 0 {
			return &subject{doubt: s.doubt}, nil
		}
		slices.SortStableFunc(s.choices, func(a, b release) int { return a.version.Compare(b.version) })
		return s, nil
	case c.Kind == inventory.Interpreter && p.AtLeast:
		return r.among(ctx, res, func(v perlver.Version) bool { return v.Compare(p.Version) >= 0 }, "perls from "+p.Version.String()+" on")
	case c.Version != "":
		return exactly(c, res), nil
	case c.Kind == inventory.Required && c.Requirement != nil:
		s, err := r.among(ctx, res, c.Requirement.Accepts, "releases that "+requirementText(c.Requirement)+" accepts")
		if v, ok := pinned(c.Requirement); ok && err == nil && s.kind == noVersion {
			s.kind, s.version = oneVersion, v // what it is called, if it is there at all
		}
		return s, err
	case c.Kind == inventory.Core:
		res.unjudged = true
		if p.InTable && len(c.Notes) > 0 {
			return &subject{doubt: c.Notes[len(c.Notes)-1]}, nil
		}
		return &subject{doubt: r.coreUnknown()}, nil
	}
	return &subject{doubt: "the version is not known"}, nil
}

// pinned is the one version that a requirement accepts, if it says so.
func pinned(q *perlver.Requirement) (perlver.Version, bool) {
	text, ok := strings.CutPrefix(q.String(), "== ")
	if !ok {
		return perlver.Version{}, false
	}
	v, err := perlver.ParseExact(text)
	return v, err == nil
}

// requirementText is a requirement for people.
func requirementText(q *perlver.Requirement) string {
	if q.IsAny() {
		return "a requirement of any version"
	}
	return rangeText(q)
}

// rangeText is a requirement with an operator in every clause.
func rangeText(q *perlver.Requirement) string {
	text := q.String()
	if v, ok := q.Minimum(); q.IsAny() || ok && v.String() == text {
		return ">= " + text
	}
	return text
}

// coreUnknown says why the version of a core module is unknown.
func (r *run) coreUnknown() string {
	switch p := &r.inv.Perl; {
	case p.Version.IsZero():
		return "the project's perl is unknown, so what it ships is unknown"
	case !p.InTable:
		return fmt.Sprintf("perl %s is not in the table of core modules, which ends with %s", p.Version, newestPerl())
	}
	return "perl ships it without a version"
}

// newestPerl is the last perl of the table of core modules, for people.
func newestPerl() string { return strings.TrimPrefix(corelist.Newest().Normal(), "v") }

// exactly is a component at one version.
func exactly(c *inventory.Component, res *result) *subject {
	v, note, err := perlver.Approximate(c.Version)
	switch {
	case err != nil:
		return &subject{doubt: err.Error()}
	case note != "":
		res.notes = append(res.notes, fmt.Sprintf("version %q %s", c.Version, note))
		return &subject{kind: oneVersion, version: v, doubt: fmt.Sprintf("version %q is only %s", c.Version, note)}
	}
	return &subject{kind: oneVersion, version: v} // a warning of v is the judge's to tell
}

// among is a component that is one of the known releases that ok accepts. An
// installer takes a developer release only when told to, so those count only
// against a clean verdict, and fully where there is nothing else.
func (r *run) among(ctx context.Context, res *result, ok func(perlver.Version) bool, what string) (*subject, error) {
	if err := r.load(ctx, res); err != nil {
		return nil, err
	}
	s := &subject{kind: oneOf, among: "known " + what}
	for _, rel := range res.releases {
		if ok(rel.version) {
			s.choices = append(s.choices, rel)
		}
	}
	if len(s.choices) == 0 {
		return &subject{doubt: "there are no known " + what}, nil
	}
	return s, nil
}

// judge gives the verdict of one record.
func (s *subject) judge(l live) hit {
	switch s.kind {
	case oneVersion:
		h := hit{live: l, verdict: l.judge.Judge(s.version), base: s.version}
		if s.doubt != "" && h.verdict.Status.IsClean() {
			h.verdict.Status = advisory.StatusUnknown
			h.verdict.Reason = s.doubt + "; compared so, " + h.verdict.Reason
		}
		return h
	case oneOf:
		return s.judgeAll(l)
	}
	return hit{live: l, verdict: advisory.Verdict{Status: advisory.StatusUnknown, Reason: s.doubt}}
}

// judgeAll judges every version that the component may have.
func (s *subject) judgeAll(l live) hit {
	var (
		bad, unknown      int
		stable, badStable int
		worst             advisory.Status
		shown             = s.choices[len(s.choices)-1] // the one whose verdict is told
		lowest, highest   release
		newest            release // the newest one that is bad and no developer release
	)
	for _, c := range s.choices {
		status := l.judge.Status(c.version)
		if !c.developer {
			stable++
		}
		if status >= worst && !status.IsClean() {
			// Of several, the newest: an installer would take it.
			worst, shown = status, c
		}
		switch {
		case status == advisory.StatusUnknown:
			unknown++
		case status >= advisory.StatusContradictory:
			if bad++; bad == 1 {
				lowest = c
			}
			highest = c
			if !c.developer {
				badStable++
				newest = c
			}
		}
	}
	h := hit{live: l, verdict: l.judge.Judge(shown.version), base: highest.version}
	if badStable > 0 {
		h.base = newest.version // nobody is on a developer release by chance
	}
	n := len(s.choices)
	switch {
	case bad == 0 && unknown > 0:
		h.verdict.Reason = fmt.Sprintf("of %d %s, %d cannot be judged: %s", n, s.among, unknown, h.verdict.Reason)
	case bad == 0 && s.doubt != "":
		h.verdict = advisory.Verdict{Status: advisory.StatusUnknown, Reason: s.doubt}
	case bad > 0:
		h.admits = s.open || bad < n && (stable == 0 || badStable < stable)
		which, but := span(bad, lowest.text, highest.text), ""
		if bad < n && !h.admits {
			but = ", all that are no developer releases"
		}
		if n == 1 {
			h.verdict.Reason = fmt.Sprintf("%s, the only one of the %s, is affected: %s", which, s.among, h.verdict.Reason)
			break
		}
		are := "are"
		if bad == 1 {
			are = "is"
		}
		h.verdict.Reason = fmt.Sprintf("%d of %d %s %s affected%s (%s): %s", bad, n, s.among, are, but, which, h.verdict.Reason)
	}
	return h
}

// span names n versions by the lowest and the highest.
func span(n int, lowest, highest string) string {
	switch n {
	case 1:
		return lowest
	case 2:
		return lowest + " and " + highest
	}
	return "from " + lowest + " to " + highest
}

// joinPerl makes one finding of a flaw that is recorded on a module's
// distribution and on perl: the module's. Where the module's own copy from
// CPAN is loaded and clean, perl's copy of it is not used.
func (r *run) joinPerl() {
	byDist := map[cpan.Dist][]int{}
	var interpreter *result
	var ref string
	for _, i := range r.order {
		switch c := &r.inv.Components[i]; {
		case r.results[i] == nil:
		case c.Kind == inventory.Interpreter:
			interpreter, ref = r.results[i], c.Ref()
		case r.results[i].dist != "":
			byDist[r.results[i].dist] = append(byDist[r.results[i].dist], i)
		}
	}
	if interpreter == nil {
		return
	}
	interpreter.hits = slices.DeleteFunc(interpreter.hits, func(h hit) bool {
		told := false
		for _, a := range h.record.Affected {
			for _, i := range byDist[a.Dist] {
				res := r.results[i]
				at := slices.IndexFunc(res.hits, func(o hit) bool { return o.record.ID.Equal(h.record.ID) })
				if at >= 0 {
					// A certain finding is not hidden behind a doubtful one.
					if o := &res.hits[at]; o.gravity() >= h.gravity() {
						o.also = append(o.also, ref)
						told = true
					}
				} else if c := &r.inv.Components[i]; c.Kind == inventory.Exact && dualLife(c) {
					from := "CPAN"
					if c.Package != nil {
						from = "package " + c.Package.Name
					}
					r.notice(Notice{Level: "info", Text: fmt.Sprintf(
						"%s of perl is in its copy of %s; %s from %s is loaded instead and is not affected", h.record.ID, a.Dist, c.Ref(), from)})
					told = true
				}
			}
		}
		return told
	})
}

// dualLife says whether perl ships a module of the component too.
func dualLife(c *inventory.Component) bool {
	return slices.ContainsFunc(c.Modules, func(m cpan.Module) bool {
		_, ok := corelist.Lookup(m)
		return ok
	})
}

// find turns hits into findings, in the order of the stream.
func (r *run) find() {
	r.used = make([]ignoreUse, len(r.opt.Ignores))
	r.excluded = make([]bool, len(r.opt.Options.Exclude))
	for _, i := range r.order {
		res := r.results[i]
		if res == nil {
			continue
		}
		if len(res.hits) == 0 {
			continue
		}
		slices.SortStableFunc(res.hits, func(a, b hit) int { return cmp.Compare(a.record.ID, b.record.ID) })
		c, paths := r.describe(i, res), r.graph.paths(i)
		for at := range res.hits {
			f := r.finding(i, c, paths, &res.hits[at])
			if state := f.Reach; r.opt.Options.OnlyLoaded && state != nil && state.State != "loaded" {
				if r.hidden == nil {
					r.hidden = map[string]int{}
				}
				r.hidden[state.State]++
				continue
			}
			r.found = append(r.found, f)
		}
	}
}

// finding makes the finding of a hit.
func (r *run) finding(i int, c Component, paths [][]string, h *hit) found {
	f := found{component: i, hit: h, Finding: Finding{
		Component: c, Advisory: describe(h),
		Verdict: h.verdict.Status, Admits: h.admits, Reason: h.verdict.Reason,
		Disagreement: h.verdict.Disagreement, Warnings: h.verdict.Warnings,
		Also: h.also, Paths: paths, Vendor: h.vendor,
	}}
	releases, base := r.results[i].releases, h.base
	if base.IsZero() {
		base = highestAffected(h.judge, releases)
	}
	f.Fixed = fixedIn(h.judge, boundsOf(h.affected), base, releases)
	if len(h.also) > 0 {
		f.Reason += "; recorded on " + strings.Join(h.also, " and ") + " too"
	}
	if h.affected.Darkpan {
		f.Warnings = append(slices.Clip(f.Warnings), "the source says that this distribution is not on CPAN")
	}
	if r.opt.Reach != nil {
		f.Reach = r.opt.Reach.Reach(i, h.affected)
	}
	r.silence(&f)
	f.Counts = r.counts(&f.Finding)
	return f
}

// counts decides whether a finding decides the exit status.
func (r *run) counts(f *Finding) bool {
	o := &r.opt.Options
	switch {
	case f.Ignored != nil, f.Known:
		return false
	case f.Admits && !o.Strict:
		return false
	case f.Verdict == advisory.StatusUnknown && !o.FailOnUnknown:
		return false
	case o.OnlyFixed && f.Vendor == nil && f.Fixed.Basis == "none":
		return false
	case o.OnlyFixed && f.Vendor != nil && f.Vendor.Fixed == "": // upstream's fix is not the package's
		return false
	}
	if o.FailOn == "" {
		return true
	}
	threshold, err := advisory.ParseSeverity(o.FailOn)
	return err != nil || f.Advisory.Severity.AtLeast(threshold)
}
