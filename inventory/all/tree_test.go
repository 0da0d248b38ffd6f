package all

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"nacre/cpan"
	"nacre/inventory"
)

// owners is what the module table of these tests knows.
type owners map[cpan.Module]cpan.Dist

func (o owners) OwnersOf(_ context.Context, modules []cpan.Module) ([]cpan.Dist, error) {
	out := make([]cpan.Dist, len(modules))
	for i, m := range modules {
		out[i] = o[m]
	}
	return out, nil
}

func (owners) Spelled(_ context.Context, names []string) ([][]cpan.Dist, error) {
	known := map[string][]cpan.Dist{"text-csv-xs": {"Text-CSV_XS"}, "acme-two": {"Acme-TWO", "Acme_Two"}}
	out := make([][]cpan.Dist, len(names))
	for i, name := range names {
		out[i] = known[strings.ReplaceAll(strings.ToLower(name), "_", "-")]
	}
	return out, nil
}

func (owners) Main(_ context.Context, d cpan.Dist) (cpan.Module, error) {
	if d == "libfoo" {
		return "Foo", nil
	}
	return "", nil
}

func linked(t *testing.T, inv inventory.Inventory, opt Options, by authority) string {
	t.Helper()
	opt.Modules = owners{"Foo": "libfoo", "Foo::Util": "libfoo", "HTTP::Tiny": "HTTP-Tiny"}
	if err := link(context.Background(), nil, &inv, opt, by); err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range inv.Components {
		fmt.Fprintf(&b, "%s in %q", c.Ref(), c.Place)
		if c.Kind != inventory.Core {
			fmt.Fprintf(&b, " %v", c.Modules)
		}
		if c.Package != nil {
			fmt.Fprintf(&b, " of %s", c.Package.Name)
		}
		if c.ByName {
			b.WriteString(" by name")
		}
		b.WriteString("\n")
		for _, n := range c.Notes {
			if !strings.HasPrefix(n, "the version is that of HTTP") && n != "nothing here says which perl runs the project" {
				fmt.Fprintf(&b, "  %s\n", n)
			}
		}
	}
	for _, n := range inv.Notices {
		fmt.Fprintf(&b, "notice: %s\n", n.Text)
	}
	return b.String()
}

func found(module, version, file string, p *inventory.Package) inventory.Found {
	place := strings.TrimSuffix(file, "/"+strings.ReplaceAll(module, "::", "/")+".pm")
	return inventory.Found{Module: cpan.Module(module), Version: version, File: file, Place: place, Package: p}
}

// A guess from a package's name takes the name of the module's distribution, or
// the spelling that the advisory data has; what people wrote is asked about.
func TestSpell(t *testing.T) {
	packaged := func(dist cpan.Dist, name string) inventory.Component {
		return inventory.Component{
			Dist: dist, Version: "1.2", ByName: true, Package: &inventory.Package{Manager: "dpkg", Name: name},
			Evidence: []inventory.Evidence{{File: "bill.json", Line: 3}},
		}
	}
	written := inventory.Component{Dist: "text-csv-xs", Version: "1.2", Evidence: []inventory.Evidence{{File: "bill.json", Line: 4}}}
	right := inventory.Component{Dist: "Text-CSV_XS", Version: "1.3", Evidence: written.Evidence}
	indexed := inventory.Component{Dist: "Text-Csv-XS", Version: "1.4", Path: "A/AU/AUTHOR/Text-Csv-XS-1.4.tar.gz", Evidence: written.Evidence}
	got := linked(t, inventory.Inventory{Components: []inventory.Component{
		packaged("Text-CSV-XS", "libtext-csv-xs-perl"),
		packaged("HTTP-Tiny", "libhttp-tiny-perl"),
		packaged("Foo", "libfoo-perl"),
		packaged("Acme-Two", "libacme-two-perl"),
		packaged("Acme-Nobody", "libacme-nobody-perl"),
		written, right, indexed,
	}}, Options{}, lock)
	want := `Acme-Nobody@1.2 in "" [] of libacme-nobody-perl by name
Acme-Two@1.2 in "" [] of libacme-two-perl by name
HTTP-Tiny@1.2 in "" [] of libhttp-tiny-perl by name
Text-CSV_XS@1.2 in "" [] of libtext-csv-xs-perl by name
Text-CSV_XS@1.3 in "" []
Text-Csv-XS@1.4 in "" []
libfoo@1.2 in "" [] of libfoo-perl by name
perl in "" []
text-csv-xs@1.2 in "" []
notice: nothing is known of Acme-Two, but of Acme-TWO and Acme_Two: is that meant?
notice: nothing is known of text-csv-xs, but of Text-CSV_XS: is that meant?
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Modules without a record become distributions by the table, by the package
// that carries them, and by their names.
func TestNameFound(t *testing.T) {
	one := &inventory.Package{Manager: "dpkg", Name: "libfoo-perl", Version: "1.2-1"}
	two := &inventory.Package{Manager: "dpkg", Name: "libacme-shop-perl", Version: "3-1"}
	got := linked(t, inventory.Inventory{Found: []inventory.Found{
		// The table knows two of them; the third is in the same package.
		found("Foo", "1.2", "usr/share/perl5/Foo.pm", one),
		found("Foo::Util", "1.1", "usr/share/perl5/Foo/Util.pm", one),
		found("Foo::New", "", "usr/share/perl5/Foo/New.pm", one),
		// Nobody knows these: the package's name tells the case.
		found("Acme::Shop::Cart", "3", "usr/share/perl5/Acme/Shop/Cart.pm", two),
		found("Acme::Shop::Till", "2.9", "usr/share/perl5/Acme/Shop/Till.pm", two),
		// No package: what has its parent's version, or none, is its parent's.
		found("My::App", "0.1", "usr/local/share/perl/5.36.0/My/App.pm", nil),
		found("My::App::Role", "0.1", "usr/local/share/perl/5.36.0/My/App/Role.pm", nil),
		found("My::App::XS", "", "usr/local/lib/x86_64-linux-gnu/perl/5.36.0/My/App/XS.pm", nil),
		found("My::App::Plugin", "7", "usr/local/share/perl/5.36.0/My/App/Plugin.pm", nil),
		// Of several places each has its own.
		found("My::App", "0.2", "srv/lib/My/App.pm", nil),
		// So has each of several perls.
		found("My::App", "0.3", "opt/perl/lib/perl5/site_perl/5.36.0/My/App.pm", nil),
		found("My::App", "0.4", "opt/perl/lib/perl5/site_perl/5.38.2/My/App.pm", nil),
	}}, Options{}, installation)
	want := `Acme-Shop@3 in "usr/share/perl5" [Acme::Shop::Cart Acme::Shop::Till] of libacme-shop-perl by name
  the version is that of Acme::Shop::Cart
  the distribution is guessed from the module's name
My-App@0.1 in "usr/local/share/perl/5.36.0" [My::App My::App::Role My::App::XS] by name
  the distribution is guessed from the module's name
My-App@0.2 in "srv/lib" [My::App] by name
  the distribution is guessed from the module's name
My-App@0.3 in "opt/perl/lib/perl5/site_perl/5.36.0" [My::App] by name
  the distribution is guessed from the module's name
My-App@0.4 in "opt/perl/lib/perl5/site_perl/5.38.2" [My::App] by name
  the distribution is guessed from the module's name
My-App-Plugin@7 in "usr/local/share/perl/5.36.0" [My::App::Plugin] by name
  the distribution is guessed from the module's name
libfoo@1.2 in "usr/share/perl5" [Foo Foo::New Foo::Util] of libfoo-perl by name
perl in "" []
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// The copy that perl looks at first stands for the others; one that only some
// programs ask for stands by itself.
func TestShadow(t *testing.T) {
	at := func(version, place string) inventory.Component {
		return inventory.Component{Dist: "Foo", Version: version, Place: place, Modules: []cpan.Module{"Foo"}}
	}
	got := linked(t, inventory.Inventory{Components: []inventory.Component{
		at("1", "usr/share/perl5"), at("2", "usr/local/share/perl/5.36.0"), at("3", "srv/app/local/lib/perl5"),
	}}, Options{}, installation)
	want := `Foo@2 in "usr/local/share/perl/5.36.0" [Foo]
  Foo@1 in usr/share/perl5 is not loaded: perl looks into usr/local/share/perl/5.36.0 first
Foo@3 in "srv/app/local/lib/perl5" [Foo]
perl in "" []
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A copy hides another one only where the same perl looks into its folder first,
// and no more than the modules that are there.
func TestShadowsNot(t *testing.T) {
	at := func(version, place string) inventory.Component {
		return inventory.Component{Dist: "Bar", Version: version, Place: place, Modules: []cpan.Module{"Bar"}}
	}
	interpreter := inventory.Component{Kind: inventory.Interpreter, Dist: "perl", Version: "5.36.0", Place: "usr/share/perl/5.36.0"}
	some := at("2", "usr/local/share/perl/5.36.0")
	some.ByName, some.Modules = true, []cpan.Module{"Bar::Util"}
	for _, c := range []struct {
		name string
		in   []inventory.Component
		want string
	}{
		{"left behind by an older perl", []inventory.Component{interpreter, at("1", "usr/share/perl5"), at("2", "usr/local/share/perl/5.32.1")}, `Bar@1 in "usr/share/perl5" [Bar]
Bar@2 in "usr/local/share/perl/5.32.1" [Bar]
`},
		{"of two perls in one prefix", []inventory.Component{at("1", "opt/perl/lib/perl5/vendor_perl/5.38.2"), at("2", "opt/perl/lib/perl5/site_perl/5.36.0")}, `Bar@1 in "opt/perl/lib/perl5/vendor_perl/5.38.2" [Bar]
Bar@2 in "opt/perl/lib/perl5/site_perl/5.36.0" [Bar]
`},
		{"a part of it", []inventory.Component{interpreter, at("1", "usr/share/perl5"), some}, `Bar@2 in "usr/local/share/perl/5.36.0" [Bar::Util] by name
Bar@1 in "usr/share/perl5" [Bar]
`},
	} {
		got := linked(t, inventory.Inventory{Components: c.in}, Options{}, installation)
		for line := range strings.Lines(c.want) {
			if !strings.Contains(got, line) {
				t.Errorf("%s: got\n%s\nwithout %s", c.name, got, line)
			}
		}
	}
}

// What is left behind by an older perl, or belongs to another one, is not loaded
// in place of perl's own copy.
func TestOwnCopy(t *testing.T) {
	const brew = "home/x/perl5/perlbrew/perls/perl-5.38.0/lib/"
	for _, c := range []struct{ perl, place, version, other string }{
		{"usr/share/perl/5.36.0", "usr/local/share/perl/5.32.1", "5.36.0", "0.080"},
		{brew + "5.38.0", "usr/share/perl5", "5.38.0", "0.086"},
	} {
		got := linked(t, inventory.Inventory{Components: []inventory.Component{
			{Kind: inventory.Interpreter, Dist: "perl", Version: c.version, Place: c.perl},
			{Dist: "HTTP-Tiny", Version: "0.090", Place: c.place, Modules: []cpan.Module{"HTTP::Tiny"}},
		}}, Options{}, installation)
		if want := fmt.Sprintf("HTTP-Tiny@%s (in perl) in %q", c.other, c.perl); !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwithout %s", got, want)
		}
	}
}

// Every perl of a tree has its own copies, hidden only by what it finds first.
func TestSeveralPerls(t *testing.T) {
	system := &inventory.Package{Manager: "dpkg", Name: "perl-base", Version: "5.36.0-7"}
	in := inventory.Inventory{Components: []inventory.Component{
		{Kind: inventory.Interpreter, Dist: "perl", Version: "5.36.0", Place: "usr/share/perl/5.36.0", Package: system},
		{Kind: inventory.Interpreter, Dist: "perl", Version: "5.38.0", Place: "usr/local/lib/perl5/5.38.0"},
		{Dist: "HTTP-Tiny", Version: "0.090", Place: "usr/share/perl5", Modules: []cpan.Module{"HTTP::Tiny"}},
	}}
	for _, c := range []struct{ perl, want string }{
		{"", `HTTP-Tiny@0.090 in "usr/share/perl5" [HTTP::Tiny]
HTTP-Tiny@0.086 (in perl) in "usr/local/lib/perl5/5.38.0"
perl@5.36.0 in "usr/share/perl/5.36.0" [] of perl-base
perl@5.38.0 in "usr/local/lib/perl5/5.38.0" []
`},
		{"5.36.0", `HTTP-Tiny@0.090 in "usr/share/perl5" [HTTP::Tiny]
HTTP-Tiny@0.086 (in perl) in "usr/local/lib/perl5/5.38.0"
perl@5.36.0 in "usr/share/perl/5.36.0" [] of perl-base
perl@5.38.0 in "usr/local/lib/perl5/5.38.0" []
`},
	} {
		inv := in
		inv.Components = slices.Clone(in.Components)
		if got := linked(t, inv, Options{Perl: c.perl}, installation); got != c.want {
			t.Errorf("--perl %q: got\n%s\nwant\n%s", c.perl, got, c.want)
		}
	}
}

// What is locked and installed is one component; where they differ, both are,
// and it is said.
func TestDrift(t *testing.T) {
	locked := func(dist, version string) inventory.Component {
		return inventory.Component{Dist: cpan.Dist(dist), Version: version, Modules: []cpan.Module{cpan.Module(dist)}}
	}
	installed := func(dist, version string) inventory.Component {
		c := locked(dist, version)
		c.Place = "local/lib/perl5"
		return c
	}
	got := linked(t, inventory.Inventory{
		Components: []inventory.Component{
			installed("Same", "v1.2.0"), locked("Same", "1.2.0"), locked("Other", "1"), installed("Other", "2"), locked("Gone", "3"), installed("Extra", "4"),
		},
		Edges: []inventory.Edge{{From: 0, To: -1, Module: "Other"}, {From: 1, To: -1, Module: "Other"}, {From: 3, To: -1, Module: "Same"}},
	}, Options{}, lock)
	want := `Extra@4 in "local/lib/perl5" [Extra]
Gone@3 in "" [Gone]
Other@1 in "" [Other]
Other@2 in "local/lib/perl5" [Other]
Same@1.2.0 in "local/lib/perl5" [Same]
perl in "" []
notice: drift: the lock has Other@1, and local/lib/perl5 has Other@2; carton install --deployment brings them together
notice: drift: the lock has 1 distribution, not installed here: Gone@3
notice: drift: 1 distribution installed here, not in the lock: Extra@4
notice: nothing beside the lock says which distributions the project itself requires
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
