package page

import (
	"strings"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// TestMoved builds day by day: an id that an advisory had keeps a page that leads
// to where it is, also when that one says no longer that it is an id of it.
func TestMoved(t *testing.T) {
	in := index.Input{Site: index.DefaultSite(), Now: time.Date(2099, 1, 1, 3, 4, 5, 0, time.UTC)}
	for day, records := range [][]advisory.Record{
		{{ID: "CVE-2099-0002"}, {ID: "CPANSA-Foo-Bar-2099-01"}},
		{{ID: "CVE-2099-0001", Aliases: []advisory.ID{"CVE-2099-0002", "CPANSA-Foo-Bar-2099-01", "CPANSA-Foo-Bar-2099-02"}}},
		{{ID: "CVE-2099-0001"}},
	} {
		in.Set.Records = records
		m, err := index.New(in)
		if err != nil {
			t.Fatal(err)
		}
		in.Before, in.Kept, in.Now = m.State, m.Set.Records, in.Now.AddDate(0, 0, 1)
		files, err := newShell().moved(t.Context(), m)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range files {
			got = append(got, f.Path)
			how := "is part of"
			if strings.Contains(f.Path, "2099-02/") { // was never an advisory
				how = "is another name of"
			}
			if !strings.Contains(string(f.Data), how+` <a href="../../advisory/CVE-2099-0001/index.html">`) {
				t.Errorf("%s does not lead to the advisory:\n%s", f.Path, f.Data)
			}
		}
		want := []string{
			"",
			"advisory/CPANSA-Foo-Bar-2099-01/index.html advisory/CVE-2099-0002/index.html advisory/CPANSA-Foo-Bar-2099-02/index.html",
			"advisory/CPANSA-Foo-Bar-2099-01/index.html advisory/CVE-2099-0002/index.html",
		}[day]
		if said := strings.Join(got, " "); said != want {
			t.Errorf("day %d: %s, want %s", day+1, said, want)
		}
	}
}
