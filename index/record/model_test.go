package record_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/advisory/cve"
	"nacre/advisory/merge"
	"nacre/cpan"
	"nacre/index"
	"nacre/internal/testkit"
)

// model is what is concluded of the reports and records below a folder, of a
// built index where there is one, and of releases with their authors.
func model(t *testing.T, folder fs.FS) *index.Model {
	t.Helper()
	reports, err := cpansa.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	batches := []advisory.Batch{reports}
	if built, err := fs.ReadFile(folder, "cpan-security-advisory.json"); err == nil {
		b, err := cpansa.ReadJSON(bytes.NewReader(built))
		if err != nil {
			t.Fatal(err)
		}
		batches = append(batches, b)
	}
	if records, err := fs.Sub(folder, "cve"); err == nil {
		if b, err := cve.ReadFS(records); err == nil {
			batches = append(batches, b)
		}
	}
	if list, err := fs.ReadFile(folder, "releases"); err == nil {
		b := advisory.Batch{Releases: map[cpan.Dist][]advisory.Known{}}
		for path := range strings.FieldsSeq(string(list)) {
			r := cpan.ParsePath(path)
			b.Releases[r.Dist] = append(b.Releases[r.Dist], advisory.Known{Version: r.Version, Author: r.Author})
		}
		batches = append(batches, b)
	}
	in := index.Input{Site: index.DefaultSite(), Generator: "nacred test", Now: time.Date(2026, 8, 20, 3, 4, 5, 0, time.UTC)}
	in.Set, in.Ledger = merge.Merge(batches)
	m, err := index.New(in)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// realModel is that of the real data.
func realModel(t *testing.T) *index.Model {
	t.Helper()
	data := testkit.Data(t)
	return model(t, layered{os.DirFS(filepath.Join(data, "cpansa")), os.DirFS(data)})
}

// layered is the folder of reports, with that of CVE records in it.
type layered struct{ reports, data fs.FS }

func (l layered) Open(name string) (fs.File, error) {
	if name == "cve" || filepath.Dir(name) == "cve" {
		return l.data.Open(name)
	}
	return l.reports.Open(name)
}

// caseModel is that of the files of a case.
func caseModel(t *testing.T, ar *txtar.Archive) *index.Model {
	folder := fstest.MapFS{}
	for _, f := range ar.Files {
		folder[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	return model(t, folder)
}
