package facts

import (
	"encoding/json"
	"strings"
	"testing"

	"nacre/perlsrc"
)

// FuzzRead holds that no source panics, that the facts are the same each time and
// from the file's tree, in order of lines and within the file, and that
// ReadVersion says what Read does.
func FuzzRead(f *testing.F) {
	for _, c := range versionCases {
		f.Add(c.src)
	}
	for _, c := range readCases(f) {
		f.Add(c.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		one := Read([]byte(src))
		a, err := json.Marshal(one)
		if err != nil {
			t.Fatal(err)
		}
		b, err := json.Marshal(OfTree(perlsrc.Parse([]byte(src))))
		if err != nil || string(a) != string(b) {
			t.Fatalf("the tree's facts differ:\n%s\n%s", a, b)
		}
		lines := strings.Count(src, "\n") + 1
		for _, l := range one.Loads {
			if l.Line < 1 || l.Line > lines {
				t.Errorf("load in line %d of %d: %+v", l.Line, lines, l)
			}
			if l.Dynamic == (l.Expr == "") {
				t.Errorf("dynamic without an expression, or the reverse: %+v", l)
			}
			if l.Module == "" && l.File == "" && !l.Dynamic {
				t.Errorf("loads nothing: %+v", l)
			}
		}
		p := ReadVersion([]byte(src), "")
		p.Version.Later = ""
		for _, q := range one.Packages {
			if q.Name == p.Name && p.Version.How != VersionConstant {
				if q.Version.Later = ""; q.Version != p.Version {
					t.Errorf("ReadVersion: %+v\nRead: %+v", p.Version, q.Version)
				}
			}
		}
	})
}
