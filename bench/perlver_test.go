package bench

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/perlver"
)

// versionPairs makes pairs of versions as one distribution has them: near
// neighbours, some of the other kind.
func versionPairs(n int) [][2]string {
	r := rand.New(rand.NewPCG(1, 1))
	version := func(major int) string {
		switch r.IntN(4) {
		case 0:
			return fmt.Sprintf("v%d.%d.%d", major, r.IntN(20), r.IntN(20))
		case 1:
			return fmt.Sprintf("%d.%02d_%02d", major, r.IntN(100), r.IntN(100))
		case 2:
			return fmt.Sprintf("%d.%06d", major, r.IntN(20_000))
		default:
			return fmt.Sprintf("%d.%02d", major, r.IntN(100))
		}
	}
	pairs := make([][2]string, n)
	for i := range pairs {
		major := r.IntN(3)
		pairs[i] = [2]string{version(major), version(major)}
	}
	return pairs
}

// BenchmarkPerlverCompare compares parsed versions on one core. It reports
// millions of comparisons a second, as a multiple of the goal of 5, and, where
// perl is here, of version.pm's own vcmp on the same pairs.
func BenchmarkPerlverCompare(b *testing.B) {
	texts := versionPairs(1000)
	var pairs [1000][2]perlver.Version
	for i, p := range texts {
		for k := range p {
			v, err := perlver.Parse(p[k])
			if err != nil {
				b.Fatal(err)
			}
			pairs[i][k] = v
		}
	}
	before := 0
	for b.Loop() {
		for i := range pairs {
			if pairs[i][0].Compare(pairs[i][1]) < 0 {
				before++
			}
		}
	}
	if before == 0 {
		b.Fatal("no version comes before another")
	}
	rate := float64(b.N*len(pairs)) / b.Elapsed().Seconds()
	b.ReportMetric(rate/1e6, "Mcompare/s")
	b.ReportMetric(rate/5e6, "x-goal")
	if perl, err := exec.LookPath("perl"); err == nil {
		b.ReportMetric(rate/perlRate(b, perl, texts), "x-perl")
	}
}

// perlRate is how many of the same comparisons perl does a second.
func perlRate(b *testing.B, perl string, pairs [][2]string) float64 {
	b.Helper()
	var input strings.Builder
	for _, p := range pairs {
		input.WriteString(p[0] + "\t" + p[1] + "\n")
	}
	cmd := exec.Command(perl, testkit.Root(b)+"/bench/testdata/vcmp.pl")
	cmd.Stdin = strings.NewReader(input.String())
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	rate, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	return rate
}

// BenchmarkPerlverParse parses versions of releases; none of them allocates.
func BenchmarkPerlverParse(b *testing.B) {
	texts := versionPairs(1000)
	b.ReportAllocs()
	for b.Loop() {
		for _, p := range texts {
			if _, err := perlver.Parse(p[0]); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(b.N*len(texts))/b.Elapsed().Seconds()/1e6, "Mparse/s")
}

// BenchmarkPerlverRange reads affected_versions of one record, and looks a
// version up.
func BenchmarkPerlverRange(b *testing.B) {
	v, err := perlver.Parse("1.2")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if in, _ := perlver.ParseCPANSA([]string{">=1.0,<1.4"}).Contains(v); in != perlver.True {
			b.Fatal(in)
		}
	}
}
