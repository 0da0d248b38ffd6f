package makefile_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/fault"
	"nacre/inventory"
	"nacre/inventory/makefile"
)

// TestFiles runs testdata/*.txtar: one file, and in want what it says.
func TestFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal("no cases", err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil || len(ar.Files) != 2 {
				t.Fatal(err)
			}
			read, ok := readers[ar.Files[0].Name]
			if !ok {
				t.Fatalf("%s is no file that is read", ar.Files[0].Name)
			}
			if got, want := describe(read(ar.Files[0].Data)), string(ar.Files[1].Data); got != want {
				t.Errorf("got\n%s\nwant\n%s", got, want)
			}
		})
	}
}

var readers = map[string]func([]byte) makefile.File{
	"Makefile.PL": makefile.ReadProgram,
	"Build.PL":    makefile.ReadProgram,
	"dist.ini":    makefile.ReadDistINI,
	"minil.toml":  makefile.ReadMinil,
}

// describe writes a file's requirements, one a line with the line of each.
func describe(f makefile.File) string {
	var b strings.Builder
	if f.Name != "" {
		fmt.Fprintf(&b, "name %s\n", f.Name)
	}
	for _, r := range f.Requires {
		fmt.Fprintf(&b, "%d: %s %s %s %s", r.Line, r.Phase, r.Relation, r.Module, r.Range)
		if r.Feature != "" {
			fmt.Fprintf(&b, " for %q", r.Feature)
		}
		if r.If != nil {
			fmt.Fprintf(&b, " if %q of line %d", r.If.What, r.If.Line)
		}
		if r.Err != nil {
			fmt.Fprintf(&b, " (%v)", r.Err)
		}
		b.WriteString("\n")
	}
	for _, from := range f.From {
		fmt.Fprintf(&b, "%d: perl as in %s\n", from.Line, from.File)
	}
	for _, u := range f.Unresolved {
		fmt.Fprintf(&b, "%d? %s\n", u.Line, u.What)
	}
	return b.String()
}

// Of several files the one that says more in so many words is read.
func TestWhichFileIsRead(t *testing.T) {
	const (
		maker    = `WriteMakefile(NAME => 'Foo::Bar', PREREQ_PM => { 'From::Makefile' => 1 });`
		computed = `WriteMakefile(PREREQ_PM => prereqs());`
		build    = `Module::Build->new(module_name => 'Foo::Bar', requires => { 'From::Build' => 1 });`
		tiny     = `use Module::Build::Tiny; Build_PL();`
		ini      = "name = Foo-Bar\n[Prereqs]\nFrom::INI = 1\n"
	)
	for _, c := range []struct {
		name, files, want string
	}{
		{"nothing", "", ""},
		{"Makefile.PL", "Makefile.PL=" + maker, "From::Makefile"},
		{"both are whole", "Makefile.PL=" + maker + "|Build.PL=" + build, "From::Makefile"},
		{"Build.PL says more", "Makefile.PL=" + computed + "|Build.PL=" + build, "From::Build"},
		{"Makefile.PL says more", "Makefile.PL=" + maker + "|Build.PL=" + tiny, "From::Makefile"},
		{"dist.ini beside what it makes", "Makefile.PL=" + maker + "|dist.ini=" + ini, "From::Makefile"},
		{"dist.ini", "dist.ini=" + ini, "From::INI"},
	} {
		fsys := fstest.MapFS{}
		for file := range strings.SplitSeq(c.files, "|") {
			if name, text, ok := strings.Cut(file, "="); ok {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		var inv inventory.Inventory
		found, err := makefile.Project{}.Find(context.Background(), fsys, &inv)
		var got []string
		for _, e := range inv.Edges {
			if e.Scope == inventory.Runtime {
				got = append(got, string(e.Module))
			}
		}
		if strings.Join(got, " ") != c.want || found != (c.want != "") || err != nil {
			t.Errorf("%s: %v, found %v, %v; want %q", c.name, got, found, err, c.want)
		}
		if found && inv.Name != "Foo-Bar" && c.name != "Makefile.PL says more" {
			t.Errorf("%s: name %q", c.name, inv.Name)
		}
	}
}

func TestNotices(t *testing.T) {
	fsys := fstest.MapFS{
		"Makefile.PL": {Data: []byte(`use inc::Module::Install;
all_from 'lib/Foo.pm';
requires 'Foo::Always' => '1.0';
requires 'Foo::Sometimes' if $^O eq 'MSWin32';
requires 'Foo::Computed' => version_of();
requires 'Foo::Wrong' => '>= x';
perl_version_from '../Foo.pm';
`)},
		"lib/Foo.pm": {Data: []byte("package Foo;\nuse strict;\nuse 5.010;\nuse 5.020;\n")},
	}
	var inv inventory.Inventory
	if _, err := (makefile.Project{}).Find(context.Background(), fsys, &inv); err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, e := range inv.Edges {
		fmt.Fprintf(&got, "%s %q %s %s\n", e.Module, e.Range, e.Scope, e.Evidence)
	}
	for _, n := range inv.Notices {
		fmt.Fprintf(&got, "%d %v %s\n", n.At.Line, n.Partial, n.Text)
	}
	const want = `Foo::Always "1.0" runtime Makefile.PL:3
Foo::Sometimes "" optional Makefile.PL:4
Foo::Computed "" runtime Makefile.PL:5
Foo::Wrong ">= x" runtime Makefile.PL:6
perl "5.010" runtime Makefile.PL:2
5 false requirement of Foo::Computed: its version is not literal; taken as any version
6 false requirement of Foo::Wrong: requirement ">= x": cannot convert "x": non-numeric data; taken as any version
4 false whether Foo::Sometimes is required depends on "if" of line 4
5 true only running Makefile.PL would tell: the version of Foo::Computed: what version_of gives
7 true only running Makefile.PL would tell: the least perl, which "../Foo.pm" would say
`
	if got.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &got, want)
	}
}

func TestTooLarge(t *testing.T) {
	fsys := fstest.MapFS{"Build.PL": {Data: make([]byte, 5<<20+1)}}
	found, err := makefile.Project{}.Find(context.Background(), fsys, &inventory.Inventory{})
	const want = "read Build.PL: larger than 5242880 bytes (limit: project file size)"
	if !found || err == nil || err.Error() != want || fault.HintOf(err) == "" {
		t.Errorf("found %v, %v; want %s, with a hint", found, err, want)
	}
}

func FuzzProgram(f *testing.F) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range cases {
		if ar, err := txtar.ParseFile(name); err == nil {
			f.Add(ar.Files[0].Data)
		}
	}
	f.Add([]byte(`%a = (%a, %a, b => \%a); $a{b}{b}{b} = \%a; WriteMakefile(%a, PREREQ_PM => \%a)`))
	f.Add([]byte(`for (1..3) { for (qw(a b)) { push @x, @x, $_ } } WriteMakefile(PREREQ_PM => {@x, map { $_ => 0 } @x})`))
	f.Fuzz(func(t *testing.T, src []byte) {
		for name, read := range readers {
			file := read(src)
			if again := read(src); describe(again) != describe(file) {
				t.Errorf("%s: %q: two answers", name, src)
			}
			for _, r := range file.Requires {
				if r.Line < 1 || r.Module == "" && r.Err == nil {
					t.Errorf("%s: %q: %+v", name, src, r)
				}
			}
		}
	})
}

// A program that would not end, or not soon, is given up, and that is said.
func TestHostile(t *testing.T) {
	words := "qw(" + strings.Repeat("w ", 200) + ")"
	for name, src := range map[string]string{
		"loops in loops":  strings.Repeat("for my $x ("+words+") { ", 50) + "$h{$x} = 1" + strings.Repeat("}", 50),
		"lists that grow": "@x = qw(a b c);" + strings.Repeat("push @x, @x, @x;\n", 6) + strings.Repeat("%h = (@x);\n", 100_000),
		"hashes that grow": "%h = (" + strings.Repeat("a, b, ", 10) + ");" +
			strings.Repeat("%h = (%h, map { $_ . 'x' => \\%h } keys %h, 1 .. 9);\n", 1000) + strings.Repeat("for ("+words+") { $h{$_ . $_} = \\%h }", 1000),
		"strings that grow": "$x = 'aaaaaaaa';" + strings.Repeat("$x = $x . $x . $x; ", 200) + strings.Repeat("for ("+words+") { $y = $x . $x }", 5000),
		"a large hash": "%h = (" + func() string {
			var b strings.Builder
			for i := range 100_000 {
				fmt.Fprintf(&b, "k%d => %d, ", i, i)
			}
			return b.String()
		}() + ")",
	} {
		f := makefile.ReadProgram([]byte(src + ";\nWriteMakefile(NAME => 'Acme', PREREQ_PM => { 'Acme::Base' => 1 });\n"))
		if len(f.Unresolved) == 0 {
			t.Errorf("%s: %+v: nothing is said", name, f)
		}
	}
	if f := makefile.ReadDistINI([]byte(strings.Repeat("[A]\n", 100_000))); len(f.Unresolved) != 1 {
		t.Errorf("sections: %+v", f.Unresolved)
	}
	fsys := fstest.MapFS{
		"Makefile.PL": {Data: []byte("use inc::Module::Install; " + strings.Repeat("all_from 'lib/Acme.pm';", 1000))},
		"lib/Acme.pm": {Data: []byte("package Acme;\n1;\n")},
	}
	var inv inventory.Inventory
	if _, err := (makefile.Project{}).Find(context.Background(), fsys, &inv); err != nil || !strings.Contains(fmt.Sprint(inv.Notices), "limit: files named") {
		t.Errorf("files named: %v, %v", inv.Notices, err)
	}
	if f := makefile.ReadProgram([]byte("WriteMakefile(" + strings.Repeat("f(),\n", 100_000) + ")")); len(f.Unresolved) != 501 {
		t.Errorf("calls: %d unresolved", len(f.Unresolved))
	}
	for _, src := range []string{
		strings.Repeat("eval {", 2000) + strings.Repeat("$a = 1; ", 2000) + strings.Repeat("};", 2000),
		strings.Repeat("f(sub {", 2000) + strings.Repeat("$a = 1; ", 2000) + strings.Repeat("});", 2000),
		"sub a { b() for b(), b(), b() } sub b { a(); $x = 1; a() } " + strings.Repeat("a(); ", 10_000),
		strings.Repeat("$a++; ", 5000) + strings.Repeat("eval '"+strings.Repeat("a=", 1000)+"';", 1000),
		"WriteMakefile(PREREQ_PM => " + strings.Repeat("(", 100_000),
		"WriteMakefile(PREREQ_PM => " + strings.Repeat("{ a => ", 100_000),
		"if (" + strings.Repeat("!(", 50_000) + "1" + strings.Repeat(")", 50_000) + ") { WriteMakefile() }",
		"WriteMakefile(PREREQ_PM => {" + strings.Repeat("$x ? a : ", 50_000) + "1})",
	} {
		makefile.ReadProgram([]byte(src)) // ends
	}
}
