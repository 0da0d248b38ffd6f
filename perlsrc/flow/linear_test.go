package flow

import (
	"fmt"
	"strings"
	"testing"

	"nacre/perlsrc"
)

// TestLinear counts allocations: a graph of four times the file takes four times
// as many, and a question about a sub takes no more in a longer file.
func TestLinear(t *testing.T) {
	source := func(n int) *perlsrc.Tree {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "sub f%d { my ($self, $x) = @_; my %%h = (a => $x, b => rand); $self->{k%d} = $h{b}; return f%d($h{a}) } ", i, i, (i+1)%n)
		}
		return perlsrc.Parse([]byte(b.String()))
	}
	short, long := source(250), source(1000)
	made := func(tree *perlsrc.Tree) float64 { return testing.AllocsPerRun(3, func() { New(tree) }) }
	if s, l := made(short), made(long); l > 5*s {
		t.Errorf("the graph of a file takes %v allocations, of four times the file %v", s, l)
	}
	asked := func(tree *perlsrc.Tree) float64 {
		g := New(tree)
		var rands []perlsrc.NodeID
		for n := range tree.Calls("rand") {
			rands = append(rands, n)
		}
		g.askSinks(rands[0]) // the tables of callers and fields
		return testing.AllocsPerRun(3, func() {
			for _, n := range rands[:50] {
				g.askSinks(n)
			}
		})
	}
	if s, l := asked(short), asked(long); l > 1.5*s {
		t.Errorf("a question takes %v allocations, in four times the file %v", s/50, l/50)
	}
}
