package archive

import (
	"context"
	"errors"
	"fmt"
	"time"

	"nacre/fault"
)

// Limits bound what an archive, or a walk through a tree, may cost. A field
// that is 0 takes its value of DefaultLimits.
type Limits struct {
	Entries int           // of an archive, with folders that only names imply; of all layers of an image together; of a walk
	File    int64         // bytes of one file whose contents are kept
	Total   int64         // unpacked bytes of all that is read
	Ratio   int           // unpacked bytes for each packed one, beyond the first 16 MiB
	Depth   int           // elements of a path
	Name    int           // bytes of a path, or of what a link leads to
	Layers  int           // of an image
	Nested  int           // indexes of images within each other
	Time    time.Duration // that opening takes; a walk has none
}

// DefaultLimits are far above what releases and images in use have, and low
// enough for a machine with a gigabyte of memory.
func DefaultLimits() Limits {
	return Limits{
		Entries: 500_000, // an image with all of TeX Live has some 300,000
		File:    2 << 30,
		Total:   32 << 30,
		Ratio:   100, // text packs to a fifth; gzip reaches 1,000 with zeros only
		Depth:   128,
		Name:    4096, // Linux's PATH_MAX
		Layers:  512,  // docker allows 127
		Nested:  4,
		Time:    30 * time.Minute, // all of Total at 20 MB a second
	}
}

// Bounds that are not the caller's to choose; the package comment lists them.
const (
	ratioFree   = 16 << 20 // unpacked bytes that no ratio is asked of
	maxManifest = 4 << 20  // as the OCI distribution specification has it
	maxZipIndex = 16 << 20
	maxWindow   = 128 << 20 // what zstd takes without being told
	maxXZDict   = 64 << 20  // what xz -9 makes
	maxXZBlocks = 64        // and one for each MiB unpacked: each costs a dictionary, and xz -T makes them of 24 MiB
	maxMemory   = 256 << 20 // contents that are kept without a spool
	maxNames    = 64 << 20  // bytes of names and of what links say, which are all kept
	maxHops     = 40        // links in one path, as in Linux
	maxSteps    = 1024      // elements that one path leads over, through links
	maxRest     = 8192      // bytes of a path that are still to be gone, after links
)

// orDefault fills the fields that are not set.
func (l Limits) orDefault() Limits {
	d := DefaultLimits()
	fill(&l.Entries, d.Entries)
	fill(&l.File, d.File)
	fill(&l.Total, d.Total)
	fill(&l.Ratio, d.Ratio)
	fill(&l.Depth, d.Depth)
	fill(&l.Name, d.Name)
	fill(&l.Layers, d.Layers)
	fill(&l.Nested, d.Nested)
	fill(&l.Time, d.Time)
	return l
}

// inTime opens an archive within the limit of time.
func inTime(ctx context.Context, l Limits, open func(context.Context) (*FS, error)) (*FS, error) {
	allowed := l.orDefault().Time
	ctx, cancel := context.WithTimeoutCause(ctx, allowed, exceeded("time", "takes longer than %s", allowed))
	defer cancel()
	f, err := open(ctx)
	// Who asked to stop, or set a time of their own, is told what ctx says.
	if limit, ok := errors.AsType[*fault.Error](context.Cause(ctx)); ok && err != nil {
		return nil, limit
	}
	return f, err
}

func fill[T int | int64 | time.Duration](field *T, value T) {
	if *field <= 0 {
		*field = value
	}
}

// exceeded is the error of a limit that was hit.
func exceeded(limit, format string, args ...any) error {
	return fault.New(fault.Invalid, "%s (limit: %s)", fmt.Sprintf(format, args...), limit).
		WithHint("no release or image in use comes near it; if you trust this one, unpack it and name the folder")
}

// refuse is the error of what no archive may say.
func refuse(format string, args ...any) error {
	return fault.New(fault.Invalid, format, args...).
		WithHint("an archive that was made to do harm looks like this; if you trust it, unpack it and name the folder")
}

// damaged is the error of what cannot be read.
func damaged(err error, format string, args ...any) error {
	return fault.Wrap(fault.Invalid, err, format, args...).
		WithHint("the file is damaged or cut short; fetch it again")
}
