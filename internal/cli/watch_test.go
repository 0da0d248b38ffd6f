package cli

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"nacre/internal/files"
)

// Reading shows its progress on a terminal from the first second on, and takes
// it away; before that, and in a pipe, it shows nothing.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), make([]byte, 1_000), 0o666); err != nil {
		t.Fatal(err)
	}
	tree, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tree.Close()
	for _, c := range []struct {
		name     string
		terminal bool
		begun    time.Duration // before now
		want     string        // first; later lines come with time
	}{
		{"terminal", true, time.Hour, "\rreading a\\x1bb: 0.0 MB, 1 files and folders\x1b[K"},
		{"terminal, soon done", true, -time.Hour, ""},
		{"pipe", false, time.Hour, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			var stderr bytes.Buffer
			w := newWatch(&Env{Stderr: &stderr, IsTerminal: func(io.Writer) bool { return c.terminal }}, "a\x1bb")
			if w != nil {
				w.start = time.Now().Add(-c.begun)
			}
			fsys := w.tree(tree)
			if b, err := fs.ReadFile(fsys, "file"); err != nil || len(b) != 1_000 {
				t.Fatal(len(b), err)
			}
			w.clear()
			w.clear()
			got, gone := strings.CutSuffix(stderr.String(), "\r\x1b[K")
			if c.want == "" && got != "" || !strings.HasPrefix(got, c.want) || gone != (c.want != "") || strings.HasSuffix(got, "\r\x1b[K") {
				t.Errorf("%q, want %q, and gone", stderr.String(), c.want)
			}
			if w != nil && w.bytes != 1_000 {
				t.Errorf("%d bytes were counted", w.bytes)
			}
		})
	}
}
