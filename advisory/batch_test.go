package advisory_test

import (
	"slices"
	"testing"

	"nacre/advisory"
)

// What a hostile source can make a reader say is bounded, and the bound shows.
func TestWarningsAreBounded(t *testing.T) {
	var it advisory.Item
	var b advisory.Batch
	for i := range 2000 {
		it.Warn("doubt %d", i)
		b.Warn("doubt %d", i)
	}
	if len(it.Warnings) != 501 || it.Warnings[499] != "doubt 499" || it.Warnings[500] != "further warnings are left out" {
		t.Errorf("%d warnings, the last %q", len(it.Warnings), it.Warnings[len(it.Warnings)-1])
	}
	if !slices.Equal(it.Warnings, b.Warnings) {
		t.Error("an item and a batch differ")
	}
}
