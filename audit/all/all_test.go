package all

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/audit"
	"nacre/audit/output"
	"nacre/internal/testkit"
)

var update = flag.Bool("update", false, "write the pages of docs/rules anew")

// brief are the ids of all rules. One that was there stays for ever.
var brief = map[string]int{
	"RND": 10, "TLS": 5, "FIL": 8, "INJ": 9, "DES": 5, "CRY": 9, "WEB": 4, "RGX": 3, "BLD": 3, "XS": 1, "TNT": 1, "GEN": 1,
}

func TestIDs(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	var got, want []string
	for _, r := range rules {
		got = append(got, r.Doc.ID)
	}
	for family, n := range brief {
		for i := range n {
			want = append(want, fmt.Sprintf("%s%02d", family, i+1))
		}
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("rules:\n%q\nnot\n%q", got, want)
	}
}

// TestPages holds docs/rules to the rules' files; go test -update writes them.
func TestPages(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(testkit.Root(t), "docs", "rules")
	index := "# Rules of nacre audit\n\nEach page is made of the rule's own file, which is also what it is tested by.\n`nacre audit explain RULE` shows the same on a terminal.\n\n| rule | weakness | what it finds |\n|---|---|---|\n"
	pages := map[string]string{}
	for _, r := range rules {
		pages[r.Doc.ID+".md"] = output.Markdown(&r.Doc)
		index += fmt.Sprintf("| [%s](%s.md) | %s | %s |\n", r.Doc.ID, r.Doc.ID, strings.Join(r.Doc.CWE, ", "), r.Doc.Title)
	}
	pages["README.md"] = index
	if *update {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, page := range pages {
		file := filepath.Join(dir, name)
		if *update {
			if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != page {
			t.Errorf("docs/rules/%s is not what the rule's file says (%v): go test ./audit/all -update", name, err)
		}
	}
	there, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range there {
		if _, ok := pages[e.Name()]; !ok {
			t.Errorf("docs/rules/%s is of no rule", e.Name())
		}
	}
}

// TestNoNames holds that no rule's code or text is about one distribution of
// the truth table: what is measured must not be what is looked for.
func TestNoNames(t *testing.T) {
	rules, err := Rules()
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(filepath.Join(testkit.Root(t), "bench", "audit", "truth.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]bool{}
	for line := range strings.Lines(string(table)) {
		for _, field := range strings.Split(strings.TrimRight(line, "\n"), "\t") {
			if strings.HasPrefix(field, "lib/") && strings.HasSuffix(field, ".pm") {
				files[field] = true
			}
		}
	}
	if len(files) == 0 {
		t.Fatal("the truth table names no file")
	}
	for _, r := range rules {
		for _, c := range append([]audit.Case{r.Doc.Insecure, r.Doc.Secure}, r.Doc.Cases...) {
			for _, f := range c.Files {
				if files[f.Name] {
					t.Errorf("%s: the case %q has the name of a file of the truth table: %s", r.Doc.ID, c.Name, f.Name)
				}
			}
		}
	}
}
