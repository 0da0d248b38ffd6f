package setting

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/audit"
	"nacre/perlsrc"
)

var hows = []string{"pair", "field", "attribute", "accessor"}

var choices = []string{"always", "default", "either"}

// settings gives a setting of "check" a line: how it is written, and what it may be.
func settings(src string) []string {
	f := audit.NewFile("lib/Acme.pm", audit.Library, []byte(src))
	var out []string
	for s := range All(f, "check") {
		line := hows[s.How]
		for _, o := range s.Outcomes(f) {
			value := "?"
			if o.Known {
				value = o.Value
			}
			line += fmt.Sprintf(" %s=%s", choices[o.Choice], value)
		}
		out = append(out, line)
	}
	return out
}

func TestAll(t *testing.T) {
	tests := []struct{ src, want string }{
		{`f(check => 0)`, "pair always=0"},
		{`f({ a => { 'check' => "on" } })`, "pair always=on"},
		{`f(-check => 1)`, "pair always=1"},
		{`f('check', 0)`, "pair always=0"},
		{`f(name => 'check', 0)`, ""},
		{`my @words = qw(check 0)`, ""},
		{`$x{check} = 0`, "field always=0"},
		{`$x->{a}{check} ||= 0`, "field default=0"},
		{`local $x{'check'} = 0`, "field always=0"},
		{`f($x{check})`, ""},
		{`$x{check}{more} = 0`, ""},
		{`has check => (is => 'ro', default => sub { 0 });`, "attribute always=0"},
		{`has 'check', is => 'ro', default => 0;`, "attribute always=0"},
		{`has check => 1;`, "attribute always=1"},
		{`has check => (is => 'ro');`, ""},
		{`$x->check(0)`, "accessor always=0"},
		{`$x->check`, ""},
		{`check(0)`, ""},
		{`f(check => $y // 0)`, "pair either=? default=0"},
		{`f(check => $y ? 0 : 1)`, "pair either=0 either=1"},
		{`f(check => ($y && 1))`, "pair always=?"},
		{`my $v = 0; f(check => $v)`, "pair always=0"},
		{`f(check => ())`, "pair always="},
	}
	for _, tt := range tests {
		if got := strings.Join(settings(tt.src), "; "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.src, got, tt.want)
		}
	}
}

func TestSiblings(t *testing.T) {
	f := audit.NewFile("lib/Acme.pm", audit.Library, []byte(`f(a => 1, check => 0, -b => 2)`))
	var keys []string
	for s := range All(f, "check") {
		for key := range Siblings(f.Tree, s) {
			keys = append(keys, key)
		}
	}
	if want := []string{"a", "check", "b"}; !slices.Equal(keys, want) {
		t.Errorf("%q, want %q", keys, want)
	}
}

func TestGuards(t *testing.T) {
	tests := []struct{ src, want string }{
		{`here()`, ""},
		{`here() if $a`, "$a"},
		{`here() unless $a`, "!$a"},
		{`if ($a) { here() }`, "($a)"},
		{`if ($a) { 1 } else { here() }`, "!($a)"},
		{`if ($a) { 1 } elsif ($b) { here() }`, "!($a) ($b)"},
		{`if ($a) { 1 } elsif ($b) { 1 } else { here() }`, "!($a) !($b)"},
		{`unless ($a) { here() }`, "!($a)"},
		{`unless ($a) { 1 } else { here() }`, "($a)"},
		{`$a and here()`, "$a"},
		{`$a || here()`, "!$a"},
		{`$a ? here() : 1`, "$a"},
		{`$a ? 1 : here()`, "!$a"},
		{`$a ? 1 : $b ? here() : 1`, "!$a $b"},
		{`if ($a) { $b and here() }`, "$b ($a)"},
		{`for (1) { here() }`, ""},
		{`f() if here()`, ""},
	}
	for _, tt := range tests {
		tree := perlsrc.Parse([]byte(tt.src))
		var got []string
		for n := range tree.Calls("here") {
			for g := range Guards(tree, n) {
				text := string(tree.Text(g.Node))
				if g.Negated {
					text = "!" + text
				}
				got = append(got, text)
			}
		}
		if s := strings.Join(got, " "); s != tt.want {
			t.Errorf("%s: %q, want %q", tt.src, s, tt.want)
		}
	}
}

func TestNames(t *testing.T) {
	f := audit.NewFile("lib/Acme.pm", audit.Library, []byte(`f($a, @{$b}, $c->{d}{'e'}, $g->h, i => 1, 'j')`))
	var got []string
	for name := range Names(f, 0) {
		got = append(got, name)
	}
	if want := "f a b c d e h g i"; strings.Join(got, " ") != want {
		t.Errorf("%q, want %q", got, want)
	}
}
