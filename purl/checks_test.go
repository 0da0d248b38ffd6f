package purl_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/purl"
)

// docs/formats/purl.md lists the checks as they are.
func TestChecksAreDocumented(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "formats", "purl.md"))
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, c := range purl.Checks() {
		var levels []string
		for _, l := range c.Levels {
			levels = append(levels, string(l))
		}
		table.WriteString("| " + c.ID + " | " + strings.Join(levels, ", ") + " | " + c.Text + " |\n")
	}
	if !strings.Contains(string(page), "|---|---|---|\n"+table.String()+"\n") {
		t.Errorf("docs/formats/purl.md should have\n%s", table.String())
	}
}
