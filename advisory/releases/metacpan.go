package releases

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/limit"
)

// MetaCPAN's releases, some 350,000, come to less than 512 MB with the fields
// that are read.
const (
	maxDump     = limit.Feed
	maxReleases = 5_000_000
)

// document is one release, or an answer that holds several.
type document struct {
	release
	Hits struct {
		Hits []struct {
			Source release `json:"_source"`
			Fields release `json:"fields"`
		} `json:"hits"`
	} `json:"hits"`
}

// release is what is read of one.
type release struct {
	Author     text `json:"author"`
	Name       text `json:"name"`
	Dist       text `json:"distribution"`
	Version    text `json:"version"`
	Date       text `json:"date"`
	Maturity   text `json:"maturity"`
	MainModule text `json:"main_module"`
}

// text is a text, a number as it is written, or a list of one, as the search
// gives fields; anything else is no text.
type text string

// UnmarshalJSON reads a value; it fails on none.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = ""
	var list []json.RawMessage
	if b[0] == '[' && json.Unmarshal(b, &list) == nil && len(list) == 1 {
		b = list[0]
	}
	switch c := b[0]; {
	case c == '"':
		var s string
		if json.Unmarshal(b, &s) == nil {
			*t = text(s)
		}
	case c == '-', c >= '0' && c <= '9':
		*t = text(b)
	}
	return nil
}

// ReadMetaCPAN reads releases as MetaCPAN describes them, of at most 512 MB. The
// batch's time is the day of the newest.
func ReadMetaCPAN(r io.Reader, keep Keep) (List, error) {
	l := newList("MetaCPAN", "MetaCPAN, https://metacpan.org", keep)
	d := json.NewDecoder(limit.Reader(r, maxDump, "size of MetaCPAN's releases"))
	for n := 1; ; n++ {
		var doc document
		err := d.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			kind := fault.Invalid
			if _, ok := errors.AsType[*fault.Error](err); ok {
				kind = fault.KindOf(err)
			}
			return List{}, fault.Wrap(kind, err, "read release %d of MetaCPAN", n)
		}
		if doc.release != (release{}) {
			l.metacpan(&doc.release)
		}
		for i := range doc.Hits.Hits {
			hit := &doc.Hits.Hits[i]
			if hit.Source == (release{}) {
				hit.Source = hit.Fields
			}
			l.metacpan(&hit.Source)
		}
		if l.Read+l.Skipped > maxReleases {
			return List{}, fault.New(fault.Invalid, "more than %d releases (limit: releases)", maxReleases)
		}
	}
	if l.Read == 0 {
		return List{}, fault.New(fault.Invalid, "read releases of MetaCPAN: none is there").
			WithHint("ask for the fields author, name, distribution, version, date, status, maturity and main_module")
	}
	return *l, nil
}

// metacpan takes one release.
func (l *List) metacpan(r *release) {
	d, err := cpan.ParseDist(string(r.Dist))
	if err != nil {
		l.skip("release %s: %v", fault.Quote(string(r.Name)), err)
		return
	}
	if r.Version == "" || len(r.Version) > advisory.MaxLine {
		l.skip("release %s: it has no version", fault.Quote(string(r.Name)))
		return
	}
	author, err := cpan.ParseAuthor(string(r.Author))
	if err != nil {
		author = ""
	}
	k := advisory.Known{
		Version: string(r.Version), Date: moment(string(r.Date)), Author: author, Developer: r.Maturity == "developer",
	}
	if !l.add(d, k) || r.MainModule == "" {
		return
	}
	// The newest release knows best what the main module is called.
	if old, ok := l.named[d]; ok && !k.Date.After(old) {
		return
	}
	if m, err := cpan.ParseModule(string(r.MainModule)); err == nil {
		l.Batch.Main[d], l.named[d] = m, k.Date
	}
}

// moment reads a time, in UTC where it states no zone; the zero time where it
// is none.
func moment(s string) time.Time {
	t, err := time.Parse("2006-01-02T15:04:05", strings.TrimSuffix(s, "Z"))
	if err != nil {
		t, err = time.Parse(time.RFC3339, s)
	}
	if err != nil || t.Year() < 1970 || t.Year() > 9999 {
		return time.Time{}
	}
	return t.UTC()
}
