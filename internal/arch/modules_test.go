package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/mod/modfile"

	"nacre/internal/testkit"
)

// goMod reads a go.mod file below the root.
func goMod(t *testing.T, name string) *modfile.File {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), name))
	if err != nil {
		t.Fatal(err)
	}
	mod, err := modfile.Parse(name, text, nil)
	if err != nil {
		t.Fatal(err)
	}
	return mod
}

// TestDirect holds that go.mod calls a module indirect exactly where no file
// of ours imports it.
func TestDirect(t *testing.T) {
	used := used(t)
	for _, r := range goMod(t, "go.mod").Require {
		if r.Indirect == used[r.Mod.Path] {
			t.Errorf("go.mod: %s: indirect is %v; run go mod tidy", r.Mod.Path, r.Indirect)
		}
	}
}

// entry is a line of docs/dependencies.md: the module and its sentence.
var entry = regexp.MustCompile("(?m)^- `([^`]+)`: (.+)$")

// TestDependencies holds that docs/dependencies.md has one sentence for every
// module that we use and for every tool, and for nothing else.
func TestDependencies(t *testing.T) {
	want := used(t)
	for _, tool := range goMod(t, "tools.mod").Tool {
		want[module(goMod(t, "tools.mod"), tool.Path)] = true
	}
	text, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "dependencies.md"))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, m := range entry.FindAllStringSubmatch(string(text), -1) {
		if !want[m[1]] {
			t.Errorf("docs/dependencies.md: nothing of ours uses %s", m[1])
		}
		said = append(said, m[1])
	}
	for path := range want {
		if !slices.Contains(said, path) {
			t.Errorf("docs/dependencies.md: say what %s does for us, why this one, and what would replace it", path)
		}
	}
}

// used are the modules from which a file of ours, a test or not, imports.
func used(t *testing.T) map[string]bool {
	t.Helper()
	mod := goMod(t, "go.mod")
	modules := map[string]bool{}
	for _, f := range sources(t) {
		for _, imported := range f.imports() {
			if m := module(mod, imported); m != "" {
				modules[m] = true
			}
		}
	}
	return modules
}

// module is the required module that holds a package: the longest whose path
// it begins with. It is empty for our own and for the standard library.
func module(mod *modfile.File, imported string) string {
	longest := ""
	for _, r := range mod.Require {
		if p := r.Mod.Path; (imported == p || strings.HasPrefix(imported, p+"/")) && len(p) > len(longest) {
			longest = p
		}
	}
	return longest
}
