package ospkg_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/inventory"
	"nacre/inventory/ospkg"
)

// Each file of testdata is the root of a system, and what is found in it. A
// file whose name ends in .gz is packed for the test, and one that holds
// "sample: NAME" is the unpacked sample.
func TestSystems(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			archive, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			var want string
			for _, f := range archive.Files {
				if f.Name == "want" {
					want = string(f.Data)
					continue
				}
				data := f.Data
				if name, ok := strings.CutPrefix(string(data), "sample: "); ok {
					data = sample(t, strings.TrimSpace(name))
				}
				if strings.HasSuffix(f.Name, ".gz") {
					data = pack(data)
				}
				fsys[f.Name] = &fstest.MapFile{Data: data, Mode: 0o644}
			}
			var inv inventory.Inventory
			var source inventory.Source = ospkg.System{}
			found, err := source.Find(context.Background(), fsys, &inv)
			if err != nil {
				t.Fatalf("%s: %v", source.Name(), err)
			}
			if found != (filepath.Base(file) != "none.txtar") {
				t.Errorf("found is %v", found)
			}
			if diff := cmp.Diff(want, describe(&inv, fsys)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func describe(inv *inventory.Inventory, fsys fstest.MapFS) string {
	var s strings.Builder
	seen := map[*inventory.Package]bool{}
	packaged := func(p *inventory.Package) {
		if p == nil || seen[p] {
			return
		}
		seen[p] = true
		fmt.Fprintf(&s, "%s %s %s of %s %s, %s %s\n", p.Manager, p.Name, p.Version, p.Source, p.SourceVersion, p.Distro, p.Codename)
		if p.Dist != "" {
			fmt.Fprintf(&s, "  made of %s %s\n", p.Dist, p.Upstream)
		}
		for _, paper := range [][2]string{{"for", p.Arch}, {"kept by", p.Maintainer}, {"called", p.Summary}, {"page", p.Homepage}, {"licence", p.License}} {
			if paper[1] != "" {
				fmt.Fprintf(&s, "  %s %s\n", paper[0], paper[1])
			}
		}
		if len(p.Depends) > 0 {
			fmt.Fprintf(&s, "  needs %s\n", strings.Join(p.Depends, " "))
		}
		if len(p.Changelog) > 0 {
			fmt.Fprintf(&s, "  changelog %s\n", strings.Join(p.Changelog, " "))
		}
	}
	for _, f := range inv.Found {
		packaged(f.Package)
		version := f.Version
		switch {
		case f.Unread:
			version = "unread"
		case f.Dynamic:
			version = "dynamic"
		case version == "":
			version = "none"
		}
		if f.From != "" {
			version += " (" + f.From + ")"
		}
		fmt.Fprintf(&s, "  found %s %s in %s\n", f.Module, version, f.Place)
	}
	for _, c := range inv.Components {
		packaged(c.Package)
		fmt.Fprintf(&s, "  %s %s found in %s, %v\n    ships %v\n", c.Kind, c.Ref(), c.Place, c.Evidence, c.Ships)
		for _, n := range c.Notes {
			fmt.Fprintf(&s, "    note %s\n", n)
		}
	}
	for _, n := range inv.Notices {
		fmt.Fprintf(&s, "notice %s (%v)", n.Text, n.At)
		if n.Partial {
			s.WriteString(" partial")
		}
		s.WriteByte('\n')
	}
	for _, name := range slices.Sorted(maps.Keys(fsys)) {
		if strings.HasSuffix(name, ".pm") && !inv.Claimed(name) {
			fmt.Fprintf(&s, "unclaimed %s\n", name)
		}
	}
	return s.String()
}

func pack(b []byte) []byte {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write(b)
	w.Close()
	return z.Bytes()
}

// sample gives a database of the samples here or of internal/rpmdb.
func sample(t testing.TB, name string) []byte {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name+".gz"))
	if os.IsNotExist(err) {
		f, err = os.Open(filepath.Join("../../internal/rpmdb/testdata", name+".gz"))
	}
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
