package bench

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/perlsrc/facts"
)

// libraryFiles are at most n modules of the machine's perl, evenly spread, and
// their sources.
func libraryFiles(b *testing.B, n int) (names []string, sources [][]byte) {
	b.Helper()
	out, err := exec.Command(testkit.NeedPerl(b, "ExtUtils::MakeMaker"), "-e", "print join qq(\n), grep { -d } @INC").Output()
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for dir := range strings.SplitSeq(string(out), "\n") {
		filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
			if err == nil && entry.Type().IsRegular() && strings.HasSuffix(name, ".pm") {
				all = append(all, name)
			}
			return nil
		})
	}
	slices.Sort(all)
	all = slices.Compact(all)
	n = min(n, len(all))
	for i := range n {
		name := all[i*len(all)/n]
		src, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		names, sources = append(names, name), append(sources, src)
	}
	return names, sources
}

// BenchmarkFactsVersion reads modules and their versions, and compares with
// parse_version of ExtUtils::MakeMaker on the same files, in CPU time.
func BenchmarkFactsVersion(b *testing.B) {
	names, _ := libraryFiles(b, 1000)
	stated := 0
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		for _, name := range names {
			src, err := os.ReadFile(name)
			if err != nil {
				b.Fatal(err)
			}
			if facts.ReadVersion(src, "").Version.Stated() {
				stated++
			}
		}
	}
	if stated == 0 {
		b.Fatal("no file states a version")
	}
	rate := float64(b.N*len(names)) / (cpuTime(b) - start).Seconds()
	b.ReportMetric(rate, "files/cpu-s")
	c := exec.Command("perl", testkit.Root(b)+"/bench/testdata/parse_version.pl")
	c.Stdin = strings.NewReader(strings.Join(names, "\n") + "\n")
	out, err := c.Output()
	if err != nil {
		b.Fatal(err)
	}
	perl, err := strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(rate/perl, "x-parse_version")
}

// BenchmarkFactsRead reads all facts of modules.
func BenchmarkFactsRead(b *testing.B) {
	_, sources := libraryFiles(b, 1000)
	size := 0
	for _, src := range sources {
		size += len(src)
	}
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		for _, src := range sources {
			facts.Read(src)
		}
	}
	b.ReportMetric(float64(b.N*size)/1e6/(cpuTime(b)-start).Seconds(), "MB/cpu-s")
}
