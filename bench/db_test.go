//go:build unix

package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"nacre/advisory"
	"nacre/advisory/db"
	"nacre/advisory/merge"
	"nacre/advisory/published"
	"nacre/cpan"
	"nacre/internal/testkit"
)

// realDatabase builds a database of all real data and gives its file, the
// built JSON that it is compared with, and names to look up.
func realDatabase(b *testing.B) (file string, index []byte, dists []cpan.Dist) {
	b.Helper()
	data := testkit.Data(b)
	index, err := os.ReadFile(filepath.Join(data, "cpansa", "cpan-security-advisory.json"))
	if err != nil {
		b.Fatal(err)
	}
	reports, built, records := published.Batches(b, os.DirFS(data))
	set, _ := merge.Merge([]advisory.Batch{built, reports, records})
	var out bytes.Buffer
	if err := db.Write(&out, set, time.Unix(1790812800, 0)); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(out.Len()), "bytes/file")
	file = filepath.Join(b.TempDir(), "nacre.db")
	if err := os.WriteFile(file, out.Bytes(), 0o644); err != nil {
		b.Fatal(err)
	}
	d, err := db.Open(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		b.Fatal(err)
	}
	for dist, err := range d.Dists() {
		if err != nil {
			b.Fatal(err)
		}
		dists = append(dists, dist)
	}
	return file, index, dists
}

// cpuTime is the user and system CPU time of this process so far: on a machine
// that has other work the clock says little.
func cpuTime(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// BenchmarkLookups opens the database file of all CPANSA and CVE data, asks for
// the records and releases of 100 distributions spread over it, and closes it.
// It prints CPU milliseconds for that, and how many times as long one decoding of
// the built JSON with encoding/json takes. The target is 5 ms.
func BenchmarkLookups(b *testing.B) {
	file, index, dists := realDatabase(b)
	ctx := context.Background()
	const lookups = 100
	b.ReportAllocs()
	start := cpuTime(b)
	for b.Loop() {
		f, err := os.Open(file)
		if err != nil {
			b.Fatal(err)
		}
		info, err := f.Stat()
		if err != nil {
			b.Fatal(err)
		}
		d, err := db.Open(f, info.Size())
		if err != nil {
			b.Fatal(err)
		}
		for i := range lookups {
			dist := dists[i*len(dists)/lookups]
			if _, err := d.ForDist(ctx, dist); err != nil {
				b.Fatal(err)
			}
			if _, err := d.Releases(ctx, dist); err != nil {
				b.Fatal(err)
			}
		}
		f.Close()
	}
	ours := (cpuTime(b) - start) / time.Duration(b.N)
	start = cpuTime(b)
	var all any
	if err := json.Unmarshal(index, &all); err != nil {
		b.Fatal(err)
	}
	theirs := cpuTime(b) - start
	b.ReportMetric(float64(ours)/1e6, "cpu-ms/100-lookups")
	b.ReportMetric(float64(theirs)/float64(ours), "x-faster-than-decoding-JSON-once")
}
