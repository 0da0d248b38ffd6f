package api_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ossf/osv-schema/bindings/go/osvschema"
	osv "osv.dev/bindings/go/api"
	"osv.dev/bindings/go/osvdev"
)

// The client of OSV's own project reads what we answer, and refuses fields that it
// does not know.
func TestOSVClient(t *testing.T) {
	a, _ := world(t)
	server := httptest.NewServer(a)
	defer server.Close()
	client := osvdev.DefaultClient()
	client.BaseHostURL = server.URL
	client.HTTPClient = server.Client()
	ctx := t.Context()

	v, err := client.GetVulnByID(ctx, "cpansa-foo-bar-2099-01")
	if err != nil {
		t.Fatal(err)
	}
	if v.GetId() != "CVE-2099-0001" || len(v.GetAffected()) != 1 || v.GetAffected()[0].GetPackage().GetPurl() != "pkg:cpan/Foo-Bar" {
		t.Errorf("%v", v)
	}

	byName := &osv.Query{Param: &osv.Query_Version{Version: "1.0"}, Package: &osvschema.Package{Name: "Foo-Bar", Ecosystem: "CPAN"}}
	byPURL := &osv.Query{Package: &osvschema.Package{Purl: "pkg:cpan/Acme-Demo@1.9"}}
	list, err := client.Query(ctx, byName)
	if err != nil {
		t.Fatal(err)
	}
	const want = "CPANSA-Foo-Bar-2099-02 unknown,CPANSA-Foo-Bar-2099-03 contradictory,CVE-2099-0001"
	if got := said(list); got != want {
		t.Errorf("query: %s", got)
	}
	batch, err := client.QueryBatch(ctx, []*osv.Query{byName, byPURL, {Package: &osvschema.Package{Purl: "pkg:cpan/Own-Work@1"}}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range batch.GetResults() {
		got = append(got, said(r))
	}
	if got := strings.Join(got, ";"); got != want+";CVE-2099-0002;" {
		t.Errorf("batch: %s", got)
	}
	if _, err := client.Query(ctx, &osv.Query{Package: &osvschema.Package{Name: "left", Ecosystem: "npm"}}); err == nil {
		t.Error("another ecosystem is answered")
	}
}

func said(l *osv.VulnerabilityList) string {
	var all []string
	for _, v := range l.GetVulns() {
		all = append(all, strings.TrimSpace(v.GetId()+" "+v.GetDatabaseSpecific().GetFields()["nacre_verdict"].GetStringValue()))
	}
	return strings.Join(all, ",")
}
