package page

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"nacre/index"
	"nacre/index/sample"
	"nacre/internal/testkit"
)

var (
	update = flag.Bool("update", false, "write what the cases want")
	site   = flag.String("site", "", "a folder to write the pages of the real data into, to look at")
)

// realModel is the real data and what the index concludes from it.
func realModel(t testing.TB) *index.Model {
	t.Helper()
	m := sample.Model(t, os.DirFS(testkit.Data(t)))
	for _, s := range m.Set.Sources {
		m.Sources = append(m.Sources, index.Health{
			Name: s.Name, From: "testdata", Commit: s.Commit, Time: s.Time, Licence: s.Licence, Attribution: s.Attribution,
		})
	}
	return m
}

// files are all pages of a model, by path.
func files(t testing.TB, m *index.Model) map[string][]byte {
	t.Helper()
	return made(t, m, Formats())
}

// made are the files of some forms, by path.
func made(t testing.TB, m *index.Model, formats []index.Format) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	add := func(made []index.File, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range made {
			if _, twice := all[f.Path]; twice {
				t.Errorf("%s comes twice", f.Path)
			}
			all[f.Path] = f.Data
		}
	}
	for _, f := range formats {
		if f.Whole != nil {
			add(f.Whole(context.Background(), m))
		}
		for _, a := range m.Advisories {
			if f.Advisory != nil {
				add(f.Advisory(m, a))
			}
		}
		for _, d := range m.Dists {
			if f.Dist != nil {
				add(f.Dist(m, d))
			}
		}
	}
	return all
}

// write writes files into a folder.
func write(t testing.TB, dir string, all map[string][]byte) {
	t.Helper()
	for name, b := range all {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, b, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestRealData makes the pages of all of the real data, and the same twice.
func TestRealData(t *testing.T) {
	m := realModel(t)
	start := time.Now()
	all := files(t, m)
	took := time.Since(start)
	size, most, which := 0, 0, ""
	for name, b := range all {
		size += len(b)
		if len(b) > most {
			most, which = len(b), name
		}
	}
	t.Logf("%d files, %d bytes, in %v; the largest is %s with %d", len(all), size, took, which, most)
	if *site != "" {
		write(t, *site, all)
	}
	for name, b := range files(t, m) {
		if string(b) != string(all[name]) {
			t.Errorf("%s is not the same twice", name)
		}
	}
}
