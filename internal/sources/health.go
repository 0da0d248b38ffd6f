package sources

import (
	"time"
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
	// Problem says why the source could not be used, "" where it was read.
	Problem string `json:"problem,omitempty"`
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
	h := Health{Name: s.name}
	if s.err != nil {
		h.fail(s.err)
	}
	for i := range s.batches {
		p := &s.parts[s.partOf[i]]
		for j := range s.batches[i].Items {
			p.Entries++
			if s.batches[i].Items[j].Record == nil {
				p.Refused++
			}
		}
	}
	h.Parts = s.parts
	for _, p := range s.parts {
		h.Entries += p.Entries
		h.Refused += p.Refused
		if p.Time.After(h.Time) {
			h.Time = p.Time
		}
	}
	return h
}

// fail takes note of a problem, of which the first stays.
func (h *Health) fail(err error) {
	if h.Err == nil {
		h.Problem, h.Err = err.Error(), err
	}
}
