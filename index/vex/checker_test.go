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
	"sync/atomic"
	"testing"

	"nacre/index"
	"nacre/internal/testkit"
	"nacre/report/csaf"
)

// serve serves an index by https on this machine, as a host of pages does, and gives
// its address. What is served may be changed first.
func serve(t *testing.T, in index.Input, change func(all map[string][]byte)) string {
	t.Helper()
	var served atomic.Pointer[map[string][]byte]
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, "/")
		if strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		b, ok := (*served.Load())[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if strings.HasSuffix(name, ".json") {
			w.Header().Set("Content-Type", "application/json")
		}
		w.Write(b)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	in.Site.URL = server.URL + "/"
	all := files(t, model(t, in))
	change(all)
	served.Store(&all)
	return server.URL
}

// TestCSAFChecker lets the checker of gocsaf go over the folder as it stands on a
// web site.
func TestCSAFChecker(t *testing.T) {
	checker := testkit.NeedTool(t, "csaf_checker")
	// What an index without an OpenPGP key cannot have, and what is optional: of
	// security.txt, a well-known address and a name in the DNS a provider has one,
	// and of ROLIE and a folder one.
	known := map[int]string{
		3:  "(|Following non-HTTPS URLs were used:)", // the address of the signature that is not there
		8:  `.*/security\.txt failed.*`,
		10: `.*csaf\.data\.security\..*`,
		15: "No signature listed on ROLIE feed .*",
		19: "Fetching .* failed: .*",
	}
	t.Run("made up", func(t *testing.T) {
		at := serve(t, input(t), func(map[string][]byte) {})
		check(t, checker, strings.TrimPrefix(at, "https://"), known)
	})
	t.Run("folder only", func(t *testing.T) {
		at := serve(t, input(t), func(all map[string][]byte) {
			for _, name := range []string{"csaf/provider-metadata.json", ".well-known/csaf/provider-metadata.json"} {
				var p csaf.Provider
				if err := json.Unmarshal(all[name], &p); err != nil {
					t.Fatal(err)
				}
				p.Places = p.Places[:1]
				all[name] = marshal(t, p)
			}
		})
		only := map[int]string{8: known[8], 10: known[10], 15: "ROLIE feed based distribution was not used.", 19: known[19]}
		if !check(t, checker, strings.TrimPrefix(at, "https://"), only) {
			t.Error("the folder is not that of a CSAF provider")
		}
	})
	t.Run("real data", func(t *testing.T) {
		at := serve(t, realInput(t), func(map[string][]byte) {})
		check(t, checker, at+"/csaf/provider-metadata.json", map[int]string{3: known[3], 15: known[15], 19: known[19]})
	})
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
