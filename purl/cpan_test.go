package purl_test

import (
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
	"nacre/purl"
)

func TestIdentity(t *testing.T) {
	sha256 := "sha256:" + strings.Repeat("0a", 32)
	md5 := "md5:" + strings.Repeat("0b", 16)
	for _, c := range []struct {
		name    string
		release cpan.Release
		digests []string
		want    string
	}{
		{"all that a path tells", cpan.ParsePath("A/AU/AUTHOR/Foo-Bar-v1.20_01.tar.gz"), nil, "pkg:cpan/Foo-Bar@v1.20_01?author=AUTHOR&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-Bar-v1.20_01.tar.gz"},
		{"another extension", cpan.ParsePath("Foo-1.0.ZIP"), nil, "pkg:cpan/Foo@1.0?ext=zip"},
		{"author unknown", cpan.Release{Dist: "Foo", Version: "1.10"}, nil, "pkg:cpan/Foo@1.10"},
		{"author known", cpan.Release{Dist: "Foo", Version: "1.10", Author: "AUTHOR"}, nil, "pkg:cpan/Foo@1.10?author=AUTHOR"},
		{"version unknown: an author says nothing", cpan.Release{Dist: "Foo", Author: "AUTHOR"}, nil, "pkg:cpan/Foo"},
		{"version unknown, path known", cpan.ParsePath("A/AU/AUTHOR/Foo.tgz"), nil, "pkg:cpan/Foo?author=AUTHOR&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo.tgz&ext=tgz"},
		{"digests, sha256 first", cpan.Release{Dist: "Foo", Version: "1"}, []string{md5, sha256, md5}, "pkg:cpan/Foo@1?checksum=" + sha256 + "%2C" + md5},
	} {
		p, err := purl.Identity(c.release, c.digests...)
		if err != nil || p.String() != c.want {
			t.Errorf("%s: got %s, %v; want %s", c.name, p, err, c.want)
		}
	}
}

func TestIdentityRefuses(t *testing.T) {
	ok := cpan.Release{Dist: "Foo", Version: "1"}
	for _, c := range []struct {
		release cpan.Release
		digest  string
		want    string
	}{
		{cpan.Release{Version: "1"}, "", "is empty"},
		{cpan.Release{Dist: "Foo::Bar"}, "", "is a module's name"},
		{cpan.Release{Dist: "Foo", Version: "1", Author: "author"}, "", "is not a PAUSE id"},
		{cpan.Release{Dist: "Foo", Version: "1/2"}, "", "has a slash"},
		{ok, "abc", "is not algorithm:hex"},
		{ok, "sha256:abc", "is not algorithm:hex"},
		{ok, "sha256:" + strings.Repeat("A", 64), "is not algorithm:hex"},
		{ok, "rot13:" + strings.Repeat("a", 64), "is not algorithm:hex"},
	} {
		var digests []string
		if c.digest != "" {
			digests = []string{c.digest}
		}
		if p, err := purl.Identity(c.release, digests...); err == nil || !strings.Contains(err.Error(), c.want) || fault.HintOf(err) == "" {
			t.Errorf("%+v %s: got %s, %v; want %s", c.release, c.digest, p, err, c.want)
		}
	}
}

func TestSelector(t *testing.T) {
	if p, err := purl.Selector("libwww-perl"); err != nil || p.String() != "pkg:cpan/libwww-perl" {
		t.Errorf("got %s, %v", p, err)
	}
	if p, err := purl.Selector("Foo-1.0"); err == nil {
		t.Errorf("got %s", p)
	}
}

func TestDistAndAuthor(t *testing.T) {
	for _, c := range []struct {
		in     string
		dist   cpan.Dist
		author cpan.Author
	}{
		{"pkg:cpan/Foo@1?author=AUTHOR", "Foo", "AUTHOR"},
		{"pkg:cpan/AUTHOR/Foo", "Foo", "AUTHOR"},
		{"pkg:cpan/Foo", "Foo", ""},
		{"pkg:cpan/Foo-1.23", "", ""},
		{"pkg:github/foo/bar?author=AUTHOR", "", ""},
	} {
		p, err := purl.Parse(c.in)
		if err != nil {
			t.Fatal(err)
		}
		d, err := p.Dist()
		if d != c.dist || (err == nil) != (d != "") || p.Author() != c.author {
			t.Errorf("%s: got %q, %q, %v", c.in, d, p.Author(), err)
		}
	}
}

func TestCompare(t *testing.T) {
	sums := func(s string) string { return "pkg:cpan/Foo@1?checksum=" + s }
	for _, c := range []struct {
		a, b      string
		same      bool
		confirmed bool
		against   bool
	}{
		{"pkg:cpan/Foo@1", "pkg:cpan/Foo@1", true, false, false},
		{"pkg:cpan/Foo@1.10", "pkg:cpan/Foo@1.1", false, false, false},
		{"pkg:cpan/Foo@1", "pkg:cpan/foo@1", false, false, false},
		{"pkg:cpan/Foo@1", "pkg:cpan/Foo", true, false, false},
		{"pkg:cpan/Foo@1", "pkg:generic/Foo@1", false, false, false},
		// The author does not decide what is named, and stands in two places.
		{"pkg:cpan/Foo@1?author=AUTHOR", "pkg:cpan/Foo@1", true, false, false},
		{"pkg:cpan/Foo@1?author=AUTHOR", "pkg:cpan/AUTHOR/Foo@1", true, true, false},
		{"pkg:cpan/Foo@1?author=AUTHOR", "pkg:cpan/OTHER/Foo@1", true, false, true},
		{"pkg:cpan/Foo@1?distpath=A%2FAU%2FAUTHOR%2FFoo-1.zip", "pkg:cpan/Foo@1?distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-1.zip", true, true, false},
		{"pkg:cpan/Foo@1?author=AUTHOR&distpath=x", "pkg:cpan/Foo@1?author=AUTHOR&distpath=y", true, false, true},
		{sums("sha256:aa,md5:bb"), sums("md5:bb"), true, true, false},
		{sums("sha256:aa,md5:bb"), sums("sha256:cc,md5:bb"), true, false, true},
		{sums("sha256:aa"), sums("md5:bb"), true, false, false},
		{"pkg:deb/debian/perl@1", "pkg:deb/ubuntu/perl@1", false, false, false},
		{"pkg:deb/debian/perl@1?author=A", "pkg:deb/debian/perl@1?author=B", true, false, false},
	} {
		a, errA := purl.Parse(c.a)
		b, errB := purl.Parse(c.b)
		if errA != nil || errB != nil {
			t.Fatal(errA, errB)
		}
		for _, got := range []purl.Comparison{purl.Compare(a, b), purl.Compare(b, a)} {
			if got.Same() != c.same || got.Confirmed() != c.confirmed || got.Contradicted() != c.against {
				t.Errorf("%s and %s: got %+v", c.a, c.b, got)
			}
		}
	}
}
