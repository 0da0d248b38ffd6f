package sbom_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"nacre/inventory/all"
	"nacre/sbom"
)

// TestManyLinks makes the bill of a release that states very many addresses: it
// took minutes where each was looked for among all before it.
func TestManyLinks(t *testing.T) {
	const n = 100_000
	var urls strings.Builder
	for i := range n {
		fmt.Fprintf(&urls, `"https://example.org/%d",`, i)
	}
	fsys := fstest.MapFS{"META.json": {Data: []byte(`{"abstract":"bars","author":["A. U. Thor"],"dynamic_config":0,"generated_by":"hand",
"license":["perl_5"],"meta-spec":{"version":2},"name":"Foo-Bar","version":"1.20","release_status":"stable",
"resources":{"license":[` + urls.String() + `"https://example.org/0"]}}`)}}
	inv, err := all.Read(context.Background(), fsys, all.Options{})
	if err != nil {
		t.Fatal(err)
	}
	b, err := sbom.Make(context.Background(), sbom.Input{Inventory: &inv, FS: fsys, Name: "Foo-Bar"},
		sbom.Options{Created: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Reproducible: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(b.Root.References); got != n { // one of them is stated twice
		t.Errorf("%d links, not %d", got, n)
	}
}
