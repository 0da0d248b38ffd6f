package input

import (
	"fmt"
	"strings"
	"testing"

	"nacre/audit"
)

// TestSteps shows the way of a value, in the order in which it goes.
func TestSteps(t *testing.T) {
	for _, c := range []struct{ name, src, want string }{
		{"what split gives", `sub f {
my ($self, $x) = @_;
my $line = "a,$x";
my ($first) = split /,/, $line;
my $out = "b$first";
sink($out) }`, "2: assigned to $x, 3: assigned to $line, 4: assigned to $first, 5: assigned to $out"},
		{"what is made of it", `sub f {
my ($self, $x) = @_;
my $dir = $x;
my $path = catfile($dir, 'a');
sink($path) }`, "2: assigned to $x, 3: assigned to $dir, 4: assigned to $path"},
		{"what a pattern captured", `sub f {
my ($self, $x) = @_;
my $line = $x;
$line =~ /^(.*)-$/;
my $y = $1;
sink($y) }`, "2: assigned to $x, 3: assigned to $line, 5: assigned to $y"},
		{"the branch that leads there", `sub f {
my ($self, $x, $y) = @_;
my $c;
if ($y) { $c = "ls $x"; g() }
elsif ($x) { $c = "cat $x"; sink($c) } }`, "2: assigned to $x, 5: assigned to $c"},
		{"not the result of the same statement", `sub f {
my ($self, $x) = @_;
$x = $self->slurp(sink($x)) }
sub slurp {
open my $fh, '<', $_[1];
return <$fh> }`, "2: assigned to $x"},
	} {
		f := audit.NewFile("lib/Acme/Steps.pm", audit.Library, []byte(c.src))
		for call := range f.Calls("sink") {
			var got []string
			for _, s := range Worst(f, f.Tree.Arg(call, 0), 0).Steps {
				got = append(got, fmt.Sprintf("%d: %s", s.Line, s.What))
			}
			if strings.Join(got, ", ") != c.want {
				t.Errorf("%s: %s, want %s", c.name, strings.Join(got, ", "), c.want)
			}
		}
	}
}
