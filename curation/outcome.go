package curation

import (
	"fmt"
	"slices"
	"strings"

	"nacre/advisory"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/perlver"
)

// State is what became of an overlay.
type State string

// The states.
const (
	InForce  State = "applied"
	CaughtUp State = "caught-up" // all is the same without it
	NoTarget State = "no-target" // what it is about is not there
)

// Outcome is what became of one overlay, and why.
type Outcome struct {
	Overlay *Overlay
	State   State
	// Record is the id of the record that it is about, "" without a target.
	Record advisory.ID
	Text   string // one sentence without a full stop
}

// Outcomes says of each overlay, in their order, what became of it. Releases are
// the known ones of each distribution, as in the merged set.
func (a *Applied) Outcomes(releases map[cpan.Dist][]advisory.Known) []Outcome {
	out := make([]Outcome, len(a.set.Overlays))
	for _, g := range a.groups {
		with := g.records(all)
		// A correction is compared with what the sources say without any, so that two
		// of them are not each found to be needless beside the other.
		without := g.records(func(i int) bool {
			return a.set.Overlays[i].Kind == Link || a.set.Overlays[i].Kind == Allow
		})
		for _, i := range g.overlays {
			o := &a.set.Overlays[i]
			out[i] = Outcome{Overlay: o, State: NoTarget, Text: a.missed[i]}
			switch {
			case a.missed[i] != "":
			case o.Kind == Allow:
				out[i].Record = o.IDs[0]
				out[i].State, out[i].Text = g.stillAllowed(o)
			case o.Kind == Link:
				out[i] = o.linked(with, g.records(func(j int) bool { return j != i }))
			default:
				id := g.made[i][0].Record.ID
				c := comparison{overlay: o, releases: releases[o.Dist]}
				if c.with, _ = one(with, id, o.Dist); c.with != nil {
					out[i].Record = c.with.ID
				}
				c.without, _ = one(without, id, o.Dist)
				out[i].State, out[i].Text = c.outcome()
			}
		}
	}
	return out
}

// stillAllowed says whether any of the CVE records has to be let in, or all say
// themselves what they are about.
func (g *group) stillAllowed(o *Overlay) (State, string) {
	for _, id := range o.IDs {
		if sources, dists := g.cve(id); !dists[o.Dist] {
			return InForce, fmt.Sprintf("%s of %s is let in", id, strings.Join(sources, " and "))
		}
	}
	return CaughtUp, fmt.Sprintf("the records name %s themselves", o.Dist)
}

// linked says whether a link makes one record of its ids, and whether they are one
// without it.
func (o *Overlay) linked(with, without []advisory.Record) Outcome {
	whole := func(records []advisory.Record) *advisory.Record {
		for i := range records {
			lacks := func(id advisory.ID) bool { return !records[i].Has(id) }
			if !slices.ContainsFunc(o.IDs, lacks) {
				return &records[i]
			}
		}
		return nil
	}
	if r := whole(without); r != nil {
		return Outcome{o, CaughtUp, r.ID, fmt.Sprintf("the sources themselves have them as one, %s", r.ID)}
	}
	if r := whole(with); r != nil {
		return Outcome{o, InForce, r.ID, fmt.Sprintf("they are one, %s", r.ID)}
	}
	return Outcome{o, NoTarget, "", "they stay apart, since each is an id of several advisories"}
}

// comparison is a record with and without one overlay.
type comparison struct {
	overlay       *Overlay
	with, without *advisory.Record
	releases      []advisory.Known
}

func (c *comparison) outcome() (State, string) {
	if c.with == nil || c.without == nil {
		return NoTarget, "other overlays leave no such record"
	}
	o := c.overlay
	switch {
	case c.without.IsWithdrawn():
		return CaughtUp, fmt.Sprintf("%s is withdrawn without it", c.without.ID)
	case o.Kind == FalsePositive && o.Dist == "":
		return InForce, fmt.Sprintf("%s is withdrawn", c.with.ID)
	case o.Kind == Complete:
		return c.places()
	case o.Kind == Describe:
		return c.described()
	}
	return c.verdicts()
}

// places says whether the sources name the same modules, files and routines.
func (c *comparison) places() (State, string) {
	o, a := c.overlay, c.without.For(c.overlay.Dist)
	var news []string
	news = appendNew(news, o.Modules, a.Modules)
	news = appendNew(news, o.Files, a.Files)
	news = appendNew(news, o.Routines, a.Routines)
	if len(news) == 0 {
		return CaughtUp, "the sources name all of it"
	}
	return InForce, "no source names " + sample(news)
}

func appendNew[T ~string](to []string, ours, theirs []T) []string {
	for _, s := range ours {
		if !slices.Contains(theirs, s) {
			to = append(to, string(s))
		}
	}
	return to
}

// described says whether anything of a description is in use: it fills in what
// nobody states.
func (c *comparison) described() (State, string) {
	var used []string
	ours := func(i int) bool { return merge.IsCuration(c.with.Sources[i].Name) }
	for _, field := range c.overlay.describes() {
		if slices.ContainsFunc(c.with.Provenance[field], ours) {
			used = append(used, field)
		}
	}
	if len(used) == 0 {
		return CaughtUp, "the sources state all of it"
	}
	return InForce, "gives " + strings.Join(used, " and ")
}

// verdicts says whether all known releases, and newer ones, are judged the same.
func (c *comparison) verdicts() (State, string) {
	with, without := c.with.For(c.overlay.Dist).Compile(), c.without.For(c.overlay.Dist).Compile()
	differ := func(v perlver.Version) bool {
		a, b := with.Judge(v).Status, without.Judge(v).Status
		return a != b && (!a.IsClean() || !b.IsClean())
	}
	var known, others []string
	var newest perlver.Version
	n := 0
	for _, k := range c.releases {
		v, err := perlver.Parse(k.Version)
		if err != nil {
			continue
		}
		n++
		newest = v // they are in order
		if differ(v) {
			known = append(known, k.Version)
		}
	}
	for _, v := range beyond(newest) {
		if differ(v) {
			others = append(others, v.String())
		}
	}
	switch {
	case len(known) > 0:
		return InForce, fmt.Sprintf("judges %d of %d known releases otherwise: %s", len(known), n, sample(known))
	case len(others) > 0 && n > 0:
		return InForce, fmt.Sprintf("judges releases after %s otherwise", newest)
	case n == 0:
		return InForce, fmt.Sprintf("no release of %s is known to compare on", c.overlay.Dist)
	}
	return CaughtUp, fmt.Sprintf("all %d known releases, and newer ones, are judged the same without it", n)
}

// beyond are versions that are newer than all known releases: one directly after
// the newest, and one after all that anybody names.
func beyond(newest perlver.Version) []perlver.Version {
	var all []perlver.Version
	for _, s := range []string{newest.Normal() + ".0.1", "v2147483647"} {
		if v, err := perlver.Parse(s); err == nil {
			all = append(all, v)
		}
	}
	return all
}

// sample is a list as far as a sentence bears it.
func sample(list []string) string {
	const most = 5
	if n := len(list) - most; n > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(list[:most], ", "), n)
	}
	return strings.Join(list, ", ")
}
