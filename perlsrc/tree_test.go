package perlsrc

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTree reads the files of testdata/tree: cases of "== name", the source,
// "--", and the tree, with the operator or keyword that stands before a node.
func TestTree(t *testing.T) {
	files, err := filepath.Glob("testdata/tree/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range strings.Split("\n"+string(b), "\n== ")[1:] {
			name, c, _ := strings.Cut(c, "\n")
			source, want, ok := strings.Cut(c, "\n--\n")
			if !ok {
				t.Fatalf("%s: %s: no tree", file, name)
			}
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				tree := Parse([]byte(source + "\n"))
				if tree.Err != nil {
					t.Error(tree.Err)
				}
				if err := nests(tree); err != nil {
					t.Error(err)
				}
				var got strings.Builder
				tree.dump(&got, 0, "")
				if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got.String())); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

// dump writes the tree below n, a line a node.
func (t *Tree) dump(b *strings.Builder, n NodeID, indent string) {
	for c := range t.Children(n) {
		fmt.Fprintf(b, "%s%s\n", indent, t.describe(c))
		t.dump(b, c, indent+"  ")
	}
}

var nodeNames = [...]string{
	"File", "Statement", "Block", "List", "Array", "Hash", "Subscript", "Call", "Sub", "Assign",
	"Ternary", "Logic", "Expr", "Declare", "Access", "Cast", "Term", "Interpolation", "Deep",
}

var formNames = [...]string{"", "Null", "Package", "Include", "Named", "Compound", "Bare", "Scheduled", "Formatted", "Stray"}

func (t *Tree) describe(n NodeID) string {
	node := t.Nodes[n]
	s := nodeNames[node.Kind]
	if op := t.Operator(n); op != "" {
		s = op + " " + s
	}
	if k := t.Keyword(n); k != "" {
		s = k + " " + s
	}
	switch node.Kind {
	case StatementNode:
		s += " " + formNames[node.Form]
		if w, _ := t.Modifier(n); w != "" {
			s += w
		}
		switch node.Form {
		case Package:
			p := t.Package(n)
			s += " " + strings.TrimSpace(p.Word+" "+p.Name+" "+p.Version)
		case Include:
			p := t.Include(n)
			s += " " + strings.TrimSpace(p.Word+" "+p.Module+" "+p.Version)
		}
	case CallNode:
		c := t.Call(n)
		s += " " + c.Callee
		for _, f := range []struct {
			set  bool
			name string
		}{{c.Method, "method"}, {c.Dynamic, "dynamic"}, {c.Bare, "bare"}, {c.Amp, "amp"}, {c.Block != 0, "block"}, {c.Handle != 0, "handle"}} {
			if f.set {
				s += " " + f.name
			}
		}
		if c.Class != "" {
			s += " of " + c.Class
		}
	case SubNode:
		sub := t.Sub(n)
		s += " " + strings.TrimSpace(sub.Name+" "+sub.Prototype)
	case DeclareNode, TermNode:
		s += " " + t.tokenText(node.First)
	}
	return strings.TrimSpace(s)
}

// firstCall gives the first call of f.
func firstCall(t *testing.T, tree *Tree, f string) NodeID {
	t.Helper()
	for n := range tree.Calls(f) {
		return n
	}
	t.Fatalf("no call of %s in %s", f, tree.Src)
	return 0
}

var useNames = [...]string{"void", "assigned", "target", "returned", "passed", "invoked", "condition", "iterated", "indexed", "matched"}

// TestDest says where the value of the first call of f goes.
func TestDest(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"f();", "void"},
		{"f() if $x;", "void"},
		{"my $x = f();", "assigned my $x"},
		{"our @x = f();", "assigned our @x"},
		{"$x = $y = f();", "assigned $x $y"},
		{"$h{token} = f();", "assigned $h{token}, key token"},
		{"local $self->{a}{salt} = f();", "assigned local $self->{a}{salt}, key salt"},
		{"my ($a, $b) = (1, f());", "assigned my ($a, $b), index 1"},
		{"my $x = { id => 1, token => f() };", "assigned my $x, key token, index 3"},
		{"my %h = (-nonce => [f()]);", "assigned my %h, key -nonce, index 1"},
		{"$x = f() || g();", "assigned $x"},
		{"$x = g() // f();", "assigned $x"},
		{"$x = g() && f();", "assigned $x"},
		{"$x = f() && g();", "condition"},
		{"$x = $y ? f() : 1;", "assigned $x"},
		{"$x = f() ? 2 : 1;", "condition"},
		{"$x .= f();", "assigned $x"},
		{"$x = 1 + f();", "assigned $x, not itself"},
		{"$x = \"a @{[ f() ]}\";", "assigned $x, not itself"},
		{"$x = do { 1; f() };", "assigned $x"},
		{"$x = eval { f() };", "assigned $x"},
		{"$x = eval { f(); 1 };", "void"},
		{"$x = (f())[0];", "assigned $x"},
		{"$x = @{ f() };", "assigned $x"},
		{"$x = \\f();", "assigned $x, not itself"},
		{"substr(f(), 0, 1) = 'x';", "passed to substr, index 0"},
		{"f() = 1;", "target"},
		{"return f();", "returned"},
		{"return 1, f() if $x;", "returned, index 1"},
		{"return { id => f() };", "returned, key id"},
		{"sub g { f() }", "returned"},
		{"sub g { f(); 1 }", "void"},
		{"sub g { if ($x) { f() } else { 1 } }", "returned"},
		{"sub g { while ($x) { f() } }", "void"},
		{"sub g { f() or die }", "returned"},
		{"sub g { f() or die; 1 }", "condition"},
		{"my $g = sub { f() };", "returned"},
		{"BEGIN { f() }", "void"},
		{"g(1, f());", "passed to g, index 1"},
		{"g(f() . 'x');", "passed to g, index 0, not itself"},
		{"$o->g(key => f());", "passed to g, index 1, key key"},
		{"g({ salt => f() });", "passed to g, index 0, key salt"},
		{"push @x, f();", "passed to push, index 1"},
		{"print {f()} 1;", "passed to print, index -1"},
		{"g map { f() } @x;", "passed to map, index -1"},
		{"g map { f() => 1 } @x;", "passed to map, index -1"},
		{"first { f() } @x;", "passed to first, index -1"},
		{"f()->m;", "invoked m"},
		{"f()->(1);", "invoked "},
		{"if (f()) { 1 }", "condition"},
		{"if (f() eq 'a') { 1 }", "condition, not itself"},
		{"while (my $x = f()) { 1 }", "assigned my $x"},
		{"g() unless f();", "condition"},
		{"f() or die;", "condition"},
		{"f() || die;", "condition"},
		{"$x or f();", "void"},
		{"not f();", "void, not itself"},
		{"for my $x (f()) { 1 }", "iterated"},
		{"g() for 1, f();", "iterated, index 1"},
		{"for (my $i = f(); $i; $i++) { 1 }", "assigned my $i"},
		{"$h{f()} = 1;", "indexed"},
		{"$x =~ /@{[ f() ]}/;", "matched, not itself"},
		{"s/a/f()/e;", "matched, not itself"},
		{"use Foo a => f();", "passed to , index 1, key a"},
		{"f(), 1;", "void"},
	} {
		t.Run(c.source, func(t *testing.T) {
			tree := Parse([]byte(c.source))
			n := firstCall(t, tree, "f")
			d := tree.Dest(n)
			got := useNames[d.Use]
			switch d.Use {
			case Assigned:
				if d.Declared != "" {
					got += " " + d.Declared
				}
				for _, target := range d.Targets {
					got += " " + strings.TrimPrefix(string(tree.Text(target)), d.Declared+" ")
				}
			case Passed:
				got += " to " + tree.Callee(d.Node)
			case Invoked:
				got += " " + tree.Callee(d.Node)
			}
			if d.Key != "" {
				got += ", key " + d.Key
			}
			if d.Index != 0 || d.Use == Passed {
				got = strings.Replace(got, ", key", fmt.Sprintf(", index %d, key", d.Index), 1)
				if d.Key == "" {
					got += fmt.Sprintf(", index %d", d.Index)
				}
			}
			if !d.Direct {
				got += ", not itself"
			}
			if a, b := strings.Split(c.want, ", "), strings.Split(got, ", "); !cmp.Equal(sorted(a), sorted(b)) {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func sorted(s []string) []string {
	slices.Sort(s)
	return s
}

// TestConditional lists what the first call of f depends on, innermost first.
func TestConditional(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"f();", ""},
		{"f() if $x;", "if"},
		{"g() if f();", ""},
		{"g() for f();", ""},
		{"f() for 1;", "for"},
		{"if ($x) { f() }", "if"},
		{"if (f()) { 1 }", ""},
		{"if ($x) { 1 } elsif (f()) { 2 }", "elsif"},
		{"if ($x) { 1 } else { f() }", "else"},
		{"unless ($x) { f() unless $y }", "unless unless"},
		{"$x and f();", "and"},
		{"f() and $x;", ""},
		{"$x || f();", "||"},
		{"$x ||= f();", "||"},
		{"$x = f();", ""},
		{"$x ? f() : 1;", "?:"},
		{"f() ? 1 : 2;", ""},
		{"eval { f() };", "eval"},
		{"do { f() };", ""},
		{"{ f() }", ""},
		{"try { f() } catch { 1 };", "try"},
		{"try { 1 } catch ($e) { f() } finally { 1 }", "catch"},
		{"try { 1 } finally { f() }", ""},
		{"map { f() } @x;", "map"},
		{"for my $x (1) { f() }", "for"},
		{"while ($x) { f() }", "while"},
		{"on test => sub { f() };", ""},
		{"sub g { f() if $x }", "if"},
		{"if ($x) { g(sub { f() or 1 }) }", "if"},
		{"BEGIN { unless ($x) { f() } }", "unless"},
	} {
		t.Run(c.source, func(t *testing.T) {
			tree := Parse([]byte(c.source))
			var got []string
			for n, why := tree.Conditional(firstCall(t, tree, "f")); n != 0; n, why = tree.Conditional(n) {
				got = append(got, why)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("%q, want %q", s, c.want)
			}
		})
	}
}

// TestLiteral gives the values of the first argument of f; none where it is not
// literal.
func TestLiteral(t *testing.T) {
	for _, c := range []struct {
		source string
		want   []string
	}{
		{"f('a');", []string{"a"}},
		{`f("a\tb");`, []string{"a\tb"}},
		{`f("a $x");`, nil},
		{"f(q{a});", []string{"a"}},
		{"f(1.10);", []string{"1.1"}},
		{"f(-1);", []string{"-1"}},
		{"f(- 0);", []string{"0"}},
		{"f(v1.2);", []string{"v1.2"}},
		{"f(a => 1);", []string{"a"}},
		{"f(-a => 1);", []string{"-a"}},
		{"f(a);", nil},
		{"f(('a'));", []string{"a"}},
		{"f('a' . 'b' . 1.0);", []string{"ab1"}},
		{"f('a' . $x);", nil},
		{"f('a' x 3);", nil},
		{"f(-'a' . 'b');", nil},
		{"f(!1);", nil},
		{"f(\\'a');", nil},
		{"package A::B; f(__PACKAGE__);", []string{"A::B"}},
		{"f(__PACKAGE__ . '::C');", []string{"main::C"}},
		{"f(__FILE__);", nil},
		{"f(__LINE__ => 1);", []string{"__LINE__"}},
		{"f(__PACKAGE__ => 1);", []string{"__PACKAGE__"}},
		{"f(<<A);\nb\nA\n", []string{"b\n"}},
		{"f(<<A);\n$b\nA\n", nil},
		{"f(qw(a b));", []string{"a", "b"}},
		{"f(['a', 1]);", []string{"a", "1"}},
		{"f(['a', ['b']]);", nil},
		{"f(('a', ('b', qw(c d))));", []string{"a", "b", "c", "d"}},
		{"f([]);", []string{}},
		{"f({});", nil},
		{"f($x);", nil},
	} {
		t.Run(c.source, func(t *testing.T) {
			tree := Parse([]byte(c.source))
			got, ok := tree.List(tree.Arg(firstCall(t, tree, "f"), 0))
			if ok != (c.want != nil) || ok && !slices.Equal(got, c.want) {
				t.Errorf("%q, %v, want %q", got, ok, c.want)
			}
		})
	}
}

func TestKey(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"(a => f());", "a"},
		{"('b', f());", "b"},
		{"{ x(-c => f()) }", "-c"},
		{"(1, f());", "1"},
		{"($x, f());", ""},
		{"($x->{y}, f());", ""},
		{"('a' . 'b', f());", ""},
		{"(foo 'a', f());", "a"},
		{"foo a => f();", "a"},
		{"f();", ""},
	} {
		t.Run(c.source, func(t *testing.T) {
			tree := Parse([]byte(c.source))
			got, _ := tree.Key(firstCall(t, tree, "f"))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestEnclosing says in which package and sub the first call of f stands, and
// on which line.
func TestEnclosing(t *testing.T) {
	for _, c := range []struct{ source, want string }{
		{"f();", "main  1"},
		{"package A;\nf();", "A  2"},
		{"package A; package B { 1 } f();", "A  1"},
		{"package A; package B { f() }", "B  1"},
		{"package A; { package B; 1 } f();", "A  1"},
		{"package A; sub g { f() }", "A g 1"},
		{"package A; sub g { my $x = sub { f() } }", "A  1"},
		{"sub g {\n  $x =~ s/a/\nf()/e }", "main g 3"},
		{"package A; $x = \"\n\n@{[ f() ]}\";", "A  3"},
		{"package A; $x = <<B;\n\n@{[ f() ]}\nB\n", "A  3"},
		{"BEGIN { f() }", "main BEGIN 1"},
	} {
		t.Run(c.source, func(t *testing.T) {
			tree := Parse([]byte(c.source))
			n := firstCall(t, tree, "f")
			got := fmt.Sprintf("%s %s %d", tree.EnclosingPackage(n), tree.Sub(tree.EnclosingSub(n)).Name, tree.Line(n))
			if got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestBroken reads what could be read of a file that breaks off.
func TestBrokenTree(t *testing.T) {
	tree := Parse([]byte("f(1);\ng('a"))
	if tree.Err == nil || !strings.Contains(tree.Err.Error(), "line 2") {
		t.Errorf("error %v", tree.Err)
	}
	if got, _ := tree.Literal(tree.Arg(firstCall(t, tree, "f"), 0)); got != "1" {
		t.Errorf("argument %q", got)
	}
}
