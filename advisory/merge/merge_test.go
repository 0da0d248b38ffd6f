package merge

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/perlver"
)

// entry is a raw entry as a line of a case: "CPANSA Foo-Bar id=CPANSA-Foo-Bar-1
// also=CVE-2099-0001,GHSA-x range=<1.3 fixed=>=1.3 ...".
func entry(t *testing.T, n int, line string) (source string, item advisory.Item) {
	t.Helper()
	words := strings.Fields(line)
	source = words[0]
	r := &advisory.Record{Sources: []advisory.Source{{Name: source}}}
	item = advisory.Item{Where: fmt.Sprintf("%s.yml#%d", strings.ToLower(source), n), Record: r}
	var dists []cpan.Dist
	var affected, fixed []string
	var darkpan bool
	for _, w := range words[1:] {
		key, value, ok := strings.Cut(w, "=")
		if !ok {
			dists = append(dists, cpan.Dist(w))
			continue
		}
		switch key {
		case "id":
			r.ID, item.Native = advisory.ID(value), value
			r.Sources[0].ID = value
		case "native":
			item.Native = value
		case "also":
			for _, id := range strings.Split(value, ",") {
				r.Aliases = append(r.Aliases, advisory.ID(id))
			}
		case "title":
			r.Title = value
		case "text":
			r.Description = strings.NewReplacer("_", " ", "¶", "\n\n").Replace(value)
		case "severity":
			var err error
			if r.Severity, err = advisory.ParseSeverity(value); err != nil {
				t.Fatal(err)
			}
		case "base":
			var base float64
			fmt.Sscan(value, &base)
			r.CVSS = append(r.CVSS, advisory.CVSS{Version: "3.1", Vector: "CVSS:" + value, Base: base})
		case "cwe":
			r.CWEs = append(r.CWEs, "CWE-"+value)
		case "link":
			r.References = append(r.References, advisory.Reference{Kind: "WEB", URL: value})
		case "fix":
			r.References = append(r.References, advisory.Reference{Kind: "FIX", URL: value})
		case "reported", "published", "withdrawn":
			d, err := advisory.ParseDate(value)
			if err != nil {
				t.Fatal(err)
			}
			switch key {
			case "reported":
				r.Reported = d
			case "published":
				r.Published = d
			default:
				r.Withdrawn = d
			}
		case "range":
			affected = append(affected, strings.Split(value, "|")...)
		case "fixed":
			fixed = append(fixed, strings.Split(value, "|")...)
		case "darkpan":
			darkpan = true
		default:
			t.Fatalf("%q in %q", w, line)
		}
	}
	for _, d := range dists {
		st := advisory.Statement{Entry: item.Native}
		switch {
		case source == "CPANSA":
			st.CPANSA = &advisory.CPANSA{Affected: affected, Fixed: fixed}
		case source == "OSV":
			st.OSV = &advisory.OSV{Versions: affected}
		default:
			st.CVE = &advisory.CVE{DefaultStatus: "unaffected"}
			for _, v := range affected {
				st.CVE.Versions = append(st.CVE.Versions, perlver.CVEVersion{Version: "0", Status: "affected", LessThan: strings.TrimPrefix(v, "<")})
			}
		}
		a := advisory.Affected{Dist: d, Darkpan: darkpan}
		if len(affected) > 0 {
			a.Statements = []advisory.Statement{st}
		}
		r.Affected = append(r.Affected, a)
	}
	return source, item
}

// summary is a record on one line: id (aliases) and what is said of each
// distribution.
func summary(r *advisory.Record) string {
	s := string(r.ID)
	for _, a := range r.Aliases {
		s += " =" + string(a)
	}
	for i := range r.Affected {
		a := &r.Affected[i]
		s += " | " + string(a.Dist)
		for j := range a.Statements {
			affected, _ := a.Statements[j].Words()
			s += fmt.Sprintf(" %d:%s", a.Statements[j].Source, strings.ReplaceAll(affected, " ", ""))
		}
	}
	if r.IsWithdrawn() {
		s += " | withdrawn"
	}
	return s
}

func batches(t *testing.T, lines []string) []advisory.Batch {
	t.Helper()
	by := map[string]int{}
	var out []advisory.Batch
	for n, line := range lines {
		source, item := entry(t, n+1, line)
		i, ok := by[source]
		if !ok {
			i = len(out)
			by[source] = i
			out = append(out, advisory.Batch{Source: advisory.Source{Name: source}})
		}
		out[i].Items = append(out[i].Items, item)
	}
	return out
}

var grouping = []struct {
	name    string
	entries []string
	want    []string
	refused int
}{
	{
		"the rules of the package comment",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CVE-2099-0002,CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CVE-2099-0002 also=CPANSA-Foo-2099-02 range=<2",
			"CPANSA Bar id=CVE-2099-0002 also=CPANSA-Bar-2099-01 range=<3",
		},
		[]string{
			"CVE-2099-0001 =CVE-2099-0002 =CPANSA-Foo-2099-01 =CPANSA-Foo-2099-02 | Foo 0:<1 0:<2",
			"CVE-2099-0002 =CPANSA-Bar-2099-01 | Bar 0:<3",
		},
		0,
	},
	{
		"one CVE in two distributions is one record",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Bar id=CVE-2099-0001 also=CPANSA-Bar-2099-01 range=<3",
		},
		[]string{"CVE-2099-0001 =CPANSA-Bar-2099-01 =CPANSA-Foo-2099-01 | Bar 0:<3 | Foo 0:<1"},
		0,
	},
	{
		"the CNA leads, whatever its name in the list",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSec Foo id=CVE-2099-0001 range=<2",
		},
		[]string{"CVE-2099-0001 =CPANSA-Foo-2099-01 | Foo 0:0<2 1:<1"},
		0,
	},
	{
		"a correction leads, and what it corrects stays beside it",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSec Foo id=CVE-2099-0001 range=<2",
			"curation Foo id=CVE-2099-0001 range=<3",
		},
		[]string{"CVE-2099-0001 =CPANSA-Foo-2099-01 | Foo 0:0<3 1:0<2 2:<1"},
		0,
	},
	{
		"OSV is heard beside a correction where nobody else says anything",
		[]string{
			"OSV Foo id=CVE-2099-0001 range=1.0",
			"curation Foo id=CVE-2099-0001 range=<3",
		},
		[]string{"CVE-2099-0001 | Foo 0:0<3 1:1.0"},
		0,
	},
	{
		"a correction withdraws the record of its id, and no other that has it as an alias",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CPANSA-Foo-2099-02 range=<1",
			"curation id=CPANSA-Foo-2099-01 withdrawn=2099-01-02",
			"curation id=CPANSA-Foo-2099-02 withdrawn=2099-01-02",
		},
		[]string{"CPANSA-Foo-2099-02 | Foo 1:<1 | withdrawn", "CVE-2099-0001 =CPANSA-Foo-2099-01 | Foo 1:<1"},
		0,
	},
	{
		"the first id of a correction with several leads in all distributions",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CVE-2099-0002 range=<1",
			"CPANSA Bar id=CVE-2099-0003 range=<1",
			"curation Bar Foo id=CVE-2099-0003 also=CVE-2099-0001",
		},
		[]string{"CVE-2099-0003 =CVE-2099-0001 =CVE-2099-0002 | Bar 1:<1 | Foo 1:<1"},
		0,
	},
	{
		"a correction keeps no record standing, and makes none",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 range=<1 withdrawn=2099-01-01",
			"curation Foo id=CVE-2099-0001",
			"curation id=CVE-2099-0002",
			"curation Foo id=CVE-2099-0003 range=<1",
		},
		[]string{"CVE-2099-0001 | Foo 1:<1 | withdrawn"},
		2,
	},
	{
		"without a CVE two ids stay two, and case is no difference",
		[]string{
			"CPANSA Foo id=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CPANSA-Foo-2099-02 range=<1",
			"CPANSA Foo id=cpansa-foo-2099-02 range=<1",
		},
		[]string{
			"CPANSA-Foo-2099-01 | Foo 0:<1",
			"CPANSA-Foo-2099-02 | Foo 0:<1",
		},
		0,
	},
	{
		"a previous id joins",
		[]string{
			"CPANSA Foo id=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CPANSA-Foo-2099-05 also=CPANSA-Foo-2099-01 range=<2",
		},
		[]string{"CPANSA-Foo-2099-01 =CPANSA-Foo-2099-05 | Foo 0:<1 0:<2"},
		0,
	},
	{
		"an id that was given out twice does not join two CVEs",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CVE-2099-0002 also=CPANSA-Foo-2099-01 range=<2",
		},
		[]string{
			"CVE-2099-0001 =CPANSA-Foo-2099-01 | Foo 0:<1",
			"CVE-2099-0002 =CPANSA-Foo-2099-01 | Foo 0:<2",
		},
		0,
	},
	{
		"a GHSA id alone joins no entries of CPANSA, and an OSV record to the one that lists it",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=GHSA-aaaa-bbbb-cccc range=<1",
			"CPANSA Foo id=CVE-2099-0002 also=GHSA-dddd-eeee-ffff range=<2",
			"OSV Foo id=GHSA-dddd-eeee-ffff range=1.9",
		},
		[]string{
			"CVE-2099-0001 =GHSA-aaaa-bbbb-cccc | Foo 0:<1",
			"CVE-2099-0002 =GHSA-dddd-eeee-ffff | Foo 0:<2",
		},
		0,
	},
	{
		"OSV is heard where nobody else speaks of the distribution",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 range=<1",
			"OSV Foo Bar id=GHSA-aaaa-bbbb-cccc also=CVE-2099-0001 range=0.5",
		},
		[]string{"CVE-2099-0001 =GHSA-aaaa-bbbb-cccc | Bar 1:0.5 | Foo 0:<1"},
		0,
	},
	{
		"an entry without a distribution adds to the one that has its id, or stays out",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 range=<1",
			"mitre id=CVE-2099-0001 also=GHSA-aaaa-bbbb-cccc",
			"mitre id=CVE-2099-0009",
		},
		[]string{"CVE-2099-0001 =GHSA-aaaa-bbbb-cccc | Foo 0:<1"},
		1,
	},
	{
		"a rejected CVE withdraws the record and keeps its ids",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CPANSA-Foo-2099-01 range=<1",
			"CPANSec id=CVE-2099-0001 withdrawn=2099-05-06",
		},
		[]string{"CVE-2099-0001 =CPANSA-Foo-2099-01 | Foo 1:<1 | withdrawn"},
		0,
	},
	{
		"of two CVEs the one that stands leads",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 also=CVE-2099-0002 range=<1",
			"CPANSec id=CVE-2099-0001 withdrawn=2099-05-06",
		},
		[]string{"CVE-2099-0002 =CVE-2099-0001 | Foo 1:<1"},
		0,
	},
	{
		"a rejected CVE that nobody knows is kept when the field's CNA says so",
		[]string{
			"CPANSec id=CVE-2099-0001 withdrawn=2099-05-06",
			"mitre id=CVE-2099-0002 withdrawn=2099-05-06",
		},
		[]string{"CVE-2099-0001 | withdrawn"},
		1,
	},
	{
		"equal statements of one entry collapse, others stay side by side",
		[]string{
			"CPANSA Foo id=CVE-2099-0001 native=CPANSA-Foo-2099-01 range=<1|=2",
			"CPANSA Foo id=CVE-2099-0001 native=CPANSA-Foo-2099-01 range=<1|=2",
			"CPANSA Foo id=CVE-2099-0001 native=CPANSA-Foo-2099-01 range=<1",
			"CPANSA Foo id=CVE-2099-0001 native=CPANSA-Foo-2099-02 range=<1",
		},
		[]string{"CVE-2099-0001 | Foo 0:<1|=2 0:<1 0:<1"},
		0,
	},
}

func TestGrouping(t *testing.T) {
	for _, test := range grouping {
		t.Run(test.name, func(t *testing.T) {
			set, ledger := Merge(batches(t, test.entries))
			var got []string
			for i := range set.Records {
				got = append(got, summary(&set.Records[i]))
			}
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("want -, got +\n%s", diff)
			}
			if n := ledger.Count(Refused); n != test.refused || len(ledger.Entries) != len(test.entries) {
				t.Errorf("%d of %d entries refused, want %d of %d", n, len(ledger.Entries), test.refused, len(test.entries))
			}
		})
	}
}

// TestOrderDoesNotMatter shuffles the items and batches of every case above.
func TestOrderDoesNotMatter(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, test := range grouping {
		var first string
		for range 30 {
			bs := batches(t, test.entries)
			random.Shuffle(len(bs), func(i, j int) { bs[i], bs[j] = bs[j], bs[i] })
			for _, b := range bs {
				random.Shuffle(len(b.Items), func(i, j int) { b.Items[i], b.Items[j] = b.Items[j], b.Items[i] })
			}
			set, ledger := Merge(bs)
			got := text(t, set) + text(t, ledger)
			if first == "" {
				first = got
			}
			if got != first {
				t.Fatalf("%s: another order, another result\n%s", test.name, cmp.Diff(first, got))
			}
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFields(t *testing.T) {
	long := strings.Repeat("words_", 60)
	for _, test := range []struct {
		name    string
		entries []string
		get     func(*advisory.Record) any
		want    any
	}{
		{
			"the CNA's title and description",
			[]string{"CPANSA Foo id=CVE-2099-0001 title=theirs text=Theirs.", "CPANSec Foo id=CVE-2099-0001 title=ours text=Ours."},
			func(r *advisory.Record) any { return r.Title + " " + r.Description + fmt.Sprint(r.Provenance["title"]) },
			"ours Ours.[0]",
		},
		{
			"CPANSA's description before that of another CNA",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=Theirs.", "mitre id=CVE-2099-0001 text=Others."},
			func(r *advisory.Record) any { return r.Description }, "Theirs.",
		},
		{
			"a title out of the description's first sentence",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=Foo_1.2_is_bad,_e.g._here._More_follows."},
			func(r *advisory.Record) any { return r.Title + fmt.Sprint(r.Provenance["title"]) }, "Foo 1.2 is bad, e.g. here[0]",
		},
		{
			"a heading without a full stop is one",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=Foo_runs_it¶**_NOT_SUPPORTED_**_Foo_is_old."},
			func(r *advisory.Record) any { return r.Title }, "Foo runs it",
		},
		{
			"a paragraph that goes on is none",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=In_foo.c:¶the_limit_is_wrong."},
			func(r *advisory.Record) any { return r.Title }, "In foo.c: the limit is wrong",
		},
		{
			"cut between words",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=" + long},
			func(r *advisory.Record) any { return r.Title }, strings.TrimSpace(strings.Repeat("words ", 26)) + "…",
		},
		{
			"cut where a clause begins",
			[]string{"CPANSA Foo id=CVE-2099-0001 text=" + strings.Repeat("word_", 18) + "is_bad,_which_" + long},
			func(r *advisory.Record) any { return r.Title }, strings.Repeat("word ", 18) + "is bad…",
		},
		{
			"CPANSA's word before any score, the worst of two",
			[]string{"CPANSA Foo id=CVE-2099-0001 severity=minor", "CPANSA Foo id=CVE-2099-0001 severity=moderate", "CPANSec Foo id=CVE-2099-0001 base=9.8"},
			func(r *advisory.Record) any { return r.Severity.String() + fmt.Sprint(r.Provenance["severity"]) }, "medium[1]",
		},
		{
			"the highest score where CPANSA has no word",
			[]string{"CPANSA Foo id=CVE-2099-0001", "CPANSec Foo id=CVE-2099-0001 base=5.0", "OSV Foo id=CVE-2099-0001 base=7.0"},
			func(r *advisory.Record) any { return r.Severity.String() + fmt.Sprint(r.Provenance["severity"]) }, "high[2]",
		},
		{
			"nobody's word is unknown",
			[]string{"CPANSA Foo id=CVE-2099-0001"},
			func(r *advisory.Record) any { return r.Severity.String() }, "unknown",
		},
		{
			"the weaknesses of the first source that has any",
			[]string{"CPANSA Foo id=CVE-2099-0001", "CPANSec Foo id=CVE-2099-0001 cwe=79 cwe=22", "mitre id=CVE-2099-0001 cwe=1"},
			func(r *advisory.Record) any { return strings.Join(r.CWEs, " ") }, "CWE-22 CWE-79",
		},
		{
			"a correction fills in what nobody states, also where a title would be made up",
			[]string{"curation id=CVE-2099-0001 title=given cwe=1 severity=low", "CPANSA Foo id=CVE-2099-0001 text=Theirs."},
			func(r *advisory.Record) any {
				return r.Title + " " + strings.Join(r.CWEs, " ") + " " + r.Severity.String()
			},
			"given CWE-1 low",
		},
		{
			"and nothing else",
			[]string{"curation id=CVE-2099-0001 title=given cwe=1 severity=low", "CPANSec Foo id=CVE-2099-0001 cwe=79 title=ours base=9.8"},
			func(r *advisory.Record) any {
				return r.Title + " " + strings.Join(r.CWEs, " ") + " " + r.Severity.String()
			},
			"ours CWE-79 critical",
		},
		{
			"links of all but OSV, with the meaning that anybody gives",
			[]string{"CPANSA Foo id=CVE-2099-0001 link=a link=b", "CPANSec Foo id=CVE-2099-0001 fix=b link=c", "OSV Foo id=CVE-2099-0001 link=d"},
			func(r *advisory.Record) any { return fmt.Sprint(r.References) }, "[{FIX b} {WEB c} {WEB a}]",
		},
		{
			"the first report and the leading publication",
			[]string{"CPANSA Foo id=CVE-2099-0001 reported=2099-01-05", "CPANSec Foo id=CVE-2099-0001 reported=2099-01-07 published=2099-01-08", "mitre id=CVE-2099-0001 published=2099-01-01"},
			func(r *advisory.Record) any { return r.Reported.String() + " " + r.Published.String() }, "2099-01-05 2099-01-08",
		},
		{
			"a distribution that is not on CPAN stays, and says so",
			[]string{"CPANSA Foo id=CVE-2099-0001 range=<1 darkpan=yes"},
			func(r *advisory.Record) any { return r.Affected[0].Darkpan }, true,
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			set, _ := Merge(batches(t, test.entries))
			if len(set.Records) != 1 {
				t.Fatalf("%d records", len(set.Records))
			}
			if got := test.get(&set.Records[0]); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

func TestSeverityOfScores(t *testing.T) {
	for base, want := range map[float64]string{10: "critical", 9: "critical", 8.9: "high", 7: "high", 6.9: "medium", 4: "medium", 3.9: "low", 0.1: "low", 0: "unknown"} {
		if got := severityOf(base).String(); got != want {
			t.Errorf("%.1f is %s, want %s", base, got, want)
		}
	}
}

// Of the rows of one version, one with a date stays, and takes from the others
// who released it.
func TestReleasesFromSeveralLists(t *testing.T) {
	day := time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC)
	rows := []advisory.Known{
		{Version: "1.0", Author: "AUTHOR", Developer: true},
		{Version: "1.0", Date: day},
		{Version: "1.0", Perl: "5.8.0"},
	}
	for range len(rows) {
		rows = append(rows[1:], rows[0])
		got := sortReleases(slices.Clone(rows))
		want := []advisory.Known{{Version: "1.0", Date: day, Author: "AUTHOR", Developer: true}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

func TestReleases(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2099, 1, day, 0, 0, 0, 0, time.UTC) }
	in := []advisory.Known{
		{Version: "2.0-TRIAL", Date: at(1)},
		{Version: "1.10", Date: at(9)},
		{Version: "1.9", Date: at(2)},
		{Version: "1.1", Date: at(3)},
		{Version: "1.9", Date: at(1)},
		{Version: "1.9", Perl: "5.36.0"},
		{Version: "v1.2.0", Perl: "5.38.0"},
		{Version: "undef"},
		{Version: "1_11"},
	}
	want := "undef v1.2.0(5.38.0) 1.1@3 1.10@9 1.9@1 1_11 2.0-TRIAL@1"
	random := rand.New(rand.NewPCG(3, 4))
	for range 20 {
		random.Shuffle(len(in), func(i, j int) { in[i], in[j] = in[j], in[i] })
		var got []string
		for _, k := range sortReleases(slices.Clone(in)) {
			s := k.Version
			if k.Perl != "" {
				s += "(" + k.Perl + ")"
			}
			if !k.Date.IsZero() {
				s += fmt.Sprintf("@%d", k.Date.Day())
			}
			got = append(got, s)
		}
		if s := strings.Join(got, " "); s != want {
			t.Fatalf("got  %s\nwant %s", s, want)
		}
	}
}

func TestContradictions(t *testing.T) {
	bs := batches(t, []string{
		"CPANSA Foo id=CPANSA-Foo-2099-01 range=<1.3 fixed=>=1.2",             // 1: 1.2 is both
		"CPANSA Foo id=CPANSA-Foo-2099-02 range=latest",                       // 2: unreadable
		"CPANSA Foo id=CPANSA-Foo-2099-03 range=>5",                           // 3: none
		"CPANSA Foo id=CPANSA-Foo-2099-04 range=>0",                           // 4: all
		"CPANSA Foo id=CPANSA-Foo-2099-05 range=<1.1 fixed=>=1.3",             // 5: 1.1 and 1.2 are neither
		"CPANSA Foo id=CPANSA-Foo-2099-06 range=<1.1 fixed=1.3",               // 6: bare, and a gap
		"CPANSA Foo id=CPANSA-Bar-2099-01 range=<1.1",                         // 7: another distribution
		"CPANSA Foo-2008 id=CPANSA-Foo-2008-001 range=<1.1",                   // 8: not another one
		"CPANSA Foo id=CPANSA-Foo-Bar-2099-01 range=<1.1",                     // 9: another one
		"CPANSA Foo id=CVE-2099-0001 native=CPANSA-Foo-2099-07 range=<1.2",    // 10: disagrees with 11
		"CPANSec Foo id=CVE-2099-0001 range=<1.1",                             // 11
		"CPANSA Foo id=CVE-2099-0002 native=CPANSA-Foo-2099-08 range=<1.1",    // 12: reused with 13
		"CPANSA Foo id=CVE-2099-0003 native=CPANSA-Foo-2099-08 range=<1.1",    // 13
		"CPANSA Foo id=CPANSA-Foo-2099-09 also=CPANSA-Foo-2098-09 range=<1.1", // 14: repeated with 15
		"CPANSA Foo id=CPANSA-Foo-2099-09 range=<1.1 fixed=>=1.1",             // 15
		"CPANSA Foo id=CPANSA-Foo-2099-11 range=<=1.1",                        // 16: 1.2 is there, and is not called fixed
		"CPANSA Foo id=CPANSA-Foo-2099-12 range=<=1.1 fixed=>=1.2",            // 17: it is
		"CPANSA Foo id=CPANSA-Foo-2099-13 range===1.1 fixed=>=1.2",            // 18: 1.0 is neither, before the first affected one
	})
	empty := &advisory.Record{ID: "CPANSA-Foo-2099-10", Affected: []advisory.Affected{{
		Dist: "Foo", Statements: []advisory.Statement{{Entry: "CPANSA-Foo-2099-10", CPANSA: &advisory.CPANSA{}}},
	}}, Sources: []advisory.Source{{Name: "CPANSA"}}}
	bs[0].Items = append(bs[0].Items, advisory.Item{Where: "cpansa.yml#19", Native: "CPANSA-Foo-2099-10", Record: empty})
	bs[0].Releases = map[cpan.Dist][]advisory.Known{"Foo": {{Version: "1.0"}, {Version: "1.1"}, {Version: "1.2"}, {Version: "1.3"}, {Version: "1.4x-TRIAL"}}}
	_, ledger := Merge(bs)
	var got []string
	for _, c := range ledger.Contradictions {
		got = append(got, fmt.Sprintf("%s %s %s: %s", c.Kind, c.Dist, strings.TrimSuffix(c.Entry+" "+strings.Join(c.Where, " "), " "), c.Text))
	}
	want := []string{
		"overlap Foo CPANSA-Foo-2099-01 cpansa.yml#1: affected and fixed: 1.2",
		`unreadable Foo CPANSA-Foo-2099-02 cpansa.yml#2: clause "latest": non-numeric data`,
		"no-range Foo CPANSA-Foo-2099-10 cpansa.yml#19: no affected versions are stated",
		"match-none Foo CPANSA-Foo-2099-03 cpansa.yml#3: none of 4 known releases is affected",
		"match-all Foo CPANSA-Foo-2099-04 cpansa.yml#4: all 4 known releases are affected",
		"open-end Foo CPANSA-Foo-2099-11 cpansa.yml#16: ends with 1.1, no fixed version is stated, and 1.2 is there",
		"gap Foo CPANSA-Foo-2099-05 cpansa.yml#5: neither affected nor fixed: 1.1, 1.2",
		"gap Foo CPANSA-Foo-2099-06 cpansa.yml#6: neither affected nor fixed: 1.1, 1.2",
		"gap Foo CPANSA-Foo-2099-13 cpansa.yml#18: neither affected nor fixed: 1.0",
		`doubtful Foo CPANSA-Foo-2099-06 cpansa.yml#6: the bare version "1.3" is read as >=1.3`,
		"other-dist Foo CPANSA-Bar-2099-01 cpansa.yml#7: CPANSA-Bar-2099-01 is about Foo",
		"other-dist Foo CPANSA-Foo-Bar-2099-01 cpansa.yml#9: CPANSA-Foo-Bar-2099-01 is about Foo",
		"repeated Foo CPANSA-Foo-2099-09 cpansa.yml#14 cpansa.yml#15: several entries of one id in one source",
		"reused Foo CPANSA-Foo-2099-08 cpansa.yml#12 cpansa.yml#13: one id for CVE-2099-0002, CVE-2099-0003",
		"disagree Foo : on 1.1: 1.1 is outside 0 < 1.1 (CVE-2099-0001), but 1.1 is in <1.2 (CPANSA-Foo-2099-07)",
		"bad-release Foo : version.pm refuses 1.4x-TRIAL",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

func TestEveryEntryIsAccountedFor(t *testing.T) {
	bs := batches(t, []string{
		"CPANSA Foo id=CVE-2099-0001 range=<1",
		"CPANSA Bar id=CVE-2099-0001 range=<1",
		"CPANSec Foo id=CVE-2099-0001 range=<1",
		"mitre id=CVE-2099-0004",
	})
	bs[0].Items = append(bs[0].Items, advisory.Item{Where: "cpansa.yml#10", Refused: fmt.Errorf("read cpansa.yml#10: no id")})
	_, ledger := Merge(bs)
	var got []string
	for _, e := range ledger.Entries {
		got = append(got, fmt.Sprint(e.Where, " ", e.Outcome, " ", e.Records, " ", e.Reason))
	}
	want := []string{
		"cpansa.yml#1 merged [CVE-2099-0001] ",
		"cpansa.yml#2 merged [CVE-2099-0001] ",
		"cpansa.yml#10 refused [] no id",
		"cpansec.yml#3 became [CVE-2099-0001] ",
		"mitre.yml#4 refused [] names no distribution of CPAN, and no other source has an advisory of its ids",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("want -, got +\n%s", diff)
	}
}

// A CNA that calls itself what corrections are called decides nothing.
func TestNameOfCorrections(t *testing.T) {
	for _, name := range []string{Curation, CurationOf("CPANSA")} {
		in := batches(t, []string{"CPANSA Foo id=CVE-2099-0001 range=<1"})
		strange := advisory.Batch{Source: advisory.Source{Name: "CVE"}, Items: []advisory.Item{{Where: "CVE-2099-0001.json", Record: &advisory.Record{
			ID: "CVE-2099-0001", Withdrawn: advisory.DateOf(time.Date(2099, 1, 1, 0, 0, 0, 0, time.UTC)),
			Sources: []advisory.Source{{Name: name, ID: "CVE-2099-0001"}},
		}}}}
		set, ledger := Merge(append(in, strange))
		if len(set.Records) != 1 || set.Records[0].IsWithdrawn() || ledger.Count(Refused) != 1 {
			t.Errorf("%s: %+v, %+v", name, set.Records, ledger.Entries)
		}
	}
}
