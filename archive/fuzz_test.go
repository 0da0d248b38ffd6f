package archive_test

import (
	"io/fs"
	"testing"

	"nacre/archive"
)

// tight bounds what one input of a fuzz test may cost.
var tight = archive.Limits{Entries: 2000, File: 1 << 20, Total: 8 << 20, Layers: 20}

// check holds what was opened to what fs.FS promises: every name that is listed
// is a valid path below the root, and can be asked for.
func check(t *testing.T, f *archive.FS) {
	n := 0
	err := fs.WalkDir(f, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if n++; n > 5000 {
			t.Fatal("more files than entries")
		}
		if !fs.ValidPath(name) {
			t.Errorf("%q is no path", name)
		}
		info, err := fs.Lstat(f, name)
		if err != nil || info.Mode().Type() != d.Type() {
			t.Errorf("%q: %v", name, err)
		}
		file, err := f.Open(name)
		if err != nil {
			return nil // a link to nowhere, a device
		}
		info, err = file.Stat()
		if err != nil {
			t.Error(err)
		}
		if b, err := fs.ReadFile(f, name); err == nil && int64(len(b)) != info.Size() {
			t.Errorf("%q: %d bytes, not %d", name, len(b), info.Size())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	f.Root()
}

func FuzzOpenTar(f *testing.F) {
	f.Add(tarOf(release...))
	f.Add(gzipOf(tarOf(release...)))
	f.Add(zstdOf(tarOf(release...)))
	f.Add(bzipped)
	f.Add(mustRead("testdata/release.tar.xz"))
	f.Add(tarOf(entry{name: "a", link: "b"}, entry{name: "b/c", link: "a", typ: '1'}))
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys, err := openBytes(b, "x.tar", archive.Options{Limits: tight})
		if err == nil {
			check(t, fsys)
		}
	})
}

func FuzzOpenZip(f *testing.F) {
	f.Add(zipOf(release[1:]...))
	f.Add(zipOf(entry{name: "a", link: "b"}))
	f.Add(overlapping(2, 100))
	f.Add(wrongSum())
	f.Fuzz(func(t *testing.T, b []byte) {
		fsys, err := openBytes(b, "x.zip", archive.Options{Limits: tight})
		if err == nil {
			check(t, fsys)
		}
	})
}

// FuzzImage applies two layers, given as lists of names, and an index.
func FuzzImage(f *testing.F) {
	f.Add(lower, upper, []byte(`{"manifests":[{"digest":"sha256:"}]}`))
	f.Add(tarOf(entry{name: "a/b/c"}), tarOf(entry{name: "a/.wh.b"}, entry{name: "a/.wh..wh..opq"}), []byte(`[{"Config":"x","Layers":["y"]}]`))
	f.Fuzz(func(t *testing.T, one, two, index []byte) {
		fsys, err := openBytes(tarOfFiles(layoutOf(one, two)), "x.tar", archive.Options{Limits: tight})
		if err == nil {
			check(t, fsys)
		}
		files := layoutOf(one)
		files["index.json"] = index
		if fsys, err = openBytes(tarOfFiles(files), "x.tar", archive.Options{Limits: tight}); err == nil {
			check(t, fsys)
		}
		if fsys, err = openBytes(tarOfFiles(map[string][]byte{"manifest.json": index, "x": two, "y": one}), "x.tar", archive.Options{Limits: tight}); err == nil {
			check(t, fsys)
		}
	})
}
