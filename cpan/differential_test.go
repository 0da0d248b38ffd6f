package cpan_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/internal/testkit"
)

// oracle answers for hex paths on standard input what CPAN::DistnameInfo says
// of them, hex again: distvname, dist, version, maturity, cpanid, filename, extension.
const oracle = `
use strict; no warnings;
use CPAN::DistnameInfo;
die "CPAN::DistnameInfo is $CPAN::DistnameInfo::VERSION, not 0.12\n" if $CPAN::DistnameInfo::VERSION ne "0.12";
while (my $line = <STDIN>) {
	chomp $line;
	my $d = CPAN::DistnameInfo->new(pack "H*", $line);
	print join(",", map { unpack "H*", $_ // "" }
		$d->distvname, $d->dist, $d->version, $d->maturity, $d->cpanid, $d->filename, $d->extension), "\n";
}
`

func TestParsePathAgreesWithDistnameInfo(t *testing.T) {
	perl := testkit.NeedPerl(t, "CPAN::DistnameInfo")
	paths := append(realisticPaths(20_000), nastyPaths(30_000)...)
	for _, c := range distnames {
		paths = append(paths, "A/AU/AUTHOR/"+c.file)
	}

	var in bytes.Buffer
	for _, p := range paths {
		fmt.Fprintf(&in, "%x\n", p)
	}
	cmd := exec.Command(perl, "-e", oracle)
	cmd.Stdin = &in
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("perl: %v\n%s", err, stderr.String())
	}
	answers := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	if len(answers) != len(paths) {
		t.Fatalf("%d answers to %d paths\n%s", len(answers), len(paths), stderr.String())
	}
	bad, named, versioned, dev := 0, 0, 0, 0
	for i, p := range paths {
		r := cpan.ParsePath(p)
		maturity, distvname := "released", ""
		if r.Developer {
			maturity = "developer"
			dev++
		}
		if r.Ext != "" {
			distvname = r.DistVersion()
		}
		if r.Author != "" {
			named++
		}
		if r.Version != "" {
			versioned++
		}
		got := []string{distvname, string(r.Dist), r.Version, maturity, string(r.Author), r.File, r.Ext}
		want := strings.Split(answers[i], ",")
		for j := range want {
			b, err := hex.DecodeString(want[j])
			if err != nil {
				t.Fatal(err)
			}
			want[j] = string(b)
		}
		if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
			if bad++; bad <= 20 {
				t.Errorf("%q\n got %q\nwant %q", p, got, want)
			}
		}
	}
	t.Logf("%d paths (%d with author, %d with version, %d developer): %d differences", len(paths), named, versioned, dev, bad)
	// Paths that all come to nothing would agree and prove nothing.
	if named < 5_000 || versioned < 20_000 || dev < 2_000 {
		t.Errorf("too few paths of substance: %d with author, %d with version, %d developer", named, versioned, dev)
	}
}

func pick(r *rand.Rand, from []string) string { return from[r.IntN(len(from))] }

// realisticPaths are names as authors choose them.
func realisticPaths(n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	words := []string{"Foo", "Bar", "SHA1", "MP3", "V3_1_1", "5_14", "perl", "libao", "CGI.pm", "PBKDF2", "OAuth2", "Foo_Bar", "x", "v2", "Net", "UTF8", "undef", "R3", "C++", "App"}
	versions := []string{"%d", "%d.%d", "v%d.%d.%d", "V%d.%d", "%d.%d_%02d", "v%d.%d.%d_%d", "%d_%d", "%d.%d-TRIAL", "%d.%d-TRIAL%d", "%d.%d-trial", "%d.%d-RC%d", "%d.%d_rc%d", "%d.%da", "%d.%d-beta", "%d.%d__%d", "%d.%d-withoutworldwriteables", "%d.%d-%d", "%d.%d-r%d", ".%d", "%d.", "%da", "%d.%d.%d-RC%d", "undef", "", "2020%02d01", "%d.%03d%03d"}
	areas := []string{"A/AU/AUTHOR/", "authors/id/A/AU/AUTHOR/", "A/AU/AUTHOR/sub/dir/", "AUTHOR/", "B/AU/AUTHOR/", "", "https://cpan.example/authors/id/A/A1/A1/", "id/A/AU/AU/", "A//AU///AUTHOR/"}
	exts := []string{".tar.gz", ".tar.gz", ".tar.gz", ".tgz", ".zip", ".tar.bz2", ".TAR.GZ", ".tar.Z", ".tar.xz", ".pm.gz", ""}
	paths := make([]string, n)
	for i := range paths {
		parts := make([]string, 1+r.IntN(3))
		for j := range parts {
			parts[j] = pick(r, words)
		}
		v := pick(r, versions)
		args := make([]any, strings.Count(v, "%"))
		for j := range args {
			args[j] = r.IntN(pickN(r, 3, 12, 120))
		}
		v = fmt.Sprintf(v, args...)
		if r.IntN(4) == 0 { // perl numbers its developer releases in its own way
			parts = []string{"perl"}
			v = fmt.Sprintf(pick(r, []string{"5.%d.%d", "5.00%d_%02d", "5.%d", "5.%d.%d-RC1", "5.%d.%d-TRIAL2", "5.%d_%d"}), r.IntN(45), r.IntN(99))
			v, _, _ = strings.Cut(v, "%!")
		}
		paths[i] = pick(r, areas) + strings.Join(parts, pick(r, []string{"-", "-", "_", "+", "."})) + pick(r, []string{"-", "-", "-", "_", "", "--", "."}) + v + pick(r, exts)
	}
	return paths
}

func pickN(r *rand.Rand, from ...int) int { return from[r.IntN(len(from))] }

// nastyPaths are pieces that mean something to the patterns, in no order.
// Runs are kept short: DistnameInfo's pattern goes back over them.
func nastyPaths(n int) []string {
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{
		"-", "_", ".", "+", "/", "//", "\n", " ", "\x00", "\xe9", "\xc3\xa9", "\xff", "K", "a", "B", "v", "V", "0", "1", "5", "50", "perl", "perl-5.", "perl5",
		"-undef", "-withoutworldwriteables", ".pm", "-TRIAL", "-TRIAL1", "-RC1", "-v1", "-V1_2", "_1", "1_2", "1.2_3", "-1", "-1.0", "a1", "1a", "Foo", "Foo-Bar",
		"authors/id/", "authors/", "id/", "A/", "AU/", "AUTHOR/", "A/AU/AUTHOR/", "A/AU/AUTHOR", "Z/ZZ/Z-Z/", ".tar.gz", ".tgz", ".zip", "18446744073709551616", "99999999999999999998", "49", "7", "6", "-0", "007",
	}
	ends := []string{".tar.gz", ".tar.gz", ".tar.gz", ".tgz", ".zip", ".TAR.BZ2", ".tar.z", ".tar.gz\n", ".tar.gz\n\n", "\n.tar.gz", ".tar", ""}
	paths := make([]string, n)
	for i := range paths {
		var b strings.Builder
		if r.IntN(3) == 0 {
			b.WriteString(pick(r, []string{"A/AU/AUTHOR/", "x/authors/id/A/AU/AUTHOR/", "\n/authors/id/A/AU/AU/", "perl-5."}))
		}
		for range 1 + r.IntN(7) {
			b.WriteString(pick(r, pieces))
		}
		b.WriteString(pick(r, ends))
		paths[i] = b.String()
	}
	return paths
}
