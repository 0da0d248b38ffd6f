package cpansa_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/perlver"
)

// seeds gives the files of the cases whose name ends so.
func seeds(f *testing.F, suffix string, add func([]byte)) {
	f.Helper()
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, c := range cases {
		data, err := os.ReadFile(c)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range txtar.Parse(data).Files {
			if strings.HasSuffix(file.Name, suffix) {
				add(file.Data)
			}
		}
	}
}

// FuzzReadDir reads a report and a library's, of the same bytes.
func FuzzReadDir(f *testing.F) {
	seeds(f, ".yml", func(data []byte) { f.Add(data) })
	f.Add([]byte(aliases()))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := cpansa.ReadDir(fstest.MapFS{
			"cpansa/a.yml":            {Data: data},
			"external_reports/b.yml":  {Data: data},
			"generated_reports/c.yml": {Data: []byte("distribution: Foo\ngenerated: {from: external_reports/b.yml}\nadvisories: [{id: CPANSA-Foo-2099-01-b, cves: [CVE-2099-0001]}]")},
		})
		if err != nil {
			t.Fatal(err)
		}
		sound(t, &b)
	})
}

func FuzzReadJSON(f *testing.F) {
	seeds(f, ".json", func(data []byte) { f.Add(data) })
	f.Add([]byte(`{"dists":{"Foo":{"versions":[{"version":1}],"advisories":[{"id":"x"}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := cpansa.ReadJSON(strings.NewReader(string(data)))
		if err == nil {
			sound(t, &b)
		}
	})
}

// sound holds a batch to what every reader promises.
func sound(t *testing.T, b *advisory.Batch) {
	v, _ := perlver.Parse("1.2")
	for _, it := range b.Items {
		if (it.Record == nil) == (it.Refused == nil) {
			t.Fatalf("%s is not either a record or refused", it.Where)
		}
		if it.Record == nil {
			if !strings.Contains(it.Refused.Error(), it.Where) {
				t.Errorf("the error does not name the entry: %v", it.Refused)
			}
			continue
		}
		r := it.Record
		if _, err := advisory.ParseID(string(r.ID)); err != nil {
			t.Errorf("%s: %v", it.Where, err)
		}
		if len(r.Sources) != 1 || r.Sources[0].File != it.Where {
			t.Errorf("%s: sources %v", it.Where, r.Sources)
		}
		if len(r.Affected) == 0 {
			t.Errorf("%s speaks about no distribution", it.Where)
		}
		for i := range r.Affected {
			r.Affected[i].Judge(v)
		}
	}
}
