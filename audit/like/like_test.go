package like

import (
	"fmt"
	"strings"
	"testing"

	"nacre/audit"
	"nacre/perlsrc"
)

func file(src string) *audit.File {
	return audit.NewFile("lib/Foo.pm", audit.Library, []byte(src))
}

const original = `package Foo;
use strict;
sub new_id {
    my ($self, $n) = @_;
    my $sid = md5_hex(time . $$ . {} . rand($n));
    return $sid unless $self->{long};
    return $sid . $self->_tail;
}
sub _tail { return '' }
1;
`

// TestLike says how alike code is to line 5 of the original, or to its sub.
func TestLike(t *testing.T) {
	for _, c := range []struct {
		name, src string
		line      int
		want      string // the lines with their likeness, as found from 60 % on
	}{
		{"itself", original, 5, "5 100"},
		{"other names", "my $token = md5_hex(time . $$ . {} . rand($max));\n", 5, "1 100"},
		{"an argument as it comes", "my $token = md5_hex(time . $$ . {} . rand($_[0]));\n", 5, "1 9."},
		{"a package before the function", "our $x = Digest::MD5::md5_hex(time() . $$ . {} . rand($max));\n", 5, "1 100"},
		{"over several lines", "my $x =\n  md5_hex(time\n    . $$ . {}\n  . rand($max));\n", 5, "1 100"},
		{"a part of it is missing", "my $x = md5_hex(time . $$ . rand($max));\n", 5, "1 9."},
		{"another function", "my $x = sha256_hex(random_bytes(32));\n", 5, ""},
		{"the same words in another order", "my $r = rand(time . $$ . {} . md5_hex($n));\n", 5, "1 8."},
		{"a sub", strings.NewReplacer("new_id", "token", "$sid", "$t", "_tail", "_end", "$n", "$max").Replace(original), 3, "3 100"},
		{"a sub with one line more", strings.Replace(original, "    return $sid .", "    warn 'long';\n    return $sid .", 1), 3, "3 9."},
		{"another sub", "sub new_id { my $self = shift; return $self->{dbh}->selectrow_array('SELECT uuid()') }\n", 3, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Of(file(original), c.line)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range s.Find(file(c.src), 0.6) {
				got = append(got, fmt.Sprintf("%d %.0f", m.Line, 100*m.Likeness))
			}
			text := strings.Join(got, ", ")
			if prefix, ok := strings.CutSuffix(c.want, "."); text != c.want && !(ok && strings.HasPrefix(text, prefix) && len(text) == len(c.want)) {
				t.Errorf("%q, not %q", text, c.want)
			}
		})
	}
}

// TestNested holds that of like code within like code the likest is told, once.
func TestNested(t *testing.T) {
	s, err := Of(file("if (f($x)) { g(h($y, 1)) }\n"), 1)
	if err != nil {
		t.Fatal(err)
	}
	src := "if (f($x)) { if (f($x)) { g(h($y, 1)) } }\n" + strings.Repeat("if (f($a)) { g(h($b, 1)) }\n", 3)
	var got []string
	for _, m := range s.Find(file(src), 0.6) {
		got = append(got, fmt.Sprintf("%d %.0f", m.Line, 100*m.Likeness))
	}
	if text := strings.Join(got, ", "); text != "1 100, 2 100, 3 100, 4 100" {
		t.Error(text)
	}
}

// call is what a module asks of another one, in two ways of writing it.
const (
	call = `package Acme::Client;
sub connect {
    my ($self, %opt) = @_;
    my $ua = HTTP::Tiny->new(verify_SSL => 0, agent => "acme/$opt{version}", timeout => 30);
    return 1 unless $ua;
    if ($opt{digest} eq md5_hex($opt{password} . 'salt')) {
        $self->log('in');
    }
    my $left = $self->tries; my $token = md5_hex(rand() . $$);
    return $self->{store}->save(
        'token',
        {
            expires => time + 3600,
        },
    );
}
`
	sibling = `package Bar::Agent;
sub open_it {
    my ($this, %args) = @_;
    my $http = HTTP::Tiny->new(
        'timeout' => 30,
        'agent'   => 'bar/' . $args{version},
        'verify_SSL' => 0,
    );
    return 0 unless $http;
    if ($args{'digest'} eq md5_hex("$args{password}pepper")) {
        $this->welcome;
        $this->{count}++;
    }
    my $id = md5_hex(rand . $$);
    return $this->{store}->save(q{id}, { expires => 3600 + time() });
}
`
)

// TestHeads holds that of an if within an alike one both are told.
func TestHeads(t *testing.T) {
	s, err := Of(file("if (eval \"require Foo; 1\") {\n    a();\n}\n"), 1)
	if err != nil {
		t.Fatal(err)
	}
	found := s.Find(file("if (eval 'require Bar; 1') {\n    if (eval q{require Baz; 1}) { b() }\n}\n"), 1)
	if len(found) != 2 || found[0].Line != 1 || found[1].Line != 2 {
		t.Errorf("%+v", found)
	}
}

// TestSibling holds that other names, another order of named arguments, another
// way of quoting and another layout make no difference.
func TestSibling(t *testing.T) {
	for line, want := range map[int]string{4: "4 100", 6: "10 100", 9: "14 100", 10: "15 100", 11: "15 100", 14: "15 100"} {
		s, err := Of(file(call), line)
		if err != nil {
			t.Errorf("line %d: %v", line, err)
			continue
		}
		var got []string
		for _, m := range s.Find(file(sibling), Least) {
			got = append(got, fmt.Sprintf("%d %.0f", m.Line, 100*m.Likeness))
		}
		if text := strings.Join(got, ", "); text != want {
			t.Errorf("line %d: %q, not %q", line, text, want)
		}
	}
}

// TestTooCommon holds that what stands everywhere has no family.
func TestTooCommon(t *testing.T) {
	for _, code := range []string{
		"use strict;", "1;", "my $self = shift;", "my ($self, %args) = @_;", "return 1;", "return;", "return $self;", "return $self->{name};",
		"return 1 if $a eq $b;", "$self->{name} = shift;", "my %seen;", "my $x = $y + 1;", "my @list = map { $_ } @all;", "print \"done $x\\n\";",
		"die 'no name' unless defined $name;", "next unless $x;", "$i++;", "my $class = ref($proto) || $proto;", "bless $self, $class;",
	} {
		if s, err := Of(file(code+"\n"), 1); err == nil || !strings.Contains(err.Error(), "too common") {
			t.Errorf("%s: %v %v", code, s, err)
		}
	}
	for _, code := range []string{
		"my $id = rand;", "my $id = int rand 1e9;", "system(\"convert $file\");", "eval \"require $class\";", "my $x = `ls $dir`;", "open(F, \">$file\");",
		"$ua->ssl_opts(verify_hostname => 0);", "my $data = Storable::thaw($cookie);", "return 1 if $x =~ /^[a-z]+$/;", "srand(time ^ $$);",
	} {
		if _, err := Of(file(code+"\n"), 1); err != nil {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestOfNothing holds that a line without a statement says so.
func TestOfNothing(t *testing.T) {
	src := "sub f {\n\n    # nothing\n    if (g($x)) {\n        h($y);\n    }\n}\n\n=pod\n\n=cut\n"
	for _, line := range []int{2, 3, 6, 7, 8, 9, 10, 11, 99} {
		if s, err := Of(file(src), line); err == nil || !strings.Contains(err.Error(), "no statement is there") {
			t.Errorf("line %d: %v, %v", line, s, err)
		}
	}
	if _, err := Of(audit.NewFile("foo.c", audit.Native, nil), 1); err == nil {
		t.Error("C has a shape")
	}
}

func FuzzLike(f *testing.F) {
	f.Add(original, 5)
	f.Add(strings.Repeat("if (f($x)) { g(h($y, 1));\n", 60), 3)
	f.Fuzz(func(t *testing.T, src string, line int) {
		file := file(src)
		s, err := Of(file, line)
		if err != nil {
			return
		}
		again := s.Find(file, 0.99)
		if len(again) == 0 && deepest(file) <= maxNested {
			t.Errorf("the shape of line %d is nowhere", line)
		}
		for _, m := range again {
			if m.Line < 1 || m.Last < m.Line || m.Likeness > 1.000001 {
				t.Errorf("%+v", m)
			}
		}
	})
}

// deepest is how many statements and subs stand around one another at the most.
func deepest(f *audit.File) int {
	most := 0
	for n := range f.All(perlsrc.StatementNode, perlsrc.SubNode) {
		depth := 0
		for up := n; up != 0; up = f.Tree.Nodes[up].Parent {
			if k := f.Tree.Nodes[up].Kind; k == perlsrc.StatementNode || k == perlsrc.SubNode {
				depth++
			}
		}
		most = max(most, depth)
	}
	return most
}
