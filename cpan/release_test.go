package cpan_test

import (
	"testing"

	"nacre/cpan"
)

const (
	rel = false
	dev = true
)

// distnames are names of archives and what CPAN::DistnameInfo 0.12 makes of
// them. Upper part: one of each kind that the archive holds.
var distnames = []struct {
	file, dist, version string
	developer           bool
}{
	{"Foo-Bar-1.23.tar.gz", "Foo-Bar", "1.23", rel},
	{"sub/dir/Foo-1.0.tgz", "Foo", "1.0", rel},
	{"Foo-Bar-v1.2.3.tar.gz", "Foo-Bar", "v1.2.3", rel},
	{"Foo-Bar-1.23_01.tar.gz", "Foo-Bar", "1.23_01", dev},
	{"Foo-Bar-1.002_003.tar.gz", "Foo-Bar", "1.002_003", dev},
	{"Foo-Bar-v1.2.3_4.tar.gz", "Foo-Bar", "v1.2.3_4", dev},
	{"Foo-Bar-1_23.tar.gz", "Foo-Bar", "1_23", rel},
	{"Foo-Bar-2.00-TRIAL.tar.gz", "Foo-Bar", "2.00-TRIAL", dev},
	{"Foo-Bar-2.00-TRIAL2.tar.gz", "Foo-Bar", "2.00-TRIAL2", dev},
	{"Foo-Bar-2.00-trial.tar.gz", "Foo-Bar", "2.00-trial", rel},
	{"Foo-Bar-2.00-RC1.tar.gz", "Foo-Bar", "2.00-RC1", rel},
	{"Foo-Bar-2.00_rc1.tar.gz", "Foo-Bar", "2.00_rc1", rel},
	{"Foo-Bar-2.00a.tar.gz", "Foo-Bar", "2.00a", rel},
	{"Foo-Bar-2.00-beta.tar.gz", "Foo-Bar", "2.00-beta", rel},
	{"Foo-0.1__2.tar.gz", "Foo", "0.1__2", rel},
	{"Foo-Bar-1.5-withoutworldwriteables.tar.gz", "Foo-Bar", "1.5", rel},
	{"libwww-perl-6.68.tar.gz", "libwww-perl", "6.68", rel},
	{"CGI.pm-3.49.tar.gz", "CGI", "3.49", rel},
	{"CGI-4.54.tar.gz", "CGI", "4.54", rel},
	{"perl-5.36.0.tar.gz", "perl", "5.36.0", rel},
	{"perl-5.36.1-RC2.tar.gz", "perl", "5.36.1-RC2", dev},
	{"perl-5.37.3.tar.gz", "perl", "5.37.3", dev},
	{"perl-5.6.0.tar.gz", "perl", "5.6.0", rel},
	{"perl-5.005_03.tar.gz", "perl", "5.005_03", rel},
	{"perl-5.004_75.tar.gz", "perl", "5.004_75", dev},
	{"perl5.005_54.tar.gz", "perl", "5.005_54", dev},
	{"Task-Deprecations5_14-1.00.tar.gz", "Task-Deprecations5_14", "1.00", rel},
	{"libao-perl_0.03-1.tar.gz", "libao-perl", "0.03-1", rel},
	{"Unicode-Collate-Standard-V3_1_1-0.1.tar.gz", "Unicode-Collate-Standard-V3_1_1", "0.1", rel},
	{"Foo-undef.tar.gz", "Foo", "", rel},
	{"Foo.tar.gz", "Foo", "", rel},
	{"Foo_Bar-1.0.tar.gz", "Foo_Bar", "1.0", rel},
	{"Foo_1.0.tar.gz", "Foo", "1.0", rel},
	{"Foo1.0.tar.gz", "Foo", "1.0", rel},
	{"Foo-5.tar.gz", "Foo", "5", rel},
	{"Foo-20200101.tar.gz", "Foo", "20200101", rel},
	{"Foo-V1.0.tar.gz", "Foo", "V1.0", rel},
	{"Digest-SHA1-2.13.tar.gz", "Digest-SHA1", "2.13", rel},
	{"MP3-Tag-1.15.tar.gz", "MP3-Tag", "1.15", rel},
	{"Crypt-PBKDF2-0.161520.tar.gz", "Crypt-PBKDF2", "0.161520", rel},
	{"Foo-1.2.3-r4.tar.gz", "Foo", "1.2.3-r4", rel},
	{"Foo-1.2-3.tar.gz", "Foo", "1.2-3", rel},
	{"Foo-0.01-alpha2.tar.gz", "Foo", "0.01-alpha2", rel},
	{"Foo-1.0.zip", "Foo", "1.0", rel},
	{"Foo-1.0.tar.bz2", "Foo", "1.0", rel},
	{"Foo-1.0.TAR.GZ", "Foo", "1.0", rel},
	{"Foo-1.0.tar.xz", "", "", rel},
	{"Foo-1.0.pm.gz", "", "", rel},
	// No name at all: false in Perl, or nothing before the extension.
	{"0.tar.gz", "", "", rel},
	{".tar.gz", "", "", rel},
	// A second number beyond 64 bits is odd, because Perl sets all its bits.
	{"perl-5.18446744073709551616.tar.gz", "perl", "5.18446744073709551616", dev},
	{"perl-5.18446744073709551614.tar.gz", "perl", "5.18446744073709551614", rel},
	// Patterns that end in $ allow a line feed there.
	{"Foo-1.0.tar.gz\n", "Foo", "1.0", rel},
	{"perl-5.36\n\n.tar.gz", "perl", "5.36\n\n", rel},
	{"Foo-1.0-withoutworldwriteables\n.tar.gz", "Foo", "1.0\n", rel},
}

func TestParsePath(t *testing.T) {
	for _, c := range distnames {
		r := cpan.ParsePath("A/AU/AUTHOR/" + c.file)
		if string(r.Dist) != c.dist || r.Version != c.version || r.Developer != c.developer || r.Author != "AUTHOR" || r.File != c.file {
			t.Errorf("%q: got %+v, want %q %q developer %v", c.file, r, c.dist, c.version, c.developer)
		}
	}
}

func TestParsePathOfAuthors(t *testing.T) {
	for _, c := range []struct{ in, author, path, file, distVersion string }{
		{"A/AU/AUTHOR/Foo-1.0.tar.gz", "AUTHOR", "A/AU/AUTHOR/Foo-1.0.tar.gz", "Foo-1.0.tar.gz", "Foo-1.0"},
		{"authors/id/A/AU/AUTHOR/sub/CGI.pm-3.49.tgz", "AUTHOR", "A/AU/AUTHOR/sub/CGI.pm-3.49.tgz", "sub/CGI.pm-3.49.tgz", "CGI.pm-3.49"},
		{"https://cpan.example/authors/id/A/AU/AUTHOR/Foo-1.0.zip", "AUTHOR", "A/AU/AUTHOR/Foo-1.0.zip", "Foo-1.0.zip", "Foo-1.0"},
		{"/authors//id///A/AU/AUTHOR/Foo-1.0.zip", "AUTHOR", "A/AU/AUTHOR/Foo-1.0.zip", "Foo-1.0.zip", "Foo-1.0"},
		{"AUTHOR/Foo-1.0.tar.gz", "", "", "AUTHOR/Foo-1.0.tar.gz", "Foo-1.0"},
		{"B/AU/AUTHOR/Foo-1.0.tar.gz", "", "", "B/AU/AUTHOR/Foo-1.0.tar.gz", "Foo-1.0"},
		{"a/au/author/Foo-1.0.tar.gz", "", "", "a/au/author/Foo-1.0.tar.gz", "Foo-1.0"},
		{"Foo-1.0.tar.xz", "", "", "Foo-1.0.tar.xz", ""},
		{"", "", "", "", ""},
	} {
		r := cpan.ParsePath(c.in)
		if string(r.Author) != c.author || r.Path != c.path || r.File != c.file || r.DistVersion() != c.distVersion {
			t.Errorf("%q: got %+v, %q", c.in, r, r.DistVersion())
		}
	}
}

func TestDistVersionWithoutFile(t *testing.T) {
	for want, r := range map[string]cpan.Release{
		"Foo-1.0": {Dist: "Foo", Version: "1.0"},
		"Foo":     {Dist: "Foo"},
		"":        {Version: "1.0"},
	} {
		if got := r.DistVersion(); got != want {
			t.Errorf("%+v: got %q, want %q", r, got, want)
		}
	}
}

// A canonical path names the same release as the path it came from.
func FuzzParsePath(f *testing.F) {
	for _, c := range distnames {
		f.Add("authors/id/A/AU/AUTHOR/" + c.file)
	}
	f.Fuzz(func(t *testing.T, path string) {
		r := cpan.ParsePath(path)
		if r.Path == "" {
			if r.Author != "" {
				t.Fatalf("%q: author %q without a path", path, r.Author)
			}
			return
		}
		if again := cpan.ParsePath(r.Path); again != r {
			t.Fatalf("%q: got %+v, and of its own path %+v", path, r, again)
		}
	})
}
