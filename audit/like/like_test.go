package like

import (
	"fmt"
	"strings"
	"testing"

	"nacre/audit"
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
		{"an argument as it comes", "my $token = md5_hex(time . $$ . {} . rand($_[0]));\n", 5, "1 8."},
		{"a package before the function", "our $x = Digest::MD5::md5_hex(time() . $$ . {} . rand($max));\n", 5, "1 100"},
		{"over several lines", "my $x =\n  md5_hex(time\n    . $$ . {}\n  . rand($max));\n", 5, "1 100"},
		{"a part of it is missing", "my $x = md5_hex(time . $$ . rand($max));\n", 5, "1 9."},
		{"another function", "my $x = sha256_hex(random_bytes(32));\n", 5, ""},
		{"the same words in another order", "my $r = rand(time . $$ . {} . md5_hex($n));\n", 5, "1 7."},
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

func TestOfNothing(t *testing.T) {
	for line, want := range map[int]string{2: "no code", 10: "no code", 99: "no code"} {
		if s, err := Of(file(original), line); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("line %d: %v, %v", line, s, err)
		}
	}
	if _, err := Of(audit.NewFile("foo.c", audit.Native, nil), 1); err == nil {
		t.Error("C has a shape")
	}
	// A line that says little stands for its sub.
	s, err := Of(file(original), 9)
	if err == nil {
		t.Errorf("a sub that does nothing has a shape: %+v", s)
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
		if len(again) == 0 {
			t.Errorf("the shape of line %d is nowhere", line)
		}
		for _, m := range again {
			if m.Line < 1 || m.Last < m.Line || m.Likeness > 1.000001 {
				t.Errorf("%+v", m)
			}
		}
	})
}
