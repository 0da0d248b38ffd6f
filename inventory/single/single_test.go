package single

import (
	"testing"
	"testing/fstest"
)

func TestFolder(t *testing.T) {
	if err := fstest.TestFS(Folder("cpanfile", []byte("requires 'Foo';\n")), "cpanfile"); err != nil {
		t.Error(err)
	}
}

// Standard input has no name that tells what it is.
func TestKind(t *testing.T) {
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
		if got := Kind([]byte(text), "standard input"); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := Kind([]byte("use inc::Module::Install;\nrequires 'Foo::Bar';\n"), "standard input"); got != "Makefile.PL" {
		t.Errorf("of Module::Install: %q", got)
	}
}
