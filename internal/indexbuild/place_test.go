package indexbuild

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/fault"
)

// TestLink builds into the folder that a link leads to, and leaves the link.
func TestLink(t *testing.T) {
	w := newWorld(t)
	shown := filepath.Join(t.TempDir(), "shown")
	if err := os.Mkdir(shown, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(shown, w.out); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	for day := range 3 {
		w.report("Foo", "<1."+string(rune('1'+day)), "2099-01-02")
		w.b.Now = clock(1 + day)
		w.build()
		if to, err := os.Readlink(w.out); err != nil || to != shown {
			t.Fatalf("the link leads to %q (%v)", to, err)
		}
		if x := wholeIndex(t, shown); x.Manifest.Sequence != uint64(1+day) {
			t.Errorf("what is shown is of sequence %d", x.Manifest.Sequence)
		}
	}
	if err := os.RemoveAll(shown); err != nil {
		t.Fatal(err)
	}
	if _, err := w.b.Build(t.Context()); err == nil || fault.HintOf(err) == "" {
		t.Errorf("of a link that leads nowhere: %v, hint %q", err, fault.HintOf(err))
	}
}

// TestApart lets no index be a source of itself, nor a source be replaced by it.
func TestApart(t *testing.T) {
	for name, set := range map[string]func(w *world){
		"the index is in the source":   func(w *world) { w.b.Out = filepath.Join(w.source, "www") },
		"the index is the source":      func(w *world) { w.b.Sources = append(w.b.Sources, w.out) },
		"the source is in the index":   func(w *world) { w.b.Sources = append(w.b.Sources, filepath.Join(w.out, "osv")) },
		"the copies are in the index":  func(w *world) { w.b.Work = filepath.Join(w.out, "work") },
		"the copies are in the source": func(w *world) { w.b.Work = filepath.Join(w.source, "work") },
		"by a link": func(w *world) {
			link := filepath.Join(w.TempDir(), "link")
			if err := os.Symlink(w.source, link); err != nil {
				w.Skip("no symbolic links here: ", err)
			}
			w.b.Out = filepath.Join(link, "www")
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			w.build()
			if err := os.Mkdir(filepath.Join(w.out, "osv"), 0o755); err != nil {
				t.Fatal(err)
			}
			set(w)
			if _, err := w.b.Build(t.Context()); fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" || !strings.Contains(err.Error(), " is inside of the ") {
				t.Errorf("%v, hint %q", err, fault.HintOf(err))
			}
		})
	}
	w := newWorld(t) // a name that only begins the same is another one
	w.b.Out = w.source + "-index"
	if _, err := w.b.Build(t.Context()); err != nil {
		t.Error(err)
	}
}
