package bill_test

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	cdx "github.com/CycloneDX/cyclonedx-go"
	gocmp "github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"nacre/bom/formats"
	"nacre/inventory"
	"nacre/inventory/bill"
)

var update = flag.Bool("update", false, "write what is read into the cases of testdata")

// read reads a bill as inventory/all does.
func read(ctx context.Context, r io.Reader, file string, inv *inventory.Inventory) error {
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	b, err := formats.Read(text)
	if err != nil {
		return fmt.Errorf("read %s: %w", file, err)
	}
	return bill.Read(ctx, b, file, inv)
}

// TestRead reads the bills of testdata: each case is a bill and what is read
// from it.
func TestRead(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(cases) == 0 {
		t.Fatal(cases, err)
	}
	for _, name := range cases {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			ar, err := txtar.ParseFile(name)
			if err != nil {
				t.Fatal(err)
			}
			in, want := ar.Files[0].Data, &ar.Files[1].Data
			if !formats.Is(in) {
				t.Error("is no bill")
			}
			var inv inventory.Inventory
			if err := read(context.Background(), bytes.NewReader(in), "bill.json", &inv); err != nil {
				t.Fatal(err)
			}
			got := describe(&inv)
			if *update {
				*want = []byte(got)
				if err := os.WriteFile(name, txtar.Format(ar), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if d := gocmp.Diff(string(*want), got); d != "" {
				t.Error(d)
			}
		})
	}
}

// describe writes what was read, a line for each fact.
func describe(inv *inventory.Inventory) string {
	var b strings.Builder
	if inv.Name != "" {
		fmt.Fprintf(&b, "project %s\n", inv.Name)
	}
	name := func(i int) string {
		if i < 0 {
			return "the project"
		}
		return inv.Components[i].Ref()
	}
	for i := range inv.Components {
		c := &inv.Components[i]
		fmt.Fprintf(&b, "%s %s", c.Kind, c.Ref())
		if c.Requirement != nil {
			fmt.Fprintf(&b, " [%s]", cmp.Or(c.Requirement.String(), "0"))
		}
		if c.Author != "" {
			fmt.Fprintf(&b, " by %s", c.Author)
		}
		fmt.Fprintf(&b, ", %s", c.Scope)
		if c.Direct {
			b.WriteString(", direct")
		}
		if c.ByName {
			b.WriteString(", by name")
		}
		b.WriteString("\n")
		if c.Path != "" {
			fmt.Fprintf(&b, "\tpath %s\n", c.Path)
		}
		if len(c.Modules) > 0 {
			fmt.Fprintf(&b, "\tmodules %s\n", c.Modules)
		}
		if p := c.Package; p != nil {
			fmt.Fprintf(&b, "\t%s %s %s of %s %s, upstream %s, in %q %q\n", p.Manager, p.Name, p.Version, p.Source, p.SourceVersion, p.Upstream, p.Distro, p.Codename)
		}
		for _, e := range c.Evidence {
			fmt.Fprintf(&b, "\tat %s\n", e)
		}
		for _, n := range c.Notes {
			fmt.Fprintf(&b, "\tnote %s\n", n)
		}
	}
	for _, e := range inv.Edges {
		fmt.Fprintf(&b, "%s needs %s, %s, at %s\n", name(e.From), name(e.To), e.Scope, e.Evidence)
	}
	for _, n := range inv.Notices {
		partial := ""
		if n.Partial {
			partial = " (partial)"
		}
		fmt.Fprintf(&b, "notice%s %s, at %s\n", partial, n.Text, n.At)
	}
	return b.String()
}

// An inventory that is no longer wanted ends.
func TestCanceled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	err := read(ctx, strings.NewReader(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a"}]}`), "x", &inventory.Inventory{})
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// What stands where something else belongs is passed over: a bill is of others.
func TestOddValues(t *testing.T) {
	for _, in := range []string{
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":{"a":[{}],"b":null}}`,
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}],"dependencies":[null,{"ref":1,"dependsOn":"x"}]}`,
		`{"bomFormat":"CycloneDX","specVersion":"1.6","components":null,"metadata":"x","compositions":7}`,
		`{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{"component":[[1]]}}`,
		`{"spdxVersion":"SPDX-2.3","packages":[{"externalRefs":[]}, 3],"documentDescribes":7,"relationships":[{}]}`,
		`{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"],"@graph":[{"to":null},{"type":"Relationship"}]}`,
	} {
		var inv inventory.Inventory
		err := read(context.Background(), strings.NewReader(in), "x", &inv)
		if err != nil || len(inv.Components)+len(inv.Edges) > 0 {
			t.Errorf("%s: %v, %+v", in, err, inv)
		}
	}
}

func FuzzRead(f *testing.F) {
	cases, _ := filepath.Glob("testdata/*.txtar")
	for _, name := range cases {
		if ar, err := txtar.ParseFile(name); err == nil {
			f.Add(ar.Files[0].Data)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		var inv inventory.Inventory
		if err := read(context.Background(), bytes.NewReader(b), "bill.json", &inv); err != nil {
			return
		}
		lines := bytes.Count(b, []byte("\n")) + 1
		for _, c := range inv.Components {
			if c.Dist == "" || len(c.Evidence) == 0 || c.Kind == inventory.Required && c.Requirement == nil {
				t.Errorf("%+v", c)
			}
			for _, e := range c.Evidence {
				if e.Line < 1 || e.Line > lines {
					t.Errorf("line %d of %d", e.Line, lines)
				}
			}
		}
		for _, e := range inv.Edges {
			if e.From < -1 || e.From >= len(inv.Components) || e.To < 0 && e.Module != "perl" || e.To >= len(inv.Components) || e.From == e.To {
				t.Errorf("%+v", e)
			}
		}
	})
}

// Debian and Alpine write names of distributions in lower case.
func TestSpelling(t *testing.T) {
	var in strings.Builder
	names := map[string]string{
		"libfoo-bar-perl": "Foo-Bar", "libxml-libxml-perl": "XML-LibXML", "libdbix-class-perl": "DBIx-Class", "libdbd-mysql-perl": "DBD-mysql",
		"libtext-csv-xs-perl": "Text-CSV-XS", "cpanminus": "App-cpanminus", "spamassassin": "Mail-SpamAssassin", "libwww-perl": "libwww-perl", "libnamespace-clean-perl": "namespace-clean", "libjson-pp-perl": "JSON-PP",
		"libnet-ssleay-perl": "Net-SSLeay", "libdatetime-timezone-perl": "DateTime-TimeZone",
	}
	for name := range names {
		in.Reset()
		fmt.Fprintf(&in, `{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"purl":"pkg:deb/debian/%s@1.0-1"}]}`, name)
		var inv inventory.Inventory
		if err := read(context.Background(), strings.NewReader(in.String()), "x", &inv); err != nil || len(inv.Components) != 1 {
			t.Fatalf("%s: %v, %+v", name, err, inv)
		}
		if got := string(inv.Components[0].Dist); got != names[name] {
			t.Errorf("%s: %s, want %s", name, got, names[name])
		}
	}
}

// What the format's own library writes, in each version, is read.
func TestCycloneDXVersions(t *testing.T) {
	doc := cdx.NewBOM()
	doc.Metadata = &cdx.Metadata{Component: &cdx.Component{BOMRef: "shop", Type: cdx.ComponentTypeApplication, Name: "Acme-Shop"}}
	doc.Components = &[]cdx.Component{
		{BOMRef: "a", Type: cdx.ComponentTypeLibrary, Name: "Foo-Bar", Version: "1.20", PackageURL: "pkg:cpan/Foo-Bar@1.20?author=AUTHOR", Scope: cdx.ScopeOptional},
	}
	doc.Dependencies = &[]cdx.Dependency{{Ref: "shop", Dependencies: &[]string{"a"}}}
	for v, name := range map[cdx.SpecVersion]string{
		cdx.SpecVersion1_2: "1.2", cdx.SpecVersion1_3: "1.3", cdx.SpecVersion1_4: "1.4",
		cdx.SpecVersion1_5: "1.5", cdx.SpecVersion1_6: "1.6", cdx.SpecVersion1_7: "1.7",
	} {
		var b bytes.Buffer
		if err := cdx.NewBOMEncoder(&b, cdx.BOMFileFormatJSON).SetPretty(true).EncodeVersion(doc, v); err != nil {
			t.Fatal(err)
		}
		var inv inventory.Inventory
		err := read(context.Background(), &b, "bill.json", &inv)
		got := describe(&inv)
		if want := "CycloneDX " + name + ` components[0] "a"`; err != nil || !strings.Contains(got, want) ||
			!strings.Contains(got, "exact Foo-Bar@1.20 by AUTHOR, optional, direct") || !strings.Contains(got, "the project needs Foo-Bar@1.20") || len(inv.Notices) > 0 {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}
