package bench

import (
	"os/exec"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
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
