package cyclonedx_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	lib "github.com/CycloneDX/cyclonedx-go"
	"github.com/google/go-cmp/cmp"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
	"nacre/internal/testkit"
	"nacre/jsondoc"
)

// lint checks documents by the XML schema of a version.
func lint(t *testing.T, version string, docs map[string][]byte) {
	t.Helper()
	xmllint := testkit.Need(t, "xmllint")
	out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/CycloneDX/cyclonedx-go").Output()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for from, to := range map[string]string{"bom-" + version + ".xsd": "bom.xsd", "spdx.xsd": "spdx.xsd"} {
		text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(out)), "schema", from))
		if err != nil {
			t.Fatal(err)
		}
		// Some versions name the schema of the licence ids by its address.
		text = bytes.ReplaceAll(text, []byte(`schemaLocation="http://cyclonedx.org/schema/spdx"`), []byte(`schemaLocation="spdx.xsd"`))
		if err := os.WriteFile(filepath.Join(dir, to), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	args := []string{"--nonet", "--noout", "--schema", filepath.Join(dir, "bom.xsd")}
	for name, text := range docs {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	if len(docs) == 0 {
		return
	}
	if out, err := exec.Command(xmllint, args...).CombinedOutput(); err != nil {
		for line := range strings.Lines(string(out)) {
			if !strings.HasSuffix(line, " validates\n") {
				t.Error(strings.ReplaceAll(line, dir, version))
			}
		}
	}
}

func TestOfficialXMLExamplesLoseNothing(t *testing.T) {
	for name, text := range examples(t, ".xml") {
		b, err := cyclonedx.Read(text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		out, losses, err := cyclonedx.WriteXML(b, b.Format.Version)
		if err != nil || len(losses) > 0 {
			t.Errorf("%s: %v %v", name, losses, err)
			continue
		}
		again, err := cyclonedx.Read(out)
		if err != nil || !sorted(again.Raw).Equal(sorted(b.Raw)) {
			t.Errorf("%s is not what was read: %v\n%s\n%s", name, err, text, out)
		}
	}
}

// sorted gives a tree with the keys of each object in order: elements are
// written in the order of the schema, in which some of the examples are not.
func sorted(n *jsondoc.Node) *jsondoc.Node {
	n = n.Clone()
	for i, item := range n.Items {
		n.Items[i] = sorted(item)
	}
	for i, m := range n.Members {
		n.Members[i].Value = sorted(m.Value)
	}
	slices.SortFunc(n.Members, func(a, b jsondoc.Member) int { return strings.Compare(a.Key, b.Key) })
	return n
}

// The library of the format translates XML to JSON too, and says the same.
func TestXMLSaysWhatTheLibraryReads(t *testing.T) {
	for name, text := range examples(t, ".xml") {
		doc := new(lib.BOM)
		if err := lib.NewBOMDecoder(bytes.NewReader(text), lib.BOMFileFormatXML).Decode(doc); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		doc.BOMFormat = lib.BOMFormat
		x := mustRead(t, text)
		version := lib.SpecVersion(slices.Index(versions, x.Format.Version)) + lib.SpecVersion1_2
		var out bytes.Buffer
		if err := lib.NewBOMEncoder(&out, lib.BOMFileFormatJSON).EncodeVersion(doc, version); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		theirs := mustRead(t, out.Bytes())
		theirs.Raw.Remove("$schema")
		if name == "valid-cryptographic-asset.xml" {
			theirs.Raw.Find("/components/0").SetString("type", "cryptographic-asset") // which it takes for too new
		}
		ours, want := string(sorted(plain(x.Raw)).Append(nil)), string(sorted(plain(theirs.Raw)).Append(nil))
		if diff := cmp.Diff(want, ours); diff != "" {
			t.Errorf("%s (- the library, + ours):\n%s", name, diff)
		}
	}
}

// plain leaves out what is kept of XML as it stands, and what is empty, which the
// library takes for absent.
func plain(n *jsondoc.Node) *jsondoc.Node {
	n = n.Clone()
	for i, item := range n.Items {
		n.Items[i] = plain(item)
	}
	for i, m := range n.Members {
		n.Members[i].Value = plain(m.Value)
	}
	n.Members = slices.DeleteFunc(n.Members, func(m jsondoc.Member) bool {
		return strings.HasPrefix(m.Key, "xml:") || m.Key == "modified" && m.Value.Text == "false" || len(m.Value.Text)+len(m.Value.Items)+len(m.Value.Members) == 0 ||
			slices.Contains([]string{"modelCard", "cryptoProperties", "formulation", "definitions", "declarations", "patentAssertions"}, m.Key)
	})
	return n
}

func TestXMLIsAccepted(t *testing.T) {
	written := map[string]map[string][]byte{}
	add := func(name, version string, b *bom.Bill) {
		out, _, err := cyclonedx.WriteXML(b, version)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		again, err := cyclonedx.Read(out)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		if problems, err := schema.Check(again.Raw, again.Format); err != nil || len(problems) > 0 {
			t.Errorf("%s as %s: %v %v\n%s", name, version, problems, err, out)
		}
		if n, was := len(slices.Collect(again.All())), len(slices.Collect(b.All())); n != was {
			t.Errorf("%s as %s has %d components, and had %d", name, version, n, was)
		}
		if err := lib.NewBOMDecoder(bytes.NewReader(out), lib.BOMFileFormatXML).Decode(new(lib.BOM)); err != nil {
			t.Errorf("%s as %s: the library cannot read it: %v", name, version, err)
		}
		if written[version] == nil {
			written[version] = map[string][]byte{}
		}
		written[version][name+".xml"] = out
	}
	for _, version := range versions {
		add("made", version, made())
		for _, ending := range []string{".json", ".xml"} {
			for name, text := range examples(t, ending) {
				add(name, version, mustRead(t, text))
			}
		}
	}
	for version, docs := range written {
		lint(t, version, docs)
	}
}

func TestMadeBillComesBackAsXML(t *testing.T) {
	for _, version := range []string{"1.6", "1.7"} {
		out, losses, err := cyclonedx.WriteXML(made(), version)
		if err != nil || len(losses) > 0 {
			t.Fatal(losses, err)
		}
		got := mustRead(t, out)
		if diff := cmp.Diff(made(), got, readOnly...); diff != "" {
			t.Errorf("%s (- made, + read):\n%s\n%s", version, diff, out)
		}
	}
}

func TestXMLKeepsWhatItDoesNotKnow(t *testing.T) {
	text := `<?xml version="1.0" encoding="UTF-8"?>
<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1">
  <components>
    <component type="library" xmlns:n0="https://example.org/ns" n0:mark="a&amp;b">
      <name>Foo &lt;Bar&gt;</name>
      <modelCard bom-ref="m"><considerations><users><user>one &amp; two</user></users></considerations></modelCard>
      <own xmlns="https://example.org/ns">text <b>and</b> more</own>
    </component>
  </components>
</bom>
`
	b := mustRead(t, []byte(text))
	if b.Components[0].Name != "Foo <Bar>" || b.Components[0].Line != 4 {
		t.Errorf("%+v", b.Components[0])
	}
	out, losses, err := cyclonedx.WriteXML(b, "1.6")
	if err != nil || len(losses) > 0 {
		t.Fatal(losses, err)
	}
	if !mustRead(t, out).Raw.Equal(b.Raw) {
		t.Errorf("written as\n%s", out)
	}
	if out, _, err := cyclonedx.WriteXML(b, "1.7"); err != nil || !strings.Contains(string(out), "<modelCard bom-ref") || !strings.Contains(string(out), "text <b>and</b> more") {
		t.Errorf("as 1.7: %v\n%s", err, out)
	}
	doc, losses, err := cyclonedx.Write(b, "1.6")
	if err != nil || len(losses) != 3 || strings.Contains(string(doc), "xml:") {
		t.Errorf("as JSON: %v %v\n%s", losses, err, doc)
	}
	for _, l := range losses {
		if b.Raw.Find(l.Pointer) == nil {
			t.Errorf("%v is nowhere", l)
		}
	}
}

// A key of JSON that looks as if XML had been kept is not written as XML.
func TestKeysOfJSONAreNoXML(t *testing.T) {
	b := mustRead(t, []byte(`{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "a\u0001\"<\n",
		"xml:@a b=\"": "x", "xml:x><y": [{"name": "q><r"}]}`))
	out, losses, err := cyclonedx.WriteXML(b, "1.6")
	if err != nil || len(losses) != 3 {
		t.Errorf("%v %v", losses, err)
	}
	if got := mustRead(t, out); len(got.Raw.Members) != 4 || got.Serial != "a\ufffd\"<\n" {
		t.Errorf("%s", out)
	}
}

func TestHostileXML(t *testing.T) {
	for name, text := range map[string]string{
		"entities":  `<!DOCTYPE bom [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><bom xmlns="http://cyclonedx.org/schema/bom/1.6">&b;</bom>`,
		"entity":    `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"><x>&nbsp;</x></bom>`,
		"depth":     `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">` + strings.Repeat("<x>", 300),
		"unclosed":  `<bom xmlns="http://cyclonedx.org/schema/bom/1.6">`,
		"two":       `<bom xmlns="http://cyclonedx.org/schema/bom/1.6"/><bom xmlns="http://cyclonedx.org/schema/bom/1.6"/>`,
		"attribute": `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1" version="2"/>`,
		"namespace": `<bom xmlns="http://example.org/"/>`,
		"old":       `<bom xmlns="http://cyclonedx.org/schema/bom/1.1"/>`,
		"charset":   "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>",
	} {
		if _, err := cyclonedx.Read([]byte(text)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}
