package all

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"nacre/audit"
	"nacre/audit/cases"
)

// TestWorkers holds that all rules find the same in all of their cases, whatever
// the number of workers is. With -race it shows what they share.
func TestWorkers(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for _, r := range rules {
		for i, c := range cases.All(&r.Doc) {
			for _, f := range c.Files {
				fsys[fmt.Sprintf("lib/%s/%d/%s", r.Doc.ID, i, f.Name)] = &fstest.MapFile{Data: f.Data}
			}
		}
	}
	files := slices.Sorted(maps.Keys(fsys))
	found := func(jobs int) (all []audit.Finding) {
		err := audit.Run(context.Background(), &audit.Release{FS: fsys, Files: files}, audit.Options{Rules: rules, Jobs: jobs}, func(r audit.Result) bool {
			all = append(all, r.Findings...)
			return true
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	one := found(1)
	if len(one) < len(rules) {
		t.Fatalf("%d findings of %d rules", len(one), len(rules))
	}
	if d := cmp.Diff(one, found(8)); d != "" {
		t.Error(d)
	}
}
