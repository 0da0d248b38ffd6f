package flow

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"nacre/perlsrc"
)

var update = flag.Bool("update", false, "write what is found into the cases")

// TestFlow reads the files of testdata: cases of "== name", Perl, "--", and what
// the graph says. Where a case calls rand, it says the sinks of each rand; where
// it calls ask, the origins of its arguments; where it calls class_of and value_of,
// these.
func TestFlow(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no cases", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out strings.Builder
		cases := strings.Split("\n"+string(b), "\n== ")[1:]
		ran := 0 // -run may choose some
		for _, c := range cases {
			name, c, _ := strings.Cut(c, "\n")
			source, want, _ := strings.Cut(c, "\n--\n")
			t.Run(strings.TrimSuffix(filepath.Base(file), ".txt")+"/"+name, func(t *testing.T) {
				ran++
				got := answers(source + "\n")
				fmt.Fprintf(&out, "== %s\n%s\n--\n%s\n", name, strings.TrimRight(source, "\n"), got)
				if diff := cmp.Diff(strings.TrimSpace(want), strings.TrimSpace(got)); diff != "" && !*update {
					t.Error(diff)
				}
			})
		}
		if *update && ran == len(cases) {
			if err := os.WriteFile(file, []byte(strings.TrimRight(out.String(), "\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func answers(source string) string {
	tree := perlsrc.Parse([]byte(source))
	g := New(tree)
	var b strings.Builder
	for n := range tree.Calls("rand") {
		sinks, whole := g.Sinks(n)
		for _, s := range sinks {
			fmt.Fprintf(&b, "%s\n", g.describeSink(s))
		}
		if !whole {
			b.WriteString("and more\n")
		}
		if len(sinks) == 0 {
			b.WriteString("nowhere\n")
		}
	}
	for n := range tree.Calls("ask") {
		for a := range tree.Args(n) {
			origins, whole := g.Origins(a)
			for _, o := range origins {
				fmt.Fprintf(&b, "%s\n", g.describeOrigin(o))
			}
			if !whole {
				b.WriteString("and more\n")
			}
			if len(origins) == 0 {
				b.WriteString("nothing\n")
			}
		}
	}
	for n := range tree.Calls("class_of") {
		class, ok := g.ClassOf(tree.Arg(n, 0))
		fmt.Fprintf(&b, "%d: class %q %v\n", tree.Line(n), class, ok)
	}
	for n := range tree.Calls("value_of") {
		value, ok := g.Value(tree.Arg(n, 0))
		fmt.Fprintf(&b, "%d: value %q %v\n", tree.Line(n), value, ok)
	}
	return b.String()
}

var sinkNames = [...]string{"passed to", "returned by", "stored in", "compared by", "decides", "index of", "pattern", "iterated", "invoked as", "evaluated"}

func (g *Graph) describeSink(s Sink) string {
	line := sinkNames[s.Kind]
	switch s.Kind {
	case Passed:
		line += " " + s.Callee
		if s.Class != "" {
			line += " of " + s.Class
		}
		line += fmt.Sprintf(" %d", s.Index)
	case Invoked:
		line += " " + s.Callee
	case Returned:
		line += " " + g.tree.Sub(s.Node).Name
	case Compared:
		line += " " + s.Op
	case Indexed, Stored:
		line += " " + string(g.tree.Text(s.Node))
	}
	if s.Key != "" {
		line += " key=" + s.Key
	}
	return fmt.Sprintf("%d: %s%s", g.tree.Line(s.Node), line, told(s.Names, s.Through, s.Direct))
}

var originNames = [...]string{"constant", "parameter", "result of", "field", "global", "captured", "unknown"}

func (g *Graph) describeOrigin(o Origin) string {
	line := originNames[o.Kind]
	if o.Name != "" {
		line += " " + o.Name
	}
	if o.Key != "" {
		line += " key=" + o.Key
	}
	if o.Class != "" {
		line += " of " + o.Class
	}
	if o.Kind == Param {
		line += fmt.Sprintf(" %d of %s", o.Index, g.tree.Sub(o.Sub).Name)
	}
	line = fmt.Sprintf("%d: %s%s", g.tree.Line(o.Node), line, told(nil, o.Through, o.Direct))
	if o.Quoted {
		line += " quoted"
	}
	return line
}

func told(names, through []string, direct bool) string {
	s := ""
	if len(names) > 0 {
		s += " names=" + strings.Join(names, ",")
	}
	if len(through) > 0 {
		s += " through=" + strings.Join(through, ",")
	}
	if direct {
		s += " direct"
	}
	return s
}
