package files_test

import (
	"os"
	"path/filepath"
	"testing"

	"nacre/internal/files"
)

// What lies in a folder is told by where names lead to, not by how they are spelled.
func TestWithin(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.MkdirAll(filepath.Join("www", "a"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("www", "link"); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	for _, c := range []struct {
		name, dir string
		want      bool
	}{
		{"www", "www", true},
		{"www/", "./www", true},
		{"www/a", "www", true},
		{"www/new", "www", true},
		{"link/a", "www", true},
		{"www/a", "link", true},
		{"www/a/../../b", "www", false},
		{"www-2", "www", false},
		{".", "www", false},
		{"www", "/", true},
	} {
		name, err := files.Resolve(c.name)
		if err != nil {
			t.Fatal(err)
		}
		dir, err := files.Resolve(c.dir)
		if err != nil {
			t.Fatal(err)
		}
		if files.Within(name, dir) != c.want {
			t.Errorf("%s in %s: want %t", c.name, c.dir, c.want)
		}
	}
	if _, err := files.Resolve("nowhere/x"); !os.IsNotExist(err) {
		t.Errorf("a name in a folder that is not there: %v", err)
	}
}
