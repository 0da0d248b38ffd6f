package starter

import (
	"bufio"
	"encoding/json"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/cpan"
	"nacre/fault"
)

// dist is a line of releases.jsonl.
type dist struct {
	Dist     cpan.Dist     `json:"dist"`
	Main     cpan.Module   `json:"main,omitempty"`
	Modules  []cpan.Module `json:"modules,omitempty"`
	Releases []string      `json:"releases,omitempty"`
}

// WriteSource writes a set as starter.jsonl and releases.jsonl.
func WriteSource(records, releases io.Writer, set advisory.Set) error {
	enc := json.NewEncoder(records)
	enc.SetEscapeHTML(false)
	for i := range set.Records {
		if err := enc.Encode(&set.Records[i]); err != nil {
			return err
		}
	}
	modules := map[cpan.Dist][]cpan.Module{}
	for m, d := range set.Owners {
		modules[d] = append(modules[d], m)
	}
	enc = json.NewEncoder(releases)
	enc.SetEscapeHTML(false)
	for _, name := range slices.Sorted(maps.Keys(set.Releases)) {
		d := dist{Dist: name, Main: set.Main[name], Modules: modules[name]}
		slices.Sort(d.Modules)
		for _, k := range set.Releases[name] {
			text, err := formatRelease(k)
			if err != nil {
				return fault.Wrap(fault.KindOf(err), err, "releases of %s", name)
			}
			d.Releases = append(d.Releases, text)
		}
		if err := enc.Encode(d); err != nil {
			return err
		}
	}
	return nil
}

// ReadSource reads what WriteSource wrote. The set's sources are those of its
// records.
func ReadSource(records, releases io.Reader) (advisory.Set, error) {
	set := advisory.Set{
		Releases: map[cpan.Dist][]advisory.Known{},
		Owners:   map[cpan.Module]cpan.Dist{},
		Main:     map[cpan.Dist]cpan.Module{},
	}
	dec := json.NewDecoder(bufio.NewReader(records))
	dec.DisallowUnknownFields()
	for dec.More() {
		var r advisory.Record
		if err := dec.Decode(&r); err != nil {
			return set, fault.Wrap(fault.Invalid, err, "read record %d", len(set.Records)+1)
		}
		set.Records = append(set.Records, r)
	}
	set.Sources = sources(set.Records)
	dec = json.NewDecoder(bufio.NewReader(releases))
	dec.DisallowUnknownFields()
	for dec.More() {
		var d dist
		if err := dec.Decode(&d); err != nil {
			return set, fault.Wrap(fault.Invalid, err, "read distribution %d", len(set.Releases)+1)
		}
		known := make([]advisory.Known, len(d.Releases))
		for i, text := range d.Releases {
			var err error
			if known[i], err = parseRelease(text); err != nil {
				return set, fault.Wrap(fault.KindOf(err), err, "read releases of %s", d.Dist)
			}
		}
		set.Releases[d.Dist] = known
		for _, m := range d.Modules {
			set.Owners[m] = d.Dist
		}
		if d.Main != "" {
			set.Main[d.Dist] = d.Main
		}
	}
	return set, nil
}

// WriteDB writes the database file. It is as old as the newest state of its
// sources.
func WriteDB(w io.Writer, set advisory.Set) error {
	var built time.Time
	for _, s := range set.Sources {
		if s.Time.After(built) {
			built = s.Time
		}
	}
	return db.Write(w, set, built)
}

// sources are the sources of records, as wholes, in the order they first occur.
func sources(records []advisory.Record) []advisory.Source {
	var all []advisory.Source
	for i := range records {
		for _, s := range records[i].Sources {
			s.ID, s.File = "", ""
			if !slices.Contains(all, s) {
				all = append(all, s)
			}
		}
	}
	return all
}

const noDay = "-"

// formatRelease writes a release as "VERSION DAY" or "VERSION DAY PERL".
func formatRelease(k advisory.Known) (string, error) {
	day := noDay
	if !k.Date.IsZero() {
		day = k.Date.UTC().Format(time.DateOnly)
	}
	fields := []string{k.Version, day}
	if k.Perl != "" {
		fields = append(fields, k.Perl)
	}
	text := strings.Join(fields, " ")
	if !slices.Equal(strings.Split(text, " "), fields) || k.Version == "" {
		return "", fault.New(fault.Invalid, "version %q, perl %q cannot be written", k.Version, k.Perl)
	}
	return text, nil
}

// parseRelease reads what formatRelease writes.
func parseRelease(text string) (advisory.Known, error) {
	fields := strings.Split(text, " ")
	if len(fields) < 2 || len(fields) > 3 || fields[0] == "" {
		return advisory.Known{}, fault.New(fault.Invalid, "release %q", text)
	}
	k := advisory.Known{Version: fields[0]}
	if fields[1] != noDay {
		day, err := advisory.ParseDate(fields[1])
		if err != nil {
			return advisory.Known{}, fault.Wrap(fault.Invalid, err, "release %q", text)
		}
		k.Date = day.Time()
	}
	if len(fields) == 3 {
		k.Perl = fields[2]
	}
	return k, nil
}
