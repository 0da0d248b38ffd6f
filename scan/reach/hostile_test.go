package reach_test

import (
	"context"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/inventory"
	"nacre/scan/reach"
)

// A source that multiplies what it holds: packages by loads of their compiled
// halves and by words that may be plugins of theirs. Taken literally it would
// never end.
func TestMultiplied(t *testing.T) {
	var src strings.Builder
	src.WriteString("#!/usr/bin/perl\n")
	for i := range 60_000 {
		fmt.Fprintf(&src, "package P%d; use XSLoader; 'W%d'; use Module::Pluggable search_path => 'Q';\n", i, i)
	}
	fsys := fstest.MapFS{"bin/app": {Data: []byte(src.String())}}
	for i := range 20_000 {
		fsys[fmt.Sprintf("lib/Q/M%d.pm", i)] = &fstest.MapFile{}
	}
	m := read(t, fsys)
	if s := m.Component(0).State; s != reach.NotSeen {
		t.Errorf("what nothing names is %s", s)
	}
}

// Folders that sources add to @INC are looked into for each module, so they are
// bounded; what is in the others may be anything.
func TestManyFolders(t *testing.T) {
	fsys := fstest.MapFS{}
	var src strings.Builder
	src.WriteString("#!/usr/bin/perl\n")
	for i := range 600 {
		fmt.Fprintf(&src, "use lib 'd%d';\n", i)
		fsys[fmt.Sprintf("d%d/X%d.pm", i, i)] = &fstest.MapFile{Data: []byte("1")}
	}
	fsys["bin/app"] = &fstest.MapFile{Data: []byte(src.String())}
	r := read(t, fsys).Component(0)
	if r.State != reach.Unknown || !strings.Contains(r.Why, "(limit: folders of @INC)") {
		t.Errorf("%s: %s", r.State, r.Why)
	}
}

// closed is a folder in which some files and folders are not for us.
type closed struct {
	fs.FS
	names map[string]bool
}

func (c closed) Open(name string) (fs.File, error) {
	if c.names[name] {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrPermission}
	}
	return c.FS.Open(name)
}

// What cannot be read may load anything.
func TestClosed(t *testing.T) {
	for _, name := range []string{"bin/app", "bin", "lib/Foo.pm", "local/lib/perl5/Foo", "local/lib/perl5"} {
		fsys := closed{fstest.MapFS{
			"bin/app":                     {Data: []byte("#!/usr/bin/perl\nuse Foo; require Foo::Deep::X;\n")},
			"bin/other":                   {Data: []byte("#!/usr/bin/perl\n")},
			"lib/Foo.pm":                  {Data: []byte("package Foo; 1;")},
			"local/lib/perl5/Foo/Deep.pm": {Data: []byte("package Foo::Deep; 1;")},
		}, map[string]bool{name: true}}
		r := read(t, fsys).Component(0)
		if r.State != reach.Unknown || r.Why == "" {
			t.Errorf("%s is closed: %s: %s", name, r.State, r.Why)
		}
	}
}

// read reads a project in which Acme-Demo is installed.
func read(t testing.TB, fsys fs.FS) *reach.Map {
	inv := inventory.Inventory{Components: []inventory.Component{
		{Dist: "Acme-Demo", Version: "1", Place: "local/lib/perl5", Modules: []cpan.Module{"Acme::Demo"}},
	}}
	m, err := reach.Read(context.Background(), fsys, &inv, reach.Options{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Whatever a source holds, reading it ends, and everything has one of the three
// states; what it loads by a plain line is loaded.
func FuzzRead(f *testing.F) {
	f.Add("use Acme::Demo;")
	f.Add("require \"Acme/$x.pm\"; eval \"use $y\"; my $z = 'Acme::Demo';")
	f.Add("use AutoLoader; use SelfLoader;\n1;\n__END__\nsub f { require Acme::Demo }")
	f.Add("my $s = \"never ends\nuse Acme::Demo;")
	f.Add("package A; use XSLoader; use lib '../..', '/'; use Module::Pluggable search_path => 'Acme';")
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 64<<10 {
			t.Skip("larger sources show nothing new")
		}
		m := read(t, fstest.MapFS{
			"bin/app":                      {Data: []byte("#!/usr/bin/perl\nuse Acme::Demo::Sure;\n" + src)},
			"local/lib/perl5/Acme/Demo.pm": {Data: []byte("package Acme::Demo; sub decode { 1 } 1;")},
			"local/lib/perl5/Acme/Sure.pm": {Data: []byte(src)},
		})
		for _, a := range []advisory.Affected{{}, {Modules: []cpan.Module{"Acme::Demo"}}, {Modules: []cpan.Module{"Acme::Demo"}, Routines: []string{"decode"}}} {
			switch r := m.Reach(0, &a); r.State {
			case reach.Loaded, reach.NotSeen, reach.Unknown:
				if r.State == reach.Unknown && r.Why == "" {
					t.Errorf("unknown without a reason")
				}
			default:
				t.Errorf("state %q", r.State)
			}
		}
	})
}
