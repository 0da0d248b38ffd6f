package change_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"nacre/bom"
	"nacre/jsondoc"
	"nacre/sbom/change"
)

// other is a bill of another part of the same product.
func other() *bom.Bill {
	return &bom.Bill{
		Serial: "urn:uuid:00000000-0000-4000-8000-000000000002", Revision: 3, Type: bom.Build, Sharing: "AMBER",
		Root: &bom.Component{Ref: "root", Type: "application", Name: "web", Version: "2"},
		Components: []*bom.Component{
			{
				Ref: "x", Type: "library", Name: "Foo-Bar", Version: "1.2", PURL: "pkg:cpan/Foo-Bar@1.2", Scope: bom.Excluded,
				Hashes: hashes("SHA-512", "cc"), Licenses: []bom.License{{ID: "Zlib"}}, Supplier: &bom.Party{Name: "AUTHOR"},
			},
			{Ref: "demo", Type: "library", Name: "Other", Version: "7"},
		},
		Edges:        []bom.Edge{{From: "root", To: "x"}, {From: "x", To: "demo"}},
		Compositions: []bom.Composition{{Aggregate: "complete", Dependencies: []string{"x"}}, {Aggregate: "incomplete", Dependencies: []string{"root"}}},
	}
}

func inputs(bills ...*bom.Bill) []change.Input {
	var all []change.Input
	for i, b := range bills {
		all = append(all, change.Input{Bill: b, Name: fmt.Sprintf("%c.json", 'a'+i)})
	}
	return all
}

// lines describes a bill, a line for each thing in it.
func lines(b *bom.Bill) string {
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	if b.Root != nil {
		say("root %s", b.Root.Ref)
	}
	var part func(c *bom.Component, indent string)
	part = func(c *bom.Component, indent string) {
		say("%s%s: %s %s scope=%s supplier=%v licenses=%v hashes=%d unknown=%v", indent, c.Ref, c.Name, c.Version, c.Scope, c.Supplier != nil, c.Licenses, len(c.Hashes), c.Unknown)
		for _, p := range c.Properties {
			say("%s  %s=%s", indent, p.Name, p.Value)
		}
		for _, p := range c.Parts {
			part(p, indent+"  ")
		}
	}
	for _, c := range b.Components {
		part(c, "")
	}
	for _, e := range b.Edges {
		say("%s needs %s (%s)", e.From, e.To, e.Relation)
	}
	for _, c := range b.Compositions {
		say("%s: dependencies of %s, assemblies of %s", c.Aggregate, strings.Join(c.Dependencies, " "), strings.Join(c.Assemblies, " "))
	}
	for _, r := range b.References {
		say("%s %s %s", r.Type, r.URL, r.Comment)
	}
	return out.String()
}

func TestMergeFlat(t *testing.T) {
	root := &bom.Component{Ref: "whole", Type: "application", Name: "whole", Version: "1"}
	b, report, err := change.Merge(inputs(small(), other()), change.MergeOptions{Root: root})
	if err != nil {
		t.Fatal(err)
	}
	want := `root whole
demo: Acme-Demo v1.2.3 scope= supplier=false licenses=[] hashes=0 unknown=[supplier]
bar: Foo-Bar 1.2 scope=required supplier=true licenses=[MIT] hashes=2 unknown=[]
  cpan:merge:licenses=MIT
  cpan:merge:licenses=Zlib (in b.json)
demo#2: Other 7 scope= supplier=false licenses=[] hashes=0 unknown=[]
root: acme 1 scope= supplier=false licenses=[] hashes=0 unknown=[]
root#2: web 2 scope= supplier=false licenses=[] hashes=0 unknown=[]
bar needs demo (test)
bar needs demo#2 (depends on)
root needs bar (depends on)
root#2 needs bar (depends on)
whole needs root (depends on)
whole needs root#2 (depends on)
complete: dependencies of root, assemblies of 
incomplete: dependencies of bar root#2, assemblies of 
unknown: dependencies of demo whole, assemblies of 
bom urn:cdx:00000000-0000-4000-8000-000000000001/1 a.json
bom urn:cdx:00000000-0000-4000-8000-000000000002/3 b.json
`
	if got := lines(b); got != want {
		t.Errorf("got\n%s", got)
	}
	if b.Sharing != "AMBER" || b.Type != bom.Build || len(report.Alarms) != 0 || len(report.Conflicts) != 1 {
		t.Errorf("sharing %s, type %s, report %+v", b.Sharing, b.Type, report)
	}
}

func TestMergeHierarchical(t *testing.T) {
	root := &bom.Component{Ref: "whole", Name: "whole"}
	b, _, err := change.Merge(inputs(small(), other()), change.MergeOptions{Root: root, Hierarchical: true})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for c := range b.All() {
		got = append(got, c.Ref)
	}
	if want := "whole root demo bar root#2 x demo#2"; strings.Join(got, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(got, " "), want)
	}
}

// TestMergeAlarm holds that one package with different bytes stays two, and is
// told.
func TestMergeAlarm(t *testing.T) {
	for _, hierarchical := range []bool{false, true} {
		a, b := small(), other()
		b.Components[0].Hashes = hashes("SHA-256", "bb")
		out, report, err := change.Merge(inputs(a, b), change.MergeOptions{Root: &bom.Component{Ref: "w", Name: "w"}, Hierarchical: hierarchical})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for c := range out.All() {
			if c.Name == "Foo-Bar" {
				n++
			}
		}
		if n != 2 || len(report.Alarms) != 1 || report.Alarms[0].Values != [2]string{"aa", "bb"} {
			t.Errorf("%d components, alarms %+v", n, report.Alarms)
		}
	}
}

func TestMergeNeedsARoot(t *testing.T) {
	if _, _, err := change.Merge(inputs(small(), other()), change.MergeOptions{}); err == nil {
		t.Error("two products became one without a name")
	}
	if b, _, err := change.Merge(inputs(small(), small()), change.MergeOptions{}); err != nil || b.Root.Name != "acme" {
		t.Errorf("two bills of one product: %v", err)
	}
	if _, _, err := change.Merge(nil, change.MergeOptions{}); err == nil {
		t.Error("nothing became something")
	}
}

// TestMergeKeepsPieces holds that what the model does not know survives, with
// the refs that things have now.
func TestMergeKeepsPieces(t *testing.T) {
	bill := func(doc, piece string) *bom.Bill {
		parse := func(s string) *jsondoc.Node {
			n, err := jsondoc.Parse([]byte(s), jsondoc.Limits{})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		return &bom.Bill{
			Format: bom.Format{Name: "CycloneDX", Version: "1.6"}, Raw: parse(doc),
			Root: &bom.Component{Ref: "r", Name: "acme", Raw: parse(piece)},
		}
	}
	a := bill(`{"bomFormat": "CycloneDX", "services": [{"bom-ref": "s", "name": "one"}], "x_a": 1}`, `{"name": "acme", "mime-type": "text/plain"}`)
	b := bill(`{"bomFormat": "CycloneDX", "services": [{"bom-ref": "t", "name": "two"}], "vulnerabilities": [{"affects": [{"ref": "c"}]}], "x_a": 2}`, `{"name": "acme", "modelCard": {}, "mime-type": "text/html"}`)
	a.Components = []*bom.Component{{Ref: "c", Name: "One"}}
	b.Components = []*bom.Component{{Ref: "c", Name: "Two"}}
	out, report, err := change.Merge(inputs(a, b), change.MergeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		piece *jsondoc.Node
		want  string
	}{
		{out.Raw, `{"$schema":"http://cyclonedx.org/schema/bom-1.6.schema.json","bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{},"components":[],"services":[{"bom-ref":"s","name":"one"},{"bom-ref":"t","name":"two"}],"x_a":1,"vulnerabilities":[{"affects":[{"ref":"c#2"}]}]}`},
		{out.Root.Raw, `{"name":"acme","mime-type":"text/plain","modelCard":{}}`},
	} {
		got := strings.NewReplacer("\n", "", " ", "").Replace(string(c.piece.Append(nil)))
		if got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	var lost []string
	for _, l := range report.Losses {
		lost = append(lost, l.Pointer)
	}
	if want := []string{"/mime-type", "/x_a"}; !slices.Equal(lost, want) {
		t.Errorf("lost %q, want %q", lost, want)
	}
}

// TestMergeAssociative holds that it does not matter for what is in a bill in
// which order bills of one product are joined. "complete" is no part of it: it is
// said of what one input knows.
func TestMergeAssociative(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		recipe := func(label string) func() *bom.Bill {
			names := rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C", "D"}), 0, 4).Draw(t, label+" names")
			versions := rapid.SliceOfN(rapid.SampledFrom([]string{"1", "2"}), len(names), len(names)).Draw(t, label+" versions")
			digests := rapid.SliceOfN(rapid.SampledFrom([]string{"", "SHA-256", "SHA-512"}), len(names), len(names)).Draw(t, label+" digests")
			edges := rapid.SliceOfN(rapid.IntRange(0, 19), 0, 6).Draw(t, label+" edges")
			words := rapid.SliceOfN(rapid.SampledFrom([]string{"incomplete", "unknown", "not_specified"}), len(names), len(names)).Draw(t, label+" words")
			return func() *bom.Bill {
				b := &bom.Bill{Root: &bom.Component{Ref: "root", Name: "root"}, Tools: []bom.Tool{{Name: label}}}
				refs := []string{"root"}
				for i, name := range names {
					ref := fmt.Sprintf("%s%d", label, i)
					c := &bom.Component{Ref: ref, Name: name, Version: versions[i], PURL: "pkg:cpan/" + name + "@" + versions[i]}
					if digests[i] != "" {
						c.Hashes = hashes(digests[i], "00")
					}
					b.Components = append(b.Components, c)
					b.Compositions = append(b.Compositions, bom.Composition{Aggregate: words[i], Dependencies: []string{ref}})
					refs = append(refs, ref)
				}
				for _, e := range edges {
					if from, to := refs[e%len(refs)], refs[e/2%len(refs)]; from != to {
						b.Edges = append(b.Edges, bom.Edge{From: from, To: to})
					}
				}
				return b
			}
		}
		a, b, c := recipe("a"), recipe("b"), recipe("c")
		join := func(bills ...*bom.Bill) *bom.Bill {
			out, _, err := change.Merge(inputs(bills...), change.MergeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		left, right, all := set(join(join(a(), b()), c())), set(join(a(), join(b(), c()))), set(join(a(), b(), c()))
		if left != right || left != all {
			t.Fatalf("(ab)c\n%s\na(bc)\n%s\nabc\n%s", left, right, all)
		}
	})
}

// set is what is in a bill, whatever its refs are.
func set(b *bom.Bill) string {
	label := map[string]string{}
	var all []string
	for c := range b.All() {
		label[c.Ref] = c.Name + "@" + c.Version
		var algorithms []string
		for _, h := range c.Hashes {
			algorithms = append(algorithms, h.Algorithm)
		}
		slices.Sort(algorithms)
		all = append(all, fmt.Sprintf("%s %v", label[c.Ref], algorithms))
	}
	for _, e := range b.Edges {
		all = append(all, label[e.From]+" needs "+label[e.To])
	}
	for _, c := range b.Compositions {
		for _, ref := range c.Dependencies {
			all = append(all, label[ref]+" is "+c.Aggregate)
		}
	}
	for _, t := range b.Tools {
		all = append(all, "tool "+t.Name)
	}
	slices.Sort(all)
	return strings.Join(slices.Compact(all), "\n")
}

// TestMergeManyAlike holds that hostile bills, in which everything has one name
// or one ref, are joined all the same, and none of it is lost.
func TestMergeManyAlike(t *testing.T) {
	const n = 5000
	b := &bom.Bill{Root: &bom.Component{Ref: "r", Name: "r"}, Signed: true}
	for i := range n {
		b.Components = append(b.Components,
			&bom.Component{Ref: "a", Name: fmt.Sprint("unlike", i)},
			&bom.Component{Ref: "b", Name: "Alike", PURL: "pkg:cpan/Alike@1", References: []bom.Reference{{Type: "other", URL: fmt.Sprint(i)}}})
	}
	out, report, err := change.Merge(inputs(b), change.MergeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	refs, links := map[string]bool{}, 0
	for c := range out.All() {
		if refs[c.Ref] {
			t.Fatalf("two components have the ref %s", c.Ref)
		}
		refs[c.Ref] = true
		links += len(c.References)
	}
	if links != n || len(report.Losses) != 1 {
		t.Errorf("%d links of %d, losses %v", links, n, report.Losses)
	}
}
