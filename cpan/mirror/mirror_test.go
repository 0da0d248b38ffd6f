package mirror_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/fstest"

	"nacre/cpan"
	"nacre/cpan/mirror"
	"nacre/fault"
)

const packages = `File:         02packages.details.txt
Line-Count:   4

Acme::Demo       1.20  A/AU/AUTHOR/Acme-Demo-1.20.tar.gz
Acme::Demo::Part undef A/AU/AUTHOR/Acme-Demo-1.20.tar.gz
Foo::Bar         2.0   O/OT/OTHER/Foo-Bar-2.0.tar.gz
Lone             1     O/OT/OTHER/sub/libfoo-0.5.zip
`

const backpan = `#FORMAT 1
authors/id/A/AU/AUTHOR/Acme-Demo-1.10.tar.gz 1395991503 1832
authors/id/A/AU/AUTHOR/Acme-Demo-1.20.tar.gz 1395991561 2000
authors/id/A/AU/AUTHOR/Acme-Demo-0.01.tar.gz 1295991561 100
authors/id/O/OT/OTHER/Acme-Demo-1.10.tar.gz 1395991999 1111
`

const findLs = ` 1 4 -rw-rw-r-- 1 cpan cpan 2000 Jan 1 2024 authors/id/A/AU/AUTHOR/Acme-Demo-1.20.tar.gz
 1 4 -rw-rw-r-- 1 cpan cpan 1832 Jan 1 2024 authors/id/A/AU/AUTHOR/Acme-Demo-1.10.tar.gz
`

const checksums = `# CHECKSUMS file written on Thu May 16 12:34:56 2024 GMT by CPAN::Checksums (v2.14)
$cksum = {
  'Acme-Demo-1.20.meta' => { 'cpan_path' => 'A/AU/AUTHOR', 'size' => 12 },
  'Acme-Demo-1.20.tar.gz' => {
    'cpan_path' => 'A/AU/AUTHOR',
    'md5' => '0123456789abcdef0123456789abcdef',
    'mtime' => '2024-05-16',
    'sha256' => '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
    'size' => 2000
  },
  'Foo-1.0.tar.gz' => { 'cpan_path' => 'O/OT/OTHER', 'size' => 1 }
};
`

const mailrc = `alias AUTHOR "Ann Author <ann@example.org>"
alias OTHER "Otto Other <CENSORED>"
alias a-mailing-list "somebody"
`

func tree(files ...string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for i := 0; i < len(files); i += 2 {
		fsys[files[i]] = &fstest.MapFile{Data: []byte(files[i+1])}
	}
	return fsys
}

func open(t *testing.T, files ...string) *mirror.Mirror {
	t.Helper()
	m, err := mirror.Open(tree(files...))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func index(t *testing.T, files ...string) *mirror.Index {
	t.Helper()
	x, err := open(t, files...).Index()
	if err != nil {
		t.Fatal(err)
	}
	return x
}

// What an index says of a version depends on the lists that are there.
func TestStanding(t *testing.T) {
	p := []string{"modules/02packages.details.txt", packages}
	b := append([]string{"backpan-index.txt", backpan}, p...)
	all := append([]string{"indices/find-ls", findLs}, b...)
	now := append([]string{"indices/find-ls", findLs}, p...)
	for _, c := range []struct {
		name  string
		files []string
		// of Acme-Demo 1.20, 1.10, 0.01, 9 and of Acme-None, any version
		want string
	}{
		{"the index alone", p, "indexed, unknown, unknown, unknown, unknown"},
		{"with BackPAN", b, "indexed, on BackPAN, on BackPAN, nowhere, nowhere"},
		{"with what is on CPAN now", now, "indexed, on CPAN, unknown, unknown, unknown"},
		{"with both", all, "indexed, on CPAN, withdrawn, nowhere, nowhere"},
		{"without the index", []string{"backpan-index.txt", backpan}, "on BackPAN, on BackPAN, on BackPAN, nowhere, nowhere"},
	} {
		x := index(t, c.files...)
		var got []string
		for _, v := range []string{"1.20", "1.10", "0.01", "9"} {
			got = append(got, x.Standing("Acme-Demo", v).String())
		}
		got = append(got, x.Standing("Acme-None", "").String())
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: got %s, want %s", c.name, s, c.want)
		}
	}
}

func TestIndex(t *testing.T) {
	x := index(t, "modules/02packages.details.txt", packages, "backpan-index.txt", backpan)
	if d, ok := x.OwnerOf("Acme::Demo::Part"); d != "Acme-Demo" || !ok {
		t.Errorf("owner %q, %v", d, ok)
	}
	if d, ok := x.OwnerOf("Acme::None"); ok {
		t.Errorf("owner %q", d)
	}
	if m, ok := x.SpelledLike("acme::demo"); m != "Acme::Demo" || !ok {
		t.Errorf("module like %q, %v", m, ok)
	}
	if d, ok := x.LikeDist("foo-BAR"); d != "Foo-Bar" || !ok {
		t.Errorf("distribution like %q, %v", d, ok)
	}
	if d, ok := x.LikeDist("Foo-Bar"); ok {
		t.Errorf("Foo-Bar is spelled like %q", d)
	}
	if e, ok := x.Module("Foo::Bar"); e.Path != "O/OT/OTHER/Foo-Bar-2.0.tar.gz" || e.Version != "2.0" || !ok {
		t.Errorf("module %+v, %v", e, ok)
	}
	got := ""
	for _, r := range x.Releases("Acme-Demo") {
		got += fmt.Sprintf("%s %s %s %d %d\n", r.Path, r.Version, r.Standing, r.Time, r.Size)
	}
	const want = `A/AU/AUTHOR/Acme-Demo-0.01.tar.gz 0.01 on BackPAN 1295991561 100
A/AU/AUTHOR/Acme-Demo-1.10.tar.gz 1.10 on BackPAN 1395991503 1832
A/AU/AUTHOR/Acme-Demo-1.20.tar.gz 1.20 indexed 1395991561 2000
O/OT/OTHER/Acme-Demo-1.10.tar.gz 1.10 on BackPAN 1395991999 1111
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}

func TestChecksums(t *testing.T) {
	m := open(t, "authors/id/A/AU/AUTHOR/CHECKSUMS", checksums, "authors/id/A/AU/AUTHOR/Acme-Demo-1.20.tar.gz", "bytes",
		"authors/id/O/OT/OTHER/CHECKSUMS", "rm -rf")
	s, err := m.Checksums("A/AU/AUTHOR/Acme-Demo-1.20.tar.gz")
	if err != nil || s.Size != 2000 || s.MTime != "2024-05-16" || len(s.SHA256) != 64 {
		t.Errorf("got %+v, %v", s, err)
	}
	for _, c := range []struct {
		path, want string
		kind       fault.Kind
	}{
		{"A/AU/AUTHOR/Acme-Demo-1.21.tar.gz", `"Acme-Demo-1.21.tar.gz" in CHECKSUMS of "A/AU/AUTHOR": is not named`, fault.NotFound},
		{"A/AU/AUTHOR/Foo-1.0.tar.gz", `says that "Foo-1.0.tar.gz" is of "O/OT/OTHER"`, fault.Conflict},
		{"A/AU/AUTHOR/sub/Foo-1.0.tar.gz", `CHECKSUMS of "A/AU/AUTHOR/sub": is not in the mirror`, fault.NotFound},
		{"O/OT/OTHER/Foo-1.0.tar.gz", `folder "O/OT/OTHER": read CHECKSUMS: line 1`, fault.Invalid},
		{"A/AU/AUTHOR/../AUTHOR/Foo-1.0.tar.gz", "is not one below authors/id", fault.Invalid},
		{"/etc/passwd", "is not one below authors/id", fault.Invalid},
		{"authors/id/A/AU/AUTHOR/Foo-1.0.tar.gz", "is not one below authors/id", fault.Invalid},
	} {
		_, err := m.Checksums(c.path)
		if errors.Is(err, mirror.ErrNotNamed) != strings.Contains(c.want, "not named") {
			t.Errorf("%s: %v", c.path, err)
		}
		if err == nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != c.kind || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v (%v), want %s", c.path, err, fault.KindOf(err), c.want)
		}
	}

	releases, err := m.ReleasesOf("AUTHOR")
	if err != nil || len(releases) != 2 || releases[0].Path != "A/AU/AUTHOR/Acme-Demo-1.20.tar.gz" {
		t.Errorf("releases %+v, %v", releases, err)
	}
	if _, err := m.ReleasesOf("NOBODY"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("releases of nobody: %v", err)
	}
	if _, err := m.ReleasesOf("a"); fault.KindOf(err) != fault.Invalid {
		t.Errorf("releases of a: %v", err)
	}

	f, err := m.OpenArchive("A/AU/AUTHOR/Acme-Demo-1.20.tar.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); string(b) != "bytes" || err != nil {
		t.Errorf("got %q, %v", b, err)
	}
	if _, err := m.OpenArchive("A/AU/AUTHOR/None-1.tar.gz"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestAuthor(t *testing.T) {
	m := open(t, "authors/01mailrc.txt", mailrc)
	if a, err := m.Author("AUTHOR"); err != nil || a.Name != "Ann Author" || a.Address != "ann@example.org" {
		t.Errorf("got %+v, %v", a, err)
	}
	if a, err := m.Author("OTHER"); err != nil || a.Address != "" {
		t.Errorf("got %+v, %v", a, err)
	}
	m2 := open(t, "authors/00whois.xml", "<x><cpanid><id>AUTHOR</id><type>author</type><fullname>Ann</fullname></cpanid></x>")
	if a, err := m2.Author("AUTHOR"); err != nil || a.Name != "Ann" {
		t.Errorf("of 00whois.xml: got %+v, %v", a, err)
	}
	if _, err := m.Author("NOBODY"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("got %v", err)
	}
	if _, err := open(t, "modules/02packages.details.txt", packages).Author("AUTHOR"); fault.KindOf(err) != fault.NotFound {
		t.Errorf("without the list: %v", err)
	}
}

func TestNoMirror(t *testing.T) {
	if _, err := mirror.Open(tree("README", "")); fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
	if _, err := open(t, "authors/01mailrc.txt", mailrc).Index(); fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("no index: %v", err)
	}
	if _, err := open(t, "modules/02packages.details.txt", "<html>").Index(); fault.KindOf(err) != fault.Invalid {
		t.Errorf("a page of a captive portal: %v", err)
	}
}

// Whatever stands in a mirror's files, a question ends, and an answer is one
// that a path below authors/id can have.
func FuzzMirror(f *testing.F) {
	f.Add(packages, backpan, checksums, mailrc)
	f.Add(packages, findLs, "", "")
	f.Add("File: x\n\nA 1 A/AU/AUTHOR//Foo-1.tar.gz\nA 1 /x\n", "A/AU/AUTHOR/..-1.zip", "$cksum = {};", "alias")
	f.Fuzz(func(t *testing.T, packages, listing, checksums, mailrc string) {
		m, err := mirror.Open(tree("modules/02packages.details.txt", packages, "backpan-index.txt", listing,
			"authors/id/A/AU/AUTHOR/CHECKSUMS", checksums, "authors/01mailrc.txt", mailrc))
		if err != nil {
			t.Fatal(err)
		}
		if a, err := m.Author("AUTHOR"); err == nil && a.Author != "AUTHOR" {
			t.Fatalf("author %+v", a)
		}
		releases, err := m.ReleasesOf("AUTHOR")
		for _, r := range releases {
			if s, err := m.Checksums(r.Path); err == nil && (s.File == "" || s.Size < -1) || r.Author != "AUTHOR" {
				t.Fatalf("%+v: %+v, %v", r, s, err)
			}
		}
		if err != nil && len(releases) > 0 {
			t.Fatalf("%v, and %v", err, releases)
		}
		x, err := m.Index()
		if err != nil {
			return
		}
		for _, module := range []cpan.Module{"A", "Acme::Demo", "Foo::Bar"} {
			d, ok := x.OwnerOf(module)
			if !ok {
				continue
			}
			if _, known := x.Module(module); !known || x.Standing(d, "") != cpan.Indexed {
				t.Fatalf("%s is in %s, which is %s", module, d, x.Standing(d, ""))
			}
			for _, r := range x.Releases(d) {
				if r.Dist != d || r.Standing == cpan.Unknown || r.Standing == cpan.Nowhere {
					t.Fatalf("%+v of %s", r, d)
				}
			}
		}
	})
}
