package cvelist_test

import (
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory"
	"nacre/advisory/cvelist"
	"nacre/fault"
)

// list is the folder of testdata/list.txtar, and what is wanted of it.
func list(t testing.TB) (fstest.MapFS, string) {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/list.txtar")
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	want := ""
	for _, f := range ar.Files {
		if f.Name == "want" {
			want = string(f.Data)
			continue
		}
		fsys[f.Name] = &fstest.MapFile{Data: f.Data, ModTime: time.Unix(1, 0)}
	}
	return fsys, want
}

func wanted() cvelist.Want {
	want := cvelist.Want{}
	want.Add("CVE-2099-0005", "perl itself")
	want.Add("CVE-2099-0404", "CPANSA names it")
	want.Add("CVE-2099-0404", "a second reason")
	want.Add("CPANSA-Foo-Bar-2099-01", "is no CVE")
	return want
}

// told writes down what was found.
func told(l cvelist.List, want cvelist.Want) string {
	var b strings.Builder
	for i, item := range l.Batch.Items {
		if item.Record == nil {
			fmt.Fprintf(&b, "refused %s: %v\n", item.Where, item.Refused)
			continue
		}
		fmt.Fprintf(&b, "taken %s", item.Record.ID)
		for _, a := range item.Record.Affected {
			fmt.Fprintf(&b, " %s", a.Dist)
		}
		fmt.Fprintf(&b, ", updated %s\n", l.Updated[i].Format(time.RFC3339))
	}
	for _, r := range l.Review {
		fmt.Fprintf(&b, "review %s: %s\n", r.ID, r.Why)
	}
	fmt.Fprintf(&b, "%d others, of %s\n", l.Others, l.Batch.Source.Time.Format(time.DateOnly))
	for _, m := range want.Absent([]cvelist.List{l}) {
		fmt.Fprintf(&b, "missing %s: %s\n", m.ID, m.Reason)
	}
	return b.String()
}

func TestRead(t *testing.T) {
	fsys, want := list(t)
	shape, root := cvelist.ShapeOf(fsys)
	if shape != cvelist.Whole || root != "cves" {
		t.Fatalf("the shape is %v at %q", shape, root)
	}
	l, err := cvelist.Read(t.Context(), fsys, root, wanted(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, told(l, wanted())); diff != "" {
		t.Error(diff)
	}
}

// memory remembers in a map, and the files that were opened all the same.
type memory map[string]time.Time

func (m memory) Passed(file string, info fs.FileInfo) bool {
	t, ok := m[file]
	return ok && t.Equal(info.ModTime())
}
func (m memory) Pass(file string, info fs.FileInfo) { m[file] = info.ModTime() }

// opened notes which files are opened.
type opened struct {
	fs.FS
	names []string
}

func (o *opened) Open(name string) (fs.File, error) {
	if strings.HasSuffix(name, ".json") {
		o.names = append(o.names, name)
	}
	return o.FS.Open(name)
}

// What was passed over and is unchanged is not opened again, unless it is asked
// for now; what was found is the same.
func TestMemory(t *testing.T) {
	files, _ := list(t)
	kept := memory{}
	first, err := cvelist.Read(t.Context(), files, "cves", wanted(), kept)
	if err != nil {
		t.Fatal(err)
	}
	changed := *files["cves/2099/1xxx/CVE-2099-1007.json"]
	changed.ModTime = time.Unix(2, 0)
	files["cves/2099/1xxx/CVE-2099-1007.json"] = &changed
	want := wanted()
	want.Add("CVE-2099-0006", "named now")
	o := &opened{FS: files}
	second, err := cvelist.Read(t.Context(), o, "cves", want, kept)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.ReplaceAll(strings.Join(o.names, " "), "cves/2099/", "")
	if want := "0xxx/CVE-2099-0001.json 0xxx/CVE-2099-0002.json 0xxx/CVE-2099-0003.json 0xxx/CVE-2099-0004.json " +
		"0xxx/CVE-2099-0005.json 0xxx/CVE-2099-0006.json 1xxx/CVE-2099-1007.json 1xxx/CVE-2099-1008.json 1xxx/CVE-2099-1009.json"; got != want {
		t.Errorf("opened were\n%s, want\n%s", got, want)
	}
	if len(second.Batch.Items) != len(first.Batch.Items)+1 || second.Others != first.Others-1 || len(second.Review) != len(first.Review) {
		t.Errorf("then %d taken, %d others; now %d and %d", len(first.Batch.Items), first.Others, len(second.Batch.Items), second.Others)
	}
}

func TestShapeOf(t *testing.T) {
	for _, c := range []struct {
		files string
		shape cvelist.Shape
		root  string
	}{
		{"cves/2099/12xxx/CVE-2099-12345.json", cvelist.Whole, "cves"},
		{"2099/0xxx/CVE-2099-0001.json", cvelist.Whole, "."},
		{"deltaCves/CVE-2099-0001.json", cvelist.Delta, "deltaCves"},
		{"cves/CVE-2099-0001.json", cvelist.None, ""},
		{"cves/2099/CVE-2099-0001.json", cvelist.None, ""},
		{"2099/xxx/CVE-2099-0001.json", cvelist.None, ""},
		{"cve/CVE-2099-0001.json", cvelist.None, ""},
	} {
		shape, root := cvelist.ShapeOf(fstest.MapFS{c.files: {}})
		if shape != c.shape || root != c.root {
			t.Errorf("%s is %v at %q, want %v at %q", c.files, shape, root, c.shape, c.root)
		}
	}
}

func TestIsZip(t *testing.T) {
	for name, want := range map[string][2]bool{
		"2099-01-02_delta_CVEs_at_0300Z.zip":          {true, false},
		"2099-01-02_delta_CVEs_at_end_of_day.zip":     {true, false},
		"2099-01-02_all_CVEs_at_midnight.zip.zip":     {true, true},
		"2099-01-02_all_CVEs_at_midnight.zip.zip.sig": {},
		"all.zip": {},
	} {
		if is, all := cvelist.IsZip(name); is != want[0] || all != want[1] {
			t.Errorf("%s: %t, %t", name, is, all)
		}
	}
}

// Of several states of a record the one that was updated last stays, wherever
// it stands, and the others are refused by its name.
func TestNewest(t *testing.T) {
	item := func(id, where string) advisory.Item {
		return advisory.Item{Where: where, Record: &advisory.Record{ID: advisory.ID(id)}}
	}
	day := func(n int) time.Time { return time.Date(2099, 1, n, 0, 0, 0, 0, time.UTC) }
	lists := []cvelist.List{
		{
			Batch: advisory.Batch{Items: []advisory.Item{
				item("CVE-2099-0001", "a"), item("CVE-2099-0002", "b"), item("CVE-2099-0003", "c"),
				{Where: "d", Refused: fault.New(fault.Invalid, "cannot be read")},
			}},
			Updated: []time.Time{day(1), day(3), day(1), day(9)},
		},
		{
			Batch:   advisory.Batch{Items: []advisory.Item{item("CVE-2099-0001", "e"), item("CVE-2099-0002", "f"), item("CVE-2099-0003", "g")}},
			Updated: []time.Time{day(2), day(2), day(1)},
		},
	}
	cvelist.Newest(lists)
	var got []string
	for _, l := range lists {
		for _, item := range l.Batch.Items {
			word := item.Where + " stays"
			if item.Record == nil {
				word = item.Where + " " + item.Refused.Error()
			}
			got = append(got, word)
		}
	}
	want := []string{
		"a e has a newer state of the record", "b stays", "c g has a newer state of the record", "d cannot be read",
		"e stays", "f b has a newer state of the record", "g stays",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNothingHere(t *testing.T) {
	_, err := cvelist.Read(t.Context(), fstest.MapFS{"cves/2099/0xxx/README": {}}, "cves", nil, nil)
	if fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("error is %v", err)
	}
}
