package reach_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/scan"
	"nacre/scan/reach"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// TestCases reads each case of testdata: sources; "components", a line each of
// distribution, place and modules; "edges", a line each of two distributions,
// of which the first requires the second; "about", a line each of a
// distribution and what an advisory names: a module, a file or a routine() of one;
// and "want", what is said of each component and of each line of "about".
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		part := map[string]string{}
		var sources txtar.Archive
		for _, f := range ar.Files {
			switch f.Name {
			case "components", "edges", "about", "want":
				part[f.Name] = string(f.Data)
			default:
				sources.Files = append(sources.Files, f)
			}
		}
		fsys, err := txtar.FS(&sources)
		if err != nil {
			t.Fatal(err)
		}
		var inv inventory.Inventory
		at := map[string]int{}
		for f := range fields(part["components"]) {
			c := inventory.Component{Dist: cpan.Dist(f[0]), Version: "1", Place: f[1]}
			switch f[1] {
			case "locked":
				c.Place = ""
			case "perl":
				c.Place, c.Kind = "", inventory.Core
			}
			if f[0] == "perl" {
				c.Kind = inventory.Interpreter
			}
			for _, m := range f[2:] {
				c.Modules = append(c.Modules, cpan.Module(m))
			}
			at[f[0]] = len(inv.Components)
			inv.Components = append(inv.Components, c)
		}
		for f := range fields(part["edges"]) {
			inv.Edges = append(inv.Edges, inventory.Edge{From: at[f[0]], To: at[f[1]]})
		}
		m, err := reach.Read(context.Background(), fsys, &inv, reach.Options{Jobs: 3})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		for i := range inv.Components {
			r := m.Component(i)
			fmt.Fprintf(&got, "%s: %s\n", inv.Components[i].Dist, describe(&r))
		}
		for f := range fields(part["about"]) {
			var a advisory.Affected
			switch what := f[1]; {
			case strings.HasSuffix(what, "()"):
				a.Routines = []string{what}
				switch where := strings.Join(f[2:], ""); {
				case strings.Contains(where, "/"):
					a.Files = []string{where}
				case where != "":
					a.Modules = []cpan.Module{cpan.Module(where)}
				}
			case strings.Contains(what, "/"):
				a.Files = []string{what}
			default:
				a.Modules = []cpan.Module{cpan.Module(what)}
			}
			fmt.Fprintf(&got, "%s: %s\n", strings.Join(f, " "), describe(m.Reach(at[f[0]], &a)))
		}
		return got.String()
	})
}

func fields(text string) func(func([]string) bool) {
	return func(yield func([]string) bool) {
		for line := range strings.Lines(text) {
			if f := strings.Fields(line); len(f) > 0 && !yield(f) {
				return
			}
		}
	}
}

func describe(r *scan.Reach) string {
	var b strings.Builder
	b.WriteString(r.State)
	if r.What != "" {
		fmt.Fprintf(&b, " (%s)", r.What)
	}
	for _, s := range r.Chain {
		fmt.Fprintf(&b, "\n  %s", s.At)
		if s.Module != "" || s.File != "" {
			fmt.Fprintf(&b, " loads %s from %q", s.Module, s.File)
		}
		if s.Test {
			b.WriteString(", a test")
		}
	}
	if r.Why != "" {
		fmt.Fprintf(&b, "\n  why: %s [%s]", r.Why, r.At)
	}
	return b.String()
}
