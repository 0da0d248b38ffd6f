package vex

import (
	"encoding/json"
	"path"
	"strings"
	"testing"

	gocsaf "github.com/gocsaf/csaf/v3/csaf"

	"nacre/internal/testkit"
	"nacre/report/csaf"
	"nacre/report/csaf/rules"
)

// checkCSAF holds a document to the schema, to the checks of gocsaf's model and to
// the mandatory tests.
func checkCSAF(t testing.TB, name string, b []byte) {
	t.Helper()
	var whole any
	if err := json.Unmarshal(b, &whole); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	if wrong, err := gocsaf.ValidateCSAF(whole); err != nil || len(wrong) > 0 {
		t.Errorf("%s: schema: %v %s", name, err, wrong)
	}
	var adv gocsaf.Advisory
	if err := json.Unmarshal(b, &adv); err != nil {
		t.Errorf("%s: gocsaf: %v", name, err)
	} else if err := adv.Validate(); err != nil {
		t.Errorf("%s: gocsaf: %v", name, err)
	}
	var doc csaf.Document
	if err := json.Unmarshal(b, &doc); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	for _, wrong := range rules.Broken(&doc) {
		t.Errorf("%s: 6.1.%s", name, wrong)
	}
	if got := csaf.FileName(doc.Meta.Tracking.ID); got != path.Base(name) {
		t.Errorf("%s: the id %s belongs to %s", name, doc.Meta.Tracking.ID, got)
	}
	if year := doc.Meta.Tracking.Initial[:4]; year != path.Base(path.Dir(name)) {
		t.Errorf("%s: first released in %s", name, year)
	}
}

// checkProvider holds the other files to their schemas.
func checkProvider(t testing.TB, all map[string][]byte) {
	t.Helper()
	for name, validate := range map[string]func(any) ([]string, error){
		"csaf/provider-metadata.json": gocsaf.ValidateProviderMetadata,
		folder + "feed.json":          gocsaf.ValidateROLIE,
	} {
		var doc any
		if err := json.Unmarshal(all[name], &doc); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if wrong, err := validate(doc); err != nil || len(wrong) > 0 {
			t.Errorf("%s: %v %s", name, err, wrong)
		}
	}
}

// isDocument says whether a file is a CSAF document.
func isDocument(name string) bool {
	return strings.HasPrefix(name, folder) && strings.HasSuffix(name, ".json") && name != folder+"feed.json"
}

func TestCSAFValid(t *testing.T) {
	all := files(t, model(t, input(t)))
	for name, b := range all {
		if isDocument(name) {
			checkCSAF(t, name, b)
		}
	}
	checkProvider(t, all)
}

func TestCSAFAgainstRealData(t *testing.T) {
	testkit.Data(t)
	all := files(t, model(t, realInput(t)))
	n, bytes := 0, 0
	for name, b := range all {
		if isDocument(name) {
			checkCSAF(t, name, b)
			n, bytes = n+1, bytes+len(b)
		}
	}
	checkProvider(t, all)
	t.Logf("%d documents, %d bytes", n, bytes)
}
