package sources

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/fault"
)

func TestFormOf(t *testing.T) {
	for _, test := range []struct {
		text string
		want form
	}{
		{`{"meta":{},"dists":{}}`, formIndex},
		{`{"module2dist":{}}`, formIndex},
		{`{"containers":{"cna":{"dists":1}},"cveMetadata":{}}`, formCVE},
		{`{"id":"GHSA-x","modified":"2099-01-01T00:00:00Z"}`, formOSV},
		{`{"modified":"2099-01-01T00:00:00Z","affected":[{"id":1}],"id":"GHSA-x"}`, formOSV},
		{`{"id":"DSA-9999-1","modified":"2099-01-01T00:00:00Z"}`, formVendorOSV},
		{`{"id":"x","modified":"","affected":[{"package":{"ecosystem":"Debian:12"}}]}`, formVendorOSV},
		{`{"id":"x","modified":"","affected":[{"package":{"ecosystem":"Red Hat:rhel_eus:9.2::appstream"}}]}`, formVendorOSV},
		{`{"id":"x","modified":"","affected":[{"package":{"ecosystem":"Debian:12"}},{"package":{"ecosystem":"CPAN"}}]}`, formOSV},
		{`{"id":"x","modified":"","affected":[{"package":{"ecosystem":"npm"}}]}`, formOSV},
		{`{"apkurl":"x","packages":[],"distroversion":"v3.19"}`, formAlpine},
		{`{"0made-up":{"CVE-2099-0001":{"releases":{}}}}`, formDebian},
		{`{"perl":{"TEMP-0000000-ABCDEF":{}}}`, formDebian},
		{`{"perl":{"CVE-2099-0001":1}}`, formUnknown},
		{`{"perl":["CVE-2099-0001",{}]}`, formUnknown},
		{`{"meta":{"x":{}},"perl":{"CVE-2099-0001":{}}}`, formUnknown},
		{`{"id":"x","name":"package"}`, formUnknown},
		{`[{"cveMetadata":{}}]`, formUnknown},
		{`{"a":{"cveMetadata":{}}}`, formUnknown},
		{`{"a":`, formUnknown},
		{``, formUnknown},
		{"\x1f\x8b\x00", formUnknown},
	} {
		fsys := fstest.MapFS{"f": {Data: []byte(test.text)}}
		if got, err := formOf(fsys, "f"); got != test.want || err != nil && test.text[0] != 0x1f {
			t.Errorf("%q is %d, %v; want %d", test.text, got, err, test.want)
		}
	}
}

// FuzzFormOf holds the finding out of what a file is to ending, whatever the
// file is.
func FuzzFormOf(f *testing.F) {
	for _, s := range []string{`{"dists":{}}`, `{"a":[[[]]],"cveMetadata":1}`, `{"id":1,"modified":2}`, "\x1f\x8b\x08\x00", `{"a":`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		form, err := formOf(fstest.MapFS{"f": {Data: b}}, "f")
		if err != nil && form != formUnknown {
			t.Errorf("%d and %v", form, err)
		}
	})
}

// zipOf is a zip of files by name.
func zipOf(tb testing.TB, files map[string]string) []byte {
	tb.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range files {
		w, err := z.Create(name)
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, text); err != nil {
			tb.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// FuzzZip: whatever a zip holds, reading it ends in batches or in an error.
func FuzzZip(f *testing.F) {
	osv := `{"id":"CPANSA-Foo-2099-001","modified":"2099-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"CPAN","name":"Foo"},"versions":["1.0"]}]}`
	f.Add(zipOf(f, map[string]string{"CPANSA-Foo-2099-001.json": osv}))
	f.Add(zipOf(f, map[string]string{"a/b/x.json": osv, "../y.json": osv, "/z.json": "{", "a/b": ""}))
	f.Add(zipOf(f, map[string]string{"cpansa/CPANSA-Foo.yml": "cpansa_version: 2\ndistribution: Foo\nadvisories: []\n"}))
	f.Add(zipOf(f, map[string]string{"DSA-9999-1.json": `{"id":"DSA-9999-1","modified":"2099-01-01T00:00:00Z","affected":[{"package":{"ecosystem":"Debian:12","name":"perl"},"ranges":[]}]}`}))
	f.Add(zipOf(f, map[string]string{"tracker.json": `{"perl":{"CVE-2099-0001":{"releases":{"bookworm":{"status":"open"}}}}}`}))
	f.Add(zipOf(f, nil))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &reading{r: &Reader{}}
		if err := s.zip(bytes.NewReader(b), int64(len(b)), "x.zip"); err == nil && len(s.batches)+len(s.later)+len(s.lists)+len(s.known) == 0 {
			t.Error("read as a source, and nothing came of it")
		}
		var res Result
		s.step(func() error { return s.readLists(t.Context(), true, cvelist.Want{}) })
		s.step(func() error { return s.readLists(t.Context(), false, cvelist.Want{}) })
		s.step(func() error { return s.readReleases(t.Context(), nil) })
		res.take(s)
		var set advisory.Set
		_, _ = res.Vendors(&set)
	})
}

// What is called like the built JSON and is something else is told, and not passed
// over beside what can be read.
func TestNotTheIndex(t *testing.T) {
	report := "cpansa_version: 2\ndistribution: Foo\nadvisories: []\n"
	for name, text := range map[string]string{
		"cpan-security-advisory.json":    "<!DOCTYPE html><title>502</title>",
		"cpan-security-advisory.json.gz": "",
	} {
		dir := t.TempDir()
		for file, text := range map[string]string{"CPANSA-Foo.yml": report, name: text} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		for _, source := range []string{dir, filepath.Join(dir, name)} {
			res, err := (&Reader{}).Read(t.Context(), []string{source})
			if err != nil {
				t.Fatal(err)
			}
			h := res.Health[0]
			if !strings.Contains(h.Problem, name+" is not the JSON") || fault.HintOf(h.Err) == "" || strings.Contains(h.Problem, dir) || len(res.Batches) > 0 {
				t.Errorf("%s: %q, hint %q", source, h.Problem, fault.HintOf(h.Err))
			}
		}
	}
}

// Links among folders can make any number of them out of a few.
func TestFoldersHaveALimit(t *testing.T) {
	dir := t.TempDir()
	for depth := range maxDepth {
		here := filepath.Join(dir, fmt.Sprint(depth))
		if err := os.Mkdir(here, 0o755); err != nil {
			t.Fatal(err)
		}
		for i := range 6 {
			if err := os.Symlink(filepath.Join("..", fmt.Sprint(depth+1)), filepath.Join(here, fmt.Sprint("l", i))); err != nil {
				t.Skip(err)
			}
		}
	}
	if err := os.Mkdir(filepath.Join(dir, fmt.Sprint(maxDepth)), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := (&Reader{Stop: true}).Read(t.Context(), []string{filepath.Join(dir, "0")})
	if err == nil || !strings.HasSuffix(err.Error(), "has more than 10000 folders, with links to folders (limit: folders)") || fault.HintOf(err) == "" {
		t.Errorf("%v", err)
	}
}
