package facts

import (
	"bufio"
	"bytes"
	"flag"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"nacre/internal/testkit"
)

// all compares every module of the machine's perl, and not only a sample:
// go test ./perlsrc/facts -run Against -v -args -all
var all = flag.Bool("all", false, "compare all of the machine's Perl files")

// versionCases are sources and what is read of them: the text of the version,
// "undef" for none or one that is no version, or "dynamic". Where parse_version
// says something else, that is the last field, and the comment the verdict.
var versionCases = []struct{ src, want, parseVersion string }{
	// Declarations.
	{"package Foo 1.50;", "1.50", ""},
	{"package Foo 1.50 {", "1.50", ""},
	{"package Foo v1.2.3;", "v1.2.3", ""},
	{"package Foo 1_000;", "1_000", ""},
	{"package\n Foo 1.5;", "1.5", "undef"},                 // reads one line
	{"package Foo # here\n 1.5;", "1.5", "undef"},          // the same
	{"package Foo; our $VERSION = '1.2';", "1.2", "undef"}, // evaluates it in a package of its own
	{"package Foo;\nour $VERSION = '1.2';", "1.2", ""},

	// Literals. A number is not a string.
	{"our $VERSION = '1.20';", "1.20", ""},
	{"our $VERSION = 1.20;", "1.2", ""},
	{"our $VERSION = 1.2_3;", "1.23", ""},
	{"our $VERSION = '1.2_3';", "1.2_3", ""},
	{"our $VERSION = 1.00_01;", "1.0001", ""},
	{"our $VERSION = 1e3;", "1000", ""},
	{"our $VERSION = 010;", "8", ""},
	{"our $VERSION = 0x10;", "16", ""},
	{"our $VERSION = .5;", "0.5", ""},
	{"our $VERSION = 1.;", "1", ""},
	{"our $VERSION = 0.00001;", "0.00001", ""},
	{"our $VERSION = -0.5;", "undef", ""},
	{"our $VERSION = v1.2.3_4;", "v1.2.34", ""},
	{"our $VERSION = v1.02.03;", "v1.02.03", ""},
	{"our $VERSION = sprintf '%s', v1.2.3;", "dynamic", "undef"}, // the characters 1, 2 and 3
	{"our $VERSION = 20260816.0020;", "20260816.002", ""},
	{"our $VERSION = 1.234567890123456789;", "1.23456789012346", ""},
	{"our $VERSION = 1.2.3;", "v1.2.3", ""},
	{"our $VERSION = v1.2;", "v1.2", ""},
	{"our $VERSION = v1;", "v1", ""},
	{"our $VERSION = '1.2.3';", "1.2.3", ""},
	{"our $VERSION = 'v1.2_3';", "v1.2_3", ""},
	{"our $VERSION = ' 1.2 ';", "1.2", ""},
	{"our $VERSION = q(1.2);", "1.2", ""},
	{"our $VERSION = qq{1.2};", "1.2", ""},
	{"our $VERSION = '1.0'; # VERSION", "1.0", ""},
	{"# VERSION\n1;", "undef", ""},
	{"our $VERSION = '';", "undef", ""},
	{"our $VERSION = undef;", "undef", ""},
	{"our $VERSION = 'undef';", "0", ""},
	{"our $VERSION = '1.2-TRIAL';", "undef", ""},
	{"our $VERSION = '1.2a';", "undef", ""},
	{"our $VERSION = -1;", "undef", ""},
	{"our $VERSION = '$Revision: 1.5 $';", "undef", ""},

	// Where it is assigned.
	{"$VERSION = '1.3';", "1.3", ""},
	{"use vars '$VERSION'; $VERSION = '1.3';", "1.3", ""},
	{"use vars qw($VERSION);\n$VERSION = '1.3';", "1.3", ""},
	{"$Foo::VERSION = '1.3';", "1.3", ""},
	{"$Foo'VERSION = '1.3';", "1.3", ""},
	{"$Foo::VERSION = $Foo::VERSION = '1.30';", "1.30", ""},
	{"our ($VERSION) = '1.3';", "1.3", ""},
	{"our($VERSION, $DEBUG) = ('1.3', 0);", "1.3", ""},
	{"our ($DEBUG, $VERSION) = (0, '1.3');", "1.3", ""},
	{"our $VERSION = ('1.3', '1.4');", "1.4", ""},
	{"our $VERSION = our $X = '1.7';", "1.7", ""},
	{"our $X = our $VERSION = '1.7';", "1.7", ""},
	{"(our $VERSION = '1.7');", "1.7", ""},
	{"our $VERSION //= '1.0';", "1.0", ""},
	{"$VERSION ||= '1.0';", "1.0", ""},
	{"$VERSION = '1.0' unless defined $VERSION;", "1.0", ""},
	{"our $VERSION = '1.0' if 1;", "1.0", ""},
	{"our $VERSION : shared = '1.1';", "1.1", ""},
	{"*VERSION = \\'1.01';", "1.01", ""},
	{"*VERSION = \\1.10;", "1.1", ""},
	{"*Foo::VERSION = \\'1.01';", "1.01", ""},
	{"BEGIN { $VERSION = '1.9' }", "1.9", ""},
	{"BEGIN { our $VERSION = '1.9';\n}", "1.9", "undef"}, // the line alone does not compile
	{"{ our $VERSION = '1.4'; }", "1.4", ""},
	{"our $VERSION =\n  '1.4';", "1.4", "undef"}, // reads one line
	{"our\n$VERSION = '1.4';", "1.4", ""},
	{"my\n$VERSION = '1.4';", "1.4", ""},
	{"my $VERSION = '1.9';", "undef", ""},
	{"local $VERSION = '1.9';", "undef", ""},
	{"my $VERSION = '1.9';\nour $VERSION = '1.8';", "1.8", ""},
	{"@VERSION = '1.0';", "undef", ""},
	{"$x{VERSION} = '3';", "undef", ""},
	{"our $XS_VERSION = '3';", "undef", ""},
	{"print 'our $VERSION = 3';", "undef", ""},
	{"if ($VERSION >= 3) { $x = 1 }", "undef", ""},
	{"if (1) { $VERSION = '1.0' }", "dynamic", "undef"},
	{"if (1) {\n$VERSION = '1.0'\n}", "1.0", ""},
	{"sub set { $VERSION = '3' }", "3", "undef"},                    // a sub is only declared there
	{"sub set {\n$VERSION = '3'\n}\nour $VERSION = '4';", "4", "3"}, // what runs when the file is loaded is meant
	{"use constant VERSION => '1.3';", "1.3", "undef"},              // a method VERSION
	{"our $VERSION = '1.0';\nour $VERSION = '2.0';", "1.0", ""},

	// Where it is not code.
	{"=head1 X\n\nour $VERSION = '1.0';\n\n=cut\n\nour $VERSION = '2.0';", "2.0", ""},
	{"my $x = <<X;\nour $VERSION = '1.0';\nX\nour $VERSION = '2.0';", "2.0", "1.0"}, // a here-document
	{"my $x = '\nour $VERSION = 1;\n';", "undef", "1"},                              // a string
	{"1;\n__END__\nour $VERSION = '1.0';", "undef", "1.0"},                          // not code

	// Changed afterwards: on the same line for both, on a later one for perl.
	{"$VERSION = '1.2_3'; $VERSION =~ tr/_//d;", "1.23", ""},
	{"$VERSION = '1.2_3'; $VERSION =~ s/_//g;", "1.23", ""},
	{"$VERSION = '1.2_3'; $VERSION = eval $VERSION;", "1.23", ""},
	{"$VERSION = '1.2_3';\n$VERSION = eval $VERSION;", "1.2_3", ""},
	{"our $VERSION = 1.2; $VERSION++;", "dynamic", "2.2"}, // is not computed
	{"our $VERSION = 1.2; $VERSION = bump($VERSION);", "dynamic", "1.2"},
	{"(our $VERSION = '$Revision: 1.5 $') =~ s/.*(\\d+\\.\\d+).*/$1/;", "1.5", ""},

	// Objects.
	{"use version; our $VERSION = qv('1.2');", "v1.2", ""},
	{"use version; our $VERSION = qv('1.2.3');", "1.2.3", ""},
	{"use version; our $VERSION = qv('v1.2.3');", "v1.2.3", ""},
	{"use version; our $VERSION = qv(1.20);", "v1.2", ""},
	{"use version; our $VERSION = qv(1.2.3);", "v1.2.3", ""},
	{"use version 0.77; our $VERSION = version->declare('v1.2.3');", "v1.2.3", ""},
	{"use version; our $VERSION = 'version'->declare('1.20');", "v1.20", ""},
	{"use version; our $VERSION = version::->new('1.20');", "1.20", ""},
	{"use version; our $VERSION = version->new(1.20);", "1.2", ""},
	{"use version; our $VERSION = version->new('1.2_3');", "1.2_3", ""},
	{"use version; our $VERSION = new version '1.2';", "1.2", ""},
	{"use version; our $VERSION = version->parse('1.2.3')->normal;", "v1.2.3", ""},
	{"use version; our $VERSION = version->declare('1.2.3')->numify;", "1.002003", ""},
	{"use version; our $VERSION = version->new(qw$Revision: 1.5 $);", "v1.5", ""},

	// What version control systems write.
	{"our $VERSION = sprintf('%d.%02d', q$Revision: 1.5 $ =~ /(\\d+)\\.(\\d+)/);", "1.05", ""},
	{"our $VERSION = sprintf '%d.%03d', q$Revision: 1.5 $ =~ /(\\d+)/g;", "1.005", ""},
	{"our $VERSION = do { my @r = (q$Revision: 1.5 $ =~ /\\d+/g); sprintf '%d.' . '%02d' x $#r, @r };", "1.05", ""},
	{"our $VERSION = do { my @r = q$Revision: 1.5.2 $ =~ /\\d+/g; sprintf '%d.'.'%02d' x $#r, @r; };", "1.0502", ""},
	{"our ($VERSION) = '$Revision: 1.5 $' =~ /\\$Revision:\\s+([^\\s]+)/;", "1.5", ""},
	{"our ($VERSION) = '$Revision: 1.5 $' =~ m{ \\$Revision: \\s+ (\\S+) }x;", "1.5", ""},
	{"our ($VERSION) = q$Revision: 42 $ =~ /(\\d+)/g;", "42", ""},
	{"our $VERSION = (qw$Revision: 1.5 $)[1];", "1.5", ""},
	{"our $VERSION = (split / /, '$Revision: 1.5 $')[1];", "1.5", ""},
	{"our $VERSION = ('$Revision: 1.5 $' =~ /(\\d+\\.\\d+)/)[0];", "1.5", ""},
	{"our $VERSION = substr(q$Revision: 1.5 $, 10);", "1.5", ""},
	{"our $VERSION = '1.' . (q$Rev: 77 $ =~ /(\\d+)/)[0];", "1.77", ""},
	{"our $VERSION = sprintf '1.%03d', q$Rev: 7 $ =~ /(\\d+)/;", "1.007", ""},
	{"our ($VERSION) = q<$Revision$> =~ /(\\d+)/;", "undef", ""},

	// Computed.
	{"our $VERSION = '1.00' . '_01';", "1.00_01", ""},
	{"our $VERSION = join '.', 1, 2, 3;", "1.2.3", ""},
	{"our $VERSION = '0' x 3;", "000", ""},
	{"our $VERSION = 1 + 0.25;", "1.25", ""},
	{"our $VERSION = 2 ** 3;", "8", ""},
	{"our $VERSION = '1.10' + 0;", "1.1", ""},
	{"our $VERSION = eval '1.20';", "1.2", ""},
	{"our $VERSION = eval { 1.20 };", "1.2", ""},
	{"our $VERSION = 1 ? '1.1' : '1.2';", "1.1", ""},
	{"our ($x, $VERSION) = ('1.7', \"1.7\");", "1.7", ""},
	{"$Foo::VERSION = '1.7';\npackage Bar;\nour $VERSION = $Foo::VERSION;", "1.7", ""},
	{"our $VERSION = '1.5'; $VERSION = $VERSION + 1;", "2.5", ""},

	// Only running would tell.
	{"our $VERSION = $Foo::VERSION;", "dynamic", "undef"},
	{"our $v = '1.7'; our $VERSION = \"$v\";", "dynamic", "1.7"},
	{"our $VERSION = Foo->VERSION;", "dynamic", "undef"},
	{"our $VERSION = $];", "dynamic", "5.036000"},
	{"our $VERSION = __PACKAGE__->build;", "dynamic", "undef"},
	{"our $VERSION = `git describe`;", "dynamic", "undef"},
	{"our $VERSION = ['1.0'];", "dynamic", "undef"},
	{"our $VERSION = do 'version.pl';", "dynamic", "undef"},
	{"our $VERSION = '1.0", "dynamic", "undef"},
}

// verdictOf is a version as parse_version says it.
func verdictOf(v Version) string {
	switch {
	case v.Dynamic:
		return "dynamic"
	case !v.Stated(), v.Invalid:
		return "undef"
	}
	return v.Text
}

func TestVersion(t *testing.T) {
	for _, c := range versionCases {
		if got := verdictOf(ReadVersion([]byte(c.src), "").Version); got != c.want {
			t.Errorf("%s\n got %s, want %s", c.src, got, c.want)
		}
	}
}

// TestReadVersionOf has the version of one package among several.
func TestReadVersionOf(t *testing.T) {
	src := []byte("package Foo::Part;\nour $VERSION = '2';\npackage Foo 1.5;\npackage Foo::None;\n{ package Foo::In; our $VERSION = 4; }\n$Foo::Out::VERSION = 5;\n1;\n")
	for module, want := range map[string]string{
		"Foo": "Foo 1.5 at 3", "Foo::Part": "Foo::Part 2 at 2", "Foo::In": "Foo::In 4 at 5", "Foo::Out": "Foo::Out 5 at 6",
		"": "Foo::Part 2 at 2", "Foo::None": "Foo::Part 2 at 2", "Bar": "Foo::Part 2 at 2",
	} {
		p := ReadVersion(src, module)
		if got := p.Name + " " + p.Version.Text + " at " + string(rune('0'+p.Version.Line)); got != want {
			t.Errorf("%q: got %s, want %s", module, got, want)
		}
	}
	if p := ReadVersion([]byte("package Foo;\n1;\n"), "Foo"); p.Name != "Foo" || p.Version.Stated() {
		t.Errorf("no version: got %+v", p)
	}
}

// TestVersionForm has the other fields.
func TestVersionForm(t *testing.T) {
	for _, c := range []struct {
		src  string
		want Version
	}{
		{"our $VERSION = '1.2_3';\n$VERSION = eval $VERSION;", Version{Text: "1.2_3", Source: "'1.2_3'", Line: 1, How: VersionLiteral, Later: "1.23"}},
		{"\nuse version; our $VERSION = qv( '1.2' );", Version{Text: "v1.2", Source: "qv( '1.2' )", Line: 2, How: VersionObject}},
		{"our $VERSION = $Foo::VERSION;", Version{Source: "$Foo::VERSION", Line: 1, How: VersionLiteral, Dynamic: true, Of: "$Foo::VERSION"}},
		{"our $VERSION = Foo->VERSION;", Version{Source: "Foo->VERSION", Line: 1, How: VersionLiteral, Dynamic: true, Of: "Foo"}},
		{"our $VERSION = '$Revision$';", Version{Text: "$Revision$", Source: "'$Revision$'", Line: 1, How: VersionLiteral, Invalid: true}},
		{"package Foo v1.2;", Version{Text: "v1.2", Source: "v1.2", Line: 1, How: VersionPackage}},
		{"use constant VERSION => 1.30;", Version{Text: "1.3", Source: "1.30", Line: 1, How: VersionConstant}},
	} {
		got := Read([]byte(c.src)).Packages
		if len(got) != 1 || got[0].Version != c.want {
			t.Errorf("%s\n got %+v\nwant %+v", c.src, got, c.want)
		}
	}
}

// parseVersion asks ExtUtils::MakeMaker for the versions of files.
func parseVersion(t testing.TB, files []string) map[string]string {
	t.Helper()
	c := exec.Command(testkit.NeedPerl(t, "ExtUtils::MakeMaker"), "testdata/parse_version.pl")
	c.Stdin = strings.NewReader(strings.Join(files, "\n") + "\n")
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	says := map[string]string{}
	for sc := bufio.NewScanner(bytes.NewReader(out)); sc.Scan(); {
		if file, version, ok := strings.Cut(sc.Text(), "\t"); ok {
			says[file] = version
		}
	}
	return says
}

// TestCasesAgainstParseVersion holds the cases above against the original.
func TestCasesAgainstParseVersion(t *testing.T) {
	dir := t.TempDir()
	var files []string
	for i, c := range versionCases {
		name := filepath.Join(dir, "case"+string(rune('a'+i/26/26))+string(rune('a'+i/26%26))+string(rune('a'+i%26))+".pm")
		if err := os.WriteFile(name, []byte(c.src+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		files = append(files, name)
	}
	says := parseVersion(t, files)
	for i, c := range versionCases {
		want := c.want
		if c.parseVersion != "" {
			want = c.parseVersion
		}
		if got := says[files[i]]; got != want && c.parseVersion != "5.036000" {
			t.Errorf("%s\nparse_version says %s, the table has %s", c.src, got, want)
		}
	}
}

// differs lists files of the machine's perl about which the verdicts differ,
// and why ours is right. DATA: a template behind __DATA__.
var differs = map[string]string{
	"Mojolicious/Command/Author/generate/plugin.pm": "DATA",
}

// modulesBelow are the files of modules below a folder.
func modulesBelow(dir string) []string {
	var files []string
	filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Type().IsRegular() && strings.HasSuffix(name, ".pm") {
			files = append(files, name)
		}
		return nil
	})
	return files
}

// TestAgainstParseVersion compares a sample of the files of the machine's
// perl, or all.
func TestAgainstParseVersion(t *testing.T) {
	out, err := exec.Command(testkit.NeedPerl(t, "ExtUtils::MakeMaker"), "-e", "print join qq(\n), grep { -d } @INC").Output()
	if err != nil {
		t.Fatal(err)
	}
	var files []string
	for dir := range strings.SplitSeq(string(out), "\n") {
		files = append(files, modulesBelow(dir)...)
	}
	slices.Sort(files)
	files = slices.Compact(files)
	if !*all {
		const most = 300
		var some []string
		for i := range min(most, len(files)) {
			some = append(some, files[i*len(files)/min(most, len(files))])
		}
		files = some
	}
	says := parseVersion(t, files)
	same, dynamic := 0, 0
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		p := ReadVersion(src, "")
		switch got := verdictOf(p.Version); {
		case got == "dynamic":
			dynamic++
			t.Logf("dynamic: %s:%d: %s (parse_version says %s)", f, p.Version.Line, p.Version.Source, says[f])
		case got == says[f]:
			same++
		case slices.ContainsFunc(slices.Collect(maps.Keys(differs)), func(known string) bool { return strings.HasSuffix(f, known) }):
		default:
			t.Errorf("%s:%d: %s: got %s, parse_version says %s", f, p.Version.Line, p.Version.Source, got, says[f])
		}
	}
	t.Logf("%d files: %d as parse_version, %d dynamic", len(files), same, dynamic)
}
