package index_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/index"
)

// TestRenamed builds day by day, and reads which ids lead elsewhere, with when that
// was found and the day on which the id was first seen.
func TestRenamed(t *testing.T) {
	known := releases("1.0", "1.2", "1.3")
	var m *index.Model
	for i, day := range []struct {
		records []advisory.Record
		want    string // id, where it leads, when that was found, first seen
	}{
		{[]advisory.Record{record("CPANSA-Foo-Bar-2099-01", "<1.3", "GHSA-aaaa-bbbb-cccc")}, ""}, // an alias was no record
		{[]advisory.Record{record("CVE-2099-0002", "<1.3", "CPANSA-Foo-Bar-2099-01", "GHSA-aaaa-bbbb-cccc")}, "CPANSA-Foo-Bar-2099-01 CVE-2099-0002 02T03:04:05 01"},
		{[]advisory.Record{record("CVE-2099-0002", "<1.2", "CPANSA-Foo-Bar-2099-01")}, "CPANSA-Foo-Bar-2099-01 CVE-2099-0002 02T03:04:05 01"},
		// That one becomes part of another: both lead there, also where one is no alias of it.
		{[]advisory.Record{record("CVE-2099-0001", "<1.2", "CVE-2099-0002")}, "CPANSA-Foo-Bar-2099-01 CVE-2099-0001 04T03:04:05 01\nCVE-2099-0002 CVE-2099-0001 04T03:04:05 02"},
		{[]advisory.Record{record("CVE-2099-0001", "<1.2")}, "CPANSA-Foo-Bar-2099-01 CVE-2099-0001 04T03:04:05 01\nCVE-2099-0002 CVE-2099-0001 04T03:04:05 02"},
		// What no source carries is still where they lead.
		{nil, "CPANSA-Foo-Bar-2099-01 CVE-2099-0001 04T03:04:05 01\nCVE-2099-0002 CVE-2099-0001 04T03:04:05 02"},
		// An id that is its own again.
		{[]advisory.Record{record("CVE-2099-0001", "<1.2"), record("cve-2099-0002", "<1.2")}, "CPANSA-Foo-Bar-2099-01 CVE-2099-0001 04T03:04:05 01"},
	} {
		m = build(t, m, i+1, advisory.Set{Records: day.records, Releases: known})
		var got []string
		for _, r := range m.Renamed {
			got = append(got, fmt.Sprintf("%s %s %s %s", r.ID, r.To, r.Modified.Format("02T15:04:05"), r.FirstSeen.String()[8:]))
			if r.Title != "Foo::Bar follows links" {
				t.Errorf("day %d: %s is called %q", i+1, r.ID, r.Title)
			}
		}
		if said := strings.Join(got, "\n"); said != day.want {
			t.Errorf("day %d:\n%s\nwant\n%s", i+1, said, day.want)
		}
		text, err := m.State.Encode()
		if err != nil {
			t.Fatal(err)
		}
		if m.State, err = index.ParseState(text); err != nil { // as the next build gets it
			t.Fatal(err)
		}
	}
	if a := m.ByID("CVE-2099-0002"); a.FirstSeen.String() != "2099-01-02" || a.Modified.Day() != 7 {
		t.Errorf("the id that is its own again is of %s, modified %s", a.FirstSeen, a.Modified)
	}

	set := advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.2")}, Releases: known}
	input := build(t, m, 8, set).State.Input
	m.State.Renamed[0].Title = "another"
	if build(t, m, 8, set).State.Input == input {
		t.Error("the digest of the input does not say what is renamed")
	}
}

// TestRenamedClock: who has seen the advisory asks for what is newer, and gets that
// it is renamed, also where a clock was put back.
func TestRenamedClock(t *testing.T) {
	known := releases("1.0")
	m := build(t, nil, 5, advisory.Set{Records: []advisory.Record{record("CPANSA-Foo-Bar-2099-01", "<1.3")}, Releases: known})
	was := m.Advisories[0].Modified
	m = build(t, m, 5, advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.3", "CPANSA-Foo-Bar-2099-01")}, Releases: known})
	if len(m.Renamed) != 1 || !m.Renamed[0].Modified.After(was) {
		t.Errorf("it was modified %s, and then %+v", was, m.Renamed)
	}
}
