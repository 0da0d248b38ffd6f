package cyclonedx_test

import (
	"bytes"
	"slices"
	"testing"

	lib "github.com/CycloneDX/cyclonedx-go"

	"nacre/bom"
	"nacre/bom/cyclonedx"
	"nacre/bom/schema"
)

var versions = []string{"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"}

// accepted checks what was written by the official schema and by the library of
// the format.
func accepted(t *testing.T, what string, out []byte) *bom.Bill {
	t.Helper()
	b, err := cyclonedx.Read(out)
	if err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	problems, err := schema.Check(b.Raw, b.Format)
	if err != nil || len(problems) > 0 {
		t.Errorf("%s is not valid: %v %v\n%s", what, problems, err, out)
	}
	doc := new(lib.BOM)
	if err := lib.NewBOMDecoder(bytes.NewReader(out), lib.BOMFileFormatJSON).Decode(doc); err != nil {
		t.Errorf("%s: the library cannot read it: %v", what, err)
	}
	return b
}

func TestEveryVersionToEveryOther(t *testing.T) {
	for name, text := range examples(t, ".json") {
		b, err := cyclonedx.Read(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, version := range versions {
			if version == b.Format.Version {
				continue
			}
			out, losses, err := cyclonedx.Write(b, version)
			if err != nil {
				t.Errorf("%s to %s: %v", name, version, err)
				continue
			}
			again := accepted(t, name+" to "+version, out)
			if again.Format.Version != version || len(slices.Collect(again.All())) != len(slices.Collect(b.All())) {
				t.Errorf("%s to %s lost components: %v", name, version, losses)
			}
			for _, l := range losses {
				if b.Raw.Find(l.Pointer) == nil {
					t.Errorf("%s to %s: %v is nowhere in the document", name, version, l)
				}
			}
		}
		if out, _, _ := cyclonedx.Write(b, b.Format.Version); !mustRead(t, out).Raw.Equal(mustRead(t, text).Raw) {
			t.Errorf("%s was changed by writing it", name)
		}
	}
}

func mustRead(t testing.TB, text []byte) *bom.Bill {
	t.Helper()
	b, err := cyclonedx.Read(text)
	if err != nil {
		t.Fatal(err)
	}
	return b
}
