package cyclonedx_test

import (
	"strings"
	"testing"

	"nacre/bom/cyclonedx"
)

const signed = `{"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
	"components": [{"type": "library", "name": "Foo-Bar", "version": "1.20", "signature": {"algorithm": "ES256", "value": "AA"}},
		{"type": "library", "name": "Foo-Baz", "signature": {"algorithm": "ES256", "value": "BB"}}],
	"signature": {"algorithm": "ES256", "value": "CC"}}`

// A signature stays as long as nothing changes, and goes with a notice.
func TestSignatures(t *testing.T) {
	b := mustRead(t, []byte(signed))
	if !b.Signed {
		t.Error("the bill is not said to be signed")
	}
	out, losses, err := cyclonedx.Write(b, "1.6")
	if err != nil || len(losses) > 0 || strings.Count(string(out), "signature") != 3 {
		t.Errorf("unchanged: %v %v\n%s", losses, err, out)
	}
	b.Components[0].Version = "1.21"
	out, losses, err = cyclonedx.Write(b, "1.6")
	if err != nil || len(losses) != 2 || losses[0].Pointer != "/components/0/signature" || losses[1].Pointer != "/signature" || !strings.Contains(string(out), "BB") {
		t.Errorf("changed: %v %v\n%s", losses, err, out)
	}
	b = mustRead(t, []byte(signed))
	out, losses, err = cyclonedx.Write(b, "1.7")
	if err != nil || len(losses) != 3 || strings.Contains(string(out), "signature") {
		t.Errorf("as 1.7: %v %v\n%s", losses, err, out)
	}
	out, losses, err = cyclonedx.WriteXML(b, "1.6")
	if err != nil || len(losses) != 3 || strings.Contains(string(out), "ignature") {
		t.Errorf("as XML: %v %v\n%s", losses, err, out)
	}
	x := `<bom xmlns="http://cyclonedx.org/schema/bom/1.6" version="1"><components/><ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:x>1</ds:x></ds:Signature></bom>`
	b = mustRead(t, []byte(x))
	if out, losses, err := cyclonedx.WriteXML(b, "1.6"); err != nil || !b.Signed || len(losses) > 0 || !strings.Contains(string(out), "Signature") {
		t.Errorf("XML: %v %v\n%s", losses, err, out)
	}
	b.Revision = 2
	if out, losses, err := cyclonedx.WriteXML(b, "1.6"); err != nil || len(losses) != 1 || strings.Contains(string(out), "Signature") {
		t.Errorf("XML changed: %v %v\n%s", losses, err, out)
	}
	if _, losses, err := cyclonedx.Write(b, "1.6"); err != nil || len(losses) != 1 || losses[0].Pointer != "/xml:Signature" {
		t.Errorf("XML as JSON: %v %v", losses, err)
	}
}
