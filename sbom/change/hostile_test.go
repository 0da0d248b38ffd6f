package change_test

import (
	"fmt"
	"strings"
	"testing"

	"nacre/bom"
	"nacre/sbom/change"
)

// many makes n of something.
func many[T any](n int, one func(i int) T) []T {
	out := make([]T, n)
	for i := range out {
		out[i] = one(i)
	}
	return out
}

// of is a bill of one component.
func of(c bom.Component) *bom.Bill {
	c.Ref, c.Type, c.Name = "a", "library", "a"
	return &bom.Bill{Components: []*bom.Component{&c}}
}

// TestHostileLists compares, completes and joins components with very long lists:
// each of these took minutes where time grew with the square of a list.
func TestHostileLists(t *testing.T) {
	const n = 50_000
	unknown := func(letter string) []string {
		return many(n, func(i int) string { return fmt.Sprintf("%s%06d", letter, i) })
	}
	if all := change.Diff(of(bom.Component{Unknown: unknown("x")}), of(bom.Component{Unknown: unknown("y")})); len(all) != 2*n {
		t.Errorf("%d attributes became known or unknown, not %d", len(all), 2*n)
	}

	digests := many(n, func(i int) bom.Hash { return bom.Hash{Algorithm: fmt.Sprint("X", i), Value: "00"} })
	if all := change.Diff(of(bom.Component{Hashes: digests}), of(bom.Component{Hashes: digests})); len(all) > 0 {
		t.Errorf("the same digests differ: %v", all[0])
	}

	links := func(host string, hashes []bom.Hash) *bom.Bill {
		return of(bom.Component{References: many(n, func(i int) bom.Reference {
			return bom.Reference{Type: "website", URL: fmt.Sprintf("https://%s.example/%d", host, i), Hashes: hashes}
		})})
	}
	b := links("x", nil)
	change.Enrich(b, links("x", hashes("MD5", "00")), "", "")
	if last := b.Components[0].References[n-1]; len(last.Hashes) != 1 {
		t.Errorf("%s has no digest", last.URL)
	}

	first := of(bom.Component{PURL: "pkg:cpan/a@1", Parts: []*bom.Component{{Ref: "p", Name: "p"}}})
	second := of(bom.Component{PURL: "pkg:cpan/a@1", Parts: many(n, func(i int) *bom.Component {
		return &bom.Component{Ref: fmt.Sprint("p", i), Name: "p", Properties: []bom.Property{{Name: fmt.Sprint(i)}}}
	})})
	merged, _, err := change.Merge([]change.Input{{Bill: first}, {Bill: second}}, change.MergeOptions{Root: &bom.Component{Ref: "root", Name: "root"}})
	if err != nil {
		t.Fatal(err)
	}
	if got := len(merged.Components[0].Parts); got != n { // one of them is the first bill's
		t.Errorf("%d parts, not %d", got, n)
	}
}

// TestRemoveHostile holds that a bill in which many need many through what is
// removed is refused, and stays as it was.
func TestRemoveHostile(t *testing.T) {
	const n = 5000
	b := &bom.Bill{Root: &bom.Component{Ref: "root", Name: "root"}}
	for i := range n {
		top, gone := fmt.Sprint("top", i), fmt.Sprint("gone", i)
		b.Components = append(b.Components, &bom.Component{Ref: top, Name: top}, &bom.Component{Ref: gone, Name: gone})
		b.Edges = append(b.Edges, bom.Edge{From: top, To: "gone0"}, bom.Edge{From: gone, To: fmt.Sprint("gone", i+1)})
	}
	_, err := change.Redact(b, change.Rules{Components: []string{"gone*"}, Remove: true})
	if err == nil || !strings.Contains(err.Error(), "limit: relations") {
		t.Errorf("error %v", err)
	}
	if len(b.Components) != 2*n || len(b.Edges) != 2*n {
		t.Errorf("the bill was changed: %d components, %d edges", len(b.Components), len(b.Edges))
	}
}
