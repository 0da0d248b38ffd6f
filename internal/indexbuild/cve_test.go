package indexbuild

import (
	"testing"
	"testing/fstest"

	"nacre/advisory"
	"nacre/advisory/cve"
)

// TestCVERecords keeps what CNAs published, without blanks, and nothing of what
// is no record.
func TestCVERecords(t *testing.T) {
	b, err := cve.ReadFS(fstest.MapFS{
		"CVE-2099-0001.json": &fstest.MapFile{Data: []byte(`{
  "dataType": "CVE_RECORD", "dataVersion": "5.1",
  "cveMetadata": {"cveId": "CVE-2099-0001", "state": "PUBLISHED"},
  "containers": {"cna": {"providerMetadata": {"shortName": "CPANSec"}, "affected": [
    {"collectionURL": "https://cpan.org/modules", "packageName": "Foo-Bar", "versions": [
      {"version": "0", "lessThan": "1.3", "status": "affected", "versionType": "custom"}]}]}}}`)},
		"CVE-2099-0002.json": &fstest.MapFile{Data: []byte(`{"cveMetadata": `)},
	})
	if err != nil {
		t.Fatal(err)
	}
	got := cveRecords([]advisory.Batch{b})
	const want = `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2099-0001","state":"PUBLISHED"},` +
		`"containers":{"cna":{"providerMetadata":{"shortName":"CPANSec"},"affected":[{"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar",` +
		`"versions":[{"version":"0","lessThan":"1.3","status":"affected","versionType":"custom"}]}]}}}`
	if key := advisory.ID("CVE-2099-0001").Key(); len(got) != 1 || string(got[key]) != want {
		t.Errorf("%s", got)
	}
}
