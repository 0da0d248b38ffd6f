package vendor_test

import (
	"bytes"
	"slices"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/advisory/vendor"
	"nacre/pkgver"
)

func seed(f *testing.F, name string) {
	f.Helper()
	a, err := txtar.ParseFile("testdata/" + name + ".txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range a.Files {
		f.Add(file.Data)
	}
}

// check holds a batch to what is promised of every one.
func check(t *testing.T, b vendor.Batch) {
	if !slices.IsSortedFunc(b.Statements, vendor.Compare) {
		t.Error("statements are not sorted")
	}
	for _, s := range b.Statements {
		if _, err := advisory.ParseID(string(s.Flaw)); err != nil || s.Source == "" || len(s.Note) > advisory.MaxLine {
			t.Errorf("%+v: %v", s, err)
		}
		if (s.Fixed != "") != (s.Status == advisory.VendorFixed) {
			t.Errorf("%+v is fixed in a version, or is not", s)
		}
		if s.Fixed != "" {
			of := map[string]string{"debian": "dpkg", "alpine": "apk", "rhel": "rpm"}[vendor.Of(s.Distro)]
			if _, err := pkgver.Compare(of, s.Fixed, s.Fixed); err != nil {
				t.Errorf("%+v: %v", s, err)
			}
		}
		if vendor.Release(s.Distro, "") != s.Distro {
			t.Errorf("%s is not the name of its release", s.Distro)
		}
		if !slices.ContainsFunc(b.Feeds, func(f advisory.VendorFeed) bool {
			return f.Name == s.Feed && slices.Contains(f.Distros, s.Distro)
		}) {
			t.Errorf("%+v is of no feed", s)
		}
	}
}

func FuzzDebian(f *testing.F) {
	seed(f, "debian")
	f.Fuzz(func(t *testing.T, text []byte) {
		if b, err := vendor.ReadDebian(bytes.NewReader(text), keep); err == nil {
			check(t, b)
		}
	})
}

func FuzzAlpine(f *testing.F) {
	seed(f, "alpine")
	f.Fuzz(func(t *testing.T, text []byte) {
		if b, err := vendor.ReadAlpine(bytes.NewReader(text), keep); err == nil {
			check(t, b)
		}
	})
}

func FuzzOSV(f *testing.F) {
	seed(f, "osv")
	f.Fuzz(func(t *testing.T, text []byte) {
		if b, err := vendor.ReadOSV(fstest.MapFS{"a.json": {Data: text}}, keep); err == nil {
			check(t, b)
		}
	})
}
