package legacy

import (
	"encoding/json"
	"strings"
	"testing"

	"nacre/advisory"
	"nacre/index"
)

// TestFeedCVE has the CVE record as it was published, and null where nobody gave it.
func TestFeedCVE(t *testing.T) {
	for _, tt := range []struct{ record, want string }{
		{`{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2099-0001"}}`, `"cve":{"dataType":"CVE_RECORD","cveMetadata":{"cveId":"CVE-2099-0001"}}`},
		{"", `"cve":null`},
	} {
		a := &index.Advisory{Record: &advisory.Record{ID: "CVE-2099-0001"}}
		if tt.record != "" {
			a.CVE = []byte(tt.record)
		}
		of := &index.Affected{Affected: &advisory.Affected{Dist: "Foo-Bar"}, Advisory: a, Dist: &index.Dist{Name: "Foo-Bar"}}
		text, err := json.Marshal(entryOf(of, []string{"<1.3"}))
		if err != nil || !strings.Contains(string(text), tt.want) {
			t.Errorf("%s (%v), want %s", text, err, tt.want)
		}
	}
}
