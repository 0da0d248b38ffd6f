package indexbuild

import (
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestSpare builds on top of the build before the last one, through changes of
// every kind: each index is what a build into an empty folder gives, and what
// readers still have open of the one before stays as it was.
func TestSpare(t *testing.T) {
	w := newWorld(t)
	w.b.Work, w.b.Program, w.b.MaxLoss = t.TempDir(), []byte("this program"), 1
	w.build()
	random := rand.New(rand.NewPCG(1, 2))
	for i := range 30 {
		before := tree(t, w.out)
		open, err := os.Open(w.out + "/health.json")
		if err != nil {
			t.Fatal(err)
		}
		switch n := random.IntN(4); {
		case n > 0:
			w.report(fmt.Sprintf("Foo%d", random.IntN(6)), fmt.Sprintf("<1.%d", random.IntN(9)), "2099-01-02")
		case i%2 == 0: // one that goes stays, as withdrawn; one that is renamed leaves files behind
			w.report("Gone", "<1.2", "2099-01-02")
		default:
			w.b.Formats = forms()
			if random.IntN(2) == 0 {
				w.b.Formats[0].Dist = nil
			}
			w.b.Program = fmt.Append(nil, i)
		}
		w.build()
		got := tree(t, w.out)
		text := make([]byte, len(before["health.json"])+1)
		if n, _ := open.Read(text); string(text[:n]) != before["health.json"] {
			t.Errorf("step %d: a file that was open has changed", i)
		}
		open.Close()

		// The same index, copied, and built upon without anything noted.
		fresh := *w.b
		fresh.Work, fresh.Program, fresh.Out = "", nil, t.TempDir()+"/site"
		if err := os.CopyFS(fresh.Out, os.DirFS(w.out)); err != nil {
			t.Fatal(err)
		}
		if _, err := fresh.Build(t.Context()); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(tree(t, fresh.Out), got); d != "" {
			t.Fatalf("step %d (- anew, + on the spare): %s", i, d)
		}
	}
	if _, err := os.Stat(w.out + spareMark); err != nil {
		t.Errorf("no spare: %v", err)
	}
}

// TestSpareBroken takes no spare that cannot be read, or that another build has
// half changed, and leaves none behind where nothing is to be kept.
func TestSpareBroken(t *testing.T) {
	w := newWorld(t)
	w.b.Work, w.b.Program = t.TempDir(), []byte("this program")
	w.build()
	w.build()
	if err := os.Remove(w.out + spareMark + "/manifest.json"); err != nil {
		t.Fatal(err)
	}
	w.report("Foo", "<1.9", "2099-01-02")
	w.build()

	// Nor one that somebody has cleaned up, or put something into.
	for i, spoil := range []func(dir string) error{
		func(dir string) error { return os.Remove(dir + "/advisory/CPANSA-Bar-2099-01.json") },
		func(dir string) error { return os.Truncate(dir+"/advisory/CPANSA-Bar-2099-01.json", 1) },
		func(dir string) error { return os.WriteFile(dir+"/CNAME", []byte("advisories.example"), 0o644) },
	} {
		w.report("Foo", fmt.Sprintf("<1.%d", i), "2099-01-02")
		w.build()
		if err := os.RemoveAll(w.out + spareMark); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(w.out+spareMark, os.DirFS(w.out)); err != nil {
			t.Fatal(err)
		}
		if err := spoil(w.out + spareMark); err != nil {
			t.Fatal(err)
		}
		w.report("Foo", fmt.Sprintf("<2.%d", i), "2099-01-02")
		w.build()
	}

	w.b.Work = ""
	w.build()
	if _, err := os.Stat(w.out + spareMark); !os.IsNotExist(err) {
		t.Errorf("a spare is left: %v", err)
	}
}
