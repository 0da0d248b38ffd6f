package files

import (
	"os"
	"path/filepath"
	"strings"
)

// Resolve gives where a name leads to, absolute and free of links; its last part
// need not be there.
func Resolve(name string) (string, error) {
	name, err := filepath.Abs(name)
	if err != nil {
		return "", err
	}
	if _, err := os.Lstat(name); !os.IsNotExist(err) {
		return filepath.EvalSymlinks(name)
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(name))
	return filepath.Join(dir, filepath.Base(name)), err
}

// Within says whether a name is that of a folder or of something below it, both as
// Resolve gives them.
func Within(name, dir string) bool {
	return name == dir || strings.HasPrefix(name, strings.TrimSuffix(dir, string(filepath.Separator))+string(filepath.Separator))
}
