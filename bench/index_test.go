//go:build unix

package bench

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"testing"
	"text/tabwriter"
	"time"

	"nacre/internal/testkit"
)

// BenchmarkIndex builds the whole static index of the real data: anew, on top of
// itself, and after one changed record. Beside it stand what no builder can do
// without: reading the sources and writing as many bytes into as many files. The
// targets are 10 s of two cores for all of it, and one second after a change.
func BenchmarkIndex(b *testing.B) {
	dir := b.TempDir()
	nacred := filepath.Join(dir, "nacred")
	make := exec.Command("go", "build", "-trimpath", "-o", nacred, "nacre/cmd/nacred")
	make.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := make.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	data := filepath.Join(dir, "data")
	for _, name := range []string{"cpansa", "cve"} {
		if err := os.CopyFS(filepath.Join(data, name), os.DirFS(filepath.Join(testkit.Data(b), name))); err != nil {
			b.Fatal(err)
		}
	}
	out, work := filepath.Join(dir, "site"), filepath.Join(dir, "work")
	build := func(c *cost, to string, args ...string) time.Duration {
		cmd := exec.Command(nacred, append([]string{
			"index", "build", "--unsigned", "-o", to, "--from", filepath.Join(data, "cpansa"), "--from", filepath.Join(data, "cve"),
		}, args...)...)
		start := time.Now()
		c.run(b, cmd)
		return time.Since(start)
	}

	var anew, same, changed, floor cost
	var wall [4]time.Duration
	for b.Loop() {
		for i := range 3 {
			fresh := filepath.Join(dir, fmt.Sprintf("fresh-%d", i))
			wall[0] += build(&anew, fresh)
			if err := os.RemoveAll(fresh); err != nil {
				b.Fatal(err)
			}
			if i == 0 {
				var first cost
				build(&first, out, "--work", work)
			}
			wall[1] += build(&same, out, "--work", work)
			editReport(b, data, i)
			wall[2] += build(&changed, out, "--work", work)

			// The floor runs in this program: a file is read, or written, by one call.
			start, before := time.Now(), cpuTime(b)
			files, bytes := copyBytes(b, data, out, filepath.Join(dir, fmt.Sprintf("floor-%d", i)))
			wall[3] += time.Since(start)
			floor.runs++
			floor.cpu += cpuTime(b) - before
			b.ReportMetric(float64(files), "files")
			b.ReportMetric(float64(bytes)/1e6, "MB")
		}
	}
	n := time.Duration(anew.runs)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nnacred index build\truns\twall ms\tCPU ms\ttimes the floor\tpeak MB\t\n")
	for i, row := range []struct {
		name string
		c    cost
	}{{"anew", anew}, {"nothing changed", same}, {"one record changed", changed}, {"floor: read sources, write files", floor}} {
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%.1f\t%.0f\t\n", row.name, row.c.runs, milliseconds(wall[i]/n), milliseconds(row.c.mean()),
			float64(row.c.mean())/float64(floor.mean()), float64(row.c.peak)/1e6)
	}
	w.Flush()
	b.ReportMetric(milliseconds(wall[0]/n), "ms/build")
	b.ReportMetric(milliseconds(wall[2]/n), "ms/change")
}

// reported is the day of an advisory.
var reported = regexp.MustCompile(`reported: \d{4}-\d\d-\d\d`)

// editReport changes the days of one hand-written report, each time to others.
func editReport(b *testing.B, data string, i int) {
	b.Helper()
	reports, err := filepath.Glob(filepath.Join(data, "cpansa", "cpansa", "*.yml"))
	if err != nil || len(reports) < 100 {
		b.Fatalf("%d reports, %v", len(reports), err)
	}
	name := reports[50]
	text, err := os.ReadFile(name)
	if err != nil {
		b.Fatal(err)
	}
	changed := reported.ReplaceAll(text, fmt.Appendf(nil, "reported: %d-01-02", 2000+i))
	if bytes.Equal(text, changed) {
		b.Fatalf("%s is as it was", name)
	}
	if err := os.WriteFile(name, changed, 0o644); err != nil {
		b.Fatal(err)
	}
}

// copyBytes reads all files of one folder, and writes as many bytes as another has
// into as many files.
func copyBytes(b *testing.B, read, like, to string) (files int, size int64) {
	b.Helper()
	walk := func(dir string, visit func(path string, e fs.DirEntry) error) {
		err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			return visit(path, e)
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	walk(read, func(path string, e fs.DirEntry) error {
		if e.IsDir() {
			return nil
		}
		_, err := os.ReadFile(path)
		return err
	})
	blank := []byte(nil)
	walk(like, func(path string, e fs.DirEntry) error {
		rel, err := filepath.Rel(like, path)
		if err != nil {
			return err
		}
		if e.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		if n := int(info.Size()); n > len(blank) {
			blank = make([]byte, n)
		}
		files++
		size += info.Size()
		return os.WriteFile(filepath.Join(to, rel), blank[:info.Size()], 0o644)
	})
	if err := os.RemoveAll(to); err != nil {
		b.Fatal(err)
	}
	return files, size
}
