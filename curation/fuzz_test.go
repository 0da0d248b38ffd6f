package curation_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/curation"
	"nacre/fault"
	"nacre/perlver"
)

// FuzzRead reads any bytes as a file. What is read holds what every overlay holds,
// and every mistake has a place in the file and a way out.
func FuzzRead(f *testing.F) {
	for _, name := range []string{"caught-up", "complete", "correct-one-source", "describe", "link", "mistakes"} {
		ar, err := txtar.ParseFile("testdata/" + name + ".txtar")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range ar.Files {
			if strings.HasSuffix(file.Name, ".yaml") {
				f.Add(file.Data)
			}
		}
	}
	f.Add([]byte("- correct: CVE-2099-0001\n  <<: {a: b}\n  dist: [perl]\n"))
	f.Add([]byte("[{correct: 1.10, dist: ~, ? [a] : b}]\n---\n- x"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<20 {
			return // Read refuses it unread
		}
		overlays, mistakes := curation.ReadFile("a.yaml", data)
		lines := 1
		for _, end := range []string{"\n", "\r", "\u0085", "\u2028", "\u2029"} { // YAML 1.1, 4.2
			lines += strings.Count(string(data), end)
		}
		for _, m := range mistakes {
			if m.File != "a.yaml" || m.Line < 1 || m.Title == "" || m.How == "" {
				t.Errorf("no place or no way out: %+v", m)
			}
		}
		for i := range overlays {
			o := &overlays[i]
			if len(o.IDs) == 0 || o.Reason == "" || o.Role == "" || o.Date.IsZero() || o.Line < 1 || o.Line > lines {
				t.Errorf("incomplete: %+v", o)
			}
			if o.Kind == curation.Correct && len(perlver.ParseCPANSA(o.Affected).Unreadable()) > 0 {
				t.Errorf("unreadable: %+v", o)
			}
		}
		_, err := curation.Read(fstest.MapFS{"a.yaml": {Data: data}})
		if (err == nil) != (len(mistakes) == 0) {
			t.Errorf("%d mistakes, and the error %v", len(mistakes), err)
		}
		if err != nil && (fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "") {
			t.Errorf("no kind or no hint: %v", err)
		}
		if err == nil {
			set := curation.Set{Overlays: overlays}
			set.Apply([]advisory.Batch{}).Outcomes(nil)
		}
	})
}
