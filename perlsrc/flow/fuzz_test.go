package flow

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/perlsrc"
)

// FuzzGraph asks every question of a few nodes of any source: answers end, are
// the same twice, and name nodes of the file.
func FuzzGraph(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.txt")
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(b), "\n== ")[1:] {
			_, c, _ = strings.Cut(c, "\n")
			source, _, _ := strings.Cut(c, "\n--\n")
			f.Add([]byte(source))
		}
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		if len(src) > 4096 {
			return
		}
		tree := perlsrc.Parse(src)
		a, b := New(tree), New(tree)
		within := func(ns ...perlsrc.NodeID) {
			for _, n := range ns {
				if n < 0 || int(n) >= len(tree.Nodes) {
					t.Fatalf("node %d of %d", n, len(tree.Nodes))
				}
			}
		}
		step := max(1, len(tree.Nodes)/50)
		for i := 0; i < len(tree.Nodes); i += step {
			n := perlsrc.NodeID(i)
			sinks, whole := a.Sinks(n)
			again, wholeAgain := b.Sinks(n)
			if diff := cmp.Diff(sinks, again); diff != "" || whole != wholeAgain {
				t.Fatal(diff)
			}
			for _, s := range sinks {
				within(s.Node, s.At)
				for _, step := range s.Steps {
					within(step.Node)
				}
			}
			origins, whole := a.Origins(n)
			originsAgain, wholeAgain := b.Origins(n)
			if diff := cmp.Diff(origins, originsAgain); diff != "" || whole != wholeAgain {
				t.Fatal(diff)
			}
			for _, o := range origins {
				within(o.Node, o.Sub)
			}
			a.ClassOf(n)
			a.Value(n)
		}
	})
}
