package profile_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/internal/testkit"
	"nacre/sbom/profile"
)

var update = flag.Bool("update", false, "write the tables of docs/profiles.md")

// TestDocs holds that the page on profiles has every check of every profile.
func TestDocs(t *testing.T) {
	const mark = "-update -->\n"
	name := filepath.Join(testkit.Root(t), "docs", "profiles.md")
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	head, was, ok := strings.Cut(string(b), mark)
	if !ok {
		t.Fatal("the page has no mark before its tables")
	}
	all, err := profile.All()
	if err != nil {
		t.Fatal(err)
	}
	var now strings.Builder
	for _, p := range all {
		names := append([]string{p.ID}, p.Aliases...)
		fmt.Fprintf(&now, "\n## %s: `%s`\n\n%s. Version %s, %s.\n", p.Title, strings.Join(names, "`, `"), p.Source, p.Version, p.Date)
		if p.Note != "" {
			fmt.Fprintf(&now, "\nNote: %s.\n", p.Note)
		}
		now.WriteString("\n| check | of | level | what passes | declared as | CycloneDX |\n|---|---|---|---|---|---|\n")
		for _, c := range p.Checks {
			of := c.Of
			if len(c.On) > 0 {
				of = ""
				for i, class := range c.On {
					if i > 0 {
						of += ", "
					}
					of += string(class)
				}
			}
			fmt.Fprintf(&now, "| %s | %s | %s | %s | %s | `%s` |\n", c.Title, of, c.Level, passes(c), code(strings.Fields(c.Attribute)), c.Paths["CycloneDX"])
		}
	}
	if *update {
		if err := os.WriteFile(name, []byte(head+mark+now.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(now.String(), was); d != "" {
		t.Errorf("docs/profiles.md (- the profiles, + the page):\n%s", d)
	}
}

// passes says what makes a check pass.
func passes(c *profile.Rule) string {
	var parts []string
	if len(c.Formats) > 0 {
		parts = append(parts, fmt.Sprintf("CycloneDX %s, SPDX %s or later", c.Formats["CycloneDX"], c.Formats["SPDX"]))
	}
	if len(c.All) > 0 {
		parts = append(parts, strings.ReplaceAll(code(c.All), ", ", " and "))
	}
	if len(c.Any) > 0 {
		parts = append(parts, strings.ReplaceAll(code(c.Any), ", ", " or "))
	}
	if len(c.None) > 0 {
		parts = append(parts, "no "+code(c.None))
	}
	return strings.Join(parts, "; ")
}

func code(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return "`" + strings.Join(names, "`, `") + "`"
}
