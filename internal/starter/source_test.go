package starter

import (
	"bytes"
	"testing"
)

// FuzzReadSource: what is read and can be written is the same after it was read
// again.
func FuzzReadSource(f *testing.F) {
	record := `{"schema":"nacre.advisory/1","id":"CVE-2099-0001","affected":[{"dist":"Foo-Bar","statements":[{"source":0,"cpansa":{"affected":["<1.3"],"fixed":[">=1.3"]}}]}],"sources":[{"name":"CPANSA"}]}`
	f.Add([]byte(record+"\n"), []byte(`{"dist":"Foo-Bar","main":"Foo::Bar","modules":["Foo::Bar"],"releases":["1.2 2099-01-02","1.3 2099-02-03 5.99","1.4 -"]}`+"\n"))
	f.Add([]byte(`{"id":1}`), []byte(`{"dist":"Foo"}`))
	f.Add([]byte(""), []byte(`{"dist":"Foo-Bar","releases":["1.2"]}`))
	f.Add([]byte(""), []byte(`{"dist":"Foo-Bar","releases":["1.2  5.99"]}{"dist":"Foo-Bar"}`))
	f.Fuzz(func(t *testing.T, records, releases []byte) {
		set, err := ReadSource(bytes.NewReader(records), bytes.NewReader(releases))
		if err != nil {
			return
		}
		var a, b, c, d bytes.Buffer
		if err := WriteSource(&a, &b, set); err != nil {
			return
		}
		first, second := a.String(), b.String()
		set, err = ReadSource(&a, &b)
		if err != nil {
			t.Fatalf("%v in\n%s\n%s", err, first, second)
		}
		if err := WriteSource(&c, &d, set); err != nil {
			t.Fatal(err)
		}
		if c.String() != first || d.String() != second {
			t.Errorf("written again:\n%s%swas\n%s%s", c.String(), d.String(), first, second)
		}
	})
}
