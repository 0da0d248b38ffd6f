package bench

import (
	"os/exec"
	"testing"
	"time"

	"nacre/internal/testkit"
	"nacre/perlsrc"
)

// BenchmarkPerlsrcTokens reads perl's library token by token, on one core. It
// reports MB a second, the share of the bytes that is code, as a multiple of
// the goal of 20 MB a second, and of PPI's tokenizer on every 40th of the files.
func BenchmarkPerlsrcTokens(b *testing.B) {
	perl := testkit.NeedPPI(b)
	names, sources := libraryFiles(b, 1<<20)
	var sample [][]byte
	var sampled []string
	total, sampleBytes := 0, 0
	for i, src := range sources {
		total += len(src)
		if i%40 == 0 && len(src) < 1<<20 {
			sample, sampled = append(sample, src), append(sampled, names[i])
			sampleBytes += len(src)
		}
	}
	b.SetBytes(int64(total))
	b.ReportAllocs()
	tokens, code := 0, 0
	for b.Loop() {
		tokens, code = 0, 0
		for _, src := range sources {
			s := perlsrc.NewScanner(src)
			for {
				t, ok := s.Next()
				if !ok {
					break
				}
				tokens++
				if t.Kind.Significant() {
					code += t.End - t.Start
				}
			}
		}
	}
	rate := float64(total) / 1e6 / (b.Elapsed().Seconds() / float64(b.N))
	b.ReportMetric(float64(len(sources)), "files")
	b.ReportMetric(rate/20, "x-goal")
	b.ReportMetric(100*float64(code)/float64(total), "%code")
	b.ReportMetric(float64(tokens)/1e6/(b.Elapsed().Seconds()/float64(b.N)), "Mtokens/s")

	const program = `for my $name (@ARGV) {
		open my $in, "<:raw", $name or die $name;
		my $source = do { local $/; <$in> };
		my $tokens = PPI::Tokenizer->new(\$source) or next;
		$tokens->all_tokens;
	}`
	ppi := exec.Command(perl, append([]string{"-MPPI", "-e", program}, sampled...)...)
	if out, err := ppi.CombinedOutput(); err != nil {
		b.Fatalf("%v: %s", err, out)
	}
	start := time.Now()
	const runs = 20
	for range runs {
		for _, src := range sample {
			s := perlsrc.NewScanner(src)
			for _, ok := s.Next(); ok; _, ok = s.Next() {
			}
		}
	}
	ours := time.Since(start).Seconds() / runs
	theirs := (ppi.ProcessState.UserTime() + ppi.ProcessState.SystemTime()).Seconds()
	b.ReportMetric(theirs/ours, "x-PPI")
	b.ReportMetric(float64(sampleBytes)/1e6/theirs, "PPI-MB/s")
}
