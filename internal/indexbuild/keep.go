package indexbuild

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
)

// refuse says why the conclusions must not take the place of the index before; ""
// where they may.
func (b *Builder) refuse(m *index.Model, old *previous) string {
	for _, h := range m.Sources {
		if h.Problem != "" && !h.Kept {
			return fmt.Sprintf("%s could not be used: %s", h.Named(), h.Problem)
		}
	}
	if old == nil {
		return ""
	}
	live, gone, warned, silent := 0, 0, 0, 0
	for i := range old.state.Advisories {
		c := &old.state.Advisories[i]
		if c.Gone {
			continue
		}
		a := m.ByID(c.ID)
		live++
		if a == nil || a.Gone {
			gone++
		}
		// A source that withdraws all, or says of no release any longer that it is
		// affected, does as much harm as one that is empty.
		if slices.ContainsFunc(c.Dists, func(s index.Short) bool { return s.Known > 0 }) {
			warned++
			if a == nil || !slices.ContainsFunc(a.Dists, func(of *index.Affected) bool { return len(of.Known) > 0 }) {
				silent++
			}
		}
	}
	now := 0
	for _, d := range m.Dists {
		now += len(d.Releases)
	}
	before := old.index.Manifest.Counts.Releases
	for _, of := range []struct {
		now, before int
		what        string
	}{
		{live - gone, live, "advisories would be gone"},
		{now, before, "known releases would be gone"},
		{warned - silent, warned, "advisories would affect no known release any longer"},
	} {
		if share := lost(of.now, of.before); share > b.MaxLoss {
			return fmt.Sprintf("%d of %d %s, %.0f %%; at most %.0f %% may", of.before-of.now, of.before, of.what, 100*share, 100*b.MaxLoss)
		}
	}
	if kind := b.forgotten(m, old); kind != "" {
		return fmt.Sprintf("no source of kind %s is left, and the build before had one", kind)
	}
	// One correction may go on any day, the last one too; several at once, and none
	// left, are a folder that was not given.
	corrections := 0
	for _, n := range old.index.Manifest.Curation {
		corrections += n
	}
	if corrections > 1 && len(m.Curated) == 0 && b.MaxLoss < 1 {
		return fmt.Sprintf("all %d corrections would be gone", corrections)
	}
	return ""
}

// forgotten is a kind of source that the build before had and this one has none
// of, "" where there is none or where all may go. Without the CVE List, say, no
// advisory of CPANSA is gone, and still much of what is known about them.
func (b *Builder) forgotten(m *index.Model, old *previous) string {
	if b.MaxLoss >= 1 {
		return ""
	}
	for _, was := range old.state.Sources {
		if was.Entries > 0 && !hasKind(m.Sources, was.Name) {
			return was.Name
		}
	}
	return ""
}

func hasKind(all []index.Health, kind string) bool {
	return slices.ContainsFunc(all, func(h index.Health) bool { return h.Name == kind })
}

// lost is which share of what was there is gone.
func lost(now, before int) float64 {
	if now >= before || before == 0 {
		return 0
	}
	return float64(before-now) / float64(before)
}

// keep takes over the index before, and renews what says how things stand.
func (b *Builder) keep(s *stage, m *index.Model, old *previous, refused string) (sealed, error) {
	day, err := advisory.ParseDate(old.index.Manifest.Day)
	if err != nil {
		return sealed{}, err
	}
	health, err := b.Health(m, index.Kept{Why: refused, Of: day, Read: func(path string) ([]byte, error) {
		return os.ReadFile(filepath.Join(b.Out, filepath.FromSlash(path)))
	}})
	if err != nil {
		return sealed{}, err
	}
	state := *old.state
	state.Sequence, state.Sources = m.State.Sequence, m.State.Sources
	for _, was := range old.state.Sources { // a kind that was forgotten is so tomorrow, too
		if !hasKind(m.Sources, was.Name) {
			state.Sources = append(slices.Clip(state.Sources), was)
		}
	}
	state.Input = index.Digest{} // whatever comes next counts on, also what was refused, where it is let in
	text, err := state.Encode()
	if err != nil {
		return sealed{}, err
	}
	renewed := map[string]bool{}
	for _, f := range append(health, index.File{Path: stateName, Data: text}) {
		if err := s.add(f); err != nil {
			return sealed{}, err
		}
		renewed[f.Path] = true
		renewed[f.Path+".gz"] = f.Pack
	}
	for _, f := range old.index.Manifest.Files {
		if !renewed[f.Path] {
			if err := s.reuse(f); err != nil {
				return sealed{}, err
			}
		}
	}
	if old.index.Head == nil {
		return sealed{}, fault.New(fault.Invalid, "the index in %s has no database", b.Out).WithHint("remove it and build anew")
	}
	list := old.index.Manifest
	list.Generator, list.Sequence = b.Generator, state.Sequence
	return sealed{
		list: list, built: old.index.Seal.Built, expires: old.index.Seal.Expires,
		databaseBuilt: old.index.Head.Built, units: b.readUnits(old),
	}, nil
}
