package purl_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/fault"
	"nacre/purl"
)

func TestParse(t *testing.T) {
	for _, c := range []struct{ in, canonical, parts string }{
		{"pkg:cpan/Foo-Bar@1.23?author=AUTHOR", "", "cpan||Foo-Bar|1.23|[{author AUTHOR}]|"},
		{"pkg:cpan/AUTHOR/Foo-Bar@1.23", "", "cpan|AUTHOR|Foo-Bar|1.23|[]|"},
		{"pkg:cpan/AUTHOR/Foo-Bar@1.23?author=AUTHOR", "", "cpan|AUTHOR|Foo-Bar|1.23|[{author AUTHOR}]|"},
		{"pkg:cpan/libwww-perl", "", "cpan||libwww-perl||[]|"},
		{"PKG:CPAN/Foo", "pkg:cpan/Foo", "cpan||Foo||[]|"},
		{"pkg:/cpan/Foo", "pkg:cpan/Foo", "cpan||Foo||[]|"},
		{"pkg://cpan/Foo", "pkg:cpan/Foo", "cpan||Foo||[]|"},
		// A version stays as it is spelled.
		{"pkg:cpan/Foo@v1.20.0_01-TRIAL", "", "cpan||Foo|v1.20.0_01-TRIAL|[]|"},
		{"pkg:cpan/Foo@1.0%2B1", "", "cpan||Foo|1.0+1|[]|"},
		{"pkg:cpan/Foo@1.0+1", "pkg:cpan/Foo@1.0%2B1", "cpan||Foo|1.0+1|[]|"},
		{"pkg:cpan/Foo@1:0", "", "cpan||Foo|1:0|[]|"},
		// Defaults that are spelled out stay; empty values go; keys are sorted.
		{"pkg:cpan/Foo@1?ext=tar.gz", "", "cpan||Foo|1|[{ext tar.gz}]|"},
		{"pkg:cpan/Foo@1?Repository_URL=backpan.example&author=AUTHOR&ext=", "pkg:cpan/Foo@1?author=AUTHOR&repository_url=backpan.example", "cpan||Foo|1|[{author AUTHOR} {repository_url backpan.example}]|"},
		{"pkg:cpan/Foo@1?distpath=authors/id/A/AU/AUTHOR/Foo-1.zip", "pkg:cpan/Foo@1?distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-1.zip", "cpan||Foo|1|[{distpath authors/id/A/AU/AUTHOR/Foo-1.zip}]|"},
		{"pkg:cpan/Foo@1?checksum=sha256:aa,md5:bb", "pkg:cpan/Foo@1?checksum=sha256:aa%2Cmd5:bb", "cpan||Foo|1|[{checksum sha256:aa,md5:bb}]|"},
		{"pkg:cpan/perl@5.36.0#/lib//HTTP/./Tiny.pm/", "pkg:cpan/perl@5.36.0#lib/HTTP/Tiny.pm", "cpan||perl|5.36.0|[]|lib/HTTP/Tiny.pm"},
		{"pkg:cpan/Foo#a/%2E%2E/b%20c", "pkg:cpan/Foo#a/b%20c", "cpan||Foo||[]|a/b c"},
		{"pkg:cpan/B%c3%a4r", "pkg:cpan/B%C3%A4r", "cpan||Bär||[]|"},
		// Badly named, and legal.
		{"pkg:cpan/Foo-1.23@1.23", "", "cpan||Foo-1.23|1.23|[]|"},
		{"pkg:cpan/Foo.pm", "", "cpan||Foo.pm||[]|"},
		// Other types.
		{"pkg:deb/debian/perl@5.36.0-7%2Bdeb12u2?arch=amd64", "", "deb|debian|perl|5.36.0-7+deb12u2|[{arch amd64}]|"},
		{"pkg:generic/foo?vcs_url=git%2Bhttps://git.example/foo%40abc", "pkg:generic/foo?vcs_url=git%2Bhttps:%2F%2Fgit.example%2Ffoo%40abc", "generic||foo||[{vcs_url git+https://git.example/foo@abc}]|"},
		{"pkg:GitHub/Foo/Bar@abc#a/b", "pkg:github/foo/bar@abc#a/b", "github|foo|bar|abc|[]|a/b"},
	} {
		p, err := purl.Parse(c.in)
		if err != nil {
			t.Errorf("%s: %v", c.in, err)
			continue
		}
		if got := fmt.Sprintf("%s|%s|%s|%s|%v|%s", p.Type(), p.Namespace(), p.Name(), p.Version(), p.Qualifiers(), p.Subpath()); got != c.parts {
			t.Errorf("%s: parts %s, want %s", c.in, got, c.parts)
		}
		want := c.canonical
		if want == "" {
			want = c.in
		}
		if p.String() != want {
			t.Errorf("%s: canonical %s, want %s", c.in, p, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for _, c := range []struct{ in, err, hint string }{
		{"", "does not begin with pkg:", "pkg:cpan/Foo-Bar@1.23"},
		{"cpan/Foo", "does not begin with pkg:", ""},
		{"pkg:cpan", "has no name", ""},
		{"pkg:cpan/", "has no name", ""},
		{"pkg:cpan/@1", "has no name", ""},
		{"pkg:cpan/Foo::Bar@1", `name: distribution "Foo::Bar": is a module's name`, `often "Foo-Bar"`},
		{"pkg:cpan/Foo%3A%3ABar", `name: distribution "Foo::Bar": is a module's name`, `often "Foo-Bar"`},
		{"pkg:cpan/author/Foo", `namespace: author "author": is not a PAUSE id`, "upper case: AUTHOR"},
		{"pkg:cpan/A/B/Foo", `namespace "A/B": has several segments`, "distpath"},
		{"pkg:cpan/A%2fB/Foo", "namespace has an encoded slash", ""},
		{"pkg:cpan/Foo%2FBar", `name "Foo/Bar": has a slash in it`, "distpath"},
		{"pkg:cpan/Foo@1/2", `version "1/2": has a slash in it`, "%40"},
		{"pkg:cpan/A@B/Foo", `version "B/Foo": has a slash in it`, "%40"},
		{"pkg:cpan/Foo?author=author", `qualifier author: author "author": is not a PAUSE id`, "upper case: AUTHOR"},
		{"pkg:cpan/AUTHOR/Foo?author=OTHER", `namespace "AUTHOR" and qualifier author "OTHER": name two authors`, "keep the qualifier"},
		{"pkg:cpan/Foo?author=AUTHOR&Author=AUTHOR", `qualifier "author": is there twice`, ""},
		{"pkg:cpan/Foo?ext=&ext=zip", `qualifier "ext": is there twice`, ""},
		{"pkg:cpan/Foo?1=x", "invalid qualifier", ""},
		{"pkg:cpan/Foo#a%2Fb", "subpath has an encoded slash", ""},
		{"pkg:cpan/Foo#a%zz", "subpath: invalid URL escape", ""},
		{"pkg:cpan/Foo@%zz", "invalid URL escape", ""},
		{"pkg:cpan/Foo#a#b", "has a second # or ?", "%23"},
		{"pkg:cpan/Foo?download_url=x?y", "has a second # or ?", "%3F"},
		{"pkg:cpan/Foo Bar", "has a blank or a control character", "%20"},
		{"pkg:cpan/Foo\n", "has a blank or a control character", ""},
		{"pkg:cpan/Foo%0A", "name has a control character", ""},
		{"pkg:cpan/Foo@%00", "version has a control character", ""},
		{"pkg:cpan/Foo%FF", "name is not UTF-8", ""},
		{"pkg:cpan/Foo?ext=%FF", `qualifier "ext" is not UTF-8`, ""},
		{"pkg:c pan/Foo", "blank", ""},
		{"pkg:1cpan/Foo", "invalid type", ""},
		{"pkg:cpan/" + strings.Repeat("x", 8192), "longer than 8192 bytes (limit: package url length)", ""},
		{"pkg:cpan/" + strings.Repeat("(", 4000), "longer than 8192 bytes (limit: package url length)", ""},
	} {
		p, err := purl.Parse(c.in)
		if err == nil || !strings.Contains(err.Error(), c.err) || p.String() != "" {
			t.Errorf("%.80s: got %q, %v; want %s", c.in, p, err, c.err)
			continue
		}
		if !strings.HasPrefix(err.Error(), "package url \"") || fault.KindOf(err) != fault.Invalid || len(err.Error()) > 500 {
			t.Errorf("%.80s: error %v", c.in, err)
		}
		if !strings.Contains(fault.HintOf(err), c.hint) {
			t.Errorf("%.80s: hint %q, want %q in it", c.in, fault.HintOf(err), c.hint)
		}
	}
}

func TestNew(t *testing.T) {
	p, err := purl.New("CPAN", "", "Foo+Bar", "1.0", map[string]string{"Author": "AUTHOR", "ext": ""}, "/lib/../Foo.pm")
	if err != nil || p.String() != "pkg:cpan/Foo%2BBar@1.0?author=AUTHOR#lib/Foo.pm" {
		t.Errorf("got %q, %v", p, err)
	}
	p, err = purl.New("generic", "/a//b/", "x/y", "", nil, "")
	if err != nil || p.String() != "pkg:generic/a/b/x%2Fy" || p.Namespace() != "a/b" {
		t.Errorf("got %q, %v", p, err)
	}
	for want, q := range map[string]map[string]string{
		"name two authors":    {"author": "OTHER"},
		"is not a PAUSE id":   {"Author": "other"},
		"duplicate qualifier": {"ext": "zip", "Ext": "tgz"},
	} {
		if _, err := purl.New("cpan", "AUTHOR", "Foo", "", q, ""); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

// The canonical form of what parses parses to itself.
func FuzzParse(f *testing.F) {
	for _, s := range []string{
		"pkg:cpan/Foo-Bar@1.23?author=AUTHOR&distpath=authors%2Fid%2FA%2FAU%2FAUTHOR%2FFoo-Bar-1.23.tar.gz#lib/Foo.pm",
		"pkg:cpan/AUTHOR/Foo@v1.0_1", "pkg:npm/%40a/b@1", "pkg:npm/@a/b", "pkg:generic/a%2Fb", "pkg:GITHUB//A//B@C?x=y&X=", "pkg:deb/debian/x@1:2%2B3", "pkg:cpan/A@B/C", "pkg:/x/y#%2e/%2e%2e/z", "pkg:golang/a/b@v1#x",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := purl.Parse(s)
		if err != nil {
			return
		}
		again, err := purl.Parse(p.String())
		if err != nil {
			t.Fatalf("%q: canonical %q: %v", s, p, err)
		}
		if fmt.Sprintf("%#v", again) != fmt.Sprintf("%#v", p) {
			t.Fatalf("%q: %#v, and of its canonical form %#v", s, p, again)
		}
		if c := purl.Compare(p, again); !c.Same() || c.Contradicted() {
			t.Fatalf("%q is not the same as itself: %+v", s, c)
		}
	})
}
