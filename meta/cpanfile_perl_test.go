package meta_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"nacre/internal/testkit"
	"nacre/meta"
)

// What perl itself makes of a cpanfile, with subroutines of the same names
// that print what they are called with.
const evaluator = `
my ($phase, $feature) = ("runtime", "");
sub with { my ($ref, $value, $code) = @_; my $old = $$ref; $$ref = $value; $code->() if $code; $$ref = $old }
for my $r (qw(requires recommends suggests conflicts)) {
	no strict "refs";
	*$r = sub {
		my ($m, @a) = @_;
		my $v = @a % 2 ? shift @a : undef;
		my %o = @a;
		$v = $o{version} if exists $o{version};
		$v = sprintf "v%vd", $v if ref \$v eq "VSTRING";
		print join("\t", $phase, $r, $m, $v // "", $feature, map $o{$_} // "", qw(dist url git ref mirror)), "\n";
	};
}
sub on { with(\$phase, @_) }
sub feature { my $id = shift; with(\$feature, $id, pop) }
sub mirror { $_[1]->() if $_[1] }
sub configure_requires { my @a = @_; on(configure => sub { requires(@a) }) }
sub build_requires { my @a = @_; on(build => sub { requires(@a) }) }
sub test_requires { my @a = @_; on(test => sub { requires(@a) }) }
sub author_requires { my @a = @_; on(develop => sub { requires(@a) }) }
do $ARGV[0];
die $@ if $@;
`

// A complete cpanfile says what perl would have been told.
func TestCompleteFilesAgreeWithPerl(t *testing.T) {
	perl := testkit.NeedPerl(t)
	files := map[string]string{}
	for _, c := range cpanfiles {
		files[c.name] = c.src
	}
	var numbers, quotes strings.Builder
	for i, n := range strings.Fields("0 1 1.0 1.10 1.2_3 0.10 .5 .50 00 010 0777 0x1F 0b101 1e3 1.5e2 1_000 5.010_001 5.006001 1. 1.2.3 v1 v1.2 v1.02.3 1.20.0 v5.10_1 2.009999 20240101 123456789.123456") {
		fmt.Fprintf(&numbers, "requires 'A%d', %s;\n", i, n)
	}
	for i, q := range []string{
		`'1'`, `"1"`, `q(1)`, `q(())`, `q{a{b}c}`, `q 'x'`, `q<<>>`, "q\n(1)", `qq(1.0)`, `qq'$x'`, `'a\'b'`, `'a\\b'`, `'a\b'`, `"a\"b"`, `"\\"`, `"\."`, `q!a\!b!`, `q(a\)b)`, `q(a\(b)`, `qq{\{}`, `"a
b"`, `'$x @y'`, `"a\$b"`, `'#'`, `q#'#`, `'=>'`,
	} {
		fmt.Fprintf(&quotes, "requires 'A%d', %s;\n", i, q)
	}
	files["numbers"], files["quotes"] = numbers.String(), quotes.String()
	files["words"] = "requires q => 1; requires y => 2; requires\n# x\n'A'\n,\n\n2;\n=pod\n\n'\n\n=cut\nrequires 'B'"

	files["random"] = randomCpanfile(2000)

	dir := t.TempDir()
	script := filepath.Join(dir, "evaluate.pl")
	if err := os.WriteFile(script, []byte(evaluator), 0o644); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for name, src := range files {
		c, err := meta.ReadCpanfile(strings.NewReader(src))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// A file that is not complete is compared without the lines that are
		// not; those of one statement each.
		if len(c.Unresolved) > 0 && (name == "numbers" || name == "quotes") {
			lines := strings.SplitAfter(src, "\n")
			for _, u := range c.Unresolved {
				t.Logf("%s: not literal: %s", name, strings.TrimSuffix(lines[u.Line-1], "\n"))
				lines[u.Line-1] = "\n"
			}
			src = strings.Join(lines, "")
			if c, err = meta.ReadCpanfile(strings.NewReader(src)); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(c.Unresolved) > 0 {
			if name == "random" || name == "words" {
				lines := strings.SplitAfter(src, "\n")
				u := c.Unresolved[0]
				t.Errorf("%s: %d unresolved, the first %s in line %d: %q", name, len(c.Unresolved), u.What, u.Line, lines[u.Line-1:min(u.Line+3, len(lines))])
			}
			continue
		}
		file := filepath.Join(dir, "cpanfile")
		if err := os.WriteFile(file, []byte(src), 0o644); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(perl, script, file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: perl: %v: %s", name, err, out)
			continue
		}
		var got strings.Builder
		for _, s := range c.Requires {
			module := string(s.Module)
			if module == "" {
				module = "not a module" // the one such case
			}
			fmt.Fprintln(&got, strings.Join([]string{s.Phase, s.Relation, module, s.Range, s.Feature, s.Dist, s.URL, s.Git, s.Ref, s.Mirror}, "\t"))
			compared++
		}
		if got.String() != string(out) {
			t.Errorf("%s: got\n%sperl has\n%s", name, got.String(), out)
		}
	}
	t.Logf("%d requirements compared", compared)
	if compared < 1500 {
		t.Errorf("only %d requirements compared", compared)
	}
}

// randomCpanfile gives n literal statements, with blanks, comments and POD
// wherever Perl allows them; always the same ones.
func randomCpanfile(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	blank := func() string { return pick("", "", " ", "\t", "\n", " # it's }\n", "\r\n", "#\n#\n") }
	quote := func(s string) string {
		return fmt.Sprintf(pick("'%s'", "\"%s\"", "q(%s)", "q{%s}", "qq[%s]", "q <%s>", "q/%s/", "qq\n!%s!", "q#%s#"), s)
	}
	comma := func() string { return blank() + pick(",", " =>", ", ,", "=>") + blank() }
	var b strings.Builder
	var statement func(depth int)
	call := func(word string, args ...string) {
		b.WriteString(word)
		open, closing := "("+blank(), blank()+")"
		if r.IntN(2) == 0 {
			open, closing = " "+blank(), ""
		}
		b.WriteString(open + args[0])
		for _, a := range args[1:] {
			b.WriteString(comma() + a)
		}
		b.WriteString(pick("", "", ",") + closing)
	}
	statement = func(depth int) {
		if depth < 3 && r.IntN(4) == 0 {
			word := pick("on", "feature")
			b.WriteString(word + " " + quote(pick("test", "build", "x_y")) + comma() + "sub" + pick(" ", "\n", "") + "{" + blank())
			for range r.IntN(3) {
				statement(depth + 1)
			}
			b.WriteString("}" + blank() + ";" + blank())
			return
		}
		args := []string{quote(pick("Foo", "Foo::Bar", "a", "perl"))}
		if r.IntN(3) > 0 {
			args = append(args, pick(quote("1.0"), quote(pick("== 1", "v1.2.3", "1,1.5")), "1.50", "v1.2", "1.2.3", "1_0", "0"))
		}
		if r.IntN(5) == 0 {
			args = append(args, quote(pick("dist", "url", "git", "ref", "mirror", "version")), quote("2"))
		}
		call(pick("requires", "recommends", "suggests", "conflicts", "test_requires", "author_requires"), args...)
		b.WriteString(blank() + ";" + blank() + pick("", "", ";", "\n\n=pod\n\nrequires 'X';\n\n=cut\n\n"))
	}
	for range n {
		statement(0)
	}
	return b.String()
}
