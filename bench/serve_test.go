//go:build linux

package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"nacre/internal/testkit"
)

// served is a server that runs as a program of its own.
type served struct {
	cmd  *exec.Cmd
	base string
}

// startBare starts the bare handler, which prints where it listens.
func startBare(b *testing.B, cmd *exec.Cmd) *served {
	b.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	return &served{cmd, "http://" + strings.TrimSpace(line)}
}

// cpu is the time of processors that the server has used, as the system counts it: in
// hundredths of a second.
func (s *served) cpu(b *testing.B) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var ticks time.Duration
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += time.Duration(n)
	}
	return ticks * 10 * time.Millisecond
}

// request is one request of a load.
type request struct{ path, body string }

// clients is how many connections a load has.
const clients = 8

// load sends n requests, in turn, and gives the time of processors that the server
// has used for it and how long each request took.
func (s *served) load(b *testing.B, n int, all []request) (time.Duration, []time.Duration) {
	b.Helper()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: clients, DisableCompression: true}}
	defer client.CloseIdleConnections()
	took := make([]time.Duration, n)
	before := s.cpu(b)
	var running sync.WaitGroup
	for c := range clients {
		running.Go(func() {
			for i := c; i < n; i += clients {
				begin := time.Now()
				if _, _, err := s.ask(client, all[i%len(all)]); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(begin)
			}
		})
	}
	running.Wait()
	return s.cpu(b) - before, took
}

// ask sends one request.
func (s *served) ask(client *http.Client, of request) (http.Header, []byte, error) {
	method := http.MethodGet
	if of.body != "" {
		method = http.MethodPost
	}
	r, err := http.NewRequest(method, s.base+of.path, strings.NewReader(of.body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Accept-Encoding", "gzip")
	r.Header.Set("User-Agent", "bench")
	if of.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	got, err := client.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer got.Body.Close()
	body, err := io.ReadAll(got.Body)
	if err == nil && got.StatusCode != 200 {
		err = fmt.Errorf("%s: %s: %.200s", of.path, got.Status, body)
	}
	return got.Header, body, err
}

// serving builds the index of all real data and serves it, and beside it a bare
// handler with the same answers.
func serving(b *testing.B, all []request) (nacred, bare *served) {
	b.Helper()
	dir := b.TempDir()
	site, program, plain := filepath.Join(dir, "site"), filepath.Join(dir, "nacred"), filepath.Join(dir, "bare")
	for _, cmd := range []*exec.Cmd{
		exec.Command("go", "build", "-trimpath", "-o", program, "nacre/cmd/nacred"),
		exec.Command("go", "build", "-trimpath", "-o", plain, "nacre/bench/internal/bareserver"),
		exec.Command(program, "index", "build", "--unsigned", "--from", testkit.Data(b), "-o", site),
	} {
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v: %v\n%s", cmd, err, out)
		}
	}
	cmd := exec.Command(program, "serve")
	cmd.Env = append(os.Environ(), "NACRED_INDEX="+site, "NACRED_LISTEN=127.0.0.1:0", "NACRED_RATE=0", "NACRED_EVERY=0")
	nacred = startLogged(b, cmd, filepath.Join(dir, "log"))

	type answer struct {
		Type, Encoding string
		Body           []byte
	}
	answers := map[string]answer{}
	for _, r := range all {
		h, body, err := nacred.ask(http.DefaultClient, r)
		if err != nil {
			b.Fatal(err)
		}
		answers[r.path] = answer{h.Get("Content-Type"), h.Get("Content-Encoding"), body}
	}
	text, err := json.Marshal(answers)
	if err != nil {
		b.Fatal(err)
	}
	file := filepath.Join(dir, "answers.json")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		b.Fatal(err)
	}
	return nacred, startBare(b, exec.Command(plain, file))
}

// startLogged starts nacred, whose log goes to a file as it does where it serves.
func startLogged(b *testing.B, cmd *exec.Cmd, name string) *served {
	b.Helper()
	f, err := os.Create(name)
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	cmd.Stderr = f
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // it was killed
	})
	s := &served{cmd: cmd}
	for range 600 {
		time.Sleep(50 * time.Millisecond)
		text, err := os.ReadFile(name)
		if err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			var v struct{ Msg, Address string }
			if json.Unmarshal([]byte(line), &v) == nil && v.Msg == "listening" {
				s.base = "http://" + v.Address
			}
		}
		if s.base == "" {
			continue
		}
		if _, _, err := s.ask(http.DefaultClient, request{path: "/readyz"}); err == nil {
			return s
		}
	}
	b.Fatalf("%v is not ready", cmd)
	return nil
}

// hot are records that many ask for, each as a file and by the API.
func hot() []request {
	var all []request
	for _, id := range []string{"CVE-2020-16154", "CVE-2023-31484", "CVE-2024-45321", "CVE-2018-12015", "CVE-2022-48522"} {
		all = append(all, request{path: "/osv/" + id + ".json"}, request{path: "/v1/vulns/" + id}, request{path: "/api/v1/advisories/" + id})
	}
	return all
}

// tenPURLs is a batch of ten releases, as a lock of a small project would give it.
func tenPURLs() []request {
	var list []string
	for _, p := range []string{
		"Mojolicious@9.19", "HTTP-Tiny@0.070", "CPAN@2.27", "DBI@1.630", "DBD-SQLite@1.50",
		"Dancer@1.3", "CGI@4.3", "YAML-LibYAML@0.4", "Plack@1.0047", "Archive-Tar@2.26",
	} {
		list = append(list, `{"package":{"purl":"pkg:cpan/`+p+`"}}`)
	}
	return []request{{"/v1/querybatch", `{"queries":[` + strings.Join(list, ",") + `]}`}}
}

// BenchmarkServe sends 100,000 requests to nacred and to a bare handler that gives
// the same bytes, alternating, five times each.
func BenchmarkServe(b *testing.B) {
	n, runs := 100_000, 5
	if testing.Short() {
		n, runs = 5_000, 2
	}
	for _, c := range []struct {
		name string
		all  []request
	}{{"records", hot()}, {"batch", tenPURLs()}} {
		b.Run(c.name, func(b *testing.B) {
			nacred, bare := serving(b, c.all)
			type side struct {
				*served
				cpu  time.Duration
				took []time.Duration
			}
			sides := []*side{{served: nacred}, {served: bare}}
			for _, s := range sides { // what is made at the first request
				s.load(b, 2_000, c.all)
			}
			var ratios []float64
			for b.Loop() {
				for range runs {
					var of [2]time.Duration
					for i, s := range sides {
						cpu, took := s.load(b, n, c.all)
						s.cpu += cpu
						s.took = append(s.took, took...)
						of[i] = cpu
					}
					ratios = append(ratios, float64(of[0])/float64(of[1]))
				}
			}
			slices.Sort(ratios)
			w := tabwriter.NewWriter(os.Stdout, 0, 8, 2, ' ', 0)
			fmt.Fprintf(w, "\n%s\trequests\tCPU us each\tp50 us\tp99 us\t\n", c.name)
			for i, s := range sides {
				slices.Sort(s.took)
				fmt.Fprintf(w, "%s\t%d\t%.1f\t%d\t%d\t\n", []string{"nacred", "bare handler"}[i], len(s.took),
					float64(s.cpu.Microseconds())/float64(len(s.took)), s.took[len(s.took)/2].Microseconds(), s.took[len(s.took)*99/100].Microseconds())
			}
			fmt.Fprintf(w, "ratio %.2f (%.2f to %.2f), GOMAXPROCS %d\n", ratios[len(ratios)/2], ratios[0], ratios[len(ratios)-1], runtime.GOMAXPROCS(0))
			w.Flush()
			b.ReportMetric(ratios[len(ratios)/2], "times-bare")
		})
	}
}
