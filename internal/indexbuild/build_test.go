package indexbuild

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/fault"
	"nacre/index"
	"nacre/index/manifest"
)

// forms are a form of the index for these tests: the names of what is affected.
func forms() []index.Format {
	text := func(path string, v any) ([]index.File, error) {
		data, err := json.Marshal(v)
		return []index.File{{Path: path, Data: data, Pack: true}}, err
	}
	return []index.Format{{
		Name: "names",
		Advisory: func(_ *index.Model, a *index.Advisory) ([]index.File, error) {
			return text("advisory/"+string(a.ID)+".json", a.Record)
		},
		Dist: func(_ *index.Model, d *index.Dist) ([]index.File, error) {
			return text("dist/"+string(d.Name)+".json", d.Releases)
		},
		Whole: func(_ context.Context, m *index.Model) ([]index.File, error) {
			return text("health.json", m.Sources)
		},
	}}
}

// health is the page of health of these tests.
func health(m *index.Model, kept index.Kept) ([]index.File, error) {
	data, err := json.Marshal(m.Sources)
	return []index.File{{Path: "health.json", Data: append(data, kept.Why...), Pack: true}}, err
}

// siteOfTests is what these tests build.
var siteOfTests = index.DefaultSite()

// world is a folder with a source of advisories and an index.
type world struct {
	*testing.T
	source, out string
	b           *Builder
}

func newWorld(t *testing.T) *world {
	t.Helper()
	dir := t.TempDir()
	w := &world{T: t, source: filepath.Join(dir, "advisories"), out: filepath.Join(dir, "site")}
	for i, name := range []string{"Foo", "Bar", "Baz", "Qux"} {
		w.report(name, fmt.Sprintf("<1.%d", i+2), "2099-01-02")
	}
	w.b = &Builder{
		Site: siteOfTests, Generator: "nacred test", Now: clock(1), Formats: forms(), Health: health,
		Sources: []string{w.source}, Out: w.out, MaxLoss: 0.3,
	}
	return w
}

// clock stands at a day of January 2099.
func clock(day int) func() time.Time {
	return func() time.Time { return time.Date(2099, 1, day, 3, 4, 5, 0, time.UTC) }
}

// report writes the report of a distribution, checked on a day.
func (w *world) report(dist, affected, day string) {
	w.Helper()
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		w.Fatal(err)
	}
	text := fmt.Sprintf(`---
advisories:
- affected_versions: ['%s']
  cves: []
  description: %s follows links while unpacking.
  fixed_versions: []
  github_security_advisory: []
  id: CPANSA-%s-2099-01
  references: [https://example.org/%s]
  reported: 2099-01-01
  severity: high
cpansa_version: 2
distribution: %s
last_checked: %d
latest_version: 2
metacpan: https://example.org/dist/%s
`, affected, dist, dist, dist, dist, at.Unix(), dist)
	w.write(filepath.Join("cpansa", "CPANSA-"+dist+".yml"), text)
}

func (w *world) write(name, text string) {
	w.Helper()
	name = filepath.Join(w.source, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		w.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		w.Fatal(err)
	}
}

func (w *world) remove(name string) {
	w.Helper()
	if err := os.Remove(filepath.Join(w.source, name)); err != nil {
		w.Fatal(err)
	}
}

func (w *world) build() *Result {
	w.Helper()
	r, err := w.b.Build(w.Context())
	if err != nil {
		w.Fatal(err)
	}
	w.whole()
	return r
}

// whole holds the index to its own list of files, and sees that nothing of a
// build has stayed behind.
func (w *world) whole() *manifest.Index {
	w.Helper()
	x := wholeIndex(w.T, w.out)
	left, err := siblings(w.out)
	if err != nil || len(left) > 0 {
		w.Errorf("a build left %v (%v)", left, err)
	}
	return x
}

// wholeIndex holds a folder to its own list of files.
func wholeIndex(t *testing.T, out string) *manifest.Index {
	t.Helper()
	open := func(_ context.Context, path string) (io.ReadCloser, error) {
		return os.Open(filepath.Join(out, filepath.FromSlash(path)))
	}
	x, err := manifest.Load(t.Context(), open, nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong, err := x.Manifest.Verify(t.Context(), open, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	wrong = append(wrong, x.Manifest.Unlisted(maps.Keys(tree(t, out)))...)
	if len(wrong) > 0 {
		t.Fatalf("the index is not whole: %v", wrong)
	}
	return x
}

// tree is all files of a folder.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dir, path))
		all[path] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestSame gives the same bytes of the same sources: in another folder, on top
// of the same index, and with what was noted of the build before.
func TestSame(t *testing.T) {
	w := newWorld(t)
	w.build()
	want := tree(t, w.out)
	for name, change := range map[string]func(){
		"on top": func() {},
		"noted":  func() { w.b.Work, w.b.Program = t.TempDir(), []byte("this program") },
		"anew":   func() { w.b.Out = filepath.Join(t.TempDir(), "other") },
		"alone": func() {
			t.Cleanup(func(n int) func() { return func() { runtime.GOMAXPROCS(n) } }(runtime.GOMAXPROCS(1)))
		},
	} {
		change()
		for range 2 {
			if _, err := w.b.Build(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if d := cmp.Diff(want, tree(t, w.b.Out)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

// TestRebuild makes anew what one changed report changes, and takes over the
// rest; a new program makes all anew.
func TestRebuild(t *testing.T) {
	w := newWorld(t)
	w.b.Work, w.b.Program = t.TempDir(), []byte("this program")
	var made atomic.Int64
	for i, f := range w.b.Formats {
		w.b.Formats[i].Advisory = func(m *index.Model, a *index.Advisory) ([]index.File, error) {
			made.Add(1)
			return f.Advisory(m, a)
		}
	}
	w.b.Formats[0].Dist = nil
	for _, step := range []struct {
		change func()
		made   int64
	}{
		{func() {}, 4},
		{func() {}, 0},
		{func() { w.report("Bar", "<1.9", "2099-01-02") }, 1},
		{func() { w.b.Program = []byte("another program") }, 4},
		{func() { w.b.Site.Title = "Another title" }, 4},
		{func() { os.WriteFile(filepath.Join(w.b.Work, unitsName), []byte("{"), 0o644) }, 4},
	} {
		made.Store(0)
		step.change()
		if w.build(); made.Load() != step.made {
			t.Errorf("made %d, want %d", made.Load(), step.made)
		}
	}
}

// TestRefused spoils the source in every way: the files of the index stay, its
// page of health tells, and the next good build is taken.
func TestRefused(t *testing.T) {
	for name, spoil := range map[string]func(w *world){
		"shrunk": func(w *world) { w.remove("cpansa/CPANSA-Foo.yml"); w.remove("cpansa/CPANSA-Bar.yml") },
		"older":  func(w *world) { w.report("Foo", "<1.2", "2098-12-01"); w.older() },
		"silent": func(w *world) { // nothing is gone, and nothing is affected
			for _, name := range []string{"Foo", "Bar"} {
				w.report(name, "<0.1", "2099-01-02")
			}
		},
		"not there":  func(w *world) { w.b.Sources = append(w.b.Sources, filepath.Join(w.source, "nowhere")) },
		"is a page":  func(w *world) { w.page("<!DOCTYPE html><title>Sign in</title>") },
		"broken off": func(w *world) { w.page(`{"meta":{"commit":"abc"},"module2dist":{},"dists":{"Foo":{"main_`) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.write("02packages.details.txt", packages("Foo-1.0 Bar-1.0 Baz-1.0 Qux-1.0"))
			first := w.build()
			before := tree(t, w.out)
			sources := slices.Clone(w.b.Sources)
			spoil(w)
			w.b.Now = clock(2)
			r := w.build()
			if r.Refused == "" {
				t.Fatal("the build was not refused")
			}
			after := tree(t, w.out)
			if !strings.Contains(after["health.json"], r.Refused) {
				t.Errorf("the page of health does not say %q:\n%s", r.Refused, after["health.json"])
			}
			for path, text := range before {
				switch path {
				case "health.json", "health.json.gz", "state.json", manifest.ListName, manifest.SealName, manifest.HeadName:
				default:
					if after[path] != text {
						t.Errorf("%s is another one", path)
					}
				}
			}
			x := w.whole()
			if x.Manifest.Sequence != first.Manifest.Sequence+1 || x.Seal.Expires != clock(1)().Add(DefaultExpires) {
				t.Errorf("sequence %d, expires %s", x.Manifest.Sequence, x.Seal.Expires)
			}

			for _, dist := range []string{"Foo", "Bar"} {
				w.report(dist, "<1.2", "2099-01-02")
			}
			w.report("Baz", "<1.4", "2099-01-02")
			w.report("Qux", "<1.5", "2099-01-02")
			w.b.Sources, w.b.Now = sources, clock(3)
			if r := w.build(); r.Refused != "" || r.Manifest.Sequence != first.Manifest.Sequence+2 {
				t.Errorf("a good build was refused: %q, sequence %d", r.Refused, r.Manifest.Sequence)
			}
		})
	}
}

// older lets all reports be of an earlier day.
func (w *world) older() {
	for _, name := range []string{"Bar", "Baz", "Qux"} {
		w.report(name, "<1.2", "2098-12-01")
	}
}

// page names a source that is the text of what a server sent.
func (w *world) page(text string) {
	w.write("built/cpan-security-advisory.json", text)
	w.b.Sources = append(w.b.Sources, filepath.Join(w.source, "built", "cpan-security-advisory.json"))
}

// TestFirst cannot keep an index that is not there.
func TestFirst(t *testing.T) {
	w := newWorld(t)
	w.page("<!DOCTYPE html>")
	_, err := w.b.Build(t.Context())
	if err == nil || fault.HintOf(err) == "" {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
	if _, err := os.Stat(w.out); !os.IsNotExist(err) {
		t.Errorf("there is an index: %v", err)
	}
}

// TestNoSource refuses what is no source of an index, instead of passing it over.
func TestNoSource(t *testing.T) {
	w := newWorld(t)
	w.write("tracker.json", `{"perl":{"CVE-2099-0001":{"releases":{"bookworm":{"status":"open"}}}}}`)
	_, err := w.b.Build(t.Context())
	if fault.KindOf(err) != fault.Invalid || !strings.Contains(fmt.Sprint(err), "security data of vendors") || fault.HintOf(err) == "" {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
}

// TestFuture takes a source that says it is of the future for one of today.
func TestFuture(t *testing.T) {
	w := newWorld(t)
	w.report("Foo", "<1.2", "2199-01-01")
	w.build()
	if x := w.whole(); x.Head.Built != clock(1)() {
		t.Errorf("the database is of %s", x.Head.Built)
	}
	w.build()
}

// TestFolder leaves a folder alone that is no index.
func TestFolder(t *testing.T) {
	w := newWorld(t)
	w.write("../letters/to-a-friend", "Dear friend,")
	w.b.Out = filepath.Join(filepath.Dir(w.source), "letters")
	before := tree(t, w.b.Out)
	if _, err := w.b.Build(t.Context()); fault.KindOf(err) != fault.Conflict || fault.HintOf(err) == "" {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
	if d := cmp.Diff(before, tree(t, w.b.Out)); d != "" {
		t.Error(d)
	}
}

// TestDamaged says how an index is damaged instead of carrying it on.
func TestDamaged(t *testing.T) {
	w := newWorld(t)
	w.build()
	name := filepath.Join(w.out, "advisory", "CPANSA-Foo-2099-01.json")
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, text[:len(text)-1], 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := w.b.Build(t.Context()); err == nil || !strings.Contains(fault.HintOf(err), "nacre db verify") {
		t.Errorf("%v, hint %q", err, fault.HintOf(err))
	}
}

// TestTwice lets no two formats write one file.
func TestTwice(t *testing.T) {
	w := newWorld(t)
	w.b.Formats = append(w.b.Formats, w.b.Formats...)
	if _, err := w.b.Build(t.Context()); fault.KindOf(err) != fault.Conflict {
		t.Errorf("%v", err)
	}
}

// TestRecover ends the moment without an index that a file system without an
// exchange of folders has.
func TestRecover(t *testing.T) {
	w := newWorld(t)
	w.build()
	want := tree(t, w.out)
	if err := os.Rename(w.out, w.out+oldMark+"123"); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(w.out+stageMark+"456", "half"), 0o755); err != nil {
		t.Fatal(err)
	}
	w.build()
	if d := cmp.Diff(want, tree(t, w.out)); d != "" {
		t.Error(d)
	}
}

// TestPack gives the same packed bytes however often.
func TestPack(t *testing.T) {
	data := bytes.Repeat([]byte("Foo-Bar "), 10_000)
	one, err := pack(data)
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if two, err := pack(data); err != nil || !bytes.Equal(one, two) {
			t.Fatalf("other bytes: %v", err)
		}
	}
}
