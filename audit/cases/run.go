package cases

import (
	"testing"

	"nacre/audit"
)

// Test runs all cases of rules, as a package's one test does.
func Test(t *testing.T, rules []*audit.Rule) {
	t.Helper()
	if err := audit.Compile(rules); err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		t.Run(r.Doc.ID, func(t *testing.T) {
			for _, lack := range Lacks(&r.Doc) {
				t.Error("too few cases:", lack)
			}
			for _, c := range All(&r.Doc) {
				t.Run(c.Name, func(t *testing.T) {
					wrong, err := Check(r, c)
					if err != nil {
						t.Fatal(err)
					}
					for _, w := range wrong {
						t.Error(w)
					}
				})
			}
		})
	}
}
