package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/internal/testkit"
)

// The set in the tree is what this program makes of the data.
func TestSetIsCurrent(t *testing.T) {
	data, dir, tree := testkit.Data(t), t.TempDir(), filepath.Join("..", "..")
	for _, name := range []string{"dists.txt", "titles.tsv"} {
		b, err := os.ReadFile(filepath.Join(tree, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(data, dir); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"starter.jsonl", "releases.jsonl", "starter.db"} {
		want, err := os.ReadFile(filepath.Join(tree, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s in the tree has %d bytes, a new one %d, and they differ: run go generate ./internal/starter", name, len(want), len(got))
		}
	}
}

func TestChoose(t *testing.T) {
	record := func(id advisory.ID, dists ...cpan.Dist) advisory.Record {
		r := advisory.Record{ID: id, Title: "theirs", Description: "theirs", Provenance: map[string][]int{"title": {0}, "description": {0}}}
		for _, d := range dists {
			r.Affected = append(r.Affected, advisory.Affected{Dist: d})
		}
		return r
	}
	all := advisory.Set{
		Records:  []advisory.Record{record("CVE-2099-0001", "Foo-Bar", "Foo-Baz"), record("CVE-2099-0002", "Foo-Baz")},
		Releases: map[cpan.Dist][]advisory.Known{"Foo-Bar": {{Version: "1.2"}}, "Foo-Baz": {{Version: "2"}}},
		Owners:   map[cpan.Module]cpan.Dist{"Foo::Bar": "Foo-Bar", "Foo::Baz": "Foo-Baz"},
		Main:     map[cpan.Dist]cpan.Module{"Foo-Bar": "Foo::Bar"},
	}
	for _, c := range []struct{ name, dists, titles, want string }{
		{"one distribution of two", "Foo-Bar\n", "CVE-2099-0001\tOurs\n", ""},
		{"a comment", "# Foo-Baz\nFoo-Bar", "CVE-2099-0001\tOurs\n", ""},
		{"no title", "Foo-Bar Foo-Baz\n", "CVE-2099-0001\tOurs\n", "no title of\nCVE-2099-0002 (Foo-Baz): theirs"},
		{"a title too many", "Foo-Bar\n", "CVE-2099-0001\tOurs\nCVE-2099-0002\tOurs\n", "titles of no advisory on these distributions: [CVE-2099-0002]"},
		{"two titles", "Foo-Bar\n", "CVE-2099-0001\tOurs\nCVE-2099-0001\tOurs\n", `"CVE-2099-0001" has no title, or a second one`},
		{"a line without a tab", "Foo-Bar\n", "CVE-2099-0001 Ours\n", `"CVE-2099-0001 Ours" has no title`},
		{"no advisory", "Foo-Bar Foo\n", "CVE-2099-0001\tOurs\n", "no advisory on Foo"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range map[string]string{"dists.txt": c.dists, "titles.tsv": c.titles} {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			w, err := readWritten(dir)
			var set advisory.Set
			if err == nil {
				set, err = w.choose(all)
			}
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("error = %v, want one with %q", err, c.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if len(set.Records) != 1 || len(set.Releases) != 1 || len(set.Owners) != 1 || set.Main["Foo-Bar"] != "Foo::Bar" {
				t.Fatalf("set is %+v", set)
			}
			r := set.Records[0]
			if r.Title != "Ours" || r.Description != "" || len(r.Affected) != 1 || r.Affected[0].Dist != "Foo-Bar" {
				t.Errorf("record is %+v", r)
			}
			if r.Provenance["description"] != nil || r.Sources[r.Provenance["title"][0]].Name != "Nacre" {
				t.Errorf("provenance is %v of %v", r.Provenance, r.Sources)
			}
		})
	}
}
