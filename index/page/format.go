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
		{Name: "lists", Whole: s.lists},
	}
}

// whole gives the pages that are about more than one advisory or distribution,
// and the assets of all.
func (s *shell) whole(_ context.Context, m *index.Model) ([]index.File, error) {
	return s.assetFiles()
}
