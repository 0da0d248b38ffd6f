package upload_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"nacre/fault"
	"nacre/internal/snapshot"
	"nacre/internal/snapshot/sample"
	"nacre/internal/upload"
)

func scanner() *upload.Scanner {
	return &upload.Scanner{
		Tool: "nacred test", Now: func() time.Time { return time.Date(2099, 3, 5, 0, 0, 0, 0, time.UTC) },
		Time: time.Minute, Places: upload.NewPlaces(1),
	}
}

func index(t testing.TB) *snapshot.Snapshot {
	t.Helper()
	s, err := snapshot.Load(context.Background(), os.DirFS(sample.New(t)), nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const lock = `# carton snapshot format: version 1.0
DISTRIBUTIONS
  Foo-Bar-1.1
    pathname: A/AU/AUTHOR/Foo-Bar-1.1.tar.gz
    provides:
      Foo::Bar 1.1
    requirements:
      perl 5.010
`

func TestScan(t *testing.T) {
	s := index(t)
	for name, c := range map[string]struct {
		file     upload.File
		affected int
		unknown  int
	}{
		"a lock":                   {upload.File{Text: []byte(lock)}, 1, 1},
		"a lock by its name":       {upload.File{Name: "cpanfile.snapshot", Text: []byte(lock)}, 1, 1},
		"with a byte order mark":   {upload.File{Text: []byte("\xef\xbb\xbf" + lock)}, 1, 1},
		"under the name of a path": {upload.File{Name: "../../etc/passwd", Text: []byte(lock)}, 1, 1},
		"a list":                   {upload.File{Text: []byte("Foo-Bar==1.1\nAcme-Demo==1.9\n")}, 2, 1},
		"a META.json": {upload.File{Text: []byte(`{"meta-spec":{"version":2},"name":"Own-Work","version":"1",
			"prereqs":{"runtime":{"requires":{"Acme::Demo":"== 1.9"}}}}`)}, 1, 0},
		"a bill": {upload.File{Text: []byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[
			{"type":"library","name":"Foo-Bar","version":"1.1","purl":"pkg:cpan/Foo-Bar@1.1"}]}`)}, 1, 1},
		"nothing is found": {upload.File{Text: []byte("Own-Work==1.1\n")}, 0, 0},
	} {
		t.Run(name, func(t *testing.T) {
			a, err := scanner().Scan(context.Background(), s.DB, c.file)
			if err != nil {
				t.Fatal(err, fault.HintOf(err))
			}
			if a.Summary.Affected != c.affected || a.Summary.Unknown != c.unknown {
				t.Errorf("%+v", a.Summary)
			}
			if strings.Contains(string(a.Data), "passwd") {
				t.Error("the client's name is in the answer")
			}
		})
	}
}

func TestScanRefuses(t *testing.T) {
	s := index(t)
	for name, f := range map[string]upload.File{
		"nothing":               {},
		"blanks":                {Text: []byte(" \n\t")},
		"some text":             {Text: []byte("Dear all,")},
		"HTML":                  {Text: []byte("<!DOCTYPE html><title>Not found</title>")},
		"half a bill":           {Text: []byte(`{"bomFormat":"CycloneDX","components":[{`)},
		"a lock that is broken": {Name: "cpanfile.snapshot", Text: []byte("DISTRIBUTIONS\n")},
		"an unknown format":     {Text: []byte(lock), Format: "../json"},
		"a perl that is none":   {Text: []byte(lock), Perl: "five"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := scanner().Scan(context.Background(), s.DB, f)
			if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
				t.Errorf("got %v, hint %q", err, fault.HintOf(err))
			}
		})
	}
}

func TestFormats(t *testing.T) {
	s := index(t)
	for format := range upload.Formats() {
		a, err := scanner().Scan(context.Background(), s.DB, upload.File{Text: []byte(lock), Format: format})
		if err != nil || !strings.Contains(string(a.Data), "CVE-2099-0001") || a.Type == "" {
			t.Errorf("%s: %v %s", format, err, a.Type)
		}
		if name := upload.FileName(format); !strings.HasPrefix(name, "nacre.") {
			t.Errorf("%s is saved as %q", format, name)
		}
	}
}

// A small bill can ask for very many verdicts: the same distribution in thousands of
// versions.
func TestVerdictsHaveALimit(t *testing.T) {
	s := index(t)
	var text strings.Builder
	for n := range 5000 {
		fmt.Fprintf(&text, "Foo-Bar==1.%d\n", n)
	}
	_, err := scanner().Scan(context.Background(), s.DB, upload.File{Text: []byte(text.String())})
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "limit: verdicts of a scan") || fault.HintOf(err) == "" {
		t.Errorf("got %v, hint %q", err, fault.HintOf(err))
	}
}

// Where all places are taken nobody waits.
func TestPlaces(t *testing.T) {
	s := scanner()
	s.Places <- struct{}{}
	if _, err := s.Scan(context.Background(), index(t).DB, upload.File{Text: []byte(lock)}); err == nil {
		t.Error("a scan ran without a place")
	}
	<-s.Places
}

func FuzzScan(f *testing.F) {
	s := index(f)
	for _, text := range []string{lock, "Foo-Bar==1.1\n", `{"meta-spec":{"version":2},"name":"x"}`, "---\nmeta-spec:\n  version: 1.4\n", `{"bomFormat":"CycloneDX"}`, "requires 'Foo::Bar';\n"} {
		f.Add("", []byte(text), "json")
		f.Add("cpanfile", []byte(text), "html")
	}
	f.Fuzz(func(t *testing.T, name string, text []byte, format string) {
		if len(text) > 64<<10 {
			return
		}
		sc := scanner()
		a, err := sc.Scan(context.Background(), s.DB, upload.File{Name: name, Text: text, Format: format})
		if err == nil && len(a.Data) == 0 {
			t.Error("an answer without a word")
		}
		if err != nil && strings.Contains(err.Error(), "goroutine") {
			t.Error(err)
		}
		if len(sc.Places) != 0 {
			t.Error("a place stays taken")
		}
	})
}
