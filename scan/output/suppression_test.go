package output

import (
	"testing"

	"nacre/scan"
)

// SARIF tells what the source says from what is told to Nacre (3.35.2).
func TestSuppressionKind(t *testing.T) {
	for by, want := range map[string]string{"nacre.yaml": "external", "--exclude": "external", "cpanfile": "inSource"} {
		if got := suppressionKind(&scan.Ignored{By: by}); got != want {
			t.Errorf("by %s: %s, want %s", by, got, want)
		}
	}
}
