package cases

import (
	"bytes"
	"testing"

	"nacre/audit"
)

// Fuzz holds rules to any bytes, read as a file of that path and role: they end,
// and what they find is on a line of the file. The files of their cases are the
// seeds. It is the body of a room's FuzzRules.
func Fuzz(f *testing.F, rules []*audit.Rule, path string, role audit.Role) {
	f.Helper()
	if err := audit.Compile(rules); err != nil {
		f.Fatal(err)
	}
	for _, r := range rules {
		for _, c := range All(&r.Doc) {
			for _, file := range c.Files {
				f.Add(file.Data)
			}
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		lines := 1 + bytes.Count(src, []byte("\n"))
		got := audit.Check(audit.NewFile(path, role, src), &audit.Release{}, audit.Options{Rules: rules})
		for _, found := range got.Findings {
			if found.Line < 1 || found.Line > lines {
				t.Errorf("%s is on line %d of %d", found.Rule, found.Line, lines)
			}
		}
	})
}
