package bom_test

import (
	"testing"

	"nacre/bom"
)

func TestHas(t *testing.T) {
	c := bom.Component{Version: "1.2", References: []bom.Reference{{Type: "vcs", URL: "https://example.org/x.git"}}}
	for what, want := range map[string]bool{"version": true, "source": true, "distribution": false, "supplier": false, "odd": false} {
		if c.Has(what) != want {
			t.Errorf("%s: %v", what, !want)
		}
	}
}

func TestOtherBytes(t *testing.T) {
	of := func(h ...bom.Hash) *bom.Component { return &bom.Component{Hashes: h} }
	a := of(bom.Hash{"SHA-1", "aa"}, bom.Hash{"SHA-256", "bb"})
	for want, b := range map[string]*bom.Component{
		"":        of(bom.Hash{"SHA-256", "BB"}, bom.Hash{"SHA-512", "cc"}),
		"SHA-256": of(bom.Hash{"SHA-1", "aa"}, bom.Hash{"SHA-256", "cc"}),
	} {
		if got := bom.OtherBytes(a, b); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
