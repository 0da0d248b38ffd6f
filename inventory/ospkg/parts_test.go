package ospkg

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/cpan"
	"nacre/inventory"
)

func TestUpstream(t *testing.T) {
	for line := range strings.Lines(`
dpkg 5.36.0-7+deb12u1 5.36.0
dpkg 1:1.20-3+b1 1.20
dpkg 1.20 1.20
dpkg 0.74+dfsg-1 0.74
dpkg 0.74+dfsg1-1 0.74
dpkg 0.74~dfsg-1 0.74
dpkg 0.74.dfsg-1 0.74
dpkg 0.74.dfsg.2-1 0.74
dpkg 0.74dfsg-1 0.74
dpkg 0.74+ds-2 0.74
dpkg 0.74~repack1-2 0.74
dpkg 0.74+git20240101.abcdef-1 0.74
dpkg 0.74+~cs0.12-1 0.74
dpkg 2.0+really1.9-1 1.9
dpkg 2.0+really1.9+dfsg-1 1.9
dpkg 2.0207+dfsg+really+2.0134-1+b1 2.0134
dpkg 1.20~bpo12+1 1.20
dpkg 1.50~rc1-1 -
dpkg 1.50~git20240101-1 -
dpkg 20240101-1 20240101
dpkg 1.2a-1 -
dpkg 0~2 -
dpkg - -
apk 5.38.2-r0 5.38.2
apk 1.2_git20240101-r0 1.2
apk 1.2_p1-r0 1.2
apk 1.2_rc1-r0 -
apk 1.2_alpha-r0 -
apk 1.2b-r0 -
rpm 4:5.32.1-481.el9 5.32.1
rpm 1.20-461.el9_2.1 1.20
rpm 1.20~rc1-1 -
rpm 1.20^20240101git-1 1.20
rpm 1.20 1.20
`) {
		field := strings.Fields(line)
		if len(field) != 3 {
			continue
		}
		want := strings.Trim(field[2], "-")
		if got, ok := upstream(field[0], field[1]); got != want || ok != (want != "") {
			t.Errorf("%s %s: %q, %v; want %q", field[0], field[1], got, ok, want)
		}
	}
}

func TestIsMain(t *testing.T) {
	for line, want := range map[string]bool{
		"libacme-demo-perl Acme::Demo":           true,
		"perl-Acme-Demo Acme::Demo":              true,
		"perl-acme-demo Acme::Demo":              true,
		"libacme-with-line-perl Acme::With_line": true,
		"acme-demo Acme::Demo":                   false,
		"libacme-demo-perl Acme::Other":          false,
		"libacme-bundle-perl Acme":               false,
		"libacme Acme":                           false,
	} {
		name, module, _ := strings.Cut(line, " ")
		if got := isMain(&inventory.Package{Name: name}, cpan.Module(module)); got != want {
			t.Errorf("%s: %v", line, got)
		}
	}
}

func TestDistOf(t *testing.T) {
	for text, want := range map[string]cpan.Dist{
		"https://metacpan.org/release/Acme-Demo":                         "Acme-Demo",
		"https://metacpan.org/dist/Acme-Demo/":                           "Acme-Demo",
		"Source: http://search.cpan.org/dist/Acme-Demo/\nX: y":           "Acme-Demo",
		"from https://metacpan.org/release/Acme-Demo.":                   "Acme-Demo",
		"metacpan.org/release/Acme-Demo and metacpan.org/dist/Acme-Demo": "Acme-Demo",
		"metacpan.org/release/Acme-Demo and metacpan.org/dist/Foo-Bar":   "",
		"https://metacpan.org/release/AUTHOR/Acme-Demo-1.20":             "",
		"https://metacpan.org/release/":                                  "",
		"https://example.com/release/Acme-Demo":                          "",
		"":                                                               "",
	} {
		if got := distOf([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestRelease(t *testing.T) {
	for _, c := range []struct{ text, distro, codename string }{
		{"ID=debian\nVERSION_ID=\"12\"\nVERSION_CODENAME=bookworm\n", "debian:12", "bookworm"},
		{"ID=ubuntu\nVERSION_ID='22.04'\nUBUNTU_CODENAME=jammy\n", "ubuntu:22.04", "jammy"},
		{"# a comment\n\nID=alpine\r\nVERSION_ID=3.19.1\n", "alpine:3.19", ""},
		{"ID=alpine\nVERSION_ID=3.20_alpha20231219\n", "alpine:3.20_alpha20231219", ""},
		{"ID=\"rhel\"\nVERSION_ID=\"9.4\"\nVERSION_CODENAME=\"\"", "rhel:9.4", ""},
		{"ID=debian\n", "debian", ""},
		{"VERSION_ID=12\n", "", ""},
		{"ID=$(reboot)\nVERSION_ID=12\nVERSION_CODENAME=\"a b\"\n", "", ""},
		{"", "", ""},
	} {
		distro, codename := release(fstest.MapFS{"usr/lib/os-release": {Data: []byte(c.text)}})
		if distro != c.distro || codename != c.codename {
			t.Errorf("%q: %q, %q; want %q, %q", c.text, distro, codename, c.distro, c.codename)
		}
	}
}

func TestWants(t *testing.T) {
	for name, want := range map[string]bool{
		"usr/share/perl5/Acme/Demo.pm":                true,
		"var/lib/dpkg/status":                         true,
		"var/lib/dpkg/status-old":                     false,
		"var/lib/dpkg/status.d/base":                  true,
		"var/lib/dpkg/info/perl.list":                 true,
		"var/lib/dpkg/info/perl.md5sums":              false,
		"lib/apk/db/installed":                        true,
		"usr/lib/sysimage/rpm/Packages.db":            true,
		"var/lib/rpm/rpmdb.sqlite-wal":                true,
		"var/lib/rpm/Index.db":                        false,
		"etc/os-release":                              true,
		"usr/share/doc/perl-base/changelog.Debian.gz": true,
		"usr/share/doc/perl-base/copyright":           true,
		"usr/share/doc/perl-base/README.Debian":       false,
		"usr/lib/x86_64-linux-gnu/libperl.so.5.36":    false,
	} {
		if got := Wants(name); got != want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// A module that was left unread can be read later.
func TestRead(t *testing.T) {
	fsys := fstest.MapFS{
		"Part.pm": {Data: []byte("package Acme::Part;\nour $VERSION = '1.19';\n")},
		// The version stands behind what is read at first.
		"Long.pm": {Data: []byte("package Acme::Long;\n" + strings.Repeat("# a comment\n", 10_000) + "our $VERSION = '3';\n")},
		"Huge.pm": {Data: []byte("package Acme::Huge;\n" + strings.Repeat("# a comment\n", 1_000_000) + "our $VERSION = '3';\n")},
	}
	p := &inventory.Package{Manager: "dpkg", Version: "1.20-3", Upstream: "1.20"}
	for _, c := range []struct {
		f    inventory.Found
		want string
	}{
		{inventory.Found{Module: "Acme::Part", File: "Part.pm", Unread: true, Package: p}, "1.19 "},
		{inventory.Found{Module: "Acme::Long", File: "Long.pm", Unread: true, Package: p}, "3 "},
		{inventory.Found{Module: "Acme::Huge", File: "Huge.pm", Unread: true, Package: p}, "1.20 package version"},
		{inventory.Found{Module: "Acme::None", File: "None.pm", Unread: true, Package: p}, "1.20 package version"},
		{inventory.Found{Module: "Acme::Part", File: "Part.pm", Version: "5", Package: p}, "5 "},
	} {
		Read(fsys, &c.f)
		if got := c.f.Version + " " + c.f.From; got != c.want || c.f.Unread {
			t.Errorf("%s: %q, unread %v; want %q", c.f.File, got, c.f.Unread, c.want)
		}
	}
}

func TestLimits(t *testing.T) {
	var status strings.Builder
	for i := range maxPackages + 1 {
		fmt.Fprintf(&status, "P:p%d\nV:1\n\n", i)
	}
	for name, c := range map[string]struct {
		file, content string
		want          string
	}{
		"packages": {"lib/apk/db/installed", status.String(), "(limit: packages)"},
		"modules":  {"lib/apk/db/installed", "P:p\nV:1\nF:usr\n" + strings.Repeat("R:a.pm\n", maxModules+1), "(limit: packages)"},
		"line":     {"lib/apk/db/installed", "P:p\nV:1\n" + strings.Repeat("x", 1<<20) + "\nF:usr/share/perl5\nR:a.pm\n", "1 modules of packages are not there"},
	} {
		var inv inventory.Inventory
		if _, err := (System{}).Find(context.Background(), fstest.MapFS{c.file: {Data: []byte(c.content)}}, &inv); err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(inv.Notices, func(n inventory.Notice) bool { return strings.Contains(n.Text, c.want) }) {
			t.Errorf("%s: %v, want %q", name, inv.Notices, c.want)
		}
	}
}

func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var inv inventory.Inventory
	fsys := fstest.MapFS{"lib/apk/db/installed": {Data: []byte("P:p\nV:1\n")}}
	if _, err := (System{}).Find(ctx, fsys, &inv); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// Whatever a database says, nothing panics, what is found has a name and a
// package, and what is not told is not made up.
func FuzzDpkg(f *testing.F) {
	f.Add([]byte("Package: a\nStatus: install ok installed\nSource: b (1:2~rc1)\nVersion: 1+dfsg-1\n\n"), []byte("/usr/share/perl5/A.pm\n/usr/share/perl5/A/B.pm"))
	f.Fuzz(func(t *testing.T, status, list []byte) {
		look(t, fstest.MapFS{
			"var/lib/dpkg/status":             {Data: status},
			"var/lib/dpkg/info/a.list":        {Data: list},
			"var/lib/dpkg/status.d/a":         {Data: status},
			"var/lib/dpkg/status.d/a.md5sums": {Data: list},
		})
	})
}

func FuzzAPK(f *testing.F) {
	f.Add([]byte("P:a\nV:1_rc1-r0\no:b\nF:usr/share/perl5/vendor_perl\nR:A.pm\n\nP:perl\nV:5.38.2-r0\nF:usr/lib/perl5/core_perl\nR:Config.pm\n"), []byte("ID=alpine\nVERSION_ID=\"3.19.1\"\n"))
	f.Fuzz(func(t *testing.T, installed, release []byte) {
		look(t, fstest.MapFS{"lib/apk/db/installed": {Data: installed}, "etc/os-release": {Data: release}})
	})
}

func FuzzPapers(f *testing.F) {
	f.Add([]byte("Source: https://metacpan.org/release/Acme-Demo\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		if d := distOf(text); d != "" {
			if again, err := cpan.ParseDist(string(d)); err != nil || again != d || !strings.Contains(string(text), string(d)) {
				t.Errorf("%q: %v", d, err)
			}
		}
	})
}

func FuzzChangelog(f *testing.F) {
	f.Add([]byte("perl (5.36.0-7)\n  * CVE-2099-31484, CVE-2099-1"))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, id := range cves(nil, text) {
			if !strings.Contains(string(text), id) || len(id) < 13 || len(id) > 29 {
				t.Errorf("%q", id)
			}
		}
	})
}

func look(t *testing.T, fsys fstest.MapFS) {
	var inv inventory.Inventory
	found, err := System{}.Find(context.Background(), fsys, &inv)
	if err != nil || !found {
		t.Fatal(found, err)
	}
	for _, m := range inv.Found {
		if m.Module == "" || m.Package.Name == "" || m.Package.Version == "" || !inv.Claimed(m.File) {
			t.Errorf("%+v", m)
		}
	}
}
