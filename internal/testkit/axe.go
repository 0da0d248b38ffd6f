package testkit

import (
	"os"
	"path/filepath"
	"testing"
)

// NeedAxe gives the source of axe-core, a script that looks a page over for
// whoever reads it by keyboard or by ear, from where .ci/install-axe keeps it, and
// skips the test without: require name "axe".
func NeedAxe(t testing.TB) string {
	t.Helper()
	// As the script has it, whatever a system's own folder for such things is.
	cache := os.Getenv("XDG_CACHE_HOME")
	if cache == "" {
		home, _ := os.UserHomeDir()
		cache = filepath.Join(home, ".cache")
	}
	b, err := os.ReadFile(filepath.Join(cache, "nacre", "axe-core-4.14.1.min.js"))
	if err != nil {
		missing(t, "axe", "make setup fetches axe-core from the npm registry")
	}
	return string(b)
}
