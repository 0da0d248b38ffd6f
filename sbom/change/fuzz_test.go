package change_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"nacre/bom/cyclonedx"
	"nacre/sbom/change"
)

// FuzzDiff holds that a bill is not different from itself, and that changes are
// the same ones the other way round.
func FuzzDiff(f *testing.F) {
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		f.Fatal(err)
	}
	redacted, err := os.ReadFile("testdata/redacted.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full, redacted)
	f.Add([]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","version":"1"},{"name":"a","version":"2"}]}`),
		[]byte(`{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"a","version":"1","purl":"pkg:cpan/a@1"}]}`))
	f.Fuzz(func(t *testing.T, x, y []byte) {
		a, err := cyclonedx.Read(x)
		if err != nil {
			return
		}
		if all := change.Diff(a, a); len(all) > 0 {
			t.Errorf("different from itself: %v", all[0])
		}
		b, err := cyclonedx.Read(y)
		if err != nil {
			return
		}
		var there, back []string
		line := func(c change.Change) string { // without names, which are those of the later bill
			c.Name = ""
			if c.Kind == change.Rewired {
				c.What = ""
			}
			return show(c)
		}
		for _, c := range change.Diff(a, b) {
			there = append(there, line(c))
		}
		for _, c := range change.Diff(b, a) {
			back = append(back, line(turn(c)))
		}
		slices.Sort(there)
		slices.Sort(back)
		if !slices.Equal(there, back) {
			t.Errorf("there\n%s\nback\n%s", strings.Join(there, "\n"), strings.Join(back, "\n"))
		}
	})
}

// FuzzRedact holds that whatever can be read can be redacted, and that the result
// can be read again. That nothing is left in it hold TestRedactLeavesNothing and
// TestRedactTwice: a document that breaks its schema may have names in the place
// of its words.
func FuzzRedact(f *testing.F) {
	full, err := os.ReadFile("testdata/full.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(full)
	f.Fuzz(func(t *testing.T, b []byte) {
		bill, err := cyclonedx.Read(b)
		if err != nil {
			return
		}
		if _, err := change.Redact(bill, everyRule()); err != nil {
			t.Fatal(err)
		}
		out, _, err := cyclonedx.Write(bill, bill.Format.Version)
		if err != nil {
			return
		}
		if _, err := cyclonedx.Read(out); err != nil {
			t.Errorf("cannot be read again: %v\n%s", err, out)
		}
	})
}
