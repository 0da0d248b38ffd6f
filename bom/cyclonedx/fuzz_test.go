package cyclonedx_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
)

// Whatever is read, is written again as it was; a document that its schema
// accepts is written in every other version as one that schema accepts.
func FuzzRead(f *testing.F) {
	for _, ending := range []string{".json", ".xml"} {
		for _, text := range examples(f, ending) {
			f.Add(text)
		}
	}
	f.Add([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.7","version":1,"metadata":{"timestamp":"2026-01-02T03:04:05Z","tools":{"components":[{"type":"application","bom-ref":"t","name":"nacre"}]}},"components":[{"type":"library","name":"Foo","purl":"pkg:cpan/Foo@1","isExternal":true,"versionRange":"vers:cpan/*","properties":[{"name":"cpan:unknown","value":"a,b"},{"name":"cpan:provenance:name","value":"index"}]}],"citations":[{"pointers":["/components/0/name"],"timestamp":"2026-01-02T03:04:05Z","attributedTo":"t","note":"index: 02packages"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		b, err := cyclonedx.Read(text)
		if err != nil {
			return
		}
		write := cyclonedx.Write
		if b.Format.Encoding == "xml" {
			write = cyclonedx.WriteXML
		}
		out, losses, err := write(b, b.Format.Version)
		if err != nil {
			t.Fatal(err)
		}
		again, err := cyclonedx.Read(out)
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		same := again.Raw.Equal(b.Raw)
		if b.Format.Encoding == "xml" {
			same = sorted(again.Raw).Equal(sorted(b.Raw))
		}
		if len(losses) > 0 || !same {
			t.Fatalf("read and written it is another document: %v\n%s", losses, out)
		}
		twice, _, err := write(again, b.Format.Version)
		if err != nil || !bytes.Equal(twice, out) {
			t.Fatalf("written twice it differs: %v\n%s\n%s", err, out, twice)
		}
		problems, err := schema.Check(b.Raw, b.Format)
		if err != nil || len(text) > 20_000 {
			return
		}
		for _, version := range versions {
			if version == b.Format.Version {
				continue
			}
			out, losses, err := cyclonedx.Write(b, version)
			if err != nil {
				t.Fatal(err)
			}
			got, err := cyclonedx.Read(out)
			if err != nil {
				t.Fatalf("as %s: %v\n%s", version, err, out)
			}
			if len(problems) > 0 {
				continue
			}
			if problems, err := schema.Check(got.Raw, got.Format); err != nil || len(problems) > 0 {
				t.Fatalf("as %s it is not valid: %v %v\nlost: %v\n%s", version, problems, err, losses, out)
			}
		}
	})
}

// A made-up bill of any texts comes back from what is written.
func FuzzMade(f *testing.F) {
	f.Add("Foo-Bar", "1.20", "pkg:cpan/Foo-Bar@1.20", "MIT OR Artistic-2.0", "META.json license")
	f.Add("", "\x01", "<&>\"", " \n ", ": ")
	f.Fuzz(func(t *testing.T, name, version, url, license, detail string) {
		clean := func(s string) string { return strings.ToValidUTF8(s, "\ufffd") }
		name, version, url, license, detail = clean(name), clean(version), clean(url), clean(license), clean(detail)
		b := &bom.Bill{
			Created: "2026-01-02T03:04:05Z", Tools: []bom.Tool{{Name: "nacre", Version: "1"}},
			Components: []*bom.Component{{
				Ref: "x", Type: "library", Name: name, Version: version, PURL: url,
				Licenses:   []bom.License{{Expression: "x" + license}},
				References: []bom.Reference{{Type: "website", URL: url}},
				Origins:    []bom.Origin{{Field: "name", From: bom.Index, Detail: detail}, {Field: "zzz", From: bom.Stated, Detail: detail}},
			}},
		}
		for _, v := range []string{"1.6", "1.7"} {
			out, _, err := cyclonedx.Write(b, v)
			if err != nil {
				t.Fatal(err)
			}
			got, err := cyclonedx.Read(out)
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			c := got.Components[0]
			if problems, err := schema.Check(got.Raw, got.Format); err != nil || len(problems) > 0 {
				t.Fatalf("%s is not valid: %v %v\n%s", v, problems, err, out)
			}
			if c.Name != name || !slices.Equal(c.Origins, b.Components[0].Origins) {
				t.Fatalf("%s: %+v\n%s", v, c, out)
			}
			x, _, err := cyclonedx.WriteXML(b, v)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := cyclonedx.Read(x); err != nil {
				t.Fatalf("%v\n%s", err, x)
			}
		}
	})
}
