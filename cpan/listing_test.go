package cpan_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/cpan"
)

func TestListedFiles(t *testing.T) {
	const list = `#FORMAT 1
authors/id/A/AU/AUTHOR/Foo-Bar-1.23.meta 1395991503 1832
authors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz 1395991561 11231
A/AU/AUTHOR/old/Foo-1.tgz
 1234    4 -rw-rw-r--   1 cpan cpan   2222 Jan  1  2024 authors/id/A/AU/AUTHOR/Foo-2.zip

authors/id/A/AU/AUTHOR/../Foo-3.zip 1 1
authors/id/A/AU/AUTHOR/Foo-4.zip yesterday big
modules/02packages.details.txt.gz 1395991561 11231
`
	var got []string
	for f, err := range cpan.ListedFiles(strings.NewReader(list), "backpan-index.txt") {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprint(f.Release.Path, " ", f.Release.Dist, " ", f.Release.Version, " ", f.Time, " ", f.Size))
	}
	want := []string{
		"A/AU/AUTHOR/Foo-Bar-1.23.tar.gz Foo-Bar 1.23 1395991561 11231",
		"A/AU/AUTHOR/old/Foo-1.tgz Foo 1 0 -1",
		"A/AU/AUTHOR/Foo-2.zip Foo 2 0 -1",
		"A/AU/AUTHOR/Foo-4.zip Foo 4 0 -1",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestListedFilesEndsWithTheError(t *testing.T) {
	list := "A/AU/AUTHOR/Foo-1.tgz 1 2\n" + strings.Repeat("x", 1<<17)
	n := 0
	var last error
	for _, err := range cpan.ListedFiles(strings.NewReader(list), "find-ls") {
		n++
		last = err
	}
	if n != 2 || last == nil || !strings.Contains(last.Error(), "read find-ls: line 2: longer than 65536 bytes (limit: index line length)") {
		t.Errorf("%d files, %v", n, last)
	}
}

// Whatever the list, what comes out is an archive below an author's folder, and
// stays there.
func FuzzListedFiles(f *testing.F) {
	f.Add("#FORMAT 1\nauthors/id/A/AU/AUTHOR/Foo-Bar-1.23.tar.gz 1395991561 11231\n")
	f.Add("1 4 -rw 1 cpan cpan 2222 Jan 1 2024 authors/id/A/AU/AUTHOR/Foo-2.zip\r\n")
	f.Add("A/AU/AUTHOR/..//x.zip\n\x1f\x8b")
	f.Fuzz(func(t *testing.T, list string) {
		for e, err := range cpan.ListedFiles(strings.NewReader(list), "list") {
			if err != nil {
				continue
			}
			p := e.Release.Path
			if p == "" || e.Release.Author == "" || e.Release.Ext == "" || strings.Contains("/"+p+"/", "/../") || e.Size < -1 || e.Time < 0 {
				t.Fatalf("%+v", e)
			}
		}
	})
}
