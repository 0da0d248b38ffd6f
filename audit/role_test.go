package audit_test

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/audit"
)

func TestRoleOf(t *testing.T) {
	for name, want := range map[string]audit.Role{
		"lib/Foo/Test/tools/X.pm": audit.Library, "Foo.pm": audit.Library, "t/foo.t": audit.Test, "t/lib/Foo.pm": audit.Test,
		"xt/a.t": audit.Author, "bin/foo": audit.Program, "Makefile.PL": audit.Build, "inc/My/Build.pm": audit.Build,
		"examples/a.pl": audit.Example, "Foo.xs": audit.Native, "src/foo.c": audit.Native, "app.psgi": audit.Program, "test.pl": audit.Test,
	} {
		if got := audit.RoleOf(name, nil); got != want {
			t.Errorf("%s: %q, not %q", name, got, want)
		}
	}
}

// roles gives the role as which each file was looked at, "-" for those that were
// passed over.
func roles(t *testing.T, files map[string]string, opt audit.Options) string {
	t.Helper()
	fsys, names, got := fstest.MapFS{}, []string{}, []string{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
		names = append(names, name)
	}
	slices.Sort(names)
	opt.Rules = rules(t)
	if err := audit.Run(context.Background(), &audit.Release{FS: fsys, Files: names}, opt, func(r audit.Result) bool {
		if r.File != "" {
			role := "-"
			if r.Read {
				role = cmp.Or(string(r.Role), "library")
			}
			got = append(got, r.File+" "+role)
		}
		return true
	}); err != nil {
		t.Fatal(err)
	}
	return strings.Join(got, ", ")
}

// TestPrograms holds that in a distribution a program outside of the folders for
// programs is its author's, and in any other folder just a program.
func TestPrograms(t *testing.T) {
	files := map[string]string{
		"app.psgi": "1;", "bin/a": "#!perl\n", "gen.pl": "1;", "lib/b.pl": "1;", "make/c": "#!/usr/bin/perl\n", "share/d.pl": "1;",
	}
	want := "app.psgi program, bin/a program, gen.pl program, lib/b.pl library, make/c program, share/d.pl program"
	if got := roles(t, files, audit.Options{}); got != want {
		t.Errorf("a folder: %s", got)
	}
	files["dist.ini"] = "name = Foo-Bar\n"
	want = "app.psgi program, bin/a program, dist.ini -, gen.pl -, lib/b.pl library, make/c -, share/d.pl program"
	if got := roles(t, files, audit.Options{}); got != want {
		t.Errorf("a distribution: %s", got)
	}
	want = "app.psgi program, bin/a program, dist.ini -, gen.pl author, lib/b.pl library, make/c author, share/d.pl program"
	if got := roles(t, files, audit.Options{All: true}); got != want {
		t.Errorf("with the author's: %s", got)
	}
}

// TestNativeTests holds that C among tests is passed over as they are.
func TestNativeTests(t *testing.T) {
	files := map[string]string{"Foo.xs": "", "src/tools/a.c": "", "t/b.c": "", "zlib/test/c.h": ""}
	if got, want := roles(t, files, audit.Options{}), "Foo.xs native, src/tools/a.c native, t/b.c -, zlib/test/c.h -"; got != want {
		t.Error(got)
	}
	if got, want := roles(t, files, audit.Options{All: true}), "Foo.xs native, src/tools/a.c native, t/b.c native, zlib/test/c.h native"; got != want {
		t.Errorf("with tests: %s", got)
	}
}

// TestBuilds holds that classes of what builds releases are no library, and that
// what is found there is possible at most.
func TestBuilds(t *testing.T) {
	files := map[string]string{
		"lib/Acme/Build.pm":     "package Acme::Build;\nuse parent 'Module::Build';\nbad(1);\n",
		"lib/Acme/Dist.pm":      "package Dist::Zilla::Plugin::Acme;\nbad(1);\n",
		"lib/Acme/Mentions.pm":  "package Acme::Mentions;\n# as Module::Build does\nbad(1);\n",
		"lib/Acme/Requires.pm":  "package Acme::Requires;\nuse Module::Build;\nbad(1);\n",
		"lib/Acme/Installed.pm": "package Acme::Installed;\nour @ISA = qw(ExtUtils::Installed);\nbad(1);\n",
	}
	want := "lib/Acme/Build.pm build, lib/Acme/Dist.pm build, lib/Acme/Installed.pm build, lib/Acme/Mentions.pm library, lib/Acme/Requires.pm library"
	if got := roles(t, files, audit.Options{}); got != want {
		t.Error(got)
	}
	found := run(t, files, audit.Options{})
	if !slices.Contains(found, "lib/Acme/Build.pm:3 possible high") || !slices.Contains(found, "lib/Acme/Mentions.pm:3 certain high") {
		t.Errorf("%q", found)
	}
}
