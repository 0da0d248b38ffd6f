package page

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"strings"
	"testing"
)

// TestSearchData holds the rows that the script of the search reads.
func TestSearchData(t *testing.T) {
	data, err := searchData(world(t))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Schema            string
		Dists, Advisories []json.RawMessage
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	if file.Schema != "nacre.index.search/1" || len(file.Dists) != 6 || len(file.Advisories) != 10 {
		t.Errorf("%s with %d distributions and %d advisories", file.Schema, len(file.Dists), len(file.Advisories))
	}
	for _, want := range []string{
		`["Foo-Bar","Foo::Bar",1,0,"Foo::Bar::Unpack"]`,
		`["Acme-Demo","Acme::Demo",3,1,""]`,
		`["CVE-2099-0001",["CPANSA-Foo-Bar-2099-01"],[5],"2021-03-05","Foo::Bar before 1.3 for Perl follows links while unpacking","high","clean","1.3"]`,
		`["CVE-2099-0003",[],[0,4],"2014-05-02","Acme::Zip carries a library with a buffer overflow","medium","clean",""]`,
	} {
		if !strings.Contains(string(data), "\n"+want) {
			t.Errorf("no row %s in\n%s", want, data)
		}
	}
}

// TestSearchOfTenThousand holds how much a browser has to fetch.
func TestSearchOfTenThousand(t *testing.T) {
	data, err := searchData(long(10_000))
	if err != nil {
		t.Fatal(err)
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if packed.Len() > 2<<20 {
		t.Errorf("10,000 advisories are %d bytes, %d packed", len(data), packed.Len())
	}
	t.Logf("10,000 advisories are %d bytes, %d packed", len(data), packed.Len())
}
