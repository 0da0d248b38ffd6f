package vex

import (
	"bytes"
	"encoding/json"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"nacre/index"
	"nacre/internal/testkit"
	"nacre/report/csaf"
)

// serve serves an index by https on this machine, as a host of pages does, and gives
// its address. What is served may be changed first.
func serve(t *testing.T, m *index.Model, change func(all map[string][]byte)) string {
	t.Helper()
	var all map[string][]byte
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		b, ok := all[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(name, ".json") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.Write(b)
	}))
	at := "https://" + server.Listener.Addr().String()
	here := *m
	here.Site.URL = at + "/"
	all = files(t, &here)
	change(all)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	return at
}

// TestCSAFChecker lets the checker of gocsaf go over the folder as it stands on a
// web site.
func TestCSAFChecker(t *testing.T) {
	checker := testkit.NeedTool(t, "csaf_checker")
	// What an index without an OpenPGP key cannot have, and what is optional: of
	// security.txt, a well-known address and a name in the DNS a provider has one,
	// and of ROLIE and a folder one.
	known := map[int]string{
		8:  `.*/security\.txt failed.*`,
		10: `.*csaf\.data\.security\..*`,
		15: "ROLIE feed based distribution was not used.",
		19: "Fetching .* failed: .*",
	}
	t.Run("made up", func(t *testing.T) {
		at := serve(t, model(t, input(t)), func(map[string][]byte) {})
		if !check(t, checker, strings.TrimPrefix(at, "https://"), known) {
			t.Error("the folder is not that of a CSAF provider")
		}
	})
	t.Run("real data", func(t *testing.T) {
		at := serve(t, realModel(t), func(map[string][]byte) {})
		if !check(t, checker, at+"/csaf/provider-metadata.json", known) {
			t.Error("the folder is not that of a CSAF provider")
		}
	})
	// The feed is right but for the signatures, without which the checker takes an
	// empty text for their address.
	t.Run("feed", func(t *testing.T) {
		at := serve(t, model(t, input(t)), func(all map[string][]byte) {
			var p csaf.Provider
			if err := json.Unmarshal(all["csaf/provider-metadata.json"], &p); err != nil {
				t.Fatal(err)
			}
			p.Places = append(p.Places, csaf.Place{Rolie: &csaf.Rolie{Feeds: []csaf.FeedPlace{{
				Label: "WHITE", URL: p.Places[0].Directory + "feed.json",
			}}}})
			all["csaf/provider-metadata.json"] = marshal(t, p)
		})
		check(t, checker, at+"/csaf/provider-metadata.json", map[int]string{
			3:  "(|Following non-HTTPS URLs were used:)",
			15: "No signature listed on ROLIE feed .*",
			19: known[19],
		})
	})
}

// TestCSAFDownloader lets the downloader of gocsaf fetch all documents, as a reader
// of the index does.
func TestCSAFDownloader(t *testing.T) {
	downloader := testkit.NeedTool(t, "csaf_downloader")
	var want map[string][]byte
	at := serve(t, model(t, input(t)), func(all map[string][]byte) { want = all })
	dir := t.TempDir()
	run := exec.Command(downloader, "--insecure", "--directory", dir, at+"/csaf/provider-metadata.json")
	run.Dir = dir
	if said, err := run.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	n := 0
	for name, b := range want {
		if !isDocument(name) {
			continue
		}
		n++
		if got, err := os.ReadFile(filepath.Join(dir, strings.TrimPrefix(name, "csaf/"))); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s: %v, %d bytes of %d", name, err, len(got), len(b))
		}
	}
	if n == 0 {
		t.Error("there are no documents")
	}
}

func marshal(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// check says whether a provider passes, and fails the test for every error but
// those that are known, by requirement of section 7.1.
func check(t *testing.T, checker, domain string, known map[int]string) bool {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report.json")
	run := exec.Command(checker, "--insecure", "--format", "json", "--output", report, domain)
	// Nothing but this machine is asked: other names end at a proxy that is not there.
	run.Env = append(os.Environ(), "HTTPS_PROXY=http://127.0.0.1:1", "NO_PROXY=127.0.0.1")
	var said bytes.Buffer
	run.Stdout, run.Stderr = &said, &said
	if err := run.Run(); err != nil {
		t.Fatalf("csaf_checker: %v\n%s", err, &said)
	}
	b, err := os.ReadFile(report)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Domains []struct {
			Passed       bool
			Requirements []struct {
				Num      int
				Messages []struct {
					Type int // 2 is an error
					Text string
				}
			}
		}
	}
	if err := json.Unmarshal(b, &got); err != nil || len(got.Domains) != 1 || len(got.Domains[0].Requirements) < 15 {
		t.Fatalf("%v\n%s", err, b)
	}
	for _, r := range got.Domains[0].Requirements {
		for _, m := range r.Messages {
			if pattern, ok := known[r.Num]; m.Type == 2 && (!ok || !regexp.MustCompile("^"+pattern+"$").MatchString(m.Text)) {
				t.Errorf("requirement %d: %s", r.Num, m.Text)
			}
		}
	}
	return got.Domains[0].Passed
}
