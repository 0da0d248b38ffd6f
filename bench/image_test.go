//go:build unix

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"

	"nacre/internal/testkit"
)

// BenchmarkScanImage scans the root of an image with 1,500 modules, in turns
// with cpan-audit: as it is packaged, with the database that it came with, and
// with the database that nacre has. The target is a twentieth of its CPU time
// and of its memory. A scan also reads what the root's program loads, which
// cpan-audit does not ask; without the program both answer the same question.
// find, which reads no file, shows what looking costs.
func BenchmarkScanImage(b *testing.B) {
	perl := testkit.NeedPerl(b, "CPAN::Audit::DB", "JSON::PP")
	audit, find := testkit.Need(b, "cpan-audit"), testkit.Need(b, "find")
	nacre, database := build(b)
	same := b.TempDir()
	sameData(b, perl, same)
	root, size := makeRoot(b, 1500)
	idle, _ := makeRoot(b, 1500)
	if err := os.RemoveAll(filepath.Join(idle, "opt", "app", "bin")); err != nil {
		b.Fatal(err)
	}

	var ours, whole, list, theirs, theirsSame, names cost
	for b.Loop() {
		for range 5 {
			ours.run(b, scan(nacre, database, idle))
			whole.run(b, scan(nacre, database, root))
			list.run(b, exec.Command(nacre, "inventory", "--db", database, root))
			theirs.run(b, exec.Command(audit, "installed", root))
			cmd := exec.Command(audit, "installed", root)
			cmd.Env = append(os.Environ(), "PERL5LIB="+same)
			theirsSame.run(b, cmd)
			names.run(b, exec.Command(find, root, "-name", "*.pm"))
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\n1500 modules of %.0f MB\tdatabase\truns\tCPU ms\ttimes nacre\tpeak MB\ttimes nacre\t\n", float64(size)/1e6)
	row := func(name, database string, c cost) {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.1f\t%.1f\t%.0f\t%.1f\t\n", name, database, c.runs, milliseconds(c.mean()),
			float64(c.mean())/float64(ours.mean()), float64(c.peak)/1e6, float64(c.peak)/float64(ours.peak))
	}
	row("nacre scan", nacreSize(b, nacre, database), ours)
	row("nacre scan, and what is loaded", "the same", whole)
	row("nacre inventory", "the same", list)
	row("cpan-audit installed", auditSize(b, perl, ""), theirs)
	row("cpan-audit installed", auditSize(b, perl, same), theirsSame)
	row("find -name '*.pm'", "none", names)
	w.Flush()
	b.ReportMetric(milliseconds(ours.mean()), "cpu-ms/scan")
	b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
	b.ReportMetric(float64(theirs.mean())/float64(ours.mean()), "x-less-than-cpan-audit")
}

// BenchmarkScanImageScaling scans roots of 1,500 to 15,000 modules. The time for
// each must not grow, and memory not with what they hold.
func BenchmarkScanImageScaling(b *testing.B) {
	nacre, database := build(b)
	sizes := []int{1500, 5000, 15_000}
	costs := make([]cost, len(sizes))
	bytes := make([]int64, len(sizes))
	dirs := make([]string, len(sizes))
	for i, n := range sizes {
		dirs[i], bytes[i] = makeRoot(b, n)
	}
	for b.Loop() {
		for range 3 {
			for i := range sizes {
				costs[i].run(b, scan(nacre, database, dirs[i]))
			}
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nmodules\tMB\truns\tCPU ms\tCPU us each\tpeak MB\t\n")
	for i, n := range sizes {
		fmt.Fprintf(w, "%d\t%.0f\t%d\t%.1f\t%.1f\t%.0f\t\n", n, float64(bytes[i])/1e6, costs[i].runs, milliseconds(costs[i].mean()),
			1000*milliseconds(costs[i].mean())/float64(n), float64(costs[i].peak)/1e6)
	}
	w.Flush()
	b.ReportMetric(float64(costs[2].peak)/float64(costs[0].peak), "memory-at-15000-over-1500")
}

// makeRoot writes a root with n made-up modules and gives its folder and the
// bytes of their source.
func makeRoot(b *testing.B, n int) (dir string, size int64) {
	b.Helper()
	dir = filepath.Join(b.TempDir(), "root")
	out, err := exec.Command("go", "run", "nacre/bench/internal/makeroot", strconv.Itoa(n), dir, testkit.Data(b)).CombinedOutput()
	if err == nil {
		size, err = strconv.ParseInt(strings.TrimSpace(string(out)), 10, 64)
	}
	if err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return dir, size
}
