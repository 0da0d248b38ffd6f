package check_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/tools/txtar"

	"nacre/advisory"
	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/all"
	"nacre/inventory/check"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// known is what a case's advisory data says.
type known struct {
	owners   map[cpan.Module]cpan.Dist
	releases map[cpan.Dist][]advisory.Known
	records  map[cpan.Dist][]advisory.Record
}

// readKnown reads one fact a line:
//
//	module Foo::Bar Foo-Bar
//	releases Foo-Bar 1.0 1.1 1.2
//	flaw CVE-2099-0001 Foo-Bar <1.2
func readKnown(t *testing.T, text string) known {
	k := known{map[cpan.Module]cpan.Dist{}, map[cpan.Dist][]advisory.Known{}, map[cpan.Dist][]advisory.Record{}}
	for l := range strings.Lines(text) {
		f := strings.Fields(l)
		switch {
		case len(f) == 3 && f[0] == "module":
			k.owners[cpan.Module(f[1])] = cpan.Dist(f[2])
		case len(f) > 2 && f[0] == "releases":
			for _, v := range f[2:] {
				k.releases[cpan.Dist(f[1])] = append(k.releases[cpan.Dist(f[1])], advisory.Known{Version: v})
			}
		case len(f) == 4 && f[0] == "flaw":
			d := cpan.Dist(f[2])
			k.records[d] = append(k.records[d], advisory.Record{
				ID: advisory.ID(f[1]), Affected: []advisory.Affected{{
					Dist: d, Statements: []advisory.Statement{{CPANSA: &advisory.CPANSA{Affected: []string{f[3]}}}},
				}},
			})
		default:
			t.Fatalf("known: %q", l)
		}
	}
	return k
}

func (known) Spelled(_ context.Context, names []string) ([][]cpan.Dist, error) {
	return make([][]cpan.Dist, len(names)), nil
}

func (k known) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	out := make([]cpan.Dist, len(modules))
	for i, m := range modules {
		if i > 0 && m <= modules[i-1] {
			return nil, fmt.Errorf("%s is asked after %s", m, modules[i-1])
		}
		out[i] = k.owners[m]
	}
	return out, nil
}

func (k known) OwnerOf(_ context.Context, m cpan.Module) (cpan.Dist, error) { return k.owners[m], nil }

func (known) Main(context.Context, cpan.Dist) (cpan.Module, error) { return "", nil }

func (k known) ForDist(_ context.Context, d cpan.Dist) ([]advisory.Record, error) {
	return k.records[d], nil
}

func (k known) Releases(_ context.Context, d cpan.Dist) ([]advisory.Known, error) {
	return k.releases[d], nil
}

// TestCases reads each case of testdata: the files of a project; "known", what
// the advisory data says; and "want", the advice. The comment on top says what
// the case shows, and with "perl: V" which perl is named on the command line.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		var project txtar.Archive
		part := map[string]string{}
		for _, f := range ar.Files {
			if f.Name == "known" || f.Name == "want" {
				part[f.Name] = string(f.Data)
			} else {
				project.Files = append(project.Files, f)
			}
		}
		fsys, err := txtar.FS(&project)
		if err != nil {
			t.Fatal(err)
		}
		k := readKnown(t, part["known"])
		opt := all.Options{Modules: k}
		for l := range strings.Lines(string(ar.Comment)) {
			if v, ok := strings.CutPrefix(strings.TrimSpace(l), "perl: "); ok {
				opt.Perl = v
			}
		}
		inv, err := all.Read(context.Background(), fsys, opt)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		r, err := check.Run(context.Background(), fsys, &inv, check.Options{
			Modules: k, Advisories: k, Now: time.Date(2099, 1, 2, 0, 0, 0, 0, time.UTC),
		})
		if err != nil {
			got = fmt.Sprintf("error: %v\nhint: %s\n", err, fault.HintOf(err))
		}
		got += dump(r)
		return got
	})
}

// dump writes advice as the cases show it.
func dump(r check.Report) string {
	var b strings.Builder
	for _, c := range r.Checks {
		fmt.Fprintf(&b, "%s %s", c.Kind, c.Module)
		if c.Dist != "" {
			fmt.Fprintf(&b, " of %s", c.Dist)
		}
		b.WriteString("\n")
		for _, at := range c.At {
			fmt.Fprintf(&b, "\tat %s:%d\n", at.File, at.Line)
		}
		fmt.Fprintf(&b, "\t%s\n", c.Why)
		if c.Unless != "" {
			fmt.Fprintf(&b, "\tunless %s\n", c.Unless)
		}
		for _, id := range c.Advisories {
			fmt.Fprintf(&b, "\t%s\n", id)
		}
		if ch := c.Change; ch != nil {
			fmt.Fprintf(&b, "\t%s", inventory.Evidence{File: ch.File, Line: ch.Line})
			if ch.Before != "" {
				fmt.Fprintf(&b, "\t-%s", ch.Before)
			}
			if ch.After != "" {
				fmt.Fprintf(&b, "\t+%s", ch.After)
			}
			b.WriteString("\n")
		}
	}
	for _, n := range r.Notices {
		partial := ""
		if n.Partial {
			partial = " (partial)"
		}
		fmt.Fprintf(&b, "notice%s: %s", partial, n.Text)
		if n.At.File != "" {
			fmt.Fprintf(&b, " at %s:%d", n.At.File, n.At.Line)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// TestTooLarge: a source beyond the limit is not read, and that is said.
func TestTooLarge(t *testing.T) {
	fsys := fstest.MapFS{
		"cpanfile":    {Data: []byte("requires 'perl', '5.014';")},
		"lib/Shop.pm": {Data: []byte("package Shop;\n" + strings.Repeat("#", 8<<20))},
	}
	inv, err := all.Read(context.Background(), fsys, all.Options{})
	if err != nil {
		t.Fatal(err)
	}
	r, err := check.Run(context.Background(), fsys, &inv, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := dump(r); !strings.Contains(got, "notice (partial): a source was not read: ") || !strings.Contains(got, "Perl source file size") {
		t.Errorf("the limit is not named:\n%s", got)
	}
}
