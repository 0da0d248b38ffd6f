package curation_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"nacre/curation"
)

// TestExamples reads the example of each kind, and those of docs/curation.md, and
// holds the page's table of rules to the program's.
func TestExamples(t *testing.T) {
	set, err := curation.Read(os.DirFS("../examples/curation"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[curation.Kind]bool{}
	for i := range set.Overlays {
		seen[set.Overlays[i].Kind] = true
	}
	for _, k := range curation.Kinds() {
		if !seen[k] {
			t.Errorf("examples/curation has no %s", k)
		}
	}

	const page = "../docs/curation.md"
	b, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	examples := 0
	for i, block := range strings.Split(string(b), "```") {
		text, ok := strings.CutPrefix(block, "yaml\n")
		if i%2 == 0 || !ok {
			continue
		}
		examples++
		overlays, mistakes := curation.ReadFile(page, []byte(text))
		if len(mistakes) > 0 {
			t.Errorf("example %d: %v", examples, mistakes)
		}
		if len(overlays) == 0 {
			t.Errorf("example %d has no overlay", examples)
		}
	}
	if examples < 4 {
		t.Errorf("%d examples", examples)
	}

	var rules strings.Builder
	rules.WriteString("<!-- rules -->\n| rule | level | what should be so | why |\n|---|---|---|---|\n")
	for _, r := range curation.Rules() {
		fmt.Fprintf(&rules, "| %s | %s | %s | %s |\n", r.ID, r.Level, r.What, r.Why)
	}
	const end = "<!-- end of rules -->"
	rules.WriteString(end)
	before, rest, _ := strings.Cut(string(b), "<!-- rules -->")
	old, after, ok := strings.Cut(rest, end)
	if !ok {
		t.Fatal("docs/curation.md has no table of rules")
	}
	if *update {
		if err := os.WriteFile(page, []byte(before+rules.String()+after), 0o644); err != nil {
			t.Fatal(err)
		}
	} else if rules.String() != "<!-- rules -->"+old+end {
		t.Errorf("the table of rules in docs/curation.md is not the program's:\n%s", rules.String())
	}
}
