package draw_test

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/fault"
	"nacre/sbom/draw"
	"nacre/terminal"
)

func component(ref string) *bom.Component {
	name, version, _ := strings.Cut(ref, "@")
	return &bom.Component{Ref: ref, Type: "library", Name: name, Version: version}
}

// petshop has a need of every kind, a circle, a part, and something that nobody
// needs.
func petshop() *bom.Bill {
	perl := component("perl@5.36.0")
	perl.Type = "platform"
	perl.Parts = []*bom.Component{component("Carp@1.52"), component("HTTP-Tiny@0.080")}
	simple := component("Test-Simple")
	simple.Range, simple.Scope = "vers:cpan/>=0.98|<2", bom.Excluded
	b := &bom.Bill{
		Root: component("petshop@1"),
		Components: []*bom.Component{
			component("Plack@1.0047"), component("Dancer2@0.400001"), component("Moo@2.005005"), component("Role-Tiny@2.002004"),
			perl, simple, component("Orphan@3"), component("Nameless"),
		},
		Edges: []bom.Edge{
			{From: "petshop@1", To: "Dancer2@0.400001"},
			{From: "petshop@1", To: "perl@5.36.0", Relation: bom.Provided},
			{From: "petshop@1", To: "Test-Simple", Relation: bom.Test},
			{From: "petshop@1", To: "Moo@2.005005", Relation: bom.Optional},
			{From: "Dancer2@0.400001", To: "Plack@1.0047"},
			{From: "Dancer2@0.400001", To: "Moo@2.005005"},
			{From: "Moo@2.005005", To: "Role-Tiny@2.002004"},
			{From: "Role-Tiny@2.002004", To: "Moo@2.005005"},
			{From: "Plack@1.0047", To: "HTTP-Tiny@0.080"},
			{From: "Plack@1.0047", To: "nothing of this bill"},
			{From: "Orphan@3", To: "Nameless"},
		},
	}
	b.Components[2].Licenses = []bom.License{{Expression: "Artistic-1.0-Perl OR GPL-1.0-or-later"}}
	b.Components[2].SetUnknown("copyright")
	b.Components[2].SetUnknown("supplier")
	return b
}

func text(t *testing.T, write func(io.Writer) error) string {
	t.Helper()
	var b strings.Builder
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTree(t *testing.T) {
	b := petshop()
	got := text(t, func(w io.Writer) error { return draw.Tree(w, b, draw.Options{Width: 80, All: true}) })
	want := `petshop 1
├─ Dancer2 0.400001
│  ├─ Moo 2.005005 (opened elsewhere)
│  └─ Plack 1.0047
│     └─ HTTP-Tiny 0.080
├─ Moo 2.005005 (optional)
│  └─ Role-Tiny 2.002004
│     └─ Moo 2.005005 (opened elsewhere)
├─ Test-Simple >=0.98, <2 (test)
└─ perl 5.36.0 (provided)
   └─ Carp 1.52 (shipped inside)

Nothing in the bill says who needs these:
Orphan 3
└─ Nameless version unknown
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	got = text(t, func(w io.Writer) error { return draw.Tree(w, b, draw.Options{Width: 80}) })
	want = strings.Replace(want, "│     └─ HTTP-Tiny 0.080\n", "", 1) +
		"\nThat components need perl, or what it ships, is left out, and with it 1\ncomponent; --all shows it.\n"
	if got != want {
		t.Errorf("without perl: got\n%swant\n%s", got, want)
	}
	got = text(t, func(w io.Writer) error { return draw.Tree(w, b, draw.Options{Depth: 1, All: true}) })
	if !strings.Contains(got, "├─ Dancer2 0.400001\n│  └─ 2 more below\n") || strings.Contains(got, "HTTP-Tiny") {
		t.Errorf("one level deep:\n%s", got)
	}
}

// TestNothingHidden: parts that need themselves, or one another, are on the page
// too, and a need that is stated twice is one.
func TestNothingHidden(t *testing.T) {
	big := component("Big@1")
	big.Parts = []*bom.Component{component("Self@1"), component("Ping@1"), component("Pong@1")}
	b := &bom.Bill{
		Root:       component("petshop@1"),
		Components: []*bom.Component{big, component("Moo@1")},
		Edges: []bom.Edge{
			{From: "petshop@1", To: "Big@1"},
			{From: "petshop@1", To: "Moo@1", Relation: bom.Test},
			{From: "petshop@1", To: "Moo@1"},
			{From: "Self@1", To: "Self@1"},
			{From: "Ping@1", To: "Pong@1"},
			{From: "Pong@1", To: "Ping@1"},
		},
	}
	got := text(t, func(w io.Writer) error { return draw.Tree(w, b, draw.Options{}) })
	want := `petshop 1
├─ Big 1
│  └─ Self 1 (shipped inside)
└─ Moo 1

Nothing in the bill says who needs these:
Ping 1
└─ Pong 1
   └─ Ping 1 (opened elsewhere)
`
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if got := text(t, func(w io.Writer) error { return draw.Why(w, b, "Moo", draw.Options{}) }); got != "petshop 1\n└─ Moo 1\n" {
		t.Error(got)
	}
	if got := text(t, func(w io.Writer) error { return draw.Graph(w, b) }); strings.Count(got, "<title>") != 6 {
		t.Error(got)
	}
}

func TestWhy(t *testing.T) {
	b := petshop()
	for name, want := range map[string]string{
		"HTTP-Tiny":          "petshop 1\n└─ Dancer2 0.400001\n   └─ Plack 1.0047\n      └─ HTTP-Tiny 0.080\n",
		"Moo@2.005005":       "petshop 1\n└─ Moo 2.005005 (optional)\n   2 more need it\n",
		"Orphan":             "Orphan 3\n  nothing in the bill says who needs it\n",
		"petshop":            "petshop 1\n",
		"Role-Tiny@2.002004": "petshop 1\n└─ Moo 2.005005 (optional)\n   └─ Role-Tiny 2.002004\n",
	} {
		if got := text(t, func(w io.Writer) error { return draw.Why(w, b, name, draw.Options{}) }); got != want {
			t.Errorf("%s: got\n%swant\n%s", name, got, want)
		}
	}
	err := draw.Why(io.Discard, b, "HTTP::Tiny", draw.Options{})
	if fault.KindOf(err) != fault.NotFound || !strings.Contains(fault.HintOf(err), `"HTTP-Tiny"`) {
		t.Error(err, fault.HintOf(err))
	}
}

func TestList(t *testing.T) {
	got := text(t, func(w io.Writer) error { return draw.List(w, petshop(), draw.Options{Width: 80}) })
	for _, want := range []string{
		"NAME         VERSION     USE          LICENCE                NOT KNOWN\n",
		"Moo          2.005005                 Artistic-1.0-Perl ...  copyright, supplier\n",
		"Test-Simple  >=0.98, <2  excluded\n",
		"petshop      1           the product\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no line %q in\n%s", want, got)
		}
	}
}

// What is known of no component stands below the table once.
func TestListNotKnown(t *testing.T) {
	b := petshop()
	for c := range b.All() {
		c.SetUnknown("hashes")
	}
	got := text(t, func(w io.Writer) error { return draw.List(w, b, draw.Options{Width: 80}) })
	if strings.Count(got, "hashes") != 1 || !strings.HasSuffix(got, "\n\nNot known of any component: hashes\n") || !strings.Contains(got, "  copyright, supplier\n") {
		t.Error(got)
	}
}

// TestGraph: the picture is XML, says each component once, and stays within its
// own bounds.
func TestGraph(t *testing.T) {
	b := petshop()
	b.Components[0].Name = "<script>alert(1)</script>&\x1b\x00\u202e"
	got := text(t, func(w io.Writer) error { return draw.Graph(w, b) })
	boxes, wide := 0, 0.0
	d := xml.NewDecoder(strings.NewReader(got))
	for {
		tok, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		var x, w float64
		fmt.Sscan(at["x"], &x)
		fmt.Sscan(at["width"], &w)
		switch {
		case e.Name.Local == "svg":
			wide = w
		case e.Name.Local == "script":
			t.Error("a script")
		case e.Name.Local == "rect" && at["height"] == "17":
			boxes++
			if x+w > wide {
				t.Errorf("a box ends at %.0f of %.0f", x+w, wide)
			}
		}
	}
	if boxes != 11 {
		t.Errorf("%d boxes", boxes)
	}
	if !strings.Contains(got, "<title>Moo 2.005005\nlicence: Artistic-1.0-Perl OR GPL-1.0-or-later\nneeded by 3</title>") {
		t.Error("no tip of three lines")
	}
	for _, class := range []string{"top", "range", "part", "optional"} {
		if !strings.Contains(got, `<g class="`+class+`"><title>`) {
			t.Errorf("no box of class %s", class)
		}
	}
}

// TestLong: a bill that is one long chain, or one of which everything needs
// everything, takes neither the stack nor a page without end.
func TestLong(t *testing.T) {
	b := &bom.Bill{}
	const n = 20_000
	for i := range n {
		b.Components = append(b.Components, component(fmt.Sprintf("C%d@1", i)))
		b.Edges = append(b.Edges, bom.Edge{From: fmt.Sprintf("C%d@1", i), To: fmt.Sprintf("C%d@1", i+1)})
	}
	got := text(t, func(w io.Writer) error { return draw.Tree(w, b, draw.Options{Width: 80}) })
	if lines := strings.Count(got, "\n"); lines != n {
		t.Errorf("%d lines", lines)
	}
	for line := range strings.Lines(got) {
		if c := terminal.Columns(strings.TrimSuffix(line, "\n")); c > 80 {
			t.Fatalf("%d columns: %s", c, line)
		}
	}
	if got := text(t, func(w io.Writer) error { return draw.Why(w, b, fmt.Sprintf("C%d", n-1), draw.Options{}) }); len(got) > 200*n {
		t.Error("more than two hundred bytes for a step")
	}
	same := &bom.Bill{}
	for range 30 {
		same.Components = append(same.Components, component("Foo@1"))
	}
	if got := text(t, func(w io.Writer) error { return draw.Why(w, same, "Foo", draw.Options{}) }); !strings.HasSuffix(got, "\n10 more are called so; a package URL or a reference tells them apart\n") {
		t.Error(got)
	}
	if len(text(t, func(w io.Writer) error { return draw.Graph(w, b) })) > 1000*n {
		t.Error("more than a thousand bytes for a component")
	}
}
