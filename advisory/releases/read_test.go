package releases_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"nacre/advisory/releases"
	"nacre/cpan"
	"nacre/fault"
)

func keep(d cpan.Dist) bool { return d != "Un-Wanted" }

// told writes down what was read.
func told(l releases.List) string {
	var b strings.Builder
	batch := &l.Batch
	fmt.Fprintf(&b, "%s of %s: %d releases, %d skipped\n", batch.Source.Name, batch.Source.Time.Format(time.RFC3339), l.Read, l.Skipped)
	for _, d := range slices.Sorted(maps.Keys(batch.Releases)) {
		for _, k := range batch.Releases[d] {
			fmt.Fprintf(&b, "%s %s %s", d, k.Version, k.Date.Format(time.DateOnly))
			if k.Author != "" {
				fmt.Fprintf(&b, " %s", k.Author)
			}
			if k.Developer {
				fmt.Fprint(&b, " developer")
			}
			fmt.Fprintln(&b)
		}
	}
	for _, m := range slices.Sorted(maps.Keys(batch.Owners)) {
		fmt.Fprintf(&b, "%s in %s\n", m, batch.Owners[m])
	}
	for _, d := range slices.Sorted(maps.Keys(batch.Main)) {
		fmt.Fprintf(&b, "main module of %s: %s\n", d, batch.Main[d])
	}
	for _, w := range batch.Warnings {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	return b.String()
}

// lists are the texts of testdata/lists.txtar by name.
func lists(t testing.TB) map[string]string {
	t.Helper()
	ar, err := txtar.ParseFile("testdata/lists.txtar")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range ar.Files {
		texts[f.Name] = string(f.Data)
	}
	return texts
}

func read(name, text string) (releases.List, error) {
	in := strings.NewReader(text)
	switch {
	case strings.HasPrefix(name, "packages"):
		return releases.ReadPackages(in, keep)
	case strings.HasPrefix(name, "metacpan"):
		return releases.ReadMetaCPAN(in, keep)
	}
	return releases.ReadListing(in, name, keep)
}

func TestRead(t *testing.T) {
	texts := lists(t)
	for name, text := range texts {
		want, ok := texts[name+".want"]
		if !ok {
			continue
		}
		t.Run(name, func(t *testing.T) {
			l, err := read(name, text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, told(l)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A mirror without a list of files is read by the names of its archives; with
// one they are not looked at.
func TestMirror(t *testing.T) {
	texts := lists(t)
	when := time.Date(2099, 5, 6, 7, 8, 9, 0, time.UTC)
	fsys := fstest.MapFS{
		"modules/02packages.details.txt":               {Data: []byte(texts["packages"])},
		"authors/id/A/AU/AUTHOR/Foo-Bar-1.22.tar.gz":   {ModTime: when},
		"authors/id/A/AU/AUTHOR/Foo-Bar-1.22.meta":     {ModTime: when},
		"authors/id/A/AU/AUTHOR/CHECKSUMS":             {ModTime: when},
		"authors/id/O/OT/OTHER/sub/Foo-Bar-0.9.tar.gz": {ModTime: when},
	}
	for _, step := range []struct{ add, want string }{
		{"", "1.23 1.00_01 1.22 0.9"},
		{"indices/find-ls", "1.23 1.00_01 1.23 1.24-TRIAL"},
	} {
		if step.add != "" {
			fsys[step.add] = &fstest.MapFile{Data: []byte(texts["listing"])}
		}
		l, err := releases.ReadMirror(fsys, keep)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, k := range l.Batch.Releases["Foo-Bar"] {
			got = append(got, k.Version)
		}
		if strings.Join(got, " ") != step.want {
			t.Errorf("with %q: %s, want %s", step.add, got, step.want)
		}
	}
}

func TestRefused(t *testing.T) {
	for name, text := range map[string]string{
		"packages":            "<html><title>Sign in</title>",
		"packages cut":        strings.Join(strings.SplitAfter(lists(t)["packages"], "\n")[:6], ""),
		"metacpan":            "<html>",
		"metacpan cut":        lists(t)["metacpan"][:100],
		"metacpan cut search": lists(t)["metacpan-search"][:150],
		"metacpan empty":      "",
		"metacpan other":      `{"hits": {"hits": []}}`,
		"listing":             "<html>",
	} {
		if _, err := read(name, text); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := releases.ReadMirror(fstest.MapFS{"x": {}}, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("no mirror: %v", err)
	}
	if _, err := releases.ReadMirror(fstest.MapFS{"authors/01mailrc.txt": {}}, nil); fault.KindOf(err) != fault.NotFound {
		t.Errorf("a mirror without releases: %v", err)
	}
}

// FuzzRead: whatever a list says, each release that comes of it has a
// distribution and a version that their own readers accept, and is counted.
func FuzzRead(f *testing.F) {
	for name, text := range lists(f) {
		if !strings.HasSuffix(name, ".want") {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, name := range []string{"packages", "metacpan", "listing"} {
			l, err := read(name, text)
			if err != nil {
				continue
			}
			n := 0
			for d, known := range l.Batch.Releases {
				n += len(known)
				if _, err := cpan.ParseDist(string(d)); err != nil || !keep(d) {
					t.Errorf("distribution %q: %v", d, err)
				}
				for _, k := range known {
					if k.Version == "" || k.Date.Year() > 9999 {
						t.Errorf("release of %s: %+v", d, k)
					}
				}
			}
			if n > l.Read {
				t.Errorf("%d releases of %d that were read", n, l.Read)
			}
		}
	})
}
