package cvelist

import (
	"bytes"
	"testing"
	"testing/fstest"

	"nacre/advisory/cve"
)

// FuzzRead holds the look at the bytes to missing nothing: a record that
// package cve says is about CPAN is taken, by whatever letters it says so.
func FuzzRead(f *testing.F) {
	const start = `{"dataType":"CVE_RECORD","dataVersion":"5.1","cveMetadata":{"cveId":"CVE-2099-0001","state":"PUBLISHED"},"containers":{"cna":{"affected":[`
	for _, product := range []string{
		`{"collectionURL":"https://cpan.org/modules","packageName":"Foo-Bar"}`,
		`{"collectionURL":"HTTPS://WWW.C\u0050an.org/","packageName":"Foo-Bar"}`,
		`{"packageURL":"pkg:cpan/Foo-Bar"}`,
		`{"product":"Foo::Bar"}`,
		`{"product":"a kettle"}`,
	} {
		f.Add([]byte(start + product + `]}}}`))
	}
	f.Add([]byte(`{"cveMetadata":`))
	f.Fuzz(func(t *testing.T, data []byte) {
		const name = "cves/2099/0xxx/CVE-2099-0001.json"
		l, err := Read(t.Context(), fstest.MapFS{name: {Data: data}}, "cves", nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Batch.Items)+l.Others != 1 || len(l.Updated) != len(l.Batch.Items) || len(l.Review) > l.Others {
			t.Errorf("%d items, %d others, %d for review", len(l.Batch.Items), l.Others, len(l.Review))
		}
		item := cve.Read(bytes.NewReader(data), name)
		ours := item.Record != nil && len(item.Record.Affected) > 0
		if ours && len(l.Batch.Items) != 1 {
			t.Error("it is about CPAN and was passed over")
		}
	})
}

func TestHasCPAN(t *testing.T) {
	for text, want := range map[string]bool{
		"cpan": true, "xcpan": true, "xxcpan": true, "xxxcpanx": true, "CpAn": true, "...metaCPAN.org": true,
		"": false, "cpa": false, "pan": false, "cp an": false, "c0an": false, "CCPPAANN": false,
	} {
		if hasCPAN([]byte(text)) != want {
			t.Errorf("%q: want %t", text, want)
		}
	}
}
