package sources

import (
	"path/filepath"
	"slices"
	"strings"
	"time"

	"nacre/advisory"
	"nacre/fault"
)

// The kinds of a part of a source.
const (
	KindCPANSA   = "CPANSA"   // a checkout of the CPAN Security Advisory database, or its built JSON
	KindCVE      = "CVE"      // CVE records
	KindOSV      = "OSV"      // OSV records
	KindVendor   = "vendor"   // security data of those who package Perl
	KindReleases = "releases" // a list of releases; its entries are those
	KindDatabase = "database" // a database of Nacre
)

// Health is how the reading of one source went.
type Health struct {
	Name string `json:"name"` // as it was given
	// Time is the newest day that its data knows of, zero where it states none.
	Time time.Time `json:"time,omitzero"`
	// Entries are the raw entries of all parts, and Refused those among them
	// that made no record.
	Entries int `json:"entries"`
	Refused int `json:"refused,omitempty"`
	// Problem says why the source could not be used, without the folders of
	// this machine; "" where it was read.
	Problem string `json:"problem,omitempty"`
	// Kept says that, with a problem, the last good copy of an address was read.
	Kept bool `json:"kept,omitempty"`
	// Fetched is when the address was last found to have what was read.
	Fetched time.Time `json:"fetched,omitzero"`
	// Err is the problem as an error, with its kind and a hint.
	Err error `json:"-"`
	// Parts are what was found in the source, in the order of reading.
	Parts []Part `json:"parts,omitempty"`
}

// Part is one thing that was found in a source: a folder may hold several.
type Part struct {
	Path string `json:"path"` // the path or address it was found at
	Kind string `json:"kind"`
	// Commit and Time say which state of the data it is, where it says so.
	Commit      string    `json:"commit,omitempty"`
	Time        time.Time `json:"time,omitzero"`
	Licence     string    `json:"licence,omitempty"`
	Attribution string    `json:"attribution,omitempty"`
	Entries     int       `json:"entries"`
	Refused     int       `json:"refused,omitempty"`
	// Others counts records that are about something else: most of a CVE List.
	Others int `json:"others,omitempty"`
}

// health sums up the reading of a source.
func (s *reading) health() Health {
	h := Health{Name: s.name, Kept: s.kept}
	if s.err != nil {
		h.fail(s.err)
	}
	if s.copy != nil && (s.err == nil || s.kept) {
		h.Fetched = s.copy.fetched
	}
	h.Parts = slices.Clone(s.parts)
	for i := range s.batches {
		p := &h.Parts[s.partOf[i]]
		for j := range s.batches[i].Items {
			p.Entries++
			if s.batches[i].Items[j].Record == nil {
				p.Refused++
			}
		}
	}
	for _, p := range h.Parts {
		h.Entries += p.Entries
		h.Refused += p.Refused
		if p.Time.After(h.Time) {
			h.Time = p.Time
		}
	}
	return h
}

// check holds what was read to what was read before, and what was fetched to
// being readable: its last good copy is kept otherwise.
func (s *reading) check() error {
	if s.kept {
		return s.wentBack(s.health().Time)
	}
	if err := s.wrong(); err != nil {
		return unread(s.name, err)
	}
	return nil
}

// wrong says why what was read must not be used.
func (s *reading) wrong() error {
	h := s.health()
	if err := s.wentBack(h.Time); err != nil || s.copy == nil || !s.copy.changed {
		return err
	}
	if h.Entries > 0 && h.Refused == h.Entries {
		return fault.New(fault.Invalid, "none of its %d entries can be read", h.Entries).
			WithHint("open the address in a browser; tell its publisher")
	}
	for _, l := range s.later {
		if _, err := l.read(func(string, advisory.ID) bool { return false }); err != nil {
			return err
		}
	}
	return nil
}

// wentBack says that a part is of an earlier time than at its last reading, or
// what was fetched than its last good copy.
func (s *reading) wentBack(newest time.Time) error {
	if s.r.Older {
		return nil
	}
	if s.copy != nil {
		if err := wentBack(newest, s.copy.known.Time); err != nil {
			return err
		}
	}
	for _, p := range s.parts {
		if s.r.Last == nil {
			break
		}
		if err := wentBack(p.Time, s.r.Last(p)); err != nil {
			return err
		}
	}
	return nil
}

func wentBack(now, before time.Time) error {
	if now.IsZero() || !now.Before(before) {
		return nil
	}
	return fault.New(fault.Denied, "it went back from data of %s to data of %s", before.Format(time.RFC3339), now.Format(time.RFC3339)).
		WithHint("an old copy may have been served; who wants it all the same says so")
}

// fail takes note of a problem, of which the first stays.
func (h *Health) fail(err error) {
	if h.Err == nil {
		h.Problem, h.Err = told(err, h.Name), err
	}
}

// told is what an error says, without the folders that a source is in on this
// machine, and without the question of an address, which may have a password in it:
// what is told of a source is for everybody.
func told(err error, name string) string {
	text := strings.TrimPrefix(err.Error(), "read "+name+": ")
	if isAddress(name) {
		place, _, _ := strings.Cut(name, "?")
		return strings.ReplaceAll(text, name, place)
	}
	text = strings.ReplaceAll(text, name+"/", "")
	if base := filepath.Base(name); base != name {
		text = strings.ReplaceAll(text, name, base)
	}
	return text
}
