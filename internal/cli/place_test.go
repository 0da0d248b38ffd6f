package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What is unpacked is gone whatever ends the program, also what no program can
// catch: it has no name as long as it is used.
func TestSpoolHasNoName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: an open file keeps its name there, and is removed by Close")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var p place
	f, err := p.spool()
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(f.Name()) != dir {
		t.Errorf("made %s, not in %s", f.Name(), dir)
	}
	if _, err := os.Stat(f.Name()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s has a name (%v)", f.Name(), err)
	}
	if _, err := f.WriteAt([]byte("kept"), 0); err != nil {
		t.Error(err)
	}
	b := make([]byte, 4)
	if _, err := f.ReadAt(b, 0); err != nil || string(b) != "kept" {
		t.Errorf("read %q, %v", b, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}
