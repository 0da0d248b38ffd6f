// Package all lists the forms that the index is given out in.
package all

import (
	"slices"

	"nacre/index"
	"nacre/index/news"
	"nacre/index/osvdir"
	"nacre/index/page"
	"nacre/index/vex"
)

// Formats gives all forms.
func Formats() []index.Format {
	return slices.Concat(
		page.Formats(),
		osvdir.Formats(),
		vex.Formats(),
		news.Formats(),
	)
}
