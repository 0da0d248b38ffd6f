//go:build unix

package bench

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"text/tabwriter"
	"time"

	"nacre/advisory/cpansa"
	"nacre/internal/testkit"
	"nacre/perlver"
)

// cost is what runs of a program cost.
type cost struct {
	runs  int
	cpu   time.Duration // user and system, of all runs
	peak  int64         // bytes, the most of any run
	bytes int           // of output, of the last run
}

func (c cost) mean() time.Duration { return c.cpu / time.Duration(max(1, c.runs)) }

// run adds a run. A status below 126 is an answer: both programs say by it what
// they found.
func (c *cost) run(b *testing.B, cmd *exec.Cmd) {
	b.Helper()
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() < 0 || exit.ExitCode() > 126) {
		b.Fatalf("%v: %v\n%.2000s", cmd, err, out)
	}
	usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	if !ok {
		b.Fatal("the system does not say what a program used")
	}
	peak := int64(usage.Maxrss)
	if runtime.GOOS == "linux" {
		peak <<= 10 // there it counts KiB
	}
	c.runs++
	c.cpu += cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
	c.peak = max(c.peak, peak)
	c.bytes = len(out)
}

// build makes the program and a database of all real data.
func build(b *testing.B) (nacre, database string) {
	b.Helper()
	dir := b.TempDir()
	nacre, database = filepath.Join(dir, "nacre"), filepath.Join(dir, "nacre.db")
	for _, cmd := range []*exec.Cmd{
		exec.Command("go", "build", "-trimpath", "-o", nacre, "nacre/cmd/nacre"),
		exec.Command(nacre, "db", "build", "--from", testkit.Data(b), "-o", database),
	} {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %v\n%s", cmd, err, out)
		}
	}
	return nacre, database
}

// scan is the scan of a folder.
func scan(nacre, database, dir string) *exec.Cmd {
	return exec.Command(nacre, "scan", "--db", database, dir)
}

// BenchmarkScan scans a locked project of 95 distributions, in turns with perl
// doing nothing and with cpan-audit: as it is packaged, with the database that
// it came with, and with the database that nacre has, turned into its form.
// The targets are 24 ms of CPU time, 30 MB and a fiftieth of cpan-audit.
func BenchmarkScan(b *testing.B) {
	perl := testkit.NeedPerl(b, "CPAN::Audit::DB", "JSON::PP")
	audit := testkit.Need(b, "cpan-audit")
	nacre, database := build(b)
	const locked, often, seldom = "testdata/locked-95", 50, 10
	same := b.TempDir()
	sameData(b, perl, same)

	var ours, nothing, theirs, theirsSame cost
	for b.Loop() {
		for i := range often {
			ours.run(b, scan(nacre, database, locked))
			nothing.run(b, exec.Command(perl, "-e", "1"))
			if i%(often/seldom) != 0 {
				continue
			}
			theirs.run(b, exec.Command(audit, "deps", locked))
			cmd := exec.Command(audit, "deps", locked)
			cmd.Env = append(os.Environ(), "PERL5LIB="+same)
			theirsSame.run(b, cmd)
		}
	}

	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nscan of 95\tdatabase\truns\tCPU ms\ttimes nacre\tpeak MB\t\n")
	row := func(name, database string, c cost) {
		fmt.Fprintf(w, "%s\t%s\t%d\t%.1f\t%.1f\t%.0f\t\n", name, database, c.runs,
			milliseconds(c.mean()), float64(c.mean())/float64(ours.mean()), float64(c.peak)/1e6)
	}
	row("nacre scan", nacreSize(b, nacre, database), ours)
	row("cpan-audit deps", auditSize(b, perl, ""), theirs)
	row("cpan-audit deps", auditSize(b, perl, same), theirsSame)
	row("perl -e 1", "none", nothing)
	w.Flush()
	b.ReportMetric(milliseconds(ours.mean()), "cpu-ms/scan")
	b.ReportMetric(float64(ours.peak)/1e6, "peak-MB")
	b.ReportMetric(float64(theirs.mean())/float64(ours.mean()), "x-less-than-cpan-audit")
}

// BenchmarkScanScaling scans made-up projects of 500, 1000 and 2000 distributions,
// of which every fifth is on record. The time for each must not grow.
func BenchmarkScanScaling(b *testing.B) {
	nacre, database := build(b)
	known := knownReleases(b)
	sizes := []int{500, 1000, 2000}
	costs := make([]cost, len(sizes))
	dirs := make([]string, len(sizes))
	for i, n := range sizes {
		dirs[i] = b.TempDir()
		writeProject(b, dirs[i], n, known)
	}
	for b.Loop() {
		for range 5 {
			for i := range sizes {
				costs[i].run(b, scan(nacre, database, dirs[i]))
			}
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\ndistributions\truns\tCPU ms\tCPU us each\tpeak MB\t\n")
	each := func(i int) float64 { return 1000 * milliseconds(costs[i].mean()) / float64(sizes[i]) }
	for i, n := range sizes {
		fmt.Fprintf(w, "%d\t%d\t%.1f\t%.1f\t%.0f\t\n", n, costs[i].runs, milliseconds(costs[i].mean()), each(i), float64(costs[i].peak)/1e6)
	}
	w.Flush()
	b.ReportMetric(each(2)/each(0), "us-each-at-2000-over-500")
}

func milliseconds(d time.Duration) float64 { return float64(d) / 1e6 }

// sameData writes the database of the real data as the Perl module that
// cpan-audit loads.
func sameData(b *testing.B, perl, dir string) {
	b.Helper()
	const script = `
use Data::Dumper; use JSON::PP;
my ($in, $out) = @ARGV;
open my $f, '<', $in or die "$in: $!"; local $/;
my $d = decode_json(<$f>);
local ($Data::Dumper::Indent, $Data::Dumper::Terse) = (0, 1);
open my $o, '>:utf8', $out or die "$out: $!";
print $o "package CPAN::Audit::DB; use utf8; our \$VERSION = 1; sub db { ",
    Dumper({ dists => $d->{dists}, module2dist => $d->{module2dist} }), " } 1;\n";
close $o or die "$out: $!";`
	module := filepath.Join(dir, "CPAN", "Audit", "DB.pm")
	if err := os.MkdirAll(filepath.Dir(module), 0o755); err != nil {
		b.Fatal(err)
	}
	in := filepath.Join(testkit.Data(b), "cpansa", "cpan-security-advisory.json")
	if out, err := exec.Command(perl, "-e", script, in, module).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
}

// auditSize says how large the database of cpan-audit is.
func auditSize(b *testing.B, perl, lib string) string {
	b.Helper()
	cmd := exec.Command(perl, "-MCPAN::Audit::DB", "-e", `
my $d = CPAN::Audit::DB->db->{dists}; my $n = 0;
$n += @{ $_->{advisories} } for values %$d;
printf '%d entries on %d', $n, scalar keys %$d`)
	cmd.Env = append(os.Environ(), "PERL5LIB="+lib)
	out, err := cmd.Output()
	if err != nil {
		b.Fatal(err)
	}
	return string(out)
}

// nacreSize says the same of ours; entries about one flaw are one record there.
func nacreSize(b *testing.B, nacre, database string) string {
	b.Helper()
	out, err := exec.Command(nacre, "db", "info", "--db", database, "--format", "json").Output()
	if err != nil {
		b.Fatal(err)
	}
	var line struct {
		Info struct{ Advisories, Distributions int }
	}
	for text := range bytes.Lines(out) { // the first says what the format is
		if err := json.Unmarshal(text, &line); err != nil {
			b.Fatalf("%v: %.200s", err, text)
		}
	}
	return fmt.Sprintf("%d records on %d", line.Info.Advisories, line.Info.Distributions)
}

// release is a distribution with a version from the middle of its releases.
type release struct{ dist, version string }

// knownReleases gives one release of each distribution of the real data.
func knownReleases(b *testing.B) []release {
	b.Helper()
	index, err := os.Open(filepath.Join(testkit.Data(b), "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		b.Fatal(err)
	}
	defer index.Close()
	data, err := cpansa.ReadJSON(index)
	if err != nil {
		b.Fatal(err)
	}
	var known []release
	for _, dist := range slices.Sorted(maps.Keys(data.Releases)) {
		all := data.Releases[dist]
		middle := all[len(all)/2].Version
		if _, err := perlver.ParseExact(middle); err == nil && dist != "perl" {
			known = append(known, release{string(dist), middle})
		}
	}
	return known
}

// writeProject writes a lock of n distributions, every fifth of them one of the
// known releases, if there are any. Each requires the three before it.
func writeProject(b *testing.B, dir string, n int, known []release) {
	b.Helper()
	if known != nil && n/5 > len(known) {
		b.Fatalf("only %d releases are known", len(known))
	}
	names := make([]release, n)
	for i := range names {
		names[i] = release{fmt.Sprintf("Acme-Demo-N%04d", i), "1.01"}
		if known != nil && i%5 == 0 {
			names[i] = known[i/5]
		}
	}
	module := func(r release) string { return strings.ReplaceAll(r.dist, "-", "::") }
	var lock, cpanfile bytes.Buffer
	fmt.Fprintf(&lock, "# carton snapshot format: version 1.0\nDISTRIBUTIONS\n")
	fmt.Fprintf(&cpanfile, "requires 'perl', '5.036';\n")
	for i, r := range names {
		fmt.Fprintf(&lock, "  %[1]s-%[2]s\n    pathname: A/AN/ANON/%[1]s-%[2]s.tar.gz\n    provides:\n      %[3]s %[2]s\n    requirements:\n",
			r.dist, r.version, module(r))
		for _, before := range names[max(0, i-3):i] {
			fmt.Fprintf(&lock, "      %s 0\n", module(before))
		}
		fmt.Fprintf(&lock, "      strict 0\n")
		if i%10 == 9 {
			fmt.Fprintf(&cpanfile, "requires '%s';\n", module(r))
		}
	}
	for name, text := range map[string][]byte{"cpanfile.snapshot": lock.Bytes(), "cpanfile": cpanfile.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			b.Fatal(err)
		}
	}
}
