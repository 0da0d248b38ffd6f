//go:build unix

package bench

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"text/tabwriter"

	"nacre/internal/testkit"
)

// BenchmarkScanArchive opens images that docker saved, of one layer of 1,500 and
// of 15,000 files of Perl-like text, packed and not, in turns with what unpacks
// the same bytes: gzip alone, and tar, which writes each file. Memory must not
// grow with the number of bytes.
func BenchmarkScanArchive(b *testing.B) {
	gunzip, untar := testkit.Need(b, "gzip"), testkit.Need(b, "tar")
	dir := b.TempDir()
	open := filepath.Join(dir, "openarchive")
	build := exec.Command("go", "build", "-trimpath", "-o", open, "nacre/bench/internal/openarchive")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	type row struct {
		name  string
		cmd   func() *exec.Cmd
		files int
		size  int64
		cost  cost
	}
	var rows []*row
	for _, files := range []int{1500, 15_000} {
		plain := filepath.Join(dir, fmt.Sprintf("%d.tar", files))
		packed, raw := plain+".gz", plain+".layer.gz"
		size := writeLayer(b, raw+".tar", files)
		writeImage(b, plain, raw+".tar", size)
		gzipFile(b, packed, plain)
		gzipFile(b, raw, raw+".tar")
		to := filepath.Join(dir, "unpacked")
		add := func(name string, args ...string) {
			rows = append(rows, &row{name: name, files: files, size: size, cmd: func() *exec.Cmd {
				os.RemoveAll(to)
				os.Mkdir(to, 0o777)
				return exec.Command(args[0], args[1:]...)
			}})
		}
		add("nacre, image.tar", open, plain)
		add("nacre, image.tar.gz", open, packed)
		add("nacre, layer.tar.gz", open, raw)
		add("gzip -dc", gunzip, "-dc", raw)
		add("tar -xzf", untar, "-xzf", raw, "-C", to)
	}
	for b.Loop() {
		for range 3 {
			for _, r := range rows {
				cmd := r.cmd()
				if strings.HasPrefix(r.name, "gzip") {
					cmd.Args = []string{"sh", "-c", "exec " + cmd.Path + " -dc " + cmd.Args[2] + " > /dev/null"}
					cmd.Path = "/bin/sh"
				}
				r.cost.run(b, cmd)
			}
		}
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(w, "\nopened\tfiles\tMB\tCPU ms\tMB/s of CPU\tpeak MB\t\n")
	for _, r := range rows {
		mb := float64(r.size) / 1e6
		fmt.Fprintf(w, "%s\t%d\t%.0f\t%.0f\t%.0f\t%.0f\t\n", r.name, r.files, mb, milliseconds(r.cost.mean()),
			mb/r.cost.mean().Seconds(), float64(r.cost.peak)/1e6)
	}
	w.Flush()
	few, many := rows[:5], rows[5:]
	b.ReportMetric(float64(many[1].cost.peak)/float64(few[1].cost.peak), "memory-at-15000-over-1500")
	b.ReportMetric(float64(many[2].cost.mean())/float64(many[3].cost.mean()), "x-gzip")
	b.ReportMetric(float64(many[2].cost.mean())/float64(many[4].cost.mean()), "x-tar")
}

// writeLayer writes a tar of files of some 8 KB and gives its size. Nothing here
// is held in memory: the peak of a program counts from that of this one.
func writeLayer(b *testing.B, to string, files int) int64 {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	words := make([]string, 3000)
	for i := range words {
		word := make([]byte, 2+r.IntN(9))
		for j := range word {
			word[j] = 'a' + byte(r.IntN(26))
		}
		words[i] = string(word)
	}
	f, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := tar.NewWriter(f)
	var body bytes.Buffer
	for i := range files {
		body.Reset()
		for body.Len() < 8000 {
			fmt.Fprintf(&body, "my $%s = %s->%s('%s');\n", words[r.IntN(3000)], words[r.IntN(3000)], words[r.IntN(300)], words[r.IntN(3000)])
		}
		addFile(b, w, fmt.Sprintf("usr/share/perl5/Acme/Demo%d/File%d.pm", i/10, i), &body, int64(body.Len()))
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		b.Fatal(err)
	}
	return info.Size()
}

func addFile(b *testing.B, w *tar.Writer, name string, r io.Reader, size int64) {
	b.Helper()
	if err := w.WriteHeader(&tar.Header{Name: name, Size: size, Mode: 0o644}); err != nil {
		b.Fatal(err)
	}
	if _, err := io.Copy(w, r); err != nil {
		b.Fatal(err)
	}
}

// writeImage writes what docker save would, of one layer.
func writeImage(b *testing.B, to, layer string, size int64) {
	b.Helper()
	in, err := os.Open(layer)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, in); err != nil {
		b.Fatal(err)
	}
	if _, err := in.Seek(0, io.SeekStart); err != nil {
		b.Fatal(err)
	}
	config := fmt.Sprintf(`{"rootfs":{"diff_ids":["sha256:%x"]}}`, sum.Sum(nil))
	const manifest = `[{"Config":"config.json","Layers":["0/layer.tar"]}]`
	f, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w := tar.NewWriter(f)
	addFile(b, w, "0/layer.tar", in, size)
	addFile(b, w, "config.json", strings.NewReader(config), int64(len(config)))
	addFile(b, w, "manifest.json", strings.NewReader(manifest), int64(len(manifest)))
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}

func gzipFile(b *testing.B, to, from string) {
	b.Helper()
	in, err := os.Open(from)
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		b.Fatal(err)
	}
	defer out.Close()
	w := gzip.NewWriter(out)
	if _, err := io.Copy(w, in); err != nil {
		b.Fatal(err)
	}
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
}
