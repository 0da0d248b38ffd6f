package audit_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/audit"
)

func TestRoleOf(t *testing.T) {
	for name, want := range map[string]audit.Role{
		"lib/Foo/Test/tools/X.pm": audit.Library, "Foo.pm": audit.Library, "t/foo.t": audit.Test, "t/lib/Foo.pm": audit.Test,
		"xt/a.t": audit.Author, "bin/foo": audit.Program, "Makefile.PL": audit.Build, "inc/My/Build.pm": audit.Build, "install/copy.pm": audit.Build, "lib/Foo/install/copy.pm": audit.Library,
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

// TestNamedPrograms holds that what a distribution names as installed is a
// program, wherever it lies; and that where only running would tell the names,
// no program is passed over as the author's.
func TestNamedPrograms(t *testing.T) {
	files := map[string]string{"foo": "#!perl\n", "tools/bar": "#!/usr/bin/perl\n", "tools/sh": "#!/bin/sh\n", "gen": "#!perl\n"}
	for _, c := range []struct{ file, text, want string }{
		{"Makefile.PL", "WriteMakefile(NAME => 'Foo');", ""},
		{"Makefile.PL", "WriteMakefile(NAME => 'Foo', EXE_FILES => []);", ""},
		{"Makefile.PL", "WriteMakefile(EXE_FILES => ['./foo', 'none']);", "foo"},
		{"Makefile.PL", "WriteMakefile('EXE_FILES', [qw(foo tools/bar tools/sh)]);", "foo tools/bar"},
		{"Makefile.PL", "my @exe = ('foo');\npush @exe, 'tools/bar' if $^O ne 'VMS';\nWriteMakefile(EXE_FILES => \\@exe);", "foo tools/bar"},
		{"Makefile.PL", "my $exe = [<tools/*>];\nWriteMakefile(EXE_FILES => $exe);", "tools/bar"},
		{"Makefile.PL", "WriteMakefile(EXE_FILES => [glob('tools/b* f??')]);", "foo tools/bar"},
		{"Makefile.PL", "install_script 'foo';\ninstall_script('tools/bar');\nWriteAll;", "foo tools/bar"},
		{"Build.PL", "Module::Build->new(script_files => 'foo')->create_build_script;", "foo"},
		{"Build.PL", "Module::Build->new(script_files => { 'tools/bar' => 1, 'none' => 1 });", "tools/bar"},
		{"Makefile.PL", "WriteMakefile(EXE_FILES => [ map { $_->{file} } @all ]);", "foo gen"},
		{"Makefile.PL", "WriteMakefile(EXE_FILES => \\@all);", "foo gen"},
		{"Makefile.PL", "my @a = (@b); my @b = (@a); WriteMakefile(EXE_FILES => \\@a);", ""},
	} {
		all := maps.Clone(files)
		all[c.file] = c.text
		var got []string
		for part := range strings.SplitSeq(roles(t, all, audit.Options{}), ", ") {
			if name, ok := strings.CutSuffix(part, " program"); ok {
				got = append(got, name)
			}
		}
		slices.Sort(got)
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("%s: %q, not %q", c.text, text, c.want)
		}
	}
}

func FuzzPrograms(f *testing.F) {
	f.Add("my @a = (<*.pl>, qw(a b)); push @a, @a; WriteMakefile(EXE_FILES => [\\@a, glob 'x*'])", "a")
	f.Add("Module::Build->new(script_files => { a => 1, b => [[[('c')]]] }); install_script $x", "t/x")
	f.Fuzz(func(t *testing.T, builder, file string) {
		fsys := fstest.MapFS{"Makefile.PL": {Data: []byte(builder)}, "a.t": {}}
		names := []string{"Makefile.PL", "a.t", file}
		slices.Sort(names)
		looked := 0
		if err := audit.Run(context.Background(), &audit.Release{FS: fsys, Files: names}, audit.Options{}, func(r audit.Result) bool {
			looked++
			return true
		}); err != nil || looked != len(names)+1 {
			t.Errorf("%d results of %d files: %v", looked, len(names), err)
		}
	})
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
