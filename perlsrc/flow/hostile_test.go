package flow

import (
	"fmt"
	"strings"
	"testing"

	"nacre/perlsrc"
)

// TestHostile makes graphs of what nobody writes, and asks of every thousandth
// node: all of it must end, and what is cut short must say so.
func TestHostile(t *testing.T) {
	many := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i, (i+1)%n, (i*7)%n)
		}
		return b.String()
	}
	for name, source := range map[string]string{
		"one variable assigned over and over": "my $x = rand;" + strings.Repeat("$x = $x . $x if $x;", 20000),
		"subs that call each other":           many(3000, "sub f%[1]d { my $x = shift; return f%[2]d($x) . f%[3]d($x) } ") + "f0(rand);",
		"a chain of assignments":              "my $x = " + strings.Repeat("$x = ", 50000) + "rand; ask($x);",
		"a long sum":                          "my $x = " + strings.Repeat("$x . ", 50000) + "rand; ask($x);",
		"a long list":                         "foo(rand" + strings.Repeat(", $x", 50000) + ");",
		"a long hash":                         "my %h = (" + many(30000, "k%d => rand, ") + "); ask(%h); ask($h{k3});",
		"nested blocks":                       strings.Repeat("{ my $x = $x; ", 900) + "foo($x, rand)" + strings.Repeat("}", 900),
		"nested structures":                   "my $x = " + strings.Repeat("{ a => [", 400) + "rand" + strings.Repeat("] }", 400) + "; foo($x" + strings.Repeat("->{a}[0]", 400) + ");",
		"many shifts":                         "sub f { " + strings.Repeat("foo(shift);", 30000) + "} f(rand);",
		"many fields":                         "package Foo; sub f { my $self = shift; " + many(10000, "$self->{a} = $self->{f%d}; $self->{f%d} = $self->{a};") + "$self->{a} = rand }",
		"a code reference that holds itself":  "my $f; $f = sub { $f->($f) }; $f->(rand); my $g = $g; $g->($g); my $x = $y; our $y = $x; $x->m(\\$x);",
		"constants of each other":             "use constant A => B; use constant B => A; ask(A); my $x = $x . \"$x\"; ask($x);",
		"strings in strings":                  "my $x = " + strings.Repeat(`"@{[ `, 12) + "rand" + strings.Repeat(` ]}"`, 12) + "; foo($x);",
		"references to each other":            many(3000, "my $r%[1]d = \\$r%[2]d; ") + "$$r0 = rand; ask($r7);",
		"references to one":                   "my @l; " + many(3000, "my $r%d = \\@l; push @$r%[1]d, rand; ") + "foo(@l); ask(@l);",
		"calls that pass on":                  many(3000, "sub f%[1]d { &f%[2]d; shift; goto &f%[3]d } ") + "ask(f0(rand));",
		"a sub that fills":                    "sub f { $_[0] = $_[1]; $_[1] = f($_[0], $_[0]) } my $x = rand; " + strings.Repeat("f($x, $x);", 20000) + "ask($x);",
		"many arguments to one that fills":    "sub f { $_[0] = $_[1] } my $x = rand; f(" + strings.Repeat("$x, ", 20000) + "1); ask($x);",
		"loops that assign":                   "my @l = (rand); " + strings.Repeat("for my $v (@l, $v) { ", 500) + "$v = $v . rand; ask(@l);" + strings.Repeat(" }", 500),
		"closures that give others":           many(3000, "sub f%[1]d { return f%[2]d()->(f%[3]d()) } ") + "f0()->()->(rand); my $g = $g->(); $g->(rand);",
		"many topics":                         strings.Repeat("map { foo($_) } ", 500) + "rand;",
	} {
		t.Run(name, func(t *testing.T) {
			tree := perlsrc.Parse([]byte(source))
			g := New(tree)
			for i := 0; i < len(tree.Nodes); i += max(1, len(tree.Nodes)/100) {
				n := perlsrc.NodeID(i)
				for _, s := range first(g.Sinks(n)) {
					if len(s.Steps) > MaxSteps {
						t.Fatalf("%d steps", len(s.Steps))
					}
				}
				if origins, whole := g.Origins(n); !whole && !unknown(origins) {
					t.Fatal("cut short, and does not say so")
				}
				g.ClassOf(n)
				g.Value(n)
			}
		})
	}
}

func first(s []Sink, _ bool) []Sink { return s }

func unknown(origins []Origin) bool {
	for _, o := range origins {
		if o.Kind == Unknown {
			return true
		}
	}
	return false
}
