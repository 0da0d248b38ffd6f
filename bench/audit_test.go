package bench

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"nacre/audit"
	"nacre/audit/all"
	stated "nacre/release"
)

// BenchmarkAuditTruth runs all rules on the releases of audit/truth.tsv, as
// audit/README.md says, and reports what they find of the published flaws. The
// speed is that of these releases, files that no rule reads not counted.
func BenchmarkAuditTruth(b *testing.B) {
	corpus := os.Getenv("NACRE_CORPUS")
	if corpus == "" {
		b.Skip("SKIPPED: NACRE_CORPUS names no folder of releases: see bench/audit/README.md")
	}
	places := readPlaces(b)
	rules, err := all.Rules()
	if err != nil {
		b.Fatal(err)
	}
	var source, repaired audited
	var size int64
	for b.Loop() {
		b.StopTimer()
		source, repaired, size = audited{}, audited{}, 0
		for _, p := range places {
			b.StartTimer()
			size += source.audit(b, rules, p, filepath.Join(corpus, p.half))
			b.StopTimer()
			if p.fixedLines != nil {
				repaired.audit(b, rules, p, filepath.Join(corpus, "fixed"))
			}
		}
		b.StartTimer()
	}
	b.SetBytes(size)
	for _, h := range []string{"tuning", "heldout", later} {
		fmt.Printf("\n%s\n%s", h, tell(places, h, source, repaired))
	}
}

// audited are the findings of releases that are there, by the release.
type audited map[string][]audit.Finding

// audit runs the rules on the release of a place in a folder, once, and gives
// how many bytes they read.
func (a audited) audit(b *testing.B, rules []*audit.Rule, p place, dir string) (size int64) {
	b.Helper()
	root := filepath.Join(dir, p.release())
	if _, ok := a[p.release()]; ok {
		return 0
	}
	if _, err := os.Stat(root); err != nil {
		return 0
	}
	fsys := os.DirFS(root)
	var files []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			files = append(files, name)
		}
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	slices.Sort(files)
	rel, err := audit.ReadRelease(context.Background(), fsys, files, stated.Options{})
	if err != nil {
		b.Fatal(err)
	}
	found := []audit.Finding{}
	err = audit.Run(context.Background(), rel, audit.Options{Rules: rules, Jobs: runtime.NumCPU()}, func(r audit.Result) bool {
		found = append(found, r.Findings...)
		if r.Read {
			size += int64(r.Bytes)
		}
		return true
	})
	if err != nil {
		b.Fatal(err)
	}
	a[p.release()] = found
	return size
}
