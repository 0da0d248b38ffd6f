package indexbuild

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"nacre/advisory"
	"nacre/fault"
	"nacre/index"
	"nacre/index/manifest"
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
	live, gone := 0, 0
	for _, c := range old.state.Advisories {
		if c.Gone {
			continue
		}
		live++
		if a := m.ByID(c.ID); a == nil || a.Gone {
			gone++
		}
	}
	if share := lost(live-gone, live); share > b.MaxLoss {
		return fmt.Sprintf("%d of %d advisories would be gone, %.0f %%; at most %.0f %% may", gone, live, 100*share, 100*b.MaxLoss)
	}
	now := 0
	for _, d := range m.Dists {
		now += len(d.Releases)
	}
	before := old.index.Manifest.Counts.Releases
	if share := lost(now, before); share > b.MaxLoss {
		return fmt.Sprintf("%d of %d known releases would be gone, %.0f %%; at most %.0f %% may", before-now, before, 100*share, 100*b.MaxLoss)
	}
	return ""
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
	database, ok := old.index.Manifest.File(manifest.DatabaseName)
	if !ok || old.index.Head == nil {
		return sealed{}, fault.New(fault.Invalid, "the index in %s has no database", b.Out).WithHint("remove it and build anew")
	}
	list := old.index.Manifest
	list.Generator, list.Sequence = b.Generator, state.Sequence
	return sealed{
		list: list, built: b.Now().UTC().Truncate(time.Second), expires: old.index.Seal.Expires,
		database: database, databaseBuilt: old.index.Head.Built, units: b.readUnits(old),
	}, nil
}
