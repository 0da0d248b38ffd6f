package news

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
	"nacre/internal/testkit"
)

// model is the index of advisories, as JSON, with the releases of each distribution.
func model(t testing.TB, advisories string, releases map[cpan.Dist][]string) *index.Model {
	t.Helper()
	in := index.Input{
		Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2099, 3, 3, 4, 5, 6, 0, time.UTC),
		Set: advisory.Set{Releases: map[cpan.Dist][]advisory.Known{}},
	}
	if err := json.Unmarshal([]byte(advisories), &in.Set.Records); err != nil {
		t.Fatal(err)
	}
	for d, versions := range releases {
		for _, v := range versions {
			in.Set.Releases[d] = append(in.Set.Releases[d], advisory.Known{Version: v})
		}
	}
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// realModel is the index of the real data.
func realModel(t testing.TB) *index.Model {
	t.Helper()
	data := testkit.Data(t)
	reports, err := cpansa.ReadDir(os.DirFS(filepath.Join(data, "cpansa")))
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	built, err := cpansa.ReadJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	cna, err := cve.ReadFS(os.DirFS(filepath.Join(data, "cve")))
	if err != nil {
		t.Fatal(err)
	}
	in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2099, 3, 3, 4, 5, 6, 0, time.UTC)}
	in.Set, in.Ledger = merge.Merge([]advisory.Batch{reports, built, cna})
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// files are all files that the formats make of a model, by path.
func files(t testing.TB, m *index.Model) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	add := func(made []index.File, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range made {
			if all[f.Path] != nil {
				t.Errorf("%s is made twice", f.Path)
			}
			all[f.Path] = f.Data
		}
	}
	for _, f := range Formats() {
		if f.Advisory != nil {
			for _, a := range m.Advisories {
				add(f.Advisory(m, a))
			}
		}
		if f.Dist != nil {
			for _, d := range m.Dists {
				add(f.Dist(m, d))
			}
		}
		if f.Whole != nil {
			add(f.Whole(t.Context(), m))
		}
	}
	return all
}

// foo is an advisory with these parts about Foo-Bar.
func foo(id, title, affected string) string {
	b, _ := json.Marshal([]any{map[string]any{
		"id": id, "title": title, "severity": "high", "published": "2099-01-02",
		"sources": []any{map[string]any{"name": "CPANSA", "id": id}},
		"affected": []any{map[string]any{"dist": "Foo-Bar", "statements": []any{map[string]any{
			"source": 0, "entry": id, "cpansa": map[string]any{"affected": []string{affected}},
		}}}},
	}})
	return string(b)
}
