package output

import (
	"encoding/json"
	"slices"
	"testing"

	"nacre/internal/testkit/document"
	"nacre/inventory"
	"nacre/scan"
)

// ofBill is a recorded stream as if a bill had been scanned.
func ofBill(t *testing.T, bill inventory.Bill) []scan.Message {
	t.Helper()
	stream := recording(t, "everything.jsonl")
	for i := range stream {
		if c := stream[i].Config; c != nil {
			c.Bill = &bill
		}
		if f := stream[i].Finding; f != nil {
			f.Component.InBill = []string{"pkg:cpan/" + f.Component.Ref, "a second #1"}
		}
	}
	return stream
}

// The VEX of a bill points into that file.
func TestVEXPointsIntoBill(t *testing.T) {
	const uuid = "3e671687-395b-41f5-a30f-a58921a69b79"
	stream := ofBill(t, inventory.Bill{Format: "CycloneDX 1.6", Serial: "urn:uuid:" + uuid, Revision: 2})
	out := print(t, "cyclonedx", Options{}, stream)
	document.CycloneDX(t, out)
	var doc struct {
		Components      []any
		Vulnerabilities []struct{ Affects []struct{ Ref string } }
	}
	if err := json.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Components) > 0 || len(doc.Vulnerabilities) == 0 {
		t.Fatalf("%d components, %d vulnerabilities", len(doc.Components), len(doc.Vulnerabilities))
	}
	var first []string
	for _, a := range doc.Vulnerabilities[0].Affects {
		first = append(first, a.Ref)
	}
	ref := ""
	for _, m := range stream {
		if m.Finding != nil {
			ref = m.Finding.Component.Ref
			break
		}
	}
	want := []string{"urn:cdx:" + uuid + "/2#a%20second%20%231", "urn:cdx:" + uuid + "/2#" + encode("pkg:cpan/"+ref, "")}
	if !slices.Equal(first, want) {
		t.Errorf("affects %q, want %q", first, want)
	}

	// Without a serial number nothing can point there.
	out = print(t, "cyclonedx", Options{}, ofBill(t, inventory.Bill{Format: "CycloneDX 1.6"}))
	checkCycloneDX(t, out)
}

func TestOpenVEXPointsIntoBill(t *testing.T) {
	for _, c := range []struct {
		bill inventory.Bill
		want string
	}{
		{inventory.Bill{Format: "CycloneDX 1.6", Serial: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"}, "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#a%20second%20%231"},
		{inventory.Bill{Format: "SPDX 2.3", Serial: "https://example.org/shop"}, "https://example.org/shop#pkg%3Acpan%2F"},
		{inventory.Bill{Format: "SPDX 2.3", Serial: "no address"}, "pkg:cpan/"},
	} {
		out := print(t, "openvex", Options{}, ofBill(t, c.bill))
		checkOpenVEX(t, out)
		var doc struct {
			Statements []struct {
				Products []struct {
					Subcomponents []struct {
						ID string `json:"@id"`
					}
				}
			}
		}
		if err := json.Unmarshal(out, &doc); err != nil {
			t.Fatal(err)
		}
		if id := doc.Statements[0].Products[0].Subcomponents[0].ID; len(id) < len(c.want) || id[:len(c.want)] != c.want {
			t.Errorf("%v: %q, want %q", c.bill, id, c.want)
		}
	}
}
