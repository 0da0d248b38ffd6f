package bench

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"text/tabwriter"
	"time"

	"nacre/audit"
	"nacre/audit/all"
	"nacre/internal/testkit"
	"nacre/perlsrc"
)

// BenchmarkAuditSpeed asks all rules about perl's library, on one core and on
// all. It reports MB a second and core, also as a multiple of the goal of 5, how
// many times as long as reading the files into trees alone it takes, and a
// multiple of Perl::Critic with the policies that look for the nearest mistakes,
// on every 40th of the files.
func BenchmarkAuditSpeed(b *testing.B) {
	rules, err := all.Rules()
	if err != nil {
		b.Fatal(err)
	}
	names, sources := libraryFiles(b, 1<<20)
	total := 0
	for _, src := range sources {
		total += len(src)
	}
	check := func(i int) {
		audit.Check(audit.NewFile(names[i], audit.Library, sources[i]), &audit.Release{}, audit.Options{Rules: rules})
	}
	rate := func(b *testing.B) float64 { return float64(total) / 1e6 / (b.Elapsed().Seconds() / float64(b.N)) }

	b.Run("one core", func(b *testing.B) {
		b.SetBytes(int64(total))
		b.ReportAllocs()
		for b.Loop() {
			for i := range sources {
				check(i)
			}
		}
		b.ReportMetric(rate(b)/5, "x-goal")
		start := time.Now()
		for _, src := range sources {
			perlsrc.Parse(src)
		}
		b.ReportMetric(b.Elapsed().Seconds()/float64(b.N)/time.Since(start).Seconds(), "x-parse")
	})
	b.Run("all cores", func(b *testing.B) {
		b.SetBytes(int64(total))
		for b.Loop() {
			var next atomic.Int64
			var workers sync.WaitGroup
			for range runtime.GOMAXPROCS(0) {
				workers.Go(func() {
					for i := next.Add(1) - 1; i < int64(len(sources)); i = next.Add(1) - 1 {
						check(int(i))
					}
				})
			}
			workers.Wait()
		}
		b.ReportMetric(rate(b)/5/float64(runtime.GOMAXPROCS(0)), "x-goal-a-core")
	})
	b.Run("beside Perl::Critic", func(b *testing.B) {
		critic := testkit.Need(b, "perlcritic")
		arguments := []string{"--profile", "", "--single-policy", "(ProhibitTwoArgOpen|ProhibitStringyEval|ProhibitBacktickOperators)$", "--quiet"}
		var sample []int
		for i := range sources {
			if i%40 == 0 {
				sample = append(sample, i)
				arguments = append(arguments, names[i])
			}
		}
		for b.Loop() {
			for _, i := range sample {
				check(i)
			}
		}
		// It exits with 2 where it finds something.
		theirs := exec.Command(critic, arguments...)
		if out, err := theirs.CombinedOutput(); err != nil && theirs.ProcessState.ExitCode() != 2 {
			b.Fatalf("%v: %s", err, out)
		}
		cpu := theirs.ProcessState.UserTime() + theirs.ProcessState.SystemTime()
		b.ReportMetric(cpu.Seconds()/(b.Elapsed().Seconds()/float64(b.N)), "x-Perl-Critic")
	})
}

// BenchmarkAuditMemory measures the peak memory of nacre audit with four workers
// on a folder of one file of 1, 4 and 13 MB, of four files of 13 MB, and of as much
// in files as they are, all of them perl's library joined. It reports bytes of
// memory for a byte of the longest file, and how much more four giants take than one.
func BenchmarkAuditMemory(b *testing.B) {
	nacre := filepath.Join(b.TempDir(), "nacre")
	if out, err := exec.Command("go", "build", "-trimpath", "-o", nacre, "nacre/cmd/nacre").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	const mb = 1 << 20
	small := b.TempDir()
	joined := joinedFiles(b, small, 13*mb)
	type row struct {
		files, size int
		dir         string
		cost        cost
	}
	rows := []*row{{files: 1, size: 1 * mb}, {files: 1, size: 4 * mb}, {files: 1, size: 13 * mb}, {files: 4, size: 13 * mb}}
	for _, r := range rows {
		r.dir = b.TempDir()
		for i := range r.files {
			end := bytes.LastIndexByte(joined[:r.size], '\n') + 1
			if err := os.WriteFile(filepath.Join(r.dir, fmt.Sprintf("Giant%d.pm", i)), joined[:end], 0o644); err != nil {
				b.Fatal(err)
			}
		}
	}
	rows = append(rows, &row{files: 0, size: len(joined), dir: small})
	for b.Loop() {
		for _, r := range rows {
			r.cost.run(b, exec.Command(nacre, "audit", "-j", "4", "--max-time", "10m", "--format", "json", r.dir))
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "\nfiles\tMB each\tCPU ms\tpeak MB\tbytes a byte\t\n")
	for _, r := range rows {
		files, size := fmt.Sprint(r.files), fmt.Sprint(r.size/mb)
		if r.files == 0 {
			files, size = "as they are", "13 in all"
		}
		fmt.Fprintf(w, "%s\t%s\t%.0f\t%.0f\t%.1f\t\n", files, size, milliseconds(r.cost.mean()), float64(r.cost.peak)/1e6, float64(r.cost.peak)/float64(r.size))
	}
	w.Flush()
	b.ReportMetric(float64(rows[2].cost.peak)/float64(rows[2].size), "bytes-a-byte")
	b.ReportMetric(float64(rows[3].cost.peak)/float64(rows[2].cost.peak), "four-giants-over-one")
}

// joinedFiles joins modules of perl's library up to a size, without what stands
// behind __END__, and writes each into a folder as it is.
func joinedFiles(b *testing.B, dir string, size int) []byte {
	b.Helper()
	names, sources := libraryFiles(b, 1000) // what is held here counts for what is started from here
	var joined []byte
	for i := 0; len(joined) < size; i = (i + 1) % len(sources) {
		src := sources[i]
		for _, mark := range []string{"\n__END__", "\n__DATA__"} {
			if at := bytes.Index(src, []byte(mark)); at >= 0 {
				src = src[:at+1]
			}
		}
		t := perlsrc.Parse(src)
		if t.Err != nil || t.Outer == 0 || t.Tokens[t.Outer-1].Kind == perlsrc.Pod {
			continue
		}
		joined = append(append(joined, src...), '\n')
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d-%s", i, filepath.Base(names[i]))), src, 0o644); err != nil {
			b.Fatal(err)
		}
	}
	return joined[:size]
}
