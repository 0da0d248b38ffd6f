package cpan_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/testkit"
)

var (
	md5    = strings.Repeat("0f", 16)
	sha256 = strings.Repeat("a1", 32)
)

// today has all that is written now, old only what the first versions wrote.
var (
	today = `# CHECKSUMS file written on Thu May 16 12:34:56 2024 GMT by CPAN::Checksums (v2.14)
$cksum = {
  'Foo-1.0.tar.gz' => {
    'cpan_path' => 'A/AU/AUTHOR',
    'md5' => '` + md5 + `',
    'md5-ungz' => '` + md5 + `',
    'mtime' => '2024-05-16',
    'sha256' => '` + sha256 + `',
    'sha256-ungz' => '` + sha256 + `',
    'size' => 1234
  },
  'sub' => {
    'cpan_path' => 'A/AU/AUTHOR',
    'isdir' => 1,
    'mtime' => '2024-05-16'
  }
};
`
	old = `$cksum = { "It's-0.1.tar.gz" => { md5 => '` + md5 + `', 'size' => '12345678901', shortname => 'its.tgz', 'x' => undef, }, };` + "\n__END__\n"

	signature = "-----BEGIN PGP SIGNATURE-----\nVersion: x\n\niQ==\n=AAAA\n-----END PGP SIGNATURE-----\n"
)

func signed(text string) string {
	return "0&&<<''; # this PGP-signed message is also valid perl\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\n" + text + "__END__\n" + signature
}

func TestReadChecksums(t *testing.T) {
	for name, in := range map[string]string{
		"plain":                today,
		"signed":               signed(today),
		"gzipped":              gzipped(t, signed(today)),
		"line ends of DOS":     strings.ReplaceAll(signed(today), "\n", "\r\n"),
		"empty lines in front": "\n\n" + signed(today),
	} {
		c, err := cpan.ReadChecksums(strings.NewReader(in))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if c.Signed != (name != "plain") || !strings.HasPrefix(c.Comment, "CHECKSUMS file written on Thu") || len(c.Files) != 2 {
			t.Errorf("%s: got %+v", name, c)
		}
		f, ok := c.Find("Foo-1.0.tar.gz")
		f.Line = 0
		want := cpan.FileSums{File: "Foo-1.0.tar.gz", Size: 1234, MTime: "2024-05-16", CPANPath: "A/AU/AUTHOR", MD5: md5, MD5Ungz: md5, SHA256: sha256, SHA256Ungz: sha256}
		if !ok || fmt.Sprint(f) != fmt.Sprint(want) {
			t.Errorf("%s: got %+v", name, f)
		}
		if d, ok := c.Find("sub"); !ok || !d.Dir || d.Size != -1 {
			t.Errorf("%s: got %+v", name, d)
		}
		if _, ok := c.Find("none"); ok {
			t.Errorf("%s: found what is not there", name)
		}
	}
	c, err := cpan.ReadChecksums(strings.NewReader(old))
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprintf("%+v", c.Files); got != "[{File:It's-0.1.tar.gz Dir:false Size:12345678901 MTime: CPANPath: MD5:"+md5+" SHA256: MD5Ungz: SHA256Ungz: Other:map[shortname:its.tgz] Line:1}]" {
		t.Errorf("got %s", got)
	}
}

func TestReadChecksumsRefuses(t *testing.T) {
	file := func(fields string) string { return "$cksum = {\n'x' => {" + fields + "}\n};\n" }
	for _, c := range []struct{ in, want string }{
		{"", "line 1: ends where $cksum should be"},
		{"system('x');\n", `line 1: "system('x');" where $cksum should be`},
		{"$cksum = {};\nsystem('x');\n", `line 2: text follows the list: "system('x');"`},
		{"$cksum = {};\n__END__\nx", `line 3: text follows the list: "x"`},
		{"$cksum = do { {} };\n", `line 1: "do { {} };" where { should be`},
		{"$cksum = {}", "line 1: ends where ; should be"},
		{file("size => 1 + 1"), `line 2: "+ 1}" where } should be`},
		{file("size => -1"), `line 2: "-1}" where a string should be`},
		{file("size => 010"), `line 2: "010}" where a string or a number should be`},
		{file("size => 1e3"), `line 2: "1e3}" where a string or a number should be`},
		{file("size => time"), `line 2: "time}" where a string or a number should be`},
		{file("size => '12345678901234567890'"), `line 2: size "12345678901234567890": is not a number of bytes`},
		{file("size => {}"), `line 2: "{}}" where a string should be`},
		{file(`md5 => "$x"`), "line 2: a string would have a variable put into it"},
		{file(`md5 => "@{[1]}"`), "line 2: a string would have a variable put into it"},
		{file(`y => "\n"`), `line 2: a string has an escape that is not read: "\\n\"}"`},
		{file(`y => "\x{41"`), `line 2: a string has an escape that is not read: "\\x{41\"}"`},
		{file(`y => "\x{d800}"`), `line 2: a string has an escape that is not read: "\\x{d800}\"}"`},
		{file(`y => "\x{0}"`), `line 2: a string has an escape that is not read: "\\x{0}\"}"`},
		{file(`y => 'a`), "line 2: a string has a control character in it"},
		{"$cksum = {'x", "line 1: a string does not end"},
		{"$cksum = {'x\\", "line 1: a string does not end"},
		{file("y => q(a)"), `line 2: "q(a)}" where a string or a number should be`},
		{file("y => 'a' . 'b'"), `line 2: ". 'b'}" where } should be`},
		{file("y => 1, y => 2"), `line 2: key "y": is there twice`},
		{file("0x1 => 1"), `line 2: "0x1 => 1}" where a key should be`},
		{file("md5 => 'zz'"), `line 2: md5 "zz": is not 32 lower-case hex digits`},
		{file("sha256 => '" + strings.ToUpper(sha256) + "'"), "line 2: sha256 " + `"` + strings.ToUpper(sha256) + `": is not 64 lower-case hex digits`},
		{file("cpan_path => '../x'"), `line 2: cpan_path "../x": is not a folder below authors/id`},
		{file("cpan_path => ''"), `line 2: cpan_path "": is not a folder below authors/id`},
		{"$cksum = {'../x' => {}};", `line 1: file "../x": is not the name of a file`},
		{"$cksum = {'..' => {}};", `line 1: file "..": is not the name of a file`},
		{"$cksum = {'' => {}};", `line 1: file "": is not the name of a file`},
		{"$cksum = {'a\\b' => {}};", `line 1: file "a\\b": is not the name of a file`},
		{"# a\x1b[2J\n$cksum = {};", "line 1: has a control character in it"},
		{"$cksum = {\n" + strings.Repeat("a", 300) + " => {}};", `line 2: file "` + strings.Repeat("a", 80) + `"...: is not the name of a file`},
		// What a signature does not cover must not be read, nor seem to be covered.
		{"$cksum = {};\n" + signed(today), `line 2: text follows the list: "0&&<<''; # this PGP-signed message is also valid perl"`},
		{signed(today) + "$cksum = {};\n", "line 23: text follows the signature"},
		{strings.Replace(signed(today), "Hash: SHA512\n\n", "Hash: SHA512\n$cksum = {};\n\n", 1), `line 4: is no header of a signed message: "$cksum = {};"`},
		{strings.Replace(signed(today), signature, "", 1), "line 23: the signed message has no signature"},
		{strings.TrimSuffix(signed(today), "-----END PGP SIGNATURE-----\n"), "line 23: the signature does not end"},
		{strings.Replace(signed(today), "$cksum", "-----BEGIN PGP SIGNATURE----- \n$cksum", 1), "line 5: the signed text has a line that begins with a hyphen"},
		{"0&&<<''; # this PGP-signed message is also valid perl\n" + today, "line 2: no signed message begins here"},
		{"-----BEGIN PGP SIGNED MESSAGE-----\nHash: x", "line 2: the signed message ends in its header"},
	} {
		got, err := cpan.ReadChecksums(strings.NewReader(c.in))
		if err == nil || err.Error() != "read CHECKSUMS: "+c.want || got != nil {
			t.Errorf("%q\n got %v\nwant %s", c.in, err, c.want)
		} else if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("%q: error without kind or hint: %v", c.in, err)
		}
	}
}

func TestChecksumsBounds(t *testing.T) {
	var many, wide strings.Builder
	many.WriteString("$cksum = {")
	for i := range 100_001 {
		fmt.Fprintf(&many, "f%d=>{},", i)
	}
	many.WriteString("};")
	wide.WriteString("$cksum = {x=>{")
	for i := range 65 {
		fmt.Fprintf(&wide, "f%d=>1,", i)
	}
	wide.WriteString("}};")
	for want, in := range map[string]string{
		"read CHECKSUMS: line 1: more than 100000 keys (limit: files in CHECKSUMS)": many.String(),
		"read CHECKSUMS: line 1: more than 64 keys (limit: facts about one file)":   wide.String(),
		"read CHECKSUMS: larger than 16777216 bytes (limit: CHECKSUMS size)":        gzipped(t, strings.Repeat(" ", 17<<20)),
		"read CHECKSUMS: unexpected EOF":                                            gzipped(t, today)[:40],
	} {
		if _, err := cpan.ReadChecksums(strings.NewReader(in)); err == nil || err.Error() != want || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" {
			t.Errorf("got %v (hint %q), want %s", err, fault.HintOf(err), want)
		}
	}
}

// dumper writes a CHECKSUMS file of the file names on its standard input, in
// hex, as CPAN::Checksums does, and in the quoting of either kind.
const dumper = `
use strict; use Data::Dumper; use Encode;
$Data::Dumper::Sortkeys = $Data::Dumper::Indent = 1;
$Data::Dumper::Useqq = shift;
my %h;
while (<STDIN>) { chomp; my $n = pack "H*", $_; $n = Encode::decode("UTF-8", $n) if $Data::Dumper::Useqq; $h{$n} = { size => 1 } }
print Data::Dumper->new([\%h], ["cksum"])->Dump;
`

func TestReadChecksumsOfDataDumper(t *testing.T) {
	perl := testkit.Need(t, "perl")
	names := []string{"Foo-1.0.tar.gz", "a b", "it's", `q"q`, "$x", "@x", "007", "12", "1e3", "undef", "-x", "Bär", "#", "}", "=>", "日本", "%x", "a'b\"c$d@e"}
	var in strings.Builder
	for _, n := range names {
		fmt.Fprintf(&in, "%s\n", hex.EncodeToString([]byte(n)))
	}
	for _, useqq := range []string{"0", "1"} {
		cmd := exec.Command(perl, "-e", dumper, useqq)
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		c, err := cpan.ReadChecksums(bytes.NewReader(out))
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		for _, n := range names {
			if f, ok := c.Find(n); !ok || f.Size != 1 {
				t.Errorf("Useqq %s: %q is missing in\n%s", useqq, n, out)
			}
		}
		if len(c.Files) != len(names) {
			t.Errorf("Useqq %s: %d files of %d", useqq, len(c.Files), len(names))
		}
	}
}

func FuzzReadChecksums(f *testing.F) {
	for _, s := range []string{today, old, signed(today), "$cksum = {};", `$cksum = {"\x{e9}\"" => {}};`, "$cksum = {'a\\'b\\\\' => {size=>0}};", "\x1f\x8b"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		c, err := cpan.ReadChecksums(bytes.NewReader(in))
		if err != nil {
			return
		}
		for _, s := range c.Files {
			if s.File == "" || strings.ContainsAny(s.File, "/\\\n\x00") || s.File == ".." || s.Size < -1 {
				t.Errorf("got %+v", s)
			}
		}
	})
}
