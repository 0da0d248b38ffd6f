package curation_test

import (
	"os"
	"path/filepath"
	"testing"

	"nacre/curation"
	"nacre/fault"
)

// TestReadFolder passes over no overlay for the way in which its file is there.
func TestReadFolder(t *testing.T) {
	const overlay = "- describe: CVE-2099-0001\n  severity: low\n  reason: It needs a key.\n  role: triage\n  date: 2099-01-01\n"
	dir, elsewhere := t.TempDir(), t.TempDir()
	for _, name := range []string{filepath.Join(dir, "Foo.YAML"), filepath.Join(dir, "README.md"), filepath.Join(elsewhere, "Bar.yml")} {
		if err := os.WriteFile(name, []byte(overlay), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link := func(from, name string) {
		if err := os.Symlink(from, filepath.Join(dir, name)); err != nil {
			t.Skip("no symbolic links here: ", err)
		}
	}
	link(filepath.Join(elsewhere, "Bar.yml"), "Bar.yml")
	set, err := curation.Read(os.DirFS(dir))
	if err != nil || len(set.Overlays) != 2 || set.Overlays[0].File != "Bar.yml" || set.Overlays[1].File != "Foo.YAML" {
		t.Fatalf("%+v, %v", set, err)
	}
	link(elsewhere, "more")
	if _, err := curation.Read(os.DirFS(dir)); fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
		t.Errorf("a link to a folder: %v, hint %q", err, fault.HintOf(err))
	}
}
