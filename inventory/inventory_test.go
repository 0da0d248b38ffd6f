package inventory_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/cpan"
	"nacre/fault"
	"nacre/inventory"
	"nacre/meta"
	"nacre/perlver"
)

func TestRefAndPURL(t *testing.T) {
	for _, c := range []struct {
		c         inventory.Component
		ref, purl string
	}{
		{inventory.Component{Dist: "Foo-Bar", Version: "1.20", Author: "AUTHOR"}, "Foo-Bar@1.20", "pkg:cpan/Foo-Bar@1.20?author=AUTHOR"},
		{inventory.Component{Dist: "Foo-Bar", Version: "1.20"}, "Foo-Bar@1.20", "pkg:cpan/Foo-Bar@1.20"},
		{inventory.Component{Dist: "Foo-Bar"}, "Foo-Bar", "pkg:cpan/Foo-Bar"},
		{inventory.Component{Dist: "Foo-Bar", Version: "1.20", Kind: inventory.Core}, "Foo-Bar@1.20 (in perl)", "pkg:cpan/Foo-Bar@1.20"},
		{inventory.Component{Modules: []cpan.Module{"Foo::Bar"}}, "module Foo::Bar", ""},
		{inventory.Component{Dist: "Foo Bar", Version: "1"}, "Foo Bar@1", ""}, // no package URL has such a name
	} {
		if ref, purl := c.c.Ref(), c.c.PURL(); ref != c.ref || purl != c.purl {
			t.Errorf("got %q and %q, want %q and %q", ref, purl, c.ref, c.purl)
		}
	}
}

func TestEvidence(t *testing.T) {
	for want, e := range map[string]inventory.Evidence{
		"cpanfile:3":        {File: "cpanfile", Line: 3, How: "cpanfile"},
		"list.txt:1 (list)": {File: "list.txt", Line: 1, How: "list"},
		"META.json":         {File: "META.json"},
		"--perl":            {How: "--perl"},
		"":                  {},
	} {
		if got := e.String(); got != want {
			t.Errorf("%+v: %q, want %q", e, got, want)
		}
	}
}

// What a project's file requires, in which scope, and what is told about it.
func TestRequire(t *testing.T) {
	broken := errors.New("cannot be read")
	for _, c := range []struct {
		p      meta.Prereq
		want   string // the edge's scope, or none
		notice string
		partly bool
	}{
		{meta.Prereq{Phase: "runtime", Relation: "requires", Module: "A"}, "runtime", "", false},
		{meta.Prereq{Phase: "runtime", Relation: "recommends", Module: "A"}, "optional", "", false},
		{meta.Prereq{Phase: "runtime", Relation: "suggests", Module: "A"}, "optional", "", false},
		{meta.Prereq{Phase: "runtime", Relation: "requires", Feature: "f", Module: "A"}, "optional", "", false},
		{meta.Prereq{Phase: "configure", Relation: "requires", Module: "A"}, "configure", "", false},
		{meta.Prereq{Phase: "build", Relation: "requires", Module: "A"}, "build", "", false},
		{meta.Prereq{Phase: "test", Relation: "requires", Module: "A"}, "test", "", false},
		{meta.Prereq{Phase: "develop", Relation: "requires", Module: "A"}, "develop", "", false},
		{meta.Prereq{Phase: "", Relation: "requires", Module: "A"}, "optional", "", false},
		{meta.Prereq{Phase: "x_later", Relation: "requires", Module: "A"}, "optional", "", false},
		{meta.Prereq{Phase: "runtime", Relation: "conflicts", Module: "A", Err: broken}, "", "", false},
		{meta.Prereq{Phase: "runtime", Relation: "requires", Module: "A", Err: broken}, "runtime", "cannot be read; taken as any version", false},
		{meta.Prereq{Phase: "runtime", Relation: "requires", Err: broken}, "", "a requirement cannot be read: cannot be read", true},
	} {
		var inv inventory.Inventory
		inv.Require(c.p, "META.json")
		scope, notice := "", ""
		for _, e := range inv.Edges {
			scope += e.Scope.String()
		}
		for _, n := range inv.Notices {
			notice += n.Text
		}
		if scope != c.want || notice != c.notice || inv.Partial() != c.partly {
			t.Errorf("%+v: %q, %q, partial %v; want %q, %q, %v", c.p, scope, notice, inv.Partial(), c.want, c.notice, c.partly)
		}
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	for _, err := range []error{
		os.WriteFile(filepath.Join(dir, "plain"), []byte("x"), 0o666),
		os.Mkdir(filepath.Join(dir, "folder"), 0o777),
		os.Symlink("plain", filepath.Join(dir, "link")),
		os.Symlink("nowhere", filepath.Join(dir, "dangling")),
		os.Symlink("loop", filepath.Join(dir, "loop")),
		os.Symlink(filepath.Join("..", filepath.Base(dir), "plain"), filepath.Join(dir, "outside")),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	for name, want := range map[string]string{
		"plain":    "found",
		"link":     "found",
		"none":     "not found",
		"folder":   "read folder: is not a plain file",
		"dangling": "read dangling: ",
		"loop":     "read loop: ",
		"outside":  "read outside: ",
	} {
		f, found, err := inventory.Open(root.FS(), name)
		switch {
		case err != nil:
			if !strings.HasPrefix(err.Error(), want) || fault.HintOf(err) == "" || strings.Count(err.Error(), name) > 1 {
				t.Errorf("%s: %v, hint %q; want %q", name, err, fault.HintOf(err), want)
			}
		case found:
			f.Close()
			if want != "found" {
				t.Errorf("%s is opened, want %q", name, want)
			}
		case want != "not found":
			t.Errorf("%s is not found, want %q", name, want)
		}
	}
}

// Opening a pipe would wait for a writer that never comes.
func TestOpenIsNoPipe(t *testing.T) {
	fsys := fstest.MapFS{"cpanfile": {Mode: fs.ModeNamedPipe}}
	if _, _, err := inventory.Open(fsys, "cpanfile"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("error = %v", err)
	}
}

const encoded = `{"config":{"schema":"nacre.inventory/1","path":"shop","name":"Acme-Shop","perl":{"version":"5.036","at_least":true,"from":"cpanfile:1","in_table":true}}}
{"component":{"ref":"Foo-Bar@1.20","dist":"Foo-Bar","version":"1.20","kind":"exact","scope":"runtime","purl":"pkg:cpan/Foo-Bar@1.20?author=AUTHOR","path":"A/AU/AUTHOR/Foo-Bar-1.20.tar.gz","direct":true,"modules":["Foo::Bar"],"required_by":[{"by":"","module":"Foo::Bar","range":">= 1.1","scope":"runtime","at":{"file":"cpanfile","line":2,"how":"cpanfile"}},{"by":"Old","module":"Foo::Bar","scope":"locked","at":{"file":"","how":""}}],"evidence":[{"file":"cpanfile.snapshot","line":3,"how":"cpanfile.snapshot"}],"notes":["a doubt"]}}
{"component":{"ref":"Old","dist":"Old","range":"1.5","kind":"required","scope":"test","purl":"pkg:cpan/Old"}}
{"notice":{"partial":true,"text":"<more>","at":{"file":"cpanfile","line":4,"how":"cpanfile"}}}
{"summary":{"components":2,"partial":true}}
`

func TestEncode(t *testing.T) {
	minimum, err := perlver.ParseRequirement("1.5")
	if err != nil {
		t.Fatal(err)
	}
	perl, err := perlver.Parse("5.036")
	if err != nil {
		t.Fatal(err)
	}
	inv := inventory.Inventory{
		Name: "Acme-Shop",
		Perl: inventory.Perl{Version: perl, AtLeast: true, From: "cpanfile:1", InTable: true},
		Components: []inventory.Component{
			{
				Dist: "Foo-Bar", Version: "1.20", Author: "AUTHOR", Path: "A/AU/AUTHOR/Foo-Bar-1.20.tar.gz",
				Modules: []cpan.Module{"Foo::Bar"}, Direct: true, Notes: []string{"a doubt"},
				Evidence: []inventory.Evidence{{File: "cpanfile.snapshot", Line: 3, How: "cpanfile.snapshot"}},
			},
			{Kind: inventory.Required, Dist: "Old", Requirement: &minimum, Scope: inventory.Test},
		},
		Edges: []inventory.Edge{
			{From: -1, To: 0, Module: "Foo::Bar", Range: ">= 1.1", Evidence: inventory.Evidence{File: "cpanfile", Line: 2, How: "cpanfile"}},
			{From: 1, To: 0, Module: "Foo::Bar", Scope: inventory.Merged},
		},
		Notices: []inventory.Notice{{Partial: true, Text: "<more>", At: inventory.Evidence{File: "cpanfile", Line: 4, How: "cpanfile"}}},
	}
	var b strings.Builder
	if err := inv.Encode(&b, "shop"); err != nil || b.String() != encoded {
		t.Errorf("%v, got\n%s\nwant\n%s", err, b.String(), encoded)
	}
}
