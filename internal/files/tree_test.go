package files_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"testing/fstest"

	"nacre/internal/files"
)

// tree makes a folder with more folders than Tree keeps open, and opens it.
func tree(t *testing.T) (*files.Tree, []string) {
	t.Helper()
	dir := t.TempDir()
	var names []string
	for i := range 20 {
		for j := range 20 {
			name := fmt.Sprintf("a/%d/b/%d/file", i, j)
			names = append(names, name)
			to := filepath.Join(dir, filepath.FromSlash(name))
			if err := errors.Join(os.MkdirAll(filepath.Dir(to), 0o777), os.WriteFile(to, []byte(name), 0o666)); err != nil {
				t.Fatal(err)
			}
		}
	}
	tr, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { tr.Close() })
	return tr, names
}

func TestTree(t *testing.T) {
	tr, names := tree(t)
	if err := fstest.TestFS(tr, names...); err != nil {
		t.Error(err)
	}
	for _, name := range []string{"a/none/x", "none", "a/1/b/1/file/x"} {
		_, err := tr.Open(name)
		if p, ok := err.(*fs.PathError); !ok || p.Path != name {
			t.Errorf("%s: %#v", name, err)
		}
	}
	for _, name := range []string{"../x", "/etc", "a//b", ""} {
		if _, err := tr.Stat(name); !errors.Is(err, fs.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Several goroutines in many folders close them for each other.
func TestTreeTogether(t *testing.T) {
	tr, names := tree(t)
	var wait sync.WaitGroup
	for n := range 8 {
		wait.Go(func() {
			for i := range names {
				name := names[(i*(2*n+1))%len(names)]
				if b, err := fs.ReadFile(tr, name); err != nil || string(b) != name {
					t.Errorf("%s: %s %v", name, b, err)
				}
			}
		})
	}
	wait.Wait()
}

// Links lead nowhere out of the folder.
func TestTreeLinks(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret")
	inside := filepath.Join(dir, "in")
	err := errors.Join(os.WriteFile(secret, []byte("x"), 0o666), os.Mkdir(inside, 0o777))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Symlink(secret, filepath.Join(inside, "file")), os.Symlink(filepath.Dir(secret), filepath.Join(inside, "folder"))); err != nil {
		t.Skip("SKIPPED: no links here:", err)
	}
	tr, err := files.OpenTree(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	for _, name := range []string{"in/file", "in/folder/secret"} {
		if _, err := tr.Open(name); err == nil {
			t.Errorf("%s was opened", name)
		}
		if _, err := tr.Stat(name); err == nil {
			t.Errorf("%s was looked at", name)
		}
	}
	if target, err := tr.ReadLink("in/file"); err != nil || target != secret {
		t.Error(target, err)
	}
	if info, err := tr.Lstat("in/file"); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Error(info, err)
	}
}
