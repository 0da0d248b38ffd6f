package all_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"

	"golang.org/x/tools/txtar"

	"nacre/cpan"
	"nacre/fault"
	"nacre/internal/testkit"
	"nacre/inventory"
	"nacre/inventory/all"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// table is the module table of the cases: what an advisory database would know.
var table = map[cpan.Module]cpan.Dist{
	"LWP::UserAgent": "libwww-perl",
	"LWP::Protocol":  "libwww-perl",
	"HTTP::Tiny":     "HTTP-Tiny",
	"Cwd":            "PathTools",
	"File::Spec":     "PathTools",
	"DB_File":        "DB_File",
	"English":        "perl",

	"IO::Compress::Base": "IO-Compress",
	"IO::Compress::Gzip": "IO-Compress",
	"IO::Compress::Zip":  "IO-Compress",
	"Compress::Zlib":     "IO-Compress",

	// Made up: perl has no Locale, and the modules below it differ.
	"Locale::Maketext":         "Locale",
	"Locale::Maketext::Simple": "Locale",
}

// knows is table as a ModuleTable.
type knows struct{}

func (knows) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	out := make([]cpan.Dist, len(modules))
	for i, m := range modules {
		if i > 0 && m <= modules[i-1] {
			return nil, fmt.Errorf("%s is asked after %s", m, modules[i-1])
		}
		out[i] = table[m]
	}
	return out, nil
}

func (knows) Main(_ context.Context, d cpan.Dist) (cpan.Module, error) {
	return map[cpan.Dist]cpan.Module{"libwww-perl": "LWP", "PathTools": "Cwd"}[d], nil
}

func (knows) Spelled(_ context.Context, names []string) ([][]cpan.Dist, error) {
	return make([][]cpan.Dist, len(names)), nil
}

func options(comment string) all.Options {
	opt := all.Options{
		Modules: knows{},
	}
	for line := range strings.Lines(comment) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), "perl: "); ok {
			opt.Perl = v
		}
	}
	return opt
}

// TestCases reads each case of testdata: a folder, and the inventory of it that
// the file "want" holds. The comment on top says what the case shows, and with
// "perl: V" which perl is named on the command line.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		fsys, err := txtar.FS(ar)
		if err != nil {
			t.Fatal(err)
		}
		inv, err := all.Read(context.Background(), fsys, options(string(ar.Comment)))
		got := ""
		if err != nil {
			got = fmt.Sprintf("error: %v\nhint: %s\n", err, fault.HintOf(err))
		} else {
			got = dump(inv)
		}
		return got
	})
}

// dump writes an inventory as the cases show it.
func dump(inv inventory.Inventory) string {
	var b strings.Builder
	p := inv.Perl
	least := ""
	if p.AtLeast {
		least = "at least "
	}
	fmt.Fprintf(&b, "perl: %s%s from %q, in table %v\n", least, p.Version, p.From, p.InTable)
	ref := func(i int) string {
		if i < 0 {
			return "project"
		}
		return inv.Components[i].Ref()
	}
	for _, c := range inv.Components {
		if c.Kind == inventory.Core && c.Scope == inventory.Shipped {
			continue // listed by the case that is about them
		}
		fmt.Fprintf(&b, "%s: %s, %s", c.Ref(), c.Kind, c.Scope)
		if c.Requirement != nil {
			fmt.Fprintf(&b, ", requirement %q", c.Requirement)
		}
		if c.Direct {
			b.WriteString(", direct")
		}
		if len(c.Shipped) > 0 {
			fmt.Fprintf(&b, ", shipped from %s on", c.Shipped[0])
		}
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, ", at %s", e)
		}
		b.WriteString("\n")
		for _, n := range c.Notes {
			fmt.Fprintf(&b, "  note: %s\n", n)
		}
	}
	for _, e := range inv.Edges {
		fmt.Fprintf(&b, "%s -> %s by %s %q, %s, at %s\n", ref(e.From), ref(e.To), e.Module, e.Range, e.Scope, e.Evidence)
	}
	for _, n := range inv.Notices {
		fmt.Fprintf(&b, "notice: %s [%s] partial %v\n", n.Text, n.At, n.Partial)
	}
	return b.String()
}

func TestPerlsOwnCopies(t *testing.T) {
	ar := txtar.Parse([]byte("-- META.json --\n{\"name\": \"Shop\", \"dynamic_config\": 0}\n"))
	fsys, err := txtar.FS(ar)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ perl, want string }{
		{"5.36.0", "DB_File@1.857 (in perl), HTTP-Tiny@0.080 (in perl), IO-Compress@2.106 (in perl), Locale, PathTools@3.84 (in perl)"},
		{"5.8.1", "DB_File@1.806 (in perl), Locale@1.06 (in perl), PathTools@2.08 (in perl)"},
		{"5.99.0", ""},
	} {
		inv, err := all.Read(context.Background(), fsys, options("perl: "+c.perl))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, comp := range inv.Components {
			if comp.Kind == inventory.Core {
				got = append(got, comp.Ref())
			}
		}
		if g := strings.Join(got, ", "); g != c.want {
			t.Errorf("perl %s ships %q, want %q", c.perl, g, c.want)
		}
	}
}

// A module table that cannot be read gives no inventory: one with fewer
// components would look like a whole one.
func TestTableThatFails(t *testing.T) {
	fsys := fstest.MapFS{"META.json": {Data: []byte(`{"name": "Shop"}`)}}
	for _, at := range []string{"OwnersOf", "Main", "Spelled"} {
		_, err := all.Read(context.Background(), fsys, all.Options{Perl: "5.36.0", Modules: damaged{at: at}})
		if at == "Spelled" {
			_, err = all.ReadList(context.Background(), strings.NewReader("Foo-Bar==1.2\n"), "list", all.Options{Modules: damaged{at: at}})
		}
		if fault.KindOf(err) != fault.Invalid || !strings.HasSuffix(err.Error(), "the table is damaged") {
			t.Errorf("%s: %v", at, err)
		}
	}
}

// damaged is knows with a method that fails.
type damaged struct {
	knows
	at string
}

func (d damaged) fail(method string) error {
	if d.at == method {
		return fault.New(fault.Invalid, "the table is damaged")
	}
	return nil
}

func (d damaged) OwnersOf(ctx context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	if err := d.fail("OwnersOf"); err != nil {
		return nil, err
	}
	return d.knows.OwnersOf(ctx, modules)
}

func (d damaged) Main(ctx context.Context, dist cpan.Dist) (cpan.Module, error) {
	if err := d.fail("Main"); err != nil {
		return "", err
	}
	return d.knows.Main(ctx, dist)
}

func (d damaged) Spelled(ctx context.Context, names []string) ([][]cpan.Dist, error) {
	if err := d.fail("Spelled"); err != nil {
		return nil, err
	}
	return d.knows.Spelled(ctx, names)
}

// Without a table nothing is known of distributions: perl's modules are perl's.
func TestNoTable(t *testing.T) {
	fsys := fstest.MapFS{"META.json": {Data: []byte(`{"requires": {"HTTP::Tiny": "0"}}`)}}
	inv, err := all.Read(context.Background(), fsys, all.Options{Perl: "5.36.0"})
	if err != nil || len(inv.Components) != 1 || inv.Components[0].Ref() != "perl@5.36.0" || len(inv.Edges) != 1 {
		t.Errorf("%v, %+v", err, inv)
	}
}

func TestReadList(t *testing.T) {
	inv, err := all.ReadList(context.Background(), strings.NewReader("HTTP-Tiny==0.070\nPlack==1.0047\n"), "l.txt", options("perl: 5.36.0"))
	if err != nil {
		t.Fatal(err)
	}
	var refs []string
	for _, c := range inv.Components {
		refs = append(refs, c.Ref())
	}
	if got, want := strings.Join(refs, ", "), "DB_File@1.857 (in perl), HTTP-Tiny@0.070, IO-Compress@2.106 (in perl), Locale, PathTools@3.84 (in perl), Plack@1.0047, perl@5.36.0"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if len(inv.Notices) > 0 {
		t.Errorf("notices %+v", inv.Notices)
	}
	if _, err := all.ReadList(context.Background(), strings.NewReader("# nothing\n"), "l.txt", options("")); fault.KindOf(err) != fault.NotFound || fault.HintOf(err) == "" {
		t.Errorf("an empty list: %v", err)
	}
}

func TestPerlThatPeopleDoNotMean(t *testing.T) {
	ar := txtar.Parse([]byte("-- META.json --\n{\"name\": \"Shop\"}\n"))
	fsys, err := txtar.FS(ar)
	if err != nil {
		t.Fatal(err)
	}
	for perl, hint := range map[string]string{
		"5.36":   "did you mean --perl 5.36.0?",
		"5.8":    "did you mean --perl 5.8.0?",
		"latest": "give the version as perl -v prints it, as in --perl 5.36.0",
		"5.36 ":  "give the version as perl -v prints it, as in --perl 5.36.0",
	} {
		_, err := all.Read(context.Background(), fsys, all.Options{Perl: perl})
		if fault.KindOf(err) != fault.Invalid || fault.HintOf(err) != hint {
			t.Errorf("--perl %q: %v, hint %q; want hint %q", perl, err, fault.HintOf(err), hint)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("# carton snapshot format: version 1.0\nDISTRIBUTIONS\n  A-1\n    pathname: A/AU/AUTHOR/A-1.tar.gz\n    provides:\n      A 1\n    requirements:\n      A 0\n      B 2\n",
		`{"prereqs":{"runtime":{"requires":{"A":"1","perl":"5.30.0"}}}}`, "conflicts 'A', 1; requires 'Cwd', '!= 1'; requires 'Cwd', '== 1';", "")
	f.Add("", "", "requires 'B' if 1;", "5.36.0")
	f.Fuzz(func(t *testing.T, lock, metajson, cpanfile, perl string) {
		fsys := fstest.MapFS{}
		for name, text := range map[string]string{"cpanfile.snapshot": lock, "META.json": metajson, "cpanfile": cpanfile} {
			if text != "" {
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
		}
		opt := options("")
		opt.Perl = perl
		inv, err := all.Read(context.Background(), fsys, opt)
		if err != nil {
			return
		}
		for _, e := range inv.Edges {
			if e.To < 0 || e.To >= len(inv.Components) || e.From >= len(inv.Components) {
				t.Fatalf("edge %+v leads nowhere", e)
			}
		}
		if again, err := all.Read(context.Background(), fsys, opt); err != nil || dump(again) != dump(inv) {
			t.Fatalf("the same folder gives another inventory: %v", err)
		}
	})
}
