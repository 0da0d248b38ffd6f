// Package all lists the forms that the index is given out in.
package all

import (
	"slices"

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
// was although there was a build.
func Health(m *index.Model, kept index.Kept) ([]index.File, error) {
	r := page.ReportOf(m)
	r.Kept, r.KeptOf = kept.Why, kept.Of.Time()
	shown, err := page.Health(r)
	if err != nil {
		return nil, err
	}
	told, err := record.HealthKept(m, kept)
	return []index.File{shown, told}, err
}
