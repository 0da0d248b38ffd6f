package sources_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/internal/sources"
	"nacre/internal/testkit"
)

// What is read with what was remembered is what is read without, also where
// what is remembered is damaged, and a report that changed is read anew.
func TestRemembered(t *testing.T) {
	report := `cpansa_version: 2
distribution: Foo-Bar
advisories:
- id: CPANSA-Foo-Bar-2099-01
  affected_versions: ['<1.3']
`
	list := `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2099-0001","state":"PUBLISHED"},"containers":{"cna":{"affected":[{"product":"a kettle"}]}}}`
	dir := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	record := filepath.Join("list", "cves", "2099", "0xxx", "CVE-2099-0001.json")
	reports, lists := filepath.Join(dir, "reports"), filepath.Join(dir, "list")
	write("reports/CPANSA-Foo-Bar.yml", report)
	write(record, list)
	r := sources.Reader{Work: filepath.Join(dir, "work"), Program: []byte{1}, Now: time.Now().Add(time.Hour)}
	if err := os.Mkdir(r.Work, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		name  string
		do    func()
		items int
		said  string
	}{
		{"first", func() {}, 1, "<1.3"},
		{"again", func() {}, 1, "<1.3"},
		{"a report changed", func() { write("reports/CPANSA-Foo-Bar.yml", strings.Replace(report, "1.3", "1.4", 1)) }, 1, "<1.4"},
		{"a record changed", func() {
			write(record, strings.Replace(list, `"product":"a kettle"`, `"packageURL":"pkg:cpan/Foo-Bar"`, 1))
		}, 2, "<1.4"},
		{"damaged", func() {
			left, err := filepath.Glob(filepath.Join(r.Work, "*"))
			if err != nil || len(left) != 2 {
				t.Fatalf("remembered is in %s, %v", left, err)
			}
			for _, name := range left {
				text, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				text[len(text)/2] ^= 1
				if err := os.WriteFile(name, text, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}, 2, "<1.4"},
	} {
		step.do()
		res, err := r.Read(t.Context(), []string{reports, lists})
		if err != nil {
			t.Fatal(err)
		}
		n := len(res.Batches[0].Items) + len(res.Batches[1].Items)
		said := res.Batches[0].Items[0].Record.Affected[0].Statements[0].CPANSA.Affected[0]
		if n != step.items || said != step.said {
			t.Errorf("%s: %d items, %s; want %d, %s", step.name, n, said, step.items, step.said)
		}
	}
}

// All of the real data is what nacre db build made of it before there was
// anything to remember, and with all of it remembered it is the same.
func TestRealCounts(t *testing.T) {
	r := sources.Reader{Work: t.TempDir(), Program: []byte{1}, Now: time.Unix(1, 0)}
	for _, what := range []string{"cold", "warm"} {
		res, err := r.Read(t.Context(), []string{testkit.Data(t)})
		if err != nil {
			t.Fatal(err)
		}
		set, ledger := res.Merge()
		if h := res.Health[0]; h.Problem != "" || h.Entries != 4549 || h.Refused != 392 || len(h.Parts) != 3 {
			t.Errorf("%s: %+v", what, h)
		}
		if len(set.Records) != 772 || len(ledger.Entries) != 4549 {
			t.Errorf("%s: %d advisories of %d entries, want 772 of 4549", what, len(set.Records), len(ledger.Entries))
		}
	}
}

// BenchmarkRead reads all of the real data, with nothing remembered and with
// all.
func BenchmarkRead(b *testing.B) {
	data := testkit.Data(b)
	for _, what := range []string{"cold", "warm"} {
		b.Run(what, func(b *testing.B) {
			r := sources.Reader{Program: []byte{1}, Now: time.Unix(1, 0)}
			if what == "warm" {
				r.Work = b.TempDir()
			}
			for b.Loop() {
				if _, err := r.Read(b.Context(), []string{data}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
