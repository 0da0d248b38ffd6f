package meta_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/fault"
	"nacre/meta"
)

// dump writes a cpanfile's facts, one a line: requirements as in lines, with
// what is more, then what is unresolved.
func dump(c meta.Cpanfile) string {
	var b strings.Builder
	for _, s := range c.Requires {
		b.WriteString(strings.TrimSuffix(lines([]meta.Prereq{s.Prereq}), "\n"))
		for _, o := range [][2]string{{"dist", s.Dist}, {"url", s.URL}, {"git", s.Git}, {"ref", s.Ref}, {"mirror", s.Mirror}} {
			if o[1] != "" {
				fmt.Fprintf(&b, " %s=%s", o[0], o[1])
			}
		}
		if s.Conditional {
			b.WriteString(" conditional")
		}
		if len(s.Ignores) > 0 {
			fmt.Fprintf(&b, " ignores %s", strings.Join(s.Ignores, " "))
		}
		b.WriteByte('\n')
	}
	for _, m := range c.Mirrors {
		fmt.Fprintf(&b, "mirror %s\n", m)
	}
	for _, u := range c.Unresolved {
		fmt.Fprintf(&b, "%d: unresolved: %s\n", u.Line, u.What)
	}
	return b.String()
}

var cpanfiles = []struct{ name, src, want string }{
	{"nothing", "", ""},
	{"the plain forms", `requires 'Foo';
requires "Foo::Bar", "1.0";
requires 'Moo' => '>= 2.0, < 3';
requires('Par', '1');
requires ( 'Par2' => 2 ) ;
requires Bare => 1;
requires Bare::Word => '1';
recommends 'R', 1; suggests 'S'; conflicts 'C', '< 2'
`, `1: runtime requires Foo ""
2: runtime requires Foo::Bar "1.0"
3: runtime requires Moo ">= 2.0, < 3"
4: runtime requires Par "1"
5: runtime requires Par2 "2"
6: runtime requires Bare "1"
7: runtime requires Bare::Word "1"
8: runtime recommends R "1"
8: runtime suggests S ""
8: runtime conflicts C "< 2"
`},
	{"quotes", `requires q(Foo), q{1.0};
requires q <Angle>, qq[2.0];
requires qq#Hash#, '1' ;
requires 'It''s' ;
`, `1: runtime requires Foo "1.0"
2: runtime requires Angle "2.0"
3: runtime requires Hash "1"
4: unresolved: requires of what is not literal
`},
	{"numbers as perl reads them", `requires 'A', 1.10;
requires 'B', 1_000.5;
requires 'C', 010;
requires 'D', 1.2.3;
requires 'E', v5.10;
requires 'F', 5.010_001;
requires 'G', .5;
requires 'H', 1e3;
requires 'I', 0x10;
requires 'J', v7;
requires 'K', 1.;
requires 'L', 1.20.0;
requires 'M', -1;
requires 'N', 123456789012345678901234567890;
`, `1: runtime requires A "1.1"
2: runtime requires B "1000.5"
3: runtime requires C "8"
4: runtime requires D "v1.2.3"
5: runtime requires E "v5.10"
6: runtime requires F "5.010001"
7: runtime requires G "0.5"
8: runtime requires H "1000"
9: runtime requires I "16"
10: runtime requires J "v7"
11: runtime requires K "1"
12: runtime requires L "v1.20.0"
13: runtime requires M "" !requirement of M: its version is not literal
14: runtime requires N "" !requirement of N: its version is not literal
13: unresolved: version that is not literal
14: unresolved: version that is not literal
`},
	{"phases and features", `on test => sub {
    requires 'T', 1;
    recommends 'T2'
};
on 'develop', sub { author_requires 'D' };
feature 'fast', 'Speed' => sub {
    requires 'F';
    on build => sub { requires 'FB' };
};
feature slow => sub { suggests 'S' };
configure_requires 'C', 6.64; build_requires 'B'; test_requires 'TR';
on('test' => sub { requires('P') });
requires 'R';
`, `2: test requires T "1"
3: test recommends T2 ""
5: develop requires D ""
7: runtime requires F "" [fast]
8: build requires FB "" [fast]
10: runtime suggests S "" [slow]
11: configure requires C "6.64"
11: build requires B ""
11: test requires TR ""
12: test requires P ""
13: runtime requires R ""
`},
	{"options", `requires 'A', '1.0', dist => 'AUTHOR/A-1.0.tar.gz';
requires 'B', git => 'https://forge.example/b.git', ref => 'main';
requires 'C',
    url => 'https://host.example/C-1.tar.gz',
    mirror => 'https://mirror.example/';
requires 'D', version => '2';
requires 'E', git => $url;
mirror 'https://mirror.example/';
mirror 'https://other.example/', sub { requires 'M' };
`, `1: runtime requires A "1.0" dist=AUTHOR/A-1.0.tar.gz
2: runtime requires B "" git=https://forge.example/b.git ref=main
3: runtime requires C "" url=https://host.example/C-1.tar.gz mirror=https://mirror.example/
6: runtime requires D "2"
7: runtime requires E ""
9: runtime requires M ""
mirror https://mirror.example/
mirror https://other.example/
7: unresolved: option that is not literal
`},
	{"comments, POD, pragmas, the end", `#!/usr/bin/env perl
use strict; use warnings; use 5.010; no warnings;
use utf8;
requires 'A', # requires 'Not1';
    '1'; # more

=head1 requires 'Not2';

requires 'Not3';

=cut

requires 'B';
1;
__END__
requires 'Not4'; '
`, `4: runtime requires A "1"
13: runtime requires B ""
`},
	{"a condition around", `if ($^O eq 'MSWin32') {
    requires 'Win32';
}
elsif ($] < 5.014) { requires 'Old' } else { requires 'Else' }
unless (eval { require Foo; 1 }) { on test => sub { requires 'U' } }
requires 'After';
`, `2: runtime requires Win32 "" conditional
4: runtime requires Old "" conditional
4: runtime requires Else "" conditional
5: test requires U "" conditional
6: runtime requires After ""
1: unresolved: if
5: unresolved: unless
5: unresolved: require
`},
	{"a condition behind", `requires 'A' if $^O eq 'linux';
requires 'B', '1' unless $ENV{X};
requires('C') and 1;
requires 'D'
    for 1 .. 2;
on test => sub { requires 'E' } if $x;
`, `1: runtime requires A "" conditional
2: runtime requires B "1" conditional
3: runtime requires C "" conditional
4: runtime requires D "" conditional
6: test requires E "" conditional
1: unresolved: if
2: unresolved: unless
3: unresolved: and
5: unresolved: for
6: unresolved: if
`},
	{"what is not literal", `my $v = '1.0';
requires 'A', $v;
requires $m;
requires "B$x";
requires "C", "$v";
requires 'D' . '::E';
requires qw(F 1.0);
requires "G\x41";
requires $_ for qw(A B);
requires $_, 0 foreach @list;
for my $m (qw(X Y)) { requires $m }
requires 'H', <<EOT;
requires 'Not';
EOT
requires 'I', $x ? 1 : 2;
requires map { $_ => 0 } qw(K);
requires;
on $phase => sub { requires 'L' };
feature "x$y" => sub { requires 'M' };
osname 'linux';
do './other';
use if $] < 5.01, 'Foo';
use Foo;
sub more { requires 'N' }
$^O eq 'x' and requires 'O', '1';
eval { requires 'P' };
BEGIN { requires 'Q' }
requires 'R';
`, `2: runtime requires A "" !requirement of A: its version is not literal
5: runtime requires C "" !requirement of C: its version is not literal
9: runtime requires A ""
9: runtime requires B ""
11: runtime requires X ""
11: runtime requires Y ""
12: runtime requires H "" !requirement of H: its version is not literal
15: runtime requires I "" !requirement of I: its version is not literal
16: runtime requires K "0"
18:  requires L "" conditional
19: runtime requires M "" conditional
24: runtime requires N "" conditional
25: runtime requires O "1" conditional
26: runtime requires P "" conditional
27: runtime requires Q "" conditional
28: runtime requires R ""
1: unresolved: my
2: unresolved: version that is not literal
3: unresolved: requires of what is not literal
4: unresolved: requires of what is not literal
5: unresolved: version that is not literal
6: unresolved: requires of what is not literal
7: unresolved: requires of what is not literal
8: unresolved: requires of what is not literal
10: unresolved: requires of what is not literal
10: unresolved: foreach
12: unresolved: version that is not literal
15: unresolved: version that is not literal
17: unresolved: requires of what is not literal
18: unresolved: on of what is not literal
19: unresolved: feature of what is not literal
20: unresolved: osname
21: unresolved: do
22: unresolved: use if
23: unresolved: use Foo
24: unresolved: sub
25: unresolved: variable
26: unresolved: eval
27: unresolved: BEGIN
`},
	{"loops over literal values", `requires $_ for qw(A B);
requires $_ => '1.5' foreach 'C', ('D');
for my $m ('E', 'F') { requires "X::$m", 2; }
foreach (qw(G)) {
    on test => sub { requires $_ };
}
map { requires $_, 0 } 'H', 'I';
requires map { $_ => 1 } 'J';
for our $m (qw(a b)) { recommends "${m}::c" for 1 }
requires($_) for ();
on $_ => sub { requires 'K' } for 'build', 'test';
`, `1: runtime requires A ""
1: runtime requires B ""
2: runtime requires C "1.5"
2: runtime requires D "1.5"
3: runtime requires X::E "2"
3: runtime requires X::F "2"
5: test requires G ""
7: runtime requires H "0"
7: runtime requires I "0"
8: runtime requires J "1"
9: runtime recommends a::c ""
9: runtime recommends b::c ""
11: build requires K ""
11: test requires K ""
`},
	{"a condition in a loop", `for my $m (qw(A B)) { requires $m if $^O eq 'x' }
for my $m (qw(C D)) { requires $m, $v }
`, `1: runtime requires A "" conditional
1: runtime requires B "" conditional
2: runtime requires C "" !requirement of C: its version is not literal
2: runtime requires D "" !requirement of D: its version is not literal
1: unresolved: if
2: unresolved: version that is not literal
`},
	{"loops that are not literal", `requires $_ for @x;
requires $_ for 'A', $x;
for my $m (1 .. 3) { requires 'R' }
for my $m ('A', 'B') { next if $m eq 'A'; requires $m }
for my $m ('A', 'B') { $m .= 'x'; requires $m }
for my $m ('A', 'B') { requires $m if $m =~ s/A/C/ }
for my ($k, $v) (A => 1) { requires $k, $v }
for (my $i = 0; $i < 3; $i++) { requires 'S' }
requires "A$_->[0]" for 'A';
while (1) { requires 'T' }
map { requires $_ } @x;
`, `3: runtime requires R "" conditional
8: runtime requires S "" conditional
10: runtime requires T "" conditional
1: unresolved: requires of what is not literal
1: unresolved: for
2: unresolved: requires of what is not literal
2: unresolved: for
3: unresolved: for
4: unresolved: for
4: unresolved: next
4: unresolved: requires of what is not literal
5: unresolved: for
5: unresolved: variable
5: unresolved: requires of what is not literal
6: unresolved: for
6: unresolved: requires of what is not literal
6: unresolved: if
7: unresolved: for
7: unresolved: requires of what is not literal
8: unresolved: for
9: unresolved: requires of what is not literal
10: unresolved: while
11: unresolved: map
11: unresolved: requires of what is not literal
`},
	{"advisories to ignore", `requires 'A'; # ignore=CVE-2099-0001
requires 'B'; # ignore : CPANSA-B-2099-001, CVE-2099-0002 because of it
requires
  'C', # IGNORE: GHSA-abcd-efgh-ijkl
  '1'; # ignore=CVE-2099-0003
# ignore=CVE-2099-0004
requires 'D'; # ignore this
requires 'E', '# ignore=CVE-2099-0005'; # we ignore=CVE-2099-0006
requires 'F'; requires 'G'; # ignore= CVE-2099-0007
requires $_ for qw(H I); #ignore:CVE-2099-0008
`, `1: runtime requires A "" ignores CVE-2099-0001
2: runtime requires B "" ignores CPANSA-B-2099-001 CVE-2099-0002
3: runtime requires C "1" ignores GHSA-abcd-efgh-ijkl CVE-2099-0003
7: runtime requires D ""
8: runtime requires E "# ignore=CVE-2099-0005" !requirement of E: ` + unreadable("# ignore=CVE-2099-0005") + `
9: runtime requires F "" ignores CVE-2099-0007
9: runtime requires G "" ignores CVE-2099-0007
10: runtime requires H "" ignores CVE-2099-0008
10: runtime requires I "" ignores CVE-2099-0008
`},
	{"Perl that hides its brackets", `my @a = split /[{;]/, 'x'; my %h = (a => '}', b => "{", c => q({));
(my $x = $y) =~ s{/\}}{;}g; $x =~ tr/;/}/; my $n = $#{$a} / 2; # {
print $h{requires}, $o->requires('Not'), requires => 1;
requires 'A';
`, `4: runtime requires A ""
1: unresolved: my
1: unresolved: my
2: unresolved: operator "("
2: unresolved: variable
2: unresolved: my
3: unresolved: print
`},
	{"unreadable requirements are kept", `requires 'A', 'latest';
requires 'not a module', '1';
`, `1: runtime requires A "latest" !requirement of A: ` + unreadable("latest") + `
2: runtime requires  "1" !` + badModule("not a module") + `
`},
}

func unreadable(text string) string {
	m, _ := meta.ReadJSON(strings.NewReader(`{"requires":{"A":"` + text + `"}}`))
	return strings.TrimPrefix(m.Prereqs[0].Err.Error(), "requirement of A: ")
}

func badModule(name string) string {
	_, err := cpan.ParseModule(name)
	return err.Error()
}

func TestReadCpanfile(t *testing.T) {
	for _, c := range cpanfiles {
		for _, src := range []string{c.src, strings.ReplaceAll(c.src, "\n", "\r\n")} {
			got, err := meta.ReadCpanfile(strings.NewReader(src))
			if err != nil {
				t.Errorf("%s: %v", c.name, err)
				continue
			}
			if d := dump(got); d != c.want {
				t.Errorf("%s: got\n%swant\n%s", c.name, d, c.want)
			}
		}
	}
}

func TestSpans(t *testing.T) {
	src := "requires 'A';\n  requires(\n 'B',\n '1.0' # x\n);\nrequires 'C', $v;\nrequires 'D' => 1.0, dist => 'X/D.tgz';\nif (1) { requires 'E' }\n"
	c, err := meta.ReadCpanfile(strings.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, s := range c.Requires {
		version := "none"
		if s.Version.Start >= 0 {
			version = src[s.Version.Start:s.Version.End]
		}
		got = append(got, fmt.Sprintf("%d-%d %s|%s", s.Line, s.EndLine, src[s.Span.Start:s.Span.End], version))
	}
	want := []string{
		"1-1 requires 'A'|",
		"2-5 requires(\n 'B',\n '1.0' # x\n)|'1.0'",
		"6-6 requires 'C', $v|none",
		"7-7 requires 'D' => 1.0, dist => 'X/D.tgz'|1.0",
		"8-8 requires 'E'|",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestReadCpanfileRefuses(t *testing.T) {
	for _, c := range []struct{ name, src, err string }{
		{"a string without end", "\nrequires 'Foo;\n", "line 2: the text that begins here is not closed"},
		{"a block without end", "on test => sub {\nrequires 'Foo';\n", "the block that begins in line 1 is not closed"},
		{"a call without end", "requires('Foo';\n", `the "(" of line 1 is not closed`},
		{"brackets that cross", "my @x = (1, [2);\n", `the "[" of line 1 is not closed`},
		{"a brace too many", "requires 'Foo'; }\n", `line 1: a "}" too many`},
		{"a here-document without end", "my $x = <<EOT;\nfoo\n", "line 1: the here-document is not closed"},
		{"deep blocks", strings.Repeat("{", 1000), "nested deeper than 200 (limit: cpanfile nesting)"},
		{"deep brackets", "my $x = " + strings.Repeat("[", 1000), "nested deeper than 200 (limit: cpanfile nesting)"},
		{"loops in loops", strings.Repeat("for (1, 2, 3, 4, 5, 6, 7, 8, 9, 10) { ", 9) + strings.Repeat("}", 9), "loops of more than 200000 steps (limit: cpanfile loops)"},
		{"deep calls", strings.Repeat("requires(", 1000), "nested deeper than 200 (limit: cpanfile nesting)"},
		{"many statements", strings.Repeat("requires 'A';", 50_001), "more than 50000 statements (limit: cpanfile statements)"},
		{"many arguments", "requires 'A'" + strings.Repeat(",1", 1000), "more than 200 arguments (limit: cpanfile arguments)"},
		{"many here-documents", strings.Repeat("<<A;", 21), "more than 20 here-documents (limit: cpanfile here-documents of a line)"},
		{"large", strings.Repeat("#", 5<<20+1), "larger than 5242880 bytes (limit: cpanfile size)"},
	} {
		_, err := meta.ReadCpanfile(strings.NewReader(c.src))
		if err == nil || !strings.Contains(err.Error(), c.err) || fault.KindOf(err) != fault.Invalid || fault.HintOf(err) == "" && c.name != "" {
			t.Errorf("%s: error = %v, hint %q, want one with %q", c.name, err, fault.HintOf(err), c.err)
		}
	}
}

func TestEdit(t *testing.T) {
	for _, c := range []struct{ name, src, want, err string }{
		{"insert", "requires 'A'; # x\n", "requires 'A', '>= 1.2'; # x\n", ""},
		{"replace", "requires \"A\" => \"1.0\" ;", "requires \"A\" => '>= 1.2' ;", ""},
		{"replace a number", "requires A => 1.10;", "requires A => '>= 1.2';", ""},
		{"before options", "requires 'A', mirror => 'x';", "requires 'A', '>= 1.2', mirror => 'x';", ""},
		{"behind a bare word", "requires A => mirror => 'x';", "requires A => '>= 1.2' => mirror => 'x';", ""},
		{"in parentheses", "requires(\r\n  'A'\r\n);\r\n", "requires(\r\n  'A', '>= 1.2'\r\n);\r\n", ""},
		{"everywhere it says the same", "requires 'A', 1; on test => sub { requires 'A', '1' };", "requires 'A', '>= 1.2'; on test => sub { requires 'A', '>= 1.2' };", ""},
		{"not where it is another relation", "recommends 'A'; requires 'A', 1;", "recommends 'A'; requires 'A', '>= 1.2';", ""},
		{"option version", "requires 'A', version => 1;", "requires 'A', version => '>= 1.2';", ""},
		{"different ranges", "requires 'A', 1;\nrequires 'A', 2;", "", `line 2: requires "2" and line 1 requires "1"`},
		{"not literal", "requires 'A', $v;", "", "line 1: its version is not literal"},
		{"in a loop", "requires $_, 1 for 'A', 'B';", "", "line 1: stands for other requirements, too"},
		{"behind what is no Perl", "<requires 'A';", "", "the edited file would say something else"},
		{"pinned", "requires 'A', dist => 'X/A-1.tar.gz';", "", "line 1: names the exact source"},
		{"not there", "requires 'B'; recommends 'A';", "", "no statement requires it"},
	} {
		f, err := meta.ReadCpanfile(strings.NewReader(c.src))
		if err != nil {
			t.Fatal(err)
		}
		got, err := f.Edit("A", ">= 1.2")
		if string(got) != c.want || (err == nil) != (c.err == "") || err != nil && !strings.Contains(err.Error(), c.err) {
			t.Errorf("%s: got %q, %v; want %q, %q", c.name, got, err, c.want, c.err)
		}
	}
	f, err := meta.ReadCpanfile(strings.NewReader("requires 'A';"))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range []string{"1'; system 'x", "latest", "1\\", ">= 1, '2'", "1.\x00'; system 'x"} {
		if got, err := f.Edit("A", r); fault.KindOf(err) != fault.Invalid {
			t.Errorf("range %q: got %q, %v", r, got, err)
		}
	}
}

func FuzzReadCpanfile(f *testing.F) {
	for _, c := range cpanfiles {
		f.Add(c.src)
	}
	f.Fuzz(func(t *testing.T, src string) {
		c, err := meta.ReadCpanfile(strings.NewReader(src))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatalf("kind of %v", err)
			}
			return
		}
		for _, s := range c.Requires {
			sane(t, []meta.Prereq{s.Prereq})
			if s.Span.Start < 0 || s.Span.End > len(src) || s.Span.Start >= s.Span.End || s.EndLine < s.Line ||
				s.Version.Start >= 0 && (s.Version.Start < s.Span.Start || s.Version.End > s.Span.End || s.Version.Start > s.Version.End) {
				t.Fatalf("spans of %+v", s)
			}
			if got := 1 + strings.Count(src[:s.Span.Start], "\n"); got != s.Line {
				t.Fatalf("line %d, counted %d", s.Line, got)
			}
			if got := 1 + strings.Count(src[:s.Span.End], "\n"); got != s.EndLine {
				t.Fatalf("end line %d, counted %d", s.EndLine, got)
			}
		}
	})
}

// An edited file reads as the same file but for the edited ranges.
func FuzzEdit(f *testing.F) {
	for _, c := range cpanfiles {
		f.Add(c.src, ">= 1.2, < 2")
	}
	f.Fuzz(func(t *testing.T, src, newRange string) {
		c, err := meta.ReadCpanfile(strings.NewReader(src))
		if err != nil {
			return
		}
		for _, s := range c.Requires[:min(len(c.Requires), 5)] {
			out, err := c.Edit(s.Module, newRange)
			if fault.KindOf(err) == fault.Invalid {
				newRange = ">= 1.2" // most ranges that a fuzzer makes are none
				out, err = c.Edit(s.Module, newRange)
			}
			if err != nil {
				continue
			}
			d, err := meta.ReadCpanfile(strings.NewReader(string(out)))
			if err != nil {
				t.Fatalf("%q: edited to %q: %v", src, out, err)
			}
			if len(d.Requires) != len(c.Requires) || len(d.Unresolved) != len(c.Unresolved) || len(d.Mirrors) != len(c.Mirrors) {
				t.Fatalf("%q: edited to %q, which says something else", src, out)
			}
			at, bt := 0, 0 // behind what was compared of src and out
			for i, a := range c.Requires {
				b := d.Requires[i]
				edited := s.Module != "" && a.Module == s.Module && a.Relation == "requires"
				if edited && b.Range != newRange || !edited && a.Range != b.Range {
					t.Fatalf("%q: edited to %q: range of %s is %q", src, out, a.Module, b.Range)
				}
				if a.Module != b.Module || a.Phase != b.Phase || a.Relation != b.Relation || a.Feature != b.Feature || a.Conditional != b.Conditional ||
					a.Dist != b.Dist || a.URL != b.URL || a.Git != b.Git || a.Ref != b.Ref || a.Mirror != b.Mirror {
					t.Fatalf("%q: edited to %q: %+v became %+v", src, out, a, b)
				}
				if edited {
					before := string(out[bt:b.Version.Start])
					if a.Version.Start == a.Version.End {
						before = strings.TrimSuffix(strings.TrimSuffix(before, ", "), " => ")
					}
					if src[at:a.Version.Start] != before {
						t.Fatalf("%q: edited to %q: other bytes changed", src, out)
					}
					at, bt = a.Version.End, b.Version.End
				}
			}
			if src[at:] != string(out[bt:]) {
				t.Fatalf("%q: edited to %q: other bytes changed", src, out)
			}
		}
	})
}

func BenchmarkReadCpanfile(b *testing.B) {
	src := strings.Repeat(cpanfiles[1].src, 100)
	b.SetBytes(int64(len(src)))
	for b.Loop() {
		if _, err := meta.ReadCpanfile(strings.NewReader(src)); err != nil {
			b.Fatal(err)
		}
	}
}
