package purl_test

import (
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
	"nacre/purl"
)

func parse(t *testing.T, s string) purl.PURL {
	t.Helper()
	p, err := purl.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestNormalise(t *testing.T) {
	upper := "sha256:" + strings.ToUpper(sha256[len("sha256:"):])
	for _, c := range []struct{ in, want string }{
		{"pkg:cpan/Foo@1?author=AUTHOR", ""},
		{"pkg:cpan/AUTHOR/Foo@1#lib/Foo.pm", "pkg:cpan/Foo@1?author=AUTHOR#lib/Foo.pm"},
		{"pkg:cpan/AUTHOR/Foo@1?author=AUTHOR", "pkg:cpan/Foo@1?author=AUTHOR"},
		{"pkg:cpan/Foo@1?ext=tar.gz", "pkg:cpan/Foo@1"},
		{"pkg:cpan/Foo@1?ext=tgz", ""},
		{"pkg:cpan/Foo@1?repository_url=http:%2F%2Fwww.CPAN.org", "pkg:cpan/Foo@1"},
		{"pkg:cpan/Foo@1?repository_url=www.cpan.org", "pkg:cpan/Foo@1"},
		{"pkg:cpan/Foo@1?repository_url=backpan.example", "pkg:cpan/Foo@1?repository_url=https:%2F%2Fbackpan.example%2F"},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2Fdarkpan.example%2Fa", ""},
		{"pkg:cpan/Foo@1?repository_url=localhost:3000%2Fcpan", "pkg:cpan/Foo@1?repository_url=https:%2F%2Flocalhost:3000%2Fcpan%2F"},
		{"pkg:cpan/Foo@1?repository_url=file:%2F%2F%2Fsrv%2Fdarkpan", ""},
		{"pkg:cpan/Foo@1?repository_url=..%2Fdarkpan", ""},
		{"pkg:cpan/Foo@1?repository_url=darkpan", ""},
		{"pkg:cpan/Foo@1?repository_url=mailto:ann%40example.org", ""},
		{"pkg:cpan/Foo@1?repository_url=ann:secret%40darkpan.example", ""},
		{"pkg:cpan/Foo@1?distpath=A%2FAU%2FAUTHOR%2FFoo-1.zip", "pkg:cpan/Foo@1?distpath=" + path + "Foo-1.zip"},
		{"pkg:cpan/Foo@1?distpath=dists%2FFoo-1.zip", ""},
		{"pkg:cpan/Foo@1?checksum=" + md5 + "%2C" + upper, "pkg:cpan/Foo@1?checksum=" + sha256 + "%2C" + md5},
		// A version is never touched.
		{"pkg:cpan/Foo@v1.20.0_01", ""},
		// Other types have one form.
		{"pkg:generic/foo@1?ext=tar.gz&repository_url=www.cpan.org", ""},
	} {
		got, err := purl.Normalise(parse(t, c.in))
		want := c.want
		if want == "" {
			want = c.in
		}
		if err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v; want %s", c.in, got, err, want)
		}
		if again, err := purl.Normalise(got); err != nil || again.String() != got.String() {
			t.Errorf("%s: again %s, %v", got, again, err)
		}
	}
}

func TestConvert(t *testing.T) {
	const full = "pkg:cpan/Foo@1.10?author=AUTHOR&checksum=" + sha256 + "&distpath=" + path + "Foo-1.10.zip&ext=zip&repository_url=https:%2F%2Fbackpan.example%2F#lib/Foo.pm"
	for _, c := range []struct {
		in   string
		to   purl.Form
		want string // or of an error, what stands in it
	}{
		{full, purl.IdentityForm, full},
		{full, purl.BareForm, "pkg:cpan/Foo@1.10?repository_url=https:%2F%2Fbackpan.example%2F#lib/Foo.pm"},
		{full, purl.SelectorForm, "pkg:cpan/Foo?repository_url=https:%2F%2Fbackpan.example%2F#lib/Foo.pm"},
		{"pkg:cpan/AUTHOR/Foo@1.10", purl.IdentityForm, "pkg:cpan/Foo@1.10?author=AUTHOR"},
		{"pkg:cpan/AUTHOR/Foo@1.10", purl.SelectorForm, "pkg:cpan/Foo"},
		{"pkg:cpan/Foo@1.10?author=AUTHOR", purl.NamespaceForm, "pkg:cpan/AUTHOR/Foo@1.10"},
		{"pkg:cpan/Foo@1.10?ext=tgz", purl.IdentityForm, "pkg:cpan/Foo@1.10?ext=tgz"},
		// distpath says what is missing, where it is of the same distribution.
		{"pkg:cpan/Foo?distpath=A%2FAU%2FAUTHOR%2FFoo-1.10.ZIP", purl.IdentityForm, "pkg:cpan/Foo@1.10?author=AUTHOR&distpath=" + path + "Foo-1.10.ZIP&ext=zip"},
		{"pkg:cpan/Foo?distpath=A%2FAU%2FAUTHOR%2FBar-1.10.zip", purl.IdentityForm, "names no version"},
		{"pkg:cpan/Foo@2?distpath=A%2FAU%2FAUTHOR%2FBar-1.10.zip", purl.IdentityForm, "pkg:cpan/Foo@2?distpath=" + path + "Bar-1.10.zip"},
		{"pkg:cpan/Foo?colour=red&vers=vers:cpan%2F%3E1", purl.SelectorForm, "pkg:cpan/Foo"},
		{"pkg:cpan/Foo", purl.IdentityForm, "names no version"},
		{"pkg:cpan/Foo@1", purl.NamespaceForm, "names no author"},
		{"pkg:cpan/Foo@1", "best", `no such form: "best"`},
		{"pkg:deb/debian/perl@1", purl.BareForm, "is not of type cpan"},
	} {
		got, err := purl.Convert(parse(t, c.in), c.to)
		if err != nil {
			if !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
				t.Errorf("%s to %s: %v, want %s", c.in, c.to, err, c.want)
			}
			continue
		}
		if got.String() != c.want {
			t.Errorf("%s to %s: got %s, want %s", c.in, c.to, got, c.want)
		}
	}
}

func TestResolve(t *testing.T) {
	listed := []purl.Listed{
		{"A/AU/AUTHOR/Foo-1.0.tar.gz", "AUTHOR", "1.0", cpan.OnBackPAN},
		{"O/OT/OTHER/Foo-1.0.zip", "OTHER", "1.0", cpan.Indexed},
		{"A/AU/AUTHOR/Foo-0.9.tar.gz", "AUTHOR", "0.9", cpan.Withdrawn},
	}
	for _, c := range []struct {
		in     string
		listed []purl.Listed
		want   string
	}{
		{"pkg:cpan/Foo@1.0?distpath=A%2FAU%2FAUTHOR%2FFoo-1.0.tar.gz", listed, "authors/id/A/AU/AUTHOR/Foo-1.0.tar.gz distpath on BackPAN"},
		{"pkg:cpan/Foo@1.0?distpath=dists%2FFoo-1.0.tar.gz", nil, "dists/Foo-1.0.tar.gz distpath unknown"},
		{"pkg:cpan/Foo@1.0?distpath=..%2F..%2Fetc%2Fpasswd", listed, "error: has .. in it"},
		{"pkg:cpan/Foo@1.0?distpath=%2Fetc%2Fpasswd", listed, "error: begins with a slash"},
		{"pkg:cpan/Foo@1.0?distpath=https:%2F%2Fexample.org%2FFoo-1.0.zip", listed, "error: is a URL"},
		{"pkg:cpan/Foo@1.0?distpath=A%2FAU%2FAUTHOR%2FBar-1.0.zip", listed, "error: is of the distribution \"Bar\""},
		{"pkg:cpan/Foo@1.0?distpath=A%2FAU%2FAUTHOR%2FFoo-2.0.zip", listed, "error: is version \"2.0\""},
		{"pkg:cpan/Foo@1.0", listed, "authors/id/O/OT/OTHER/Foo-1.0.zip index indexed; authors/id/A/AU/AUTHOR/Foo-1.0.tar.gz index on BackPAN"},
		{"pkg:cpan/Foo@1.0?author=AUTHOR", listed, "authors/id/A/AU/AUTHOR/Foo-1.0.tar.gz index on BackPAN"},
		{"pkg:cpan/Foo@1.0?ext=zip", listed, "authors/id/O/OT/OTHER/Foo-1.0.zip index indexed"},
		{"pkg:cpan/Foo@2.0?author=AUTHOR", listed, "authors/id/A/AU/AUTHOR/Foo-2.0.tar.gz guess unknown; authors/id/A/AU/AUTHOR/Foo-2.0.tgz guess unknown; " +
			"authors/id/A/AU/AUTHOR/Foo-2.0.zip guess unknown; authors/id/A/AU/AUTHOR/Foo-2.0.tar.bz2 guess unknown"},
		{"pkg:cpan/AUTHOR/perl@5.42.0?ext=tar.xz", nil, "authors/id/A/AU/AUTHOR/perl-5.42.0.tar.xz guess unknown"},
		{"pkg:cpan/Foo@3.0", listed, "error: no index at hand names the release"},
		{"pkg:cpan/Foo?author=AUTHOR", listed, "error: names no version"},
		{"pkg:deb/debian/perl@1", nil, "error: is not of type cpan"},
	} {
		all, err := purl.Resolve(parse(t, c.in), c.listed)
		var texts []string
		for _, l := range all {
			texts = append(texts, l.Path+" "+string(l.Basis)+" "+l.Standing.String())
		}
		got := strings.Join(texts, "; ")
		if err != nil {
			got = "error: " + err.Error()
			if want, ok := strings.CutPrefix(c.want, "error: "); ok && strings.Contains(got, want) && fault.HintOf(err) != "" {
				continue
			}
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.in, got, c.want)
		}
	}
}

func TestExplain(t *testing.T) {
	const in = "pkg:cpan/AUTHOR/Foo@1.0?checksum=" + sha256 + "%2C" + md5 + "&colour=red&ext=zip#lib/Foo.pm"
	var got []string
	for _, part := range purl.Explain(parse(t, in)) {
		if part.Means == "" {
			t.Errorf("%+v", part)
		}
		got = append(got, part.Name)
	}
	if s := strings.Join(got, " "); s != "type namespace name version checksum colour ext subpath" {
		t.Errorf("got %s", s)
	}
	for _, c := range []struct{ in, part, word string }{
		{"pkg:cpan/Foo", "version", "all versions"},
		{"pkg:cpan/Foo", "author", "contradicts nobody"},
		{"pkg:cpan/Foo?repository_url=www.cpan.org", "repository_url", "the default"},
		{in, "checksum", "sha256, md5"},
		{in, "colour", "neither the type nor the standard"},
		{"pkg:deb/debian/perl@5.36.0-7?arch=amd64", "type", "Debian"},
		{"pkg:deb/debian/perl@5.36.0-7?arch=amd64", "arch", "machine"},
		{"pkg:hex/foo@1", "type", "its own definition"},
	} {
		found := false
		for _, part := range purl.Explain(parse(t, c.in)) {
			found = found || part.Name == c.part && strings.Contains(part.Means, c.word)
		}
		if !found {
			t.Errorf("%s: no %s with %q in %+v", c.in, c.part, c.word, purl.Explain(parse(t, c.in)))
		}
	}
}

// A conversion names the same distribution, is stable, and drops a doubt
// rather than adding one.
func FuzzConvert(f *testing.F) {
	f.Add("pkg:cpan/AUTHOR/Foo@1.10?repository_url=x&ext=tar.gz&checksum=MD5:AA,&distpath=A%2FAU%2FAUTHOR%2FFoo-1.zip#a")
	f.Add("pkg:cpan/Foo?distpath=A%2FAU%2FAUTHOR%2FFoo-1.10.ZIP")
	f.Fuzz(func(t *testing.T, s string) {
		p, err := purl.Parse(s)
		if err != nil || len(s) > 4000 { // a form may be longer than another, and one too long
			return
		}
		purl.Explain(p)
		n, err := purl.Normalise(p)
		if err != nil {
			return // longer than a package URL may be
		}
		if c := purl.Compare(p, n); !c.Same() || c.Author == purl.Different || c.Distpath == purl.Different {
			t.Fatalf("%s: normalised %s: %+v", p, n, c)
		}
		if again, err := purl.Normalise(n); err == nil && again.String() != n.String() {
			t.Fatalf("%s: normalised %s, and again %s", p, n, again)
		}
		for _, form := range purl.Forms() {
			q, err := purl.Convert(p, form)
			if err != nil {
				continue
			}
			if c := purl.Compare(p, q); !c.Same() {
				t.Fatalf("%s: %s %s: %+v", p, form, q, c)
			}
			if again, err := purl.Convert(q, form); err != nil || again.String() != q.String() {
				t.Fatalf("%s: %s %s, and again %s, %v", p, form, q, again, err)
			}
		}
	})
}
