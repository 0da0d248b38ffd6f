// Package sample builds a small index for tests of what serves one: out of
// sources.txtar, by the builder that the program uses.
package sample

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/index"
	"nacre/index/osvdir"
	"nacre/internal/indexbuild"
)

//go:embed sources.txtar
var sources []byte

// Sources writes the sources into a new folder.
func Sources(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, f := range txtar.Parse(sources).Files {
		Write(t, filepath.Join(dir, filepath.FromSlash(f.Name)), f.Data)
	}
	return dir
}

// Write writes a file and the folders that it is in.
func Write(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

// Build builds the index of sources into a folder, with the OSV forms and plain
// stand-ins for the others.
func Build(t testing.TB, from, out string) {
	t.Helper()
	b := indexbuild.Builder{
		Site: index.DefaultSite(), Generator: "nacred test", Sources: []string{from}, Out: out, MaxLoss: 1,
		Now:     func() time.Time { return time.Date(2099, 3, 4, 5, 6, 7, 0, time.UTC) },
		Formats: append(osvdir.Formats(), plain()),
		Health:  func(*index.Model, index.Kept) ([]index.File, error) { return nil, nil },
	}
	r, err := b.Build(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if r.Refused != "" {
		t.Fatal(r.Refused)
	}
}

// New builds the sample into a new folder, and gives it.
func New(t testing.TB) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "site")
	Build(t, Sources(t), out)
	return out
}

// plain stands in for the pages and for the records in our own form.
func plain() index.Format {
	page := func(path, title string) index.File {
		return index.File{Path: path + "index.html", Data: fmt.Appendf(nil, "<!DOCTYPE html><title>%s</title>", title)}
	}
	return index.Format{
		Name: "plain",
		Advisory: func(_ *index.Model, a *index.Advisory) ([]index.File, error) {
			data, err := json.Marshal(a.Record)
			return []index.File{page("advisory/"+string(a.ID)+"/", string(a.ID)), {Path: "advisory/" + string(a.ID) + ".json", Data: data, Pack: true}}, err
		},
		Dist: func(_ *index.Model, d *index.Dist) ([]index.File, error) {
			data, err := json.Marshal(map[string]any{"name": d.Name, "releases": d.Releases})
			return []index.File{page("dist/"+string(d.Name)+"/", string(d.Name)), {Path: "dist/" + string(d.Name) + ".json", Data: data}}, err
		},
		Whole: func(_ context.Context, m *index.Model) ([]index.File, error) {
			return []index.File{
				page("", "start"),
				{Path: "health/index.html", Data: []byte(`<!DOCTYPE html><title>Feed health</title><main id="main" class="frame"><h1>Feed health</h1></main>`)},
				{Path: "assets/style.0a0a0a0a.css", Data: []byte("body { margin: 0 }")},
			}, nil
		},
	}
}
