package guide_test

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/purl"
	"nacre/purl/guide"
)

var update = flag.Bool("update", false, "write docs/purl-guide.md")

// The lint has nothing against an answer, and finds what is called wrong.
func TestPackageURLs(t *testing.T) {
	for _, c := range guide.Cases() {
		for _, a := range c.Answers {
			for _, s := range []string{a.PURL, a.Ancestor} {
				facts := a.Facts
				if s == "" {
					continue
				}
				if s == a.Ancestor {
					facts = purl.LintOptions{}
				}
				if found := purl.Lint(s, facts); len(found) > 0 {
					t.Errorf("case %s: %s: %+v", c.ID, s, found)
				}
			}
			for _, w := range a.Wrong {
				found := purl.Lint(w.PURL, a.Facts)
				if !slices.ContainsFunc(found, func(f purl.Finding) bool { return f.ID == w.Check }) {
					t.Errorf("case %s: %s: %s is not in %+v", c.ID, w.PURL, w.Check, found)
				}
			}
		}
	}
}

// Each of the use cases is there, and says what it must.
func TestCases(t *testing.T) {
	var ids []string
	for _, c := range guide.Cases() {
		ids = append(ids, c.ID)
		if c.Title == "" || !strings.HasSuffix(c.Question, "?") || len(c.Answers) == 0 {
			t.Errorf("case %s: %+v", c.ID, c)
		}
		for _, a := range c.Answers {
			if a.Why == "" || a.Model == "" || a.PURL+a.Ancestor == "" || len(c.Answers) > 1 && a.When == "" {
				t.Errorf("case %s: %+v", c.ID, a)
			}
		}
		if found, ok := guide.Find(c.ID); !ok || found.Title != c.Title {
			t.Errorf("case %s is not found", c.ID)
		}
	}
	if got := strings.Join(ids, " "); got != "1a 1b 1c 2 3 4 5 6 7 7b" {
		t.Errorf("cases %s", got)
	}
	if _, ok := guide.Find("8"); ok {
		t.Error("case 8 is found")
	}
}

func TestPage(t *testing.T) {
	file := filepath.Join(testkit.Root(t), "docs", "purl-guide.md")
	if *update {
		if err := os.WriteFile(file, []byte(guide.Markdown()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(page) != guide.Markdown() {
		t.Error("docs/purl-guide.md is not what the guide says: go test ./purl/guide -update")
	}
}
