package osvdir_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	readosv "nacre/advisory/osv"
	"nacre/index"
	"nacre/index/osvdir"
	"nacre/index/sample"
)

// client does what the client of the Go vulnerability database does (package
// internal/client of golang.org/x/vuln): over HTTP it asks for the packed form
// alone, and of a folder it reads the plain one.
type client struct {
	get   func(endpoint string) ([]byte, error)
	asked []string
}

func (c *client) read(endpoint string, to any) error {
	c.asked = append(c.asked, endpoint)
	b, err := c.get(endpoint)
	if err != nil {
		return err
	}
	return json.Unmarshal(b, to)
}

type entry struct {
	ID       string    `json:"id"`
	Modified time.Time `json:"modified"`
	Affected []struct {
		Module struct {
			Path string `json:"name"`
		} `json:"package"`
	} `json:"affected"`
}

// byModule gives the entries about one distribution.
func (c *client) byModule(path string) ([]entry, error) {
	var modules []struct {
		Path  string `json:"path"`
		Vulns []struct {
			ID       string    `json:"id"`
			Modified time.Time `json:"modified"`
			Fixed    string    `json:"fixed"`
		} `json:"vulns"`
	}
	if err := c.read("index/modules", &modules); err != nil {
		return nil, err
	}
	var entries []entry
	for _, m := range modules {
		if m.Path != path {
			continue
		}
		for _, v := range m.Vulns {
			var e entry
			if err := c.read("ID/"+v.ID, &e); err != nil {
				return nil, err
			}
			if !e.Modified.Equal(v.Modified) {
				return nil, fmt.Errorf("%s was modified %s, and the list says %s", v.ID, e.Modified, v.Modified)
			}
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// handler serves the files as a host of static pages does, with an entity tag.
func handler(files []index.File) http.Handler {
	mux := http.NewServeMux()
	serve := func(path string, data []byte) {
		tag := fmt.Sprintf(`"%x"`, sha256.Sum256(data))
		mux.HandleFunc("GET /"+path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", tag)
			http.ServeContent(w, r, path, time.Time{}, bytes.NewReader(data))
		})
	}
	for _, f := range files {
		serve(f.Path, f.Data)
		if f.Pack {
			var packed bytes.Buffer
			w := gzip.NewWriter(&packed)
			_, _ = w.Write(f.Data)
			_ = w.Close()
			serve(f.Path+".gz", packed.Bytes())
		}
	}
	return mux
}

func TestGoClient(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/ordinary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := sample.Ordered(t, sample.Case(t, ar), osvdir.Formats())
	server := httptest.NewServer(handler(files))
	defer server.Close()
	dir := t.TempDir()
	for _, f := range files {
		at := filepath.Join(dir, filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o777), os.WriteFile(at, f.Data, 0o666)); err != nil {
			t.Fatal(err)
		}
	}
	for name, get := range map[string]func(string) ([]byte, error){
		"http": func(endpoint string) ([]byte, error) {
			resp, err := http.Get(server.URL + "/vulndb/" + endpoint + ".json.gz")
			if err != nil {
				return nil, err
			}
			defer resp.Body.Close()
			if resp.StatusCode != http.StatusOK {
				return nil, errors.New(resp.Status)
			}
			r, err := gzip.NewReader(resp.Body)
			if err != nil {
				return nil, err
			}
			return io.ReadAll(r)
		},
		"file": func(endpoint string) ([]byte, error) {
			return os.ReadFile(filepath.Join(dir, "vulndb", filepath.FromSlash(endpoint)+".json"))
		},
	} {
		c := client{get: get}
		var db struct {
			Modified time.Time `json:"modified"`
		}
		if err := c.read("index/db", &db); err != nil || db.Modified.IsZero() {
			t.Errorf("%s: %v, %v", name, db, err)
		}
		entries, err := c.byModule("Foo-Bar")
		var ids []string
		for _, e := range entries {
			ids = append(ids, e.ID)
			if e.Modified.After(db.Modified) || len(e.Affected) != 1 || e.Affected[0].Module.Path != "Foo-Bar" {
				t.Errorf("%s: %+v", name, e)
			}
		}
		want := "CPANSA-Foo-Bar-2099-02 CPANSA-Foo-Bar-2099-03 CPANSA-Foo-Bar-2099-04 CVE-2099-0001 CVE-2099-0003"
		if got := strings.Join(ids, " "); got != want || err != nil {
			t.Errorf("%s: %s, want %s; %v", name, got, want, err)
		}
		if none, err := c.byModule("Acme-Demo"); none != nil || err != nil {
			t.Errorf("%s: about Acme-Demo: %v, %v", name, none, err)
		}
	}
}

// Whoever has the two lists asks for them on condition, and is told in two short
// answers that nothing is new.
func TestNothingNew(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/ordinary.txtar")
	if err != nil {
		t.Fatal(err)
	}
	h := handler(sample.Ordered(t, sample.Case(t, ar), osvdir.Formats()))
	for _, path := range []string{"/vulndb/index/db.json.gz", "/vulndb/index/modules.json.gz"} {
		first := httptest.NewRecorder()
		h.ServeHTTP(first, httptest.NewRequest("GET", path, nil))
		again := httptest.NewRequest("GET", path, nil)
		again.Header.Set("If-None-Match", first.Header().Get("ETag"))
		second := httptest.NewRecorder()
		h.ServeHTTP(second, again)
		if first.Code != http.StatusOK || second.Code != http.StatusNotModified || second.Body.Len() != 0 {
			t.Errorf("%s: %d, then %d with %d bytes", path, first.Code, second.Code, second.Body.Len())
		}
	}
}

// fixedIsLast: a client leaves out a record for every version from fixed on, so that none of
// them may be affected.
func fixedIsLast(t *testing.T, m *index.Model) {
	stated := 0
	for _, f := range whole(t, m) {
		if f.Path != "vulndb/index/modules.json" {
			continue
		}
		var modules []struct {
			Path  string
			Vulns []struct{ ID, Fixed string }
		}
		if err := json.Unmarshal(f.Data, &modules); err != nil {
			t.Fatal(err)
		}
		for _, module := range modules {
			for _, v := range module.Vulns {
				if v.Fixed == "" {
					continue
				}
				stated++
				a := m.ByID(advisory.ID(v.ID))
				i := slices.IndexFunc(a.Dists, func(of *index.Affected) bool { return string(of.Dist.Name) == module.Path })
				of := a.Dists[i]
				from := slices.IndexFunc(of.Dist.Releases, func(r index.Release) bool { return r.Version == v.Fixed })
				for k := from; k < len(of.Status); k++ {
					if !of.Dist.Releases[k].Parsed.IsZero() && !of.Status[k].IsClean() {
						t.Errorf("%s on %s is fixed in %s, and %s is %s", v.ID, module.Path, v.Fixed, of.Dist.Releases[k].Version, of.Status[k])
					}
				}
			}
		}
	}
	if stated == 0 {
		t.Error("no record says what is fixed")
	}
}

func whole(t *testing.T, m *index.Model) []index.File {
	t.Helper()
	files, err := osvdir.Formats()[0].Whole(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// archive: all.zip holds every record, the same bytes each time, and is read as any
// collection of OSV records.
func archive(t *testing.T, m *index.Model) {
	var archives [2][]byte
	for i := range archives {
		for _, f := range whole(t, m) {
			if f.Path == "osv/all.zip" {
				archives[i] = f.Data
			}
		}
	}
	if !bytes.Equal(archives[0], archives[1]) {
		t.Error("two archives of one index differ")
	}
	z, err := zip.NewReader(bytes.NewReader(archives[0]), int64(len(archives[0])))
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range z.File {
		if f.Name != string(m.Advisories[i].ID)+".json" || !f.Modified.Equal(m.Advisories[i].Modified) {
			t.Errorf("file %d is %s of %s", i, f.Name, f.Modified)
		}
	}
	batch, err := readosv.ReadFS(z)
	if err != nil || len(batch.Items) != len(m.Advisories) {
		t.Fatalf("%d items, %v", len(batch.Items), err)
	}
	for _, it := range batch.Items {
		if it.Refused != nil {
			t.Error(it.Refused)
		}
	}
}
