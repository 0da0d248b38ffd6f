package policy

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// TestDocs holds that the page about policies lists each rule as it is.
func TestDocs(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "security-policy.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range Rules() {
		row := fmt.Sprintf("| %s | %s | %s |\n", r.ID, r.Level, r.What)
		if !strings.Contains(string(page), row) {
			t.Errorf("docs/security-policy.md has no row %s", row)
		}
	}
	if n := strings.Count(string(page), "\n| S"); n != len(Rules()) {
		t.Errorf("docs/security-policy.md has %d rows of rules, want %d", n, len(Rules()))
	}
}
