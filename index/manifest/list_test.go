package manifest

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

const sampleList = `{
  "schema": "nacre.manifest/1",
  "generator": "nacred v0.1.0",
  "day": "2099-01-02",
  "sequence": 42,
  "counts": {
    "advisories": 7,
    "withdrawn": 1,
    "distributions": 3,
    "releases": 20,
    "files": 2,
    "bytes": 15
  },
  "sources": [
    {
      "name": "CPANSA",
      "commit": "abc123",
      "time": "2099-01-01T00:00:00Z",
      "licence": "CC0-1.0",
      "entries": 8,
      "refused": 1
    }
  ],
  "skipped": {
    "no range": 1
  },
  "files": [
    {"path":"dist/Foo-Bar.json","size":10,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
    {"path":"index.html","size":5,"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}
  ]
}
`

func TestMake(t *testing.T) {
	const digest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
	m, err := Make(Manifest{
		Generator: "nacred v0.1.0", Day: "2099-01-02", Sequence: 42,
		Counts: Counts{Advisories: 7, Withdrawn: 1, Distributions: 3, Releases: 20},
		Sources: []Source{{
			Name: "CPANSA", Commit: "abc123", Time: time.Date(2099, 1, 1, 1, 0, 0, 0, time.FixedZone("", 3600)),
			Licence: "CC0-1.0", Entries: 8, Refused: 1,
		}},
		Skipped: map[string]int{"no range": 1},
	}, []File{{"index.html", 5, digest}, {"dist/Foo-Bar.json", 10, digest}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.Bytes()
	if err != nil || string(got) != sampleList {
		t.Errorf("%v\n%s", err, got)
	}
	again, err := Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if got, _ = again.Bytes(); string(got) != sampleList {
		t.Errorf("read and written:\n%s", got)
	}
	if f, ok := again.File("index.html"); !ok || f.Size != 5 {
		t.Errorf("index.html is %+v", f)
	}
	if _, ok := again.File("index"); ok {
		t.Error("index is listed")
	}
}

// A manifest of no file at all is written as one that can be read.
func TestMakeEmpty(t *testing.T) {
	m, err := Make(Manifest{Day: "2099-01-02", Sequence: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	text, err := m.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Parse(text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"another schema", "manifest/1", "manifest/2", "schema is \"nacre.manifest/2\""},
		{"no JSON", "{", "[", "read manifest: "},
		{"something after it", "\n}\n", "\n}\n{}", "after top-level value"},
		{"sequence 0", `"sequence": 42`, `"sequence": 0`, "sequence 0 is not from 1"},
		{"a sequence beyond JSON", `"sequence": 42`, `"sequence": 9007199254740992`, "is not from 1"},
		{"no such day", "2099-01-02", "2099-02-30", "not a day"},
		{"a year that no time has", "2099-01-01T00:00:00Z", "0000-01-01T00:00:00+01:00", "of year -1"},
		{"a file too few", `"files": 2`, `"files": 3`, "3 files are counted, and 2 listed"},
		{"a byte too many", `"bytes": 15`, `"bytes": 14`, "14 bytes are counted, and 15 listed"},
		{"two of one path", "dist/Foo-Bar.json", "index.html", "listed twice, or not in order"},
		{"another order", "dist/Foo-Bar.json", "z", "listed twice, or not in order"},
		{"a folder that is a file", "index.html", "dist/Foo-Bar.json/x", `"dist/Foo-Bar.json" is a file and a folder`},
		{"itself", "index.html", "manifest.json", "manifest.json is listed"},
		{"its note", "index.html", "manifest.note", "manifest.note is listed"},
		{"the head", "index.html", "nacre-index", "nacre-index is listed"},
		{"a path above", "index.html", "x/../../y", "part that names no file"},
		{"an absolute path", "dist/", "/dist/", "part that names no file"},
		{"a backslash", "dist/", `dist\\`, `has '\\' in it`},
		{"a negative count", `"withdrawn": 1`, `"withdrawn": -1`, "a count is -1"},
		{"a negative size", `"size":10`, `"size":-10`, "limit: file of an index"},
		{"a huge size", `"size":10`, `"size":1073741825`, "limit: file of an index"},
		{"a size that is no number", `"size":10`, `"size":"10"`, "read manifest: "},
		{"a short digest", `b855"}`, `b8"}`, "64 lower-case hex"},
	} {
		text := strings.Replace(sampleList, c.old, c.new, 1)
		if _, err := Parse([]byte(text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func TestCheckPath(t *testing.T) {
	for path, good := range map[string]bool{
		"index.html": true, ".well-known/csaf/provider-metadata.json": true, "a/b/c": true,
		"metacpan/cve/release/AUTHOR/Foo-Bar-1.0_01+x~y.json": true, strings.Repeat("x", 255): true,
		"": false, ".": false, "..": false, "a//b": false, "/a": false, "a/": false, "a/./b": false, "../a": false,
		"a b": false, "a\nb": false, "a:b": false, "a%2fb": false, "a?b": false, "ä": false, "a\\b": false,
		strings.Repeat("x", 256): false, strings.Repeat("x/", 512) + "x": false,
	} {
		if err := CheckPath(path); (err == nil) != good {
			t.Errorf("%q: %v", path, err)
		}
	}
}

// FuzzParse: what is accepted, written and read again is written the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(sampleList))
	f.Add([]byte(`{"schema":"nacre.manifest/1","day":"2099-01-02","sequence":1,"files":null}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := Parse(text)
		if err != nil {
			return
		}
		first, err := m.Bytes()
		if err != nil {
			t.Fatalf("%q was accepted and cannot be written: %v", text, err)
		}
		again, err := Parse(first)
		if err != nil {
			t.Fatalf("%q is written as %q: %v", text, first, err)
		}
		if second, err := again.Bytes(); err != nil || !bytes.Equal(first, second) {
			t.Fatalf("%q is written as %q, then as %q: %v", text, first, second, err)
		}
	})
}

// FuzzOpen: whatever a note holds, it is refused or its text is in it, and
// nobody but the key's holder has signed it.
func FuzzOpen(f *testing.F) {
	f.Add([]byte(sampleHead+"\n"), []byte(sampleSeal+"\n— advisories.example p9ah0wAA\n"))
	f.Add([]byte(sampleHead), []byte(sampleSeal))
	f.Fuzz(func(t *testing.T, head, seal []byte) {
		for _, b := range [][]byte{head, seal} {
			if _, _, err := OpenHead(b, []string{sampleKey}); err == nil {
				t.Fatalf("%q was signed by nobody, and is accepted", b)
			}
			if _, _, err := OpenSeal(b, []string{sampleKey}); err == nil {
				t.Fatalf("%q was signed by nobody, and is accepted", b)
			}
		}
		s, h, err := OpenUnsigned(seal, head)
		if err == nil && (!bytes.HasPrefix(seal, []byte(s.Text())) || head != nil && !bytes.HasPrefix(head, []byte(h.Text()))) {
			t.Fatalf("%q and %q are read as %q and %q", seal, head, s.Text(), h.Text())
		}
	})
}
