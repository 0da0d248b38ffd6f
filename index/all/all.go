// Package all lists the forms that the index is given out in.
package all

import (
	"slices"
	"time"

	"nacre/index"
	"nacre/index/legacy"
	"nacre/index/news"
	"nacre/index/osvdir"
	"nacre/index/page"
	"nacre/index/record"
	"nacre/index/vex"
)

// Formats gives all forms.
func Formats() []index.Format {
	return slices.Concat(
		page.Formats(),
		osvdir.Formats(),
		vex.Formats(),
		news.Formats(),
		legacy.Formats(),
		record.Formats(),
	)
}

// Health gives the files that say how things stand, for an index that stays as it
// was although there was a build: why, and of which day it is.
func Health(m *index.Model, kept string, of time.Time) ([]index.File, error) {
	r := page.ReportOf(m)
	r.Kept, r.KeptOf = kept, of
	f, err := page.Health(r)
	return []index.File{f}, err
}
