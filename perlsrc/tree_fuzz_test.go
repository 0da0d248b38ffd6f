package perlsrc

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// FuzzParse parses what is no Perl, too: the tree nests, and everything that
// asks about its nodes answers.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/tree/*.txt")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		for _, c := range strings.Split(string(b), "\n== ") {
			source, _, _ := strings.Cut(c, "\n--\n")
			_, source, _ = strings.Cut(source, "\n")
			f.Add([]byte(source))
		}
	}
	for _, c := range hostile {
		f.Add([]byte(c.source(30)))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree := Parse(src)
		if err := nests(tree); err != nil {
			t.Fatalf("%q: %v", src, err)
		}
		for n := range tree.All(0) {
			tree.Dest(n)
			tree.Conditional(n)
			tree.Literal(n)
			tree.List(n)
			tree.Key(n)
			tree.Call(n)
			tree.Include(n)
			tree.Package(n)
			tree.Sub(n)
			tree.Modifier(n)
			tree.EnclosingPackage(n)
			tree.EnclosingSub(n)
		}
	})
}

// nests says what is wrong with the shape of a tree.
func nests(t *Tree) error {
	covered := int32(0)
	for n := range t.Children(0) {
		for ; covered < t.Nodes[n].First; covered++ {
			if t.Tokens[covered].Kind.Significant() {
				return fmt.Errorf("token %d %q is in no statement", covered, t.tokenText(covered))
			}
		}
		covered = t.Nodes[n].End
	}
	for ; int(covered) < t.Outer; covered++ {
		if k := t.Tokens[covered].Kind; k == EndMark {
			break
		} else if k.Significant() {
			return fmt.Errorf("token %d %q is in no statement", covered, t.tokenText(covered))
		}
	}
	seen := make([]bool, len(t.Nodes))
	for n := range t.All(0) {
		if seen[n] {
			return fmt.Errorf("node %d stands twice", n)
		}
		seen[n] = true
		node := t.Nodes[n]
		parent := t.Nodes[node.Parent]
		if node.First >= node.End {
			return fmt.Errorf("%s is empty", t.describe(n))
		}
		if !t.Tokens[node.First].Kind.Significant() || !t.Tokens[node.End-1].Kind.Significant() {
			if node.Kind != InterpolationNode {
				return fmt.Errorf("%s begins or ends with a blank", t.describe(n))
			}
		}
		if node.Kind == InterpolationNode {
			continue
		}
		if node.First < parent.First || node.End > parent.End {
			return fmt.Errorf("%s is outside of %s", t.describe(n), t.describe(node.Parent))
		}
		if node.Next != 0 && t.Nodes[node.Next].First < node.End && node.Kind != DeepNode {
			return fmt.Errorf("%s overlaps %s", t.describe(n), t.describe(node.Next))
		}
	}
	return nil
}

// hostile are sources that grow with n.
var hostile = []struct {
	name   string
	source func(n int) string
}{
	{"braces", func(n int) string { return strings.Repeat("{", n) }},
	{"closed braces", func(n int) string { return strings.Repeat("{", n) + strings.Repeat("}", n) }},
	{"parentheses", func(n int) string { return "f" + strings.Repeat("(", n) + strings.Repeat(")", n) + ";g()" }},
	{"brackets", func(n int) string { return strings.Repeat("[{a=>", n) }},
	{"closing", func(n int) string { return strings.Repeat("})]", n) }},
	{"list operators", func(n int) string { return strings.Repeat("push ", n) }},
	{"functions", func(n int) string { return strings.Repeat("foo ", n) }},
	{"unary", func(n int) string { return strings.Repeat("! ", n) + "$x" }},
	{"defined", func(n int) string { return strings.Repeat("defined ", n) + "$x" }},
	{"not", func(n int) string { return strings.Repeat("not ", n) + "$x" }},
	{"casts", func(n int) string { return strings.Repeat("$", n) + "x" }},
	{"methods", func(n int) string { return "$x" + strings.Repeat("->m(1)", n) }},
	{"code", func(n int) string { return "$x" + strings.Repeat("->()", n) }},
	{"subscripts", func(n int) string { return "$x" + strings.Repeat("{a}[0]", n) }},
	{"ternaries", func(n int) string { return strings.Repeat("$x ? 1 : ", n) + "2" }},
	{"ternaries within", func(n int) string { return strings.Repeat("$x ? ", n) + "2" + strings.Repeat(" : 1", n) }},
	{"assignments", func(n int) string { return strings.Repeat("$x = ", n) + "1" }},
	{"sums", func(n int) string { return strings.Repeat("$x + ", n) + "1" }},
	{"levels", func(n int) string { return strings.Repeat("$x + 1 || 2 && 3 = ", n) + "1" }},
	{"ranges", func(n int) string { return strings.Repeat("1 .. ", n) + "1" }},
	{"commas", func(n int) string { return "f(" + strings.Repeat("1,", n) + ")" }},
	{"increments", func(n int) string { return "$x" + strings.Repeat("++", n) }},
	{"strings in strings", func(n int) string { return strings.Repeat(`qq{@{[`, n) + strings.Repeat(`]}}`, n) }},
	{"variables in strings", func(n int) string { return `"` + strings.Repeat("$x ", n) + `"` }},
	{"expressions in strings", func(n int) string { return `"` + strings.Repeat("@{[ f() ]}\n", n) + `"` }},
	{"open in strings", func(n int) string { return `"` + strings.Repeat("@{[ ", n) + `"` }},
	{"else", func(n int) string { return strings.Repeat("if (1) {} else ", n) }},
	{"elsif", func(n int) string { return "if (1) {}" + strings.Repeat(" elsif (1) {}", n) }},
	{"for", func(n int) string { return strings.Repeat("for (;;", n) }},
	{"subs", func(n int) string { return strings.Repeat("sub { ", n) }},
	{"labels", func(n int) string { return strings.Repeat("A: ", n) }},
	{"here-documents", func(n int) string { return strings.Repeat("<<A . ", n) + "1;\n" + strings.Repeat("$x\nA\n", n) }},
	{"replacements", func(n int) string { return strings.Repeat("s{a}{", n) + strings.Repeat("}e", n) }},
	{"packages", func(n int) string { return strings.Repeat("package A {", n) }},
	{"declarations", func(n int) string { return strings.Repeat("my ", n) + "$x" }},
	{"references", func(n int) string { return "for " + strings.Repeat("\\", n) + "my %h (1) {}" }},
	{"file tests", func(n int) string { return strings.Repeat("-e ", n) + "$x" }},
	{"indirect", func(n int) string { return strings.Repeat("new A ", n) }},
	{"comments", func(n int) string { return strings.Repeat("f #\n", n) }},
}

// TestParseIsLinear counts nodes and tokens, which is what a tree costs: ten
// times the source makes at most about ten times as many.
func TestParseIsLinear(t *testing.T) {
	for _, c := range hostile {
		t.Run(c.name, func(t *testing.T) {
			var cost [2]int
			for i, n := range []int{3000, 30000} {
				tree := Parse([]byte(c.source(n)))
				if err := nests(tree); err != nil {
					t.Fatal(err)
				}
				cost[i] = len(tree.Nodes) + len(tree.Tokens)
			}
			if cost[1] > 11*cost[0] {
				t.Errorf("%d nodes and tokens for ten times the source of %d", cost[1], cost[0])
			}
		})
	}
}

// TestDepth looks at what nests too deep: no path is longer than the limits
// allow, and the tree says so.
func TestDepth(t *testing.T) {
	deep := 0
	for _, c := range hostile {
		tree := Parse([]byte(c.source(5000)))
		longest := 0
		depth := make([]int, len(tree.Nodes))
		for n := range tree.All(0) {
			depth[n] = depth[tree.Nodes[n].Parent] + 1
			longest = max(longest, depth[n])
		}
		if longest > 4*maxDepth {
			t.Errorf("%s: a path of %d nodes", c.name, longest)
		}
		if longest > maxDepth {
			deep++
			if tree.Err == nil {
				t.Errorf("%s: a path of %d nodes and no error", c.name, longest)
			}
		}
	}
	if deep == 0 {
		t.Error("no source was too deep")
	}
}
