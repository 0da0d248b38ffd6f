package audit_test

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"nacre/audit"
	"nacre/perlsrc"
)

// A sub of the file is told from a module's function of the same name.
func TestCalls(t *testing.T) {
	const source = `package Acme::Shelf;
sub fetch { 1 }
sub open { 1 }
sub declared;
sub handed { Acme::Other::handed(@_) }
fetch(1);
Acme::Shelf::fetch(2);
Acme::Other::fetch(3);
$x->fetch(4);
open(5);
&open(6);
declared(7);
handed(8);
package Acme::Else;
fetch(9);
`
	f := audit.NewFile("lib/Acme/Shelf.pm", audit.Library, []byte(source))
	lines := func(calls iter.Seq[perlsrc.NodeID]) string {
		var all []string
		for n := range calls {
			all = append(all, fmt.Sprint(f.Tree.Line(n)))
		}
		return strings.Join(all, " ")
	}
	for _, c := range []struct{ name, calls, called string }{
		{"fetch", "8 9 15", "8 9 15 6 7"},
		{"open", "10", "10 11"},
		{"declared", "12", "12"},
		{"handed", "5 13", "5 13"},
	} {
		if got := lines(f.Calls(c.name)); got != c.calls {
			t.Errorf("Calls of %s in the lines %q, not %q", c.name, got, c.calls)
		}
		if got := lines(f.Called(c.name)); got != c.called {
			t.Errorf("Called of %s in the lines %q, not %q", c.name, got, c.called)
		}
	}
}
