package releases

import (
	"errors"
	"io"
	"time"

	"nacre/advisory"
	"nacre/cpan"
)

// ReadPackages reads 02packages.details.txt, plain or gzipped. The batch's time
// is the file's Last-Updated.
func ReadPackages(r io.Reader, keep Keep) (List, error) {
	l := newList("CPAN", "", keep)
	if err := l.packages(r); err != nil {
		return List{}, err
	}
	return *l, nil
}

func (l *List) packages(r io.Reader) error {
	index, err := cpan.ReadModuleIndex(r)
	if err != nil {
		return err
	}
	if t, err := time.Parse(time.RFC1123, index.Header.Get("Last-Updated")); err == nil && t.After(l.Batch.Source.Time) {
		l.Batch.Source.Time = t.UTC()
	}
	seen := map[string]cpan.Dist{} // by path; "" is not wanted
	for e, err := range index.Entries() {
		if line, ok := errors.AsType[*cpan.LineError](err); ok {
			l.skip("02packages.details.txt: %v", line)
			continue
		}
		if err != nil {
			return err
		}
		d, ok := seen[e.Path]
		if !ok {
			d = l.release(e.Release())
			seen[e.Path] = d
		}
		if d != "" {
			l.Batch.Owners[e.Module] = d
		}
	}
	return nil
}

// release takes the release that an entry names, and gives its distribution
// where that is wanted.
func (l *List) release(r cpan.Release) cpan.Dist {
	if r.Dist == "" || r.Version == "" {
		l.Skipped++
		return ""
	}
	if !l.add(r.Dist, advisory.Known{Version: r.Version, Author: r.Author, Developer: r.Developer}) {
		return ""
	}
	return r.Dist
}
