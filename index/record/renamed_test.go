package record_test

import (
	"testing"
	"time"

	"nacre/advisory"
	"nacre/index"
)

// TestRenamed builds two days, on the second of which an advisory has a CVE id: the
// old id keeps a file that says so.
func TestRenamed(t *testing.T) {
	in := index.Input{Site: index.DefaultSite(), Now: time.Date(2099, 1, 1, 3, 4, 5, 0, time.UTC)}
	in.Set.Records = []advisory.Record{{ID: "CPANSA-Foo-Bar-2099-01", Title: "Foo::Bar follows links"}}
	first, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	in.Before, in.Kept, in.Now = first.State, first.Set.Records, in.Now.AddDate(0, 0, 1)
	in.Set.Records = []advisory.Record{{ID: "CVE-2099-0001", Aliases: []advisory.ID{"CPANSA-Foo-Bar-2099-01"}}}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"schema":"nacre.index.renamed/1","id":"CPANSA-Foo-Bar-2099-01","url":"` + m.Site.URL + `advisory/CPANSA-Foo-Bar-2099-01/",` +
		`"to":"CVE-2099-0001","modified":"2099-01-02T03:04:05Z","first_seen":"2099-01-01","title":"Foo::Bar follows links",` +
		`"changes":[{"day":"2099-01-02","kind":"renamed","id":"CPANSA-Foo-Bar-2099-01","text":"CPANSA-Foo-Bar-2099-01 is part of CVE-2099-0001 now"}]}` + "\n"
	if got := fileOf(t, m, "advisory/CPANSA-Foo-Bar-2099-01.json"); got != want {
		t.Errorf("%s, want %s", got, want)
	}
}
