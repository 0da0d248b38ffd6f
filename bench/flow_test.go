package bench

import (
	"testing"
	"time"

	"nacre/perlsrc"
	"nacre/perlsrc/flow"
)

// BenchmarkFlow reads perl's library as trees, makes the graph of each, and asks
// where each rand goes and what each argument of open is made of, on one core. It
// reports MB a second of trees, of trees and graphs, and of all three, and the
// first two together as a multiple of the goal of 10 MB a second.
func BenchmarkFlow(b *testing.B) {
	_, sources := libraryFiles(b, 1<<20)
	total := 0
	for _, src := range sources {
		total += len(src)
	}
	b.SetBytes(int64(total))
	var parse, graph, ask time.Duration
	questions, cut := 0, 0
	for b.Loop() {
		for _, src := range sources {
			start := time.Now()
			tree := perlsrc.Parse(src)
			parsed := time.Now()
			g := flow.New(tree)
			made := time.Now()
			for n := range tree.All(0, perlsrc.CallNode) {
				switch tree.Callee(n) {
				case "rand":
					if _, whole := g.Sinks(n); !whole {
						cut++
					}
					questions++
				case "open":
					for a := range tree.Args(n) {
						if _, whole := g.Origins(a); !whole {
							cut++
						}
						questions++
					}
				}
			}
			parse, graph, ask = parse+parsed.Sub(start), graph+made.Sub(parsed), ask+time.Since(made)
		}
	}
	rate := func(d time.Duration) float64 { return float64(total) * float64(b.N) / 1e6 / d.Seconds() }
	b.ReportMetric(rate(parse), "parse-MB/s")
	b.ReportMetric(rate(parse+graph), "graph-MB/s")
	b.ReportMetric(rate(parse+graph+ask), "asked-MB/s")
	b.ReportMetric(rate(parse+graph)/10, "x-goal")
	b.ReportMetric(float64(questions)/float64(b.N), "questions")
	b.ReportMetric(float64(cut)/float64(b.N), "cut-short")
}
