package cli

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// What is unpacked is gone whatever ends the program, also what no program can
// catch: it has no name as long as it is used.
func TestSpoolHasNoName(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("SKIPPED: an open file keeps its name there, and is removed by Close")
	}
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	var p place
	f, err := p.spool()
	if err != nil {
		t.Fatal(err)
	}
	if filepath.Dir(f.Name()) != dir {
		t.Errorf("made %s, not in %s", f.Name(), dir)
	}
	if _, err := os.Stat(f.Name()); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s has a name (%v)", f.Name(), err)
	}
	if _, err := f.WriteAt([]byte("kept"), 0); err != nil {
		t.Error(err)
	}
	b := make([]byte, 4)
	if _, err := f.ReadAt(b, 0); err != nil || string(b) != "kept" {
		t.Errorf("read %q, %v", b, err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// Standard input has no name that tells what it is.
func TestKindOf(t *testing.T) {
	for want, text := range map[string]string{
		"cpanfile.snapshot": "# carton snapshot format: version 1.0\n",
		"cpanfile":          "configure_requires 'Module::Build';\nrequires 'Foo::Bar';\n",
		"Makefile.PL":       "use ExtUtils::MakeMaker;\nWriteMakefile(PREREQ_PM => {'Foo::Bar' => 1});\n",
		"Build.PL":          "use strict;\nuse Module::Build;\nmy $b = Module::Build->new;\n",
		"META.json":         `{"meta-spec": {"version": 2}}`,
		"META.yml":          "---\nmeta-spec:\n  version: 1.4\n",
		"list":              "Foo-Bar==1.2\n",
		"":                  "#!/usr/bin/perl\nuse ExtUtils::MakeMaker;\nprint MM->parse_version('x');\n",
	} {
		if got := kindOf([]byte(text), stdinName); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := kindOf([]byte("use inc::Module::Install;\nrequires 'Foo::Bar';\n"), stdinName); got != "Makefile.PL" {
		t.Errorf("of Module::Install: %q", got)
	}
}
