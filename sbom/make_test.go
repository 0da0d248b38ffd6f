package sbom_test

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
	"nacre/internal/testkit"
	"nacre/inventory/all"
	"nacre/purl"
	"nacre/sbom"
)

var update = flag.Bool("update", false, "write what the cases give as what they want")

// setting is a case's own: lines "key: value" above the files.
func setting(comment, key string) string {
	for line := range strings.Lines(comment) {
		if v, ok := strings.CutPrefix(strings.TrimSpace(line), key+": "); ok {
			return v
		}
	}
	return ""
}

// made makes the bill of a case.
func made(t *testing.T, ar *txtar.Archive) *bom.Bill {
	t.Helper()
	comment := string(ar.Comment)
	fsys, err := txtar.FS(ar)
	if err != nil {
		t.Fatal(err)
	}
	inv, err := all.Read(context.Background(), fsys, all.Options{Perl: setting(comment, "perl"), Release: setting(comment, "release")})
	if err != nil {
		t.Fatal(err)
	}
	opt := sbom.Options{
		Type: bom.Type(setting(comment, "type")), Repository: setting(comment, "repository"), LicenseOperator: setting(comment, "license-operator"),
		Files: setting(comment, "files") != "", ForRelease: setting(comment, "for-release") != "", NoPerl: setting(comment, "no-perl") != "",
		Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true, Format: "cyclonedx-1.6", Version: "0.1",
	}
	if name := setting(comment, "manufacturer"); name != "" {
		opt.Manufacturer = &bom.Party{Name: name, Email: "product@example.org"}
	}
	for phase := range strings.FieldsSeq(setting(comment, "phases")) {
		opt.Phases = append(opt.Phases, sbom.Phase(phase))
	}
	in := sbom.Input{Inventory: &inv, FS: fsys, Name: "case"}
	if file := setting(comment, "release"); file != "" {
		in.Archive = &sbom.Archive{File: file, SHA256: strings.Repeat("ab", 32), SHA512: strings.Repeat("cd", 64), Path: setting(comment, "path"), Folder: setting(comment, "folder")}
	}
	b, err := sbom.Make(context.Background(), in, opt)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestCases makes the bill of each folder in testdata, and compares what it says
// with the file "want". The comment on top says what the case shows.
func TestCases(t *testing.T) {
	testkit.Cases(t, *update, func(t *testing.T, ar *txtar.Archive) string {
		b := made(t, ar)
		sound(t, b)
		said := dump(b)
		follows(t, b)
		return said
	})
}

// follows checks that a bill follows the schemas of what it is written in, and
// that package URLs and refs come back.
func follows(t *testing.T, b *bom.Bill) {
	t.Helper()
	for _, version := range []string{"1.6", "1.7"} {
		out, _, err := cyclonedx.Write(b, version)
		if err != nil {
			t.Fatal(err)
		}
		read, err := cyclonedx.Read(out)
		if err != nil {
			t.Fatalf("what is written as CycloneDX %s cannot be read: %v", version, err)
		}
		problems, err := schema.Check(read.Raw, read.Format)
		if err != nil || len(problems) > 0 {
			t.Errorf("CycloneDX %s: %v %v", version, err, problems)
		}
		var want, got []string
		for c := range b.All() {
			want = append(want, c.Ref+" "+c.PURL)
		}
		for c := range read.All() {
			got = append(got, c.Ref+" "+c.PURL)
		}
		if !slices.Equal(want, got) {
			t.Errorf("CycloneDX %s: components %q come back as %q", version, want, got)
		}
	}
}

// TestGolden holds the bytes of one small bill, which only a change of the format
// may change.
func TestGolden(t *testing.T) {
	ar, err := txtar.ParseFile("testdata/licenses.txtar")
	if err != nil {
		t.Fatal(err)
	}
	got, losses, err := cyclonedx.Write(made(t, ar), "1.6")
	if err != nil || len(losses) > 0 {
		t.Fatal(err, losses)
	}
	const golden = "testdata/golden.cdx.json"
	if *update {
		if err := os.WriteFile(golden, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	again, _, _ := cyclonedx.Write(made(t, ar), "1.6")
	if !bytes.Equal(got, again) {
		t.Error("made twice, it is not the same")
	}
}

// sound checks what holds for every bill that is made.
func sound(t *testing.T, b *bom.Bill) {
	t.Helper()
	refs := map[string]bool{}
	for c := range b.All() {
		if c.Ref == "" || refs[c.Ref] {
			t.Errorf("ref %q is empty or there twice", c.Ref)
		}
		refs[c.Ref] = true
		if c.Name == "" {
			t.Errorf("%s has no name", c.Ref)
		}
		if c.Version != "" && c.Range != "" {
			t.Errorf("%s has a version and a range", c.Ref)
		}
		if c.External && c.Scope == bom.Excluded {
			t.Errorf("%s is external, and not needed at run time", c.Ref)
		}
		if c.PURL != "" {
			for _, f := range purl.Lint(c.PURL, purl.LintOptions{}) {
				if f.Level == "error" {
					t.Errorf("%s: %s %s", c.PURL, f.ID, f.Message)
				}
			}
		}
		for field, known := range map[string]bool{
			"version": c.Version != "" || c.Range != "", "purl": c.PURL != "", "supplier": c.Supplier != nil, "manufacturer": c.Manufacturer != nil,
			"licenses": len(c.Licenses) > 0, "copyright": c.Copyright != "", "hashes": len(c.Hashes) > 0, "description": c.Description != "",
		} {
			if has := strings.Contains(","+strings.Join(c.Unknown, ",")+",", ","+field+","); has == known {
				t.Errorf("%s: %s is known (%v) and marked unknown (%v)", c.Ref, field, known, has)
			}
			if known && field != "version" && c.Origin(field).From == "" {
				t.Errorf("%s: nobody says where its %s comes from", c.Ref, field)
			}
		}
	}
	for _, e := range b.Edges {
		if !refs[e.From] || !refs[e.To] {
			t.Errorf("edge from %s to %s: one of them is not there", e.From, e.To)
		}
	}
	deps, parts := map[string]int{}, map[string]int{}
	for _, c := range b.Compositions {
		for _, r := range c.Dependencies {
			deps[r]++
		}
		for _, r := range c.Assemblies {
			parts[r]++
		}
	}
	for r := range refs {
		if deps[r] != 1 || parts[r] != 1 {
			t.Errorf("%s stands in %d statements on dependencies and %d on parts", r, deps[r], parts[r])
		}
	}
	if len(deps) != len(refs) || len(parts) != len(refs) {
		t.Errorf("compositions name what is not there")
	}
}

// dump writes a bill as the cases show it.
func dump(b *bom.Bill) string {
	var s strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&s, format+"\n", args...) }
	p("%s, %s, %s", b.Type, b.Created, b.Serial)
	to := map[string][]string{}
	for _, e := range b.Edges {
		to[e.From] = append(to[e.From], fmt.Sprintf("%s (%s)", e.To, e.Relation))
	}
	aggregate := map[string][2]string{}
	for _, c := range b.Compositions {
		for _, r := range c.Dependencies {
			aggregate[r] = [2]string{c.Aggregate, aggregate[r][1]}
		}
		for _, r := range c.Assemblies {
			aggregate[r] = [2]string{aggregate[r][0], c.Aggregate}
		}
	}
	var one func(c *bom.Component, indent string)
	one = func(c *bom.Component, indent string) {
		p("")
		in := indent + "  "
		external := ""
		if c.External {
			external = ", external"
		}
		p("%s%s", indent, c.Ref)
		p("%s%s %s %s %s, %s%s", in, c.Type, c.Name, c.Version, c.Range, c.Scope, external)
		line := func(what, format string, args ...any) { p("%s%s: "+format, append([]any{in, what}, args...)...) }
		if c.Description != "" {
			line("description", "%s", c.Description)
		}
		for _, a := range c.Authors {
			line("author", "%s <%s>", a.Name, a.Email)
		}
		if c.Supplier != nil {
			line("supplier", "%s %s %s", c.Supplier.Name, c.Supplier.Email, strings.Join(c.Supplier.URLs, " "))
		}
		if c.Manufacturer != nil {
			line("manufacturer", "%s %s %s", c.Manufacturer.Name, strings.Join(c.Manufacturer.URLs, " "), c.Manufacturer.Contacts)
		}
		for _, l := range c.Licenses {
			line("licence", "%s (%s)", l, l.Claim)
		}
		if c.Copyright != "" {
			line("copyright", "%s", c.Copyright)
		}
		for _, h := range c.Hashes {
			line("hash", "%s %.12s...", h.Algorithm, h.Value)
		}
		if c.File != (bom.File{}) {
			line("file", "%s, %s, %s, %s", c.File.Name, c.File.Executable, c.File.Archive, c.File.Structured)
		}
		for _, r := range c.References {
			line(r.Type, "%s %s", r.URL, strings.Join(hashNames(r.Hashes), " "))
		}
		for _, x := range c.Properties {
			line(x.Name, "%s", x.Value)
		}
		for _, e := range c.Evidence.Identity {
			line("told", "%s %s %.1f by %s %q", e.Field, e.Value, e.Confidence, e.Methods[0].Technique, e.Methods[0].Value)
		}
		for _, o := range c.Evidence.Occurrences {
			line("at", "%s:%d", o.Location, o.Line)
		}
		for _, l := range c.Evidence.Licenses {
			line("licence seen", "%s", l)
		}
		if c.Pedigree != nil {
			for _, a := range c.Pedigree.Ancestors {
				line("ancestor", "%s", a.Ref)
			}
			for _, x := range c.Pedigree.Patches {
				line("patch", "%s %v", x.Type, x.Resolves)
			}
			for _, k := range c.Pedigree.Commits {
				line("commit", "%s", k.UID)
			}
			if c.Pedigree.Notes != "" {
				line("pedigree", "%s", c.Pedigree.Notes)
			}
		}
		for _, o := range c.Origins {
			line("origin of "+o.Field, "%s, %s", o.From, o.Detail)
		}
		line("unknown", "%s", strings.Join(c.Unknown, " "))
		line("known", "dependencies %s, parts %s", aggregate[c.Ref][0], aggregate[c.Ref][1])
		for _, x := range to[c.Ref] {
			line("needs", "%s", x)
		}
		for _, part := range c.Parts {
			one(part, in)
		}
	}
	one(b.Root, "")
	for _, c := range b.Components {
		one(c, "")
	}
	lines := strings.Split(s.String(), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func hashNames(hashes []bom.Hash) (names []string) {
	for _, h := range hashes {
		names = append(names, h.Algorithm)
	}
	return names
}
