package cpansa_test

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/advisory/cpansa"
	"nacre/fault"
)

// aliases is a document of which ten aliases stand for ten others each.
func aliases() string {
	var b strings.Builder
	b.WriteString("distribution: Foo\nadvisories: []\na0: &a0 x\n")
	for i := '1'; i <= '9'; i++ {
		b.WriteString("a" + string(i) + ": &a" + string(i) + " [")
		b.WriteString(strings.Repeat("*a"+string(i-1)+", ", 10) + "]\n")
	}
	return b.String()
}

// A hostile report costs one refused item that names it and the bound.
func TestHostileReports(t *testing.T) {
	const head = "distribution: Foo\nadvisories:\n- id: CPANSA-Foo-2099-01\n  references: [https://foo.example]\n  affected_versions: "
	for _, c := range []struct{ name, data, want string }{
		{"nested lists", head + strings.Repeat("[", 10_000), "read YAML"},
		{"nested maps", "distribution: Foo\nadvisories:\n" + strings.Repeat("- ", 100) + "x", "read YAML"},
		{"a bomb of aliases", aliases(), "(limit: aliases)"},
		{"a long version", head + "['<" + strings.Repeat("1", advisory.MaxLine) + "']", "(limit: text length)"},
		{"a long text", head + "[]\n  description: " + strings.Repeat("x", advisory.MaxText+1), "(limit: description length)"},
		{"a longer text", head + "[]\n  description: " + strings.Repeat("x", 1<<20+1), "(limit: text length)"},
		{"many versions", head + "[" + strings.Repeat("1,", advisory.MaxVersions+1) + "]", "(limit: versions)"},
		{"a large file", head + "[]\n#" + strings.Repeat("x", 5<<20), "(limit: report size)"},
		{"a NUL", "distribution: Foo\x00\nadvisories: []\n", "read YAML"},
		{"a NUL, escaped", "distribution: \"Foo\\0\"\nadvisories: []\n", "cannot be seen"},
		{"not UTF-8", "distribution: Foo\xff\nadvisories: []\n", "read YAML"},
		{"an id with an escape", "distribution: Foo\nadvisories:\n- id: \"X\\e[31m\"\n", "neither an id nor a CVE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := cpansa.ReadDir(fstest.MapFS{
				"cpansa/CPANSA-Foo.yml":  {Data: []byte(c.data)},
				"cpansa/CPANSA-Good.yml": {Data: []byte("distribution: Good\nadvisories:\n- {id: CPANSA-Good-2099-01, affected_versions: [<1]}\n")},
			})
			if err != nil {
				t.Fatal(err)
			}
			if len(b.Items) != 2 || b.Items[1].Record == nil {
				t.Fatalf("the other report is lost: %d items", len(b.Items))
			}
			got := b.Items[0].Refused
			if got == nil || !strings.Contains(got.Error(), c.want) || !strings.HasPrefix(got.Error(), "read cpansa/CPANSA-Foo.yml") {
				t.Errorf("%.300v, want one with %q", got, c.want)
			}
			if fault.KindOf(got) != fault.Invalid {
				t.Errorf("kind %s", fault.KindOf(got))
			}
		})
	}
}

func TestHostileIndex(t *testing.T) {
	for _, c := range []struct{ name, data, want string }{
		{"nothing", "", "unexpected EOF"},
		{"a list", "[]", "the document is not a map"},
		{"another document", `{"a": 1}`, "no dists"},
		{"cut off", `{"dists": {"Foo": {"advisories": [`, "unexpected EOF"},
		{"followed by text", `{"dists": {}} x`, "text follows"},
		{"a key twice", `{"dists": {"Foo": {}, "Foo": {}}}`, "stands twice"},
		{"a key twice in an entry", `{"dists": {"Foo": {"advisories": [{"id": "a", "id": "b"}]}}}`, "stands twice"},
		{"nested", `{"dists": {"Foo": ` + strings.Repeat("[", 10_000), "(limit: depth)"},
		{"a long text", `{"meta": "` + strings.Repeat("x", 1<<20+1) + `"}`, "(limit: text length)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := cpansa.ReadJSON(strings.NewReader(c.data))
			if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid {
				t.Errorf("%.200v, want one with %q", err, c.want)
			}
		})
	}
}

func TestIndexSize(t *testing.T) {
	_, err := cpansa.ReadJSON(io.MultiReader(strings.NewReader(`{"dists": {}`), endless{}))
	if err == nil || !strings.Contains(err.Error(), "(limit: CPANSA index size)") {
		t.Errorf("%v", err)
	}
}

// endless is a document of blanks.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestNoReports(t *testing.T) {
	for name, folder := range map[string]fs.FS{
		"an empty folder":     fstest.MapFS{},
		"no YAML":             fstest.MapFS{"README.md": {}},
		"a folder that is no": os.DirFS("testdata/not-there"),
	} {
		_, err := cpansa.ReadDir(folder)
		if fault.KindOf(err) != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// An error of the medium is not taken for an empty or a broken source.
func TestMediumFails(t *testing.T) {
	_, err := cpansa.ReadDir(failing{fstest.MapFS{"cpansa/CPANSA-Foo.yml": {}}})
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("folder: %v", err)
	}
	_, err = cpansa.ReadJSON(io.MultiReader(strings.NewReader(`{"dists": {`), brokenFile{}))
	if !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("index: %v", err)
	}
}

// failing opens files of which no byte can be read.
type failing struct{ fstest.MapFS }

func (f failing) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if strings.HasSuffix(name, ".yml") {
		return brokenFile{file}, err
	}
	return file, err
}

type brokenFile struct{ fs.File }

func (brokenFile) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }
