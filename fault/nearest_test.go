package fault_test

import (
	"testing"

	"nacre/fault"
)

// TestNearest holds what is taken for a mistake of writing, and what is not.
func TestNearest(t *testing.T) {
	words := []string{"ignore", "fail-on", "max-db-age", "on"}
	for said, want := range map[string]string{
		"ignores": "ignore", "Ignore": "ignore", "ingore": "ignore", "fail_on": "fail-on", "max_db": "max-db-age", "max": "max-db-age",
		"in": "", "onn": "on", "quiet": "", "": "",
	} {
		if got := fault.Nearest(said, words); got != want {
			t.Errorf("%q: %q, not %q", said, got, want)
		}
	}
}
