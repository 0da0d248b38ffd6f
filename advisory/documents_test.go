package advisory_test

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/fault"
)

// demo is a format of which a record is {"id": "..."}.
var demo = advisory.Documents{
	Source: advisory.Source{Name: "demo"}, Max: 100, Hint: "name a folder of demos",
	Parse: func(data []byte, item *advisory.Item) (*advisory.Record, error) {
		var doc struct{ ID advisory.ID }
		err := json.Unmarshal(data, &doc)
		item.Native = string(doc.ID)
		item.Warn("a demo")
		return &advisory.Record{ID: doc.ID, Sources: []advisory.Source{{Name: "demo"}}}, err
	},
}

func TestDocuments(t *testing.T) {
	batch, err := demo.ReadFS(fstest.MapFS{
		"a.json":      {Data: []byte(`{"id": "X-1"}`)},
		"b/c.json":    {Data: []byte(`{"id": "X-2", "x": []`)},
		"b/d.json":    {Data: []byte(strings.Repeat(" ", 101))},
		"e.json":      {Data: []byte(`{"id": "` + strings.Repeat("x", 90) + `"}`)},
		"f.json.gz":   {},
		"README.txt":  {},
		"f.json/g.md": {},
	})
	if err != nil {
		t.Fatal(err)
	}
	items := batch.Items
	want := []struct{ where, refused string }{
		{"a.json", ""},
		{"b/c.json", "read b/c.json: unexpected end"},
		{"b/d.json", "read b/d.json: "},
		{"e.json", ""},
		{"f.json.gz", "read f.json.gz: is packed"},
	}
	if len(items) != len(want) {
		t.Fatalf("%d items, want %d", len(items), len(want))
	}
	for i, w := range want {
		it := items[i]
		if it.Where != w.where || (it.Record == nil) != (w.refused != "") {
			t.Errorf("%s: %+v, want %+v", it.Where, it, w)
		}
		if w.refused != "" && !strings.HasPrefix(it.Refused.Error(), w.refused) {
			t.Errorf("%s: %v, want %s", it.Where, it.Refused, w.refused)
		}
	}
	if got := items[2].Refused.Error(); !strings.Contains(got, "(limit: demo record size)") {
		t.Errorf("the limit is not named: %s", got)
	}
	if items[0].Native != "X-1" || len(items[0].Warnings) != 1 {
		t.Errorf("native %q, warnings %q", items[0].Native, items[0].Warnings)
	}
}

func TestNoDocuments(t *testing.T) {
	for name, folder := range map[string]fs.FS{
		"an empty folder":     fstest.MapFS{},
		"no JSON":             fstest.MapFS{"a/b.txt": {}},
		"a folder that is no": os.DirFS("testdata/not-there"),
	} {
		if _, err := demo.ReadFS(folder); fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := demo.ReadFS(fstest.MapFS{}); fault.HintOf(err) != demo.Hint {
		t.Errorf("hint %q", fault.HintOf(err))
	}
}

// A folder without end is read up to the limit.
func TestManyDocuments(t *testing.T) {
	_, err := demo.ReadFS(crowd{fstest.MapFS{"a.json": {Data: []byte("{}")}}})
	if err == nil || !strings.Contains(err.Error(), "(limit: records)") {
		t.Errorf("%v", err)
	}
}

// crowd lists its one file more often than a folder may have files.
type crowd struct{ fstest.MapFS }

func (c crowd) ReadDir(name string) ([]fs.DirEntry, error) {
	list, err := c.MapFS.ReadDir(name)
	many := make([]fs.DirEntry, 500_001)
	for i := range many {
		many[i] = list[0]
	}
	return many, err
}

// An error of the medium ends the reading; it is not a broken record.
func TestMediumFails(t *testing.T) {
	if _, err := demo.ReadFS(failing{fstest.MapFS{"a.json": {}}}); !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("%v", err)
	}
}

// failing opens files of which no byte can be read.
type failing struct{ fstest.MapFS }

func (f failing) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if strings.HasSuffix(name, ".json") {
		return brokenFile{file}, err
	}
	return file, err
}

type brokenFile struct{ fs.File }

func (brokenFile) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
