//go:build unix

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"
)

// recorded are the figures of other programs that were measured elsewhere, on
// another machine: CPU seconds to build and to validate a bill of so many
// components. SBOM::CycloneDX 1.08 under perl; the last line is all of the plain
// Go parts (cyclonedx-go and jsonschema).
var recorded = map[int]string{
	53:    "SBOM::CycloneDX 0.43 + 1.23 s; App::CPAN::SBOM 4.1 s, 105 MB",
	500:   "SBOM::CycloneDX 3.2 + 5.7 s",
	2000:  "SBOM::CycloneDX 33.5 + 9.7 s, 108 MB",
	10000: "plain Go parts 3.6 s, 58 MB",
}

// BenchmarkBill makes a bill of locked projects of 53, 500, 2,000 and 10,000
// distributions, checks it by schema and rules, and converts it, in turns with the
// plain Go libraries decoding, validating and encoding the same bill. The time for
// each component must not grow.
func BenchmarkBill(b *testing.B) {
	nacre, _ := build(b)
	gobom := filepath.Join(b.TempDir(), "gobom")
	if out, err := exec.Command("go", "build", "-o", gobom, "nacre/bench/internal/gobom").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		b.Fatal(err)
	}
	schemas := filepath.Join(strings.TrimSpace(string(dir)), "schema")

	sizes := []int{53, 500, 2000, 10_000}
	type costs struct{ make, check, convert, peer cost }
	all := make([]costs, len(sizes))
	projects, bills := make([]string, len(sizes)), make([]string, len(sizes))
	for i, n := range sizes {
		projects[i] = b.TempDir()
		writeProject(b, projects[i], n, nil)
		bills[i] = filepath.Join(projects[i], "bill.json")
	}
	command := func(args ...string) *exec.Cmd {
		cmd := exec.Command(nacre, args...)
		cmd.Env = append(os.Environ(), "SOURCE_DATE_EPOCH=1700000000")
		return cmd
	}
	for b.Loop() {
		for range 3 {
			for i := range sizes {
				all[i].make.run(b, command("sbom", "make", projects[i], "-o", bills[i]))
				all[i].check.run(b, command("sbom", "check", "--profile", "none", bills[i]))
				all[i].convert.run(b, command("sbom", "convert", "--to", "spdx-2.3", "-o", bills[i]+".spdx", bills[i]))
				all[i].peer.run(b, exec.Command(gobom, schemas, bills[i]))
			}
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\ncomponents\tMB\tmake ms\tus each\tpeak MB\tcheck ms\tus each\tpeak MB\tconvert ms\tpeak MB\tGo libraries ms\tpeak MB\ttimes check\t\n")
	us := func(c cost, i int) float64 { return 1000 * milliseconds(c.mean()) / float64(sizes[i]) }
	for i, n := range sizes {
		c := &all[i]
		info, err := os.Stat(bills[i])
		if err != nil {
			b.Fatal(err)
		}
		fmt.Fprintf(w, "%d\t%.1f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.1f\t\n", n, float64(info.Size())/1e6,
			milliseconds(c.make.mean()), us(c.make, i), float64(c.make.peak)/1e6,
			milliseconds(c.check.mean()), us(c.check, i), float64(c.check.peak)/1e6,
			milliseconds(c.convert.mean()), float64(c.convert.peak)/1e6,
			milliseconds(c.peer.mean()), float64(c.peer.peak)/1e6, float64(c.peer.mean())/float64(c.check.mean()))
	}
	w.Flush()
	fmt.Println("recorded elsewhere, on another machine:")
	for _, n := range sizes {
		fmt.Printf("  %6d  %s\n", n, recorded[n])
	}
	b.ReportMetric(us(all[3].make, 3)/us(all[1].make, 1), "make-us-each-at-10000-over-500")
	b.ReportMetric(us(all[3].check, 3)/us(all[1].check, 1), "check-us-each-at-10000-over-500")
}
