package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tarball writes a release with these files.
func tarball(t *testing.T, name string, files map[string]string) {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	w := tar.NewWriter(z)
	for file, text := range files {
		if err := w.WriteHeader(&tar.Header{Name: file, Mode: 0o644, Size: int64(len(text))}); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestRun(t *testing.T) {
	dir := t.TempDir()
	tarball(t, filepath.Join(dir, "foo.tar.gz"), map[string]string{
		"Foo-Bar-1.2/META.json": `{"name":"Foo-Bar","version":"1.2","provides":{"Foo::Bar":{"version":"1.20"},"Foo::Bar::Baz":{}},
			"prereqs":{"runtime":{"requires":{"Acme::Demo":"2","Carp":0,"Not::There":1},"recommends":{"Acme::Demo":"3"}},"test":{"requires":{"Test::More":0}}}}`,
		"Foo-Bar-1.2/t/META.json": `{"name":"Another","version":"1"}`,
	})
	tarball(t, filepath.Join(dir, "acme.tar.gz"), map[string]string{"Acme-Demo-2.1/META.yml": "name: Acme-Demo\nversion: 2.10\nrequires:\n  perl: 5.006\n"})
	tarball(t, filepath.Join(dir, "none.tar.gz"), map[string]string{"None-1/README": ""})
	list := filepath.Join(dir, "packages.tsv")
	lines := "# source\tfile\nnone\tnone.tar.gz\t\t\t\t\tCVE-2099-0001\naway\taway.tar.gz\t\t\t\t\t\nacme\tacme.tar.gz\t\t\t\t\t\nfoo\tfoo.tar.gz\t\t\t\t\tCVE-2099-0002\n"
	if err := os.WriteFile(list, []byte(lines), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := run(dir, list, dir, 2); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"cpanfile": "requires 'perl', '5.036';\nrequires 'Foo::Bar';\n",
		"cpanfile.snapshot": `# carton snapshot format: version 1.0
DISTRIBUTIONS
  Acme-Demo-2.10
    pathname: A/AN/ANON/Acme-Demo-2.10.tar.gz
    provides:
      Acme::Demo 2.10
    requirements:
      perl 5.006
  Foo-Bar-1.2
    pathname: A/AN/ANON/Foo-Bar-1.2.tar.gz
    provides:
      Foo::Bar 1.20
      Foo::Bar::Baz undef
    requirements:
      Acme::Demo 2
      Carp 0
`,
	} {
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != want {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
		}
	}
	if err := run(dir, list, dir, 3); err == nil || !strings.Contains(err.Error(), "only 2 releases") {
		t.Errorf("with three wanted: %v", err)
	}
}
