package page

import (
	"context"

	"nacre/index"
)

// Formats gives the pages as a form of the index.
func Formats() []index.Format {
	s := newShell()
	return []index.Format{
		{Name: "pages", Advisory: s.advisory, Dist: s.dist, Whole: s.whole},
		{Name: "other names", Whole: s.moved},
		{Name: "lists", Whole: s.lists},
		{Name: "statistics", Whole: s.statistics},
		{Name: "health", Whole: s.health},
		{Name: "changes", Whole: s.changes},
		{Name: "search", Whole: s.search},
	}
}

// whole gives the pages that are about more than one advisory or distribution,
// and the assets of all.
func (s *shell) whole(_ context.Context, m *index.Model) ([]index.File, error) {
	files, err := s.assetFiles()
	if err != nil {
		return nil, err
	}
	for _, make := range []func(*index.Model) (index.File, error){s.start, s.uses} {
		f, err := make(m)
		if err != nil {
			return nil, err
		}
		files = append(files, f)
	}
	return files, nil
}
