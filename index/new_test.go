package index_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
)

// record is an advisory about Foo-Bar as CPANSA would have it.
func record(id advisory.ID, affected string, aliases ...advisory.ID) advisory.Record {
	return advisory.Record{
		ID: id, Aliases: aliases, Title: "Foo::Bar follows links", Severity: advisory.SeverityHigh,
		Affected: []advisory.Affected{{Dist: "Foo-Bar", Statements: []advisory.Statement{{
			Entry: string(id), CPANSA: &advisory.CPANSA{Affected: []string{affected}},
		}}}},
		Sources: []advisory.Source{{Name: "CPANSA", ID: string(id), Commit: "abc"}},
	}
}

// releases are known releases of Foo-Bar: "1.4!" is one that only a perl has.
func releases(versions ...string) map[cpan.Dist][]advisory.Known {
	var all []advisory.Known
	for _, v := range versions {
		k := advisory.Known{Version: v}
		if v, ok := strings.CutSuffix(v, "!"); ok {
			k = advisory.Known{Version: v, Perl: "5.38.0"}
		}
		all = append(all, k)
	}
	return map[cpan.Dist][]advisory.Known{"Foo-Bar": all}
}

func build(t *testing.T, before *index.Model, day int, set advisory.Set) *index.Model {
	t.Helper()
	in := index.Input{
		Site: index.DefaultSite(), Generator: "nacred test", Set: set,
		Now: time.Date(2099, 1, day, 3, 4, 5, 6, time.UTC),
	}
	if before != nil {
		in.Before = before.State
		for _, a := range before.Advisories {
			in.Kept = append(in.Kept, *a.Record)
		}
	}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestFixed says which release of a list is the first that a range does not
// have, and whether the latest one is affected.
func TestFixed(t *testing.T) {
	for _, tt := range []struct {
		releases, affected string
		fixed              string
		unfixed            bool
	}{
		{"1.0 1.2 1.3 1.4", "<1.3", "1.3", false},
		{"1.0 1.2 1.3 1.4", "<=1.4", "", true},
		{"1.0 1.2 1.3_01 1.4", "<1.3", "1.4", false},            // a developer's mends nothing
		{"1.0 1.2 1.3_01", "<1.3", "", true},                    // nor is it the latest
		{"1.0 1.2 1.3 2.0 2.1", ">=1.2,<1.3|2.0", "2.1", false}, // of the highest branch
		{"1.0 1.2", ">=3", "", false},                           // affects none that is known
		{"1.0 1.2 1.3! 1.4", "<1.3", "1.4", false},              // a copy in a perl is no release
		{"1.0! 1.2! 1.3!", "<1.3", "1.3", false},                // unless all are
		{"1.0 1.2 rubbish", "<1.2", "1.2", false},               // what cannot be read is unknown
		{"", "<1.3", "", false},
		{"1.0 1.2 1.3 1.4", "<1.3 fixed >=1.4", "1.4", false}, // what lies between is not stated to be fixed
		{"1.0 1.2 1.3 1.4", "<1.3 fixed >=1.5", "", false},
	} {
		set := advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "")}, Releases: releases(strings.Fields(tt.releases)...)}
		affected, fixed, states := strings.Cut(tt.affected, " fixed ")
		said := set.Records[0].Affected[0].Statements[0].CPANSA
		if said.Affected = strings.Split(affected, "|"); states {
			said.Fixed = []string{fixed}
		}
		of := build(t, nil, 1, set).ByDist("Foo-Bar").Advisories[0]
		if of.Fixed != tt.fixed || of.Unfixed != tt.unfixed {
			t.Errorf("%s of %s: fixed %q, unfixed %v; want %q, %v", tt.affected, tt.releases, of.Fixed, of.Unfixed, tt.fixed, tt.unfixed)
		}
	}
}

// TestChanges builds day by day, and reads what each build says is different.
func TestChanges(t *testing.T) {
	known := releases("1.0", "1.2", "1.3", "1.4")
	var m *index.Model
	for i, day := range []struct {
		records []advisory.Record
		want    string // of this build: kind, id, text
	}{
		{[]advisory.Record{record("CVE-2099-0001", "<1.3")}, ""}, // the first has nothing to compare with
		{[]advisory.Record{record("CVE-2099-0001", "<1.3")}, ""},
		{
			[]advisory.Record{record("CVE-2099-0001", "<1.4"), record("CPANSA-Foo-Bar-2099-02", "<1.2")},
			"appeared CPANSA-Foo-Bar-2099-02 Foo::Bar follows links\n" +
				"changed CVE-2099-0001 Foo-Bar: <1.3 became <1.4; Foo-Bar: 1 more release is affected; Foo-Bar: fixed in 1.4, before 1.3\n",
		},
		{
			[]advisory.Record{record("CVE-2099-0002", "<1.2", "CPANSA-Foo-Bar-2099-02")},
			"renamed CPANSA-Foo-Bar-2099-02 CPANSA-Foo-Bar-2099-02 is part of CVE-2099-0002 now\n" +
				"gone CVE-2099-0001 no source carries it any longer\n" +
				"appeared CVE-2099-0002 Foo::Bar follows links\n",
		},
		{[]advisory.Record{record("CVE-2099-0002", "<1.2", "CPANSA-Foo-Bar-2099-02")}, ""},
		{
			[]advisory.Record{record("CVE-2099-0001", "<1.4"), record("CVE-2099-0002", "<1.2", "CPANSA-Foo-Bar-2099-02")},
			"returned CVE-2099-0001 Foo::Bar follows links\n",
		},
	} {
		last := m
		m = build(t, m, i+1, advisory.Set{Records: day.records, Releases: known})
		new := m.State.History
		if last != nil {
			new = new[:len(new)-len(last.State.History)]
		}
		var got strings.Builder
		for _, c := range new {
			fmt.Fprintf(&got, "%s %s %s\n", c.Kind, c.ID, c.Text)
		}
		if got.String() != day.want {
			t.Errorf("day %d:\n%swant\n%s", i+1, &got, day.want)
		}
		if want := uint64(i + 1); m.State.Sequence != want {
			t.Errorf("day %d: sequence %d", i+1, m.State.Sequence)
		}
	}
	if a := m.ByID("cpansa-foo-bar-2099-02"); a == nil || a.ID != "CVE-2099-0002" {
		t.Errorf("the id that was renamed leads to %v", a)
	}
}

// TestGone looks at the record that is left of one that no source carries.
func TestGone(t *testing.T) {
	known := releases("1.0", "1.2")
	first := build(t, nil, 1, advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.2")}, Releases: known})
	second := build(t, first, 2, advisory.Set{Releases: known})
	a := second.ByID("CVE-2099-0001")
	if a == nil || !a.Gone || !a.IsWithdrawn() || a.Withdrawn.String() != "2099-01-02" || a.FirstSeen.String() != "2099-01-01" {
		t.Fatalf("what is left is %+v", a)
	}
	if of := a.Dists[0]; len(of.Known) > 0 || of.Unfixed {
		t.Errorf("a withdrawn record affects %v", of.Known)
	}
	third := build(t, second, 3, advisory.Set{Releases: known})
	if b := third.ByID("CVE-2099-0001"); b.Digest != a.Digest || b.Modified != a.Modified {
		t.Error("what is left changes from build to build")
	}
}

// TestWithdrawnAndGone: what a source withdrew stays with the source's reason when
// the source drops it, for as long as there are builds; that a source uses our
// words for it makes it no such record.
func TestWithdrawnAndGone(t *testing.T) {
	r := record("CVE-2099-0001", "<1.2")
	known := releases("1.0", "1.2")
	m := build(t, nil, 1, advisory.Set{Records: []advisory.Record{r}, Releases: known})
	r.WithdrawnReason = "it is a duplicate"
	m = build(t, m, 1, advisory.Set{Records: []advisory.Record{r}, Releases: known})
	for day := 2; day < 5; day++ {
		m = build(t, m, day, advisory.Set{Releases: known})
		a := m.ByID("CVE-2099-0001")
		if a == nil || !a.Gone || a.StoodToEnd() || a.WithdrawnReason != "it is a duplicate" {
			t.Fatalf("day %d: what is left is %+v", day, a)
		}
	}
	if h := m.State.History; len(h) != 2 || h[0].Kind != index.Gone || h[0].Day.String() != "2099-01-02" ||
		h[1].Kind != index.Withdrawn || h[1].Text != "it is a duplicate" {
		t.Errorf("the history is %+v", h)
	}
	r.WithdrawnReason = "no source carries it any longer"
	m = build(t, m, 5, advisory.Set{Records: []advisory.Record{r}, Releases: known})
	if m.Advisories[0].Gone || m.State.History[0].Text != "a source carries it again, as withdrawn" {
		t.Errorf("%+v, history %+v", m.Advisories[0], m.State.History)
	}
}

// TestLostID: an id that leads nowhere any longer is told.
func TestLostID(t *testing.T) {
	known := releases("1.0", "1.2")
	m := build(t, nil, 1, advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.2", "CPANSA-Foo-Bar-2099-01")}, Releases: known})
	m = build(t, m, 2, advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.2")}, Releases: known})
	if h := m.State.History; len(h) != 1 || h[0].Text != "CPANSA-Foo-Bar-2099-01 is no longer an id of it" {
		t.Errorf("the history is %+v", h)
	}
}

// TestDigestOfHistory: files tell the changes of an advisory, so that they are made
// anew when the oldest of them is forgotten.
func TestDigestOfHistory(t *testing.T) {
	set := advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.3")}, Releases: releases("1.0", "1.2")}
	m := build(t, nil, 1, set)
	m.State.History = []index.Change{{ID: "CVE-2099-0001", Kind: index.Appeared}}
	with := build(t, m, 2, set)
	m.State.History = nil
	if without := build(t, m, 2, set); without.Advisories[0].Digest == with.Advisories[0].Digest {
		t.Error("the digest does not say that a change is gone")
	}
}

// TestDeveloper: a release that its source calls a developer's is not the latest.
func TestDeveloper(t *testing.T) {
	known := releases("1.0", "1.2")
	known["Foo-Bar"][1].Developer = true
	m := build(t, nil, 1, advisory.Set{Records: []advisory.Record{record("CVE-2099-0001", "<1.2")}, Releases: known})
	if d := m.Dists[0]; !d.Releases[1].Developer || d.LatestRelease().Version != "1.0" || !d.Advisories[0].Unfixed {
		t.Errorf("the latest release is %+v of %+v", d.LatestRelease(), d.Releases)
	}
}

// TestModified is when a record last changed for whoever asks for what is new.
func TestModified(t *testing.T) {
	r := record("CVE-2099-0001", "<1.3")
	r.Modified = advisory.DateOf(time.Date(2098, 5, 6, 0, 0, 0, 0, time.UTC))
	set := advisory.Set{Records: []advisory.Record{r}, Releases: releases("1.0", "1.2")}
	first := build(t, nil, 1, set)
	if got := first.Advisories[0].Modified.Format(time.RFC3339); got != "2098-05-06T00:00:00Z" {
		t.Errorf("first %s, not what the record states", got)
	}
	set.Records[0].Sources[0].Commit = "def" // another state of the source changes nothing
	second := build(t, first, 2, set)
	if second.Advisories[0].Modified != first.Advisories[0].Modified || second.Advisories[0].Digest != first.Advisories[0].Digest {
		t.Error("the same record is another one in the next build")
	}
	set.Releases = releases("1.0", "1.2", "1.2.1")
	third := build(t, second, 3, set)
	if got := third.Advisories[0].Modified.Format(time.RFC3339); got != "2099-01-03T03:04:05Z" {
		t.Errorf("with one more affected release %s, not the time of the build", got)
	}
	set.Releases = releases("1.0", "1.2", "1.2.1", "1.2.2")
	fourth := build(t, third, 2, set) // a clock was put back
	if got := fourth.Advisories[0].Modified.Format(time.RFC3339); got != "2099-01-03T03:04:06Z" {
		t.Errorf("a later change is of %s, which is not later", got)
	}
	set.Records[0].Modified = advisory.DateOf(time.Date(2199, 5, 6, 0, 0, 0, 0, time.UTC))
	if got := build(t, nil, 1, set).Advisories[0].Modified.Format(time.RFC3339); got != "2099-01-01T03:04:05Z" {
		t.Errorf("a record that says it is of the future is of %s", got)
	}
}

// TestUnfit leaves out what cannot be the name of a file, and says so; what else a
// record says stays.
func TestUnfit(t *testing.T) {
	records := []advisory.Record{
		record("CVE-2099-0001", "<1.2"), record("CVE-2099-0002", "<1.2"), record(".hidden", "<1.2"), record("a?b", "<1.2"),
	}
	records[0].Affected[0].Dist = "../Foo"
	records[1].Affected = append(records[1].Affected, advisory.Affected{Dist: "Foo-Bar.JSON"})
	m := build(t, nil, 1, advisory.Set{Records: records})
	var told []string
	for _, e := range m.Ledger.Entries {
		told = append(told, e.Where+": "+e.Reason)
	}
	want := []string{
		`CVE-2099-0001: the name of the distribution "../Foo" cannot be that of a file`,
		`CVE-2099-0002: the name of the distribution "Foo-Bar.JSON" cannot be that of a file`,
		".hidden: its id cannot be the name of a file", "a?b: its id cannot be the name of a file",
	}
	if d := cmp.Diff(want, told); d != "" {
		t.Error(d)
	}
	if len(m.Advisories) != 1 || m.Advisories[0].ID != "CVE-2099-0002" || len(m.Dists) != 1 || m.Dists[0].Name != "Foo-Bar" {
		t.Errorf("what is left is %v on %v", m.Advisories, m.Dists)
	}
	if len(records[1].Affected) != 2 {
		t.Error("the record that was given is changed")
	}
}

// TestSiteCheck holds a site to what is said at its fields.
func TestSiteCheck(t *testing.T) {
	for change, wrong := range map[string]func(*index.Site){
		"title": func(s *index.Site) { s.Title = " " }, "publisher": func(s *index.Site) { s.Publisher = "" },
		"url": func(s *index.Site) { s.URL = "advisories.example/" }, "slash": func(s *index.Site) { s.URL = "https://advisories.example" },
		"query": func(s *index.Site) { s.URL = "https://advisories.example/?a=b/" }, "namespace": func(s *index.Site) { s.Namespace = "me" },
		"category": func(s *index.Site) { s.Category = "boss" },
	} {
		s := index.DefaultSite()
		if err := s.Check(); err != nil {
			t.Fatal(err)
		}
		if wrong(&s); s.Check() == nil {
			t.Errorf("%s: no error for %+v", change, s)
		}
	}
}

// FuzzParseState reads any bytes as a state: what is read is written and read
// back as the same.
func FuzzParseState(f *testing.F) {
	f.Add([]byte(`{"schema":"nacre.index.state/1","sequence":1,"input":"` + strings.Repeat("0", 64) + `","advisories":[{"id":"CVE-2099-0001","digest":"` +
		strings.Repeat("a", 64) + `","first_seen":"2099-01-02","modified":"2099-01-02T03:04:05Z"}],"history":[{"day":"2099-01-02","kind":"gone","id":"X"}],"renamed":[{"id":"X","to":"CVE-2099-0001","modified":"2099-01-02T03:04:05Z","first_seen":"2099-01-01"}]}`))
	f.Add([]byte(`{"schema":"nacre.index.state/2"}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		s, err := index.ParseState(b)
		if err != nil {
			return
		}
		text, err := s.Encode()
		if err != nil {
			return // a year that JSON cannot write
		}
		again, err := index.ParseState(text)
		if err != nil {
			t.Fatalf("%s\n%v", text, err)
		}
		twice, err := again.Encode()
		if err != nil || string(twice) != string(text) {
			t.Errorf("%s became\n%s (%v)", text, twice, err)
		}
	})
}
