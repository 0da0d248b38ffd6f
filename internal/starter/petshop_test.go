package starter

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"nacre/advisory"
	"nacre/internal/testkit"
	"nacre/inventory/all"
	"nacre/scan"
)

// handler is a function that takes a stream.
type handler func(scan.Message)

func (h handler) Handle(m scan.Message) error { h(m); return nil }

// The example project shows with this set what a scan can say: a flaw in what
// the project requires itself and in what that requires, one that no release
// mends, one whose mended release the project forbids.
func TestPetshop(t *testing.T) {
	d, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	shop := os.DirFS(filepath.Join(testkit.Root(t), "examples", "petshop"))
	inv, err := all.Read(ctx, shop, all.Options{Modules: d})
	if err != nil {
		t.Fatal(err)
	}
	type found struct {
		Direct bool
		IDs    int
		To     string
	}
	locked := map[string]found{}
	core := 0
	sum, err := scan.Run(ctx, inv, d, scan.RunOptions{Now: time.Date(2026, 8, 20, 0, 0, 0, 0, time.UTC), Project: shop}, handler(func(m scan.Message) {
		switch {
		case m.Finding != nil && m.Finding.Verdict == advisory.StatusAffected && m.Finding.Component.Kind == "exact":
			ref := m.Finding.Component.Ref
			f := locked[ref]
			f.Direct = m.Finding.Component.Direct
			f.IDs++
			locked[ref] = f
		case m.Finding != nil && m.Finding.Verdict == advisory.StatusAffected:
			core++
		case m.Fix != nil:
			if f, ok := locked[m.Fix.Component]; ok {
				f.To = m.Fix.To
				locked[m.Fix.Component] = f
			}
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]found{
		"Cpanel-JSON-XS@4.37":           {false, 3, "4.41"},
		"HTML-Parser@3.82":              {true, 1, "3.84"},
		"HTTP-Date@6.06":                {true, 1, "6.08"},
		"Plack@1.0051":                  {true, 1, ""}, // no release mends it
		"Plack-Middleware-Session@0.33": {true, 1, ""}, // the cpanfile forbids 0.35
		"Starman@0.4017":                {true, 1, "0.4018"},
		"libwww-perl@6.77":              {true, 1, "6.83"},
	}
	if diff := cmp.Diff(want, locked); diff != "" {
		t.Errorf("affected (- want, + found):\n%s", diff)
	}
	if core == 0 || sum.Status != 1 || sum.Partial {
		t.Errorf("%d flaws inside perl, summary %+v", core, sum)
	}
}
