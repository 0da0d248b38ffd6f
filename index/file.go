package index

import (
	"context"

	"nacre/advisory"
)

// File is one file of the index.
type File struct {
	// Path is relative to the root of the index, with slashes.
	Path string
	Data []byte
	// Pack asks for the same packed by gzip beside it, at Path with ".gz".
	Pack bool
}

// Format is one form that the index is given out in. Each function may be nil.
// They are pure: the files depend on what they are given alone, and they are
// called in any order and side by side. Files come in any order, and no path
// comes twice, from whatever format.
type Format struct {
	// Name says in errors which format it is, "csaf".
	Name string
	// Advisory gives the files of one advisory. They depend on nothing that does
	// not change Advisory.Digest: the site, the record, what was concluded about it,
	// and the releases of the distributions that it is about.
	Advisory func(m *Model, a *Advisory) ([]File, error)
	// Dist gives the files of one distribution. They depend on nothing that does
	// not change Dist.Digest: the site, its releases and modules, and the advisories
	// about it.
	Dist func(m *Model, d *Dist) ([]File, error)
	// Whole gives the files that depend on anything else. It is called in every
	// build, so it ought to be quick.
	Whole func(ctx context.Context, m *Model) ([]File, error)
}

// Kept is an index that stays as it was although there was a build.
type Kept struct {
	Why string        // a sentence
	Of  advisory.Date // the day of the build that it is of
	// Read gives a file of it.
	Read func(path string) ([]byte, error)
}
