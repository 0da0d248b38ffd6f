package audit

import (
	"fmt"
	"strings"
	"testing"
)

func TestWay(t *testing.T) {
	f := NewFile("lib/Acme/Way.pm", Library, []byte(`package Acme::Way;
sub draw {
    my ($self, $x) = @_;
    my $y = $self->_bend($x);
    system($y);
}
sub _bend {
    my ($self, $z) = @_;
    return lc $z;
}
`))
	for _, c := range []struct{ name, steps, want string }{
		{"an argument and the variable that takes it", "3 the argument $x of draw | 3 assigned to $x | 4 assigned to $y", "3 the argument $x of draw | 4 assigned to $y"},
		{"on two lines", "2 the argument $x of draw | 3 assigned to $x", "2 the argument $x of draw"},
		{"another variable", "3 the argument $xy of draw | 3 assigned to $x", "3 the argument $xy of draw | 3 assigned to $x"},
		{"said before", "4 assigned to $y | 5 passed on | 4 assigned to $y", "4 assigned to $y | 5 passed on"},
		{"another sub", "4 passed to _bend | 8 assigned to $z | 4 returned by _bend", "4 passed to _bend | 8 assigned to $z in _bend | 4 returned by _bend"},
		{"the line of another sub", "9 return lc $z;", "9 return lc $z; (in _bend)"},
		{"outside of all", "1 here", "1 here"},
	} {
		var steps []Step
		for text := range strings.SplitSeq(c.steps, " | ") {
			var s Step
			line, what, _ := strings.Cut(text, " ")
			fmt.Sscan(line, &s.Line)
			s.What = what
			steps = append(steps, s)
		}
		var got []string
		for _, s := range f.way(steps, 5, "draw") {
			got = append(got, fmt.Sprintf("%d %s", s.Line, s.What))
		}
		if strings.Join(got, " | ") != c.want {
			t.Errorf("%s: got %s, want %s", c.name, strings.Join(got, " | "), c.want)
		}
	}
}
