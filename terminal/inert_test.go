package terminal

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestInert: what a terminal would obey is escaped, and the value stays.
func TestInert(t *testing.T) {
	for in, want := range map[string]string{
		"plain, caf\u00e9, 真珠": "\"plain, caf\u00e9, 真珠\"\n",
		"\u009b31m":            `"\u009b31m"` + "\n",
		"a\u202eb\u200b":       `"a\u202eb\u200b"` + "\n",
		"\x7f":                 `"\u007f"` + "\n",
		"\U000e0041":           `"\udb40\udc41"` + "\n",
	} {
		var b strings.Builder
		if err := json.NewEncoder(Inert(&b)).Encode(in); err != nil {
			t.Fatal(err)
		}
		if b.String() != want {
			t.Errorf("%q is written %s, want %s", in, b.String(), want)
		}
		var back string
		if err := json.Unmarshal([]byte(b.String()), &back); err != nil || back != in {
			t.Errorf("%q comes back as %q, %v", in, back, err)
		}
	}
}
