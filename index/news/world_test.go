package news

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/index"
	"nacre/index/sample"
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
	return sample.Model(t, os.DirFS(testkit.Data(t)))
}

// files are all files that the formats make of a model, by path.
func files(t testing.TB, m *index.Model) map[string][]byte {
	t.Helper()
	return sample.Files(t, m, Formats())
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
