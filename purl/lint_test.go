package purl_test

import (
	"slices"
	"strings"
	"testing"

	"nacre/advice"
	"nacre/cpan"
	"nacre/purl"
)

// shelf is an index of two distributions: Foo-Bar with 1.0 indexed, 0.9 on
// BackPAN and 0.8 withdrawn, and PathTools with Cwd.
type shelf struct{ partial bool }

func (shelf) OwnerOf(m cpan.Module) (cpan.Dist, bool) {
	d, ok := map[cpan.Module]cpan.Dist{"Foo::Bar": "Foo-Bar", "Cwd": "PathTools", "LWP::UserAgent": "libwww-perl"}[m]
	return d, ok
}

func (x shelf) Standing(d cpan.Dist, version string) cpan.Standing {
	switch {
	case d == "Foo-Bar" && (version == "" || version == "1.0"), d == "PathTools" && version == "":
		return cpan.Indexed
	case d == "Foo-Bar" && version == "0.9":
		return cpan.OnBackPAN
	case d == "Foo-Bar" && version == "0.8":
		return cpan.Withdrawn
	case x.partial:
		return cpan.Unknown
	}
	return cpan.Nowhere
}

func (shelf) LikeDist(d cpan.Dist) (cpan.Dist, bool) {
	return "Foo-Bar", d != "Foo-Bar" && strings.EqualFold(string(d), "Foo-Bar")
}

const (
	sha256 = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	md5    = "md5:0123456789abcdef0123456789abcdef"
	path   = "authors%2Fid%2FA%2FAU%2FAUTHOR%2F"
)

var whole = purl.LintOptions{Index: shelf{}}

// Each case is a text, and the ids and levels of what is found; "P01 e" is an
// error. A word behind it must stand in the message or the hint.
func TestLint(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range []struct {
		in   string
		o    purl.LintOptions
		want []string
	}{
		{"pkg:cpan/Foo-Bar@1.23?author=AUTHOR", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-Bar", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-Bar@1.23?author=AUTHOR&checksum=" + sha256 + "&distpath=" + path + "Foo-Bar-1.23.tar.gz", purl.LintOptions{}, nil},
		{"pkg:cpan/perl@5.42.0?author=AUTHOR&distpath=" + path + "perl-5.42.0.tar.xz&ext=tar.xz", purl.LintOptions{}, nil},
		{"pkg:cpan/perl@5.36.0#lib/HTTP/Tiny.pm", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-Bar@1.0?author=LOCAL&repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{}, nil},
		{"pkg:deb/debian/perl@5.36.0-7%2Bdeb12u2?arch=amd64&distro=bookworm", purl.LintOptions{}, nil},
		{"pkg:generic/acme@1.2?download_url=https:%2F%2Fexample.org%2Facme.zip", purl.LintOptions{}, nil},

		{"pkg:cpan/Foo::Bar@1", purl.LintOptions{}, []string{"P01 e from-module"}},
		{"pkg:cpan/LWP%3A%3AUserAgent", whole, []string{"P01 e libwww-perl"}},
		{"pkg:cpan/Acme::None", whole, []string{"P01 e no module of that name"}},
		{"pkg:cpan/Foo:Bar", whole, []string{"P02 e has Foo::Bar in the distribution Foo-Bar"}},
		{"pkg:cpan/Foo%27Bar", purl.LintOptions{}, []string{"P02 e has a ' in it"}},
		{"pkg:cpan/author/Foo@1", purl.LintOptions{}, []string{"P03 e upper case: AUTHOR", "P07 w"}},
		{"pkg:cpan/TOOLONGANID/Foo@1", purl.LintOptions{}, []string{"P03 e", "P07 w"}},
		{"pkg:cpan/A/B/Foo", purl.LintOptions{}, []string{"P04 e several segments", "P14 w"}},
		{"pkg:cpan/Foo@1?author=author", purl.LintOptions{}, []string{"P05 e"}},
		{"pkg:cpan/AUTHOR/Foo@1?author=OTHER", purl.LintOptions{}, []string{"P06 e", "P07 w"}},
		{"pkg:cpan/author/Foo::Bar?author=other", purl.LintOptions{}, []string{"P01 e", "P03 e", "P05 e", "P06 e", "P07 w", "P14 w"}},
		{"pkg:cpan/AUTHOR/Foo@1", purl.LintOptions{}, []string{"P07 w ?author=AUTHOR"}},
		{"pkg:cpan/AUTHOR/Foo@1?author=AUTHOR", purl.LintOptions{}, []string{"P07 w leave out the namespace"}},
		{"pkg:cpan/Foo.pm@1", purl.LintOptions{}, []string{"P08 w ends in .pm"}},
		{"pkg:cpan/authors/id/A/AU/AUTHOR/Foo-1.0.tar.gz", purl.LintOptions{}, []string{"P04 e", "P08 w path of an archive", "P09 e the distribution is Foo,", "P10 w leave out .tar.gz", "P14 w"}},
		{"pkg:cpan/Foo%20Bar", purl.LintOptions{}, []string{"P08 w one that no distribution has"}},
		{"pkg:cpan/Cwd@1", whole, []string{"P08 w Cwd is a module of PathTools", "P19 e"}},
		{"pkg:cpan/Foo-Bar-1.23@1.23", purl.LintOptions{}, []string{"P09 e the distribution is Foo-Bar"}},
		{"pkg:cpan/Foo-Bar-1.23", purl.LintOptions{}, []string{"P09 e"}},
		{"pkg:cpan/Foo-5@5", purl.LintOptions{}, []string{"P09 w"}},
		{"pkg:cpan/Foo-5@1.2", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-5@5?distpath=" + path + "Foo-5-5.tar.gz", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-Bar@Bar", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo-Bar.zip", purl.LintOptions{}, []string{"P10 w leave out .zip"}},
		{"pkg:cpan/Foo@1.23.tar.gz", purl.LintOptions{}, []string{"P10 w"}},
		{"pkg:cpan/Foo@1.0?distpath=https:%2F%2Fexample.org%2FFoo-1.0.zip", purl.LintOptions{}, []string{"P11 e is a URL"}},
		{"pkg:cpan/Foo@1.0?distpath=%2FFoo-1.0.zip", purl.LintOptions{}, []string{"P11 e begins with a slash"}},
		{"pkg:cpan/Foo@1.0?distpath=authors%2F..%2FFoo-1.0.zip", purl.LintOptions{}, []string{"P11 e has .."}},
		{"pkg:cpan/Foo@1.0?distpath=A%2FAB%2FAUTHOR%2FFoo-1.0.zip", purl.LintOptions{}, []string{"P11 e author's folder"}},
		{"pkg:cpan/Foo@1.0?distpath=A%2FAU%2FAUTHOR%2F%2FFoo-1.0.zip", purl.LintOptions{}, []string{"P11 e author's folder"}},
		{"pkg:cpan/Foo@1.0?distpath=" + path + "CHECKSUMS", purl.LintOptions{}, []string{"P11 w no archive's extension"}},
		{"pkg:cpan/Foo@1.0?distpath=" + path + "Foo-1.0.TGZ", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo@1.0?distpath=dists%2F%2FFoo-1.0.zip&repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{}, []string{"P11 e"}},
		{"pkg:cpan/Foo@1.0?author=OTHER&distpath=" + path + "Bar-2.tgz", purl.LintOptions{}, []string{"P11 e the author AUTHOR", "P11 e distribution \"Bar\"", "P11 e version \"2\""}},
		{"pkg:cpan/Foo@1.0?distpath=" + path + "Foo-1.00.tar.gz", purl.LintOptions{}, []string{"P11 e"}},
		{"pkg:cpan/Foo@1.0?distpath=" + path + "Foo-1.0-TRIAL2.tar.gz", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo@1.0?distpath=dists%2FFoo-1.0.tar.gz&repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo@1.0?distpath=dists%2FFoo-2.0.tar.gz&repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{}, []string{"P11 e"}},
		{"pkg:cpan/Foo@1?ext=tar.gz", purl.LintOptions{}, []string{"P12 w default"}},
		{"pkg:cpan/Foo@1?distpath=" + path + "Foo-1.zip&ext=tgz", purl.LintOptions{}, []string{"P12 e ends in .zip"}},
		{"pkg:cpan/Foo@1?distpath=" + path + "Foo-1.zip", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo@1?download_url=https:%2F%2Fexample.org%2FFoo-1.zip%3Fa&ext=tar.bz2", purl.LintOptions{}, []string{"P12 e ends in .zip"}},
		{"pkg:cpan/Foo@1?checksum=sha256:abc", purl.LintOptions{}, []string{"P13 e another length"}},
		{"pkg:cpan/Foo@1?checksum=abc", purl.LintOptions{}, []string{"P13 e is not algorithm:hex"}},
		{"pkg:cpan/Foo@1?checksum=" + strings.ToUpper(md5), purl.LintOptions{}, []string{"P13 e upper-case"}},
		{"pkg:cpan/Foo@1?checksum=" + md5, purl.LintOptions{}, []string{"P13 w forged"}},
		{"pkg:cpan/Foo@1?checksum=rot13:ab", purl.LintOptions{}, []string{"P13 w not known"}},
		{"pkg:npm/foo@1?checksum=sha1:xx", purl.LintOptions{}, []string{"P13 e other characters"}},
		{"pkg:cpan/Foo?author=AUTHOR", purl.LintOptions{}, []string{"P14 w hands"}},
		{"pkg:cpan/Foo?author=AUTHOR&distpath=" + path + "Foo.zip", purl.LintOptions{}, nil},
		{"pkg:cpan/Foo@1", purl.LintOptions{Private: true}, []string{"P15 e"}},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2Fwww.cpan.org", purl.LintOptions{Private: true}, []string{"P15 e"}},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2Fwww.cpan.org%2F", purl.LintOptions{}, []string{"P16 w default"}},
		{"pkg:cpan/Foo@1?repository_url=backpan.example", purl.LintOptions{}, []string{"P16 w has no scheme"}},
		{"pkg:cpan/Foo@1?repository_url=file:%2F%2F%2Fsrv%2Fdarkpan", purl.LintOptions{}, []string{"P16 w folder of one machine"}},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2F%2Fdarkpan", purl.LintOptions{}, []string{"P16 w not an absolute URL"}},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2Fann:secret%40darkpan.example%2F", purl.LintOptions{}, []string{"P16 e"}},
		{"pkg:cpan/Foo@1.2", purl.LintOptions{MetaVersion: "v1.200.0"}, []string{"P17 w META spells it \"v1.200.0\""}},
		{"pkg:cpan/Foo@1.3", purl.LintOptions{MetaVersion: "1.2"}, []string{"P17 w META says \"1.2\""}},
		{"pkg:cpan/Foo@1.2-TRIAL", purl.LintOptions{MetaVersion: "1.2"}, nil},
		{"pkg:cpan/Foo-Bar@1.0", whole, nil},
		{"pkg:cpan/Foo-Bar@0.9", whole, []string{"P18 n superseded, or withdrawn upstream"}},
		{"pkg:cpan/Foo-Bar@0.8", whole, []string{"P18 n withdrawn upstream"}},
		{"pkg:cpan/Foo-Bar@7", whole, []string{"P19 e"}},
		{"pkg:cpan/Foo-Bar@7", purl.LintOptions{Index: shelf{partial: true}}, []string{"P19 n not known"}},
		{"pkg:cpan/Acme-None", whole, []string{"P19 e"}},
		{"pkg:cpan/foo-bar@1.0", whole, []string{"P19 e", "P20 w write Foo-Bar"}},
		{"pkg:cpan/Foo-Bar@7?repository_url=https:%2F%2Fdarkpan.example%2F", whole, nil},
		{"pkg:cpan/Foo@1", purl.LintOptions{Modified: true}, []string{"P21 e pedigree"}},
		{"pkg:cpan/Foo@1?repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{Modified: true}, nil},
		{"pkg:cpan/HTTP-Tiny@0.070", purl.LintOptions{Core: true}, []string{"P22 w pkg:cpan/perl"}},
		{"pkg:cpan/perl@5.36.0#lib/HTTP/Tiny.pm", purl.LintOptions{Core: true}, nil},
		{"pkg:cpan/Foo@1?download_url=Foo-1.tar.gz", purl.LintOptions{}, []string{"P23 e not an absolute URL"}},
		{"pkg:cpan/Foo@1?download_url=http:%2F%2Fexample.org%2FFoo-1.tar.gz", purl.LintOptions{}, []string{"P23 w encrypted"}},
		{"pkg:generic/foo@1?vcs_url=git%40example.org:foo%2Fbar.git", purl.LintOptions{}, []string{"P23 e git+https"}},
		{"pkg:generic/foo@1?vcs_url=git%2Bssh:%2F%2Fgit%40example.org%2Fbar.git%40abc", purl.LintOptions{}, nil},
		{"pkg:generic/foo@1?vcs_url=git%2Bhttp:%2F%2Fexample.org%2Fbar.git", purl.LintOptions{}, []string{"P23 w"}},
		{"pkg:generic/foo@1?vcs_url=git%2Bhttps:%2F%2Fann:secret%40example.org%2Fbar.git", purl.LintOptions{}, []string{"P23 e password"}},
		{"pkg:cpan/Foo@1?vcs_url=file:%2F%2F%2Fsrv%2Ffoo", purl.LintOptions{}, []string{"P23 w one machine"}},
		{"pkg:cpan/Foo@1?arch=amd64", purl.LintOptions{}, []string{"P24 w"}},

		{"", purl.LintOptions{}, []string{"P25 e does not begin with pkg:"}},
		{"Foo::Bar", purl.LintOptions{}, []string{"P25 e"}},
		{"pkg:cpan/", purl.LintOptions{}, []string{"P25 e has no name"}},
		{"pkg:1/x", purl.LintOptions{}, []string{"P25 e invalid type"}},
		{"pkg:cpan/" + strings.Repeat("x", 8192), purl.LintOptions{}, []string{"P25 e limit"}},
		{"pkg:cpan/Foo?ext=zip&Ext=zip", purl.LintOptions{}, []string{"P26 e twice"}},
		{"pkg:cpan/Foo?1=x", purl.LintOptions{}, []string{"P24 w", "P26 e"}},
		{"pkg:cpan/Foo%zz@%zz", purl.LintOptions{}, []string{"P27 e name", "P27 e version"}},
		{"pkg:cpan/Foo Bar", purl.LintOptions{}, []string{"P08 w", "P27 e write a blank as %20"}},
		{"pkg:cpan/Foo%2FBar", purl.LintOptions{}, []string{"P27 e"}},
		{"pkg:swift/foo@1", purl.LintOptions{}, []string{"P28 e namespace is required"}},
		{"PKG:cpan/Foo@1+1", purl.LintOptions{}, []string{"P29 n pkg:cpan/Foo@1%2B1"}},
		{"pkg:cpan/Foo@1?vers=vers:cpan%2F%3E%3D1", purl.LintOptions{}, []string{"P30 e"}},
		{"pkg:cpan/Foo-Bar@9?repository_url=https:%2F%2Fdarkpan.example%2F", purl.LintOptions{Private: true, Index: shelf{}}, []string{"P31 w"}},
	} {
		found := purl.Lint(c.in, c.o)
		ok := len(found) == len(c.want)
		for i, f := range found {
			if !ok {
				break
			}
			id, word, _ := strings.Cut(c.want[i], " ")
			level, word, _ := strings.Cut(word, " ")
			ok = f.ID == id && strings.HasPrefix(string(f.Level), level) && strings.Contains(f.Message+"; "+f.Hint, word)
		}
		if !ok {
			t.Errorf("%.90s: got %q, want %q", c.in, found, c.want)
		}
		checkFindings(t, c.in, found)
		for _, f := range found {
			seen[f.ID] = true
		}
	}
	for _, c := range purl.Checks() {
		if !seen[c.ID] {
			t.Errorf("no case for %s", c.ID)
		}
	}
}

// checkFindings holds what is true of all findings.
func checkFindings(t *testing.T, in string, found []purl.Finding) {
	t.Helper()
	_, err := purl.Parse(in)
	hasError := false
	for i, f := range found {
		at := slices.IndexFunc(purl.Checks(), func(c purl.Check) bool { return c.ID == f.ID })
		if at < 0 || !slices.Contains(purl.Checks()[at].Levels, f.Level) {
			t.Fatalf("%q: %+v is none of Checks", in, f)
		}
		if f.Message == "" || f.Hint == "" || strings.Contains(f.Message+f.Hint, "secret") {
			t.Fatalf("%q: %+v", in, f)
		}
		if i > 0 && found[i-1].ID > f.ID {
			t.Fatalf("%q: %s before %s", in, found[i-1].ID, f.ID)
		}
		hasError = hasError || f.Level == advice.Error
		// These are the checks that Parse makes.
		if slices.Contains([]string{"P01", "P03", "P04", "P05", "P06", "P25", "P26", "P27", "P28"}, f.ID) && err == nil {
			t.Fatalf("%q: %+v, and it is read", in, f)
		}
		if f.ID == "P29" && err != nil {
			t.Fatalf("%q: %+v, and %v", in, f, err)
		}
	}
	if err != nil && !hasError {
		t.Fatalf("%q: %v, and Lint finds %+v", in, err, found)
	}
}

func TestChecksAreInOrder(t *testing.T) {
	for i, c := range purl.Checks() {
		if i > 0 && purl.Checks()[i-1].ID >= c.ID || len(c.Levels) == 0 || c.Text == "" {
			t.Errorf("%+v", c)
		}
	}
}

// What Parse refuses has an error, and what it takes has none that only
// refusing explains.
func FuzzLint(f *testing.F) {
	for _, s := range []string{
		"pkg:cpan/author/Foo::Bar@1.0.tar.gz?author=other&ext=zip&distpath=..%2FA%2FAU%2FAUTHOR%2Fx-1.zip&checksum=md5:AA,&vcs_url=git%40x:y&repository_url=//a:b@c&vers=x&1=2",
		"pkg:cpan/Foo'Bar-1.2@1.2#a", "pkg:swift/x", "pkg:/cpan/A/B/C.pm?x=%zz#%2F", "pkg:cpan/@1", "PKG:CPAN/foo-bar@1+2",
	} {
		f.Add(s, "1.0", true)
	}
	f.Fuzz(func(t *testing.T, s, version string, yes bool) {
		for _, o := range []purl.LintOptions{{}, {Index: shelf{partial: yes}, Private: yes, MetaVersion: version, Modified: yes, Core: yes}} {
			found := purl.Lint(s, o)
			if !strings.Contains(s, "secret") {
				checkFindings(t, s, found)
			}
		}
	})
}

// What Identity makes of the path of an archive, Lint has no error in.
func FuzzIdentity(f *testing.F) {
	for _, s := range []string{"A/AU/AUTHOR/Foo-Bar-v1.20_01-TRIAL.tar.gz", "A/AU/AUTHOR/sub/CGI.pm-3.49.ZIP", "Foo-5-5.tgz", "perl5.005_04.tar.Z", "A/AU/AUTHOR/Foo-1.tar.tgz", "A/AU/AUTHOR/../Foo-1.zip", "A/AU/AUTHOR/./Foo-1.zip"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r := cpan.ParsePath(s)
		p, err := purl.Identity(r)
		if err != nil || strings.Contains(string(r.Dist), "'") {
			return
		}
		for _, found := range purl.Lint(p.String(), purl.LintOptions{}) {
			if found.Level == advice.Error {
				t.Fatalf("%q is %s: %+v", s, p, found)
			}
		}
	})
}
