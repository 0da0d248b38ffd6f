package sbom_test

import (
	"context"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/bom"
	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/sbom"
)

// TestResolve reads each case of testdata/resolve: a release in the folder
// source, and a project with a lock in the folder build.
func TestResolve(t *testing.T) {
	t.Chdir("testdata/resolve")
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		var told []string
		opt := sbom.Options{
			Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true, Format: "cyclonedx-1.6", Version: "0.1",
			Notice: func(s string) { told = append(told, "told: "+s) },
		}
		input := func(folder string) sbom.Input {
			fsys, err := fs.Sub(under(ar), folder)
			if err != nil {
				t.Fatal(err)
			}
			inv, err := all.Read(context.Background(), fsys, all.Options{Perl: setting(string(ar.Comment), "perl of "+folder)})
			if err != nil {
				t.Fatal(err)
			}
			return sbom.Input{Inventory: &inv, FS: fsys, Name: folder}
		}
		if setting(string(ar.Comment), "phases") == "all" {
			opt.Phases = sbom.Phases()
		}
		source, err := sbom.Make(context.Background(), input("source"), opt)
		if err != nil {
			t.Fatal(err)
		}
		b, err := sbom.Resolve(context.Background(), source, input("build"), opt)
		if err != nil {
			t.Fatal(err)
		}
		sound(t, b)
		said := dump(b)
		follows(t, b)
		return strings.Join(append(told, said), "\n")
	})
}

// TestResolveStates holds that who makes the resolved bill is not unknown in it.
func TestResolveStates(t *testing.T) {
	opt := sbom.Options{Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true, Format: "cyclonedx-1.6", Version: "0.1"}
	in := sbom.Input{Inventory: &inventory.Inventory{}, Name: "acme"}
	source, err := sbom.Make(context.Background(), in, opt)
	if err != nil {
		t.Fatal(err)
	}
	opt.Authors = []bom.Party{{Person: true, Name: "A. U. Thor"}}
	b, err := sbom.Resolve(context.Background(), source, in, opt)
	if err != nil {
		t.Fatal(err)
	}
	for bill, want := range map[*bom.Bill]bool{source: true, b: false} {
		for _, p := range bill.Properties {
			if p.Name != "cpan:unknown" {
				continue
			}
			if got := slices.Contains(strings.Split(p.Value, ","), "authors"); got != want {
				t.Errorf("authors unknown: %v, want %v (%s)", got, want, p.Value)
			}
			if !strings.Contains(p.Value, "manufacturer") {
				t.Errorf("manufacturer is not unknown any more: %s", p.Value)
			}
		}
	}
}

// under is the files of a case, in folders.
func under(ar *txtar.Archive) fs.FS {
	fsys := fstest.MapFS{}
	for _, f := range ar.Files {
		fsys[path.Clean(f.Name)] = &fstest.MapFile{Data: f.Data}
	}
	return fsys
}
