package bench

import (
	"bufio"
	"fmt"
	"strings"
	"testing"
	"time"

	"nacre/cpan"
)

// moduleIndex makes a 02packages.details.txt of n modules, five to a release.
func moduleIndex(n int) string {
	var b strings.Builder
	fmt.Fprintf(&b, "File:         02packages.details.txt\nLine-Count:   %d\n\n", n)
	for i := range n {
		rel := i / 5
		name := fmt.Sprintf("Acme::Bench%d::Part%d", rel, i%5)
		fmt.Fprintf(&b, "%-40s %8d.%02d  A/AU/AUTHOR%d/Acme-Bench%d-%d.%02d.tar.gz\n", name, i%7, i%100, rel%10, rel, rel%7, rel%100)
	}
	return b.String()
}

// BenchmarkModuleIndex reads an index as large as the archive's own, against a
// plain scan of its lines; "ratio" is how many times longer the reader takes,
// "owners" with the map from module to distribution made too.
func BenchmarkModuleIndex(b *testing.B) {
	const modules = 250_000
	text := moduleIndex(modules)
	var plain, reader, owners time.Duration
	for b.Loop() {
		start := time.Now()
		lines := 0
		scan := bufio.NewScanner(strings.NewReader(text))
		for scan.Scan() {
			lines++
		}
		plain += time.Since(start)
		if lines != modules+3 {
			b.Fatalf("%d lines", lines)
		}

		start = time.Now()
		x, err := cpan.ReadModuleIndex(strings.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		for _, err := range x.Entries() {
			if err != nil {
				b.Fatal(err)
			}
		}
		reader += time.Since(start)

		start = time.Now()
		if x, err = cpan.ReadModuleIndex(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
		o, _, err := x.Owners()
		if err != nil || o.Len() != modules {
			b.Fatal(o.Len(), err)
		}
		owners += time.Since(start)
	}
	mb := func(d time.Duration) float64 { return float64(len(text)) * float64(b.N) / 1e6 / d.Seconds() }
	b.ReportMetric(mb(plain), "scan-MB/s")
	b.ReportMetric(mb(reader), "reader-MB/s")
	b.ReportMetric(mb(owners), "owners-MB/s")
	b.ReportMetric(reader.Seconds()/plain.Seconds(), "ratio")
}
