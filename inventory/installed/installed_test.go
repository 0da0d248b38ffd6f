package installed_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/installed"
)

// TestTrees runs testdata/*.txtar: the files of a tree, and in want what is
// found in it. The file claimed lists what a source asked before has accounted
// for, at says where the tree lies.
func TestTrees(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			fsys := fstest.MapFS{}
			var inv inventory.Inventory
			var trees installed.Trees
			want := ""
			for _, f := range ar.Files {
				switch f.Name {
				case "want":
					want = string(f.Data)
				case "claimed":
					for _, file := range strings.Fields(string(f.Data)) {
						inv.Claim(file)
					}
				case "at":
					trees.At = strings.TrimSpace(string(f.Data))
				default:
					fsys[f.Name] = &fstest.MapFile{Data: f.Data}
				}
			}
			found, err := trees.Find(context.Background(), fsys, &inv)
			if err != nil {
				t.Fatal(err)
			}
			if got := describe(&inv); got != want || found != (want != "") {
				t.Errorf("found %v, got\n%s\nwant\n%s", found, got, want)
			}
		})
	}
}

// describe writes an inventory for people: each component with its place and
// what it requires, then modules without a record, then notices.
func describe(inv *inventory.Inventory) string {
	var b strings.Builder
	for i, c := range inv.Components {
		fmt.Fprintf(&b, "%s in %s", c.Ref(), c.Place)
		if c.ByName {
			b.WriteString(", by name")
		}
		b.WriteString("\n")
		if c.Kind != inventory.Exact {
			fmt.Fprintf(&b, "  %s\n", c.Kind)
		}
		if c.Path != "" {
			fmt.Fprintf(&b, "  %s by %s\n", c.Path, c.Author)
		}
		for _, m := range c.Ships {
			fmt.Fprintf(&b, "  ships %s\n", m)
		}
		for _, m := range c.Modules {
			fmt.Fprintf(&b, "  has %s\n", m)
		}
		for _, e := range inv.Edges {
			if e.From == i {
				fmt.Fprintf(&b, "  requires %s %q, %s, %s\n", e.Module, e.Range, e.Scope, e.Evidence)
			}
		}
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "  from %s\n", e)
		}
		for _, n := range c.Notes {
			fmt.Fprintf(&b, "  note: %s\n", n)
		}
	}
	slices.SortFunc(inv.Found, func(a, b inventory.Found) int { return strings.Compare(a.File, b.File) })
	for _, f := range inv.Found {
		version := f.Version
		switch {
		case f.Dynamic:
			version = "dynamic"
		case version == "":
			version = "no version"
		}
		fmt.Fprintf(&b, "found %s %s in %s\n", f.Module, version, f.Place)
	}
	for _, n := range inv.Notices {
		partial := ""
		if n.Partial {
			partial = " (partial)"
		}
		fmt.Fprintf(&b, "notice%s: %s\n", partial, n.Text)
	}
	return b.String()
}

// Files that cannot be read have a notice each, up to a number.
func TestBrokenRecords(t *testing.T) {
	fsys := fstest.MapFS{"lib/perl5/Foo.pm": {Data: []byte("package Foo 1;")}}
	for i := range 25 {
		fsys[fmt.Sprintf("lib/perl5/x86_64-linux/.meta/Foo-1.%d/install.json", i)] = &fstest.MapFile{Data: []byte("{")}
	}
	var inv inventory.Inventory
	found, err := installed.Trees{}.Find(context.Background(), fsys, &inv)
	if err != nil || !found || len(inv.Found) != 1 || len(inv.Components) != 0 || len(inv.Notices) != 21 {
		t.Fatalf("%v, %v, %d modules, %d components, %d notices", found, err, len(inv.Found), len(inv.Components), len(inv.Notices))
	}
	if last := inv.Notices[20]; last.Text != "5 more files cannot be read" || !last.Partial {
		t.Errorf("%+v", last)
	}
}

// Folders of one prefix are looked into for each other's modules, so that their
// number has a limit; those of many prefixes have none.
func TestFoldersHaveALimit(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"usr/lib/perl5/5.%d/Foo.pm", `folder "usr": has more than 256 folders of modules (limit: folders of @INC)`},
		{"usr/lib/perl5/5.36/%d/perllocal.pod", `folder "usr": has more than 256 perllocal.pod (limit: perllocal.pod)`},
		{"app/%d/local/lib/perl5/Foo.pm", ""},
	} {
		fsys := fstest.MapFS{}
		for i := range 257 {
			fsys[fmt.Sprintf(c.path, i)] = &fstest.MapFile{Data: []byte("package Foo 1;")}
		}
		_, err := installed.Trees{}.Find(context.Background(), fsys, &inventory.Inventory{})
		if got := fmt.Sprint(err); c.want != "" && (got != c.want || fault.HintOf(err) == "") || c.want == "" && err != nil {
			t.Errorf("%s: %v", c.path, err)
		}
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	fsys := fstest.MapFS{"lib/perl5/Foo.pm": {Data: []byte("package Foo 1;")}}
	if _, err := (installed.Trees{}).Find(ctx, fsys, &inventory.Inventory{}); fault.KindOf(err) != fault.Canceled {
		t.Error(err)
	}
}

// A folder deeper than any installation does not keep the rest from being read.
func TestTooDeep(t *testing.T) {
	fsys := fstest.MapFS{
		"lib/perl5/Foo.pm": {Data: []byte("package Foo 1;")},
		"tmp/" + strings.Repeat("a/", 200) + "lib/perl5/Bar.pm": {Data: []byte("package Bar 1;")},
	}
	var inv inventory.Inventory
	found, err := installed.Trees{}.Find(context.Background(), fsys, &inv)
	if err != nil || !found || len(inv.Found) != 1 || len(inv.Notices) != 1 {
		t.Fatalf("%v, %v, %v, %v", found, err, inv.Found, inv.Notices)
	}
	if n := inv.Notices[0]; !n.Partial || !strings.Contains(n.Text, "has files more than 128 elements deep (limit: depth); what is installed there is not known") {
		t.Errorf("%+v", n)
	}
}
